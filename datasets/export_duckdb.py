"""Writing rows as a DuckDB file whose tables and columns explain themselves."""

from collections.abc import Callable, Mapping
from pathlib import Path

from datasets.export_csv import Advance
from datasets.export_rows import ExportRows
from datasets.profiles import quote_name, quote_text
from datasets.schema import Column, Kind, Table

DUCKDB_TYPES: Mapping[Kind, str] = {
    "string": "VARCHAR",
    "int": "BIGINT",
    "float": "DOUBLE",
    "bool": "BOOLEAN",
    "time": "TIMESTAMPTZ",
}

STORAGE = "v1.0.0"
"""The oldest storage format that is called stable: every DuckDB since reads it."""


def write_duckdb(path: Path, rows: ExportRows, count: Callable[[str], Advance]) -> None:
    """Write the selected tables to a new DuckDB file, and a table `about` that names the snapshot.

    Rows go from file to file, never through Python, so progress is told per table.

    >>> DUCKDB_TYPES["time"]
    'TIMESTAMPTZ'
    """
    connection = rows.connection
    connection.execute(f"ATTACH {quote_text(str(path))} AS export (STORAGE_VERSION '{STORAGE}')")
    about = list(rows.selected.describe().items())
    connection.execute("CREATE TABLE export.about (name VARCHAR NOT NULL, value VARCHAR NOT NULL)")
    connection.executemany("INSERT INTO export.about VALUES ($1, $2)", about)
    for name in rows.selected.tables:
        advance = count(name)
        _create(rows, rows.declared(name))
        rows.relation(name).insert_into(f"export.{name}")
        advance(rows.count(name))
    connection.execute("DETACH export")


def _create(rows: ExportRows, table: Table) -> None:
    declared = ", ".join(
        f"{quote_name(column.name)} {DUCKDB_TYPES[column.kind]}"
        + ("" if column.nullable else " NOT NULL")
        for column in table.columns
    )
    execute = rows.connection.execute
    execute(f"CREATE TABLE export.{table.name} ({declared})")
    meaning = f"{table.meaning} Key: {table.key}."
    execute(f"COMMENT ON TABLE export.{table.name} IS {quote_text(meaning)}")
    for column in table.columns:
        words = quote_text(_explain(column))
        execute(f"COMMENT ON COLUMN export.{table.name}.{quote_name(column.name)} IS {words}")


def _explain(column: Column) -> str:
    return f"{column.meaning} Example: {column.example}" if column.example else column.meaning
