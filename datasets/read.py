"""Reading a snapshot: pinned once, so that several tables are read from the same one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from datasets.integrity import find_odd, refuse_lost
from datasets.manifest import parts_of
from datasets.schema import get_table, load_tables
from datasets.store import LATEST, dangling_id, latest_id, list_snapshots, read_manifest
from normalize.errors import GongshiError


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One whole, unchanging set of tables."""

    id: str
    """Id of the snapshot. Example: `20220406T111500000000Z-0f3c9a1b`"""
    path: Path
    """Its folder, not the link to it."""
    manifest: Mapping[str, Any]
    """Its data package: schema, keys, rows and digests of every file."""

    def folder(self, name: str) -> Path:
        """Give the folder of a table, for any Parquet reader; GongshiError for an unknown table.

        >>> Snapshot("s", Path("/data/snapshots/s"), {}).folder("units").as_posix()
        '/data/snapshots/s/units'
        """
        return self.path / get_table(name).name

    def files(self, name: str) -> list[Path]:
        """Give the files of a table by the manifest; GongshiError for an unknown table.

        >>> part = {"name": "units", "path": ["units/all-2c26b46b68ff.parquet"]}
        >>> Snapshot("s", Path("/s"), {"resources": [part]}).files("units")[0].as_posix()
        '/s/units/all-2c26b46b68ff.parquet'
        """
        wanted = get_table(name).name
        described = (r for r in self.manifest["resources"] if r["name"] == wanted)
        return [self.path / path for resource in described for path in resource["path"]]

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Read a table, or some columns of it, as Arrow; GongshiError for an unknown table.

        >>> Snapshot("s", Path("/data/snapshots/s"), {}).table("unit")
        Traceback (most recent call last):
        ...
        normalize.errors.GongshiError: table 'unit' is not known: use one of runs, fetches, ...
        """
        # Not the folder: a file that somebody has put there would be read along.
        return pq.read_table(self.files(name), columns=None if columns is None else list(columns))

    def pandas(self, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Read a table as a DataFrame whose `attrs` tell the snapshot and what the columns mean.

        >>> Snapshot("s", Path("/data/snapshots/s"), {}).pandas("unit")
        Traceback (most recent call last):
        ...
        normalize.errors.GongshiError: table 'unit' is not known: use one of runs, fetches, ...
        """
        table = self.table(name, columns)
        frame: pd.DataFrame = table.to_pandas()
        frame.attrs = {**json.loads(table.schema.metadata[b"PANDAS_ATTRS"]), "snapshot": self.id}
        return frame

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Open a DuckDB connection in memory with one view per table.

        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     open_snapshot(Path(folder)).connect()
        Traceback (most recent call last):
        ...
        normalize.errors.GongshiError: data folder '...' has no tables yet: ...
        """
        connection = duckdb.connect()
        for name in load_tables():
            files = ", ".join("'" + str(path).replace("'", "''") + "'" for path in self.files(name))
            connection.execute(f"CREATE VIEW {name} AS FROM read_parquet([{files}])")
        return connection

    def rows(self, name: str) -> int:
        """Give the number of rows of a table from the manifest; GongshiError for an unknown table.

        >>> Snapshot("s", Path("s"), {"resources": [{"name": "units", "rows": 7}]}).rows("units")
        7
        """
        wanted = get_table(name).name
        return next((int(r["rows"]) for r in self.manifest["resources"] if r["name"] == wanted), 0)


def open_snapshot(data: Path, id: str = LATEST) -> Snapshot:
    """Open a snapshot by id, the beginning of one, or "latest"; the link is followed only once.

    Raises GongshiError when there are no tables yet, no single snapshot of that id, one that has
    lost files, or one of a newer program.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     open_snapshot(Path(folder))
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: data folder '...' has no tables yet: run `gongshi build` first
    """
    snapshot = latest_id(data) if id == LATEST else _find(data, id)
    if snapshot is None:
        gone = dangling_id(data)
        also = f" (snapshot {gone}, which 'latest' points to, is gone)" if gone else ""
        raise GongshiError(
            f"data folder '{data}' has no tables yet{also}: run `gongshi build` first"
        )
    folder, manifest = data / "snapshots" / snapshot, read_manifest(data, snapshot)
    refuse_lost(folder, find_odd(folder, parts_of(manifest)))
    return Snapshot(snapshot, folder, manifest)


def _find(data: Path, beginning: str) -> str | None:
    known = list_snapshots(data)
    found = [snapshot for snapshot in known if snapshot.startswith(beginning)]
    if len(found) == 1 or beginning in found:
        return beginning if beginning in found else found[0]
    if not known:
        return None
    what = "is not unique" if found else "does not exist"
    raise GongshiError(f"snapshot '{beginning}' {what}: use one of {', '.join(known)}")
