"""Reads the files that announcements attach, whatever their format, into small trees."""

import re
from collections.abc import Callable

from extract.attachments.bounds import MAX_FILE_BYTES, member_name, open_archive, read_member
from extract.attachments.contents import AttachmentError, AttachmentText, Writer
from extract.attachments.ofd import read_ofd
from extract.attachments.pdf import read_pdf
from extract.attachments.sheets import read_csv, read_workbook
from extract.attachments.word import read_docx
from normalize.encoding import decode_bytes

_DEEPEST_ARCHIVE = 2
_MOST_FILES = 200
_SUFFIX = re.compile(r"\.([A-Za-z0-9]{1,5})$")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_READERS: dict[str, Callable[[bytes, str, Writer], tuple[str, ...] | None]] = {
    "docx": read_docx,
    "docm": read_docx,
    "xlsx": read_workbook,
    "xlsm": read_workbook,
    "xlsb": read_workbook,
    "xls": read_workbook,
    "et": read_workbook,
    "ods": read_workbook,
    "csv": read_csv,
    "pdf": read_pdf,
    "ofd": read_ofd,
}
_NEEDS_OFFICE = frozenset(("doc", "wps", "rtf", "dot"))


def read_attachment(data: bytes, name: str) -> list[AttachmentText]:
    """Read one file into its text and tables; an archive gives one for each file it holds.

    The bytes tell the format where they can, the name where they cannot. Nothing in a file is ever
    run, no entity is expanded, and sizes are bounded. Raises AttachmentError with a code for the
    table of issues: attachment_not_read (no reader for the format), attachment_damaged,
    attachment_encrypted, attachment_too_large.

    >>> data = "序号,名称\\n1,潼川镇".encode("gbk")
    >>> [text.root.text_content() for text in read_attachment(data, "名单.csv")]
    ['序号名称1潼川镇']
    """
    return _read(data, name, 0)


def find_kind(data: bytes, name: str) -> str:
    """Format of a file, as the ending it should have; the empty string when nothing tells.

    >>> find_kind(b"%PDF-1.4", "名单.doc"), find_kind(b"", "名单.DOCX")
    ('pdf', 'docx')
    """
    suffix = _SUFFIX.search(name)
    named = suffix[1].lower() if suffix else ""
    if data.startswith(b"%PDF"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_archive(data, name) or named or "zip"
    if data.startswith(_OLE):
        return named if named in {"xls", "et", "doc", "wps"} else "doc"
    return named


def _kind_of_archive(data: bytes, name: str) -> str:
    with open_archive(data, name) as archive:
        members = set(archive.namelist())
    for member, kind in (
        ("word/document.xml", "docx"),
        ("xl/workbook.xml", "xlsx"),
        ("xl/workbook.bin", "xlsb"),
        ("OFD.xml", "ofd"),
    ):
        if member in members:
            return kind
    return ""


def _read(data: bytes, name: str, depth: int) -> list[AttachmentText]:
    if len(data) > MAX_FILE_BYTES:
        message = f"{name} has {len(data)} bytes, more than {MAX_FILE_BYTES}: it is left alone"
        raise AttachmentError("attachment_too_large", message)
    kind = find_kind(data, name)
    if kind == "zip":
        return _read_archive(data, name, depth)
    writer = Writer()
    if kind == "txt":
        for number, line in enumerate(decode_bytes(data, None).text.splitlines(), 1):
            writer.paragraph(line, str(number))
        return [AttachmentText(name, writer.root)]
    reader = _READERS.get(kind)
    if reader is None:
        needs = ": save it as .docx or .pdf and put it beside the page" * (kind in _NEEDS_OFFICE)
        message = f"{name} is of a format that is not read{needs}"
        raise AttachmentError("attachment_not_read", message)
    flags = reader(data, name, writer) or ()
    return [AttachmentText(name, writer.root, flags)]


def _read_archive(data: bytes, name: str, depth: int) -> list[AttachmentText]:
    """Read the files of an archive that can be read; one that cannot costs only itself."""
    if depth >= _DEEPEST_ARCHIVE:
        raise AttachmentError("attachment_too_large", f"{name} is an archive in archives")
    found: list[AttachmentText] = []
    with open_archive(data, name) as archive:
        members = [info for info in archive.infolist() if not info.is_dir()][:_MOST_FILES]
        for info in members:
            inner = f"{name}/{member_name(info)}"
            if _SUFFIX.search(inner) is None or "__MACOSX/" in inner:
                continue
            try:
                found += _read(read_member(archive, info, name), inner, depth + 1)
            except AttachmentError as error:
                if error.code == "attachment_encrypted":
                    raise
    return found
