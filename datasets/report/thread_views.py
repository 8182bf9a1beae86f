"""Threads and their replies over time as a report shows them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from datasets.batches import read_rows
from datasets.report.charts import draw_timeline
from datasets.report.view import CommentView, ThreadView

COMMENT_COLUMNS = ("comment_id", "thread_id", "floor", "posted_at", "text")
MENTION_COLUMNS = ("comment_id", "unit_id", "span_start", "span_end", "name_full")
"""Columns that a report shows; names and hashes of authors stay out."""

MAX_TEXT = 240
"""Characters shown of a reply on either side of what it says of a unit."""


def view_threads(
    threads: pd.DataFrame, comments: pd.DataFrame, mentions: pd.DataFrame
) -> tuple[ThreadView, ...]:
    """Describe every thread that has replies, the one that speaks most of listed units first.

    Takes table `threads`, `COMMENT_COLUMNS` of `comments` and `MENTION_COLUMNS` of `mentions`.

    >>> none = pd.DataFrame(columns=["thread_id", "unit_id", "comment_id"])
    >>> view_threads(none, none, none)
    ()
    """
    spoken: dict[str, list[dict[str, Any]]] = {}
    for row in read_rows(mentions[mentions["unit_id"].notna()]):
        spoken.setdefault(row["comment_id"], []).append(row)
    replies: dict[str, list[dict[str, Any]]] = {}
    for row in read_rows(comments):
        replies.setdefault(row["thread_id"], []).append(row)
    views = [
        _view_thread(row, replies[row["thread_id"]], spoken)
        for row in read_rows(threads)
        if row["thread_id"] in replies
    ]
    return tuple(sorted(views, key=lambda view: (-len(view.comments), -view.found, view.title)))


def _view_thread(
    thread: Mapping[str, Any],
    replies: Sequence[Mapping[str, Any]],
    spoken: Mapping[str, Sequence[Mapping[str, Any]]],
) -> ThreadView:
    timed = [(row["posted_at"], row["comment_id"] in spoken) for row in replies if row["posted_at"]]
    bars, peak = draw_timeline(timed)
    telling = sorted(
        (row for row in replies if row["comment_id"] in spoken),
        key=lambda row: (row["floor"] is None, row["floor"] or 0, row["comment_id"]),
    )
    return ThreadView(
        title=thread["title"] or thread["url"],
        url=thread["url"],
        stated=None if thread["replies_stated"] is None else int(thread["replies_stated"]),
        found=len(replies),
        first=min((time for time, _ in timed), default=None),
        last=max((time for time, _ in timed), default=None),
        peak=peak,
        bars=bars,
        comments=tuple(_view_comment(row, spoken[row["comment_id"]]) for row in telling),
    )


def _view_comment(comment: Mapping[str, Any], mentions: Sequence[Mapping[str, Any]]) -> CommentView:
    spans = sorted({(int(row["span_start"]), int(row["span_end"])) for row in mentions})
    return CommentView(
        floor=None if comment["floor"] is None else int(comment["floor"]),
        posted=f"{comment['posted_at']:%Y-%m-%d %H:%M}" if comment["posted_at"] else "",
        pieces=cut_pieces(comment["text"] or "", spans),
        names=tuple(dict.fromkeys(row["name_full"] for row in mentions)),
    )


def cut_pieces(text: str, spans: Sequence[tuple[int, int]]) -> tuple[tuple[str, bool], ...]:
    """Cut a text at sorted spans; pieces inside a span are marked True, long others shortened.

    >>> cut_pieces("恭喜古城社区!", [(2, 6)])
    (('恭喜', False), ('古城社区', True), ('!', False))
    """
    pieces: list[tuple[str, bool]] = []
    position = 0
    for start, end in spans:
        # Of overlapping mentions the later one keeps what the earlier left.
        free = max(start, position)
        if free >= end:
            continue
        pieces += [(_shorten(text[position:free]), False), (text[free:end], True)]
        position = end
    pieces.append((_shorten(text[position:]), False))
    return tuple(piece for piece in pieces if piece[0])


def _shorten(text: str) -> str:
    if len(text) <= MAX_TEXT:
        return text
    return f"{text[: MAX_TEXT // 2]} … {text[-MAX_TEXT // 2 :]}"
