"""Puts every answer and every final failure of a crawl into its WARC file, and counts them."""

import logging
from http import HTTPStatus
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
    IgnoreRequest,
    NotConfigured,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from twisted.internet.error import ConnectionClosed

from crawler.answers import HttpAnswer
from crawler.browser import RenderError
from crawler.guard import PublicResolver, RefusedError, is_robots_request
from crawler.ledger import Ledger
from crawler.limits import stop_crawl
from normalize.errors import GongshiError

logger = logging.getLogger(__name__)

_PREFIX = "gongshi/"
REQUESTS = "gongshi/requests"
"""Count of requests for pages, retries and redirects among them, robots.txt not."""
RESPONSES = "gongshi/responses/"
"""Count of responses by class of status. Example: `gongshi/responses/2xx`"""
FAILURES = "gongshi/failures/"
"""Count of addresses without response by reason. Example: `gongshi/failures/timeout`"""
ITEMS = "gongshi/items"
"""Count of item pages (articles, threads) that were fetched."""
NEW_ITEMS = "gongshi/new_items"
"""Count of items that no earlier run knew."""
LISTED = "gongshi/listed"
"""Count of links to items on listings."""
UNCHANGED = "gongshi/unchanged"
"""Count of answers that showed what is archived already."""
NOT_MODIFIED = "304"
"""Class of the status 304, which stands for a page as 2xx does."""
LEASE = "gongshi_lease"
"""Key of a request's meta: its row in the queue."""
RUN_ID = "gongshi/run_id"
"""Id of the run."""
WARC_FILE = "gongshi/warc_file"
"""The archive of the run."""
DETAIL = "gongshi/detail"
"""What ended the crawl before its time, in a sentence."""


class ReadError(Exception):
    """A page that its spider could not read.

    >>> failure_reason("http://a.cn/", ReadError("KeyError: 'x'"))
    'spider_error'
    """


_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (DownloadTimeoutError, "timeout"),
    (CannotResolveHostError, "dns"),
    (DownloadConnectionRefusedError, "connection_refused"),
    (ResponseDataLossError, "truncated"),
    (DownloadFailedError, "connection_lost"),
    (UnsupportedURLSchemeError, "refused_scheme"),
    (NotSupported, "refused_scheme"),
    (RenderError, "render_failed"),
    (ReadError, "spider_error"),
    (EOFError, "bad_encoding"),
    (OSError, "network"),
    (ValueError, "refused_address"),
)
_SAID = (
    ("max size", "too_large"),
    ("DOWNLOAD_MAXSIZE", "too_large"),
    ("max redirections", "redirect_loop"),
)
"""Scrapy gives up for several reasons with one kind of error, and tells them in its messages."""
_DECODERS = ("gzip", "zlib", "brotli")


def failure_reason(url: str, error: BaseException) -> str:
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
    if isinstance(error, (DownloadCancelledError, IgnoreRequest)):
        return next((word for part, word in _SAID if part in str(error)), "cancelled")
    if type(error).__module__.startswith(_DECODERS):
        return "bad_encoding"
    word = next((word for kind, word in _REASONS if isinstance(error, kind)), "failed")
    return _lost_reason(error) if word == "connection_lost" else word


def _lost_reason(error: BaseException) -> str:
    """Tell a connection that was closed from one that we left: for its TLS, or what it sent."""
    inner = [reason.value for reason in getattr(error.__cause__, "reasons", [])]
    if any(type(one).__module__.startswith(("OpenSSL", "service_identity")) for one in inner):
        return "tls"
    if all(isinstance(one, ConnectionClosed) for one in inner):
        return "connection_lost"
    return "bad_response"


class RunArchive:
    """Extension that owns the queue and the archive of a crawl.

    They are opened while the crawl is set up, not on a signal: a crawl without an archive must
    not start, and an error in a signal handler is only logged.
    """

    def __init__(self, crawler: Crawler) -> None:
        source = getattr(crawler.spider, "source", None)
        if source is None:
            raise NotConfigured("the spider has no source")
        self._stats = crawler.stats
        settings = crawler.settings
        size = settings.getint("GONGSHI_WARC_SIZE")
        # A setting that comes through scrapyd has met no shell that reads the tilde.
        data = Path(settings["GONGSHI_DATA"]).expanduser()
        self.ledger = Ledger(data, source.id, size)
        """Queue and archive."""
        if self.ledger.returned or self.ledger.cut:
            logger.warning(
                "an earlier crawl of %s was cut off: %d requests are made again, %d bytes of its "
                "archive did not count",
                *(source.id, self.ledger.returned, self.ledger.cut),
            )
        crawler.stats.set_value(RUN_ID, self.ledger.writer.run_id)
        crawler.stats.set_value(WARC_FILE, self.ledger.writer.path)
        crawler.signals.connect(self.spider_closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Open the file for the crawler's spider."""
        return cls(crawler)

    def spider_closed(self, reason: str) -> None:
        """Note the end with its counts, and close queue and archive."""
        stats = self._stats.get_stats()
        counts = {
            name.removeprefix(_PREFIX): value
            for name, value in stats.items()
            if name.startswith(_PREFIX) and isinstance(value, int)
        }
        self.ledger.close(reason, counts)

    def record_failure(self, request: Request, reason: str, error: BaseException) -> None:
        """Write why an address gave no answer, and count it."""
        tries = int(request.meta.get("retry_times", 0)) + 1
        detail = f"{error} ({tries} tries)" if tries > 1 else str(error)
        self.ledger.writer.write_failure(request.url, reason, detail or type(error).__name__)
        if not is_robots_request(request):
            self._stats.inc_value(FAILURES + reason)
        logger.info("no answer from %s: %s (%s)", request.url, reason, detail)


class _Recorder:
    """What the two recording middlewares share: the crawl's archive and its counters."""

    def __init__(self, crawler: Crawler) -> None:
        archive = crawler.get_extension(RunArchive)
        if archive is None:
            raise NotConfigured("the crawl has no archive")
        self._crawler = crawler
        self._archive: RunArchive = archive
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
        """Keep the answer as it is, before anything unpacks it."""
        answer = HttpAnswer(
            url=response.url,
            status=response.status,
            headers=tuple(
                (name, value) for name, values in response.headers.items() for value in values
            ),
            body=response.body,
            protocol=response.protocol or "HTTP/1.1",
        )
        row = request.meta.get(LEASE)
        if row is None:
            self._write_robots(answer)
        else:
            self._archive.ledger.hold(row, answer)
        if not is_robots_request(request):
            self._stats.inc_value(RESPONSES + _status_class(response.status))
        return response

    def _write_robots(self, answer: HttpAnswer) -> None:
        try:
            self._archive.ledger.writer.write_response(answer)
        except GongshiError as error:
            self._stats.set_value(DETAIL, str(error))
            stop_crawl(self._crawler, "archive_failed")
            raise


class FailureRecorder(_Recorder):
    """Downloader middleware that records a robots.txt without answer; pages have an errback."""

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Write the reason robots.txt gave no answer; the exception goes on."""
        if is_robots_request(request):
            reason = failure_reason(request.url, exception)
            self._archive.record_failure(request, reason, exception)


def _status_class(status: int) -> str:
    return NOT_MODIFIED if status == HTTPStatus.NOT_MODIFIED else f"{status // 100}xx"
