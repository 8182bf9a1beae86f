"""Lets the workers of a Dask cluster parse pages; needs the extra `dask`."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import islice
from pathlib import Path
from time import monotonic

from distributed import Client, Future, Security, get_worker, wait
from distributed.comm.core import connect
from distributed.scheduler import KilledWorker

from datasets.code_version import describe_parser
from datasets.engines import CHUNK, cut_chunks
from datasets.index import Entry
from datasets.page_process import read_apart
from datasets.pages import DIED, PageReader, ParsedPage
from normalize.errors import GongshiError

Pages = list[ParsedPage]

CONNECT_SECONDS = 10
"""Seconds a scheduler may take to answer."""
LOOK_SECONDS = 5.0
"""Seconds without a result until the cluster is looked at."""
RETRIES = 2
"""Times that pages are tried again after an error that is not theirs."""


@dataclass(frozen=True, slots=True)
class DaskEngine:
    """Parses pages on a cluster; one of the engines of `datasets.engines`."""

    client: Client
    """Connection with the scheduler."""
    address: str
    """Address of the scheduler. Example: `tcp://10.0.0.7:8786`"""
    archive: Path | str
    """The data folder as workers see it, or its address as fsspec knows it."""
    chunk: int = CHUNK
    """Pages a worker is given at a time."""
    patience: float = 60.0
    """Seconds to wait for workers when none is left."""

    def __call__(
        self, entries: Sequence[Entry], reader: PageReader
    ) -> Iterator[tuple[Entry, ParsedPage]]:
        """Parse pages, in any order; one that kills worker after worker comes back as `DIED`.

        Raises GongshiError when the cluster is lost, or fails otherwise than by a page.
        """
        reader = replace(reader, data=self.archive)
        suspects: list[Entry] = []
        for chunk, pages in self._run(cut_chunks(entries, self.chunk), reader, self._window):
            if pages is None:
                suspects += chunk
            else:
                yield from zip(chunk, pages, strict=True)
        # One at a time, so that it shows which of them kills the workers.
        for (entry,), pages in self._run([[entry] for entry in suspects], reader, lambda: 1):
            yield entry, pages[0] if pages else DIED

    def _run(
        self, chunks: Iterable[Sequence[Entry]], reader: PageReader, window: Callable[[], int]
    ) -> Iterator[tuple[Sequence[Entry], Pages | None]]:
        """Have no more chunks under way than fit the window; one that kills workers gives None."""
        left = iter(chunks)
        # Data handed out would be lost with the workers that hold it; a task is run again.
        carried = self.client.submit(carry, reader, pure=False)
        running: dict[Future[Pages], Sequence[Entry]] = {}
        try:
            while True:
                for chunk in islice(left, max(window() - len(running), 0)):
                    running[self._submit(carried, chunk)] = chunk
                if not running:
                    return
                for future in self._wait(list(running)):
                    yield running.pop(future), _result(future)
        except (CancelledError, OSError) as error:
            raise GongshiError(
                f"the Dask scheduler at {self.address} was lost; see that it runs, and build again"
            ) from error
        finally:
            self.client.cancel(list(running))

    def _submit(self, carried: Future[PageReader], chunk: Sequence[Entry]) -> Future[Pages]:
        task = parse_chunk, carried, chunk, describe_parser()
        return self.client.submit(*task, pure=False, retries=RETRIES)

    def _window(self) -> int:
        """Two chunks per thread, so that none waits for the next."""
        threads: int = sum(self.client.nthreads().values())
        return 2 * max(threads, 1)

    def _wait(self, futures: list[Future[Pages]]) -> Iterable[Future[Pages]]:
        """Wait for results, as long as there are workers that may give them."""
        since = monotonic()
        while True:
            try:
                done: set[Future[Pages]] = wait(futures, LOOK_SECONDS, "FIRST_COMPLETED").done
            except TimeoutError:
                if self.client.nthreads():
                    since = monotonic()
                elif monotonic() - since > self.patience:
                    raise GongshiError(
                        "the last worker of the Dask cluster is gone; start some and build again"
                    ) from None
            else:
                return done


@contextmanager
def open_cluster(address: str, archive: Path | str) -> Iterator[DaskEngine]:
    """Connect with a Dask cluster while the block runs.

    Raises GongshiError when the scheduler cannot be reached, or when workers are missing, run
    other code than this process, or do not see the archive.

    >>> with open_cluster("10.0.0.7", Path("data")):
    ...     pass
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: ...cannot be used: missing port number in address '10.0.0.7'
    """
    # A client that cannot connect hangs for a while when it is given up, so the way is tried first.
    asyncio.run(_try_way(address))
    with Client(address, timeout=CONNECT_SECONDS) as client:
        check_workers(client, archive)
        yield DaskEngine(client, address, archive)


def check_workers(client: Client, archive: Path | str) -> None:
    """Refuse a cluster with a worker that is not fit to parse, or without any; GongshiError."""
    answers = client.run(describe_worker, archive, on_error="return")
    if not answers:
        raise GongshiError("the Dask cluster has no workers; start some with `dask worker`")
    for worker, answer in answers.items():
        if isinstance(answer, Exception):
            raise GongshiError(
                f"the Dask worker {worker} cannot parse pages ({answer}); install "
                f"{describe_parser()} there, and what --archive needs"
            )
        check_worker(worker, answer, describe_parser(), archive)


def check_worker(worker: str, seen: tuple[str, bool], code: str, archive: Path | str) -> None:
    """Refuse a worker by what `describe_worker` says of it; raises GongshiError.

    >>> check_worker("tcp://10.0.0.8:4711", ("gongshi 1", True), "gongshi 2", "s3://bucket/data")
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: the Dask worker tcp://10.0.0.8:4711 runs gongshi 1, the build ...
    """
    runs, sees_archive = seen
    if runs != code:
        raise GongshiError(
            f"the Dask worker {worker} runs {runs}, the build {code}; install the same on both"
        )
    if not sees_archive:
        raise GongshiError(
            f"the Dask worker {worker} does not see '{archive}/warc'; tell with --archive where "
            "workers find the data folder"
        )


def describe_worker(archive: Path | str) -> tuple[str, bool]:
    """Tell, on a worker, what code it runs and whether it sees the WARC files.

    >>> describe_worker(Path("/nowhere"))[1]
    False
    """
    if isinstance(archive, Path):
        return describe_parser(), (archive / "warc").is_dir()
    system, path = import_module("fsspec.core").url_to_fs(f"{archive}/warc")
    return describe_parser(), system.exists(path)


def carry(reader: PageReader) -> PageReader:
    """Bring the reader to the workers once, not with every chunk."""
    return reader


def parse_chunk(reader: PageReader, entries: Sequence[Entry], code: str) -> Pages:
    """Parse some pages on a worker.

    Raises GongshiError when it is not fit to: workers may come, and lose a disk, during a build.
    """
    check_worker(get_worker().address, describe_worker(reader.data), code, reader.data)
    return read_apart(reader, entries)


async def _try_way(address: str) -> None:
    try:
        given = Security().get_connection_args("client")
        comm = await connect(address, timeout=CONNECT_SECONDS, **given)
    except OSError as error:
        raise GongshiError(
            f"no Dask scheduler answers at {address}; check the address, and that it runs"
        ) from error
    except (TypeError, ValueError) as error:
        raise GongshiError(
            f"the Dask scheduler's address {address} cannot be used: {error}"
        ) from error
    await comm.close()


def _result(future: Future[Pages]) -> Pages | None:
    """The pages, None when they kill workers."""
    try:
        pages: Pages = future.result()
    except KilledWorker as error:
        if error.task != future.key:
            raise GongshiError(
                "the workers of the Dask cluster die before they parse a page; look at their logs"
            ) from error
        return None
    except (CancelledError, GongshiError):
        raise
    except Exception as error:
        raise GongshiError(
            f"a Dask worker failed with {type(error).__name__}: {error}; look at its log"
        ) from error
    return pages
