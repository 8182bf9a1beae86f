"""Lists of units in DuckDB, wherever they lie: fingerprints of all rows, and the rows wanted."""

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from datasets.batches import Batch, read_rows
from datasets.listed_units import COMPARED, LEVELS, ListedUnit, read_units

Rows = npt.NDArray[np.int64]
"""Numbers of rows in reading order, from 0."""

Fingerprints = npt.NDArray[np.uint64]
"""One hash per row over `CONTENT`."""

CONTENT = ("name_full", "province", "kind", "category_path", "status", "place_code")
"""Columns that two rows must share to be the same row of two lists."""

MEMORY_LIMIT = "256MB"
"""What DuckDB may hold before it spills to disk."""

_HASH = f"hash({', '.join(CONTENT)})"
_COLUMNS = ", ".join(f'"{name}"' for name in COMPARED if name not in ("doc_id", "order"))
_LOW_BITS = np.uint64((1 << 24) - 1)


@dataclass(frozen=True, slots=True)
class UnitList:
    """Rows of the table `units`, as a condition on a source that DuckDB reads."""

    connection: duckdb.DuckDBPyConnection
    """Connection the source lives in."""
    source: str
    """What stands after FROM. Example: `read_parquet('data/latest/units/*.parquet')`"""
    where: str = "true"
    """Condition on its rows. Example: `batch_id = 'b1946ac92492d234'`"""

    def within(self, batch: Batch) -> "UnitList":
        """Keep the rows that a batch's list would name if they were in the batch."""
        if batch.scope != "mention" and not batch.areas:
            return self
        return UnitList(self.connection, self.source, f"({self.where}) AND {_cover(batch)}")

    def beside(self, other: "UnitList", level: str) -> "UnitList":
        """Keep the rows whose name of a level occurs in another list, too."""
        named = f'SELECT DISTINCT "{level}" FROM {other.source} WHERE {other.where}'  # noqa: S608
        kept = f'("{level}" IN ({named}) OR "{level}" IS NULL)'
        return UnitList(self.connection, self.source, f"({self.where}) AND {kept}")

    def count(self) -> int:
        """Count the rows."""
        return int(self._select("count(*)").fetchall()[0][0])

    def fingerprint(self) -> Fingerprints:
        """Read the hash of every row: 8 bytes a row."""
        found = self._select(f"{_HASH} AS hash").fetchnumpy()
        return np.ma.filled(found["hash"], 0).astype(np.uint64, copy=False)

    def find_places(self, codes: Iterable[str], hashes: Fingerprints) -> Rows:
        """Give the numbers of the rows whose sure code is one of some, where there are any."""
        wanted = ", ".join(map(quote, sorted(codes)))
        if not wanted:
            return np.zeros(0, np.int64)
        there = f"AND place_status = 'ok' AND place_code IN ({wanted})"
        found = self._select(f"{_HASH} AS hash", there).fetchnumpy()
        return find_rows(hashes, np.unique(np.ma.filled(found["hash"], 0).astype(np.uint64)))

    def read(self, hashes: Fingerprints, rows: Rows) -> list[ListedUnit]:
        """Read some rows by number, in the order given, with the hashes of all rows."""
        if not len(rows):
            return []
        wanted = np.unique(hashes[rows])
        # The scan keeps the order of rows, so the rows of these hashes come as they were numbered.
        numbers = find_rows(hashes, wanted)
        self.connection.register("wanted_hashes", pa.table({"wanted": wanted}))
        wanted_rows = self._select(_COLUMNS, f"AND {_HASH} IN (FROM wanted_hashes)")
        table = wanted_rows.to_arrow_table()
        self.connection.unregister("wanted_hashes")
        return read_units(table.take(np.searchsorted(numbers, rows)).to_pylist())

    def iter_rows(self, rows: Rows, size: int = 50_000) -> Iterator[list[ListedUnit]]:
        """Read rows by number in the order given, a batch at a time; all of the list is held."""
        table = self._select(_COLUMNS).to_arrow_table()
        for start in range(0, len(rows), size):
            yield read_units(table.take(rows[start : start + size]).to_pylist())

    def tally(self) -> dict[Literal["city", "county", "category"], Counter[str]]:
        """Count the rows per city, county (with its city) and category path."""
        groups = self._select("city, county, category_path, count(*)", "GROUP BY ALL").fetchall()
        tallies: dict[Literal["city", "county", "category"], Counter[str]] = {
            "city": Counter(),
            "county": Counter(),
            "category": Counter(),
        }
        for city, county, category, number in groups:
            tallies["city"][city or ""] += number
            tallies["county"][(city or "") + (county or "")] += number
            tallies["category"][category or ""] += number
        return tallies

    def _select(self, columns: str, rest: str = "") -> duckdb.DuckDBPyRelation:
        # The pieces are this package's own; areas of batches go through `quote`.
        query = f"SELECT {columns} FROM {self.source} WHERE ({self.where}) {rest}"  # noqa: S608
        return self.connection.sql(query)


