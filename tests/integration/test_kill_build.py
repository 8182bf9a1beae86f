import random
import subprocess
import sys
import threading
import time
from collections import Counter
from hashlib import sha256
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from build_loop import PAGES, build_once, next_generation, units_of

from datasets.read import Snapshot, open_snapshot
from datasets.store import gc, list_snapshots, writer_lock

KILLS = 30
LONGEST = 1.2
"""Seconds a build loop lives at most; one build takes about a quarter of it."""


class Reader(threading.Thread):
    """Reads without pause while builds are killed, and keeps what it saw that was not whole."""

    def __init__(self, data: Path) -> None:
        super().__init__()
        self.data = data
        self.stopped = threading.Event()
        self.reads = Counter[str]()
        self.wrong: list[str] = []

    def run(self) -> None:
        while not self.stopped.is_set():
            try:
                self.read_pinned()
                self.read_bare()
            except Exception as error:
                self.wrong.append(repr(error))

    def read_pinned(self) -> None:
        snapshot = open_snapshot(self.data)
        units, documents = snapshot.pandas("units"), snapshot.pandas("documents")
        with snapshot.connect() as connection:
            query = (
                "SELECT count(*), min(remark), max(remark) "
                "FROM units SEMI JOIN documents USING (doc_id)"
            )
            seen = connection.execute(query).fetchall()
        remarks = sorted(units["remark"].unique())
        if seen != [(len(units), remarks[0], remarks[-1])]:
            self.wrong.append(f"pandas {len(units)} {remarks}, DuckDB {seen}")
        current = documents[documents["is_current"]]
        if set(current["title"]) != set(remarks) or len(current) != PAGES:
            self.wrong.append(f"documents {list(current['title'])}, units {remarks}")
        if (len(units), len(documents)) != (snapshot.rows("units"), snapshot.rows("documents")):
            self.wrong.append(f"the manifest of {snapshot.id} has other numbers of rows")
        self.check_units(units["remark"])
        self.reads["pinned"] += 1

    def read_bare(self) -> None:
        """Read over the link, as analysts do: it may move between listing and opening files."""
        readers = {
            "pandas": lambda: pd.read_parquet(self.data / "latest" / "units"),
            "duckdb": lambda: duckdb.sql(
                f"FROM read_parquet('{self.data}/latest/units/*.parquet')"
            ).df(),
        }
        for name, read in readers.items():
            try:
                units = read()
            except (FileNotFoundError, duckdb.IOException):
                self.reads[f"{name} again"] += 1
            else:
                self.reads[name] += 1
                self.check_units(units["remark"])

    def check_units(self, remarks: "pd.Series[str]") -> None:
        generations = set(remarks)
        if len(generations) != 1 or len(remarks) != PAGES * units_of(int(min(generations))):
            self.wrong.append(f"{len(remarks)} units of the generations {generations}")


def start(data: Path) -> subprocess.Popen[str]:
    """Start a build loop that waits for a line before it begins."""
    script = Path(__file__).with_name("build_loop.py")
    return subprocess.Popen(
        [sys.executable, str(script), str(data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def kill_after(child: subprocess.Popen[str], seconds: float) -> None:
    assert child.stdin
    assert child.stdout
    assert child.stdout.readline() == "ready\n"
    child.stdin.write("go\n")
    child.stdin.flush()
    time.sleep(seconds)
    assert child.poll() is None, "the build loop ended by itself"
    child.kill()
    child.wait()
    child.stdin.close()
    child.stdout.close()


def check_digests(snapshot: Snapshot) -> None:
    for resource in snapshot.manifest["resources"]:
        assert len(list((snapshot.path / resource["name"]).iterdir())) == len(resource["parts"])
        for part in resource["parts"]:
            content = (snapshot.path / part["path"]).read_bytes()
            assert sha256(content).hexdigest() == part["sha256"]


@pytest.mark.slow
def test_readers_see_whole_snapshots_while_builds_are_killed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    next_generation(data)
    build_once(data)
    moments = random.Random(20220406)
    reader = Reader(data)
    reader.start()
    try:
        child = start(data)
        for left in reversed(range(KILLS)):
            # The next loop loads its modules while this one is building.
            following = start(data) if left else child
            kill_after(child, moments.uniform(0.02, LONGEST))
            child = following
    finally:
        reader.stopped.set()
        reader.join()
    assert reader.wrong == []
    assert min(reader.reads[kind] for kind in ("pinned", "pandas", "duckdb")) > 10
    assert len(list_snapshots(data)) > 3

    next_generation(data)
    build_once(data)
    assert not list(data.glob("snapshots/.*"))
    assert not list(data.glob("objects/*/*.tmp"))
    for snapshot in list_snapshots(data):
        check_digests(open_snapshot(data, snapshot))
    with writer_lock(data):
        gc(data, keep=1)
    linked = len(list((data / "latest").resolve().glob("*/*.parquet")))
    assert len(list(data.glob("objects/*/*.parquet"))) <= linked
    check_digests(open_snapshot(data))
