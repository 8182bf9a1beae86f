"""Reads the files that announcements attach, whatever their format, into small trees."""

from collections.abc import Callable

from extract.attachments.bounds import MAX_FILE_BYTES, member_name, open_archive, read_member
from extract.attachments.contents import AttachmentError, AttachmentText, Writer
from extract.attachments.kinds import WORD_KINDS, find_kind, find_suffix
from extract.attachments.ofd import read_ofd
from extract.attachments.pdf import read_pdf
from extract.attachments.sheets import read_csv, read_workbook
from extract.attachments.web import read_html
from extract.attachments.word import read_docx
from normalize.encoding import decode_bytes

_DEEPEST_ARCHIVE = 2
_MOST_FILES = 200
_MOST_LINES = 100_000
_NAMES_TOLD = 5


def _read_text(data: bytes, name: str, writer: Writer) -> None:
    """Read the lines of a text file; those past the bound are a problem."""
    lines = decode_bytes(data, None).text.splitlines()
    for number, line in enumerate(lines[:_MOST_LINES], 1):
        writer.paragraph(line, str(number))
    if len(lines) > _MOST_LINES:
        message = f"{name} has {len(lines)} lines: lines 1 to {_MOST_LINES} were read"
        writer.problems.append(("attachment_cut", message))


_READERS: dict[str, Callable[[bytes, str, Writer], None]] = {
    "docx": read_docx,
    "docm": read_docx,
    "xlsx": read_workbook,
    "xlsm": read_workbook,
    "xls": read_workbook,
    "et": read_workbook,
    "ods": read_workbook,
    "csv": read_csv,
    "txt": _read_text,
    "html": read_html,
    "htm": read_html,
    "pdf": read_pdf,
    "ofd": read_ofd,
}


def read_attachment(data: bytes, name: str) -> list[AttachmentText]:
    """Read one file into its text and tables; an archive gives one for each file it holds.

    The bytes tell the format where they can, the name where they cannot. Nothing in a file is ever
    run, no entity is expanded, and sizes are bounded; what a bound cuts off is among the problems.
    Raises AttachmentError with a code for the table of issues: attachment_not_read (no reader for
    the format), attachment_needs_converter (Word's old formats, which `datasets.office` converts),
    attachment_damaged, attachment_encrypted, attachment_too_large.

    >>> data = "序号,名称\\n1,潼川镇".encode("gbk")
    >>> [text.root.text_content() for text in read_attachment(data, "名单.csv")]
    ['序号名称1潼川镇']
    """
    return _read(data, name, 0)


def _read(data: bytes, name: str, depth: int) -> list[AttachmentText]:
    if len(data) > MAX_FILE_BYTES:
        message = f"{name} has {len(data)} bytes, more than {MAX_FILE_BYTES}: it is left alone"
        raise AttachmentError("attachment_too_large", message)
    kind = find_kind(data, name)
    if kind == "zip":
        return _read_archive(data, name, depth)
    reader = _READERS.get(kind)
    if reader is None:
        raise _refuse(data, name, kind)
    writer = Writer()
    reader(data, name, writer)
    return [AttachmentText(name, writer.root, tuple(writer.flags), tuple(writer.problems))]


def _refuse(data: bytes, name: str, kind: str) -> AttachmentError:
    if kind in WORD_KINDS:
        if kind != find_kind(data, ""):
            message = f"{name} is damaged: it is no Word document"
            return AttachmentError("attachment_damaged", message)
        tools = "LibreOffice" if kind == "rtf" else "LibreOffice or antiword"
        message = f"{name} is of an old format of Word: install {tools} and run this again"
        return AttachmentError("attachment_needs_converter", message)
    message = f"{name} is of a format that is not read: save it as .docx, .xlsx or .pdf"
    return AttachmentError("attachment_not_read", message)


def _read_archive(data: bytes, name: str, depth: int) -> list[AttachmentText]:
    """Read the files of an archive that can be read; one that cannot costs only itself.

    What was left out becomes the problems of an empty text that bears the archive's own name.
    """
    if depth >= _DEEPEST_ARCHIVE:
        raise AttachmentError("attachment_too_large", f"{name} is an archive in archives")
    found: list[AttachmentText] = []
    problems: list[tuple[str, str]] = []
    unknown: list[str] = []
    with open_archive(data, name) as archive:
        members = [info for info in archive.infolist() if not info.is_dir()]
        for info in members[:_MOST_FILES]:
            inner = f"{name}/{member_name(info)}"
            if not find_suffix(inner) or "__MACOSX/" in inner:
                continue
            try:
                found += _read(read_member(archive, info, name), inner, depth + 1)
            except AttachmentError as error:
                if error.code == "attachment_not_read":
                    unknown.append(inner.rpartition("/")[2])
                else:
                    problems.append((error.code, str(error)))
    if unknown:
        problems.append(("attachment_not_read", _tell_unknown(name, unknown)))
    if len(members) > _MOST_FILES:
        message = f"{name} holds {len(members)} files: the first {_MOST_FILES} were read"
        problems.append(("attachment_cut", message))
    # Thousands of broken members are one broken archive.
    told = tuple(dict.fromkeys(problems))[:_MOST_FILES]
    return [*found, AttachmentText(name, Writer().root, (), told)] if told else found


def _tell_unknown(name: str, files: list[str]) -> str:
    names = ", ".join(files[:_NAMES_TOLD]) + ", ..." * (len(files) > _NAMES_TOLD)
    return f"{name} holds {len(files)} files of formats that are not read: {names}"
