"""What a report shows, as plain values: nothing here knows tables or HTML."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from datasets.batches import Batch, Share
from datasets.diff_records import BatchDiff
from datasets.unit_changes import ChangeKind, UnitChange

Lang = Literal["zh", "en"]


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
    """Address as stored; shown as text unless `links.safe_link` lets it pass."""
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
    where: str
    """Page concerned, else the source, or the empty string."""
    count: int
    """How often the same was told of the page."""


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """One batch of a programme, or a stretch of batches that the tables hold nothing of."""

    batch: Batch | None
    """The batch; None for a stretch of missing ones."""
    missing: tuple[int, int] = (0, 0)
    """First and last missing number or year."""
    by_year: bool = False
    """Whether `missing` counts years."""
    section: int | None = None
    """Number of the batch's section in the report, None when it is not part of it."""
    stages: int | None = None
    """Number of the comparison of its proposed with its decided list."""
    neighbours: int | None = None
    """Number of the comparison with the batch before."""
    found_percent: float = 0.0
    """Rows found, in hundredths of the programme's largest number."""
    stated_percent: float = 0.0
    """Stated total, likewise; 0 when nothing is stated."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Rows of one level or category in one batch."""

    found: int | None
    """Rows found; None where there is no list."""
    stated: int | None = None
    """Stated count; None when nothing, or nothing that is clear, is stated."""
    percent: float = 0.0
    """Rows found, in hundredths of the largest number of its table."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How the rows of one level or category spread over the batches of a programme."""

    label: str
    """Short name of the level, or category path; empty for rows that name none."""
    cells: tuple[Cell, ...]
    """One per line of the programme, in its order."""


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    """All batches of a programme, the first batch first."""

    name: str
    """Canonical name. Example: `四川省城乡社区治理试点`"""
    lines: tuple[ProgrammeLine, ...]
    """Batches and gaps between them."""
    levels: tuple[Spread, ...]
    """Rows per level, from the prefecture down."""
    categories: tuple[Spread, ...]
    """Rows per category, the largest first; empty when the lists have none."""

    @property
    def gaps(self) -> tuple[ProgrammeLine, ...]:
        """The stretches of missing batches."""
        return tuple(line for line in self.lines if line.batch is None)

    @property
    def is_yearly(self) -> bool:
        """Whether no batch has a number, so that their names tell the year already."""
        return all(line.batch is None or line.batch.batch is None for line in self.lines)


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How a source fares."""

    source_id: str
    """Id of the source."""
    pages: int
    """Addresses of which the tables hold a document."""
    requests: int
    """Requests made so far, robots.txt left out."""
    last_visit: datetime | None
    """Time of the last request; None when there was none."""
    failures: tuple[tuple[str, int], ...]
    """Addresses that gave nothing when asked last, by reason, the most frequent first."""
    pending: int | None
    """Addresses that wait; None when nobody looked."""
    findings: tuple["IssueView", ...]
    """Issues of the source that are of no document, once per code."""

    @property
    def failing(self) -> int:
        """Addresses that gave nothing when asked last."""
        return sum(count for _, count in self.failures)


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything one report shows."""

    lang: Lang
    """Language of the labels."""
    snapshot_id: str
    """Snapshot the numbers are of."""
    tables: tuple[tuple[str, int], ...]
    """Rows per table."""
    programmes: tuple[ProgrammeView, ...]
    """Programmes over all their batches."""
    batches: tuple[BatchView, ...]
    """Batches that list units, and those only spoken of."""
    diffs: tuple[DiffView, ...]
    """Comparisons."""
    threads: tuple[ThreadView, ...]
    """Threads with replies."""
    sources: tuple[SourceHealth, ...]
    """Sources and how they fare."""
    issues: tuple[IssueView, ...]
    """Issues, errors first."""
