"""Discuz! X thread pages that keep each post in a box: the usual view and the touch view."""

import re
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from extract.discuz_markup import (
    find_address,
    find_answered_post_no,
    find_quotes,
    is_edited,
    read_attachments,
    read_message,
    read_quote,
    read_quoted_post_no,
)
from extract.discuz_remarks import read_remarks
from extract.thread_post import (
    PrintedPost,
    PrintedThread,
    fill_floors,
    read_floor,
    read_notice,
    read_username,
)

_PART = re.compile("(post_|pid|postmessage_|authorposton|postnum|comment_)([0-9]{1,12})")
_TIME_LABEL = re.compile(r"\s*(?:发表于|發表於|发布于|发表时间|时间|時間)\s*[:\uff1a]?\s*")
_BLANK = re.compile(r"\s+")
_VIEWS = re.compile(r"(?:查看|阅读|浏览|閱讀|瀏覽)\s*[:\uff1a]?\s*([0-9]{1,12})")
_REPLIES = re.compile(r"(?:回复|回復|回覆)\s*[:\uff1a]?\s*([0-9]{1,9})")
_GONE = re.compile("已[经經]?被[删刪]除")
_CLOSED = frozenset(("关闭", "關閉"))
_BOARD_LINK = re.compile(r"mod=forumdisplay|(?:^|/)forum-[0-9]|\?fid-[0-9]")
_LONGEST_NOTICE = 500
_BYLINES = frozenset(("authi", "postinfo", "authorinfo"))
_NAME_CLASSES = frozenset(("xi2", "xw1", "blue"))


@dataclass(slots=True)
class _Box:
    """What was met of one post while walking over the page."""

    post_no: str
    holder: HtmlElement
    message: HtmlElement | None = None
    posted: HtmlElement | None = None
    author: str | None = None
    has_byline: bool = False
    floor: int | None = None
    notices: list[str] = field(default_factory=list)
    remarks: HtmlElement | None = None

    @property
    def is_post(self) -> bool:
        """Whether the box holds a post, be it one whose text is gone."""
        if self.message is not None or self.posted is not None:
            return True
        text = self.holder.text_content()
        return len(text) <= _LONGEST_NOTICE and read_notice(text) is not None

    @property
    def is_certain(self) -> bool:
        """Whether the box carries marks that no other software sets."""
        message_id = self.message.get("id") if self.message is not None else None
        return self.posted is not None or (message_id or "").startswith("postmessage_")


@dataclass(slots=True)
class _Head:
    """What was met of the thread above its first post."""

    title: str | None = None
    counts: str = ""
    author: str | None = None
    flags: tuple[str, ...] = ()


def read_boxed(root: HtmlElement, url: str) -> PrintedThread | None:
    """Read a page of the usual or the touch view, or None when it is neither.

    One walk over the tree gathers the parts of each post by the number in their ids, so that a
    page whose boxes run into each other is read as well as a sound one.

    >>> from extract.page import parse_tree
    >>> page = parse_tree("<div id=post_81><div id=postmessage_81>支持试点</div></div>")
    >>> [post.post_no for post in read_boxed(page, "http://bbs.example.cn/thread-7-1-1.html").posts]
    ['81']
    """
    walk = _Walk(root)
    boxes = _unique([box for box in walk.boxes if box.is_post])
    if not any(box.is_certain for box in boxes):
        return None
    address = find_address(root, url)
    floors = fill_floors([box.floor for box in boxes], address)
    return PrintedThread(
        title=walk.head.title or _document_title(root),
        posts=tuple(
            post
            for box, floor in zip(boxes, floors, strict=True)
            for post in _read_posts(box, floor, url)
        ),
        address=address,
        board=_read_board(root),
        author=read_username(walk.head.author),
        views=_read_count(_VIEWS, walk.head.counts),
        replies=_read_count(_REPLIES, walk.head.counts),
        flags=walk.head.flags,
    )


class _Walk:
    """One pass over the elements of a page."""

    def __init__(self, root: HtmlElement) -> None:
        self.boxes: list[_Box] = []
        self.head = _Head()
        self._by_no: dict[str, _Box] = {}
        for element in root.iter("*"):
            name, classes = element.get("id"), (element.get("class") or "").split()
            part = _PART.fullmatch(name) if name else None
            if part:
                self._take_part(part[1], part[2], element)
            if not self.boxes:
                self._take_head(element, classes)
            elif classes:
                self._take_class(self.boxes[-1], element, classes)

    def _take_part(self, kind: str, post_no: str, element: HtmlElement) -> None:
        box = self.boxes[-1] if self.boxes else None
        if kind in {"post_", "pid"}:
            # A recommended post is shown twice, so a number may come back later.
            if box is None or box.post_no != post_no:
                self._by_no[post_no] = _Box(post_no, element)
                self.boxes.append(self._by_no[post_no])
            return
        box = self._by_no.get(post_no)
        if box is None:
            return
        if kind == "postmessage_" and box.message is None:
            box.message = element
        elif kind == "comment_":
            box.remarks = element
        elif kind == "authorposton":
            box.posted = element
        elif kind == "postnum":
            box.floor = read_floor(element.text_content())

    def _take_class(self, box: _Box, element: HtmlElement, classes: list[str]) -> None:
        if box.remarks is not None:
            # Remarks below a post print names and times of their own.
            return
        if not _BYLINES.isdisjoint(classes):
            box.has_byline = True
            box.author = box.author or _find_author(element)
            if element.tag == "ul":
                self._take_touch_line(box, element)
        elif "pi" in classes and box.floor is None:
            box.author = box.author or _find_deleted_author(element)
            number = element.find("strong")
            box.floor = read_floor(number.text_content()) if number is not None else None
        elif "locked" in classes:
            box.notices.append(element.text_content())
        elif "message" in classes and element.tag == "div" and box.message is None:
            box.message = element

    def _take_touch_line(self, box: _Box, authi: HtmlElement) -> None:
        items = authi.findall("li")
        if len(items) < 2:
            return
        floor = items[0].xpath("./em | ./span[@class='y']")
        box.floor = read_floor(floor[0].text_content()) if floor else None
        names = items[0].xpath("./span[@class='z']")
        box.author = box.author or (_find_deleted_author(names[0]) if names else None)
        # A third item names the side taken in a debate.
        box.posted = items[1]
        counts = items[1].xpath("./span[@class='y']/em")
        if len(counts) == 2 and len(self.boxes) == 1:
            self.head.counts = "查看:{} 回复:{}".format(*(e.text_content() for e in counts))

    def _take_head(self, element: HtmlElement, classes: list[str]) -> None:
        if element.get("id") == "thread_subject" or "view_tit" in classes:
            parts = element.xpath("text()") if "view_tit" in classes else [element.text_content()]
            self.head.title = _collapse("".join(parts)) or self.head.title
        elif element.get("id") == "tath":
            names = [link.text_content().strip() for link in element.iter("a")]
            self.head.author = next((name for name in reversed(names) if name), None)
        elif "hm" in classes:
            self.head.counts += element.text_content()
        elif _is_lock(element, classes):
            self.head.flags = ("locked",)


