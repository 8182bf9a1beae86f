"""Reads .pdf files: ruled tables as tables, the text around them line by line."""

import logging
from io import BytesIO
from typing import Any

from extract.attachments.contents import AttachmentError, FileCell, Writer

_MOST_PAGES = 400
_FEWEST_CHARS = 20
"""Characters a file has at least when it is not a scan."""


def read_pdf(data: bytes, name: str, writer: Writer) -> tuple[str, ...]:
    """Read a .pdf and return flags: `list_in_image` when its pages are pictures.

    Raises AttachmentError for a damaged, encrypted or endless file.
    """
    import pdfplumber  # noqa: PLC0415 - only files of this kind need it

    # Broken fonts and colours are the rule in such files; they say nothing about the text.
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    chars = pictures = 0
    try:
        with pdfplumber.open(BytesIO(data)) as file:
            if len(file.pages) > _MOST_PAGES:
                message = f"{name} has more than {_MOST_PAGES} pages: it is left alone"
                raise AttachmentError("attachment_too_large", message)
            for number, page in enumerate(file.pages, 1):
                chars += len(page.chars)
                pictures += bool(page.images)
                _write_page(page, number, writer)
                page.close()
    except AttachmentError:
        raise
    except Exception as error:  # pdfminer raises whatever a broken file makes it stumble over
        message = f"{name} is damaged or encrypted: it cannot be read as .pdf"
        raise AttachmentError("attachment_damaged", message) from error
    return ("list_in_image",) if pictures and chars < _FEWEST_CHARS else ()


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
