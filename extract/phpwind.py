"""Thread pages of phpwind: `read.php` of 8.x with its tables and of 9.x with its floors."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from lxml.html import HtmlElement

from extract.discuz_markup import read_attachments
from extract.lines import read_html_lines
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

_CLASSES = "concat(' ', normalize-space(@class), ' ')"
_MESSAGE_ID = re.compile("read_(tpc|[0-9]{1,12})")
_BOX = f"ancestor::*[starts-with(@id, 'readfloor_') or contains({_CLASSES}, ' read_t ')][1]"
_AUTHOR = (
    f".//*[contains({_CLASSES}, ' r_name ') or contains({_CLASSES}, ' readName ')]//a"
    f" | .//div[contains({_CLASSES}, ' name ')]/a"
    f" | .//td[contains({_CLASSES}, ' floot_left ')]//a[starts-with(@href, 'u.php')]"
)
_HEAD = f".//div[contains({_CLASSES}, ' tipTop ') or contains({_CLASSES}, ' floor_top_tips ')]"
_FLOOR = f"./a[contains(@onclick, 'copy')] | .//span[contains({_CLASSES}, ' lou ')]"
_TOPPED = "./a[contains(@href, 'topost') or contains(@href, 'read.php')]"
_NOISE = (
    "descendant::*[starts-with(@id, 'att_') or starts-with(@id, 'readfloor_')"
    f" or contains({_CLASSES}, ' J_read_floor ') or contains({_CLASSES}, ' inside_title ')"
    f" or (self::p and contains({_CLASSES}, ' phone ')) or self::h6]"
)
_QUOTES = (
    f"descendant::blockquote[contains({_CLASSES}, ' blockquote3 ')"
    " or preceding-sibling::*[1][self::h6] or starts-with(normalize-space(), '引用')]"
)
_HIDDEN = f"descendant::blockquote[contains({_CLASSES}, ' blockquote ')]"
_BLOCKED = "descendant::span[@style='color:black;background-color:#ffff66']"
_QUOTE_HEAD = re.compile(
    r"引用\s*[:\uff1a]?|(?:引用)?(?:第\s*[0-9]+\s*楼|楼主).{1,80}发[表布]的?.{0,60}"
)
_ANSWERED = re.compile(r"(?:回\s*|引用第?\s*)(?:(?P<floor>[0-9]{1,6})\s*楼|(?P<first>楼主))")
_ANSWERED_NO = re.compile("[?&](?:pid=|.*#)([0-9]{1,12}|tpc)")
_NUMBER = re.compile("[0-9]{1,9}")
_TIME = re.compile(r"(?:发表于|发布于|發表於|發布於)\s*[:\uff1a]?\s*(?P<time>[^,\uff0c]{4,30})")
_VIEWS = re.compile(r"([0-9]{1,12})\s*阅读|阅读\s*[:\uff1a]?\s*([0-9]{1,12})")
_REPLIES = re.compile(r"([0-9]{1,9})\s*回复|回复\s*[:\uff1a]?\s*([0-9]{1,9})")
_PAGES = re.compile(r"([0-9]{1,6})\s*/\s*([0-9]{1,6})")
_SALE = re.compile(r"此帖售价.{1,40}人购买.{0,20}|若发现会员采用欺骗.{0,80}")
_PAGE_BAR = f"//div[contains({_CLASSES}, ' pages ')]"
_SOLD = re.compile("购买|出售|售价")


@dataclass(frozen=True, slots=True)
class _Box:
    """One floor of the page and its message."""

    post_no: str
    holder: HtmlElement
    message: HtmlElement


def read_phpwind(root: HtmlElement, url: str) -> PrintedThread | None:
    """Read a page of a phpwind thread, or None when it is no such page.

    phpwind counts replies from 1 and calls the opening post 楼主, so a printed `3楼` is floor 4.

    >>> from extract.page import parse_tree
    >>> page = parse_tree("<div class=read_t><div class=tipTop><a onclick='copyUrl()'>3楼</a></div>"
    ...                   "<div class=tpc_content><div id=read_81>支持</div></div></div>")
    >>> thread = read_phpwind(page, "http://bbs.example.cn/read.php?tid=7&page=2")
    >>> [(post.floor, post.post_no) for post in thread.posts]
    [(4, '81')]
    """
    boxes = _find_boxes(root)
    if not boxes:
        return None
    address = _find_address(root, url)
    heads = [_find(box.holder, _HEAD) for box in boxes]
    floors = fill_floors(
        [
            1 if box.post_no == "tpc" else _read_floor(head)
            for box, head in zip(boxes, heads, strict=True)
        ],
        address,
    )
    posts = [
        _read_post(box, head, floor) for box, head, floor in zip(boxes, heads, floors, strict=True)
    ]
    opening = next((box for box, post in zip(boxes, posts, strict=True) if post.floor == 1), None)
    counts = [
        item.text_content()
        for item in root.xpath("//div[@class='readTop']//li | //*[@class='post_num']//li")
    ]
    return PrintedThread(
        title=_read_title(root),
        posts=tuple(
            replace(post, attachments=read_attachments(opening.holder, url))
            if opening is not None and post.floor == 1
            else post
            for post in _link_answers(posts, boxes)
        ),
        address=address,
        board=_read_board(root),
        views=_read_count(_VIEWS, counts),
        replies=_read_count(_REPLIES, counts),
    )


def _find_boxes(root: HtmlElement) -> list[_Box]:
    boxes: dict[str, _Box] = {}
    for element in root.xpath("//*[starts-with(@id, 'read_')]"):
        name = _MESSAGE_ID.fullmatch(element.get("id") or "")
        if name is None:
            continue
        is_floor = "J_read_floor" in (element.get("class") or "").split()
        if is_floor:
            message = _find(element, f".//div[contains({_CLASSES}, ' editor_content ')]")
            holder: HtmlElement | None = element
        else:
            message, holder = element, _find(element, _BOX)
            if holder is None:
                holder = _find(element, f"ancestor::table[contains({_CLASSES}, ' floot ')][1]")
        if message is not None and holder is not None:
            post_no = "tpc" if is_floor and name[1] == "0" else name[1]
            boxes.setdefault(post_no, _Box(post_no, holder, message))
    return list(boxes.values())


def _read_floor(head: HtmlElement | None) -> int | None:
    labels = head.xpath(_FLOOR) if head is not None else []
    if head is None or not labels:
        return None
    label = labels[0].text_content()
    if "置顶" in label:
        label = _text(head, _TOPPED, " ")
    number = _NUMBER.search(label)
    return int(number.group()) + 1 if number else read_floor(label)


def _read_post(box: _Box, head: HtmlElement | None, floor: int | None) -> PrintedPost:
    message = box.message
    names = [link.text_content().strip() for link in box.holder.xpath(_AUTHOR)]
    author = read_username(next((name for name in names if name), None))
    flags = [] if author else ["anonymous"]
    quotes = [] if floor == 1 else message.xpath(_QUOTES)
    notices = []
    for element in message.xpath(f"{_HIDDEN} | {_BLOCKED}"):
        flag = None if element in quotes else _name_notice(element)
        if flag:
            notices.append(element)
            flags.append(flag)
    dropped = {*quotes, *notices}
    lines = [
        line
        for line in read_html_lines(message, (_NOISE, _BLOCKED)).lines
        if not line.stands_in(dropped)
    ]
    if (
        any(is_edit_note(line.printed) for line in lines)
        or _find(box.holder, f".//div[contains({_CLASSES}, ' edit_log ')]") is not None
    ):
        flags.append("edited")
    quote = [line for q in quotes for line in read_html_lines(q, (_NOISE,)).lines]
    return PrintedPost(
        author=author,
        posted_raw=_read_time(head),
        lines=tuple(line for line in lines if not _is_note(line.printed)),
        floor=floor,
        post_no=box.post_no,
        quote=tuple(line for line in quote if not _QUOTE_HEAD.fullmatch(line.printed)),
        quoted_post_no=next(filter(None, map(_linked_no, quotes)), None),
        flags=tuple(dict.fromkeys(flags)),
    )


def _is_note(text: str) -> bool:
    """Tell a line the forum prints into a post: who edited it, what it is sold for."""
    return is_edit_note(text) or _SALE.fullmatch(text) is not None


def _name_notice(element: HtmlElement) -> str | None:
    """Name what an element in the place of hidden, sold or blocked words says."""
    text = element.text_content()
    if "hidden" in (element.get("class") or "").split() or element.tag == "span":
        return read_notice(text) or "locked"
    if len(text) > 80:
        return None
    return "locked" if _SOLD.search(text) else read_notice(text)


def _linked_no(quote: HtmlElement) -> str | None:
    numbers = (_ANSWERED_NO.search(link.get("href") or "") for link in quote.iter("a"))
    return next((number.group(1) for number in numbers if number), None)


def _link_answers(posts: Sequence[PrintedPost], boxes: Sequence[_Box]) -> list[PrintedPost]:
    """Link posts that name the floor they answer (回 3楼, 引用第3楼) with that post of the page."""
    by_floor = {post.floor: post.post_no for post in posts if post.floor}
    linked = []
    for post, box in zip(posts, boxes, strict=True):
        said = _text(box.holder, f".//*[@id='subject_{box.post_no}']", "")
        said += _text(box.message, "descendant::blockquote", "")[:100]
        named = None if post.quoted_post_no or post.floor == 1 else _ANSWERED.search(said)
        floor = None if named is None else 1 if named["first"] else int(named["floor"]) + 1
        linked.append(replace(post, quoted_post_no=by_floor.get(floor)) if floor else post)
    return linked


def _read_time(head: HtmlElement | None) -> str | None:
    """Read the printed time; the title of a relative one (3小时前) holds the exact time."""
    for span in head.iter("span") if head is not None else ():
        posted = _TIME.match(span.text_content().strip())
        if posted:
            title = span.get("title") or ""
            return title if _NUMBER.search(title) else posted["time"].strip()
    return None


def _read_title(root: HtmlElement) -> str:
    for heading in root.xpath("//*[@id='subject_tpc' or @id='J_post_title']"):
        title = "".join(heading.xpath("text() | .//span[not(@class)]/text()"))
        if title.strip():
            return " ".join(title.split())
    return re.split(r"[|_-]", root.findtext(".//title") or "", maxsplit=1)[0].strip()


def _read_board(root: HtmlElement) -> str | None:
    links = root.xpath(
        "(//*[@id='breadCrumb'] | //*[@class='bread_crumb'])"
        "//a[contains(@href, 'thread') and not(contains(@class, 'pages'))]"
    )
    names = [link.text_content().strip() for link in links]
    return next((name for name in reversed(names) if name), None)


def _find_address(root: HtmlElement, url: str) -> ThreadAddress:
    address = read_thread_address(url)
    bar = next(iter(root.xpath(f"({_PAGE_BAR}[b or strong])[1]")), None)
    if bar is None:
        return replace(address, page=address.page or 1)
    stated = _PAGES.search(bar.text_content())
    current = " ".join(mark.text_content() for mark in bar.xpath("./b | ./strong"))
    numbers = [int(n) for mark in bar for n in _NUMBER.findall(mark.text_content())]
    return replace(
        address,
        page=address.page or (int(current) if _NUMBER.fullmatch(current) else 1),
        pages=int(stated.group(2)) if stated else max(numbers, default=None),
    )


def _read_count(pattern: re.Pattern[str], items: Sequence[str]) -> int | None:
    found = next(filter(None, map(pattern.search, items)), None)
    return int(found.group(1) or found.group(2)) if found else None


def _find(element: HtmlElement, xpath: str) -> HtmlElement | None:
    return next(iter(element.xpath(xpath)), None)


def _text(element: HtmlElement, xpath: str, joint: Literal["", " "]) -> str:
    return joint.join(found.text_content() for found in element.xpath(xpath))
