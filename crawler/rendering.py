"""Download handler that has pages shown by Chromium: what their scripts wrote is the answer."""

import asyncio
import logging
from contextlib import suppress
from http import HTTPStatus
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from playwright.async_api import Browser, Page
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Request as PageRequest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadTimeoutError, NotConfigured
from scrapy.http import Headers, HtmlResponse, Response
from scrapy_playwright.handler import (  # type: ignore[import-untyped]
    ScrapyPlaywrightDownloadHandler,
)
from scrapy_playwright.page import PageMethod  # type: ignore[import-untyped]
from scrapy_playwright.provider import (  # type: ignore[import-untyped]
    PlaywrightBrowserProvider,
)

from crawler.browser import LAUNCH_TIMEOUT, RENDER, RENDERED, RenderError
from crawler.guard import PostponedError
from crawler.limits import stop_crawl
from crawler.rendered_page import PageLimits, RenderedPage
from crawler.subrequests import SubRequests
from extract.source import Source
from normalize.errors import GongshiError

logger = logging.getLogger(__name__)

_CLOSE_TIMEOUT = 5.0
_OF_THE_SENT_BODY = (
    *("Content-Encoding", "Content-Length", "Transfer-Encoding", "Content-Disposition"),
    # Validators speak of the page without its data, which may change while they stay.
    *("ETag", "Last-Modified", "Content-MD5", "Digest", "Accept-Ranges"),
)


def refuse_request(request: PageRequest) -> bool:  # noqa: ARG001 - scrapy-playwright's protocol
    """Let no request out: what a page asks for is answered before this is reached."""
    return True


class ChromiumProvider(PlaywrightBrowserProvider):  # type: ignore[misc]
    """Starts the browser of one crawl."""

    async def launch_browser(self) -> Browser:
        """Start Chromium; raises GongshiError when it does not start."""
        try:
            browser: Browser = await super().launch_browser()
        except (PlaywrightError, RuntimeError) as error:
            why = str(error).partition("Call log:")[0].strip()
            raise GongshiError(
                f"Chromium does not start; try `chromium --headless --dump-dom about:blank`: {why}"
            ) from error
        return browser


class PageHandler(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]
    """Fetches in the plain way; a page that is to be shown goes through the browser afterwards.

    Everything that holds for plain answers holds therefore for pages: only a page of the status
    200 is shown. The browser itself has no network.
    """

    _handlers: ClassVar[WeakKeyDictionary[Crawler, "PageHandler"]] = WeakKeyDictionary()

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self._limits = PageLimits(
            settings.getfloat("DOWNLOAD_TIMEOUT"), settings.getint("DOWNLOAD_MAXSIZE")
        )
        self._agent: str = settings["USER_AGENT"]
        source = getattr(crawler.spider, "source", None)
        if not isinstance(source, Source):
            raise NotConfigured("the spider has no source")
        self._subrequests = SubRequests(crawler, source, super().download_request)
        self._is_closed = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "PageHandler":
        """Give http and https the same handler: each would start a browser of its own."""
        if crawler not in cls._handlers:
            cls._handlers[crawler] = cls(crawler)
        return cls._handlers[crawler]

    async def close(self) -> None:
        """Close the browser, once."""
        if self._is_closed:
            return
        self._is_closed = True
        try:
            await asyncio.wait_for(super().close(), _CLOSE_TIMEOUT * 2)
        except (TimeoutError, PlaywrightError) as error:
            # Its driver ends with this process, and the browser with its driver.
            logger.warning("the browser did not close in order: %s", error or "no answer")

    async def download_request(self, request: Request) -> Response:
        """Fetch an answer and, where the request wants it, what the scripts of the page make of it.

        Raises DownloadTimeoutError, RenderError, RefusedError and what plain downloads raise.
        """
        response: Response = await super().download_request(request)
        if not request.meta.get(RENDER) or response.status != HTTPStatus.OK:
            return response
        document = self._subrequests.unpack(request, response)
        if not isinstance(document, HtmlResponse):
            return response
        return await self._render(request, document)

    async def _render(self, request: Request, document: Response) -> Response:
        page = RenderedPage(request, document, self._subrequests, self._limits)
        name = f"page-{id(page)}"
        try:
            await self._show(page, name, document)
        finally:
            page.close()
            await self._close_context(name)
        if page.error is not None:
            raise page.error
        if page.answer is not None:
            page.answer.headers[RENDERED] = page.mark
            return page.answer
        assert page.html is not None
        return HtmlResponse(
            document.url,
            headers=rendered_headers(document.headers, page.mark),
            body=page.html,
            encoding="utf-8",
        )

    async def _show(self, page: RenderedPage, name: str, document: Response) -> None:
        try:
            async with asyncio.timeout(LAUNCH_TIMEOUT) as limit:

                async def prepare(tab: Page, _request: Request) -> None:
                    # Only now the page's own time begins: a cold browser takes a while to start.
                    now = asyncio.get_running_loop().time()
                    limit.reschedule(now + page.limits.seconds)
                    await page.prepare(tab)

                await super().download_request(self._tab_request(page, name, document, prepare))
        except TimeoutError as error:
            raise DownloadTimeoutError(
                f"the scripts of the page did not rest in {page.limits.seconds:g} seconds"
            ) from error
        except PlaywrightError as error:
            if page.answer is None and page.error is None:
                raise RenderError(f"the browser failed: {error.message}") from error
        except GongshiError as error:
            stop_crawl(self._crawler, "browser_failed")
            raise PostponedError("browser_failed", str(error)) from error

    def _tab_request(
        self, page: RenderedPage, name: str, document: Response, prepare: Any
    ) -> Request:
        return Request(
            document.url,
            meta={
                "playwright": True,
                "playwright_context": name,
                "playwright_context_kwargs": {
                    "user_agent": self._agent,
                    "locale": "zh-CN",
                    "timezone_id": "Asia/Shanghai",
                    "service_workers": "block",
                    "accept_downloads": False,
                },
                "playwright_page_init_callback": prepare,
                "playwright_page_goto_kwargs": {
                    "wait_until": "commit",
                    "timeout": page.limits.seconds * 1000,
                },
                "playwright_page_methods": [PageMethod(page.read)],
            },
        )

    async def _close_context(self, name: str) -> None:
        wrapper = self.context_wrappers.get(name)
        if wrapper is None:
            return
        try:
            await asyncio.wait_for(wrapper.context.close(), _CLOSE_TIMEOUT)
        except (TimeoutError, PlaywrightError):
            logger.warning("a page does not close; the browser is started anew")
            if wrapper.context.browser is not None:
                with suppress(TimeoutError, PlaywrightError):
                    await asyncio.wait_for(wrapper.context.browser.close(), _CLOSE_TIMEOUT)


def rendered_headers(sent: Headers, mark: str) -> Headers:
    """Headers of a rendered page: those of its answer without what was true of its bytes only.

    Takes the headers as sent and the mark of the browser.

    >>> rendered_headers(Headers({"ETag": "x", "Server": "y"}), "chromium/1")["Content-Type"]
    b'text/html; charset=utf-8'
    """
    headers = Headers(sent)
    for name in _OF_THE_SENT_BODY:
        headers.pop(name, None)
    headers["Content-Type"] = "text/html; charset=utf-8"
    headers[RENDERED] = mark
    return headers
