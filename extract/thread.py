"""Threads of forums: one page to its opening post and its comments, cleaned together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from lxml.html import HtmlElement

from extract.dates import PublishTime, read_publish_time
from extract.discuz import read_boxed
from extract.discuz_flat import read_archiver, read_print_html, read_print_text
from extract.lines import Line, PageLines
from extract.page import Page
from extract.phpwind import read_phpwind
from extract.records import Attachment, Comment, Thread
from extract.source import Source
from extract.thread_gate import find_layouts, may_hold_thread
from extract.thread_post import PrintedPost, PrintedThread
from extract.thread_rules import read_by_rules
from normalize.clean import clean_lines
from normalize.ids import make_id

_READERS: Mapping[str, Callable[[HtmlElement, str], PrintedThread | None]] = MappingProxyType(
    {
        "boxed": read_boxed,
        "print": read_print_html,
        "archiver": read_archiver,
        "phpwind": read_phpwind,
    }
)


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """What one page of a thread yields."""

    thread: Thread
    """The thread the page belongs to."""
    title: str
    """Clean title."""
    title_raw: str | None
    """Title as printed, when it differs."""
    opening: tuple[Line, ...]
    """Lines of the opening post; empty on later pages."""
    opening_posted: PublishTime | None
    """Time of the opening post, when it stands on this page."""
    comments: tuple[Comment, ...]
    """Every other post of the page, each once, in page order."""
    flags: tuple[str, ...]
    """Marks of the opening post as in `Comment.flags`, and one_author when the page leaves other
    authors out."""
    attachments: tuple[Attachment, ...] = ()
    """Files of the opening post."""


def read_thread(
    page: Page,
    root: HtmlElement | None,
    page_lines: PageLines,
    source: Source | None,
    doc_id: str = "",
) -> ThreadPage | None:
    """Read a page of a thread, or None when its structure is that of no thread.

    Reads Discuz! in its usual, touch, print and archiver views and phpwind from `root`, other
    forums by the rules their `source` gives; saved plain text of the print view, with None for
    `root`, from `page_lines`, where `source` settles the case of a text with a single post.
    Relative times count from the fetch.

    >>> from datetime import UTC, datetime
    >>> from extract.lines import read_text_lines
    >>> text = "标题: 试点名单\\n作者: 山里人 时间: 2022-4-6 11:15\\n看看\\n"
    >>> text += "作者: 河边人 时间: 2022-4-6 12:22\\n好事"
    >>> page = Page(b"", "file:///1.txt", "text/plain", None, datetime.now(UTC))
    >>> thread = read_thread(page, None, read_text_lines(text), None)
    >>> thread.title, [(c.floor, c.author, c.text) for c in thread.comments]
    ('试点名单', [(2, '河边人', '好事')])
    """
    printed = _read_printed(page, root, page_lines, source)
    if printed is None:
        return None
    title, posts = _clean(printed)
    opening = next((post for post in posts if post.floor == 1), None)
    posted = _read_time(opening, page) if opening else None
    thread = _make_thread(printed, title, opening, posted)
    thread = replace(thread, source_id=source.id if source else "", doc_id=doc_id)
    return ThreadPage(
        thread=thread,
        title=title,
        title_raw=printed.title if printed.title != title else None,
        opening=opening.lines if opening else (),
        opening_posted=posted,
        comments=tuple(_make_comment(post, thread, page) for post in posts if post is not opening),
        flags=_flag_page(printed, opening),
        attachments=opening.attachments if opening else (),
    )


def _flag_page(printed: PrintedThread, opening: PrintedPost | None) -> tuple[str, ...]:
    flags = opening.flags if opening else ()
    return (*flags, "one_author") if printed.address.one_author else flags


def _make_thread(
    printed: PrintedThread, title: str, opening: PrintedPost | None, posted: PublishTime | None
) -> Thread:
    address = printed.address
    is_deleted = opening is not None and "deleted" in opening.flags
    return Thread(
        thread_id=make_id("thread", address.host, address.thread_no or printed.title),
        source_id="",
        doc_id="",
        url=address.first_page,
        title=title,
        page=address.page or 1,
        thread_no=address.thread_no,
        board=printed.board,
        author=opening.author if opening else printed.author,
        posted_at=posted.value if posted else None,
        views_stated=printed.views,
        replies_stated=printed.replies,
        pages_stated=address.pages,
        flags=(*printed.flags, *(("deleted",) if is_deleted else ())),
    )


def _read_printed(
    page: Page, root: HtmlElement | None, page_lines: PageLines, source: Source | None
) -> PrintedThread | None:
    if root is None:
        trusted = source is not None and source.parse.page == "thread"
        return read_print_text(page_lines.lines, page.url, trusted)
    rules = source.parse.thread if source else None
    if rules is not None and (printed := read_by_rules(root, page.url, rules)):
        return printed
    if not may_hold_thread(page, page_lines.lines, source):
        return None
    layouts = find_layouts(page.body)
    for layout, read in _READERS.items():
        if layout in layouts and (printed := read(root, page.url)):
            return printed
    return None


def _clean(printed: PrintedThread) -> tuple[str, list[PrintedPost]]:
    """Clean the title and all posts of a page together, because damage shows on the page."""
    lines = [printed.title]
    for post in printed.posts:
        lines += [line.printed for line in (*post.lines, *post.quote)]
    clean = iter(clean_lines(lines).lines)
    title = next(clean).strip()
    posts = [
        replace(
            post,
            lines=_with_texts(post.lines, clean),
            quote=_with_texts(post.quote, clean),
        )
        for post in printed.posts
    ]
    return title, posts


def _with_texts(lines: Sequence[Line], texts: Iterator[str]) -> tuple[Line, ...]:
    read = [replace(line, text=next(texts)) for line in lines]
    return tuple(line for line in read if line.text.strip())


def _read_time(post: PrintedPost, page: Page) -> PublishTime | None:
    return read_publish_time(post.posted_raw, page.fetched_at) if post.posted_raw else None


def _make_comment(post: PrintedPost, thread: Thread, page: Page) -> Comment:
    posted = _read_time(post, page)
    text = "\n".join(line.text for line in post.lines)
    original = "\n".join(line.printed for line in post.lines)
    if post.post_no:
        comment_id = make_id("comment", thread.thread_id, post.post_no)
    elif "remark" in post.flags:
        # A remark has no number, and its time may be printed as a distance from today.
        answered = (post.quoted_post_no, post.author, original)
        comment_id = make_id("comment", thread.thread_id, *answered)
    else:
        comment_id = make_id("comment", thread.thread_id, post.floor, post.posted_raw, post.author)
    return Comment(
        comment_id=comment_id,
        thread_id=thread.thread_id,
        doc_id=thread.doc_id,
        floor=post.floor,
        post_no=post.post_no,
        author=post.author,
        posted_at=posted.value if posted else None,
        posted_raw=post.posted_raw,
        text=text,
        text_original=original if original != text else None,
        quoted_post_no=post.quoted_post_no,
        quoted_text="\n".join(line.text for line in post.quote) or None,
        flags=post.flags,
    )
