"""Respect for a site's wishes: robots.txt, its Crawl-delay, and Retry-After of a busy server."""

import time
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from twisted.internet.defer import Deferred

from crawler.frontier import Frontier
from crawler.guard import RefusedError, is_robots_request
from crawler.recording import RunArchive
from crawler.scheduler import FrontierScheduler

_BUSY = (429, 503)
_ROBOTS_AGE = 24 * 3600.0
_OLDEST_ROBOTS = 30 * 24 * 3600.0
_LONGEST_ROBOTS = 512 * 1024
_FORBID_ALL = b"User-agent: *\nDisallow: /"


class RobotsRules(RobotsTxtMiddleware):
    """Scrapy's robots.txt middleware, with a reason on what it refuses.

    A robots.txt serves the runs of a day, and half a mebibyte of it is read. Of a site that cannot
    give it just now (5xx) the rules of the last month hold, or nothing is asked (RFC 9309, 2.3.1.4,
    2.4 and 2.5).
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unknown: set[str] = set()

    # Scrapy's own signature still carries an argument that it warns about.
    async def process_request(self, request: Request) -> None:  # type: ignore[override]
        """Raise RefusedError when robots.txt forbids the request.

        The reason is `robots`, or `rules_unknown` when the site could not say what it forbids.
        """
        try:
            await super().process_request(request)
        except IgnoreRequest as error:
            if urlsplit(request.url).netloc in self._unknown:
                raise RefusedError("rules_unknown", "robots.txt cannot be had just now") from error
            raise RefusedError("robots", str(error)) from error

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """Give the rules of the request's host, those of an earlier run if they are young."""
        host = urlsplit(request.url).netloc
        if host not in self._parsers:
            kept = self._queue.kept_robots(host, time.time() - _ROBOTS_AGE)
            if kept is not None:
                self._parsers[host] = Deferred()
                await super()._parse_robots(Response(request.url, body=kept), host, request)
        return await super().robot_parser(request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        now = time.time()
        body = response.body[:_LONGEST_ROBOTS]
        if response.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            self._queue.keep_robots(netloc, body, now)
        else:
            kept = self._queue.kept_robots(netloc, now - _OLDEST_ROBOTS)
            body = _FORBID_ALL if kept is None else kept
            self._unknown |= {netloc} if kept is None else set()
        await super()._parse_robots(response.replace(body=body), netloc, request)

    @property
    def _queue(self) -> Frontier:
        archive = self.crawler.get_extension(RunArchive)
        assert archive is not None
        return archive.ledger.queue


class PatientRetry(RetryMiddleware):
    """Scrapy's retries; a site that says it is busy gets rest before anything else is asked."""

    def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        """Hold the source for the time of Retry-After, or for growing times without one."""
        if response.status in _BUSY and not is_robots_request(request):
            tries = int(request.meta.get("retry_times", 0))
            asked = read_retry_after(response.headers.get("Retry-After"), time.time())
            backoff = self.crawler.settings.getfloat("GONGSHI_BACKOFF") * 2**tries
            scheduler = self.crawler.engine.scheduler
            if isinstance(scheduler, FrontierScheduler):
                scheduler.hold(backoff if asked is None else asked)
        answer: Request | Response = super().process_response(request, response)
        return answer


def read_retry_after(header: bytes | None, now: float) -> float | None:
    """Read the header Retry-After, seconds or a date, as seconds from now (RFC 9110, 10.2.3).

    None without one, and when it cannot be read.

    >>> read_retry_after(b"120", 0.0), read_retry_after(b"Thu, 01 Jan 1970 00:01:00 GMT", 0.0)
    (120.0, 60.0)
    >>> read_retry_after(b"soon", 0.0) is None
    True
    """
    text = (header or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(text)
    try:
        return max(parsedate_to_datetime(text).timestamp() - now, 0.0)
    except (ValueError, OverflowError):
        return None


class CrawlDelay:
    """Extension that keeps a host at its Crawl-delay, whatever AutoThrottle finds possible."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured("robots.txt is not asked")
        self._crawler = crawler
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._longest = crawler.settings.getfloat("AUTOTHROTTLE_MAX_DELAY")
        self._delays: dict[str, float] = {}
        crawler.signals.connect(self.robots_parsed, signals.robots_parsed)
        # Before a request waits in its slot, and after AutoThrottle has set the slot's delay.
        crawler.signals.connect(self.hold_pace, signals.request_reached_downloader)
        crawler.signals.connect(self.hold_pace, signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listen to the crawler's signals."""
        return cls(crawler)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Remember the Crawl-delay of a host.

        It is capped at `AUTOTHROTTLE_MAX_DELAY`: some sites ask for a day, and mean a ban that
        they should write as one.
        """
        delay = robotparser.crawl_delay(self._agent)
        if delay:
            key = self._crawler.engine.downloader.get_slot_key(request)
            self._delays[key] = min(delay, self._longest)

    def hold_pace(self, request: Request) -> None:
        """Slow the request's slot down to the host's Crawl-delay."""
        downloader = self._crawler.engine.downloader
        key = downloader.get_slot_key(request)
        slot = downloader.slots.get(key)
        if slot is not None and key in self._delays:
            slot.delay = max(slot.delay, self._delays[key])
            # The random variation would go below what the site asks for.
            slot.jitter = 0.0
