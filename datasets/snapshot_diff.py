"""What changed between two snapshots: rows of every table, and pages that were edited."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import duckdb
import pyarrow as pa

from datasets.inline_text import mark_edits
from datasets.manifest import Part, parts_of
from datasets.read import Snapshot, open_snapshot
from datasets.schema import SEPARATOR, Table, load_tables
from datasets.store import LATEST, latest_id, list_snapshots
from datasets.unit_lists import connect, quote
from normalize.errors import GongshiError

PREVIOUS = "previous"
"""What people type for the snapshot before the latest one."""

BOOKKEEPING = ("is_current", "last_seen", "fetch_id", "extractor")
"""Columns that change without anything having happened to what the row tells."""

RowChange = Literal["added", "removed", "changed", "touched"]

ROW_CHANGES: tuple[RowChange, ...] = ("added", "removed", "changed", "touched")
"""What can happen to a row; touched: only `BOOKKEEPING` changed."""


@dataclass(frozen=True, slots=True, eq=False)
class TableDiff:
    """What happened to the rows of one table."""

    table: str
    """Name of the table. Example: `units`"""
    counts: Mapping[RowChange, int]
    """Number of rows per change; changes that do not occur are left out."""
    columns: Mapping[str, int]
    """Number of changed rows per column that changed, the most frequent first."""
    rows: pa.Table
    """Columns change, key, and columns: the names of those that changed, joined with ` / `."""
    parts_same: int
    """Parts whose files are the same; they were not opened."""
    parts_read: int
    """Parts of either snapshot that were compared."""
    new_columns: tuple[str, ...] = ()
    """Columns that only one of the snapshots has; they are not compared."""


@dataclass(frozen=True, slots=True)
class DocumentEdit:
    """A page whose text is another one now."""

    cause: Literal["edited", "reread"]
    """edited: the page itself changed after it was published; reread: the same page, read anew by
    another version of the extraction."""
    doc_id: str
    """Row of the new text."""
    url: str
    """Address of the page."""
    title: str
    """Its title now."""
    version: int
    """Number of the version at this address."""
    published_at: datetime | None
    """When the page says it was published."""
    seen_at: datetime
    """First fetch that showed the new text."""
    changes: str
    """The changes, inline. Example: `第[-三-]{+二+}批`"""


@dataclass(frozen=True, slots=True, eq=False)
class SnapshotDiff:
    """What changed between two snapshots."""

    a: str
    """Id of the first snapshot."""
    b: str
    """Id of the second one."""
    tables: tuple[TableDiff, ...]
    """Every table, also those where nothing changed."""
    edits: tuple[DocumentEdit, ...]
    """Pages whose text or title changed, by address."""

    @property
    def differs(self) -> bool:
        """Whether any row was added, removed or changed; a touched row is none."""
        return any(set(table.counts) - {"touched"} for table in self.tables)

    def to_json(self) -> dict[str, Any]:
        """Give counts, changed rows and edits as plain values; touched rows are only counted."""
        tables = []
        for table in self.tables:
            told = [row for row in table.rows.to_pylist() if row["change"] != "touched"]
            counts = {"counts": dict(table.counts), "columns": dict(table.columns)}
            tables.append({"table": table.table, **counts, "rows": told})
        return {
            "a": self.a,
            "b": self.b,
            "tables": tables,
            "edits": [asdict(edit) for edit in self.edits],
        }

    def iter_dicts(self) -> Iterator[dict[str, Any]]:
        """Walk over the changed rows of all tables as flat dicts, edits in their rows.

        >>> list(SnapshotDiff("a", "b", (), ()).iter_dicts())
        []
        """
        edits = {edit.doc_id: edit for edit in self.edits}
        for table in self.tables:
            for row in table.rows.to_pylist():
                edit = edits.get(row["key"]) if table.table == "documents" else None
                yield {
                    "snapshot_a": self.a,
                    "snapshot_b": self.b,
                    "table": table.table,
                    **row,
                    "url": edit and edit.url,
                    "cause": edit and edit.cause,
                    "text_changes": edit and edit.changes,
                }


def open_pair(data: Path, first: str, second: str) -> tuple[Snapshot, Snapshot]:
    """Open two snapshots by id, beginning of an id, `latest` or `previous`.

    Raises GongshiError when there is no such snapshot, or nothing before the latest one.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     open_pair(Path(folder), "previous", "latest")
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: data folder '...' has no tables yet: run `gongshi build` first
    """
    a, b = (_open(data, name) for name in (first, second))
    return a, b


def _open(data: Path, name: str) -> Snapshot:
    latest = latest_id(data)
    if name != PREVIOUS or latest is None:
        return open_snapshot(data, LATEST if name == PREVIOUS else name)
    before = [snapshot for snapshot in list_snapshots(data) if snapshot < latest]
    if not before:
        raise GongshiError(f"there is no snapshot before {latest}: nothing was rebuilt since")
    return open_snapshot(data, before[-1])


def diff_snapshots(a: Snapshot, b: Snapshot) -> SnapshotDiff:
    """Compare two snapshots by key and content of their rows; parts of the same file are skipped.

    >>> nothing = Snapshot("s", Path("s"), {"resources": []})
    >>> diff_snapshots(nothing, nothing).differs
    False
    """
    connection = connect()
    parts = set(parts_of(a.manifest)), set(parts_of(b.manifest))
    sides = _Files(a, parts[0] - parts[1]), _Files(b, parts[1] - parts[0])
    tables = tuple(
        _diff_table(connection, table, sides, sum(p.table == name for p in parts[0] & parts[1]))
        for name, table in load_tables().items()
    )
    documents = next(table for table in tables if table.table == "documents")
    edits = sorted(_find_edits(connection, (a, b), documents), key=lambda edit: edit.url)
    return SnapshotDiff(a.id, b.id, tables, tuple(edits))


@dataclass(frozen=True, slots=True)
class _Files:
    """Parts of a snapshot that the other one does not have."""

    snapshot: Snapshot
    parts: set[Part]

    def of(self, table: str) -> list[str]:
        return sorted(
            str(self.snapshot.path / part.path) for part in self.parts if part.table == table
        )


def _diff_table(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    sides: tuple[_Files, _Files],
    parts_same: int,
) -> TableDiff:
    files = [side.of(table.name) for side in sides]
    if not any(files):
        none = pa.table({name: pa.array([], pa.string()) for name in ("change", "key", "columns")})
        return TableDiff(table.name, {}, {}, none, parts_same, 0)
    columns = [_create_view(connection, view, files, n) for n, view in enumerate(("a", "b"))]
    shared = [name for name in columns[0] if name in columns[1] and name != table.key]
    connection.execute(_find_changes(table.key, shared))
    rows = connection.sql("FROM changes ORDER BY change, key").to_arrow_table()
    counted = Counter(rows["change"].to_pylist())
    changed = Counter(
        name for cell in rows["columns"].to_pylist() if cell for name in cell.split(SEPARATOR)
    )
    return TableDiff(
        table.name,
        {change: counted[change] for change in ROW_CHANGES if counted[change]},
        dict(changed.most_common()),
        rows,
        parts_same,
        sum(map(len, files)),
        tuple(sorted(set(columns[0]) ^ set(columns[1]))),
    )


def _create_view(
    connection: duckdb.DuckDBPyConnection, view: str, files: Sequence[list[str]], side: int
) -> list[str]:
    """Make a view of the parts of one side, empty with the other's columns where it has none."""
    chosen = ", ".join(map(quote, files[side] or files[1 - side]))
    where = "" if files[side] else "WHERE false"
    source = f"read_parquet([{chosen}], union_by_name = true)"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS FROM {source} {where}")
    return [str(row[0]) for row in connection.execute(f"DESCRIBE {view}").fetchall()]


