"""Threads of any forum, read by the XPaths that a source's file gives in `[parse.thread]`."""

import re
from collections.abc import Sequence
from dataclasses import replace

from lxml.html import HtmlElement

from extract.discuz_markup import find_quotes, read_quoted_post_no, without_quote_head
from extract.lines import Line, read_html_lines
from extract.source import ThreadRules
from extract.thread_address import ThreadAddress, read_thread_address
from extract.thread_post import (
    PrintedPost,
    PrintedThread,
    fill_floors,
    is_edit_note,
    read_floor,
    read_notice,
    read_username,
)

_NUMBER = re.compile("[0-9]{1,12}")
_LABEL = re.compile(
    r"\s*(?:发表于|發表於|发布于|發布於|发表时间|发布时间|时间|時間|作者)\s*[:\uff1a]?\s*"
)
_LONGEST_NOTICE = 80


def read_by_rules(root: HtmlElement, url: str, rules: ThreadRules) -> PrintedThread | None:
    """Read a page of a thread by a source's rules, or None when no element is a post.

    >>> from extract.page import parse_tree
    >>> page = parse_tree("<h1>名单</h1><li id=r81><b>山里人</b><p>支持</li>")
    >>> rules = ThreadRules(post="//li", text="./p", author="./b", post_no="./@id", title="//h1")
    >>> thread = read_by_rules(page, "http://bbs.example.cn/topic/7", rules)
    >>> thread.title, thread.address.thread_no, thread.posts[0].author, thread.posts[0].post_no
    ('名单', '7', '山里人', '81')
    """
    holders = [found for found in root.xpath(rules.post) if isinstance(found, HtmlElement)]
    if not holders:
        return None
    address = _read_address(url, rules)
    floors = fill_floors([_read_floor(holder, rules) for holder in holders], address)
    posts: dict[str | int, PrintedPost] = {}
    for place, (holder, floor) in enumerate(zip(holders, floors, strict=True)):
        post = _read_post(holder, floor, rules)
        posts.setdefault(post.post_no or place, post)
    title = _read(root, rules.title) or root.findtext(".//title") or ""
    return PrintedThread(
        title=title if rules.title else re.split(r"\s[-_|]\s", title, maxsplit=1)[0].strip(),
        posts=tuple(posts.values()),
        address=address,
        board=_read(root, rules.board),
        views=_read_number(_read(root, rules.views)),
        replies=_read_number(_read(root, rules.replies)),
    )


def _read_address(url: str, rules: ThreadRules) -> ThreadAddress:
    known = read_thread_address(url)
    number, page = re.search(rules.thread_no, url), re.search(rules.page_no, url)
    first = known.first_page
    if page and known.first_page == url:
        # The pages of a thread differ in this part of the address alone.
        first = url[: page.start()] + url[page.end() :]
    return replace(
        known,
        thread_no=number["no"] if number else known.thread_no,
        page=int(page["no"]) if page and _NUMBER.fullmatch(page["no"]) else known.page or 1,
        first_page=first,
    )


def _read_post(holder: HtmlElement, floor: int | None, rules: ThreadRules) -> PrintedPost:
    printed = _read(holder, rules.author)
    author = read_username(_LABEL.sub("", printed, count=1) if printed else None)
    flags = ["anonymous"] if rules.author and author is None else []
    lines: list[Line] = []
    quote: list[Line] = []
    quoted_no = None
    for body in holder.xpath(rules.text):
        if not isinstance(body, HtmlElement):
            continue
        quotes = body.xpath(rules.quote) if rules.quote else find_quotes(body, posts_only=True)
        drops = (*rules.drop, rules.quote or "self::node()[false()]")
        lines += read_html_lines(body, drops).lines
        for element in quotes:
            quote += without_quote_head(read_html_lines(element, rules.drop).lines)
            quoted_no = quoted_no or read_quoted_post_no(element)
    kept = [line for line in lines if not is_edit_note(line.printed)]
    if len(kept) < len(lines):
        flags.append("edited")
    notice = _read_only_notice(kept)
    number = _read(holder, rules.post_no)
    return PrintedPost(
        author=author,
        posted_raw=_read_time(holder, rules),
        lines=() if notice else tuple(kept),
        floor=floor,
        post_no=found.group() if number and (found := _NUMBER.search(number)) else number,
        quote=tuple(quote),
        quoted_post_no=quoted_no,
        flags=(*flags, notice) if notice else tuple(flags),
    )


def _read_only_notice(lines: Sequence[Line]) -> str | None:
    """Name the notice that stands in place of a whole post, if one does."""
    if len(lines) != 1 or len(lines[0].printed) > _LONGEST_NOTICE:
        return None
    text = lines[0].printed
    return (
        read_notice(text) if text.startswith(("提示", "该帖", "该楼", "该回复", "此帖")) else None
    )


def _read_time(holder: HtmlElement, rules: ThreadRules) -> str | None:
    printed = _read(holder, rules.posted)
    while printed and (label := _LABEL.match(printed)):
        printed = printed[label.end() :]
    return printed or None


def _read_floor(holder: HtmlElement, rules: ThreadRules) -> int | None:
    printed = _read(holder, rules.floor)
    if not printed:
        return None
    number = _NUMBER.search(printed)
    return int(number.group()) + 1 - rules.opening_floor if number else read_floor(printed)


def _read(element: HtmlElement, xpath: str | None) -> str | None:
    """Read the first thing an XPath finds, element, attribute or text, as one line."""
    if xpath is None:
        return None
    found = element.xpath(xpath)
    first = found[0] if isinstance(found, list) and found else found
    text = first.text_content() if isinstance(first, HtmlElement) else first
    return " ".join(text.split()) or None if isinstance(text, str) else None


def _read_number(text: str | None) -> int | None:
    number = _NUMBER.search(text or "")
    return int(number.group()) if number else None
