"""Comparisons as files: Parquet and xlsx."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from normalize.errors import GongshiError

FileFormat = Literal["parquet", "xlsx"]

MAX_SHEET = 1_048_576
"""Rows of a sheet, the header included."""

_MAX_CELL = 32_767
_BATCH = 50_000
_WIDTHS = {"name_a": 40, "name_b": 40, "text_changes": 60}

Row = Mapping[str, Any]


def write_file(rows: Iterable[Row], columns: Mapping[str, type], path: Path) -> int:
    """Write flat rows to a file whose name ends in .parquet or .xlsx, and give their number.

    `columns` are the names in order, each with str or float. The file stands there whole or not
    at all. Raises GongshiError for another ending, or for more rows than a sheet holds.

    >>> write_file([], {}, Path("changes.csv"))
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: 'changes.csv' is no .parquet or .xlsx file: name one
    """
    writers = {".parquet": _write_parquet, ".xlsx": _write_xlsx}
    if path.suffix not in writers:
        raise GongshiError(f"'{path}' is no .parquet or .xlsx file: name one")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        number = writers[path.suffix](rows, columns, part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return number


def _write_parquet(rows: Iterable[Row], columns: Mapping[str, type], path: Path) -> int:
    kinds = {str: pa.string(), float: pa.float64()}
    schema = pa.schema([(name, kinds[kind]) for name, kind in columns.items()])
    number = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for some in _batch(rows):
            writer.write_table(pa.Table.from_pylist(some, schema))
            number += len(some)
    return number


def _batch(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while some := list(islice(left, _BATCH)):
        yield some


def _write_xlsx(rows: Iterable[Row], columns: Mapping[str, type], path: Path) -> int:
    """Every text is written as a text, never as a formula, a link or a number."""
    number = 0
    options = {"constant_memory": True, "in_memory": False}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("changes")
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        for column, name in enumerate(columns):
            sheet.set_column(column, column, _WIDTHS.get(name, 16))
        sheet.freeze_panes(1, 0)
        heads: Row = {name: name for name in columns}
        for line, row in enumerate(chain([heads], rows)):
            if line >= MAX_SHEET:
                raise GongshiError(f"a sheet holds {MAX_SHEET - 1} rows: write .parquet instead")
            for column, name in enumerate(columns):
                value = row[name]
                if isinstance(value, float):
                    sheet.write_number(line, column, value)
                elif value is not None:
                    sheet.write_string(line, column, str(value)[:_MAX_CELL], text if line else bold)
            number = line
        sheet.autofilter(0, 0, number, max(0, len(columns) - 1))
    return number
