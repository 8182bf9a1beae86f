"""Exports of the tables to files that other programs read: CSV, Excel, DuckDB, packages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal

import duckdb
from xlsxwriter.exceptions import XlsxWriterException

from datasets.card import write_card
from datasets.export_csv import Advance, write_csv
from datasets.export_duckdb import write_duckdb
from datasets.export_package import PACKAGE, FileFormat, describe_file, write_package
from datasets.export_parquet import write_parquet
from datasets.export_rows import ExportRows, Selected, open_rows
from datasets.export_xlsx import open_workbook
from datasets.placing import place, refuse_inside, refuse_target, stage
from datasets.schema import load_tables
from datasets.store import LATEST, STAMP
from normalize.errors import GongshiError

Format = Literal["csv", "xlsx", "duckdb", "datapackage", "parquet"]

SUFFIXES: Mapping[str, Format] = {".csv": "csv", ".xlsx": "xlsx", ".duckdb": "duckdb"}
"""Suffix of a file -> format that is meant."""

FILES: Mapping[str, FileFormat] = {"csv": "csv", "datapackage": "csv", "parquet": "parquet"}
"""Format of an export -> format of its files, one per table."""

CARD = "README.md"

Show = Callable[[str, int, int], None]
"""Is told a table, how many of its rows are written, and how many there are."""


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """Where an export goes and how."""

    path: Path
    """File or folder to write."""
    format: Format
    """What to write. Example: `xlsx`"""
    force: bool = False
    """Whether an earlier export in that place is replaced."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote."""

    path: Path
    """The file or folder."""
    rows: Mapping[str, int]
    """Rows per table."""
    notes: tuple[str, ...] = ()
    """What did not fit the format, in sentences."""


def choose_format(path: Path) -> Format:
    """Tell the format from the suffix of a path; GongshiError when it tells none.

    >>> choose_format(Path("units.xlsx"))
    'xlsx'
    """
    if path.suffix.lower() not in SUFFIXES:
        raise GongshiError(
            f"the name of '{path}' tells no format: end it with {', '.join(SUFFIXES)}, or add "
            "--format"
        )
    return SUFFIXES[path.suffix.lower()]


def export(selected: Selected, options: ExportOptions, show: Show) -> Exported:
    """Write the selected rows to a file or folder, whole or not at all, in bounded memory.

    A CSV file is written when the path ends with .csv, and holds one table; else CSV and packages
    are folders. Raises GongshiError when the path is taken, or cannot be in this format.

    >>> from datasets.read import Snapshot
    >>> selected = Selected(Snapshot("s", Path("/d/snapshots/s"), {}), ("units", "documents"))
    >>> export(selected, ExportOptions(Path("a.csv"), "csv"), print)
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: a CSV file holds one table, not 2: name one table, or a folder
    """
    _check(selected, options)
    with stage(options.path) as work:
        made = work / "made"
        try:
            with open_rows(selected) as rows:
                counts = {name: rows.count(name) for name in selected.tables}
                notes = _write(rows, options, made, partial(_count, show, counts, {}))
        except (duckdb.Error, XlsxWriterException) as error:
            reason = str(error).strip().partition("\n")[0]
            raise GongshiError(
                f"the export failed ({reason}): is the disk full, or was snapshot "
                f"'{selected.snapshot.id}' removed meanwhile? Run it again"
            ) from error
        place(made, options.path)
    return Exported(options.path, counts, notes)


def _count(show: Show, counts: Mapping[str, int], done: dict[str, int], table: str) -> Advance:
    show(table, 0, counts[table])

    def advance(rows: int) -> None:
        done[table] = done.get(table, 0) + rows
        show(table, done[table], counts[table])

    return advance


def _check(selected: Selected, options: ExportOptions) -> None:
    path, data = options.path, selected.snapshot.path.parents[1]
    refuse_inside(path, [data / name for name in ("snapshots", "objects", LATEST, "warc")])
    if options.format == "xlsx" and path.suffix.lower() != ".xlsx":
        raise GongshiError(f"Excel opens only files that end with .xlsx: rename '{path}'")
    if _is_csv_file(options) and len(selected.tables) != 1:
        raise GongshiError(
            f"a CSV file holds one table, not {len(selected.tables)}: name one table, or a folder"
        )
    folder = options.format in FILES and not _is_csv_file(options)
    ours = {PACKAGE, CARD, *(f"{name}.{kind}" for name in load_tables() for kind in FILES.values())}
    refuse_target(path, folder=folder, ours=ours, force=options.force)


def _is_csv_file(options: ExportOptions) -> bool:
    return options.format == "csv" and options.path.suffix.lower() == ".csv"


def _write(
    rows: ExportRows, options: ExportOptions, made: Path, count: Callable[[str], Advance]
) -> tuple[str, ...]:
    if options.format == "duckdb":
        write_duckdb(made, rows, count)
    elif options.format == "xlsx":
        return _write_workbook(rows, made, count)
    elif _is_csv_file(options):
        name = rows.selected.tables[0]
        write_csv(made, rows.schema(name), rows.batches(name), count(name), mark=True)
    else:
        _write_folder(rows, options.format, made, count)
    return ()


def _write_workbook(
    rows: ExportRows, made: Path, count: Callable[[str], Advance]
) -> tuple[str, ...]:
    stamp = rows.selected.snapshot.id.partition("-")[0]
    scratch = made.with_name("scratch")
    scratch.mkdir()
    workbook = open_workbook(made, scratch, datetime.strptime(stamp, STAMP).replace(tzinfo=UTC))
    declared = [rows.declared(name) for name in rows.selected.tables]
    for table in declared:
        workbook.write(table, rows.batches(table.name), count(table.name))
    workbook.describe(declared)
    workbook.book.close()
    return tuple(workbook.notes)


def _write_folder(
    rows: ExportRows, format: Format, made: Path, count: Callable[[str], Advance]
) -> None:
    kind = FILES[format]
    made.mkdir()
    for name in rows.selected.tables:
        path, schema, batches = made / f"{name}.{kind}", rows.schema(name), rows.batches(name)
        if kind == "parquet":
            write_parquet(path, schema, batches, count(name))
        else:
            # A data package says that it is UTF-8; a bare CSV must tell Excel so itself.
            write_csv(path, schema, batches, count(name), mark=format == "csv")
    if format == "csv":
        return
    about = rows.selected.describe()
    names = rows.selected.tables
    resources = [describe_file(rows, name, made / f"{name}.{kind}") for name in names]
    (made / PACKAGE).write_text(write_package(about, resources, kind), encoding="utf-8")
    (made / CARD).write_text(write_card(about, resources, kind), encoding="utf-8")
