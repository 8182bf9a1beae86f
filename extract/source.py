"""The declaration of a site, one TOML file per source: how to crawl it and how to read it."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit

from lxml import etree

from normalize.errors import GongshiError
from normalize.nearest import nearest

SOURCE_ID = re.compile(r"[a-z][a-z0-9_]{2,63}")


@dataclass(frozen=True, slots=True)
class CrawlRules:
    """How the pages of a source are reached; the table `[crawl]` of its file."""

    pattern: Literal["listing", "thread", "single"]
    """Access pattern: a listing that links to items, threads with pages, or single pages."""
    start_urls: tuple[str, ...]
    """Addresses the crawl starts from."""
    allowed_hosts: tuple[str, ...] = ()
    """Hosts the crawl may visit; those of `start_urls` when empty."""
    item_pattern: str | None = None
    """Regular expression that the address of an item page (article, thread) must match."""
    item_links: str = "//a[@href]"
    """XPath of the links that may lead to items."""
    next_links: str | None = None
    """XPath of the link to the next page of a listing or thread."""
    attachment_pattern: str = (
        r"\.(?:docx?|xlsx?|pdf|wps|et|ofd|zip|csv)(?:$|\?)|\?mod=attachment&aid=[^&]+$"
    )
    """Regular expression of the addresses of attachments, which are fetched with their page."""
    max_pages: int = 20
    """Listing or thread pages that are followed at most from one start."""
    max_requests: int = 5000
    """Requests of one run at most."""
    delay: float = 2.0
    """Seconds between two requests to one host; a longer Crawl-delay of robots.txt wins."""
    concurrency: int = 1
    """Requests to one host at a time."""
    obey_robots: bool = True
    """Whether robots.txt is respected."""
    browser: bool = False
    """Whether pages are fetched by a browser, for sites whose lists a script writes."""
    quiet_hours: str | None = None
    """Hours of Asia/Shanghai without any request. Example: `08:30-18:00`"""
    revisit_hours: float = 12.0
    """Hours after which a page is asked for again at the earliest."""
    stop_after_known: int = 20
    """Known items in a row, without a new one, after which a listing is not followed further."""
    ignored_parameters: tuple[str, ...] = ()
    """Parameters of addresses that do not change the page. Example: `("from", "ver")`"""
    max_addresses: int = 500_000
    """Addresses that are remembered at most; more are refused."""
    loopback_ports: tuple[int, ...] = ()
    """Ports of 127.0.0.1 that may be visited: for tests and the demo only."""


@dataclass(frozen=True, slots=True)
class ThreadRules:
    """Where the parts of a thread page stand; the table `[parse.thread]` of a source's file.

    Only for forums whose software the parser does not know: Discuz! and phpwind need none. The
    XPaths of a post's parts are taken from the element of the post, the others from the page.
    """

    post: str
    """XPath of the elements that hold one post each. Example: `//div[@class='reply']`"""
    text: str
    """XPath of a post's text. Example: `.//div[@class='content']`"""
    author: str | None = None
    """XPath of a post's author, an element or an attribute."""
    posted: str | None = None
    """XPath of a post's time; of the attribute that holds the exact time, if there is one."""
    floor: str | None = None
    """XPath of a post's floor; floors are counted on the first page when absent."""
    opening_floor: int = 1
    """Number the forum prints for the opening post: 1, or 0 where replies count from 1."""
    post_no: str | None = None
    """XPath of the attribute or link that holds the number of a post. Example: `./@id`"""
    quote: str | None = None
    """XPath of the quotes, taken from the text."""
    drop: tuple[str, ...] = ()
    """XPaths of what stands in a post's text and is none of it, taken from the text."""
    title: str | None = None
    """XPath of the thread's title; the page's title up to a dash when absent."""
    board: str | None = None
    """XPath of the board's name."""
    views: str | None = None
    """XPath of the number of views."""
    replies: str | None = None
    """XPath of the number of replies."""
    thread_no: str = r"(?:tid[=-]|thread-|/topic/|/t/)(?P<no>\d+)"
    """Regular expression over the page's address whose group `no` is the thread's number."""
    page_no: str = r"(?:[?&]page=|-page-|/page/)(?P<no>\d+)"
    """Regular expression over the page's address whose group `no` is the page's number."""


@dataclass(frozen=True, slots=True)
class ParseRules:
    """What the parser cannot see on the page itself; the table `[parse]` of a source's file."""

    page: Literal["auto", "article", "thread"] = "auto"
    """Kind of pages the source has."""
    body: str | None = None
    """XPath of the element that holds the body, when the general rule misses it."""
    title: str | None = None
    """XPath of the title."""
    published: str | None = None
    """XPath of the publish time."""
    source: str | None = None
    """XPath of 来源."""
    drop: tuple[str, ...] = ()
    """XPaths of elements that never belong to the body."""
    timezone: str = "+08:00"
    """Zone of printed times."""
    thread: ThreadRules | None = None
    """Where the parts of a thread page stand, for forum software the parser does not know."""


