"""The batches of a snapshot and their lists, without reading the table of units as a whole."""

import duckdb
import pandas as pd

from datasets.batches import Batch, list_batches
from datasets.programme_terms import split_stages
from datasets.read import Snapshot
from datasets.unit_lists import UnitList, quote

_COUNTED = """
    SELECT batch_id, status, kind, city, NULL AS duplicate_of, count(*) AS rows
    FROM units WHERE duplicate_of IS NULL GROUP BY ALL ORDER BY ALL
"""


def load_batches(snapshot: Snapshot) -> list[Batch]:
    """List the batches of a snapshot; rows are counted by DuckDB.

    >>> load_batches.__annotations__["return"] == list[Batch]
    True
    """
    return list_batches(snapshot.pandas("announcements"), _count(snapshot))


def load_stages(snapshot: Snapshot, batch: Batch) -> tuple[Batch, Batch] | None:
    """Describe the proposed and the decided list of a batch; None unless there are both.

    >>> load_stages.__name__
    'load_stages'
    """
    stages = split_stages(batch.batch_id, snapshot.pandas("announcements"), _count(snapshot))
    return stages and (stages[0][0], stages[1][0])


def _count(snapshot: Snapshot) -> pd.DataFrame:
    return snapshot.connect().execute(_COUNTED).df()


def open_list(
    connection: duckdb.DuckDBPyConnection,
    snapshot: Snapshot,
    batch: Batch,
    *,
    proposed: bool | None = None,
) -> UnitList:
    """Open the countable rows of a batch in a connection.

    `proposed` chooses the proposed or the decided rows; by default the proposed ones count only
    where none are decided.

    >>> open_list.__name__
    'open_list'
    """
    source = f"read_parquet([{', '.join(quote(str(path)) for path in snapshot.files('units'))}])"
    where = f"batch_id = {quote(batch.batch_id)} AND duplicate_of IS NULL"
    if proposed is None:
        units = UnitList(connection, source, f"{where} AND status <> 'proposed'")
        if not units.count():
            return UnitList(connection, source, where)
        return units
    test = "=" if proposed else "<>"
    return UnitList(connection, source, f"{where} AND status {test} 'proposed'")
