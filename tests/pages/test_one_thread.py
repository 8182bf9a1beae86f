"""Pages of one thread in several views, boards in two encodings: one thread, each reply once."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from datasets.threads import merge_comments, merge_threads
from datasets.versions import Version
from extract.page import Page
from extract.parse import parse_page
from extract.source import read_source

HERE = Path(__file__).parent
BOARD = HERE / "discuz_x34"


def read_version(case: str, hours: int = 0) -> Version:
    """Parse a case as a page that was seen some hours after its fetch."""
    folder = BOARD / case
    meta = json.loads((folder / "page.json").read_text("utf-8"))
    seen = datetime.fromisoformat(meta["fetched_at"])
    body = (folder / "page.html").read_bytes()
    page = Page(body, meta["url"], meta["media_type"], meta["charset"], seen)
    source = read_source("discuz_x34", (BOARD / "source.toml").read_text("utf-8"))
    records = parse_page(page, source)
    return Version(records, cast(Any, None), 1, seen + timedelta(hours=hours), is_current=True)


def read_replies(cases: Sequence[str]) -> list[tuple[int | None, str | None]]:
    """Floors and numbers of the replies that several views give together, remarks left out."""
    versions = [read_version(case, hours) for hours, case in enumerate(cases)]
    replies = [seen.comment for seen in merge_comments(versions).values()]
    found = [(c.floor, c.post_no) for c in replies if "remark" not in c.flags]
    return sorted(found, key=lambda reply: reply[0] or 0)


ALL = [(n, str(500 + n)) for n in range(2, 15)]


def test_both_pages_give_every_reply_once() -> None:
    assert read_replies(["page_1", "page_2"]) == ALL


@pytest.mark.parametrize("view", ["printable", "archiver", "archiver_2", "one_author"])
@pytest.mark.parametrize("seen_last", [True, False])
def test_another_view_adds_no_reply(view: str, seen_last: bool) -> None:
    cases = ["page_1", "page_2", view] if seen_last else [view, "page_1", "page_2"]
    assert read_replies(cases) == ALL


def test_print_view_beside_the_archiver_gives_each_reply_once() -> None:
    replies = read_replies(["archiver", "archiver_2", "printable"])
    assert [floor for floor, _ in replies] == list(range(2, 14))


def test_views_of_a_thread_are_one_thread_with_its_counts() -> None:
    cases = ["page_1", "page_2", "archiver", "archiver_2", "printable"]
    versions = [read_version(case, hours) for hours, case in enumerate(cases)]
    (whole,) = merge_threads(versions).values()
    assert (whole.thread.thread_no, whole.thread.board) == ("90210", "乡镇茶馆")
    assert (whole.thread.views_stated, whole.thread.replies_stated) == (1288, 14)
    assert (whole.thread.pages_stated, whole.pages) == (2, 2)
    assert whole.thread.flags == ("locked",)
    assert whole.thread.url.endswith("forum.php?mod=viewthread&tid=90210")


def test_replies_of_one_page_in_one_minute_stay_apart() -> None:
    version = read_version("printable")
    first = version.records.comments[0]
    again = replace(first, comment_id="another", floor=99)
    records = replace(version.records, comments=(first, again))
    assert len(merge_comments([replace(version, records=records)])) == 2


def test_pages_in_two_encodings_share_the_site() -> None:
    gbk, utf8 = BOARD / "page_1", HERE / "discuz_x35" / "closed"
    texts = [(gbk / "page.html").read_bytes(), (utf8 / "page.html").read_bytes()]
    assert "涪江论坛".encode("gbk") in texts[0]
    assert "涪江论坛".encode() in texts[1]
