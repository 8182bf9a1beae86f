"""A Dask cluster on 127.0.0.1 for tests: a scheduler and workers, each a process of its own."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from tempfile import TemporaryDirectory

from distributed import Client

from datasets.dask_engine import DaskEngine, open_cluster

ROOT = Path(__file__).parents[1]
PACKAGES = (ROOT, ROOT / "tests")
"""Where workers find our packages and the parsers of tests."""
PATIENCE = 60.0


class Cluster:
    """A running scheduler; workers are for the test to add."""

    def __init__(self, folder: Path, allowed_failures: int) -> None:
        self._file = folder / "scheduler.json"
        self._folder = folder
        self.workers: list[Popen[bytes]] = []
        self.scheduler = self._start(
            *("dask_scheduler", "--scheduler-file", str(self._file), "--port", "0"),
            *("--dashboard-address", "127.0.0.1:0"),
            DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES=str(allowed_failures),
        )
        self.address = self._find_address()

    def add_worker(self, *options: str, packages: tuple[Path, ...] = PACKAGES) -> None:
        """Start a worker of one thread; by default no nanny starts it again when it dies."""
        worker = self._start(
            *("dask_worker", self.address, "--nthreads", "1", *(options or ("--no-nanny",))),
            *("--memory-limit", "0"),
            packages=packages,
        )
        self.workers.append(worker)

    def wait_for_workers(self, number: int) -> None:
        """Wait until so many workers have come."""
        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(number, timeout=PATIENCE)

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def _start(
        self, name: str, *options: str, packages: tuple[Path, ...] = PACKAGES, **variables: str
    ) -> Popen[bytes]:
        with (self._folder / "cluster.log").open("ab") as log:
            return Popen(
                [sys.executable, "-m", f"distributed.cli.{name}", "--host", "127.0.0.1", *options],
                env={
                    **os.environ,
                    "DASK_TEMPORARY_DIRECTORY": str(self._folder),
                    "PYTHONPATH": os.pathsep.join(map(str, packages)),
                    **variables,
                },
                cwd=self._folder,
                stdout=log,
                stderr=log,
            )

    def _find_address(self) -> str:
        ends = time.monotonic() + PATIENCE
        while not (self._file.exists() and self._file.stat().st_size):
            if time.monotonic() > ends:
                self.close()
                raise AssertionError("the scheduler did not start")
            time.sleep(0.05)
        return str(json.loads(self._file.read_text(encoding="utf-8"))["address"])


@contextmanager
def run_cluster(
    folder: Path, workers: int, *options: str, allowed_failures: int = 3
) -> Iterator[Cluster]:
    """Run a cluster while the block runs, and wait for its workers; options are for these."""
    cluster = Cluster(folder, allowed_failures)
    try:
        for _ in range(workers):
            cluster.add_worker(*options)
        if workers:
            cluster.wait_for_workers(workers)
        yield cluster
    finally:
        cluster.close()


@contextmanager
def run_engine(
    data: Path, workers: int, allowed_failures: int = 3
) -> Iterator[tuple[Cluster, DaskEngine]]:
    """Run a cluster beside a data folder, and an engine that parses its pages there."""
    with (
        TemporaryDirectory(dir=data.parent) as folder,
        run_cluster(Path(folder), workers, allowed_failures=allowed_failures) as cluster,
        open_cluster(cluster.address, data) as engine,
    ):
        yield cluster, engine
