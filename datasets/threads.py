"""Threads and their replies, taken together over the pages they are spread over."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from datasets.versions import Version
from extract.listing_records import Unit
from extract.records import Comment, Mention, Thread

LinkMentions = Callable[[Sequence[Comment], Sequence[Unit]], tuple[Mention, ...]]


@dataclass(frozen=True, slots=True)
class WholeThread:
    """A thread as all of its pages tell it."""

    thread: Thread
    """What its first page says, with the counts of the page that was seen last."""
    version: Version
    """The page it is taken from."""
    pages: int
    """Number of its pages that were read."""


@dataclass(frozen=True, slots=True)
class SeenComment:
    """A reply as it was seen last."""

    comment: Comment
    """The reply."""
    version: Version
    """The page it was read from."""


def merge_threads(versions: Iterable[Version]) -> dict[str, WholeThread]:
    """Take the pages of each thread together, by thread id.

    Every version of a page counts, so a thread that a site has since removed stays known.

    >>> merge_threads([])
    {}
    """
    pages: dict[str, dict[int, Version]] = {}
    for version in sorted(versions, key=_seen):
        if thread := version.records.thread:
            by_page = pages.setdefault(thread.thread_id, {})
            if not _says_less(version, by_page.get(thread.page)):
                by_page[thread.page] = version
    return {thread_id: _merge_pages(by_page) for thread_id, by_page in sorted(pages.items())}


def merge_comments(versions: Iterable[Version]) -> dict[str, SeenComment]:
    """Give each reply once, as it was seen last, by comment id.

    Views of a thread that print no post numbers (print, archiver) count for the replies that no
    other view shows.

    >>> merge_comments([])
    {}
    """
    comments = {
        comment.comment_id: SeenComment(comment, version)
        for version in sorted(versions, key=_seen)
        for comment in version.records.comments
    }
    said: defaultdict[tuple[object, ...], list[Comment]] = defaultdict(list)
    for seen in comments.values():
        said[_who_and_when(seen.comment)].append(seen.comment)
    again = {comment.comment_id for same in said.values() for comment in _find_repeated(same)}
    return {key: seen for key, seen in comments.items() if key not in again}


def _who_and_when(comment: Comment) -> tuple[object, ...]:
    minute = comment.posted_at and comment.posted_at.replace(second=0, microsecond=0)
    return comment.thread_id, comment.author, minute, "remark" in comment.flags


def _find_repeated(comments: Sequence[Comment]) -> list[Comment]:
    """Find the replies of one author and minute that a fuller view of the thread shows as well.

    A view with post numbers says more than one that counts floors, and that more than one without
    either. Only one reply at that minute is the same reply even where the archiver runs its quote
    into the text; nobody and several need the same text.
    """
    best = min(map(_rank, comments))
    known = [comment for comment in comments if _rank(comment) == best]
    is_one = len(known) == 1 and known[0].author is not None and known[0].posted_at is not None
    texts = {comment.text for comment in known}
    return [c for c in comments if _rank(c) > best and (is_one or c.text in texts)]


def _rank(comment: Comment) -> int:
    return 0 if comment.post_no else 1 if comment.floor else 2


def find_mentions(
    current: Sequence[Version], comments: Mapping[str, SeenComment], link: LinkMentions
) -> list[tuple[Mention, SeenComment]]:
    """Give the mentions of current pages, and link replies of later pages with the thread's list.

    The list stands on one page of a thread, mostly the first; the other pages know nothing of it.

    >>> find_mentions([], {}, lambda comments, units: ())
    []
    """
    listed: dict[str, list[Unit]] = {}
    for version in current:
        if version.records.thread:
            units = listed.setdefault(version.records.thread.thread_id, [])
            units.extend(version.records.units)
    found: dict[str, tuple[Mention, SeenComment]] = {}
    for version in current:
        records = version.records
        mentions = records.mentions
        if records.thread and not records.units and (units := listed[records.thread.thread_id]):
            mentions = link(records.comments, units)
        for mention in mentions:
            seen = comments.get(mention.comment_id)
            # A reply that has moved to another page is linked there.
            if seen and seen.version is version:
                found.setdefault(mention.mention_id, (mention, seen))
    return list(found.values())


def _says_less(version: Version, known: Version | None) -> bool:
    """Tell a later view of a page that leaves out the counts and numbers another view prints."""
    if known is None or known.records.document.url == version.records.document.url:
        return False
    return _fullness(version) < _fullness(known)


def _fullness(version: Version) -> int:
    thread = version.records.thread
    numbered = any(comment.post_no for comment in version.records.comments)
    return numbered + (thread is not None and thread.replies_stated is not None)


def _seen(version: Version) -> tuple[object, ...]:
    return version.last_seen, version.is_current, version.number, version.doc_id


def _merge_pages(by_page: Mapping[int, Version]) -> WholeThread:
    first = by_page[min(by_page)]
    base = first.records.thread
    assert base is not None
    in_time = sorted(by_page.values(), key=_seen, reverse=True)
    said = [version.records.thread for version in in_time if version.records.thread]
    thread = replace(
        base,
        views_stated=_newest(thread.views_stated for thread in said),
        replies_stated=_newest(thread.replies_stated for thread in said),
        pages_stated=_newest(thread.pages_stated for thread in said),
        flags=tuple(sorted({flag for thread in said for flag in thread.flags})),
    )
    return WholeThread(thread, first, len(by_page))


def _newest(counts: Iterable[int | None]) -> int | None:
    return next((count for count in counts if count is not None), None)
