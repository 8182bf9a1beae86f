"""Kills builds while tables are read, and measures what one changed part costs in a large table.

.venv/bin/python bench/store.py            # all of it, about ten minutes
.venv/bin/python bench/store.py --only kills --kills 50
.venv/bin/python bench/store.py --only cost
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "integration"))

from build_loop import build_once, next_generation  # noqa: E402
from snapshot_readers import KINDS, Loops, Reader, check_digests  # noqa: E402

from datasets.manifest import Part  # noqa: E402
from datasets.objects import describe_part, encode_table, store_part  # noqa: E402
from datasets.read import open_snapshot  # noqa: E402
from datasets.schema import arrow_schema, load_tables  # noqa: E402
from datasets.store import commit, list_snapshots, write_parts  # noqa: E402

PART_ROWS = 33_334
SIZES = (1_000_000, 5_000_000)
RUNS = 15
MOST_CHANGES = 300


def kill_builds(kills: int) -> None:
    """Kill half of the builds before a change of the folder, half at any moment of the clock."""
    with TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        next_generation(data)
        build_once(data)
        started = time.monotonic()
        for _ in range(3):
            next_generation(data)
            build_once(data)
        longest = 2 * (time.monotonic() - started) / 3
        reader = Reader(data)
        reader.start()
        began = time.monotonic()
        draw = random.Random(20220406)
        loops = Loops(data)
        for number in range(kills):
            by_step = number % 2 == 0
            loops.run(draw.randint(1, MOST_CHANGES) if by_step else None, draw.uniform(0, longest))
            print(f"\r{number + 1} kills", end="", file=sys.stderr)
        print(file=sys.stderr)
        reader.stopped.set()
        reader.join()
        loops.close()
        build_once(data)
        snapshots = list_snapshots(data)
        for snapshot in snapshots:
            check_digests(open_snapshot(data, snapshot))
        left = [*data.glob("snapshots/.*"), *data.glob("objects/*/*.tmp")]
        print(f"kills {kills}, half of them at a change of the folder, half by the clock")
        print(f"seconds {time.monotonic() - began:.0f}, whole snapshots {len(snapshots)}")
        print("reads", ", ".join(f"{kind} {reader.reads[kind]}" for kind in KINDS))
        again = sum(n for kind, n in reader.reads.items() if kind.endswith("again"))
        print(f"reads that met the moving link and were told to read again {again}")
        print(f"wrong or failing reads {len(reader.wrong)}, leftovers {len(left)}")
        for wrong in reader.wrong[:5]:
            print(f"  {wrong}")


def stand_in(number: int) -> pa.Table:
    """One part of `units`: places and wording of our own, different in every part and row."""
    draw = random.Random(number)
    towns = [f"第{draw.randint(1, 99999)}街道" for _ in range(PART_ROWS)]
    columns: dict[str, Any] = {}
    for column in arrow_schema("units"):
        if column.name == "unit_id":
            values: Sequence[Any] = [f"{draw.getrandbits(64):016x}" for _ in towns]
        elif column.name in ("town", "name_raw", "name_full"):
            values = towns
        elif pa.types.is_string(column.type):
            values = [f"{number:016x}" if column.name.endswith("_id") else "示范社区"] * PART_ROWS
        elif pa.types.is_timestamp(column.type):
            values = [None] * PART_ROWS
        else:
            values = list(range(PART_ROWS))
        columns[column.name] = pa.array(values, pa.string() if values is towns else None).cast(
            column.type
        )
    return pa.Table.from_pydict(columns, schema=arrow_schema("units"))


def put(data: Path, number: int, table: pa.Table) -> Part:
    content = encode_table(table)
    part = describe_part("units", f"{number:016x}", table.num_rows, content)
    store_part(data, part, content)
    return part


@dataclass
class Store:
    """A data folder whose table of units has some millions of rows."""

    data: Path
    others: list[Part]
    units: list[Part]
    stored: list[float] = field(default_factory=list)
    committed: list[float] = field(default_factory=list)

    @classmethod
    def make(cls, data: Path, rows: int) -> "Store":
        tables = [table for name, table in load_tables().items() if name != "units"]
        others = [part for table in tables for part in write_parts(data, table, [])]
        units = [put(data, n, stand_in(n)) for n in range(rows // PART_ROWS + 1)]
        commit(data, [*others, *units], {})
        return cls(data, others, units)

    def change_one(self, table: pa.Table) -> None:
        started = time.perf_counter()
        changed = put(self.data, 0, table)
        stored = time.perf_counter()
        done = commit(self.data, [*self.others, changed, *self.units[1:]], {})
        assert done.changed
        self.stored.append(stored - started)
        self.committed.append(time.perf_counter() - stored)

    def tell(self) -> tuple[float, float]:
        """Print and give the medians of one change and of its commit, in seconds."""
        both = [a + b for a, b in zip(self.stored, self.committed, strict=True)]
        whole, alone = statistics.median(both), statistics.median(self.committed)
        rows, size = sum(p.rows for p in self.units), sum(p.size for p in self.units) / 1e6
        print(
            f"{rows:>9,} rows, {len(self.units)} parts, {size:.0f} MB: one changed part "
            f"{whole * 1e3:.0f} ms, of it commit {alone * 1e3:.0f} ms (best {min(both) * 1e3:.0f}, "
            f"{min(self.committed) * 1e3:.0f})"
        )
        return whole, alone


def measure_cost() -> None:
    """Change one part of a table of 1 and of 5 million rows: encode it, store it, commit.

    Both tables take turns, so that whoever else works on the machine slows both.
    """
    with TemporaryDirectory() as folder:
        small, large = (Store.make(Path(folder) / str(rows), rows) for rows in SIZES)
        for run in range(RUNS):
            table = stand_in(10_000_000 + run)
            for store in (small, large) if run % 2 else (large, small):
                store.change_one(table)
        (whole, alone), (whole_large, alone_large) = small.tell(), large.tell()
        print(f"ratio {whole_large / whole:.2f}, of the commit alone {alone_large / alone:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["kills", "cost"])
    parser.add_argument("--kills", type=int, default=200)
    wishes = parser.parse_args()
    if wishes.only != "cost":
        kill_builds(wishes.kills)
    if wishes.only != "kills":
        measure_cost()


if __name__ == "__main__":
    main()
