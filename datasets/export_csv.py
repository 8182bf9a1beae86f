"""Writing rows as CSV, in which no text is a formula."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from datasets.formulas import defuse

BYTE_ORDER_MARK = "\ufeff".encode()
"""What tells Excel that a CSV file is in UTF-8."""

Advance = Callable[[int], None]
"""Is told how many rows were written since it was called last."""


def write_csv(
    path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch], advance: Advance, mark: bool
) -> None:
    """Write batches of one schema to a CSV file in UTF-8, `mark` putting a byte order mark first.

    Texts are quoted and defused, numbers are bare, a missing value is an empty cell without quotes.
    Times are as in ISO 8601 at +08:00.

    >>> from tempfile import TemporaryDirectory
    >>> batch = pa.record_batch({"name": ["=1+1", None], "order": [-1, 2]})
    >>> with TemporaryDirectory() as folder:
    ...     write_csv(Path(folder) / "a.csv", batch.schema, [batch], lambda rows: None, mark=False)
    ...     (Path(folder) / "a.csv").read_text()
    '"name","order"\\n"\\'=1+1",-1\\n,2\\n'
    """
    printed = pa.schema([pa.field(f.name, _printed_type(f.type)) for f in schema])
    options = csv.WriteOptions(quoting_style="needed")
    with path.open("wb") as file:
        if mark:
            file.write(BYTE_ORDER_MARK)
        with csv.CSVWriter(file, printed, write_options=options) as writer:
            for batch in batches:
                arrays = [_print(array) for array in batch.columns]
                writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=printed))
                advance(batch.num_rows)


def _printed_type(kind: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_timestamp(kind) else kind


def _print(array: pa.Array) -> pa.Array:
    if pa.types.is_timestamp(array.type):
        return print_times(array)
    return defuse(array) if pa.types.is_string(array.type) else array


def print_times(times: pa.Array) -> pa.Array:
    """Print times of Asia/Shanghai as in ISO 8601, microseconds only where there are any.

    >>> from datetime import UTC, datetime
    >>> moment = datetime(2022, 4, 6, 3, 15, tzinfo=UTC)
    >>> print_times(pa.array([moment], pa.timestamp("us", "Asia/Shanghai"))).to_pylist()
    ['2022-04-06T11:15:00+08:00']
    """
    # %S of Arrow prints the microseconds too. Offsets have no colon in its %z; before 1991 the
    # zone knew summer time, so they are not always the same.
    printed = pc.strftime(times, "%Y-%m-%dT%H:%M:%S%z")
    short = pc.replace_substring_regex(printed, r"\.0+([+-])", r"\1")
    return pc.replace_substring_regex(short, r"([+-]\d\d)(\d\d)$", r"\1:\2")
