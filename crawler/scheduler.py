"""Scrapy's view of the queue: requests out, outcomes in; children and their page in one step."""

import json
import logging
import time
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.asyncio import call_later
from twisted.python.failure import Failure

from crawler.addresses import address_key, find_trap
from crawler.browser import RENDER, needs_browser
from crawler.frontier import FULL
from crawler.guard import PostponedError
from crawler.leases import Kind, Leased, Wanted
from crawler.ledger import Ledger, Written
from crawler.limits import stop_crawl
from crawler.outcomes import Found, failed_outcome, page_outcome, redirected_outcome
from crawler.recording import (
    DETAIL,
    FAILURES,
    LEASE,
    LISTED,
    NEW_ITEMS,
    UNCHANGED,
    ReadError,
    RunArchive,
    failure_reason,
)
from crawler.spiders.base import LAYOUT
from crawler.visiting import HOUR, is_quiet
from extract.source import Source
from normalize.errors import GongshiError

logger = logging.getLogger(__name__)

KINDS: dict[str, Kind] = {
    "parse": "listing",
    "parse_item": "item",
    "parse_attachment": "attachment",
}
"""What the methods of a spider read."""
_KEPT_META = ("redirect_times", "redirect_ttl")


class FrontierScheduler(BaseScheduler):
    """Hands out leased requests of the queue and notes what became of them.

    Requests that Scrapy makes on the way (retries, redirects) come back through
    `enqueue_request`; pages through `Acknowledge`, everything else through the errback.
    """

    def __init__(self, crawler: Crawler, source: Source, archive: RunArchive) -> None:
        self._crawler = crawler
        self._archive = archive
        self._source = source
        self._rules = source.crawl
        self._ledger: Ledger = archive.ledger
        self._at_once: int = crawler.settings.getint("CONCURRENT_REQUESTS")
        self._ready: deque[Request] = deque()
        self._leased: dict[int, Leased] = {}
        self._hold_until = 0.0
        self._is_stopping = False
        self._longest_hold: float = crawler.settings.getfloat("GONGSHI_LONGEST_HOLD")
        self._timer: Any = None
        self._spider: Spider | None = None
        self._today = datetime.now(UTC).date()
        hours = crawler.settings.get("GONGSHI_REVISIT_HOURS")
        self._hours = float(hours or 0) or self._rules.revisit_hours
        self._everything = hours is not None and float(hours) == 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take source and ledger of the crawl."""
        source = getattr(crawler.spider, "source", None)
        archive = crawler.get_extension(RunArchive)
        if not isinstance(source, Source) or archive is None:
            raise NotConfigured("the crawl has no source or no archive")
        return cls(crawler, source, archive)

    def open(self, spider: Spider) -> None:
        """Begin or continue a round of visits."""
        self._spider = spider
        queue = self._ledger.queue
        queue.begin(self._ledger.writer.run_id, time.time(), everything=self._everything)
        self._hold_until = queue.noted("hold_until")

    def close(self, reason: str) -> None:  # noqa: ARG002 - Scrapy's protocol
        """Stop the clock; the queue gives back what is leased when its ledger is closed."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def has_pending_requests(self) -> bool:
        """Whether there is something to send, now or later in this run."""
        return bool(self._ready) or self._ledger.queue.has_pending()

    def hold(self, seconds: float) -> None:
        """Send nothing for some seconds, since the site asked for it; later runs hold, too."""
        until = time.time() + seconds
        if until > self._hold_until:
            self._hold_until = until
            self._ledger.queue.note("hold_until", until)

    def next_request(self) -> Request | None:
        """Hand out the next request that is due; None when there is none or the site has rest."""
        now = time.time()
        if is_quiet(self._rules.quiet_hours, datetime.fromtimestamp(now, UTC)):
            self._stop("quiet_hours")
            return None
        if now < self._hold_until:
            if self._hold_until - now > self._longest_hold:
                self._stop("asked_to_wait")
            return None
        with self._all_or_nothing():
            for leased in [] if self._ready else self._ledger.queue.lease(now, self._at_once):
                self._leased[leased.id] = leased
                self._ready.append(self._make_request(leased))
        return self._ready.popleft() if self._ready else None

    def _stop(self, reason: str) -> None:
        if not self._is_stopping:
            self._is_stopping = True
            stop_crawl(self._crawler, reason)

    def enqueue_request(self, request: Request) -> bool:
        """Queue a start request, a retry or a redirect; False when it is queued already."""
        leased = self._leased.get(request.meta.get(LEASE, 0))
        if leased is None:
            with self._all_or_nothing():
                added = self._ledger.add([self._want(request)])
                self._commit_in_time()
                return bool(added.new or added.known)
            return False
        if request.url == leased.url:
            # At once and before all others: a dead site is to be found out early.
            self._ready.appendleft(request)
            return True
        self._leased.pop(leased.id)
        with self._all_or_nothing():
            written = self._ledger.write(leased)
            self._ledger.add([self._want(request, leased)], leased)
            now, shortest = time.time(), self._shortest(leased)
            self._ledger.finish(leased, redirected_outcome(leased, written, now, shortest))
            self._commit_in_time()
        return True

    def complete(self, response: Response, requests: Sequence[Request]) -> None:
        """Note that a page was read, with what it leads to."""
        leased = self._leased.pop(response.meta.get(LEASE, 0), None)
        if leased is None:
            return
        with self._all_or_nothing():
            written = self._ledger.write(leased)
            found = self._add_children(leased, response, requests)
            now, shortest = time.time(), self._shortest(leased)
            self._ledger.finish(leased, page_outcome(leased, written, now, shortest, found))
            self._count_page(written)
            self._commit_in_time()

    def failed(self, failure: Failure) -> None:
        """Note that a request led to no page; the errback of every request."""
        if failure.value is not None:
            self.fail(failure.request, failure.value)  # type: ignore[attr-defined]

    def fail(self, request: Request, error: BaseException) -> None:
        """Note why a request led to no page."""
        leased = self._leased.pop(request.meta.get(LEASE, 0), None)
        if leased is None:
            return
        with self._all_or_nothing():
            if isinstance(error, PostponedError):
                self._ledger.queue.give_back(leased)
                return
            written = self._ledger.write(leased)
            now = time.time()
            if isinstance(error, HttpError):
                shortest = self._shortest(leased)
                outcome = page_outcome(leased, written, now, shortest, Found())
                self._count_page(written)
            else:
                reason = failure_reason(request.url, error)
                self._archive.record_failure(request, reason, error)
                outcome = failed_outcome(leased, reason, now)
            self._ledger.finish(leased, outcome)
            self._commit_in_time()

    def _add_children(
        self, leased: Leased, response: Response, requests: Sequence[Request]
    ) -> Found:
        wanted = [self._want(request) for request in requests]
        is_listing = leased.kind == "listing"
        listings = [one for one in wanted if is_listing and one.kind == "listing"]
        others = [one for one in wanted if not is_listing or one.kind != "listing"]
        added = self._ledger.add(others, leased)
        stats = self._crawler.stats
        for one in added.refused:
            stats.inc_value(f"{FAILURES}{one.refused}")
        stats.inc_value(NEW_ITEMS, sum(one.kind == "item" and one.page == 1 for one in added.new))
        if not is_listing:
            later = any(one.kind == "item" and one.page > leased.page for one in others)
            return Found(has_later_page=later)
        known = 0 if added.new else json.loads(leased.request).get("known", 0) + added.known
        if known < self._rules.stop_after_known:
            self._ledger.add([one.with_known(known) for one in listings], leased)
        listed = sum(one.kind == "item" for one in others)
        stats.inc_value(LISTED, listed)
        return Found(listed=listed, layout=response.meta.get(LAYOUT))

    def _count_page(self, written: Written) -> None:
        if written.answer is not None and not written.changed:
            self._crawler.stats.inc_value(UNCHANGED)

    def _shortest(self, leased: Leased) -> float:
        """Shortest interval: threads go on while notices stay, and attachments hardly change."""
        if leased.kind == "attachment":
            return self._hours * HOUR * 8
        return self._hours * HOUR / (4 if self._source.crawl.pattern == "thread" else 1)

    def _want(self, request: Request, origin: Leased | None = None) -> Wanted:
        """Take down a request; one that a redirect led to is of the kind of its origin."""
        assert request.method == "GET" and request.callback is not None
        callback = request.callback.__name__
        kept = {name: request.meta[name] for name in _KEPT_META if name in request.meta}
        wish: dict[str, Any] = {"callback": callback, "cb_kwargs": request.cb_kwargs}
        if kept:
            wish["meta"] = kept
        refused = find_trap(request.url, self._today)
        if refused is None and self._ledger.queue.size >= self._rules.max_addresses:
            refused = FULL
        page = origin.page if origin else request.cb_kwargs.get("page", 1)
        return Wanted(
            request.url,
            address_key(request.url, self._rules.ignored_parameters),
            origin.kind if origin else KINDS[callback],
            json.dumps(wish),
            page,
            refused,
        )

    def _make_request(self, leased: Leased) -> Request:
        wish = json.loads(leased.request)
        headers = {}
        if (
            leased.referrer is not None
            and urlsplit(leased.referrer)[:1] == urlsplit(leased.url)[:1]
        ):
            headers["Referer"] = leased.referrer
        is_rendered = needs_browser(self._source.crawl, leased.kind)
        # A page that a script fills stays the same while its data change.
        if self._ledger.is_archived(leased) and not is_rendered:
            # Conditional on what the archive holds (RFC 9110, 13.1); each value goes back as sent.
            if leased.etag:
                headers["If-None-Match"] = leased.etag
            if leased.modified:
                headers["If-Modified-Since"] = leased.modified
        return Request(
            leased.url,
            getattr(self._spider, wish["callback"]),
            headers=headers,
            meta={LEASE: leased.id, RENDER: is_rendered, **wish.get("meta", {})},
            cb_kwargs=wish["cb_kwargs"],
            errback=self.failed,
            dont_filter=True,
        )

    def _commit_in_time(self) -> None:
        self._ledger.commit_in_time(self._commit_later)

    def _commit_later(self, seconds: float) -> None:
        if self._timer is None:
            self._timer = call_later(seconds, self._commit_now)

    def _commit_now(self) -> None:
        self._timer = None
        with self._all_or_nothing():
            self._ledger.commit()

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        """End the crawl when a step cannot be written: what comes after it would be lost."""
        try:
            yield
        except GongshiError as error:
            logger.error("what was fetched cannot be kept: %s", error)
            self._crawler.stats.set_value(DETAIL, str(error))
            self._ledger.give_up()
            stop_crawl(self._crawler, "archive_failed")