def _unique(boxes: list[_Box]) -> list[_Box]:
    """Keep each post once, in its own place rather than among the recommended ones."""
    kept: dict[str, _Box] = {}
    for box in boxes:
        known = kept.get(box.post_no)
        if known is None or (known.floor is None and box.floor is not None):
            kept.pop(box.post_no, None)
            kept[box.post_no] = box
    return list(kept.values())


def _read_posts(box: _Box, floor: int | None, url: str) -> tuple[PrintedPost, ...]:
    """Read a post and the remarks below it."""
    remarks = () if box.remarks is None else read_remarks(box.remarks, box.post_no)
    return (_read_post(box, floor, url), *remarks)


def _read_post(box: _Box, floor: int | None, url: str) -> PrintedPost:
    message = box.message
    flags = [flag for flag in map(read_notice, box.notices) if flag]
    author = read_username(box.author)
    if author is None and box.has_byline:
        flags.append("anonymous")
    if message is None:
        if not flags and box.posted is None:
            flags.append("deleted")
        return PrintedPost(
            author, _read_time(box.posted), (), floor, box.post_no, flags=_ordered(flags)
        )
    # The touch view prints notices in the clothes of a quote.
    notices = {
        quote: flag
        for quote in find_quotes(message, posts_only=False)
        if quote.find(".//blockquote") is None and (flag := read_notice(quote.text_content()))
    }
    flags += notices.values()
    quoted = [q for q in find_quotes(message, posts_only=floor == 1) if q not in notices]
    answered = next(filter(None, map(read_quoted_post_no, quoted)), None)
    if is_edited(message):
        flags.append("edited")
    return PrintedPost(
        author=author,
        posted_raw=_read_time(box.posted),
        lines=read_message(message, (*notices, *quoted)),
        floor=floor,
        post_no=box.post_no,
        quote=tuple(line for quote in quoted for line in read_quote(quote)),
        quoted_post_no=answered or find_answered_post_no(message),
        flags=_ordered(flags),
        attachments=read_attachments(box.holder, url) if floor == 1 else (),
    )


def _is_lock(element: HtmlElement, classes: list[str]) -> bool:
    """Tell the sign of a closed thread, an image until X3.4 and an icon font since."""
    if element.tag == "img":
        return element.get("alt") in _CLOSED or element.get("title") in _CLOSED
    return element.tag == "i" and "fico-lock" in classes


def _find_deleted_author(names: HtmlElement) -> str | None:
    """Find the name of a user who is no more, which is printed without a link."""
    note = names.find("em")
    if note is None or not _GONE.search(note.text_content()):
        return None
    return _collapse(names.text or "") or None


def _ordered(flags: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(flags))


def _find_author(authi: HtmlElement) -> str | None:
    """Find the linked username, which stands before the time."""
    for element in authi.iter("*"):
        if (element.get("id") or "").startswith("authorposton"):
            return None
        href = element.get("href") or ""
        if element.tag != "a" or "authorid=" in href:
            continue
        if "space" in href or _NAME_CLASSES.intersection((element.get("class") or "").split()):
            name = "".join(element.xpath("text()")).strip() or element.text_content().strip()
            if name:
                return name
    return None


def _read_time(posted: HtmlElement | None) -> str | None:
    """Read the printed time; the title of a relative one (昨天 12:45) holds the exact time."""
    if posted is None:
        return None
    titled = posted.xpath("descendant-or-self::*[self::span or self::em][@title]/@title")
    own = "".join(posted.xpath("text()")) if posted.tag == "li" else posted.text_content()
    text = _collapse(titled[0] if titled else own)
    while label := _TIME_LABEL.match(text):
        text = text[label.end() :]
    return text or None


def _collapse(text: str) -> str:
    return _BLANK.sub(" ", text).strip()


def _read_count(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.search(text)
    return int(found.group(1)) if found else None


def _document_title(root: HtmlElement) -> str:
    return _collapse(root.findtext(".//title") or "").split(" - ", 1)[0].strip()


def _read_board(root: HtmlElement) -> str | None:
    links = root.xpath("//div[@id='pt']//a[@href] | //div[@class='header cl']//h2/a[@href]")
    names = [link.text_content().strip() for link in links if _BOARD_LINK.search(link.get("href"))]
    return next((name for name in reversed(names) if name), None)
