"""Reviewed human fixes: a CSV file of cells with their old and new values, read and checked."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from pathlib import Path

from datasets.archive import CHINA
from datasets.rows import LARGEST
from datasets.schema import Column, Kind, column_names, get_table, load_tables
from normalize.errors import GongshiError
from normalize.nearest import nearest

FILE = "corrections.csv"
"""Name of the file in the data folder."""
HEADINGS = ("table", "row_id", "column", "old_value", "new_value", "reason", "reviewer", "date")
"""Columns of the file."""

RECORDED = frozenset(("runs", "fetches", "issues", "places"))
"""Tables of what happened, of remarks, and of what comes with the program."""
FIXED = frozenset(
    "announcement_id author_id batch_id comment_id doc_id end extractor fetch_id field first_seen "
    "is_current last_seen payload_digest source_id span_end span_start start text text_original "
    "thread_id version".split()
)
"""Columns that say where a row comes from and who wrote it, and the texts that spans point into."""

_DAYS = ("%Y-%m-%d", "%Y/%m/%d")  # spreadsheets write the second
_FLAGS = {"true": True, "false": False}
_WHAT: Mapping[Kind, str] = {
    "string": "text",
    "int": "whole number of 64 bits",
    "float": "number",
    "bool": "true or false",
    "time": "time like 2022-04-06T11:15",
}

Cell = str | int | float | bool | datetime | None


@dataclass(frozen=True, slots=True)
class Correction:
    """One cell that a person has put right."""

    line: int
    """Line of the file, the headings being line 1."""
    table: str
    """Table of the row. Example: `units`"""
    row_id: str
    """Key of the row. Example: `7d793037a0760186`"""
    column: str
    """Column of the cell. Example: `town`"""
    old: Cell
    """Value that extraction gives, typed as the column; None where it is missing."""
    new: Cell
    """Value to stand there instead."""
    reason: str
    """Why. Example: `misprint of the page, see the list of 2022-05-01`"""
    reviewer: str
    """Who says so. Example: `沈禾`"""
    day: date
    """When it was reviewed."""

    @property
    def cell(self) -> tuple[str, str, str]:
        """Table, row and column.

        >>> Correction(2, "units", "a", "town", "", "", "", "", date(2022, 4, 6)).cell
        ('units', 'a', 'town')
        """
        return self.table, self.row_id, self.column


def load_corrections(data: Path) -> tuple[Correction, ...]:
    """Read the corrections of a data folder, none where it holds no file of them.

    >>> load_corrections(Path("/nowhere"))
    ()
    """
    path = data / FILE
    return read_corrections(path) if path.exists() else ()


def read_corrections(path: Path) -> tuple[Correction, ...]:
    """Read a file of corrections, UTF-8 with or without a byte order mark; empty lines are passed.

    An empty value means that nothing stands there. Raises GongshiError that names the line for an
    unknown table or column, a value that is not of the column's type, a missing reason or
    reviewer, and a cell that is corrected twice.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / FILE
    ...     _ = path.write_text(",".join(HEADINGS) + "\\nunits,7d79,order,1,one,slip,沈禾,2022-4-6")
    ...     read_corrections(path)
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: '...corrections.csv', line 2: new_value 'one' is no whole ...
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file, strict=True)
            _check_headings(path, next(lines, []))
            found = [_read_line(path, lines.line_num, line) for line in lines if any(line)]
    except UnicodeDecodeError as error:
        raise GongshiError(f"'{path}' is no UTF-8: save it as CSV in UTF-8") from error
    except csv.Error as error:
        raise GongshiError(f"'{path}' is no CSV ({error}): mend its quotes") from error
    first: dict[tuple[str, str, str], int] = {}
    for correction in found:
        known = first.setdefault(correction.cell, correction.line)
        if known != correction.line:
            raise _error(path, correction.line, f"corrects the same cell as line {known}; keep one")
    return tuple(found)


def _check_headings(path: Path, headings: Sequence[str]) -> None:
    if tuple(name.strip() for name in headings) != HEADINGS:
        raise _error(path, 1, f"the headings must be {','.join(HEADINGS)}")


def _read_line(path: Path, number: int, line: Sequence[str]) -> Correction:
    if len(line) != len(HEADINGS):
        raise _error(path, number, f"has {len(line)} values, {len(HEADINGS)} are needed")
    cells = dict(zip(HEADINGS, line, strict=True))
    for name in ("table", "row_id", "column", "reason", "reviewer", "date"):
        cells[name] = cells[name].strip()
        if not cells[name]:
            raise _error(path, number, f"has no {name}; fill it in")
    column = _find_column(path, number, cells)
    values: dict[str, Cell] = {}
    for name in ("old_value", "new_value"):
        try:
            values[name] = read_cell(column, cells[name])
        except ValueError as error:
            raise _error(path, number, f"{name} {error}") from error
    return Correction(
        number,
        cells["table"],
        cells["row_id"],
        column.name,
        values["old_value"],
        values["new_value"],
        cells["reason"],
        cells["reviewer"],
        _read_day(path, number, cells["date"]),
    )


def _find_column(path: Path, number: int, cells: Mapping[str, str]) -> Column:
    table, name = cells["table"], cells["column"]
    known = [other for other in load_tables() if other not in RECORDED]
    if table not in known:
        problem = f"table '{table}' {_hint(table, known, 'has nothing to correct')}"
        raise _error(path, number, problem)
    if name == get_table(table).key or name in FIXED:
        raise _error(path, number, f"column '{name}' says what the row is and is never corrected")
    if name not in column_names(table):
        problem = f"table '{table}' has no column '{name}'"
        also = nearest(name, column_names(table))
        raise _error(path, number, f"{problem}; did you mean '{also}'?" if also else problem)
    return next(column for column in get_table(table).columns if column.name == name)


def _hint(word: str, known: Sequence[str], recorded: str) -> str:
    if word in load_tables():
        return f"{recorded}; correct one of {', '.join(known)}"
    also = nearest(word, known)
    return f"is not known; did you mean '{also}'?" if also else "is not known"


def read_cell(column: Column, text: str) -> Cell:
    """Read the value of a column from text; ValueError says what it is not.

    Empty text is a missing value, or the empty string where none may be missing. Times are ISO
    8601, at +08:00 unless they say otherwise.

    >>> from datasets.schema import own
    >>> read_cell(own("batch", "int?", "Number of the batch."), "3")
    3
    """
    if not text and (column.nullable or column.kind == "string"):
        return None if column.nullable else ""
    try:
        match column.kind:
            case "string":
                return text
            case "int" if abs(number := int(text)) <= LARGEST:
                return number
            case "float" if isfinite(value := float(text)):
                return value
            case "bool":
                return _FLAGS[text.strip().lower()]
            case "time":
                time = datetime.fromisoformat(text.strip())
                return time if time.tzinfo else time.replace(tzinfo=CHINA)
    except (ValueError, KeyError):
        pass
    raise ValueError(f"'{text}' is no {_WHAT[column.kind]}, as {column.name} needs")


def _read_day(path: Path, number: int, text: str) -> date:
    for form in _DAYS:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise _error(path, number, f"date '{text}' is no day; write it like 2022-04-06")


def _error(path: Path, line: int, problem: str) -> GongshiError:
    return GongshiError(f"'{path}', line {line}: {problem}")