class Acknowledge:
    """Spider middleware that takes what a page leads to out of Scrapy's hands, all at once."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Keep the crawler, whose engine has the scheduler later on."""
        return cls(crawler)

    def process_spider_output(
        self, response: Response, result: Iterable[Request]
    ) -> Iterator[Request]:
        """Give the page and all its requests to the queue; nothing is left for the engine."""
        try:
            requests = list(result)
        except Exception as error:
            self._scheduler.fail(_request_of(response), ReadError(repr(error)))
            raise
        self._scheduler.complete(response, requests)
        yield from ()

    async def process_spider_output_async(
        self, response: Response, result: AsyncIterable[Request]
    ) -> AsyncIterator[Request]:
        """Do the same for a spider that reads pages asynchronously."""
        try:
            requests = [request async for request in result]
        except Exception as error:
            self._scheduler.fail(_request_of(response), ReadError(repr(error)))
            raise
        self._scheduler.complete(response, requests)
        for request in requests[:0]:  # an asynchronous generator has to yield somewhere
            yield request

    @property
    def _scheduler(self) -> FrontierScheduler:
        scheduler = self._crawler.engine.scheduler
        assert isinstance(scheduler, FrontierScheduler)
        return scheduler


def _request_of(response: Response) -> Request:
    assert response.request is not None
    return response.request
