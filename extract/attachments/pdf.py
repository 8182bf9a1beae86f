"""Reads .pdf files: ruled tables as tables, the text around them line by line."""

import logging
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from extract.attachments.contents import AttachmentError, FileCell, Writer, refuse_encrypted

_MOST_PAGES = 200
"""Pages that are read; a dense one takes a sixth of a second."""
_MOST_CHARS = 20_000
"""Characters of one page that is read: ten times a full one."""
_MOST_STROKES = 5_000
"""Strokes of one page that is read: tables are found by comparing them."""
_FEWEST_CHARS = 20
"""Characters a file has at least when it is not a scan."""


def read_pdf(data: bytes, name: str, writer: Writer) -> None:
    """Read a .pdf, flagged `list_in_image` when its pages are pictures.

    Pages past the bound, and pages too full to be lists, are told as problems. Raises
    AttachmentError for a damaged or encrypted file.
    """
    import pdfplumber  # noqa: PLC0415 - only files of this kind need it

    # Broken fonts and colours are the rule in such files; they say nothing about the text.
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    try:
        with pdfplumber.open(BytesIO(data)) as file:
            _write_pages(file.pages, name, writer)
    except Exception as error:  # pdfminer raises whatever a broken file makes it stumble over
        if _asks_password(error):
            raise refuse_encrypted(name) from error
        message = f"{name} is damaged: it cannot be read as .pdf"
        raise AttachmentError("attachment_damaged", message) from error


def _write_pages(pages: Sequence[Any], name: str, writer: Writer) -> None:
    chars = pictures = 0
    full = []
    for number, page in enumerate(pages[:_MOST_PAGES], 1):
        chars += len(page.chars)
        pictures += bool(page.images)
        if len(page.chars) > _MOST_CHARS or len(page.edges) > _MOST_STROKES:
            full.append(str(number))
        else:
            _write_page(page, number, writer)
        page.close()
    if len(pages) > _MOST_PAGES:
        message = f"{name} has {len(pages)} pages: pages 1 to {_MOST_PAGES} were read"
        writer.problems.append(("attachment_cut", message))
    if full:
        message = f"{name} has pages too full to be lists: {', '.join(full)} were left out"
        writer.problems.append(("attachment_cut", message))
    if pictures and chars < _FEWEST_CHARS:
        writer.flags.append("list_in_image")


def _asks_password(error: Exception) -> bool:
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect  # noqa: PLC0415

    # pdfplumber wraps what pdfminer raises.
    causes = (error, *error.args)
    return any(isinstance(cause, (PDFEncryptionError, PDFPasswordIncorrect)) for cause in causes)


def _write_page(page: Any, number: int, writer: Writer) -> None:
    """Write a page from top to bottom: lines above a table, the table, what follows."""
    tables = sorted(page.find_tables(), key=lambda table: table.bbox[1])
    lines = page.extract_text_lines(strip=True, return_chars=False)
    outside = [line for line in lines if not any(_inside(line, table.bbox) for table in tables)]
    written = 0
    for order, table in enumerate(tables, 1):
        while written < len(outside) and outside[written]["top"] < table.bbox[1]:
            writer.paragraph(outside[written]["text"], f"page{number}!{written + 1}")
            written += 1
        writer.table(
            [
                (f"page{number}!table{order}!{row}", [FileCell(_join(cell)) for cell in cells])
                for row, cells in enumerate(table.extract(), 1)
            ]
        )
    for place, line in enumerate(outside[written:], written + 1):
        writer.paragraph(line["text"], f"page{number}!{place}")


def _inside(line: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    middle = (line["top"] + line["bottom"]) / 2
    return bool(box[1] <= middle <= box[3] and line["x0"] < box[2] and line["x1"] > box[0])


def _join(cell: str | None) -> str:
    # A cell breaks its lines where it is narrow, between any two Chinese characters.
    return (cell or "").replace("\n", "")
