"""Finds single rows of a snapshot by their ids, whole or begun, and tells what was nearest."""

import pyarrow.parquet as pq
from duckdb import DuckDBPyConnection

from datasets.read import Snapshot
from datasets.schema import Row, get_table, load_tables
from normalize.errors import GongshiError

MOST_TOLD = 5
"""Ids that a message names at most."""


def find_row(snapshot: Snapshot, spec: str) -> tuple[str, str]:
    """Find the table and whole id of a row from its id, the beginning of one, or `TABLE/ID`.

    Raises GongshiError for an unknown table, a beginning that several rows share, and an id that
    no row has, with the nearest ids.

    >>> from pathlib import Path
    >>> find_row(Snapshot("s", Path("/data/snapshots/s"), {}), "unit/7d79")
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: table 'unit' is not known: use one of runs, fetches, ...
    """
    named, slash, wanted = spec.rpartition("/")
    tables = [get_table(named).name] if slash else list(load_tables())
    wanted = wanted.strip().lower()
    if not wanted:
        raise GongshiError(f"'{spec}' names no row: give the id of one, as its key column has it")
    every = " UNION ALL ".join(
        f"SELECT '{name}' AS name, {get_table(name).key} AS id FROM {name}"  # noqa: S608 - ours
        for name in tables
    )
    with snapshot.connect() as connection:
        connection.execute(f"CREATE VIEW ids AS {every}")
        found = connection.execute(
            "SELECT name, id FROM ids WHERE starts_with(id, ?) ORDER BY id <> ?, name, id LIMIT ?",
            [wanted, wanted, MOST_TOLD + 1],
        ).fetchall()
        whole = [pair for pair in found if pair[1] == wanted]
        if len(whole or found) == 1:
            table, row_id = (whole or found)[0]
            return str(table), str(row_id)
        if found:
            told = ", ".join(f"{name}/{row_id}" for name, row_id in found[:MOST_TOLD])
            raise GongshiError(f"several rows begin with '{spec}': name one, such as {told}")
        near = _find_near(connection, wanted, with_places=bool(slash))
    where = f"table {named}" if slash else "the tables"
    also = f"nearest are {near}" if near else "they are empty"
    raise GongshiError(f"no row '{wanted}' in {where} of snapshot {snapshot.id}; {also}")


def _find_near(connection: DuckDBPyConnection, wanted: str, *, with_places: bool) -> str:
    # One of the many places is always near, and hardly ever meant.
    near = connection.execute(
        "SELECT name, id FROM ids WHERE name <> 'places' OR ? "
        "ORDER BY levenshtein(left(id, ?), ?), id LIMIT 3",
        [with_places, len(wanted), wanted],
    ).fetchall()
    return ", ".join(f"{name}/{row_id}" for name, row_id in near)


def read_row(snapshot: Snapshot, table: str, row_id: str) -> Row | None:
    """Read one row by its key, None when there is none.

    >>> from pathlib import Path
    >>> read_row(Snapshot("s", Path("/data/snapshots/s"), {}), "unit", "7d79")
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: table 'unit' is not known: use one of runs, fetches, ...
    """
    return next(iter(read_rows_where(snapshot, table, get_table(table).key, row_id)), None)


def read_rows_where(snapshot: Snapshot, table: str, column: str, value: str) -> list[Row]:
    """Read the rows whose column has a value, in the order of the table.

    >>> from pathlib import Path
    >>> read_rows_where(Snapshot("s", Path("/data/snapshots/s"), {}), "unit", "city", "绵阳市")
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: table 'unit' is not known: use one of runs, fetches, ...
    """
    folder = snapshot.folder(table)
    rows: list[Row] = pq.read_table(folder, filters=[(column, "=", value)]).to_pylist()
    return rows
