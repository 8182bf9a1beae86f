"""One page of a declared source, fetched by the project's own crawler with all its checks."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from crawler.guard import RefusedError, check_address
from crawler.run import CrawlSummary
from datasets.archive import Fetch, read_fetches
from datasets.index import PARSED_TYPES
from extract.page import Page
from extract.source import Source
from gongshi.collect import run_crawl
from normalize.errors import FetchError, GongshiError

_NOTHING = r"(?!)"
"""Regular expression that no address matches."""
_WHY: Mapping[str, str] = {
    "robots": "robots.txt of the site forbids it; choose a page that it allows",
    "rules_unknown": "robots.txt of the site cannot be had just now; try again later",
    "offsite": "it led to a host that is not the source's; name that one in crawl.allowed_hosts",
    "refused_private_address": "it led into a private network, where no crawl goes",
    "timeout": "the site did not answer in time; try again, or give GONGSHI_TIMEOUT more seconds",
    "dns": "its host is not known; check the address",
    "connection_refused": "its host takes no connection; check the address and its port",
    "tls": "the certificate of the site is not valid; check the address",
    "too_large": "it is larger than what a crawl takes; choose a smaller page",
    "redirect_loop": "it is redirected without end; check the address in a browser",
    "quiet_hours": "it is not asked for in the source's quiet_hours; try again after them",
    "asked_to_wait": "the site asks for a rest; try again later",
}
"""What keeps a page from us, and how to mend it, by the reason in the archive."""


def fetch_page(source: Source, url: str) -> Page:
    """Fetch one page of a source, without the files and further pages that it links to.

    Takes the source and an address on one of its hosts; redirects within them are followed, so
    the page may bear another address. Raises GongshiError for an address that is not the
    source's, and FetchError when there is no page: for robots.txt, a status, a timeout and so on.

    >>> from extract.source import EXAMPLE, read_source
    >>> fetch_page(read_source("demo_site", EXAMPLE), "http://192.168.0.1/")
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: 'http://192.168.0.1/' is refused: 192.168.0.1 is not a public ...
    """
    try:
        check_address(url, source)
    except RefusedError as error:
        hosts = ", ".join(source.hosts) or "none yet"
        raise GongshiError(
            f"'{url}' is refused: {error}; give an address on a host of the source ({hosts}), or "
            "name its host in crawl.allowed_hosts of the source's file"
        ) from error
    with TemporaryDirectory(prefix="gongshi-") as folder:
        (summary,) = run_crawl([_narrow(source, url)], Path(folder))
        return _make_page(_read_last(summary, url), url)


def _narrow(source: Source, url: str) -> Source:
    """The source as if it had this page alone; its hosts and manners stay."""
    rules = replace(
        source.crawl,
        pattern="single",
        start_urls=(url,),
        allowed_hosts=source.hosts,  # else the new address alone would say what they are
        attachment_pattern=_NOTHING,
        max_pages=1,
    )
    return replace(source, crawl=rules)


def _read_last(summary: CrawlSummary, url: str) -> Fetch:
    """Read what the last request came to; redirects, retries and robots.txt are before it."""
    if summary.detail or summary.warc_file is None:
        raise GongshiError(f"'{url}' was not fetched: {summary.detail}")
    fetches = [
        fetch
        for fetch in read_fetches(summary.warc_file)
        if urlsplit(fetch.url).path != "/robots.txt"
    ]
    if not fetches:
        raise _refuse(url, summary.ended)
    return fetches[-1]


def _make_page(fetch: Fetch, url: str) -> Page:
    if fetch.reason is not None:
        raise _refuse(url, fetch.reason)
    if fetch.media_type not in PARSED_TYPES:
        raise GongshiError(
            f"'{url}' is {fetch.media_type}, no page: record the HTML page that links to it"
        )
    moment = fetch.fetched_at.replace(microsecond=0)
    return Page(fetch.payload, fetch.url, fetch.media_type, fetch.charset, moment)


def _refuse(url: str, reason: str) -> FetchError:
    if reason.startswith("http_"):
        is_busy = reason.startswith(("http_5", "http_429"))
        mend = "try again later" if is_busy else "check the address in a browser"
        why = f"the site answered with status {reason.removeprefix('http_')}; {mend}"
    else:
        why = _WHY.get(reason, f"there was no answer to keep ({reason}); check the address")
    return FetchError(f"'{url}' gave no page: {why}")
