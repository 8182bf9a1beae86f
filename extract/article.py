"""Find the article on a page: its body, and the lines before and after that speak about it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lxml.html import HtmlElement

from extract.boilerplate import (
    count_chars,
    has_date,
    is_aside_heading,
    is_attachment_line,
    is_control,
    is_end,
    is_info_line,
    is_link_line,
    is_related_heading,
)
from extract.byline import is_byline
from extract.container import Outline, Weights, find_container, spread, weigh_lines
from extract.lines import Line, PageLines
from extract.page_type import is_gallery_line, is_summary_list, name_empty_page, says_error
from extract.source import ParseRules
from extract.title import breaks_title, is_title_line, read_page_title

ArticlePageType = Literal["article", "announcement", "list", "shell", "error"]

_LONGEST_HEAD = 60
"""Lines above the body among which the title is looked for."""
_UNTITLED_HEAD = 12
"""Lines above the body that are its head when no title stands there."""
_LONGEST_TAIL = 15
_PROSE_WEIGHT = 20.0
"""Weight from which a line is surely prose."""
_REST_SHARE = 0.3
"""An end line in a page ends the article when at most this share of the weight follows."""
_SURE_CHARS = 150
"""From this many characters on a body needs no title or date beside it."""
_FEWEST_CHARS = 30

_ANNOUNCED = re.compile(r"公示|公告|通告|通报|名单|通知|决定|批复")
_LETTERS = re.compile(r"\w")
_DATE_PIECE = re.compile(r"\d{1,2}[/-]\d{1,2}|\d{1,2}:\d{2}(?::\d{2})?|(?:19|20)\d\d年?")
_DATELINE = re.compile(r"^\S{2,12}?\d{1,2}月\d{1,2}日(?:电|讯|消息)")
_COMMENTS = re.compile(
    r"^\W*(?:网友|最新|热门|全部|精彩|文章|用户)?(?:评论|跟贴|留言)(?:区|列表)?\W*(?:\d+\W*条?)?\W*$"
)
_TRAILING_ORIGIN = re.compile(r"^[【\[(（]?\s*(?:信息|文章|稿件|资料|本文)?来源\s*[:：].{2,40}$")


@dataclass(frozen=True, slots=True)
class Article:
    """The lines of one article on its page."""

    lines: tuple[Line, ...]
    """Lines of the body, in order; none when the page holds no article."""
    page_type: ArticlePageType
    """What kind of page it is. Example: `announcement`"""
    first: int
    """Index of the body's first line among the page's lines; -1 without a body."""
    last: int
    """Index of the body's last line, included; -1 without a body."""
    head: tuple[Line, ...]
    """Lines before the body that may carry title, time, 来源 and authors."""
    tail: tuple[Line, ...]
    """Lines after the body that may carry editor, tags and 来源."""
    flags: tuple[str, ...] = ()
    """Remarks. Example: `article_repeated`"""


def find_article(
    page_lines: PageLines, root: HtmlElement | None, rules: ParseRules | None = None
) -> Article:
    """Find the body of a page, HTML or plain text (then `root` is None).

    `rules.body` wins when its XPath matches. Never raises for odd trees.

    >>> from extract.lines import read_text_lines
    >>> page = read_text_lines(
    ...     "首页 | 新闻\\n绵阳新增试点社区\\n来源:绵阳日报 2022-03-10\\n"
    ...     "市民政局发布消息，全市今年新增试点社区四十二个，覆盖九个县市区，为期一年。\\n"
    ...     "责任编辑:李某"
    ... )
    >>> [line.text[:8] for line in find_article(page, None).lines]
    ['市民政局发布消息']
    """
    lines = page_lines.lines
    title = read_page_title(root)
    chosen = _chosen_span(lines, root, rules)
    if chosen is not None:
        first, last = chosen
        return _build(lines, list(range(first, last + 1)), title, ())
    weights = weigh_lines(lines, title)
    span = _find_span(lines, weights, root)
    if span is None:
        return _no_article(lines, title)
    first = _find_start(lines, weights, span, title)
    last, repeated = _cut_repetition(lines, weights, first, span[1])
    kept = _keep_lines(lines, weights, first, last)
    if not kept or not _is_article(lines, kept, title, root):
        return _no_article(lines, title)
    repeated = repeated or _is_printed_again(lines, kept)
    return _build(lines, kept, title, ("article_repeated",) if repeated else ())


