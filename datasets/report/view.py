"""What a report shows, as plain values: nothing here knows tables or HTML."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from datasets.batches import Batch, Share
from datasets.diff_records import BatchDiff
from datasets.unit_changes import ChangeKind, UnitChange

Lang = Literal["zh", "en"]

_WEB_ADDRESS = re.compile(r"https?://[^\s\"'<>\\^`{|}\x00-\x1f\x7f]+", re.IGNORECASE)


def safe_link(url: str | None) -> str | None:
    """Give an address back when a report may link to it: http and https only, nothing odd in it.

    >>> safe_link("http://mzt.example.cn/notice/3.html"), safe_link("javascript:alert(1)")
    ('http://mzt.example.cn/notice/3.html', None)
    """
    return url if url and _WEB_ADDRESS.fullmatch(url) else None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart."""

    label: str
    """What is counted; empty for rows that name none."""
    value: int
    """Number of rows."""
    percent: float
    """Length of the bar, 0 to 100, the longest being 100."""


@dataclass(frozen=True, slots=True)
class SourceView:
    """A document that rows come from."""

    number: int
    """Number within its batch, from 1."""
    title: str
    """Title of the page."""
    url: str
    """Address as stored; shown as text unless `safe_link` lets it pass."""
    published: str
    """Day of publication, or the empty string. Example: `2022-04-06`"""
    warc: str
    """Where the bytes are: file, offset and length, or the empty string."""


@dataclass(frozen=True, slots=True)
class UnitView:
    """One row of a unit table."""

    order: int
    """Place in the list."""
    name: str
    """Name from the city down."""
    kind: str
    """Kind of unit. Example: `community`"""
    category: tuple[str, ...]
    """Category path, outermost first."""
    remark: str
    """Remark and award, or the empty string."""
    url: str | None
    """Address of the page the row stands on."""
    source: int
    """Number of its document in the batch's sources; 0 when the document is missing."""
    span: tuple[int, int]
    """Start and end of the name in the document's text."""


@dataclass(frozen=True, slots=True)
class BatchView:
    """One batch with its rows."""

    batch: Batch
    """Counts, scope and statuses."""
    authority: str
    """Issuing authorities. Example: `四川省民政厅`"""
    doc_no: str
    """Number of the official document, or the empty string."""
    stated: tuple[Share, ...]
    """Stated counts against found rows."""
    place_level: Literal["city", "county"]
    """What the bars of places count by."""
    places: tuple[Bar, ...]
    """Rows per city, or per county when all lie in one city."""
    categories: tuple[Bar, ...]
    """Rows per category."""
    units: tuple[UnitView, ...]
    """The rows."""
    sources: tuple[SourceView, ...]
    """Documents the rows come from."""


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """The changes of one kind between two batches."""

    kind: ChangeKind
    """Kind of change."""
    changes: tuple[UnitChange, ...]
    """The changes."""
    by_place: tuple[tuple[str, tuple[str, ...]], ...]
    """Names by city and county, for kinds that need no more than the names."""


@dataclass(frozen=True, slots=True)
class DiffView:
    """Two batches of one programme, or the proposed and the decided list of one batch."""

    diff: BatchDiff
    """The comparison."""
    by_status: bool
    """Whether the two are the proposed and the decided list of one batch."""
    groups: tuple[ChangeGroup, ...]
    """Changes to list; kept and absent units are only counted."""


@dataclass(frozen=True, slots=True)
class CommentView:
    """A reply that speaks of listed units."""

    floor: int | None
    """Floor in the thread."""
    posted: str
    """Time of the post, or the empty string. Example: `2022-04-06 12:45`"""
    pieces: tuple[tuple[str, bool], ...]
    """The text in pieces; True for pieces that name a unit."""
    names: tuple[str, ...]
    """Full names of the units meant."""


@dataclass(frozen=True, slots=True)
class TimelineBar:
    """Replies of one stretch of time; lengths are in hundredths of the chart."""

    x: float
    """Left edge."""
    width: float
    """Width."""
    height: float
    """Height for all replies."""
    mention_height: float
    """Height for the replies that speak of listed units."""


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A thread and its replies over time."""

    title: str
    """Title of the thread."""
    url: str
    """Address of its first page."""
    stated: int | None
    """Replies the forum states."""
    found: int
    """Replies found."""
    first: datetime | None
    """Time of the first reply."""
    last: datetime | None
    """Time of the last reply."""
    peak: int
    """Replies under the highest bar."""
    bars: tuple[TimelineBar, ...]
    """The timeline; empty when no reply has a time."""
    comments: tuple[CommentView, ...]
    """Replies that speak of listed units."""


@dataclass(frozen=True, slots=True)
class IssueView:
    """Something a person should look at, with how often it was told."""

    severity: str
    """info, warning or error."""
    code: str
    """Short name of the check."""
    message: str
    """What is wrong."""
    url: str
    """Page concerned, or the empty string."""
    count: int
    """How often the same was told of the page."""


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything one report shows."""

    lang: Lang
    """Language of the labels."""
    snapshot_id: str
    """Snapshot the numbers are of."""
    tables: tuple[tuple[str, int], ...]
    """Rows per table."""
    batches: tuple[BatchView, ...]
    """Batches that list units, and those only spoken of."""
    diffs: tuple[DiffView, ...]
    """Comparisons."""
    threads: tuple[ThreadView, ...]
    """Threads with replies."""
    issues: tuple[IssueView, ...]
    """Issues, errors first."""
