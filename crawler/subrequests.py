"""What the scripts of a page ask for: checked, counted and fetched like any other request."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from time import monotonic
from urllib.parse import urldefrag, urljoin

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.guard import RefusedError, check_address
from crawler.limits import RunLimits
from crawler.polite import RobotsRules
from crawler.recording import RunArchive, failure_reason
from extract.source import Source

SUBREQUESTS = "gongshi/subrequests"
"""Count of requests that scripts of pages led to; they count for the budget, not as pages."""

Fetch = Callable[[Request], Awaitable[Response]]

_MOST_RECORDED = 1000
"""Refused addresses that one run records; a hostile script invents them without end."""
_LONGEST_REST = 30.0
"""Seconds a site rests at most behind one page: a crawl that is to end does not wait longer."""
_SEE_OTHER = (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FOUND, HTTPStatus.SEE_OTHER)
_REDIRECTS = (*_SEE_OTHER, HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT)
_METHODS = ("GET", "HEAD", "POST")  # lists are often asked for by POST


class SubRequests:
    """Fetches for the pages of one crawl what their scripts ask for.

    Takes the crawler, whose spider has a source, and the function that fetches in the plain way.
    """

    def __init__(self, crawler: Crawler, source: Source, fetch: Fetch) -> None:
        self._crawler = crawler
        self._source = source
        self._fetch = fetch
        self._unpacker = HttpCompressionMiddleware.from_crawler(crawler)
        self._at_once = asyncio.Semaphore(source.crawl.concurrency)
        self._timeout = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        self._most_hops = crawler.settings.getint("REDIRECT_MAX_TIMES")
        self._scripts: dict[str, Response] = {}
        self._room = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._recorded: set[str] = set()

    async def ask(self, request: Request, *, keep: bool = False) -> Response:
        """Fetch an answer, unpacked, through all its redirects; `keep` it for the whole run.

        Raises RefusedError for what the guard, robots.txt or the budget of the run forbid, and
        what a download raises.
        """
        kept = self._scripts.get(request.url)
        if kept is not None:
            return kept
        for _ in range(self._most_hops + 1):
            await self._check(request)
            response = await self._send(request)
            location = response.headers.get("Location")
            if response.status not in _REDIRECTS or location is None:
                if keep and response.status == HTTPStatus.OK and len(response.body) < self._room:
                    self._room -= len(response.body)
                    self._scripts[request.url] = response
                return response
            request = _follow(request, response.status, location.decode("latin-1"))
        raise RefusedError("too_many_redirects", f"more than {self._most_hops} redirects")

    def unpack(self, request: Request, response: Response) -> Response:
        """Undo the content encoding of an answer; raises RefusedError when it grows too large."""
        try:
            # A copy: the middleware changes the headers of what it is given.
            unpacked = self._unpacker.process_response(request, response.copy())
        except IgnoreRequest as error:
            raise RefusedError("too_large", str(error)) from error
        assert isinstance(unpacked, Response)
        return unpacked

    def record(self, request: Request, error: Exception) -> None:
        """Record once in a run why an address (without its query) gave no answer."""
        address = urldefrag(request.url).url.partition("?")[0]
        archive = self._crawler.get_extension(RunArchive)
        if archive is None or address in self._recorded or len(self._recorded) >= _MOST_RECORDED:
            return
        self._recorded.add(address)
        archive.record_failure(request, failure_reason(request.url, error), error)

    async def _check(self, request: Request) -> None:
        if request.method not in _METHODS:
            raise RefusedError("refused_method", f"scripts may not send {request.method}")
        check_address(request.url, self._source)
        limits = self._crawler.get_downloader_middleware(RunLimits)
        robots = self._crawler.get_downloader_middleware(RobotsRules)
        if robots is not None:
            await robots.process_request(request)
        if limits is not None:
            limits.process_request(request)

    async def _send(self, request: Request) -> Response:
        self._unpacker.process_request(request)
        request.meta.setdefault("download_timeout", self._timeout)
        async with self._at_once:
            self._crawler.stats.inc_value(SUBREQUESTS)
            self._extend_rest(request)
            response = await self._fetch(request)
        return self.unpack(request, response)

    def _extend_rest(self, request: Request) -> None:
        """Let the host rest behind the page for the delay that this request does not wait for.

        A page's requests are sent as when a person opens it: a script gives up what takes long.
        """
        downloader = self._crawler.engine.downloader
        slot = downloader.slots.get(downloader.get_slot_key(request))
        if slot is not None:
            slot.lastseen = min(slot.lastseen + slot.delay, monotonic() + _LONGEST_REST)


def _follow(request: Request, status: int, location: str) -> Request:
    """Make the request that a redirect asks for (RFC 9110, 15.4)."""
    target = urljoin(request.url, location)
    if status in _SEE_OTHER and request.method == "POST":
        return request.replace(url=target, method="GET", body=b"")
    return request.replace(url=target)
