"""Runs the crawls of several sources at once and tells how far they are and how they ended."""

import multiprocessing
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

from extract.source import Source
from normalize.errors import FetchError, GongshiError

_GRACE = 45.0
"""Seconds a crawl gets to end in order: a download that is under way times out after 30."""
REPORT_EVERY = 0.5
"""Seconds between two reports of progress."""


@dataclass(frozen=True, slots=True)
class CrawlProgress:
    """How far the crawl of one source is."""

    source_id: str
    """Id of the source."""
    requests: int
    """Requests for pages so far, retries and redirects among them."""
    responses: int
    """Responses so far, whatever their status."""
    failures: int
    """Addresses that gave no response so far."""
    items: int
    """Item pages (articles, threads) so far."""
    finished: bool
    """Whether the crawl has ended."""


@dataclass(frozen=True, slots=True)
class CrawlSummary:
    """How the crawl of one source ended."""

    source_id: str
    """Id of the source."""
    run_id: str | None
    """Id of the run; None when the crawl could not start."""
    warc_file: Path | None
    """Archive of the run; None when the crawl could not start."""
    requests: int = 0
    """Requests for pages, retries and redirects among them; robots.txt is not counted."""
    responses: dict[str, int] = field(default_factory=dict)
    """Responses by class of status, 304 by itself. Example: `{"2xx": 31, "304": 9, "5xx": 3}`"""
    failures: dict[str, int] = field(default_factory=dict)
    """Addresses that gave no response, by reason. Example: `{"timeout": 1}`"""
    items: int = 0
    """Item pages (articles, threads) that were fetched."""
    new_items: int = 0
    """Items that no earlier run knew."""
    unchanged: int = 0
    """Answers that showed what is archived already."""
    ended: str = "finished"
    """Why the crawl ended: `finished`, `max_requests`, `site_down`, `not_started`, …"""
    detail: str = ""
    """What kept the crawl from starting or from going on, in a sentence; empty otherwise."""

    @property
    def ok(self) -> bool:
        """Whether the site gave a page or said that one is unchanged, or it is not asked now.

        A crawl that could not keep what it was given is not ok.

        >>> CrawlSummary("demo_site", "00", Path("a"), 3, {"5xx": 3}).ok
        False
        >>> CrawlSummary("demo_site", "00", Path("a"), 1, {"304": 1}).ok
        True
        """
        given = self.responses.get("2xx", 0) + self.responses.get("304", 0)
        return not self.detail and (given > 0 or self.ended == "quiet_hours")


Progress = Callable[[CrawlProgress], None]


def crawl(
    sources: Sequence[Source], data: Path, on_progress: Progress | None = None
) -> list[CrawlSummary]:
    """Crawl all sources at once and archive what they answer.

    Takes the sources, the data folder and a function that is told the progress of each source
    about twice a second. Gives one summary per source, in their order; a source that fails does
    not disturb the others. The crawl runs in a process of its own, so it can be called again.
    Ctrl-C ends it in order. Raises GongshiError when a source is given twice or names no address
    to start from, FetchError when the process dies; what it had fetched stays in the archive.

    >>> crawl([], Path("data"))
    []
    """
    ids = [source.id for source in sources]
    if len(set(ids)) < len(ids):
        twice = next(one for one in ids if ids.count(one) > 1)
        raise GongshiError(f"source '{twice}' is given twice; name it once")
    nowhere = next((source.id for source in sources if not source.crawl.start_urls), None)
    if nowhere is not None:
        raise GongshiError(
            f"source '{nowhere}' has no start_urls to crawl from; add them to its file, or take "
            f"saved pages in with `gongshi ingest --source {nowhere}`"
        )
    if not sources:
        return []
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(
        target=_crawl_in_child, args=(tuple(sources), data.absolute(), sender), daemon=True
    )
    child.start()
    sender.close()
    try:
        return _follow(receiver, child, on_progress)
    finally:
        _end(child)
        receiver.close()


def _follow(
    receiver: Connection, child: SpawnProcess, on_progress: Progress | None
) -> list[CrawlSummary]:
    while True:
        try:
            message = receiver.recv()
        except EOFError:
            child.join()
            raise FetchError(
                f"the crawl's process ended with exit code {child.exitcode} before its time; "
                "what was fetched is in the archive, look at the newest file in 'logs' of the data "
                "folder and crawl again"
            ) from None
        if isinstance(message, GongshiError):
            raise message
        if isinstance(message, list):
            return message
        if on_progress is not None:
            on_progress(message)


def _end(child: SpawnProcess) -> None:
    # After the summaries it ends by itself; after an error or Ctrl-C it is asked to.
    child.join(timeout=1)
    for ask, patience in ((child.terminate, _GRACE), (child.kill, None)):
        if child.is_alive():
            ask()
            child.join(timeout=patience)
    child.close()


def _crawl_in_child(sources: Sequence[Source], data: Path, sender: Connection) -> None:
    # Ctrl-C reaches the whole process group; the parent alone decides how the crawl ends.
    os.setpgid(0, 0)
    # Here and not above: the parent needs neither Scrapy nor its reactor.
    from crawler.reactor import crawl_here  # noqa: PLC0415

    outcome: list[CrawlSummary] | GongshiError
    try:
        outcome = crawl_here(sources, data, sender.send)
    except GongshiError as error:
        outcome = error
    # A parent that was killed needs no summary.
    with suppress(BrokenPipeError):
        sender.send(outcome)
