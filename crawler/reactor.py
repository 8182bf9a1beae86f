"""The inside of a crawl process: one reactor, one crawler per source, reports to the parent."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings
from scrapy.spiderloader import DummySpiderLoader
from scrapy.utils.asyncio import create_looping_call

from crawler.limits import stop_crawl
from crawler.loader import make_spider
from crawler.recording import (
    DETAIL,
    FAILURES,
    ITEMS,
    NEW_ITEMS,
    REQUESTS,
    RESPONSES,
    RUN_ID,
    UNCHANGED,
    WARC_FILE,
)
from crawler.run import REPORT_EVERY, CrawlProgress, CrawlSummary
from extract.source import Source
from normalize.errors import GongshiError

logger = logging.getLogger(__name__)


def crawl_here(
    sources: Sequence[Source], data: Path, report: Callable[[CrawlProgress], None]
) -> list[CrawlSummary]:
    """Crawl all sources in this process, which can do so only once.

    Takes the sources, the data folder and a function that is told the progress. Gives one
    summary per source, in their order. Raises GongshiError when the data folder cannot be used.
    """
    # On a full disk every line of the log would be told in a traceback; the summary says it once.
    logging.raiseExceptions = False
    process = AsyncCrawlerProcess(_make_settings(data))
    crawlers = [process.create_crawler(make_spider(source)) for source in sources]
    tasks = []
    for crawler in crawlers:
        Reporter(crawler, report)
        tasks.append(process.crawl(crawler))
    process.start()
    return [summarize(*pair) for pair in zip(crawlers, tasks, strict=True)]


def summarize(crawler: Crawler, task: asyncio.Task[None]) -> CrawlSummary:
    """Read a crawl's summary from its statistics, once its task has ended."""
    error = task.exception() if task.done() and not task.cancelled() else None
    if error is not None:
        logger.error("the crawl of %s failed", crawler.spidercls.name, exc_info=error)
        return CrawlSummary(
            crawler.spidercls.name, None, None, ended="not_started", detail=str(error)
        )
    stats = crawler.stats
    return CrawlSummary(
        source_id=crawler.spidercls.name,
        run_id=stats.get_value(RUN_ID),
        warc_file=stats.get_value(WARC_FILE),
        requests=stats.get_value(REQUESTS, 0),
        responses=_count_by(crawler, RESPONSES),
        failures=_count_by(crawler, FAILURES),
        items=stats.get_value(ITEMS, 0),
        new_items=stats.get_value(NEW_ITEMS, 0),
        unchanged=stats.get_value(UNCHANGED, 0),
        ended=stats.get_value("finish_reason", "killed"),
        detail=stats.get_value(DETAIL, ""),
    )


class Reporter:
    """Tells the parent how far a crawl is, and ends the crawl when there is no parent any more."""

    def __init__(self, crawler: Crawler, report: Callable[[CrawlProgress], None]) -> None:
        self._crawler = crawler
        self._report = report
        self._clock = create_looping_call(self._tell)
        # Signals hold their receivers weakly; the clock's running call holds this one.
        crawler.signals.connect(self.spider_opened, signals.spider_opened, weak=False)
        crawler.signals.connect(self.spider_closed, signals.spider_closed, weak=False)

    def spider_opened(self) -> None:
        """Start reporting."""
        self._clock.start(REPORT_EVERY, now=False)

    def spider_closed(self) -> None:
        """Report the end."""
        if self._clock.running:
            self._clock.stop()
        self._tell(finished=True)

    def _tell(self, *, finished: bool = False) -> None:
        stats = self._crawler.stats
        progress = CrawlProgress(
            source_id=self._crawler.spidercls.name,
            requests=stats.get_value(REQUESTS, 0),
            responses=sum(_count_by(self._crawler, RESPONSES).values()),
            failures=sum(_count_by(self._crawler, FAILURES).values()),
            items=stats.get_value(ITEMS, 0),
            finished=finished,
        )
        try:
            self._report(progress)
        except OSError:
            if not finished:
                self._clock.stop()
                stop_crawl(self._crawler, "parent_gone")


def _count_by(crawler: Crawler, prefix: str) -> dict[str, int]:
    return {
        name.removeprefix(prefix): value
        for name, value in sorted(crawler.stats.get_stats().items())
        if name.startswith(prefix)
    }


def _make_settings(data: Path) -> Settings:
    log = data / "logs" / f"crawl-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.touch()
    except OSError as error:
        raise GongshiError(
            f"data folder '{data}' cannot be used ({error.strerror}); choose another one"
        ) from error
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("GONGSHI_DATA", data, priority="cmdline")
    settings.set("LOG_FILE", str(log), priority="cmdline")
    # The sources are given; a broken file of another one must not stop them.
    settings.set("SPIDER_LOADER_CLASS", DummySpiderLoader, priority="cmdline")
    return settings
