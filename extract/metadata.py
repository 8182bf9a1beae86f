"""Read what a page says about its article: title, time, 来源, authors, column, tags, files."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml.html import HtmlElement

from extract.article import Article
from extract.attachment_links import read_attachment_links
from extract.boilerplate import is_link_line
from extract.breadcrumb import read_breadcrumb
from extract.byline import ACCOUNT, is_office, read_authors, read_editor
from extract.dates import PublishTime, read_publish_time
from extract.lines import Line, PageLines
from extract.metas import find_meta, read_metas
from extract.origin import HeadLine, Origin, find_origin
from extract.pieces import space_pieces
from extract.publish_time import (
    find_printed_date,
    find_publish_time,
    read_address_time,
    read_composed_time,
)
from extract.records import Attachment, Author
from extract.source import ParseRules
from extract.title import (
    clean_title,
    find_title,
    read_page_title,
    read_site,
    read_title_texts,
)

_VIEWS = re.compile(
    r"(?:浏览|阅读|点击|访问|人气|查看|围观)\s*(?:总?量|次数|人数|数|人次)?\s*[:：(（]?\s*(\d[\d,]*)(?!\s*[-年/:：])|"
    r"(\d[\d,]*)\s*(?:人次|次|人)\s*(?:浏览|阅读|点击|访问|围观)"
)
_TAGS = re.compile(r"^[\s【\[]*(?:标\s*签|关键[字词]|tags?|Tags?|TAGS?)\s*[:：]\s*(?P<tags>.+)$")
_TAG_SPLIT = re.compile(r"[;；,，、|\s\u3000#]+")
_META_ORIGIN = ("ContentSource", "source", "article:author:source", "mediaid")
_META_AUTHOR = ("author", "og:article:author", "article:author")
_LONGEST_NAME = 20
_ACCOUNT_ID = "js_name"
_LONGEST_HEAD_LINE = 200
_META_SITE = ("SiteName", "og:site_name", "application-name")


@dataclass(frozen=True, slots=True)
class MetadataOptions:
    """What is known of a page besides its lines."""

    url: str
    """Address of the page, against which links are resolved."""
    fetched_at: datetime
    """Time of the fetch, with zone: the anchor for dates without a year."""
    rules: ParseRules | None = None
    """Rules of the source, if any."""
    site: str | None = None
    """Name of the site, when the source declares it."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says about its article."""

    title: str
    """Title without the name of the site."""
    title_raw: str | None
    """Title as printed, when it differs."""
    published: PublishTime | None
    """Time of publication."""
    source: str | None
    """来源. Example: `嘉兴日报`"""
    source_raw: str | None
    """来源 as printed, with its label."""
    authors: tuple[Author, ...]
    """People named in the byline."""
    editor: str | None
    """编辑 or 责任编辑."""
    views: int | None
    """Page views as printed."""
    breadcrumb: tuple[str, ...]
    """Column path, outermost first."""
    tags: tuple[str, ...]
    """Tags printed with the page."""
    site: str | None
    """Name of the site."""
    attachments: tuple[Attachment, ...]
    """Files that the article links to."""


def read_metadata(
    page_lines: PageLines, article: Article, root: HtmlElement | None, options: MetadataOptions
) -> Metadata:
    """Read all metadata of an article; what is printed wins over meta elements.

    >>> from datetime import UTC, datetime
    >>> from extract.article import find_article
    >>> from extract.lines import read_text_lines
    >>> page = read_text_lines(
    ...     "绵阳新增试点社区\\n2022-03-10 来源:绵阳日报\\n"
    ...     "记者从市民政局获悉，全市今年新增试点社区四十二个，覆盖九个县市区，试点工作为期一年。"
    ... )
    >>> options = MetadataOptions("file:///1.txt", datetime(2022, 4, 1, tzinfo=UTC))
    >>> metadata = read_metadata(page, find_article(page, None), None, options)
    >>> metadata.title, metadata.source
    ('绵阳新增试点社区', '绵阳日报')
    """
    metas = read_metas(root)
    page_title = read_page_title(root)
    title, title_raw = _read_title(article, root, page_title, options.rules, metas)
    head = [space_pieces(line) for line in article.head]
    tail = [line.text for line in article.tail]
    texts = [*(line.text for line in article.head), *tail]
    body = article.lines
    published = _find_published(article, metas, root, title, options) if body else None
    origin = _find_origin(article, metas, root, title, options) if body else None
    edge = [line.text for line in (*body[:3], *body[-4:], *article.tail[:3])]
    crumbs = read_breadcrumb(page_lines.lines, title)
    return Metadata(
        title=title,
        title_raw=title_raw if title_raw and title_raw != title else None,
        published=published,
        source=origin.name if origin else None,
        source_raw=origin.raw if origin else None,
        authors=_find_authors(_below_title(head, title), edge, origin, metas) if body else (),
        editor=read_editor([*texts, *(line.text for line in body[-2:])]),
        views=_read_views([*_below_title(head, title), *tail, *head]),
        breadcrumb=crumbs,
        tags=_read_tags((*article.head, *article.tail)),
        site=options.site or _read_site(metas, page_title, title, crumbs),
        attachments=read_attachment_links(article, root, options.url),
    )


