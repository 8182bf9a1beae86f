"""Writing rows as one Parquet file per table."""

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from datasets.export_csv import Advance


def write_parquet(
    path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch], advance: Advance
) -> None:
    """Write batches of one schema to a Parquet file.

    >>> from tempfile import TemporaryDirectory
    >>> batch = pa.record_batch({"name": ["古城社区"]})
    >>> with TemporaryDirectory() as folder:
    ...     write_parquet(Path(folder) / "a", batch.schema, [batch], lambda rows: None)
    ...     pq.read_table(Path(folder) / "a").num_rows
    1
    """
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=3) as writer:
        for batch in batches:
            writer.write_batch(batch)
            advance(batch.num_rows)
