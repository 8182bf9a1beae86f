"""Records -> rows of the tables: lists joined, decimals as float and text, usernames hashed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

from datasets.archive import CHINA, UNDATED, Fetch, Run
from datasets.privacy import Pseudonymizer
from datasets.schema import SEPARATOR, Row, column_names
from extract.figure_records import Figure
from extract.listing_records import Announcement, StatedCount, Unit
from extract.records import (
    EXTRACTOR_VERSION,
    Comment,
    Document,
    Issue,
    Mention,
    PageRecords,
    Thread,
)
from extract.stated_counts import WHOLE_SCOPES

LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document comes from and which of its versions it is."""

    source_id: str
    """Source it was fetched for. Example: `xishu_bbs`"""
    fetch_id: str = ""
    """First fetch of this version."""
    version: int = 1
    """Number of the content version of its address."""
    is_current: bool = True
    """Whether it is the version seen last."""
    first_seen: datetime = UNDATED
    """First fetch that showed it."""
    last_seen: datetime = UNDATED
    """Last fetch that showed it."""


def run_row(run: Run, source_id: str, warc_file: str, fetches: int) -> Row:
    """Make the row of one run.

    >>> run = Run("0f3c9a1b2d4e5f60", "crawl", "xishu_bbs", None, None)
    >>> run_row(run, "xishu_bbs", "warc/xishu_bbs/a.warc.gz", 3)["fetches"]
    3
    """
    return _row("runs", run, source_id=source_id, warc_file=warc_file, fetches=fetches)


def fetch_row(fetch: Fetch, fetch_id: str, source_id: str, warc_file: str) -> Row:
    """Make the row of one fetch; `doc_id` is put in once the versions are known.

    >>> fetch_row(Fetch("http://a.cn/", "failure", 0, "timeout", None, None, UNDATED, b"", None,
    ...     0, 0, 1, "0f3c9a1b2d4e5f60", None), "5feceb66ffc86f38", "demo", "a.warc.gz")["reason"]
    'timeout'
    """
    return _row(
        "fetches",
        fetch,
        fetch_id=fetch_id,
        source_id=source_id,
        warc_file=warc_file,
        warc_offset=fetch.offset,
        warc_length=fetch.length,
        doc_id=None,
    )


def page_rows(records: PageRecords, origin: Origin, names: Pseudonymizer) -> dict[str, list[Row]]:
    """Make all rows one page gives, by table; of a thread as far as this page tells of it.

    >>> page = PageRecords(Document("9f86d081884c7d65", "", "http://a.cn/", "", "article", "", ""))
    >>> [(table, len(rows)) for table, rows in page_rows(page, Origin("demo"), Pseudonymizer(
    ...     bytes(32))).items() if rows]
    [('documents', 1)]
    """
    thread = records.thread
    threads = []
    if thread:
        threads = [thread_row(thread, origin, names, (len(records.comments), 1))]
    by_comment = {comment.comment_id: comment.thread_id for comment in records.comments}
    return {
        "documents": [document_row(records.document, origin)],
        "announcements": [announcement_row(a, origin) for a in records.announcements],
        "units": [unit_row(unit, origin) for unit in records.units],
        "figures": [figure_row(figure, origin) for figure in records.figures],
        "threads": threads,
        "comments": [
            comment_row(comment, origin, names, records.document.url)
            for comment in records.comments
        ],
        "mentions": [
            mention_row(m, by_comment.get(m.comment_id, ""), origin) for m in records.mentions
        ],
        "issues": [issue_row(i, records.document.url, origin) for i in records.issues],
    }


def document_row(document: Document, origin: Origin) -> Row:
    """Make the row of one content version of a page.

    >>> document = Document("9f86d081884c7d65", "", "http://a.cn/", "", "article", "公示", "")
    >>> document_row(document, Origin("demo"))["source_id"]
    'demo'
    """
    return _row(
        "documents",
        document,
        source_id=origin.source_id,
        version=origin.version,
        is_current=origin.is_current,
        authors=SEPARATOR.join(author.name for author in document.authors),
        author_roles=SEPARATOR.join(author.role for author in document.authors),
        attachments=SEPARATOR.join(file.url for file in document.attachments),
        part=1,
        part_of=None,
        duplicate_of=None,
        first_seen=origin.first_seen,
        last_seen=origin.last_seen,
        fetch_id=origin.fetch_id,
    )


def announcement_row(announcement: Announcement, origin: Origin) -> Row:
    """Make the row of an announcement.

    >>> announcement_row.__annotations__["return"] == Row
    True
    """
    found = announcement.found_counts
    return {
        **_row(
            "announcements",
            announcement,
            stated=SEPARATOR.join(_stated(announcement.stated_counts)),
            stated_total=_whole_number(total_stated(announcement)),
            found=SEPARATOR.join(f"{kind} {n}" for kind, n in found),
            found_total=sum(n for _, n in found),
            extractor=EXTRACTOR_VERSION,
        ),
        "source_id": origin.source_id,
    }


def total_stated(announcement: Announcement) -> int | None:
    """Add up the counts stated for the list a page announces, None when there are none.

    A local part is held against the whole list, whose numbers it repeats, and against its own
    count only where nothing is said of the whole. The parts of a count that is itself their sum
    are left out ("28个单位: 8个街道, 20个社区").

    >>> counts = tuple(StatedCount(of, n, None, 0, 1) for of, n in
    ...     [("单位", 28), ("街道", 8), ("社区", 20)])
    >>> total_stated(Announcement("", "", "", "", "", 3, None, None, None, None, (), "provincial",
    ...     "selected", "full", None, stated_counts=counts))
    28
    """
    stated = announcement.stated_counts
    of_whole = [c for c in stated if c.scope is None or c.scope in WHOLE_SCOPES]
    counts = {c.of: c.n for c in of_whole or stated}
    if not counts:
        return None
    total, largest = sum(counts.values()), max(counts.values())
    return largest if total == 2 * largest else total