def _chosen_span(
    lines: Sequence[Line], root: HtmlElement | None, rules: ParseRules | None
) -> tuple[int, int] | None:
    if root is None or rules is None or rules.body is None:
        return None
    found = root.xpath(rules.body)
    elements = [e for e in found if isinstance(e, HtmlElement)] if isinstance(found, list) else []
    return spread(Outline(lines).mark_inside(elements)) if elements else None


def _find_span(
    lines: Sequence[Line], weights: Weights, root: HtmlElement | None
) -> tuple[int, int] | None:
    if root is None:
        return (0, len(lines) - 1) if lines else None
    container = find_container(weights)
    if container is None:
        return None
    span = spread(weights.outline.mark_inside([container]))
    parent = container.getparent()
    if span is None or parent is None or container.tag == "body":
        return span
    return span[0], _extend(lines, weights, span[1], parent)


def _extend(lines: Sequence[Line], weights: Weights, last: int, parent: HtmlElement) -> int:
    """Take in what follows the container beside it: a table, a list, more paragraphs."""
    end = last
    inside = weights.outline.mark_inside([parent])
    for index in range(last + 1, len(lines)):
        line = lines[index]
        if not inside[index]:
            break
        if is_end(line) or is_related_heading(line) or is_link_line(line) or is_control(line):
            break
        surely = weights.lines[index] >= _PROSE_WEIGHT or line.row is not None
        if surely or is_attachment_line(line):
            end = index
    return end


def _find_start(lines: Sequence[Line], weights: Weights, span: tuple[int, int], title: str) -> int:
    """Find where the body begins: after title, date and buttons, before the first prose."""
    first, last = span
    anchor = _find_prose(lines, weights, span, title)
    start = first
    for index in range(first, anchor):
        line = lines[index]
        if _DATELINE.match(line.text):
            break
        if _belongs_to_head(line, title) or (
            index == start
            and (is_control(line) or _is_short_link(line) or not _LETTERS.search(line.text))
        ):
            start = index + 1
    if lines[first].element is None and start == first:
        start = anchor
        while start > first and lines[start - 1].text.endswith(("：", ":")):
            start -= 1
    return min(start, last)


def _find_prose(lines: Sequence[Line], weights: Weights, span: tuple[int, int], title: str) -> int:
    """Find the first sentence of the body; in a list without sentences, a line near its start."""
    first, last = span
    fallback: int | None = None
    for index in range(first, last + 1):
        line = lines[index]
        if weights.lines[index] < _PROSE_WEIGHT or _belongs_to_head(line, title):
            continue
        if "。" in line.text or "；" in line.text or (len(line.text) >= 60 and "，" in line.text):
            return index
        if fallback is None:
            fallback = index
    return fallback if fallback is not None else min(first + 20, last)


def _belongs_to_head(line: Line, title: str) -> bool:
    if _DATE_PIECE.fullmatch(line.text):
        return True
    return is_title_line(line, title) or is_info_line(line) or is_byline(line.text)


def _is_short_link(line: Line) -> bool:
    return is_link_line(line) and count_chars(line.text) < 60


def _keep_lines(lines: Sequence[Line], weights: Weights, first: int, last: int) -> list[int]:
    """Choose the lines of the body: cut at its end, leave out buttons and related links."""
    rest = [0.0] * (last + 2 - first)
    for index in range(last, first - 1, -1):
        rest[index - first] = rest[index + 1 - first] + weights.lines[index]
    total = rest[0]
    kept: list[int] = []
    skipping = False
    for index in range(first, last + 1):
        line = lines[index]
        related = is_related_heading(line)
        if related or is_end(line):
            plain_stop = line.element is None and kept and not is_aside_heading(line)
            read = total - rest[index - first]
            final = plain_stop or (read >= _PROSE_WEIGHT and _COMMENTS.match(line.text))
            if final or (kept and rest[index - first] <= _REST_SHARE * total):
                break
            skipping = related
            if not related or _starts_links(lines, index, last):
                continue
        if skipping and is_link_line(line):
            continue
        skipping = False
        kept.append(index)
    return _trim(lines, kept)


def _starts_links(lines: Sequence[Line], index: int, last: int) -> bool:
    return index < last and is_link_line(lines[index + 1])


def _trim(lines: Sequence[Line], kept: list[int]) -> list[int]:
    while kept and _trails(lines[kept[-1]]):
        kept.pop()
    return kept


