"""Respect for a site's wishes: robots.txt, its Crawl-delay, and Retry-After of a busy server."""

import time
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from crawler.guard import RefusedError, is_robots_request
from crawler.scheduler import FrontierScheduler

_BUSY = (429, 503)


class RobotsRules(RobotsTxtMiddleware):
    """Scrapy's robots.txt middleware, with a reason on what it refuses."""

    # Scrapy's own signature still carries an argument that it warns about.
    async def process_request(self, request: Request) -> None:  # type: ignore[override]
        """Raise RefusedError with the reason `robots` when robots.txt forbids the request."""
        try:
            await super().process_request(request)
        except IgnoreRequest as error:
            raise RefusedError("robots", str(error)) from error


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