def unit_row(unit: Unit, origin: Origin) -> Row:
    """Make the row of a listed unit; `duplicate_of` is put in once all pages are known.

    >>> unit_row.__annotations__["return"] == Row
    True
    """
    parts, group = unit.parts, unit.group
    return _row(
        "units",
        unit,
        source_id=origin.source_id,
        province=parts.province,
        city=parts.city,
        county=parts.county,
        town=parts.town,
        village=parts.village,
        sub=parts.sub,
        unit_org=parts.unit,
        category=unit.category_path[-1] if unit.category_path else None,
        group_label=group and group.label,
        group_stated=_whole_number(group.stated) if group else None,
        group_found=group and group.found,
        duplicate_of=None,
        extractor=EXTRACTOR_VERSION,
    )


def figure_row(figure: Figure, origin: Origin) -> Row:
    """Make the row of a number.

    >>> row = figure_row(Figure(0, 4, "6.7亿", Decimal("670000000")), Origin("demo"))
    >>> row["value"], row["value_raw"]
    (670000000.0, '670000000')
    """
    return {
        **_row(
            "figures",
            figure,
            value=_float(figure.value),
            value_raw=_decimal_text(figure.value),
            low=_float(figure.low),
            high=_float(figure.high),
            extractor=EXTRACTOR_VERSION,
        ),
        "source_id": origin.source_id,
        "first_seen": origin.first_seen,
    }


def thread_row(thread: Thread, origin: Origin, names: Pseudonymizer, found: tuple[int, int]) -> Row:
    """Make the row of a thread from what one page says; `found` counts its replies and pages.

    >>> thread = Thread("4fc82b26aecb47d2", "", "9f86d081884c7d65", "http://a.cn/t", "名单", 2)
    >>> thread_row(thread, Origin("demo"), Pseudonymizer(bytes(32)), (38, 2))["doc_id"] is None
    True
    """
    return _row(
        "threads",
        thread,
        source_id=origin.source_id,
        doc_id=thread.doc_id if thread.page == 1 else None,
        author_id=names.pseudonym(site_of(thread.url, origin), thread.author),
        replies_found=found[0],
        pages_found=found[1],
        extractor=EXTRACTOR_VERSION,
    )


def comment_row(comment: Comment, origin: Origin, names: Pseudonymizer, url: str) -> Row:
    """Make the row of a reply read from the page at `url`.

    >>> comment_row.__annotations__["return"] == Row
    True
    """
    return _row(
        "comments",
        comment,
        source_id=origin.source_id,
        author_id=names.pseudonym(site_of(url, origin), comment.author),
        extractor=EXTRACTOR_VERSION,
    )


def mention_row(mention: Mention, thread_id: str, origin: Origin) -> Row:
    """Make the row of a mention in a reply of the given thread.

    >>> mention = Mention("ef2d127de37b942b", "", "4b227777d4dd1fc6", "古城社区", 2, 6, "古城社区")
    >>> mention_row(mention, "4fc82b26aecb47d2", Origin("demo"))["thread_id"]
    '4fc82b26aecb47d2'
    """
    return {
        **_row("mentions", mention, thread_id=thread_id, extractor=EXTRACTOR_VERSION),
        "source_id": origin.source_id,
    }


def issue_row(issue: Issue, url: str | None, origin: Origin) -> Row:
    """Make the row of an issue; an issue of no document has the empty string as its `doc_id`.

    >>> issue = Issue("e7f6c011776e8db7", "", "warc_torn", "warning", "the tail is torn")
    >>> issue_row(issue, None, Origin("demo"))["doc_id"] is None
    True
    """
    return _row(
        "issues",
        issue,
        source_id=origin.source_id,
        doc_id=issue.doc_id or None,
        url=url,
        extractor=EXTRACTOR_VERSION,
    )


def site_of(url: str, origin: Origin) -> str:
    """Name the site that usernames belong to: the host, or the source of a saved page.

    >>> site_of("file:///1.html", Origin("xishu_bbs"))
    'xishu_bbs'
    """
    return urlsplit(url).hostname or origin.source_id


def _row(table: str, record: object, **others: Any) -> Row:
    """Take the columns of a table from `others` or, by name, from the record."""
    return {
        name: others[name] if name in others else _cell(getattr(record, name))
        for name in column_names(table)
    }


def _cell(value: Any) -> Any:
    if value is None or type(value) is str:
        return value  # most cells are text
    if isinstance(value, tuple):
        return SEPARATOR.join(value)
    if isinstance(value, int):
        return _whole_number(value)
    if isinstance(value, datetime):
        return value.astimezone(CHINA)
    return value


def _whole_number(value: int | None) -> int | None:
    """None for what no column can hold: a page may print a number of any length."""
    return value if value is not None and abs(value) <= LARGEST else None


def _float(value: Decimal | None) -> float | None:
    number = None if value is None else float(value)
    return number if number is not None and isfinite(number) else None


def _decimal_text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _stated(counts: Sequence[StatedCount]) -> list[str]:
    # A title often repeats what the text states.
    seen: Mapping[tuple[str, int], None] = dict.fromkeys((count.of, count.n) for count in counts)
    return [f"{of} {n}" for of, n in seen]
