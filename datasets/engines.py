"""Spreads the parsing of pages over this process, or a pool that outlives a dying worker."""

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from threading import current_thread, main_thread

from datasets.index import Entry
from datasets.pages import DIED, PageReader, ParsedPage

Engine = Callable[[Sequence[Entry], PageReader], Iterator[tuple[Entry, ParsedPage]]]
"""Parses all the given pages, each once, and gives them back in any order."""

CHUNK = 32
"""Pages a worker is given at a time."""


def local_engine(jobs: int) -> Engine:
    """Make an engine of `jobs` processes of this machine; with one, this process parses.

    >>> local_engine(1) is parse_here
    True
    """
    return parse_here if jobs == 1 else partial(parse_in_pool, jobs=jobs)


def parse_here(entries: Sequence[Entry], reader: PageReader) -> Iterator[tuple[Entry, ParsedPage]]:
    """Parse pages in this process, which dies with a page that kills it.

    >>> from pathlib import Path
    >>> list(parse_here([], PageReader(Path("/nowhere"))))
    []
    """
    for entry in entries:
        yield entry, reader.read(entry)


def parse_in_pool(
    entries: Sequence[Entry], reader: PageReader, jobs: int
) -> Iterator[tuple[Entry, ParsedPage]]:
    """Parse pages with `jobs` processes; a page that kills its worker comes back as `DIED`.

    >>> from pathlib import Path
    >>> list(parse_in_pool([], PageReader(Path("/nowhere")), jobs=2))
    []
    """
    chunks = cut_chunks(entries, CHUNK)
    while chunks:
        suspects: list[Sequence[Entry]] = []
        yield from _run_pool(chunks, reader, jobs, suspects)
        for chunk in suspects:
            yield from _read_alone(chunk, reader)


def cut_chunks(entries: Sequence[Entry], size: int) -> list[Sequence[Entry]]:
    """Cut pages into chunks of pages that lie together, the last of the archive first.

    >>> cut_chunks([], 32)
    []
    """
    ordered = sorted(entries, key=lambda e: (e.warc_file, e.fetch.offset))
    return [ordered[start : start + size] for start in reversed(range(0, len(ordered), size))]


def _run_pool(
    chunks: list[Sequence[Entry]],
    reader: PageReader,
    jobs: int,
    suspects: list[Sequence[Entry]],
) -> Iterator[tuple[Entry, ParsedPage]]:
    """Take chunks from the end of the list until it is empty or a worker dies.

    Then the chunks that were under way are put to the suspects.
    """
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        running: dict[Future[list[ParsedPage]], Sequence[Entry]] = {}
        while (chunks and not suspects) or running:
            while chunks and not suspects and len(running) < 2 * jobs:
                chunk = chunks.pop()
                try:
                    with _deaf_to_interrupts():
                        running[pool.submit(reader.read_chunk, chunk)] = chunk
                except BrokenProcessPool:
                    suspects.append(chunk)
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                chunk = running.pop(future)
                try:
                    pages = future.result()
                except BrokenProcessPool:
                    suspects.append(chunk)
                else:
                    yield from zip(chunk, pages, strict=True)


def _read_alone(entries: Sequence[Entry], reader: PageReader) -> Iterator[tuple[Entry, ParsedPage]]:
    """Parse page by page, so that it shows which of them kills a worker."""
    left = list(entries)
    while left:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            while left:
                entry = left.pop(0)
                try:
                    with _deaf_to_interrupts():
                        parsing = pool.submit(reader.read, entry)
                    yield entry, parsing.result()
                except BrokenProcessPool:
                    yield entry, DIED
                    break


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let workers that start in the block ignore Ctrl-C: the parent alone ends the build."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
