"""Reads spreadsheets (.xlsx, .xls, .ods, .et) and .csv: rows with the cells they merge."""

import csv
import re
from io import BytesIO, StringIO
from typing import Any

from extract.attachments.bounds import open_archive, read_member
from extract.attachments.contents import AttachmentError, FileCell, Span, Writer
from normalize.encoding import decode_bytes

_MOST_CELLS = 2_000_000
"""Cells of one sheet that hold something or are covered by merged ones."""
_MOST_ROWS = 100_000
"""Rows of one sheet that hold something."""
_LARGEST_SHEET = 1 << 24
"""Cells of the rectangle around a sheet, which calamine keeps in memory; .xls has no more."""
_SURELY_NARROW = 16
"""Columns that no number of rows makes too many."""
_COLUMN = re.compile(rb"""\sr\s*=\s*["']([^"'\d]{0,12})""")
_ROW = re.compile(rb"""\sr\s*=\s*["'][A-Za-z]{0,3}(\d{1,18})""")


def read_workbook(data: bytes, name: str, writer: Writer) -> None:
    """Read all sheets of a workbook; formulas give the values they were saved with.

    Raises AttachmentError for a damaged, encrypted or endless file.
    """
    if data.startswith(b"PK"):
        _refuse_wide(data, name)
    from python_calamine import (  # noqa: PLC0415 - only files of this kind need it
        CalamineError,
        CalamineWorkbook,
    )

    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        for title in workbook.sheet_names:
            _write_sheet(workbook.get_sheet_by_name(title), title, name, writer)
    except (CalamineError, OSError, ValueError) as error:
        message = f"{name} is damaged: it cannot be read as a workbook"
        raise AttachmentError("attachment_damaged", message) from error


def _refuse_wide(data: bytes, name: str) -> None:
    """Raise AttachmentError for a sheet whose cells stand too far apart.

    Two cells at opposite corners make calamine ask for hundreds of gigabytes, which ends the
    process; so their addresses are looked at before.
    """
    with open_archive(data, name) as archive:
        for member in archive.infolist():
            # UTF-16 says the same with zeros in between.
            xml = read_member(archive, member, name).replace(b"\0", b"")
            if b"sheetData" in xml and _measure(xml, name) > _LARGEST_SHEET:
                message = f"{name} has cells too far apart: it is left alone"
                raise AttachmentError("attachment_too_large", message)


def _measure(xml: bytes, name: str) -> int:
    """Cells of the rectangle from the first cell of a sheet to its farthest row and column."""
    columns = set(_COLUMN.findall(xml))
    if any(column and not (column.isalpha() and len(column) <= 3) for column in columns):
        raise AttachmentError("attachment_damaged", f"{name} has cells without an address")
    width = max(map(_column_number, columns), default=0)
    if width <= _SURELY_NARROW:
        return 0
    return width * max(map(int, set(_ROW.findall(xml))), default=0)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number


def read_csv(data: bytes, name: str, writer: Writer) -> None:
    """Read a .csv in whatever encoding it has; rows past the bound are a problem."""
    text = decode_bytes(data, None).text.lstrip("\ufeff")
    separator = "\t" if text.count("\t") > text.count(",") else ","
    rows = []
    try:
        for number, row in enumerate(csv.reader(StringIO(text), delimiter=separator), 1):
            if number > _MOST_ROWS:
                message = f"{name} is too long: rows 1 to {_MOST_ROWS} were read"
                writer.problems.append(("attachment_cut", message))
                break
            rows.append((str(number), [FileCell(cell) for cell in row]))
    except csv.Error as error:
        raise AttachmentError("attachment_damaged", f"{name} is no table: {error}") from error
    writer.table(rows)


def _write_sheet(sheet: Any, title: str, name: str, writer: Writer) -> None:
    """Write the rows of a sheet that hold something; those past the bounds are a problem."""
    reaching, covered = _read_merged(sheet)
    rows: list[tuple[str, list[FileCell]]] = []
    held = 0
    for index, values in enumerate(sheet.iter_rows()):
        if values.count("") == len(values):
            continue
        cells = [
            FileCell(_print(value), reaching.get((index, column), Span()))
            for column, value in enumerate(_drop_empty_end(values))
            if (index, column) not in covered
        ]
        if not any(cell.text for cell in cells):
            continue
        held += len(cells)
        if len(rows) == _MOST_ROWS or held > _MOST_CELLS:
            message = f"{name}, sheet {title!r}, is too long: it was read up to row {index}"
            writer.problems.append(("attachment_cut", message))
            break
        rows.append((f"{title}!{index + 1}", cells))
    writer.table(rows)


def _drop_empty_end(values: list[Any]) -> list[Any]:
    end = len(values)
    while end and values[end - 1] == "":
        end -= 1
    return values[:end]


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
