"""Source files to declarations, and declarations to spiders: no registry to keep."""

import builtins
import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Self

from lxml import etree
from scrapy import Request, Spider
from scrapy.settings import BaseSettings

from crawler.browser import browser_settings
from crawler.guard import RefusedError, check_address
from crawler.spiders.base import SourceSpider
from crawler.spiders.listing import ListingSpider
from crawler.spiders.single import SingleSpider
from crawler.spiders.thread import ThreadSpider
from crawler.visiting import check_quiet_hours
from extract.source import Source, read_source
from normalize.errors import GongshiError

_PATTERNS: dict[str, type[SourceSpider]] = {
    "listing": ListingSpider,
    "thread": ThreadSpider,
    "single": SingleSpider,
}
_HOST = re.compile(r"[a-z0-9.-]+|[0-9a-f:]+")
logger = logging.getLogger(__name__)

_PACKAGED = files("crawler") / "sources"  # in a zip when scrapyd runs the egg


@dataclass(frozen=True, slots=True)
class Declared:
    """The source files that can be used, and what is wrong with the others."""

    sources: dict[str, Source]
    """Sources by id, in the order of their ids."""
    problems: dict[str, str]
    """One sentence for each file that cannot be used, by id."""


def read_sources(folder: Path | None = None) -> Declared:
    """Read the source files of a folder; a broken one does not keep the others from use.

    Without a folder: the files that come with the project, and those of the folder that the
    environment variable GONGSHI_SOURCES names. Files that start with `_` are skipped. Raises
    GongshiError for a missing folder.

    >>> read_sources().problems
    {}
    """
    folders: list[Traversable] = [folder] if folder is not None else [_PACKAGED]
    own = os.environ.get("GONGSHI_SOURCES")
    if folder is None and own:
        folders.append(Path(own))
    paths: dict[str, Traversable] = {}
    declared = Declared({}, {})
    for path in (path for one in folders for path in _list_files(one)):
        name = _source_id(path)
        if name in paths:
            declared.problems[name] = (
                f"source '{name}' is declared twice, in '{paths[name]}' and '{path}'; "
                "rename one of the files"
            )
        paths.setdefault(name, path)
    for name in sorted(paths.keys() - declared.problems):
        try:
            declared.sources[name] = load_source(paths[name])
        except GongshiError as error:
            declared.problems[name] = str(error)
    return declared


def load_source(path: Traversable) -> Source:
    """Read one source file and try its patterns.

    Raises GongshiError when the file cannot be read, is not a valid declaration, or holds a
    regular expression or XPath that cannot be used.

    >>> load_source(Path("/nowhere/demo_site.toml"))
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: source 'demo_site': the file cannot be read: No such file or directory
    """  # noqa: E501 - the message is one line
    name = _source_id(path)
    try:
        toml = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise GongshiError(f"source '{name}': the file cannot be read: {why}") from error
    source = read_source(name, toml)
    _check_addresses(source)
    _check_numbers(source)
    _check_patterns(source)
    check_quiet_hours(source)
    return source


def make_spider(source: Source) -> type[SourceSpider]:
    """Make the spider class of a source: its access pattern with its name, rules and settings.

    >>> from extract.source import EXAMPLE
    >>> spider = make_spider(read_source("demo_site", EXAMPLE))
    >>> spider.name, spider.__mro__[1].__name__
    ('demo_site', 'ListingSpider')
    """
    pattern = _PATTERNS[source.crawl.pattern]
    name = "".join(word.capitalize() for word in source.id.split("_")) + "Spider"
    members = {
        "name": source.id,
        "source": source,
        "allowed_domains": list(source.hosts),
        "custom_settings": spider_settings(source),
        "__doc__": source.name,
        "__module__": pattern.__module__,
    }
    return type(name, (pattern,), members)


