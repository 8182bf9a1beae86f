"""A small parser for pages of our own wording, so that builds are tested without the real one.

A page is lines of `key=value`: title, text, unit (name or name@category), scope, thread (number
and page), reply (post number, author, text), fail, die, die_once (leaving a file of that name),
die_together (with the process that started this one), sleep (seconds), deaf (to its time limit).
"""

import os
import signal
import time
from hashlib import sha256
from pathlib import Path

from extract.figure_records import Figure
from extract.listing_records import Announcement, Parts, Unit
from extract.page import FindFile, Page
from extract.records import Comment, Document, Issue, Mention, PageRecords, Thread
from extract.source import Source
from normalize.ids import make_id

BATCH = make_id("batch", "四川省城乡社区治理试点", 3)


def parse(page: Page, source: Source | None, files: FindFile) -> PageRecords:
    lines = [line.partition("=") for line in page.body.decode().splitlines()]
    fields = {key: value for key, _, value in lines}
    if "fail" in fields:
        raise ValueError("西蜀散人 wrote something odd")
    if "die" in fields:
        os._exit(9)
    if "die_together" in fields:
        os.kill(os.getppid(), signal.SIGKILL)
        os._exit(9)
    if "die_once" in fields and not Path(fields["die_once"]).exists():
        Path(fields["die_once"]).touch()
        os._exit(9)
    if "deaf" in fields:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    time.sleep(float(fields.get("sleep", 0)))
    digest = sha256(page.body).hexdigest()
    doc_id = make_id(page.url, digest)
    document = Document(
        doc_id,
        source.id if source else "",
        page.url,
        digest,
        "thread" if "thread" in fields else "announcement",
        fields.get("title", ""),
        fields.get("text", ""),
        views=int(fields["views"]) if "views" in fields else None,
    )
    number, _, page_no = fields.get("thread", "").partition(",")
    thread_id = make_id("thread", number)
    thread = Thread(
        thread_id, "", doc_id, page.url, "大家怎么看名单", int(page_no or 1), author="楼主"
    )
    comments = [_comment(value, thread_id, doc_id) for key, _, value in lines if key == "reply"]
    named = [value for key, _, value in lines if key == "unit"]
    units = tuple(_unit(name, order, doc_id) for order, name in enumerate(named, 1))
    announcement = _announcement(doc_id, fields.get("scope", "full"), len(units))
    return PageRecords(
        document,
        thread if number else None,
        (announcement,) if units else (),
        units,
        (Figure(0, 2, "3个", None, figure_id=make_id(doc_id, 0), doc_id=doc_id),),
        tuple(comments),
        link(comments, units),
        (Issue(make_id(doc_id, "odd"), doc_id, "odd", "info", "an odd page"),),
    )


def link(comments, units) -> tuple[Mention, ...]:
    return tuple(
        Mention(
            make_id(comment.comment_id, unit.name_full),
            comment.doc_id,
            comment.comment_id,
            unit.name_full,
            comment.text.index(unit.name_full),
            comment.text.index(unit.name_full) + len(unit.name_full),
            unit.name_full,
            unit.unit_id,
        )
        for comment in comments
        for unit in units
        if unit.name_full in comment.text
    )


def _comment(value: str, thread_id: str, doc_id: str) -> Comment:
    number, author, text = value.split(",")
    return Comment(
        make_id(thread_id, number),
        thread_id,
        doc_id,
        int(number),
        number,
        author or None,
        None,
        None,
        text,
    )


def _unit(value: str, order: int, doc_id: str) -> Unit:
    name, _, category = value.partition("@")
    return Unit(
        unit_id=make_id(doc_id, name, order),
        announcement_id=make_id(doc_id, "announcement"),
        batch_id=BATCH,
        doc_id=doc_id,
        order=order,
        name_raw=name,
        name_full=name,
        parts=Parts(city="绵阳市", village=name),
        inherited=("province",),
        kind="community",
        category_path=(category,) if category else (),
        list_title=None,
        group=None,
        remark=None,
        award=None,
        programme="四川省城乡社区治理试点",
        batch=3,
        status="selected",
        src="body",
        span_start=0,
        span_end=len(name),
    )


def _announcement(doc_id: str, scope, found: int) -> Announcement:
    return Announcement(
        make_id(doc_id, "announcement"),
        BATCH,
        doc_id,
        "四川省城乡社区治理试点",
        "城乡社区治理试点",
        3,
        "第三批",
        2022,
        "2022",
        None,
        ("四川省民政厅",),
        "provincial",
        "selected",
        scope,
        None,
        found_counts=(("community", found),),
    )
