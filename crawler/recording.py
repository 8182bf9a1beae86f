"""Puts every answer and every final failure of a crawl into its WARC file, and counts them."""

import logging
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    NotConfigured,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from scrapy.utils.asyncio import call_later
from scrapy.utils.defer import deferred_from_coro
from twisted.python.failure import Failure

from crawler.archive import HttpAnswer, WarcWriter
from crawler.guard import PublicResolver, RefusedError, is_robots_request
from normalize.errors import GongshiError

logger = logging.getLogger(__name__)

REQUESTS = "gongshi/requests"
"""Count of requests for pages, retries and redirects among them, robots.txt not."""
RESPONSES = "gongshi/responses/"
"""Count of responses by class of status. Example: `gongshi/responses/2xx`"""
FAILURES = "gongshi/failures/"
"""Count of addresses without response by reason. Example: `gongshi/failures/timeout`"""
ITEMS = "gongshi/items"
"""Count of item pages (articles, threads) that were fetched."""
RUN_ID = "gongshi/run_id"
"""Id of the run."""
WARC_FILE = "gongshi/warc_file"
"""The archive of the run."""

_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (DownloadTimeoutError, "timeout"),
    (CannotResolveHostError, "dns"),
    (DownloadConnectionRefusedError, "connection_refused"),
    (ResponseDataLossError, "truncated"),
    (DownloadFailedError, "connection_lost"),
    (UnsupportedURLSchemeError, "refused_scheme"),
    (NotSupported, "refused_scheme"),
    (OSError, "network"),
)


def failure_reason(url: str, error: Exception) -> str:
    """Name in one word why a fetch gave no response.

    Takes the address and what the download raised.

    >>> failure_reason("http://a.cn/", DownloadTimeoutError("30 s"))
    'timeout'
    """
    if isinstance(error, RefusedError):
        return error.reason
    if isinstance(error, CannotResolveHostError) and urlsplit(url).hostname in (
        PublicResolver.refused
    ):
        return "refused_private_address"
    if isinstance(error, DownloadCancelledError):
        # The handler cancels for one reason of its own, and says so only in its message.
        return "too_large" if "max size" in str(error) else "cancelled"
    if _is_tls_error(error):
        return "tls"
    return next((word for kind, word in _REASONS if isinstance(error, kind)), "failed")


def _is_tls_error(error: Exception) -> bool:
    inner = [reason.value for reason in getattr(error.__cause__, "reasons", [])]
    return any(type(one).__module__.startswith(("OpenSSL", "service_identity")) for one in inner)


class RunArchive:
    """Extension that owns the WARC file of a crawl.

    The file is opened while the crawl is set up, not on a signal: a crawl without an archive must
    not start, and an error in a signal handler is only logged.
    """

    def __init__(self, crawler: Crawler) -> None:
        source = getattr(crawler.spider, "source", None)
        if source is None:
            raise NotConfigured("the spider has no source")
        self._crawler = crawler
        self._writer = WarcWriter(crawler.settings["GONGSHI_DATA"], source.id, "crawl")
        crawler.stats.set_value(RUN_ID, self._writer.run_id)
        crawler.stats.set_value(WARC_FILE, self._writer.path)
        crawler.signals.connect(self.spider_closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Open the file for the crawler's spider."""
        return cls(crawler)

    def spider_closed(self) -> None:
        """Close the file."""
        self._writer.close()