def connect() -> duckdb.DuckDBPyConnection:
    """Open a connection to the DuckDB in memory of this process, with tables of its own.

    To start a DuckDB takes longer than to compare two short lists.

    >>> connect().execute("SELECT 1").fetchall()
    [(1,)]
    """
    return _open_database().cursor()


@cache
def _open_database() -> duckdb.DuckDBPyConnection:
    folder = quote(f"{tempfile.gettempdir()}/gongshi-duckdb")
    return duckdb.connect().execute(
        f"SET memory_limit = '{MEMORY_LIMIT}'; SET temp_directory = {folder};"
        "SET enable_progress_bar = false"
    )


def quote(text: str) -> str:
    """Quote a text for SQL.

    >>> quote("a'b")
    "'a''b'"
    """
    return "'" + text.replace("'", "''") + "'"


def list_frames(*frames: pd.DataFrame) -> tuple[UnitList, ...]:
    """Make lists of DataFrames with columns of `units`, in one connection.

    Rows are read by document and order, the order of a page; missing columns are null.

    >>> (empty,) = list_frames(pd.DataFrame(columns=["unit_id"]))
    >>> empty.count()
    0
    """
    connection = connect()
    lists = []
    for number, frame in enumerate(frames):
        connection.register(f"frame_{number}", _make_table(frame))
        lists.append(UnitList(connection, f"frame_{number}"))
    return tuple(lists)


def _make_table(frame: pd.DataFrame) -> pa.Table:
    rows = read_rows(frame[[name for name in COMPARED if name in frame]])
    rows.sort(key=lambda row: (row.get("doc_id") or "", row.get("order") or 0))
    columns = {}
    for name in COMPARED:
        kind = pa.int64() if name == "order" else pa.string()
        columns[name] = pa.array([row.get(name) for row in rows], kind)
    return pa.table(columns)


def _cover(batch: Batch) -> str:
    if batch.scope == "mention":
        return "false"
    return f"({' OR '.join(map(_lie_in, batch.areas))})"


def _lie_in(area: str) -> str:
    named = quote(area)
    levels = ", ".join(f"coalesce({level}, '')" for level in LEVELS)
    full = "coalesce(province, '') || name_full"
    starts = " OR ".join(f"starts_with({text}, {named})" for text in ("name_full", full))
    return f"({named} IN ({levels}) OR {starts})"


def find_rows(hashes: Fingerprints, wanted: Fingerprints) -> Rows:
    """Give the numbers of the rows whose hash is wanted; np.isin would sort all hashes.

    >>> find_rows(np.array([7, 5, 7], np.uint64), np.array([7], np.uint64))
    array([0, 2])
    """
    marked = np.zeros(int(_LOW_BITS) + 1, bool)
    marked[wanted & _LOW_BITS] = True
    likely = np.flatnonzero(marked[hashes & _LOW_BITS])
    return likely[np.isin(hashes[likely], wanted)]


def pair_equal(hashes_a: Fingerprints, hashes_b: Fingerprints) -> tuple[Rows, Rows]:
    """Pair rows of equal hash one to one, the first with the first; gives their numbers.

    >>> pair_equal(np.array([7, 5, 7], np.uint64), np.array([9, 7], np.uint64))
    (array([0]), array([1]))
    """
    keys_a, rows_a = _rank_equal(hashes_a)
    keys_b, rows_b = _rank_equal(hashes_b)
    if not len(keys_a) or not len(keys_b):
        return rows_a[:0], rows_b[:0]
    places = np.minimum(np.searchsorted(keys_b, keys_a), len(keys_b) - 1)
    same = keys_b[places] == keys_a
    return rows_a[same], rows_b[places[same]]


def _rank_equal(hashes: Fingerprints) -> tuple[Fingerprints, Rows]:
    """Sorted keys, unlike for the first, second, ... row of one hash, and the rows they are of."""
    rows = np.argsort(hashes)
    ordered = hashes[rows]
    if not (ordered[1:] == ordered[:-1]).any():
        return ordered, rows
    rows = np.argsort(hashes, kind="stable")  # slower, and only needed where rows are equal
    starts = np.ones(len(ordered), bool)
    starts[1:] = ordered[1:] != ordered[:-1]
    first = np.flatnonzero(starts)
    rank = np.arange(len(ordered)) - first[np.cumsum(starts) - 1]
    # An odd constant spreads the ranks over all 64 bits; overflow is meant.
    keys = ordered + rank.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    again = np.argsort(keys)
    return keys[again], rows[again]


def leave_out(number: int, taken: Sequence[int] | Rows) -> Rows:
    """Give the numbers below `number` that are not taken.

    >>> leave_out(4, [1, 2])
    array([0, 3])
    """
    left = np.ones(number, bool)
    left[np.asarray(taken, dtype=np.int64)] = False
    return np.flatnonzero(left)