def _read_title(
    article: Article,
    root: HtmlElement | None,
    page_title: str,
    rules: ParseRules | None,
    metas: Sequence[tuple[str, str]],
) -> tuple[str, str | None]:
    ruled = _by_rule(root, rules.title if rules else None)
    if ruled:
        return clean_title(ruled), None
    line = find_title(article.head, article.lines, page_title)
    if line is not None:
        return clean_title(line.text), clean_title(line.printed)
    return clean_title(read_title_texts(page_title, metas)), None


def _by_rule(root: HtmlElement | None, xpath: str | None) -> str | None:
    if root is None or xpath is None:
        return None
    found = root.xpath(xpath)
    if isinstance(found, list):
        found = found[0] if found else ""
    text = found.text_content() if isinstance(found, HtmlElement) else str(found)
    return " ".join(text.split()) or None


def _below_title(head: Sequence[str], title: str) -> list[str]:
    start = max((i + 1 for i, text in enumerate(head) if text.strip() == title), default=0)
    return [text for text in head[start:] if text != title]


def _find_published(
    article: Article,
    metas: Sequence[tuple[str, str]],
    root: HtmlElement | None,
    title: str,
    options: MetadataOptions,
) -> PublishTime | None:
    ruled = _by_rule(root, options.rules.published if options.rules else None)
    if ruled and (found := read_publish_time(ruled, options.fetched_at)):
        return found
    return (
        find_publish_time(article, metas, root, title, options.fetched_at)
        or read_composed_time(article, options.fetched_at)
        or read_address_time(options.url)
    )


def _find_authors(
    head: Sequence[str],
    edge: Sequence[str],
    origin: Origin | None,
    metas: Sequence[tuple[str, str]],
) -> tuple[Author, ...]:
    """Read the people of the byline; without any, the account that signs the page."""
    people = read_authors(head, edge)
    if people:
        return people
    meta = find_meta(metas, _META_AUTHOR)
    outlet = origin.name if origin else None
    # A meta element is believed where the page prints the same name.
    if meta and meta != outlet and len(meta) <= _LONGEST_NAME and meta in " ".join(head).split():
        return (Author(meta, ""),)
    # A name beside the date without a label is both: 来源, and who signs.
    signed = origin is not None and any(origin.name in text for text in head)
    if origin and signed and origin.raw == outlet and not is_office(origin.name):
        return (Author(origin.name, ACCOUNT),)
    return ()


def _find_origin(
    article: Article,
    metas: Sequence[tuple[str, str]],
    root: HtmlElement | None,
    title: str,
    options: MetadataOptions,
) -> Origin | None:
    ruled = _by_rule(root, options.rules.source if options.rules else None)
    if ruled:
        return find_origin([HeadLine(ruled, "")], ()) or Origin(ruled, ruled)
    origin = find_origin(_read_head(article.head, title, options.fetched_at), ())
    if origin is None and (account := _read_account(root)):
        origin = Origin(account, account)
    if origin is None and (meta := find_meta(metas, _META_ORIGIN)):
        origin = Origin(meta, meta)
    return origin or find_origin((), (line.text for line in article.tail))


def _read_account(root: HtmlElement | None) -> str | None:
    """Read the account that signs a WeChat page."""
    found = root.get_element_by_id(_ACCOUNT_ID, None) if root is not None else None
    name = " ".join(found.text_content().split()) if found is not None else ""
    return name if 2 <= len(name) <= _LONGEST_NAME else None


def _read_head(lines: Sequence[Line], title: str, anchor: datetime) -> list[HeadLine]:
    """Read the lines above the body; a date in the title itself is no date of the page."""
    head: list[HeadLine] = []
    below_title = False
    for line in lines:
        if len(line.text) > _LONGEST_HEAD_LINE:
            continue
        is_title = line.text.strip() == title
        apart = space_pieces(line)
        date = "" if is_title else find_printed_date(apart, anchor)
        head.append(HeadLine(line.text, date, is_link_line(line), apart, below_title))
        below_title = is_title
    return head


def _read_views(texts: Iterable[str]) -> int | None:
    for text in texts:
        found = _VIEWS.search(text) if len(text) <= 200 else None
        if found:
            return int((found[1] or found[2]).replace(",", ""))
    return None


def _read_tags(lines: Iterable[Line]) -> tuple[str, ...]:
    for line in lines:
        if len(line.text) > _LONGEST_HEAD_LINE or not _TAGS.match(line.text):
            continue
        found = _TAGS.match(space_pieces(line))
        if found:
            tags = (tag.strip("[]【】") for tag in _TAG_SPLIT.split(found["tags"]))
            return tuple(dict.fromkeys(tag for tag in tags if tag))
    return ()


def _read_site(
    metas: Sequence[tuple[str, str]], page_title: str, title: str, crumbs: Sequence[str]
) -> str | None:
    site = find_meta(metas, _META_SITE) or read_site(page_title, title)
    if site:
        return site
    return crumbs[0] if crumbs and crumbs[0].endswith(("网", "在线", "网站")) else None
