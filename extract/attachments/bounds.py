"""Bounds for archives: how much a file from elsewhere may unpack to."""

from io import BytesIO
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from lxml import etree

from extract.attachments.contents import AttachmentError, refuse_encrypted

MAX_FILE_BYTES = 64 * 1024 * 1024
"""Bytes of an attachment that is read at all."""
MAX_UNPACKED_BYTES = 256 * 1024 * 1024
"""Bytes all members of one archive may unpack to."""
MAX_MEMBERS = 5000
"""Members of one archive."""
_UTF8_FLAG = 0x800


def open_archive(data: bytes, name: str) -> ZipFile:
    """Open a zip whose members stay within bounds; nothing is unpacked yet.

    Raises AttachmentError for what is no zip, encrypted or too large.

    >>> open_archive(b"PK", "a.zip")
    Traceback (most recent call last):
    extract.attachments.contents.AttachmentError: a.zip is damaged: it cannot be unpacked
    """
    try:
        archive = ZipFile(BytesIO(data))
    except (BadZipFile, LargeZipFile, ValueError, OSError, NotImplementedError) as error:
        message = f"{name} is damaged: it cannot be unpacked"
        raise AttachmentError("attachment_damaged", message) from error
    members = archive.infolist()
    size = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or size > MAX_UNPACKED_BYTES:
        message = f"{name} would unpack to {len(members)} files of {size} bytes: it is left alone"
        raise AttachmentError("attachment_too_large", message)
    return archive


def read_member(archive: ZipFile, member: ZipInfo | str, name: str) -> bytes:
    """Unpack one member, never more of it than its size in the list of members.

    Raises AttachmentError when it is missing, encrypted or damaged.
    """
    info = member if isinstance(member, ZipInfo) else _find(archive, member, name)
    if info.flag_bits & 1:
        raise refuse_encrypted(name)
    try:
        with archive.open(info) as file:
            return file.read(min(info.file_size, MAX_UNPACKED_BYTES))
    except Exception as error:  # zipfile and zlib raise a dozen kinds
        message = f"{name} is damaged: {info.filename!r} cannot be unpacked"
        raise AttachmentError("attachment_damaged", message) from error


def member_name(info: ZipInfo) -> str:
    """Name of a member; archives made on Chinese Windows write it in GBK without saying so.

    >>> info = ZipInfo("名单.txt".encode("gbk").decode("cp437"))
    >>> member_name(info)
    '名单.txt'
    """
    if info.flag_bits & _UTF8_FLAG:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def parse_xml(data: bytes, name: str) -> etree._Element:
    """Parse XML without entities, network or huge text; AttachmentError when it is broken.

    >>> parse_xml(b"<a/>", "a.xml").tag
    'a'
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise AttachmentError("attachment_damaged", f"{name} holds broken XML") from error


def _find(archive: ZipFile, member: str, name: str) -> ZipInfo:
    try:
        return archive.getinfo(member)
    except KeyError as error:
        message = f"{name} is damaged: it has no {member!r}"
        raise AttachmentError("attachment_damaged", message) from error
