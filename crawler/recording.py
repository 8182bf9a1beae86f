"""Puts every answer and every final failure of a crawl into its WARC file, and counts them."""

import logging
from pathlib import Path
from typing import Self
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

from crawler.archive import HttpAnswer, WarcWriter
from crawler.guard import PublicResolver, RefusedError, is_robots_request
from crawler.limits import stop_crawl
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
        self._writer = WarcWriter(Path(crawler.settings["GONGSHI_DATA"]), source.id, "crawl")
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

    def write_response(self, answer: HttpAnswer) -> None:
        """Write an answer; when that fails the crawl ends, since the rest would be lost too."""
        try:
            self._writer.write_response(answer)
        except GongshiError:
            stop_crawl(self._crawler, "archive_failed")
            raise

    def write_failure(self, url: str, reason: str, detail: str) -> None:
        """Write why an address gave no answer; when that fails the crawl ends."""
        try:
            self._writer.write_failure(url, reason, detail)
        except GongshiError:
            stop_crawl(self._crawler, "archive_failed")
            raise


class _Recorder:
    """What the two recording middlewares share: the crawl's archive and its counters."""

    def __init__(self, crawler: Crawler) -> None:
        archive = crawler.get_extension(RunArchive)
        if archive is None:
            raise NotConfigured("the crawl has no archive")
        self._archive = archive
        self._stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the archive of the crawler."""
        return cls(crawler)


class ResponseRecorder(_Recorder):
    """Downloader middleware next to the network: answers as sent, redirects and errors too."""

    def process_request(self, request: Request) -> None:
        """Count a request that is sent."""
        if not is_robots_request(request):
            self._stats.inc_value(REQUESTS)

    def process_response(self, request: Request, response: Response) -> Response:
        """Write the answer to disk before anything else sees it."""
        self._archive.write_response(
            HttpAnswer(
                url=response.url,
                status=response.status,
                headers=tuple(
                    (name, value) for name, values in response.headers.items() for value in values
                ),
                body=response.body,
                protocol=response.protocol or "HTTP/1.1",
            )
        )
        if not is_robots_request(request):
            self._stats.inc_value(f"{RESPONSES}{response.status // 100}xx")
        return response


class FailureRecorder(_Recorder):
    """Downloader middleware above the retries: an address is a failure once nothing is left."""

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Write the reason an address gave no answer; the exception goes on."""
        reason = failure_reason(request.url, exception)
        tries = int(request.meta.get("retry_times", 0)) + 1
        detail = f"{exception} ({tries} tries)" if tries > 1 else str(exception)
        self._archive.write_failure(request.url, reason, detail or type(exception).__name__)
        if not is_robots_request(request):
            self._stats.inc_value(FAILURES + reason)
        logger.info("no answer from %s: %s (%s)", request.url, reason, detail)
