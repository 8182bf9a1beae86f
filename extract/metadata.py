"""Read what a page says about its article: title, time, 来源, authors, column, tags, files."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml.html import HtmlElement

from extract.article import Article
from extract.attachment_links import read_attachment_links
from extract.boilerplate import is_link_line
from extract.byline import ACCOUNT, is_office, read_authors, read_editor
from extract.dates import PublishTime, read_publish_time
from extract.lines import Line, PageLines
from extract.origin import HeadLine, Origin, find_origin
from extract.records import Attachment, Author
from extract.source import ParseRules
from extract.title import (
    clean_title,
    find_title,
    read_page_title,
    read_site,
    read_title_texts,
)

_PUBLISHED = re.compile(
    r"(?:发布|发表|发文|刊发|公开|上网)\s*(?:时间|日期)|发[布表]\s*(?:于|[:：])"
)
_DATED = re.compile(r"(?:时间|日期)\s*[:：]")
_COMPOSED = re.compile(
    r"(?:成文|生成|印发|制发|生效|实施|废止|失效|签发|更新)\s*(?:时间|日期)|最后更新"
)
_VIEWS = re.compile(
    r"(?:浏览|阅读|点击|访问|人气|查看|围观)\s*(?:总?量|次数|人数|数|人次)?\s*[:：(（]?\s*(\d[\d,]*)(?!\s*[-年/:：])|"
    r"(\d[\d,]*)\s*(?:人次|次|人)\s*(?:浏览|阅读|点击|访问|围观)"
)
_TAGS = re.compile(r"^[\s【\[]*(?:标\s*签|关键[字词]|tags?|Tags?|TAGS?)\s*[:：]\s*(?P<tags>.+)$")
_TAG_SPLIT = re.compile(r"[;；,，、|\s\u3000#]+")
_CRUMB_LABEL = re.compile(r"^.{0,10}?(?:当前|所在|现在)?(?:的)?位置\s*(?:是|为)?\s*[:：]?\s*")
_CRUMB_SPLIT = re.compile(r"\s*(?:>>|»|>|›|→|＞|/(?=\s))\s*")
_CRUMB_END = re.compile(r"\s*(?:正文|文章详情|详细内容|内容|详情|浏览文章)$")
_DATE_PART = re.compile(r"[\d年月日/:：.\s-]{2,12}")
_YEAR = re.compile(r"(?:19|20)\d\d|[一二][〇零○Ｏ九][〇零○Ｏ一二]")
_SPLIT_DATE = re.compile(r"((?:19|20)\d\d)年?\s+(\d{1,2})[/.-](\d{1,2})")
_RELATIVE = re.compile(r"(?:昨天|前天|今天|刚刚|\d+\s*(?:分钟|小时|天)前)(?:\s*\d{1,2}:\d\d)?")
_META_TIME = (
    "PubDate", "article:published_time", "og:release_date", "datePublished", "publishdate",
    "firstpublishedtime", "apub:time", "weibo: article:create_at", "article:create_at", "date",
)  # fmt: skip
_META_ORIGIN = ("ContentSource", "source", "article:author:source", "mediaid")
_META_AUTHOR = ("author", "og:article:author", "article:author")
_LONGEST_NAME = 20
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
    head = [line.text for line in article.head]
    texts = [*head, *(line.text for line in article.tail)]
    body = article.lines
    published = _find_published(article, metas, root, options) if body else None
    origin = _find_origin(article, metas, root, options) if body else None
    edge = [line.text for line in (*body[:3], *body[-4:], *article.tail[:3])]
    crumbs = _read_breadcrumb(page_lines.lines, title)
    return Metadata(
        title=title,
        title_raw=title_raw if title_raw and title_raw != title else None,
        published=published,
        source=origin.name if origin else None,
        source_raw=origin.raw if origin else None,
        authors=_find_authors(_below_title(head, title), edge, origin, metas) if body else (),
        editor=read_editor([*texts, *(line.text for line in body[-2:])]),
        views=_read_views(texts),
        breadcrumb=crumbs,
        tags=_read_tags(texts),
        site=options.site or _read_site(metas, page_title, title, crumbs),
        attachments=read_attachment_links(article, root, options.url),
    )


def read_metas(root: HtmlElement | None) -> list[tuple[str, str]]:
    """Read the named meta elements of a page as pairs of name and content.

    >>> from extract.page import parse_tree
    >>> read_metas(parse_tree("<meta name=PubDate content=2022-03-10><p>一"))
    [('PubDate', '2022-03-10')]
    """
    if root is None:
        return []
    pairs = []
    for element in root.iter("meta"):
        name = element.get("name") or element.get("property") or element.get("itemprop")
        if name and element.get("content"):
            pairs.append((name, element.get("content", "")[:500]))
    return pairs


def _first_meta(metas: Sequence[tuple[str, str]], names: Iterable[str]) -> str | None:
    known = {name.lower(): value.strip() for name, value in reversed(metas) if value.strip()}
    return next((known[name.lower()] for name in names if name.lower() in known), None)


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
    options: MetadataOptions,
) -> PublishTime | None:
    anchor = options.fetched_at
    ruled = _by_rule(root, options.rules.published if options.rules else None)
    if ruled and (found := read_publish_time(ruled, anchor)):
        return found
    head = [line.text for line in article.head if len(line.text) <= 300]
    around = [*head, *(line.text for line in article.tail if len(line.text) <= 300)]
    printed = _read_labelled(around, anchor) or _read_bare(head, anchor)
    if printed:
        return printed
    meta = _first_meta(metas, _META_TIME)
    if meta and (found := read_publish_time(meta.replace("T", " "), anchor)):
        return found
    return None


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
    meta = _first_meta(metas, _META_AUTHOR)
    outlet = origin.name if origin else None
    # A meta element is believed where the page prints the same name.
    if meta and meta != outlet and len(meta) <= _LONGEST_NAME and meta in " ".join(head).split():
        return (Author(meta, ""),)
    # A name beside the date without a label is both: 来源, and who signs.
    if origin and origin.raw == outlet and not is_office(origin.name):
        return (Author(origin.name, ACCOUNT),)
    return ()


_DAYS = frozenset(("second", "minute", "hour", "day"))


def _read_labelled(texts: Sequence[str], anchor: datetime) -> PublishTime | None:
    """Read a time behind 发布时间 anywhere, or else behind a plain 时间 that is not 成文时间."""
    for text in texts:
        label = _PUBLISHED.search(text)
        if label and (found := _read_behind(text, label.end(), anchor)):
            return found
    for text in texts:
        label = _DATED.search(text) if not _COMPOSED.search(text) else None
        if label and (found := _read_behind(text, label.end(), anchor)):
            return found
    return None


def _read_bare(head: Sequence[str], anchor: datetime) -> PublishTime | None:
    plain = [text for text in head if len(text) <= 200 and not _COMPOSED.search(text)]
    found = [read_publish_time(text, anchor) for text in plain]
    # 2年后 in a title names a year at most: no page is published on one.
    days = [time for time in found if time and time.precision in _DAYS]
    # 5月20日 or 今天 in a title is no publication where a line below prints a whole date.
    whole = [time for time in days if _YEAR.search(time.raw)]
    if days:
        return (whole or days)[0]
    pieces = " ".join(text for text in head if _DATE_PART.fullmatch(text))
    return read_publish_time(_SPLIT_DATE.sub(r"\1/\2/\3", pieces), anchor) if pieces else None


def _read_behind(text: str, offset: int, anchor: datetime) -> PublishTime | None:
    return read_publish_time(text[offset : offset + 40], anchor)


def _find_origin(
    article: Article,
    metas: Sequence[tuple[str, str]],
    root: HtmlElement | None,
    options: MetadataOptions,
) -> Origin | None:
    ruled = _by_rule(root, options.rules.source if options.rules else None)
    if ruled:
        return find_origin([HeadLine(ruled, "")], ()) or Origin(ruled, ruled)
    head = [
        HeadLine(line.text, _printed_date(line.text, options.fetched_at), is_link_line(line))
        for line in article.head
        if len(line.text) <= 200
    ]
    origin = find_origin(head, ())
    if origin is None and (meta := _first_meta(metas, _META_ORIGIN)):
        origin = Origin(meta, meta)
    return origin or find_origin((), (line.text for line in article.tail))


def _printed_date(text: str, anchor: datetime) -> str:
    if _DATE_PART.fullmatch(text):
        return text
    found = read_publish_time(text, anchor)
    if found is not None:
        return found.raw
    near = _RELATIVE.search(text) if len(text) <= 60 else None
    return near[0] if near is not None else ""


def _read_views(texts: Iterable[str]) -> int | None:
    for text in texts:
        found = _VIEWS.search(text) if len(text) <= 200 else None
        if found:
            return int((found[1] or found[2]).replace(",", ""))
    return None


def _read_tags(texts: Iterable[str]) -> tuple[str, ...]:
    for text in texts:
        found = _TAGS.match(text) if len(text) <= 200 else None
        if found:
            tags = (tag.strip("[]【】") for tag in _TAG_SPLIT.split(found["tags"]))
            return tuple(dict.fromkeys(tag for tag in tags if tag))
    return ()


def _read_breadcrumb(lines: Sequence[Line], title: str) -> tuple[str, ...]:
    for line in lines:
        text = line.text
        if len(text) > 160 or len(_CRUMB_SPLIT.findall(text)) < 1:
            continue
        labelled = "位置" in text[:12]
        if not labelled and not (
            text.lstrip().startswith("首页") or (_CRUMB_END.search(text) and "|" not in text)
        ):
            continue
        bare = _CRUMB_END.sub("", _CRUMB_LABEL.sub("", text) if labelled else text)
        parts = [part.strip(" 　:：|") for part in _CRUMB_SPLIT.split(bare)]
        crumbs = [part for part in parts if part and part not in {"首页", "正文", title}]
        if crumbs and all(len(part) <= 20 for part in crumbs):
            return tuple(crumbs)
    return ()


def _read_site(
    metas: Sequence[tuple[str, str]], page_title: str, title: str, crumbs: Sequence[str]
) -> str | None:
    site = _first_meta(metas, _META_SITE) or read_site(page_title, title)
    if site:
        return site
    return crumbs[0] if crumbs and crumbs[0].endswith(("网", "在线", "网站")) else None
