"""Tells the format of a file by its bytes, and by its name where the bytes do not say."""

import re
import struct

from extract.attachments.bounds import open_archive
from extract.attachments.contents import refuse_encrypted

WORD_KINDS = frozenset(("doc", "rtf"))
"""Formats that a converter must turn into another before they can be read."""

_SUFFIX = re.compile(r"\.([A-Za-z0-9]{1,5})$")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta|div|p)\b", re.IGNORECASE)
_BEGINNING = 2048
"""Bytes among which a page's first tag stands."""
_PACKED = frozenset(("docx", "docm", "xlsx", "xlsm", "xlsb", "pptx", "ods", "odt", "odp", "ofd"))
"""Formats that are zips themselves."""
_TEXT_KINDS = frozenset(("txt", "csv"))
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = (("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"))
"""Streams of a compound file that tell what wrote it; .wps and .et have the same."""
_ENCRYPTED = "EncryptedPackage"
_SMALLEST_COMPOUND = 512
_STREAM_START = 116
_SECTOR_SHIFT = 30
_WORD_FLAGS = 10
_WORD_ENCRYPTED = 0x100
_SHEET_BEGIN = 0x809
_SHEET_PASSWORD = 0x2F
_FIRST_RECORDS = 400
"""Bytes of a workbook among which a password is told; they lie in one sector."""


def find_suffix(name: str) -> str:
    """Ending of a file's name in lower case, without its point; empty without one.

    >>> find_suffix("名单.DOCX")
    'docx'
    """
    suffix = _SUFFIX.search(name)
    return suffix[1].lower() if suffix else ""


def find_kind(data: bytes, name: str) -> str:
    """Format of a file, as the ending it should have; the empty string when nothing tells.

    Offices send pages as .doc and .xls, and new formats under old names. Raises AttachmentError
    for a broken or encrypted file.

    >>> find_kind(b"%PDF-1.4", "名单.doc"), find_kind(b"", "名单.DOCX")
    ('pdf', 'docx')
    >>> find_kind(b"<html><table>", "名单.xls")
    'html'
    """
    named = find_suffix(name)
    if data.startswith(b"%PDF"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_archive(data, name) or (named if named in _PACKED else "zip")
    if data.startswith(_OLE) and len(data) >= _SMALLEST_COMPOUND:
        return _kind_of_compound(data, name) or named
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if named not in _TEXT_KINDS and _HTML.search(data, 0, _BEGINNING):
        return "html"
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


def _kind_of_compound(data: bytes, name: str) -> str:
    """Kind of a compound file (MS-CFB) by the streams its directory names."""
    if _find_stream(data, _ENCRYPTED) >= 0:
        raise refuse_encrypted(name)
    for stream, kind in _STREAMS:
        entry = _find_stream(data, stream)
        if entry >= 0:
            if _ENCRYPTION[kind](data, _find_start(data, entry)):
                raise refuse_encrypted(name)
            return kind
    return ""


def _find_stream(data: bytes, stream: str) -> int:
    """Find the directory entry of a stream, -1 without one; names end with a zero."""
    name = f"{stream}\0".encode("utf-16-le")
    found = data.find(name)
    # An entry begins at a multiple of its size; the same letters elsewhere are text.
    while found >= 0 and found % 128:
        found = data.find(name, found + 1)
    return found


def _find_start(data: bytes, entry: int) -> int:
    """Byte at which a stream begins; sectors have 512 or 4096 bytes, the header is one."""
    shift = int.from_bytes(data[_SECTOR_SHIFT : _SECTOR_SHIFT + 2], "little")
    found = data[entry + _STREAM_START : entry + _STREAM_START + 4]
    return (int.from_bytes(found, "little") + 1) << min(shift, 12)


def _is_encrypted_word(data: bytes, start: int) -> bool:
    """Tell whether the header of a Word document (MS-DOC 2.5.2) has its bit for encryption."""
    flags = data[start + _WORD_FLAGS : start + _WORD_FLAGS + 2]
    return bool(int.from_bytes(flags, "little") & _WORD_ENCRYPTED)


def _is_encrypted_sheet(data: bytes, start: int) -> bool:
    """Tell whether a password is among the first records of a workbook (MS-XLS 2.4.117)."""
    end = min(start + _FIRST_RECORDS, len(data) - 4)
    record, is_first = start, True
    while record < end:
        kind, size = struct.unpack_from("<2H", data, record)
        if kind == _SHEET_PASSWORD:
            return True
        if is_first and kind != _SHEET_BEGIN:
            return False
        record, is_first = record + 4 + size, False
    return False


_ENCRYPTION = {"doc": _is_encrypted_word, "xls": _is_encrypted_sheet}