def _find_changes(key: str, columns: Sequence[str]) -> str:
    """The statement that makes the table `changes` out of the views a and b."""
    content = [name for name in columns if name not in BOOKKEEPING]
    hashes = f"hash({_names('', content)}) AS c, hash({_names('', columns)}) AS w"
    # Columns are compared only where the hashes differ.
    named = ", ".join(
        f"""CASE WHEN x."{name}" IS DISTINCT FROM y."{name}" THEN '{name}' END"""
        for name in columns
    )
    change = """CASE WHEN a.k IS NULL THEN 'added' WHEN b.k IS NULL THEN 'removed'
        WHEN a.c <> b.c THEN 'changed' ELSE 'touched' END"""
    return f"""
        CREATE OR REPLACE TEMP TABLE changes AS
        WITH found AS (
            SELECT {change} AS change, coalesce(a.k, b.k) AS key
            FROM (SELECT "{key}" AS k, {hashes} FROM a) a
            FULL JOIN (SELECT "{key}" AS k, {hashes} FROM b) b ON a.k = b.k
            WHERE a.k IS NULL OR b.k IS NULL OR a.w <> b.w
        )
        SELECT change, found.key AS key, concat_ws('{SEPARATOR}', {named}) AS columns
        FROM found JOIN a x ON x."{key}" = found.key JOIN b y ON y."{key}" = found.key
        UNION ALL
        SELECT change, key, '' FROM found WHERE change IN ('added', 'removed')
    """  # noqa: S608 - names of columns are our own


def _names(prefix: str, columns: Sequence[str]) -> str:
    return ", ".join(f'{prefix}"{name}"' for name in columns) or "0"


_EDITED = """
    SELECT new.doc_id, new.url, new.title, new.version, new.published_at, new.first_seen,
           old.title, old.text, new.text
    FROM {new} new JOIN {old} old ON {condition}
    WHERE new.doc_id IN (FROM wanted) AND (old.text <> new.text OR old.title <> new.title)
"""


def _find_edits(
    connection: duckdb.DuckDBPyConnection,
    snapshots: tuple[Snapshot, Snapshot],
    documents: TableDiff,
) -> Iterator[DocumentEdit]:
    """New versions of pages that were known, and known versions that are read differently."""
    keys: dict[str, list[str]] = {"added": [], "changed": []}
    for row in documents.rows.to_pylist():
        if row["change"] in keys:
            keys[row["change"]].append(row["key"])
    old, new = (
        f"read_parquet([{', '.join(quote(str(path)) for path in snapshot.files('documents'))}])"
        for snapshot in snapshots
    )
    succeeds = "old.url = new.url AND old.source_id = new.source_id"
    succeeds += " AND old.version = new.version - 1"
    searches: tuple[tuple[Literal["edited", "reread"], str, str, str], ...] = (
        ("edited", "added", new, succeeds),
        ("reread", "changed", old, "old.doc_id = new.doc_id"),
    )
    for cause, change, source, condition in searches:
        if not keys[change]:
            continue
        connection.register("wanted", pa.table({"wanted": keys[change]}))
        query = _EDITED.format(new=new, old=source, condition=condition)
        for row in connection.execute(query).fetchall():
            doc_id, url, title, version, published_at, seen_at, old_title, old_text, text = row
            changes = [mark_edits(old_title, title), mark_edits(old_text, text)]
            told = "\n".join(filter(None, changes))
            yield DocumentEdit(cause, doc_id, url, title, version, published_at, seen_at, told)
