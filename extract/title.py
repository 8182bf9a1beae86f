"""The title of a page: the line that the page's own `<title>` begins with, without the site."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple

from lxml.html import HtmlElement

from extract.boilerplate import count_chars, is_control, is_info_line
from extract.byline import is_byline
from extract.lines import Line
from normalize.clean import clean_lines

SHORTEST_TITLE = 4
LONGEST_TITLE = 120

_BLANK = re.compile(r"\s+")
_LOOSE = re.compile(r"[\s\u3000“”\"'‘’「」《》…·.。,，、:：!！?？_|｜—–-]+")
_SUFFIX = re.compile(
    r"\s*(?:[_|｜]+|\s[-–—·•»>]+\s|--+|——+|[-–—»>]+(?=[^-–—»>]*$)|-(?=[^-]{2,20}$))\s*"
)
_SITE = re.compile(
    r"网$|网站|门户|频道|新闻|资讯|政府|信息公开|\.(?:com|cn|net|org|NET)\b|中心$|[报社厅局]$|在线$|"
    r"首页|官网|平台$|论坛|博客|日报|晚报|传媒|视频$|财经|动态$|公告$|栏目|委员会$|电视台|贴吧|头条|[^的]站$",
    re.IGNORECASE,
)
_SHORTEST_PART = 6
_LONGEST_SITE = 20
_PARTS = re.compile(r"[_|｜»>–—-]+")
_LABEL = re.compile(r"^(?:\[?原创\]?|标\s*题|主\s*题)\s*[:：]\s*|\s*\[打印本页\]$")
_ORIGINAL = re.compile(r"^[（(\[【]?原标题")
_META = ("ArticleTitle", "og:title", "twitter:title", "title")


def read_page_title(root: HtmlElement | None) -> str:
    """Read the text of `<title>`, cleaned; the empty string when there is none.

    >>> from extract.page import parse_tree
    >>> read_page_title(parse_tree("<title>社區公示 - 民政厅</title><p>一"))
    '社区公示 - 民政厅'
    """
    if root is None:
        return ""
    # An iterator looks ahead to the next title, which for the one in the head is the whole page.
    head = root.find("head")
    for element in chain(head.iter("title") if head is not None else (), root.iter("title")):
        text = _BLANK.sub(" ", element.text_content()).strip()
        if text:
            return clean_lines([text[:500]]).lines[0]
    # WeChat fills its title in by script.
    for element in root.iter("meta"):
        text = (element.get("content") or "").strip()
        if text and element.get("property") == "og:title":
            return clean_lines([_BLANK.sub(" ", text)[:500]]).lines[0]
    return ""


def is_title_line(line: Line, page_title: str) -> bool:
    """Tell whether a line prints the beginning of the page's title.

    >>> from extract.lines import read_text_lines
    >>> is_title_line(read_text_lines("社区试点公示").lines[0], "社区试点公示_民政厅")
    True
    """
    text = line.text
    if not SHORTEST_TITLE <= len(text) <= LONGEST_TITLE or not page_title:
        return False
    if _ORIGINAL.match(text):
        return False
    loose, page = _loosen(text), _read_forms(page_title)
    if len(loose) < SHORTEST_TITLE:
        return False
    cut = page.without_site
    if page.whole.startswith(loose) or loose in page.parts:
        return line.kind == "heading" or 2 * len(loose) >= len(cut)
    if (len(loose) >= 10 and loose in page.whole) or _ends_with_part(line, loose, page):
        return True
    # Long titles are cut off in `<title>`, short ones get a mark such as 原创 in front.
    return len(cut) >= 10 and cut in loose and len(loose) <= 2 * len(cut)


def _ends_with_part(line: Line, loose: str, page: "_Forms") -> bool:
    """雲林縣111年度評鑑 heads a page whose `<title>` has 雲林縣政府-111年度評鑑."""
    ends = (part for part in page.parts if loose.endswith(part))
    return line.kind == "heading" and any(2 * len(part) >= len(loose) for part in ends)


def find_title(head: Sequence[Line], body: Sequence[Line], page_title: str) -> Line | None:
    """Find the line that prints the title: one that `<title>` repeats, a heading, or the nearest.

    >>> from extract.lines import read_text_lines
    >>> head = read_text_lines("首页 | 要闻\\n绵阳新增社区四十二个\\n2022-03-10").lines
    >>> find_title(head, (), "").text
    '绵阳新增社区四十二个'
    """
    lines = [*head, *body[:3]]
    same = [line for line in lines if is_title_line(line, page_title)]
    if same:
        best = max(
            same,
            key=lambda line: (
                line.row is None,
                min(len(_loosen(line.text)), 60),
                line.kind == "heading",
            ),
        )
        return _join_broken(lines, best, page_title)
    if page_title and head and head[0].element is not None:
        headings = [line for line in head if line.kind == "heading" and _may_be_title(line)]
        page = _loosen(strip_site(page_title))
        same = [line for line in headings if _share_start(_loosen(line.text), page) >= 6]
        if same or len(page_title) > _LONGEST_SITE or not _SITE.search(page_title):
            return same[0] if same else None
        return _find_above_info(head)
    return _nearest(head)


def breaks_title(above: Line, line: Line, page_title: str) -> bool:
    """Tell whether `<title>` prints two lines in a row, as where a heading is broken in two.

    >>> from extract.lines import read_text_lines
    >>> above, line = read_text_lines("关于公布试点名单\\n的通知").lines
    >>> breaks_title(above, line, "关于公布试点名单的通知_民政厅")
    True
    """
    joined = _loosen(above.text), _loosen(line.text)
    return all(joined) and "".join(joined) in _read_forms(page_title).whole


def _join_broken(lines: Sequence[Line], line: Line, page_title: str) -> Line:
    """Join the lines that a title was broken into, as far as `<title>` prints them in a row."""
    first = last = next(i for i, other in enumerate(lines) if other is line)
    joined = line
    while first > 0 and breaks_title(lines[first - 1], joined, page_title):
        first -= 1
        joined = _join(lines[first], joined, page_title)
    while last + 1 < len(lines) and breaks_title(joined, lines[last + 1], page_title):
        last += 1
        joined = _join(joined, lines[last], page_title)
    return joined


def _join(above: Line, below: Line, page_title: str) -> Line:
    """Join two lines, with the blank that `<title>` may print between them."""
    blank = " " if f"{above.text} {below.text}" in page_title else ""
    text = f"{above.text}{blank}{below.text}"
    return replace(above, text=text, printed=f"{above.printed}{blank}{below.printed}")


def _find_above_info(head: Sequence[Line]) -> Line | None:
    """Take the line above date and 来源 where `<title>` only names the site."""
    for line, following in pairwise(head):
        if is_info_line(following) and _may_be_title(line) and count_chars(line.text) >= 6:
            return line
    return None


def _nearest(head: Sequence[Line]) -> Line | None:
    """Take the last line before the metadata that reads like a title."""
    fit = [line for line in head if _may_be_title(line)]
    headings = [line for line in fit if line.kind == "heading"]
    if headings:
        return headings[-1]
    long = [line for line in fit if count_chars(line.text) >= 8]
    return next(reversed(long or fit), None)


def _may_be_title(line: Line) -> bool:
    text = line.text
    if not SHORTEST_TITLE <= len(text) <= LONGEST_TITLE or is_control(line):
        return False
    if is_info_line(line) or is_byline(text):
        return False
    if re.search(
        r"[|>»]|来源|^\s*(?:时间|日期|发布|作者|记者|■|[（(]?记者)|欢迎|记者.{0,6}$", text
    ):
        return False
    return not re.fullmatch(r"[\d\s年月日:：./-]+", text) and not text.endswith(("。", "：", ":"))


def strip_site(page_title: str) -> str:
    """Take the names of site and column off the end of a `<title>`.

    >>> strip_site("社区试点名单公示_通知公告_某省民政厅")
    '社区试点名单公示'
    """
    text = page_title.strip()
    for _ in range(4):
        cuts = list(_SUFFIX.finditer(text))
        if not cuts:
            break
        cut = cuts[-1]
        rest, tail = text[: cut.start()].strip(), text[cut.end() :].strip()
        mark = cut[0].strip()
        if len(rest) < SHORTEST_TITLE or (len(tail) > 20 and len(tail) > len(rest)):
            break
        if mark[:1] in "-–—" and not _SITE.search(tail) and " " not in cut[0]:
            break
        text = rest
    return text.rstrip("_-|—– ")


def read_site(page_title: str, title: str) -> str | None:
    """Read the name of the site from the last part of a `<title>`.

    >>> read_site("社区试点名单公示_通知公告_某省民政厅", "社区试点名单公示")
    '某省民政厅'
    """
    rest = page_title.strip()
    if _loosen(rest) == _loosen(title):
        return None
    if rest.startswith(title):
        rest = rest[len(title) :]
    parts = [part.strip() for part in re.split(r"[_|｜»>–—-]+|\s{2,}", rest) if part.strip()]
    named = [part for part in parts if _SITE.search(part) and 2 <= len(part) <= 30]
    return named[-1] if named else None


def read_title_texts(page_title: str, metas: Iterable[tuple[str, str]]) -> str:
    """Read a title from meta elements or, failing that, from `<title>` without the site.

    >>> read_title_texts("名单公示_民政厅", [("ArticleTitle", "试点名单公示")])
    '试点名单公示'
    """
    known = {name.lower(): value for name, value in reversed(list(metas)) if value.strip()}
    for name in _META[:1]:
        if name.lower() in known:
            return _BLANK.sub(" ", known[name.lower()]).strip()
    if page_title:
        return strip_site(page_title)
    for name in _META[1:]:
        if name.lower() in known:
            return strip_site(known[name.lower()])
    return ""


def clean_title(text: str) -> str:
    """Take labels off a printed title.

    >>> clean_title("标题: 试点名单公示 [打印本页]")
    '试点名单公示'
    """
    return _LABEL.sub("", _LABEL.sub("", text)).strip()


def _loosen(text: str) -> str:
    return _LOOSE.sub("", text).lower()


class _Forms(NamedTuple):
    """A `<title>` as lines are compared with it, loosened."""

    whole: str
    without_site: str
    parts: frozenset[str]
    """Titles that stand whole between its marks, behind a paper's name."""


@lru_cache(maxsize=16)
def _read_forms(page_title: str) -> _Forms:
    """Loosen a `<title>` once, since some hundred lines are compared with it."""
    parts = [_loosen(part) for part in _PARTS.split(page_title)[1:] if not _SITE.search(part)]
    return _Forms(
        _loosen(page_title),
        _loosen(strip_site(page_title)),
        frozenset(part for part in parts if len(part) >= _SHORTEST_PART),
    )


def _share_start(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