@dataclass(frozen=True, slots=True)
class Source:
    """One source: a site's column or board, declared in `crawler/sources/<id>.toml`."""

    id: str
    """File stem, spider name and fixture folder. Example: `sichuan_mzt_notices`"""
    name: str
    """Name for people. Example: `四川省民政厅 通知公告`"""
    site: str
    """Name of the site. Example: `四川省民政厅`"""
    kind: Literal["government", "news", "forum", "archive"]
    """Who speaks there; official pages win when the same unit is listed twice."""
    crawl: CrawlRules
    """How to reach its pages."""
    parse: ParseRules = ParseRules()
    """How to read its pages."""
    area: str | None = None
    """Area the source speaks of, as a path. Example: `四川省/绵阳市`"""
    verified: bool = False
    """Whether the rules were tried on the live site."""
    note: str = ""
    """What a maintainer should know."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """Hosts whose pages belong to this source.

        >>> read_source("demo_site", EXAMPLE).hosts
        ('mzt.example.cn',)
        """
        if self.crawl.allowed_hosts:
            return self.crawl.allowed_hosts
        return tuple(dict.fromkeys(urlsplit(u).hostname or "" for u in self.crawl.start_urls))

    def wants(self, url: str) -> bool:
        """Whether an address on one of its hosts is a page or an attachment of the source.

        >>> source = read_source("demo_site", EXAMPLE + "item_pattern = '/t[0-9]+.html$'")
        >>> source.wants("http://mzt.example.cn/t1.html"), source.wants("http://mzt.example.cn/")
        (True, False)
        """
        rules = self.crawl
        patterns = (rules.item_pattern or "", rules.attachment_pattern)
        return find_host(url) in self.hosts and any(re.search(p, url) for p in patterns)


def find_host(url: str) -> str | None:
    """Read the host of an address; None where it has none or is broken.

    >>> find_host("http://mzt.example.cn/1.html"), find_host("http://[1/")
    ('mzt.example.cn', None)
    """
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def find_source(url: str, sources: Mapping[str, Source]) -> Source | None:
    """Find the source whose host an address has: best one that wants it, then the first by id.

    >>> source = read_source("demo_site", EXAMPLE)
    >>> find_source("http://mzt.example.cn/1.html", {"demo_site": source}).id
    'demo_site'
    >>> find_source("file:///1.html", {"demo_site": source}) is None
    True
    """
    host = find_host(url)
    fitting = [source for source in sources.values() if host and host in source.hosts]
    if len(fitting) <= 1:
        return fitting[0] if fitting else None
    return min(fitting, key=lambda source: (not source.wants(url), source.id))


EXAMPLE = """
name = "某省民政厅 通知公告"
site = "某省民政厅"
kind = "government"
[crawl]
pattern = "listing"
start_urls = ["http://mzt.example.cn/tzgg/"]
"""
"""A smallest source file, for documentation and tests."""


def read_source(source_id: str, toml: str) -> Source:
    """Read the TOML text of one source file.

    Raises GongshiError for a bad id, broken TOML, a missing or unknown key (naming the nearest
    known one) or a value of the wrong type.

    >>> read_source("demo_site", EXAMPLE).crawl.pattern
    'listing'
    >>> read_source("demo", EXAMPLE + "delais = 3")
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: source 'demo': unknown key crawl.delais; did you mean 'delay'?
    """
    if not SOURCE_ID.fullmatch(source_id):
        raise GongshiError(
            f"source '{source_id}': the id must be lower snake case, such as 'sichuan_mzt_notices'"
        )
    try:
        table = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise GongshiError(f"source '{source_id}': the file is not valid TOML: {error}") from error
    if "id" in table:
        raise GongshiError(f"source '{source_id}': remove the key 'id'; the file's name is the id")
    source: Source = _fill(Source, {"id": source_id, **table}, source_id)
    if source.parse.thread is not None:
        _check_thread_rules(source.parse.thread, source_id)
    return source


def _check_thread_rules(rules: ThreadRules, source_id: str) -> None:
    """Refuse an XPath or a regular expression that no page could be read with."""
    for rule in fields(rules):
        value = getattr(rules, rule.name)
        for text in value if isinstance(value, tuple) else (value,):
            if not isinstance(text, str):
                continue
            try:
                if rule.name not in {"thread_no", "page_no"}:
                    etree.XPath(text)
                elif "no" not in re.compile(text).groupindex:
                    raise ValueError("it has no group (?P<no>...)")
            except (etree.XPathError, re.error, ValueError) as error:
                raise GongshiError(
                    f"source '{source_id}': parse.thread.{rule.name} is {text!r}: {error}"
                ) from error


def _fill(record: type[Any], table: Mapping[str, Any], source_id: str, prefix: str = "") -> Any:
    known = {f.name: f for f in fields(record)}
    for key in table:
        if key not in known:
            near = nearest(key, known)
            hint = f"did you mean '{near}'?" if near else f"known keys: {', '.join(known)}"
            raise GongshiError(f"source '{source_id}': unknown key {prefix}{key}; {hint}")
    missing = [
        name
        for name, f in known.items()
        if name not in table and f.default is MISSING and f.default_factory is MISSING
    ]
    if missing:
        raise GongshiError(f"source '{source_id}': key {prefix}{missing[0]} is missing; add it")
    kinds = get_type_hints(record)
    return record(
        **{
            key: _read_value(value, kinds[key], source_id, prefix + key)
            for key, value in table.items()
        }
    )


def _read_value(value: Any, kind: Any, source_id: str, key: str) -> Any:
    if is_dataclass(kind):
        if isinstance(value, Mapping):
            return _fill(kind, value, source_id, f"{key}.")  # type: ignore[arg-type]
    elif get_origin(kind) is Literal:
        if value in get_args(kind):
            return value
        raise GongshiError(
            f"source '{source_id}': {key} is {value!r}; use one of {', '.join(get_args(kind))}"
        )
    elif get_origin(kind) is UnionType:
        return _read_value(value, get_args(kind)[0], source_id, key)
    elif get_origin(kind) is tuple:
        item = get_args(kind)[0]
        if isinstance(value, list):
            return tuple(_read_value(v, item, source_id, key) for v in value)
    elif kind is float and type(value) is int:
        return float(value)
    elif type(value) is kind:
        return value
    wanted = "a list" if get_origin(kind) is tuple else getattr(kind, "__name__", "a table")
    raise GongshiError(f"source '{source_id}': {key} is {value!r}, but {wanted} is wanted")
