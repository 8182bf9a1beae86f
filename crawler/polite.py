"""Respect for robots.txt: its rules as recorded refusals, its Crawl-delay as the slowest pace."""

from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.robotstxt import RobotParser

from crawler.guard import RefusedError


class RobotsRules(RobotsTxtMiddleware):
    """Scrapy's robots.txt middleware, with a reason on what it refuses."""

    # Scrapy's own signature still carries an argument that it warns about.
    async def process_request(self, request: Request) -> None:  # type: ignore[override]
        """Raise RefusedError with the reason `robots` when robots.txt forbids the request."""
        try:
            await super().process_request(request)
        except IgnoreRequest as error:
            raise RefusedError("robots", str(error)) from error


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
