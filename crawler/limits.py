"""What ends a crawl early: its budget of requests, or a site that no longer answers."""

import logging
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.utils.defer import deferred_from_coro

from crawler.guard import PostponedError, RefusedError, is_robots_request
from extract.source import Source

logger = logging.getLogger(__name__)

_SERVER_ERROR = 500


def stop_crawl(crawler: Crawler, reason: str) -> None:
    """End one crawl in an orderly way; what is being downloaded is still finished.

    Takes the crawler and the reason that its summary gives, such as `site_down`.
    """
    logger.warning("the crawl of %s stops: %s", crawler.spidercls.name, reason)
    # Not awaited: the crawl ends only after the request that asks for it has ended.
    deferred_from_coro(crawler.engine.close_spider_async(reason=reason))


class RunLimits:
    """Downloader middleware that counts requests and addresses that fail one after another."""

    def __init__(self, crawler: Crawler, source: Source) -> None:
        self._crawler = crawler
        self._max_requests = source.crawl.max_requests
        self._max_failures = crawler.settings.getint("GONGSHI_MAX_FAILURES")
        self._requests = 0
        self._failures = 0
        self._stopped: str | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the limits from the spider's source and the settings."""
        source = getattr(crawler.spider, "source", None)
        if not isinstance(source, Source):
            raise NotConfigured("the spider has no source")
        return cls(crawler, source)

    def process_request(self, request: Request) -> None:
        """Raise PostponedError once the budget is spent."""
        if is_robots_request(request):
            return
        if self._requests >= self._max_requests:
            self._stop("max_requests")
        if self._stopped is not None:
            raise PostponedError(self._stopped, "the crawl had already been stopped")
        self._requests += 1

    def process_response(self, request: Request, response: Response) -> Response:
        """Count final answers that are server errors; any other answer is a sign of life."""
        if not is_robots_request(request):
            self._count(failed=response.status >= _SERVER_ERROR)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Count an address that gave no answer; our own refusals say nothing about the site."""
        if not is_robots_request(request) and not isinstance(exception, RefusedError):
            self._count(failed=True)

    def _count(self, *, failed: bool) -> None:
        self._failures = self._failures + 1 if failed else 0
        if self._failures >= self._max_failures:
            self._stop("site_down")

    def _stop(self, reason: str) -> None:
        if self._stopped is None:
            self._stopped = reason
            stop_crawl(self._crawler, reason)
