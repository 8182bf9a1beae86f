"""Find the publish time of a page: printed beside the article, in meta elements, in a script."""

import re
from collections.abc import Sequence
from datetime import datetime

from lxml.html import HtmlElement

from extract.article import Article
from extract.date_values import CHINA
from extract.dates import PublishTime, read_publish_time
from extract.metas import find_meta

_PUBLISHED = re.compile(
    r"(?:发布|发表|发文|刊发|公开|上网)\s*(?:时间|日期)|发[布表]\s*(?:于|[:：])"
)
_DATED = re.compile(r"(?:时间|日期)\s*[:：]")
_COMPOSED = re.compile(
    r"(?:成文|生成|印发|制发|生效|实施|废止|失效|签发|更新)\s*(?:时间|日期)|最后更新"
)
_UPDATED = re.compile(r"更新\s*(?:时间|日期|[于:：])|最后更新")
_GENERATED = re.compile(r"(?:生成|成文)\s*(?:时间|日期)")
_SCRIPT_TIME = re.compile(
    r"(?:\bct|oriCreateTime|createTime|create_time|publish_?[tT]ime|pubDate|datePublished)"
    r"[\"']?\s*[:=]\s*[\"']?(?P<time>1\d{9}\b|(?:19|20)\d\d-\d{1,2}-\d{1,2}[ T]?[\d:]{0,8})"
)
_DATE_PART = re.compile(r"[\d年月日/:：.\s-]{2,12}")
_YEAR = re.compile(r"(?:19|20)\d\d|[一二][〇零○Ｏ九][〇零○Ｏ一二]")
_SPLIT_DATE = re.compile(r"((?:19|20)\d\d)年?\s+(\d{1,2})[/.-](\d{1,2})")
_RELATIVE = re.compile(r"(?:昨天|前天|今天|刚刚|\d+\s*(?:分钟|小时|天)前)(?:\s*\d{1,2}:\d\d)?")
_META_TIME = (
    "PubDate", "article:published_time", "og:release_date", "datePublished", "publishdate",
    "firstpublishedtime", "apub:time", "weibo: article:create_at", "article:create_at", "date",
)  # fmt: skip
_ADDRESS_DAY = re.compile(
    r"[/t_](?P<whole>(?P<year>(?:19|20)\d\d)"
    r"(?:[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})|/?(?P<month_of_two>\d\d)(?P<day_of_two>\d\d)))"
    r"(?=[/_.]|$)",
    re.ASCII,
)
_LONGEST_LINE = 300
_NEAR_TAIL = 3
_LONGEST_DATED = 40
_DAYS = frozenset(("second", "minute", "hour", "day"))


def find_publish_time(
    article: Article,
    metas: Sequence[tuple[str, str]],
    root: HtmlElement | None,
    title: str,
    anchor: datetime,
) -> PublishTime | None:
    """Find when an article was published; None where the page does not say.

    What is printed wins: behind 发布时间, else beside title and 来源, else behind 更新时间. Then
    meta elements, a date right below the body, and a script. `title` is the printed title, whose
    dates come last among the printed ones; `anchor` is the time of the fetch.

    >>> from datetime import UTC
    >>> from extract.article import find_article
    >>> from extract.lines import read_text_lines
    >>> page = read_text_lines(
    ...     "停水通知\\n发布时间:2018-07-13\\n因抢修停水一天，请市民提前蓄水备用，敬请谅解。"
    ... )
    >>> anchor = datetime(2024, 1, 1, tzinfo=UTC)
    >>> find_publish_time(find_article(page, None), [], None, "停水通知", anchor).raw
    '2018-07-13'
    """
    head = [line.text for line in article.head if len(line.text) <= 300]
    around = [*head, *(line.text for line in article.tail if len(line.text) <= 300)]
    printed = (
        _read_labelled(around, anchor)
        or _read_bare([text for text in head if text != title], anchor)
        or _read_bare(head, anchor)
        or _read_behind_label(_UPDATED, around, anchor)
    )
    if printed:
        return printed
    meta = find_meta(metas, _META_TIME)
    if meta and (found := read_publish_time(meta.replace("T", " "), anchor)):
        return found
    below = [line.text for line in article.tail[:_NEAR_TAIL] if len(line.text) <= _LONGEST_DATED]
    return _read_bare(below, anchor) or _read_script_time(root)


def read_composed_time(article: Article, anchor: datetime) -> PublishTime | None:
    """Read 成文日期 or 生成日期, which stand for the day of publication where nothing else does.

    >>> from datetime import UTC
    >>> from extract.article import Article
    >>> from extract.lines import read_text_lines
    >>> head = read_text_lines("成文日期：2020-06-05").lines
    >>> article = Article((), "article", -1, -1, head, ())
    >>> read_composed_time(article, datetime(2024, 1, 1, tzinfo=UTC)).raw
    '2020-06-05'
    """
    lines = (*article.head, *article.tail)
    texts = [line.text for line in lines if len(line.text) <= _LONGEST_LINE]
    return _read_behind_label(_GENERATED, texts, anchor)


def read_address_time(url: str) -> PublishTime | None:
    """Read the day that many sites file a page under in its address.

    >>> read_address_time("http://epaper.example.cn/html/2016-03/21/content_3.htm").raw
    '2016-03/21'
    """
    found = _ADDRESS_DAY.search(url)
    if found is None:
        return None
    month, day = found["month"] or found["month_of_two"], found["day"] or found["day_of_two"]
    try:
        value = datetime(int(found["year"]), int(month), int(day), tzinfo=CHINA)
    except ValueError:
        return None
    return PublishTime(value, "day", found["whole"], found.span("whole"))


def _read_script_time(root: HtmlElement | None) -> PublishTime | None:
    """Read the time that a script of the page prints, as WeChat's does."""
    for element in root.iter("script") if root is not None else ():
        found = _SCRIPT_TIME.search(element.text or "")
        if found is None:
            continue
        if "-" in found["time"]:
            return read_publish_time(found["time"].replace("T", " "), None)
        moment = datetime.fromtimestamp(int(found["time"]), CHINA)
        return PublishTime(moment, "second", found["time"], found.span("time"))
    return None


def find_printed_date(text: str, anchor: datetime) -> str:
    """Give the date printed in a line of the head, or the empty string.

    >>> from datetime import UTC
    >>> find_printed_date("绵阳日报 2022-03-10", datetime(2024, 1, 1, tzinfo=UTC))
    '2022-03-10'
    """
    if _DATE_PART.fullmatch(text):
        return text
    found = read_publish_time(text, anchor)
    if found is not None:
        return found.raw
    near = _RELATIVE.search(text) if len(text) <= 60 else None
    return near[0] if near is not None else ""


def _read_labelled(texts: Sequence[str], anchor: datetime) -> PublishTime | None:
    """Read a time behind 发布时间 anywhere, or else behind a plain 时间 that is not 成文时间."""
    if found := _read_behind_label(_PUBLISHED, texts, anchor):
        return found
    for text in texts:
        label = _DATED.search(text) if not _COMPOSED.search(text) else None
        if label and (found := _read_behind(text, label.end(), anchor)):
            return found
    return None


def _read_behind_label(
    label: re.Pattern[str], texts: Sequence[str], anchor: datetime
) -> PublishTime | None:
    for text in texts:
        place = label.search(text)
        if place and (found := _read_behind(text, place.end(), anchor)):
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
