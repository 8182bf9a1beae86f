"""Readers that look at a data folder while its builds are killed, and what starts those builds."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
from build_loop import PAGES, units_of

from datasets.read import Snapshot, open_snapshot

MOVED = ("No such file", "No files found", "expanded paths were empty")
"""What readers say when the link moves between listing files and opening them: read again."""
KINDS = ("pinned", "pandas", "duckdb", "polars")
"""Ways of reading: by `open_snapshot`, and over the link."""


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
        self.check_units(list(units["remark"]))
        self.reads["pinned"] += 1

    def read_bare(self) -> None:
        """Read over the link, as analysts do: it may move between listing and opening files."""
        files = f"{self.data}/latest/units/*.parquet"
        readers: dict[str, Callable[[], Sequence[str]]] = {
            "pandas": lambda: list(pd.read_parquet(self.data / "latest" / "units")["remark"]),
            "duckdb": lambda: list(duckdb.sql(f"FROM read_parquet('{files}')").df()["remark"]),
            "polars": lambda: list(pl.read_parquet(files)["remark"]),
        }
        for name, read in readers.items():
            try:
                remarks = read()
            except Exception as error:
                if not any(told in str(error) for told in MOVED):
                    raise
                self.reads[f"{name} again"] += 1
            else:
                self.reads[name] += 1
                self.check_units(remarks)

    def check_units(self, remarks: Sequence[str]) -> None:
        generations = set(remarks)
        if len(generations) != 1 or len(remarks) != PAGES * units_of(int(min(generations))):
            self.wrong.append(f"{len(remarks)} units of the generations {generations}")


class Loops:
    """Build loops of one data folder, one after the other, each of them killed."""

    def __init__(self, data: Path) -> None:
        script = Path(__file__).with_name("build_loop.py")
        self._server = subprocess.Popen(
            [sys.executable, str(script), str(data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, last: int | None, seconds: float = 0) -> None:
        """Run a loop until it kills itself before its `last` change, or for some seconds."""
        loop = int(self._ask(f"{last or 0}\n"))
        if last is None:
            time.sleep(seconds)
            os.kill(loop, signal.SIGKILL)
        assert self._ask("") == "-9\n", "the build loop ended by itself"

    def close(self) -> None:
        """End what starts the loops."""
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.close()
        self._server.wait()
        self._server.stdout.close()

    def _ask(self, line: str) -> str:
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.write(line)
        self._server.stdin.flush()
        return self._server.stdout.readline()


def check_digests(snapshot: Snapshot) -> None:
    """Hold every file of a snapshot against its digest in the manifest."""
    for resource in snapshot.manifest["resources"]:
        assert len(list((snapshot.path / resource["name"]).iterdir())) == len(resource["parts"])
        for part in resource["parts"]:
            content = (snapshot.path / part["path"]).read_bytes()
            assert sha256(content).hexdigest() == part["sha256"]
