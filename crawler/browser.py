"""Settings for sources whose pages a script writes: a Chromium that has no network of its own."""

import importlib.util
import os
import shutil
from typing import Any

from extract.source import CrawlRules, Source
from normalize.errors import GongshiError

RENDER = "gongshi_render"
"""Key of a request's meta: whether the browser is to show the page."""
RENDERED = "X-Gongshi-Rendered"
"""Header of an archived page that a browser wrote out. Example:
`chromium/156.0.8078.79; requests=3; failed=0`"""
LAUNCH_TIMEOUT = 60.0
"""Seconds that the browser may take to start on a busy machine."""

_HANDLER = "crawler.rendering.PageHandler"
_COMMANDS = ("chromium", "chromium-browser")
_ARGUMENTS = (
    # Everything a page asks for is fetched by the crawl itself, with its checks. These keep the
    # ways closed that Playwright does not see: redirects, workers, sockets, prefetching.
    "--host-resolver-rules=MAP * ~NOTFOUND",  # addresses in digits, too
    "--proxy-server=http://nowhere.invalid:1",
    "--proxy-bypass-list=<-loopback>",  # or loopback would go past the proxy
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",  # as STUN would,
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",  # in older versions, too
    "--js-flags=--max-old-space-size=512",  # MB that the objects of a page's scripts may take
)
_LEFT_OUT = (
    # Playwright's: they let a page open windows, and change its address, without end.
    "--disable-popup-blocking",
    "--disable-ipc-flooding-protection",
)


class RenderError(Exception):
    """A page that the browser could not show.

    >>> str(RenderError("the page crashed"))
    'the page crashed'
    """


def find_chromium() -> str | None:
    """Path of the installed Chromium, None without one.

    >>> find_chromium() is None or "chromium" in find_chromium()
    True
    """
    return next((path for name in _COMMANDS if (path := shutil.which(name))), None)


def check_browser(source: Source) -> None:
    """Check that a source which wants a browser can have one.

    Raises GongshiError when scrapy-playwright or Chromium is missing.

    >>> from extract.source import EXAMPLE, read_source
    >>> check_browser(read_source("demo_site", EXAMPLE))
    """
    if not source.crawl.browser:
        return
    wanted = f"source '{source.id}' is read with a browser (crawl.browser)"
    if importlib.util.find_spec("scrapy_playwright") is None:
        raise GongshiError(
            f"{wanted}, but the package scrapy-playwright is missing; "
            "install it with `pip install -e '.[browser]'` in the checkout"
        )
    if find_chromium() is None:
        raise GongshiError(
            f"{wanted}, but Chromium is missing; install it with `apt install chromium`"
        )


def needs_browser(rules: CrawlRules, kind: str) -> bool:
    """Whether a page of a kind (listing, item, attachment) is shown by the browser.

    >>> needs_browser(CrawlRules("single", (), browser=True), "attachment")
    False
    """
    return rules.browser and kind != "attachment"


def browser_settings(source: Source) -> dict[str, Any]:
    """Settings of scrapy-playwright for a source; none for one that needs no browser.

    >>> from extract.source import EXAMPLE, read_source
    >>> browser_settings(read_source("demo_site", EXAMPLE))
    {}
    """
    if not source.crawl.browser:
        return {}
    return {
        # The settings of a spider replace those of the project, the closed schemes among them.
        "DOWNLOAD_HANDLERS": {
            **dict.fromkeys(("file", "data", "ftp", "s3")),
            **dict.fromkeys(("http", "https"), _HANDLER),
        },
        "PLAYWRIGHT_BROWSER_PROVIDER": "crawler.rendering.ChromiumProvider",
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": find_chromium(),
            "chromium_sandbox": os.geteuid() != 0,  # Chromium has none for root
            "args": list(_ARGUMENTS),
            "ignore_default_args": list(_LEFT_OUT),
            "timeout": LAUNCH_TIMEOUT * 1000,
            # The crawl alone decides when the browser ends.
            **dict.fromkeys(("handle_sigint", "handle_sigterm", "handle_sighup"), False),
        },
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 1,  # nothing is left of one page for the next
        "PLAYWRIGHT_MAX_CONTEXTS": source.crawl.concurrency * len(source.hosts),
        "PLAYWRIGHT_DOWNLOAD_TIMEOUT": 1000,  # milliseconds; downloads are refused
        "PLAYWRIGHT_PROCESS_REQUEST_HEADERS": None,  # no request is sent by the browser,
        "PLAYWRIGHT_ABORT_REQUEST": "crawler.rendering.refuse_request",  # come what may
    }
