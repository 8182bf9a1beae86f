"""A thread page as printed: its posts before cleaning, whichever view of the forum shows them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extract.lines import Line
from extract.records import Attachment
from extract.thread_address import ThreadAddress

_ANONYMOUS = frozenset(
    ("匿名", "匿名用户", "匿名用戶", "匿名者", "匿名网友", "游客", "遊客", "Anonymous", "Guest")
)
_NAMED_FLOORS = {"楼主": 1, "樓主": 1, "沙发": 2, "沙發": 2, "板凳": 3, "地板": 4}
_FLOOR = re.compile("[0-9]{1,7}")
_NOTICES = (
    (
        "reply_to_see",
        re.compile(
            "(?:隐藏|隱藏|可见|可見).{0,16}回[复復覆帖]|回[复復覆帖].{0,6}(?:可见|可見|才能[看浏])"
        ),
    ),
    ("deleted", re.compile("[删刪]除")),
    (
        "locked",
        re.compile(
            "屏蔽|遮蔽|[仅僅]作者|隐藏|隱藏|密码|密碼|付[费費](?!主题|主題)|需向作者支付|出售中|[审審]核"
        ),
    ),
)
_EDIT_NOTE = re.compile(
    "本帖最[后後]由.{1,60}[于於].{6,40}[编編][辑輯]"
    r"|\[?\s*此帖被.{1,60}在.{6,40}重新[编編][辑輯]\s*\]?"
    r"|\[\s*.{1,60}[于於].{6,40}[编編][辑輯]了[帖回][子复]\s*\]"
)


@dataclass(frozen=True, slots=True)
class PrintedPost:
    """One post before cleaning."""

    author: str | None
    """Username; None for 匿名."""
    posted_raw: str | None
    """Time as printed, the exact form where the page gives both. Example: `2022-4-6 12:45`"""
    lines: tuple[Line, ...]
    """Lines of the post without quotes, edit notes and notices."""
    floor: int | None = None
    """Floor, the opening post being 1."""
    post_no: str | None = None
    """Number the forum gives the post."""
    quote: tuple[Line, ...] = ()
    """Lines of the quoted post."""
    quoted_post_no: str | None = None
    """Number of the quoted post."""
    flags: tuple[str, ...] = ()
    """As in `Comment.flags`."""
    attachments: tuple[Attachment, ...] = ()
    """Files the post carries."""


@dataclass(frozen=True, slots=True)
class PrintedThread:
    """One page of a thread before cleaning."""

    title: str
    """Title as printed."""
    posts: tuple[PrintedPost, ...]
    """Posts in page order, each number once."""
    address: ThreadAddress
    """Where the thread and this page of it stand."""
    board: str | None = None
    """Board as printed."""
    author: str | None = None
    """Username of the opening post where a later page prints it."""
    views: int | None = None
    """查看 as printed."""
    replies: int | None = None
    """回复 as printed."""
    flags: tuple[str, ...] = ()
    """locked for a closed thread."""


def read_username(printed: str | None) -> str | None:
    """Read a printed username; None when it stands for an anonymous author.

    >>> read_username(" 山里人 "), read_username("匿名")
    ('山里人', None)
    """
    name = (printed or "").strip()
    return None if not name or name in _ANONYMOUS else name


def read_floor(printed: str) -> int | None:
    """Read a printed floor, a number or one of the names of the first four.

    >>> read_floor("来自 12#"), read_floor("板凳"), read_floor("推荐")
    (12, 3, None)
    """
    number = _FLOOR.search(printed)
    if number:
        return int(number.group())
    return next((floor for name, floor in _NAMED_FLOORS.items() if name in printed), None)


def read_notice(text: str) -> str | None:
    """Name what a notice in the place of a post says, or None when it is no such notice.

    >>> read_notice("提示: 该帖被管理员或版主屏蔽"), read_notice("附件: 您需要登录才可以下载")
    ('locked', None)
    """
    return next((flag for flag, pattern in _NOTICES if pattern.search(text)), None)


def is_edit_note(text: str) -> bool:
    """Tell whether a line is the note a forum prints above an edited post.

    >>> is_edit_note("本帖最后由 山里人 于 2022-4-6 13:01 编辑")
    True
    >>> is_edit_note("[ 此帖被山里人在2022-04-06 13:01重新编辑 ]")
    True
    """
    return _EDIT_NOTE.fullmatch(text.strip()) is not None


def fill_floors(printed: Sequence[int | None], address: ThreadAddress) -> list[int | None]:
    """Fill in the floors that a page leaves out where the posts around or the page tell them.

    `printed` holds the floors in page order. Pages made for robots print none: the first page
    then counts from 1; a later page is counted only when it is full, that is when another page
    follows and the number of posts is a usual page length. On a page that shows one author's
    posts, or the newest first, nothing follows from the place of a post.

    >>> from extract.thread_address import read_thread_address
    >>> fill_floors([1, None, 3], read_thread_address("http://bbs.example.cn/thread-7-1-1.html"))
    [1, 2, 3]
    """
    if address.one_author or address.newest_first:
        return list(printed)
    size, page = len(printed), address.page or 1
    known = {floor for floor in printed if floor is not None}
    if not known:
        if page == 1:
            return list(range(1, size + 1))
        is_full = not address.is_last and size % 5 == 0
        return [(page - 1) * size + n + 1 if is_full else None for n in range(size)]
    filled = list(printed)
    for index, floor in enumerate(filled):
        before = filled[index - 1] if index else None
        if floor is None and before is not None and before + 1 not in known:
            filled[index] = before + 1
            known.add(before + 1)
    return filled
