"""Measures the comparison of two lists of a million units beside DuckDB's own hash anti-join.

The lists are made of the villages of the packed gazetteer, some of them under two categories. The
second list drops, adds, moves and renames a share of the rows. All contenders read the same Parquet
files and hash the same columns, each run in a process of its own. The anti-join tells the rows that
are in one list alone, in both directions, and fetches the columns of them that the comparison
reads: with the join or afterwards, by row number; the faster of the two is what the bar is held
to. The anti-join of the columns themselves, which needs no trust in 64 bits, and those that fetch
nothing but ids are printed beside it.

Examples:
  python bench/diff.py                          a million rows, 1 % of them changed
  python bench/diff.py --rows 200000 --share 0.05 --runs 1
"""

import argparse
import multiprocessing
import os
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from datasets.batches import Batch
from datasets.diff import DiffOptions, diff_lists
from datasets.listed_units import COMPARED, READ
from datasets.unit_lists import CONTENT, UnitList, connect
from normalize.division_lists import LATEST, iter_divisions, read_villages
from normalize.ids import make_id

CATEGORIES = ("示范村", "示范社区", "治理类 / 便民服务型", "治理类 / 平安和谐型")
DIRECT = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")
BAR_TIME, BAR_PEAK = 1.3, 500
COLUMNS = [*COMPARED, "batch_id", "duplicate_of"]


def read_places() -> Iterator[tuple[str, list[str]]]:
    """Code and names from the province down of every village of the latest list."""
    names = {code: name for code, name, seen in iter_divisions() if seen & LATEST}
    for prefecture in sorted(code for code in names if len(code) == 4):
        for code, name, seen in read_villages(prefecture):
            if seen & LATEST:
                path = [names.get(code[:digits], "") for digits in (2, 4, 6, 9)]
                yield code, [*("" if part in DIRECT else part for part in path), name]


def make_rows(number: int) -> Iterator[dict[str, object]]:
    left = number
    for category in CATEGORIES:
        for code, (province, city, county, town, village) in read_places():
            if not left:
                return
            left -= 1
            yield {
                "unit_id": make_id(code, category),
                "doc_id": "page" + code[:4],
                "order": number - left,
                "name_full": city + county + town + village,
                "province": province,
                "city": city or None,
                "county": county or None,
                "town": town or None,
                "village": village,
                "kind": "community" if "居" in village else "village",
                "category_path": category,
                "status": "selected",
                "place_code": code,
                "place_status": "ok",
                "batch_id": "first",
            }


def change(rows: Iterator[dict[str, object]], share: float) -> Iterator[dict[str, object]]:
    """Change a share of the rows, a quarter of them in each way."""
    dice = random.Random(2)
    for row in rows:
        row["unit_id"], row["batch_id"] = make_id(row["unit_id"], "b"), "second"
        chance = dice.random() / share * 4
        village = str(row["village"])
        if chance < 1:  # dropped, and another one added
            row |= {"village": "新" + village[::-1], "place_code": None, "place_status": "none"}
        elif chance < 2:
            row["category_path"] = "另一类"
        elif chance < 3:
            row["status"] = "withdrawn"
        elif chance < 4:
            row |= {"village": village[:-1] + "会", "town": f"新{row['town']}"}
        names = (row[level] or "" for level in ("city", "county", "town", "village"))
        yield row | {"name_full": "".join(map(str, names))}


def write(rows: Iterator[dict[str, object]], path: Path) -> None:
    fields = [(name, pa.int64() if name == "order" else pa.string()) for name in COLUMNS]
    schema = pa.schema(fields)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        some: list[dict[str, object]] = []
        for row in rows:
            some.append(row)
            if len(some) == 100_000:
                writer.write_table(pa.Table.from_pylist(some, schema))
                some = []
        writer.write_table(pa.Table.from_pylist(some, schema))


HASH = f"hash({', '.join(CONTENT)})"
FETCHED = ", ".join(f'"{name}"' for name in READ)


def join_hashes(folder: Path) -> str:
    return anti_join(folder, HASH, "unit_id")


def join_columns(folder: Path) -> str:
    return anti_join(folder, f"({', '.join(CONTENT)})", "unit_id")


def fetch_at_once(folder: Path) -> str:
    return anti_join(folder, HASH, FETCHED)


def fetch_by_columns(folder: Path) -> str:
    return anti_join(folder, f"({', '.join(CONTENT)})", FETCHED)


def fetch_afterwards(folder: Path) -> str:
    return anti_join(folder, HASH, "file_row_number", FETCHED)