def spider_settings(source: Source) -> dict[str, Any]:
    """Settings that a source's crawl rules ask for.

    >>> from extract.source import EXAMPLE
    >>> spider_settings(read_source("demo_site", EXAMPLE))["DOWNLOAD_DELAY"]
    2.0
    """
    rules = source.crawl
    return {
        "DOWNLOAD_DELAY": rules.delay,
        "CONCURRENT_REQUESTS_PER_DOMAIN": rules.concurrency,
        # No more in hand than are sent: what waits in the downloader delays the end of a crawl.
        "CONCURRENT_REQUESTS": rules.concurrency * len(source.hosts),
        "AUTOTHROTTLE_TARGET_CONCURRENCY": float(rules.concurrency),
        "ROBOTSTXT_OBEY": rules.obey_robots,
        **browser_settings(source),
    }


class SourceSpiderLoader:
    """Scrapy's view of the source files: `scrapy list` and `scrapy crawl ID` go through it."""

    def __init__(self) -> None:
        declared = read_sources()
        for problem in declared.problems.values():
            logger.error(problem)
        self._spiders = {name: make_spider(source) for name, source in declared.sources.items()}

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:  # noqa: ARG003 - Scrapy's protocol
        """Make a loader; the source files need no settings."""
        return cls()

    def load(self, spider_name: str) -> type[Spider]:
        """Return the spider class of a source id; raises KeyError for an unknown one."""
        return self._spiders[spider_name]

    def list(self) -> list[str]:
        """Return the ids of all sources."""
        return list(self._spiders)

    def find_by_request(self, request: Request) -> builtins.list[str]:
        """Return the ids of the sources whose hosts a request belongs to."""
        return [name for name, spider in self._spiders.items() if spider.handles_request(request)]


def _source_id(path: Traversable) -> str:
    return path.name.removesuffix(".toml")


def _list_files(folder: Traversable) -> list[Traversable]:
    if not folder.is_dir():
        raise GongshiError(
            f"folder of sources '{folder}' does not exist; create it or mend the path"
        )
    found = [path for path in folder.iterdir() if path.name.endswith(".toml")]
    return sorted((path for path in found if path.name[0] != "_"), key=lambda path: path.name)


def _check_addresses(source: Source) -> None:
    for host in source.crawl.allowed_hosts:
        if not _HOST.fullmatch(host):
            raise GongshiError(
                f"source '{source.id}': crawl.allowed_hosts has '{host}'; "
                "write a host in lower case, without scheme, port or path"
            )
    for url in source.crawl.start_urls:
        try:
            check_address(url, source)
        except RefusedError as error:
            raise GongshiError(
                f"source '{source.id}': crawl.start_urls has '{url}', which would be refused: "
                f"{error}; mend the address or name its host in crawl.allowed_hosts"
            ) from error


def _check_numbers(source: Source) -> None:
    rules = source.crawl
    for key, value, least in (
        ("max_pages", rules.max_pages, 1),
        ("max_requests", rules.max_requests, 1),
        ("concurrency", rules.concurrency, 1),
        ("delay", rules.delay, 0),
    ):
        if value < least:
            raise GongshiError(
                f"source '{source.id}': crawl.{key} is {value}; the least is {least}"
            )


def _check_patterns(source: Source) -> None:
    rules = source.crawl
    for key, pattern in (
        ("item_pattern", rules.item_pattern),
        ("attachment_pattern", rules.attachment_pattern),
    ):
        try:
            re.compile(pattern or "")
        except re.error as error:
            raise GongshiError(
                f"source '{source.id}': crawl.{key} is not a regular expression: {error}"
            ) from error
    for key, xpath in _list_xpaths(source):
        try:
            etree.XPath(xpath)
        except etree.XPathSyntaxError as error:
            raise GongshiError(f"source '{source.id}': {key} is not an XPath: {error}") from error


def _list_xpaths(source: Source) -> Iterator[tuple[str, str]]:
    for table, rules, keys in (
        ("crawl", source.crawl, ("item_links", "next_links")),
        ("parse", source.parse, ("body", "title", "published", "source")),
    ):
        yield from ((f"{table}.{key}", xpath) for key in keys if (xpath := getattr(rules, key)))
    yield from (("parse.drop", xpath) for xpath in source.parse.drop)
