"""Parses pages in a process of its own, for a worker that runs its tasks in threads.

A thread can neither end a page that takes too long nor outlive one that kills it. Workers of a
cluster are daemons as a rule and may start no `multiprocessing`, so the process is a plain one.
"""

import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from subprocess import DEVNULL, Popen
from typing import Any
from weakref import finalize

from datasets.index import Entry
from datasets.pages import DIED, PageReader, ParsedPage
from datasets.time_limit import OutOfTimeError

START_SECONDS = 120.0
"""Seconds a process may take to start."""
GRACE_SECONDS = 60.0
"""Seconds beyond its own limit that a page may take, dictionaries included, until it is killed."""
IDLE_SECONDS = 60.0
"""Seconds without work until a process ends: a cluster outlives the build."""
TRIES = 2
"""Processes a page may kill; the first may have died of something else."""

_own = threading.local()


class PageProcess:
    """A process that parses pages, one at a time.

    Raises OSError when it does not start.

    >>> from pathlib import Path
    >>> PageProcess(PageReader(Path("/nowhere"))).close()
    """

    def __init__(self, reader: PageReader, grace: float = GRACE_SECONDS) -> None:
        self.reader = reader
        self._limit = reader.seconds + grace
        self._connection, theirs = Pipe()
        with theirs:
            number = theirs.fileno()
            self._child = Popen(  # noqa: S603 - our own module under our own interpreter
                [sys.executable, "-P", "-m", "datasets.page_process", str(number)],
                pass_fds=[number],
                stdin=DEVNULL,
                # It finds the packages where this process has found them.
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        # Also when the thread that it belongs to ends.
        self._end = finalize(self, _end_process, self._child, self._connection)
        try:
            self._connection.send(reader)
            self._receive(START_SECONDS)
        except (EOFError, OSError, OutOfTimeError) as error:
            self.close()
            raise OSError("the process that parses pages did not start") from error

    def read(self, entry: Entry) -> ParsedPage:
        """Parse a page; raises EOFError or OSError when the process is dead or dies of it."""
        self._connection.send(entry)
        try:
            page: ParsedPage = self._receive(self._limit)
        except OutOfTimeError:
            # It sits in code that hears no signals.
            self.close()
            message = f"parsing: it took more than {self.reader.seconds} s"
            return ParsedPage(None, code="extraction_timeout", message=message)
        return page

    def close(self) -> None:
        """Kill the process, if it is alive."""
        self._end()

    def _receive(self, seconds: float) -> Any:
        if not self._connection.poll(seconds):
            raise OutOfTimeError
        return self._connection.recv()


def read_apart(reader: PageReader, entries: Sequence[Entry]) -> list[ParsedPage]:
    """Parse some pages, in their order, in a process that belongs to this thread.

    A page that kills its process twice comes back as `DIED`, the others as if it were not there.
    Raises OSError when no process can be started.

    >>> from pathlib import Path
    >>> read_apart(PageReader(Path("/nowhere")), [])
    []
    """
    return [_read_page(reader, entry) for entry in entries]


def _read_page(reader: PageReader, entry: Entry) -> ParsedPage:
    for _ in range(TRIES):
        process = _own_process(reader)
        try:
            return process.read(entry)
        except (EOFError, OSError):
            _own.process = None
            process.close()
    return DIED


def _own_process(reader: PageReader) -> PageProcess:
    """The process of this thread; a new one when there is none for this reader."""
    process: PageProcess | None = getattr(_own, "process", None)
    if process and process.reader != reader:
        process.close()
        process = None
    if process is None:
        process = _own.process = PageProcess(reader)
    return process


def _end_process(child: Popen[bytes], connection: Connection) -> None:
    child.kill()
    child.wait()
    connection.close()


def serve(connection: Connection) -> None:
    """Parse the pages that come in until no more come; the first thing to come is the reader."""
    reader: PageReader = connection.recv()
    connection.send(None)
    while connection.poll(IDLE_SECONDS):
        connection.send(reader.read(connection.recv()))


def main() -> None:
    """Serve the process that started this one."""
    # Ctrl-C on the worker's terminal is for the worker.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Connection(int(sys.argv[1])) as connection, suppress(EOFError, BrokenPipeError):
        serve(connection)


if __name__ == "__main__":
    main()