def anti_join(folder: Path, key: str, columns: str, fetched: str = "") -> str:
    """Count the rows of either list alone; some columns of them by row number, if they are told."""
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    found = []
    for mine, theirs in (("a", "b"), ("b", "a")):
        sides = [
            f"(SELECT {some} {key} AS k FROM '{folder}/{side}.parquet' "
            f"WHERE batch_id IS NOT NULL AND duplicate_of IS NULL)"
            for side, some in ((mine, f"{columns},"), (theirs, ""))
        ]
        query = f"SELECT {columns} FROM {sides[0]} x ANTI JOIN {sides[1]} y ON x.k = y.k"
        alone = connection.sql(query).to_arrow_table()
        if fetched:
            connection.register("alone", alone)
            rows = f"FROM '{folder}/{mine}.parquet' WHERE file_row_number IN (FROM alone)"
            alone = connection.sql(f"SELECT {fetched} {rows}").to_arrow_table()
        found.append(alone.num_rows)
    return f"{found[0]} and {found[1]} rows in one list alone"


def compare(folder: Path) -> str:
    connection = connect()
    lists = [
        UnitList(
            connection,
            f"read_parquet('{folder}/{side}.parquet')",
            f"batch_id = '{batch}' AND duplicate_of IS NULL",
        )
        for side, batch in (("a", "first"), ("b", "second"))
    ]
    first, second = (
        Batch(name, "试点", number, (2022 + number,), (), (), "", None, (), "full", ())
        for number, name in enumerate(("first", "second"), 1)
    )
    diff = diff_lists(lists[0], lists[1], DiffOptions(first, second))
    return ", ".join(f"{kind} {count}" for kind, count in diff.counts.items())


Work = Callable[[Path], str]
NAMES: dict[Work, str] = {
    join_hashes: "anti-join of hashes, ids",
    join_columns: "anti-join of columns, ids",
    fetch_by_columns: "anti-join of columns, rows",
    fetch_at_once: "anti-join of hashes, rows",
    fetch_afterwards: "anti-join of hashes, rows afterwards",
    compare: "gongshi diff",
}


def measure(work: Work, folder: Path) -> tuple[float, float, int, str]:
    """Seconds of the clock and of the processor, peak memory in MB, and what came out."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=run, args=(work, folder, sender))
    child.start()
    sender.close()  # so that a child that fails ends the wait for it
    result: tuple[float, float, int, str] = receiver.recv()
    child.join()
    return result


def run(work: Work, folder: Path, sender: Connection) -> None:
    clock, processor = time.perf_counter(), time.process_time()
    told = work(folder)
    seconds = time.perf_counter() - clock, time.process_time() - processor
    sender.send((*seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, told))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--share", type=float, default=0.01, help="rows that change")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="keeps the lists for another run")
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = wishes.folder or Path(scratch)
        if not (folder / "b.parquet").exists():
            folder.mkdir(parents=True, exist_ok=True)
            write(make_rows(wishes.rows), folder / "a.parquet")
            write(change(make_rows(wishes.rows), wishes.share), folder / "b.parquet")
        best: dict[Work, tuple[float, float, int, str]] = {}
        for _ in range(wishes.runs):  # by turns, so that what else runs here slows all of them
            for work in NAMES:
                found = measure(work, folder)
                best[work] = min(found, best.get(work, found))
        report(best)


def report(best: dict[Work, tuple[float, float, int, str]]) -> None:
    print(f"{'':38}{'seconds':>9}{'CPU s':>8}{'peak MB':>9}  found")
    for work, (clock, processor, peak, told) in best.items():
        print(f"{NAMES[work]:38}{clock:9.2f}{processor:8.2f}{peak:9}  {told}")
    mine = best[compare]
    rival, ids = (
        min(best[work] for work in works)
        for works in ((fetch_at_once, fetch_afterwards), (join_hashes, join_columns))
    )
    print(f"time {mine[0] / rival[0]:.2f}x (bar {BAR_TIME}), CPU {mine[1] / rival[1]:.2f}x")
    columns = best[fetch_by_columns]
    print(f"beside columns: time {mine[0] / columns[0]:.2f}x, CPU {mine[1] / columns[1]:.2f}x")
    print(f"beside ids alone: time {mine[0] / ids[0]:.2f}x, CPU {mine[1] / ids[1]:.2f}x")
    print(f"peak {mine[2]} MB (bar {BAR_PEAK}), load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
