"""Writing rows as a workbook in which every text is a text."""

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from datasets.export_csv import Advance
from datasets.formulas import find_dangerous
from datasets.schema import Column, Table

MAX_ROWS = 1_048_576
"""Rows of a sheet in Excel, the header included."""

MAX_TEXT = 32_767
"""UTF-16 units of a cell in Excel."""

CUT = "…[cut]"
"""What a text ends with that was too long for a cell."""

EXACT = 10**15
"""Whole numbers below it are exact in Excel, which counts 15 digits."""

FIRST_YEAR = 1900
"""Before it Excel knows no dates."""

WIDEST = 60
NARROWEST = 6

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(slots=True)
class Workbook:
    """A workbook that is being written, one table after the other, in constant memory."""

    book: xlsxwriter.Workbook
    """The open workbook."""
    header: Format
    """Format of the header."""
    time: Format
    """Format of times."""
    text: Format
    """Format of texts that would be formulas once somebody edits the cell."""
    notes: list[str] = field(default_factory=list)
    """What did not fit, in sentences."""

    def write(self, table: Table, batches: Iterable[pa.RecordBatch], advance: Advance) -> None:
        """Write the rows of a table to a sheet, and to further numbered ones when it is full."""
        _Sheets(self, table).write(batches, advance)

    def describe(self, tables: Sequence[Table]) -> None:
        """Write a last sheet that says what the columns mean."""
        sheet = self.book.add_worksheet("columns")
        _start_sheet(sheet, ("table", "column", "type", "meaning", "example"), self.header)
        for number, width in enumerate((16, 20, 8, WIDEST, 40)):
            sheet.set_column(number, number, width)
        lines = [(table, column) for table in tables for column in table.columns]
        for row, (table, column) in enumerate(lines, 1):
            cells = (table.name, column.name, column.kind, column.meaning, column.example)
            for number, cell in enumerate(cells):
                sheet.write_string(row, number, cell, self.text)
        sheet.autofilter(0, 0, len(lines), 4)


def open_workbook(path: Path, scratch: Path, created: datetime) -> Workbook:
    """Open a new workbook; `scratch` is a folder for its temporary files. Close `book` at the end.

    The same rows and time `created` give the same file.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     open_workbook(Path(folder) / "a.xlsx", Path(folder), datetime(2022, 4, 6)).notes
    []
    """
    book = xlsxwriter.Workbook(str(path), {**OPTIONS, "tmpdir": str(scratch)})
    book.set_properties({"created": created})
    header = book.add_format({"bold": True, "bottom": 1})
    time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    text = book.add_format({"quote_prefix": True})
    return Workbook(book, header, time, text)


class _Sheets:
    """The sheets of one table."""

    def __init__(self, workbook: Workbook, table: Table) -> None:
        self._workbook = workbook
        self._table = table.name
        self._columns = table.columns
        self._sheets: list[Worksheet] = []
        self._row = MAX_ROWS
        self._cut = 0

    def write(self, batches: Iterable[pa.RecordBatch], advance: Advance) -> None:
        batches = iter(batches)
        first = list(islice(batches, 1))
        widths = _measure(self._columns, first)
        self._add_sheet(widths)
        for batch in chain(first, batches):
            for cells in _cells(batch):
                if self._row == MAX_ROWS:
                    self._finish_sheet()
                    self._add_sheet(widths)
                self._write_row(cells)
            advance(batch.num_rows)
        self._finish_sheet()
        self._tell()

    def _add_sheet(self, widths: Sequence[int]) -> None:
        number = len(self._sheets) + 1
        name = self._table if number == 1 else f"{self._table}_{number}"
        sheet = self._workbook.book.add_worksheet(name)
        _start_sheet(sheet, [column.name for column in self._columns], self._workbook.header)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        self._sheets.append(sheet)
        self._row = 1

    def _finish_sheet(self) -> None:
        self._sheets[-1].autofilter(0, 0, self._row - 1, len(self._columns) - 1)

    def _write_row(self, cells: Sequence[tuple[Any, bool]]) -> None:
        for column, (value, dangerous) in enumerate(cells):
            if value is not None:
                self._write_cell(column, value, dangerous)
        self._row += 1

    def _write_cell(self, column: int, value: Any, dangerous: bool) -> None:
        sheet, row = self._sheets[-1], self._row
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, datetime) and value.year >= FIRST_YEAR:
            sheet.write_datetime(row, column, value.replace(tzinfo=None), self._workbook.time)
        elif isinstance(value, int | float) and abs(value) < EXACT and math.isfinite(value):
            sheet.write_number(row, column, value)
        else:
            text = value.isoformat() if isinstance(value, datetime) else str(value)
            whole = fit_text(text)
            self._cut += whole != text
            sheet.write_string(row, column, whole, self._workbook.text if dangerous else None)

    def _tell(self) -> None:
        if len(self._sheets) > 1:
            self._workbook.notes.append(
                f"'{self._table}' has more rows than a sheet of Excel holds ({MAX_ROWS:,}): it "
                f"goes on in the sheets {self._table}_2 to {self._table}_{len(self._sheets)}"
            )
        if self._cut:
            self._workbook.notes.append(
                f"{self._cut} cells of '{self._table}' are longer than Excel's {MAX_TEXT:,} "
                f"characters and end with {CUT}: export csv to have them whole"
            )


def _start_sheet(sheet: Worksheet, names: Sequence[str], header: Format) -> None:
    sheet.freeze_panes(1, 0)
    for number, name in enumerate(names):
        sheet.write_string(0, number, name, header)


def _cells(batch: pa.RecordBatch) -> Iterator[tuple[tuple[Any, bool], ...]]:
    """Rows of (value, whether it is a text that looks like a formula)."""
    columns = []
    for array in batch.columns:
        values = array.to_pylist()
        if pa.types.is_string(array.type):
            columns.append(list(zip(values, find_dangerous(array).to_pylist(), strict=True)))
        else:
            columns.append([(value, False) for value in values])
    return zip(*columns, strict=True)


def fit_text(text: str) -> str:
    """Cut a text that is too long for a cell, and say so at its end.

    >>> fit_text("古城社区"), len(fit_text("古" * 40_000)), fit_text("古" * 40_000)[-6:]
    ('古城社区', 32767, '…[cut]')
    """
    if len(text) <= MAX_TEXT // 2:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * MAX_TEXT:
        return text
    return units[: 2 * (MAX_TEXT - len(CUT))].decode("utf-16-le", "ignore") + CUT


def _measure(columns: Sequence[Column], first: Sequence[pa.RecordBatch]) -> list[int]:
    """Widths that show the header with its filter button, and most values of the first rows."""
    widths = []
    for number, column in enumerate(columns):
        if column.kind == "time":
            widths.append(20)
            continue
        sample = [v for batch in first for v in batch.column(number).slice(0, 200).to_pylist()]
        longest = max((_width(value) for value in sample if value is not None), default=0)
        widths.append(max(NARROWEST, min(WIDEST, longest + 2), len(column.name) + 4))
    return widths


def _width(value: Any) -> int:
    text = str(value)[:WIDEST]
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
