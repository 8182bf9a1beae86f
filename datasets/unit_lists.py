"""Lists of units in DuckDB, wherever they lie: fingerprints of all rows, and the rows wanted."""

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from datasets.batches import Batch, read_rows
from datasets.listed_units import COMPARED, LEVELS, READ, ListedUnit, read_units

Rows = npt.NDArray[np.int64]
"""Numbers of rows in reading order, from 0."""

Hashes = npt.NDArray[np.uint64]
"""One hash per row over `CONTENT`."""

Places = npt.NDArray[np.int64]
"""Where rows lie: the number of the file above the lowest 40 bits, the row in it in these."""

Counts = Mapping[Literal["city", "county", "category"], Counter[str]]
"""Rows per name of a city, a county (with its city) and a category."""

CONTENT = ("name_full", "province", "kind", "category_path", "status", "place_code")
"""Columns that two rows must share to be the same row of two lists."""

MEMORY_LIMIT = "256MB"
"""What DuckDB may hold before it spills to disk."""

_COLUMNS = ", ".join(f'"{name}"' for name in READ)
_PLACE = ("file_index", "file_row_number")
"""Columns that DuckDB gives the rows of every Parquet file, and `list_frames` those of frames."""
_ROW_BITS = 40
_PACKED = f"(file_index::BIGINT << {_ROW_BITS}) | file_row_number AS place"


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprints:
    """What is held of every row of a list: 16 bytes."""

    hashes: Hashes
    """What it says, in reading order."""
    places: Places
    """Where it lies, in the same order."""

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.hashes)


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
        """Read the hash and the place of every row."""
        found = self._select(f"hash({', '.join(CONTENT)}) AS hash, {_PACKED}").fetchnumpy()
        return Fingerprints(np.ma.getdata(found["hash"]), np.ma.getdata(found["place"]))

    def find_places(self, codes: Iterable[str]) -> Places:
        """Find where the rows lie whose sure code is one of some."""
        wanted = ", ".join(map(quote, sorted(codes)))
        if not wanted:
            return np.zeros(0, np.int64)
        there = f"AND place_status = 'ok' AND place_code IN ({wanted})"
        return np.ma.getdata(self._select(_PACKED, there).fetchnumpy()["place"])

    def read(self, places: Places) -> list[ListedUnit]:
        """Read the rows that lie in some places, in reading order."""
        if not len(places):
            return []
        # Of the types that DuckDB counts in: a cast in the join would keep it from the scan.
        wanted = {
            "file": (places >> _ROW_BITS).astype(np.uint64),
            "row": places & ((1 << _ROW_BITS) - 1),
        }
        self.connection.register("wanted_rows", pa.table(wanted))
        place = ", ".join(_PLACE)
        # Looked up in the scan, row numbers alone leave little to join on the file as well.
        near = "AND file_row_number IN (SELECT row FROM wanted_rows)"
        there = f"{near} AND ({place}) IN (FROM wanted_rows)"
        found = self._select(f"{place}, {_COLUMNS}", there).to_arrow_table()
        self.connection.unregister("wanted_rows")
        found = found.sort_by([(name, "ascending") for name in _PLACE])
        return read_units({name: found[name].to_pylist() for name in READ})

    def iter_rows(self, rows: Rows, size: int = 50_000) -> Iterator[list[ListedUnit]]:
        """Read rows by number in the order given, a batch at a time; all of the list is held."""
        table = self._select(_COLUMNS).to_arrow_table()
        for start in range(0, len(rows), size):
            some = table.take(rows[start : start + size])
            yield read_units({name: some[name].to_pylist() for name in READ})

    def tally(self) -> Counts:
        """Count the rows per city, county (with its city) and category path."""
        groups = self._select("city, county, category_path, count(*)", "GROUP BY ALL").fetchall()
        tallies: Counts = {"city": Counter(), "county": Counter(), "category": Counter()}
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
    places = np.zeros(len(rows), np.uint64), np.arange(len(rows))
    return pa.table(columns | dict(zip(_PLACE, places, strict=True)))


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
