"""Reads spreadsheets (.xlsx, .xls, .xlsb, .ods, .et) and .csv: rows with the cells they merge."""

import csv
from io import BytesIO, StringIO
from typing import Any

from extract.attachments.bounds import open_archive
from extract.attachments.contents import AttachmentError, FileCell, Span, Writer
from normalize.encoding import decode_bytes

_MOST_CELLS = 2_000_000
_MOST_ROWS = 100_000


def read_workbook(data: bytes, name: str, writer: Writer) -> None:
    """Read all sheets of a workbook; formulas give the values they were saved with.

    Raises AttachmentError for a damaged, encrypted or endless file.
    """
    if data.startswith(b"PK"):
        open_archive(data, name).close()
    from python_calamine import (  # noqa: PLC0415 - only files of this kind need it
        CalamineError,
        CalamineWorkbook,
    )

    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        for title in workbook.sheet_names:
            _write_sheet(workbook.get_sheet_by_name(title), title, writer)
    except (CalamineError, OSError, ValueError) as error:
        message = f"{name} is damaged or encrypted: it cannot be read as a workbook"
        raise AttachmentError("attachment_damaged", message) from error


def read_csv(data: bytes, name: str, writer: Writer) -> None:
    """Read a .csv in whatever encoding it has; rows past the bound are an AttachmentError."""
    text = decode_bytes(data, None).text.lstrip("\ufeff")
    separator = "\t" if text.count("\t") > text.count(",") else ","
    rows = []
    try:
        for number, row in enumerate(csv.reader(StringIO(text), delimiter=separator), 1):
            if number > _MOST_ROWS:
                message = f"{name} has more than {_MOST_ROWS} rows: it is left alone"
                raise AttachmentError("attachment_too_large", message)
            rows.append((str(number), [FileCell(cell) for cell in row]))
    except csv.Error as error:
        raise AttachmentError("attachment_damaged", f"{name} is no table: {error}") from error
    writer.table(rows)


def _write_sheet(sheet: Any, title: str, writer: Writer) -> None:
    if sheet.total_height * sheet.total_width > _MOST_CELLS:
        message = f"sheet {title!r} has more than {_MOST_CELLS} cells: it is left alone"
        raise AttachmentError("attachment_too_large", message)
    reaching, covered = _read_merged(sheet)
    rows = []
    for index, values in enumerate(sheet.to_python(skip_empty_area=False)):
        cells = [
            FileCell(_print(value), reaching.get((index, column), Span()))
            for column, value in enumerate(values)
            if (index, column) not in covered
        ]
        if any(cell.text for cell in cells):
            rows.append((f"{title}!{index + 1}", cells))
    writer.table(rows)


def _read_merged(sheet: Any) -> tuple[dict[tuple[int, int], Span], set[tuple[int, int]]]:
    """Merged cells of a sheet: how far each reaches, and the places that others cover."""
    reaching: dict[tuple[int, int], Span] = {}
    covered: set[tuple[int, int]] = set()
    for (top, left), (last_row, last_column) in sheet.merged_cell_ranges or ():
        rows = range(top, min(last_row, sheet.total_height) + 1)
        columns = range(left, min(last_column, sheet.total_width) + 1)
        if len(covered) + len(rows) * len(columns) > _MOST_CELLS:
            break
        reaching[top, left] = Span(len(rows), len(columns))
        covered |= {(row, column) for row in rows for column in columns} - {(top, left)}
    return reaching, covered


def _print(value: Any) -> str:
    """Print a value as the sheet shows it: whole numbers without a point, days in ISO."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