def _trails(line: Line) -> bool:
    """Tell whether a line at the very end only closes the article: buttons, byline, 来源."""
    if is_link_line(line) or is_control(line) or not _LETTERS.search(line.text):
        return True
    return line.row is None and (
        is_byline(line.text) or _TRAILING_ORIGIN.match(line.text) is not None
    )


def _cut_repetition(
    lines: Sequence[Line], weights: Weights, first: int, last: int
) -> tuple[int, bool]:
    """Cut a span that holds the same article twice before its second copy."""
    seen: dict[str, int] = {}
    again: list[int] = []
    for index in range(first, last + 1):
        if weights.lines[index] < _PROSE_WEIGHT:
            continue
        if lines[index].text in seen:
            again.append(index)
        else:
            seen[lines[index].text] = index
    total = weights.within(first, last)
    if len(again) < 2 or sum(weights.lines[i] for i in again) < 0.3 * total:
        return last, False
    return again[0] - 1, True


def _is_printed_again(lines: Sequence[Line], kept: Sequence[int]) -> bool:
    own = {lines[i].text for i in kept if len(lines[i].text) >= 40}
    if len(own) < 2:
        return False
    inside = set(kept)
    again = {line.text for i, line in enumerate(lines) if i not in inside and line.text in own}
    return 2 * len(again) > len(own)


def _is_article(
    lines: Sequence[Line], kept: Sequence[int], title: str, root: HtmlElement | None
) -> bool:
    body = [lines[i] for i in kept]
    chars = sum(count_chars(line.text) - line.link_chars for line in body)
    links = sum(line.link_chars for line in body)
    if chars < _FEWEST_CHARS or links > chars:
        return False
    if (
        (len(body) == 1 and is_gallery_line(body[0]))
        or is_summary_list(lines[max(0, kept[0] - 6) : kept[-1] + 4])
        or (chars < _SURE_CHARS and says_error(line.text for line in body))
    ):
        return False
    longest = max(count_chars(line.text) - line.link_chars for line in body)
    sentences = sum(_is_sentence(line) for line in body)
    if (longest >= 60 and sentences) or (longest >= 40 and chars >= _SURE_CHARS):
        return True
    before = lines[max(0, kept[0] - 15) : kept[0]]
    after = lines[kept[-1] + 1 : kept[-1] + 4]
    dated = any(has_date(line.text) for line in (*before, *after))
    titled = root is None or any(is_title_line(line, title) for line in before)
    if chars < _SURE_CHARS and sum("。" in line.text for line in body) < 2:
        return dated and titled
    return dated or titled


def _is_sentence(line: Line) -> bool:
    return not line.link_chars and "。" in line.text and count_chars(line.text) >= 40


def _no_article(lines: Sequence[Line], title: str) -> Article:
    page_type = name_empty_page(lines, title)
    return Article((), page_type, -1, -1, tuple(lines[:_LONGEST_HEAD]), ())


def _build(
    lines: Sequence[Line], kept: Sequence[int], title: str, flags: tuple[str, ...]
) -> Article:
    first, last = kept[0], kept[-1]
    head = _find_head(lines, first, title)
    body = tuple(lines[i] for i in kept)
    named = [title, *(line.text for line in head if len(line.text) < 80)]
    announced = any(_ANNOUNCED.search(text) for text in named)
    return Article(
        lines=body,
        page_type="announcement" if announced else "article",
        first=first,
        last=last,
        head=head,
        tail=tuple(lines[last + 1 : last + 1 + _LONGEST_TAIL]),
        flags=flags,
    )


def _find_head(lines: Sequence[Line], first: int, title: str) -> tuple[Line, ...]:
    lowest = max(0, first - _LONGEST_HEAD)
    titled = [i for i in range(lowest, first) if is_title_line(lines[i], title)]
    heading = [i for i in titled if lines[i].kind == "heading"]
    best = heading or titled
    start = best[-1] if best else max(0, first - _UNTITLED_HEAD)
    if best:
        # A title above and again below the date line: the head begins at the first of both.
        start = next((i for i in best if first - i <= 25), start)
    while start > lowest and breaks_title(lines[start - 1], lines[start], title):
        start -= 1
    # Offices print a table of dates and numbers above the title; a bare date there is today's.
    while start > lowest and is_info_line(lines[start - 1]) and _is_labelled(lines[start - 1]):
        start -= 1
    return tuple(lines[start:first])


def _is_labelled(line: Line) -> bool:
    return line.row is not None or ":" in line.text or "：" in line.text
