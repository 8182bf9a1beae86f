"""The rows of an export, read from the Parquet files in bounded memory."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import duckdb
import pyarrow as pa

from datasets.profiles import Given, Profile, list_given, mask_key, order_of, quote_name
from datasets.read import Snapshot
from datasets.schema import ZONE, Table, get_table, load_tables, make_arrow_schema

BATCH_ROWS = 10_000
"""Rows that are held at a time."""

MEMORY = "1GB"
"""What DuckDB may use for joins and sorts before it writes to a folder for temporary files."""

VIEWS_OF_BATCH = (
    """CREATE TEMP VIEW lists_of_batch AS
       SELECT doc_id FROM announcements WHERE batch_id = getvariable('batch')
       UNION SELECT doc_id FROM units WHERE batch_id = getvariable('batch')""",
    """CREATE TEMP VIEW threads_of_batch AS
       SELECT thread_id FROM threads WHERE doc_id IN (FROM lists_of_batch)
       UNION SELECT thread_id FROM mentions JOIN units USING (unit_id)
       WHERE batch_id = getvariable('batch')""",
    """CREATE TEMP VIEW pages_of_batch AS
       FROM lists_of_batch
       UNION SELECT doc_id FROM threads WHERE thread_id IN (FROM threads_of_batch)
       UNION SELECT doc_id FROM comments WHERE thread_id IN (FROM threads_of_batch)""",
    """CREATE TEMP VIEW runs_of_batch AS
       SELECT run_id FROM fetches WHERE doc_id IN (FROM pages_of_batch)""",
    """CREATE TEMP VIEW places_of_batch AS
       SELECT left(place_code, digits) FROM units, (VALUES (2), (4), (6), (9), (12)) t(digits)
       WHERE batch_id = getvariable('batch')""",
)
OF_BATCH = {
    "runs": "run_id IN (FROM runs_of_batch)",
    "announcements": "batch_id = getvariable('batch')",
    "units": "batch_id = getvariable('batch')",
    "threads": "thread_id IN (FROM threads_of_batch)",
    "comments": "thread_id IN (FROM threads_of_batch)",
    "mentions": "thread_id IN (FROM threads_of_batch)",
    "places": "code IN (FROM places_of_batch)",
}
"""Table -> condition of the rows that belong to one batch: its lists, their pages, the threads that
speak of its units, the divisions its units lie in."""

OF_PAGES = "doc_id IN (FROM pages_of_batch)"
"""The same for tables that only belong to pages."""


@dataclass(frozen=True, slots=True)
class Selected:
    """Which rows and columns are exported."""

    snapshot: Snapshot
    """Snapshot they are read from."""
    tables: tuple[str, ...]
    """Names of the tables, in the order of the codebook."""
    profile: Profile = "full"
    """All columns, or those that may be published."""
    batch_id: str | None = None
    """Batch the rows belong to; all when None."""
    key: bytes = field(default=b"", repr=False)
    """Key of usernames; the aliases of the public profile are made with it."""

    def describe(self) -> dict[str, str]:
        """Say in names and values what an export holds."""
        about = {"snapshot": self.snapshot.id, "profile": self.profile}
        return about if self.batch_id is None else {**about, "batch_id": self.batch_id}


class ExportRows:
    """Rows of the selected tables, as often as they are asked for."""

    def __init__(self, selected: Selected, connection: duckdb.DuckDBPyConnection) -> None:
        self.selected = selected
        self.connection = connection

    def given(self, table: str) -> tuple[Given, ...]:
        """The columns that are given of a table."""
        return list_given(table, self.selected.profile)

    def declared(self, table: str) -> Table:
        """The declaration of a table, with these columns only."""
        return replace(get_table(table), columns=tuple(g.column for g in self.given(table)))

    def schema(self, table: str) -> pa.Schema:
        """Arrow schema of these columns; the attributes of pandas tell the snapshot too."""
        return make_arrow_schema(self.declared(table), self.selected.describe())

    def relation(self, table: str) -> duckdb.DuckDBPyRelation:
        """The rows as a query that runs when it is read."""
        given = self.given(table)
        columns = ", ".join(f"{g.expression} AS {quote_name(g.column.name)}" for g in given)
        chosen = self._chosen(table).project(columns)
        # Sorted last, where names are those of the given values and not of the table.
        order = order_of(table, given)
        return chosen.order(order) if order else chosen

    def count(self, table: str) -> int:
        """Number of rows that `batches` gives."""
        return int(self._chosen(table).aggregate("count(*)").fetchall()[0][0])

    def batches(self, table: str, rows: int = BATCH_ROWS) -> Iterator[pa.RecordBatch]:
        """Give the rows in batches of at most `rows`, all of them of `schema`."""
        schema = self.schema(table)
        for batch in self.relation(table).to_arrow_reader(rows):
            arrays = [
                array.cast(field.type) for array, field in zip(batch.columns, schema, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    def _chosen(self, table: str) -> duckdb.DuckDBPyRelation:
        relation = self.connection.view(table)
        if self.selected.batch_id is None:
            return relation
        return relation.filter(OF_BATCH.get(table, OF_PAGES))


@contextmanager
def open_rows(selected: Selected) -> Iterator[ExportRows]:
    """Open the rows of an export; what is sorted beyond `MEMORY` lies in a temporary folder.

    Raises GongshiError for an unknown table.

    >>> from pathlib import Path
    >>> with open_rows(Selected(Snapshot("s", Path("/s"), {}), ("unit",))) as rows:
    ...     pass
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: table 'unit' is not known: use one of runs, fetches, ...
    """
    for name in selected.tables:
        get_table(name)
    with (
        tempfile.TemporaryDirectory(prefix="gongshi-export-") as folder,
        selected.snapshot.connect() as connection,
    ):
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute(f"SET temp_directory = '{folder}'")
        connection.execute(f"SET TimeZone = '{ZONE}'")
        connection.execute("SET VARIABLE batch = $1", [selected.batch_id])
        for view in VIEWS_OF_BATCH:
            connection.execute(view)
        for name, masked in mask_key(selected.key).items():
            connection.execute(f"SET VARIABLE {name} = $1::BLOB", [masked])
        yield ExportRows(selected, connection)


def sort_names(names: Sequence[str]) -> tuple[str, ...]:
    """Put names of tables in the order of the codebook, each once; all of them for none.

    Raises GongshiError for an unknown table.

    >>> sort_names(["mentions", "units", "units"])
    ('units', 'mentions')
    """
    for name in names:
        get_table(name)
    return tuple(name for name in load_tables() if not names or name in names)


def find_foreign_keys(rows: ExportRows, table: str) -> list[tuple[str, str, str]]:
    """Find the columns of a table that name rows of exported tables: (column, table, its key).

    Only what holds in the exported rows is a foreign key: each is looked up.

    >>> from pathlib import Path
    >>> selected = Selected(Snapshot("s", Path("/s"), {}), ("documents",))
    >>> find_foreign_keys(ExportRows(selected, duckdb.connect()), "documents")
    []
    """
    tables = load_tables()
    keys = {tables[name].key: name for name in rows.selected.tables if name != "places"}
    names = [given.column.name for given in rows.given(table)]
    pairs = [(name, keys[name]) for name in names if name in keys and keys[name] != table]
    return [(name, other, name) for name, other in pairs if _holds(rows, table, name, other)]


def _holds(rows: ExportRows, table: str, column: str, other: str) -> bool:
    named = rows.relation(table).filter(f"{quote_name(column)} IS NOT NULL").set_alias("a")
    known = rows.relation(other).set_alias("b")
    lost = named.join(known, f"a.{quote_name(column)} = b.{quote_name(column)}", how="anti")
    return not lost.limit(1).fetchall()
