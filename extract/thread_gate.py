"""A first look at a page: whether it may hold a thread, and which readers are worth a try."""

import re
from collections.abc import Sequence
from itertools import islice

from lxml.html import HtmlElement

from extract.lines import Line
from extract.page import Page
from extract.source import Source
from extract.thread_address import read_thread_address

_DISCUZ_BOXES = (b"postmessage_", b"authorposton", b"authi")
_PHPWIND = (b"tpc_content", b"readfloor_", b"J_read_floor", b"floot_", b'id="read_')
_ARCHIVER = re.compile(rb"<p\s+class=[\"']?author[\"'\s>]", re.IGNORECASE)
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_LEVELS_AROUND_ROW = 3
_SAID = ("发表于", "發表於", "发布于", "發布於", "楼主", "樓主", "作者", "#")
"""What a thread page prints beside a post: its time, its floor, or its head in the print view."""
_MARKED_IDS = ("postmessage_", "read_", "readfloor_", "post_", "pid")
_MARKED_CLASSES = frozenset(("authi", "author", "mtit", "mtime", "tipTop", "floor_top_tips"))


def may_hold_thread(page: Page, lines: Sequence[Line], source: Source | None) -> bool:
    """Tell from a page's address, source and lines whether it may be a page of a thread.

    Most pages are none, so this looks only at what is there already: every layout prints the
    author and time of a post in an element of its own.

    >>> from datetime import UTC, datetime
    >>> from extract.lines import read_html_lines
    >>> from extract.page import parse_tree
    >>> news = Page(b"", "http://www.example.cn/n/3.html", "text/html", None, datetime.now(UTC))
    >>> may_hold_thread(news, read_html_lines(parse_tree("<p>名单")).lines, None)
    False
    >>> may_hold_thread(news, read_html_lines(parse_tree("<p class=authi>发表于")).lines, None)
    True
    """
    if source is not None and source.kind == "forum":
        return True
    if read_thread_address(page.url).thread_no is not None:
        return True
    text = "\n".join([line.printed for line in lines])
    if not any(word in text for word in _SAID):
        return False
    elements = dict.fromkeys(line.element for line in lines if line.element is not None)
    return any(map(_is_marked, elements)) or ("作者" in text and any(map(_is_print_head, lines)))


def _is_print_head(line: Line) -> bool:
    return line.printed.startswith("作者") and ("时间" in line.printed or "時間" in line.printed)


def _is_marked(element: HtmlElement) -> bool:
    if element.tag == "tr":
        # A short post in a table row is one line, and the marks stand on the table around it.
        return any(map(_is_marked, islice(element.iterancestors(), _LEVELS_AROUND_ROW)))
    for name, value in element.items():
        if name == "class":
            if not _MARKED_CLASSES.isdisjoint(value.split()):
                return True
        elif name == "id" and value.startswith(_MARKED_IDS):
            return True
    return False


def find_layouts(body: bytes) -> frozenset[str]:
    """Name the thread layouts whose marks stand in a page: boxed, print, archiver, phpwind.

    `body` is the page as fetched, in any encoding that keeps ASCII; a page in UTF-16 is left to
    every reader. No mark proves a thread, but without one there is none.

    >>> sorted(find_layouts(b"<div id='postmessage_81'>")), find_layouts(b"<p>news</p>")
    (['boxed'], frozenset())
    """
    if body.startswith(_WIDE):
        return frozenset(("boxed", "print", "archiver", "phpwind"))
    found = set()
    if any(mark in body for mark in _DISCUZ_BOXES):
        found.add("boxed")
    if b"<hr" in body and b"<b>" in body:
        found.add("print")
    if _ARCHIVER.search(body):
        found.add("archiver")
    if any(mark in body for mark in _PHPWIND):
        found.add("phpwind")
    return frozenset(found)
