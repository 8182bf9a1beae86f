"""One page in the browser: what it asks for is answered from here, and what it became is read."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import CDPSession, Page, Route
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Request as PageRequest
from scrapy import Request
from scrapy.http import Response

from crawler.browser import RenderError
from crawler.guard import PostponedError, RefusedError
from crawler.subrequests import SubRequests

logger = logging.getLogger(__name__)

_MOST_REQUESTS = 200
"""Requests of one page at most; a page of a public body makes about ten."""
_QUIET = 0.5
"""Seconds without a request after which a page is taken as written."""
_DATA = ("script", "xhr", "fetch")
"""What is fetched for a page; pictures, fonts, films, frames and sockets say nothing it lists."""
_BUSY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
_OWN_HEADERS = ("host", "cookie", "user-agent", "accept-encoding", "accept-language")
_LOST_HEADERS = ("content-encoding", "content-length", "transfer-encoding", "content-disposition")
"""Headers of a body that is unpacked by now and is to be shown, not saved."""
# The isolated world has its own untouched copies of these functions.
_READ = """(() => {
  const root = document.documentElement, kind = document.doctype;
  const html = (kind ? new XMLSerializer().serializeToString(kind) : "") +
    (root ? root.outerHTML : "");
  return [location.href, html.length > %d ? null : html];
})()"""


@dataclass(frozen=True, slots=True)
class PageLimits:
    """What one page may take."""

    seconds: float
    """Seconds until it is given up; a third of them is waited for it to become quiet."""
    size: int
    """Bytes of its HTML, and of all that its scripts ask for."""


class RenderedPage:
    """Shows one page that was fetched already and reads what its scripts make of it.

    Takes the page's request, the answer to it, unpacked, what fetches for its scripts, and its
    limits.
    Afterwards `html` holds the page; or `answer` what stands for it: a redirect that a script
    asked for, or a server too busy for the page's data; or `error` why there is neither.
    """

    def __init__(
        self, request: Request, document: Response, subrequests: SubRequests, limits: PageLimits
    ) -> None:
        self.limits = limits
        """What the page may take."""
        self.html: bytes | None = None
        """The page as its scripts wrote it, UTF-8."""
        self.answer: Response | None = None
        """What the site answered instead."""
        self.error: Exception | None = None
        """What kept the page from being read."""
        self.asked = 0
        """Requests for its scripts and their data."""
        self.failed = 0
        """Those of them that were refused or got no answer."""
        self._own_headers = {
            name: request.headers[name].decode("latin-1")  # type: ignore[union-attr]
            for name in ("User-Agent", "Accept-Language")
            if name in request.headers
        }
        self._version = "unknown"
        self._document = document
        self._subrequests = subrequests
        self._room = limits.size
        self._under_way: set[asyncio.Task[None]] = set()
        self._page: Page | None = None
        self._is_shown = False
        self._crashed = asyncio.Event()

    async def prepare(self, page: Page) -> None:
        """Stand between a new page and everything that it asks for."""
        self._page, self._is_shown = page, False
        if page.context.browser is not None:
            self._version = page.context.browser.version
        page.once("crash", lambda _: self._crashed.set())
        # Both: the first does not see what a window asks for that the page opens.
        await page.context.route("**/*", self._answer)
        await page.route("**/*", self._answer)

    async def read(self, page: Page) -> None:
        """Wait until the page is written, and read it unless something else stands for it.

        Raises RenderError when the page crashes, which nothing else would ever answer.
        """
        reading = asyncio.ensure_future(self._read(page))
        crash = asyncio.ensure_future(self._crashed.wait())
        try:
            await asyncio.wait({reading, crash}, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                raise RenderError("the page crashed")
            await reading
        finally:
            reading.cancel()
            crash.cancel()

    async def _read(self, page: Page) -> None:
        devtools = await page.context.new_cdp_session(page)
        await self._wait_until_quiet(devtools)
        if not self._is_over:
            await self._read_html(devtools)
        # scrapy-playwright reads the page once more, and it may have grown without bounds.
        await page.goto("about:blank")

    def close(self) -> None:
        """End what is still being fetched for the page."""
        for task in self._under_way:
            task.cancel()

    @property
    def mark(self) -> str:
        """What the header of a rendered page says of its making."""
        return f"chromium/{self._version}; requests={self.asked}; failed={self.failed}"

    @property
    def _is_over(self) -> bool:
        return self.answer is not None or self.error is not None

    async def _wait_until_quiet(self, devtools: CDPSession) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + self.limits.seconds / 3
        while loop.time() < end and not self._is_over:
            asked = self.asked
            await asyncio.sleep(_QUIET)
            # Answered when the page's scripts rest: what they ask for by then is seen below.
            state = await devtools.send(
                "Runtime.evaluate", {"expression": "document.readyState === 'complete'"}
            )
            is_loaded = state["result"].get("value") is True
            if is_loaded and asked == self.asked and not self._under_way:
                return

    async def _read_html(self, devtools: CDPSession) -> None:
        tree = await devtools.send("Page.getFrameTree")
        frame = tree["frameTree"]["frame"]["id"]
        world = await devtools.send("Page.createIsolatedWorld", {"frameId": frame})
        read = await devtools.send(
            "Runtime.evaluate",
            {
                "expression": _READ % self.limits.size,
                "contextId": world["executionContextId"],
                "returnByValue": True,
            },
        )
        # Without a value the text was longer than a string may be.
        address, html = read["result"].get("value") or (self._document.url, None)
        # Half of a surrogate pair has no UTF-8.
        body = None if html is None else html.encode("utf-8", "replace")
        if urlsplit(address)[:2] != urlsplit(self._document.url)[:2]:
            self.error = RefusedError("refused_scheme", f"a script left the page for {address}")
        elif body is None or len(body) > self.limits.size:
            self.error = RefusedError("too_large", f"the page grew over {self.limits.size} bytes")
        else:
            self.html = body

    async def _answer(self, route: Route) -> None:
        asked = route.request
        try:
            if self._is_main(asked):
                await self._answer_main(route)
            elif asked.resource_type == "stylesheet":
                # Some scripts wait for their style; what it says does not matter here.
                await route.fulfill(status=HTTPStatus.OK, content_type="text/css", body="")
            elif asked.resource_type not in _DATA or self._is_over:
                await route.abort()
            else:
                await self._run(self._answer_data(route))
        except PlaywrightError as error:
            logger.debug("%s: the page no longer waits: %s", asked.url, error)

    def _is_main(self, asked: PageRequest) -> bool:
        with suppress(PlaywrightError):  # a window that is only being opened has no frame
            return (
                self._page is not None
                and asked.is_navigation_request()
                and asked.frame == self._page.main_frame
            )
        return False

    async def _answer_main(self, route: Route) -> None:
        if not self._is_shown:
            self._is_shown = True
            await _fulfill(route, self._document)
            return
        # The page leads elsewhere: the queue decides whether and when that is fetched.
        if route.request.method != "GET":
            self.error = RefusedError("refused_method", f"a form is sent to {route.request.url}")
        elif not self._is_over:
            self.answer = Response(
                self._document.url,
                status=HTTPStatus.FOUND,
                headers={"Location": route.request.url},
            )
        await route.fulfill(status=HTTPStatus.NO_CONTENT)

    async def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._under_way.add(task)
        try:
            await task
        except asyncio.CancelledError:
            logger.debug("the page was closed before it had its data")
        finally:
            self._under_way.discard(task)

    async def _answer_data(self, route: Route) -> None:
        request = self._make_request(route.request)
        self.asked += 1
        try:
            if self.asked > _MOST_REQUESTS or self._room <= 0:
                raise RefusedError("too_many_requests", "the page's scripts ask for too much")
            is_script = route.request.resource_type == "script"
            response = await self._subrequests.ask(request, keep=is_script)
        except PostponedError as error:
            self.error = error
        except Exception as error:
            self.failed += 1
            self._subrequests.record(request, error)
        else:
            self._room -= len(response.body)
            if response.status not in _BUSY:
                await _fulfill(route, response)
                return
            # Without its data the page would look empty, not missing.
            self.answer = self.answer or response.replace(url=self._document.url)
        await route.abort()

    def _make_request(self, asked: PageRequest) -> Request:
        headers = {
            name: value
            for name, value in asked.headers.items()
            if name not in _OWN_HEADERS and not name.startswith("sec-")
        }
        return Request(
            asked.url,
            method=asked.method,
            headers=headers | self._own_headers,
            body=asked.post_data_buffer or b"",
            meta={"download_maxsize": max(self._room, 1)},
        )


async def _fulfill(route: Route, response: Response) -> None:
    """Give the browser an answer; cookies are not kept, as in every crawl."""
    headers = {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
    for name in (*_LOST_HEADERS, "set-cookie"):
        headers.pop(name, None)
    await route.fulfill(status=response.status, headers=headers, body=response.body)
