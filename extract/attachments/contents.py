"""What was read from an attachment: small trees of paragraphs and tables, each with its place."""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from extract.page import parse_tree
from normalize.errors import GongshiError

PLACE = "data-place"
"""Attribute of a paragraph or row that holds its place in the file. Example: `名单!A12`"""

_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


class AttachmentError(GongshiError):
    """An attachment cannot be read; `code` is the short name for the table of issues."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Span:
    """How far one merged cell reaches."""

    rows: int = 1
    """Rows, its own included."""
    columns: int = 1
    """Columns, its own included."""


@dataclass(frozen=True, slots=True)
class FileCell:
    """One cell of a table in a file."""

    text: str
    """Text as printed."""
    span: Span = Span()
    """How far it reaches."""


@dataclass(frozen=True, slots=True)
class AttachmentText:
    """Text and tables of one file."""

    name: str
    """Name of the file, with that of the archive it lay in. Example: `附件.zip/名单.xlsx`"""
    root: HtmlElement
    """Tree of `p` and `table` elements, as a page's would be; places stand in `data-place`."""
    flags: tuple[str, ...] = ()
    """Remarks. Example: `("list_in_image",)` for a scanned file"""
    problems: tuple[tuple[str, str], ...] = ()
    """Code and sentence for each thing that was left out. Example: pages past the bound"""


class Writer:
    """Builds the tree of one file and notes what is to be said about it."""

    def __init__(self) -> None:
        document = parse_tree("<html><body></body></html>")
        self.root: HtmlElement = document
        self._body = document.find("body")
        self.flags: list[str] = []
        """Remarks on the file, as in `AttachmentText.flags`."""
        self.problems: list[tuple[str, str]] = []
        """What was left out, as in `AttachmentText.problems`."""

    def paragraph(self, text: str, place: str) -> None:
        """Add a paragraph; an empty one is left out.

        >>> writer = Writer()
        >>> writer.paragraph("潼川镇", "1")
        >>> writer.root.text_content()
        '潼川镇'
        """
        clean = clean_text(text)
        if clean:
            etree.SubElement(self._body, "p", {PLACE: place}).text = clean

    def table(self, rows: Sequence[tuple[str, Sequence[FileCell]]]) -> None:
        """Add a table of rows, each a place and its own cells.

        >>> writer = Writer()
        >>> writer.table([("A1", [FileCell("绵阳市", Span(rows=2)), FileCell("三台县")])])
        >>> writer.root.xpath("string(//td/@rowspan)")
        '2'
        """
        table = etree.SubElement(self._body, "table")
        for place, cells in rows:
            row = etree.SubElement(table, "tr", {PLACE: place})
            for cell in cells:
                spans = {"rowspan": cell.span.rows, "colspan": cell.span.columns}
                wide = {name: str(value) for name, value in spans.items() if value > 1}
                etree.SubElement(row, "td", wide).text = clean_text(cell.text)


def refuse_encrypted(name: str) -> AttachmentError:
    """Make the error for a file that needs a password.

    >>> str(refuse_encrypted("名单.xlsx"))
    '名单.xlsx is encrypted: remove the password and save it again'
    """
    message = f"{name} is encrypted: remove the password and save it again"
    return AttachmentError("attachment_encrypted", message)


def clean_text(text: str) -> str:
    """Take out what no tree can hold and the blanks around a text.

    >>> clean_text(" 三台县\\x07")
    '三台县'
    """
    return text.encode("utf-8", "replace").decode("utf-8").translate(_CONTROLS).strip()
