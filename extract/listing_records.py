"""Records of announcements and the units they list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Level = Literal["national", "provincial", "prefecture", "county", "corps", "other"]
Status = Literal["selected", "proposed", "reconfirmed", "withdrawn", "downgraded", "completed"]
Scope = Literal["full", "local_excerpt", "mention", "mixed"]

CATEGORY_BY_COUNT = "category_by_count"
"""Flag of a unit whose category is the counted noun of its kind, not a heading."""

PART_LEVELS = ("province", "city", "county", "town", "village", "sub", "unit")
"""The levels of `Parts`, outermost first."""


@dataclass(frozen=True, slots=True)
class StatedCount:
    """How many units a text says there are."""

    of: str
    """What is counted, as printed. Example: `区(市、县)`"""
    n: int
    """The number. Example: `41`"""
    scope: str | None
    """What the number speaks of: `national`, `province`, `prefecture` or `whole` for the whole
    list, else an area as printed. Example: `province`"""
    span_start: int
    """Start of the number in the document's text, or title."""
    span_end: int
    """End of the number."""
    field: Literal["title", "text"] = "text"
    """Which of the two the span points into."""


@dataclass(frozen=True, slots=True)
class CountMismatch:
    """A stated count that the rows do not bear out."""

    of: str
    """What is counted, as printed. Example: `社区`"""
    stated: int
    """The number the text gives. Example: `150`"""
    found: int
    """The number of rows. Example: `149`"""


@dataclass(frozen=True, slots=True)
class Announcement:
    """One programme, batch and status in one page."""

    announcement_id: str
    """Row id. Example: `b1946ac92492d234`"""
    batch_id: str
    """Id of programme and batch, the same in every document that lists it."""
    doc_id: str
    """Document the announcement stands in."""
    programme: str
    """Canonical name with its province. Example: `四川省城乡社区治理试点`"""
    programme_raw: str
    """Name as printed. Example: `城乡社区治理试点`"""
    batch: int | None
    """Number of the batch, 首批 is 1. Example: `3`"""
    batch_raw: str | None
    """Batch as printed. Example: `第三批`"""
    year: int | None
    """Year of the announcement. Example: `2022`"""
    year_raw: str | None
    """Year as printed, or the date it was taken from. Example: `2022-4-6 11:15`"""
    date: datetime | None
    """Time of the announcement, when this page is the notice itself and not a report of it."""
    authority: tuple[str, ...]
    """All issuing authorities with their province. Example: `四川省民政厅`"""
    level: Level
    """Level of the first authority. Example: `provincial`"""
    status: Status
    """What the listed units have become. Example: `selected`"""
    scope: Scope
    """Whether the page holds the whole list, a local part, or only speaks of it."""
    scope_area: str | None
    """Area that a local part covers. Example: `绵阳市`"""
    doc_no: str | None = None
    """Number of the official document. Example: `川民发〔2022〕30号`"""
    term: str | None = None
    """Term of the pilot as printed. Example: `一年`"""
    stated_counts: tuple[StatedCount, ...] = ()
    """Counts that the page states for the whole list or the local part."""
    found_counts: tuple[tuple[str, int], ...] = ()
    """Rows found per kind of unit. Example: `[["county", 3], ["town", 4]]`"""
    count_mismatch: tuple[CountMismatch, ...] = ()
    """Stated counts that the rows contradict."""
    complete: bool | None = None
    """True when every stated count is met, False when not, None when nothing is stated."""
    span_start: int = 0
    """Start of the sentence or heading that names the batch."""
    span_end: int = 0
    """End of that sentence or heading."""
    confidence: float = 1.0
    """How sure the rules are, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The levels of a unit's name that the document says or implies; the gazetteer adds none."""

    province: str | None = None
    """Province, region or municipality. Example: `四川省`"""
    city: str | None = None
    """Prefecture. Example: `绵阳市`"""
    county: str | None = None
    """County, district or county-level city. Example: `三台县`"""
    town: str | None = None
    """Town, township or street. Example: `潼川镇`"""
    village: str | None = None
    """Village or community. Example: `草堂社区`"""
    sub: str | None = None
    """Natural village within the village. Example: `白潭村`"""
    unit: str | None = None
    """Organisation that is no place. Example: `绵阳市实验小学`"""


@dataclass(frozen=True, slots=True)
class Group:
    """A heading that groups units and may state their number."""

    label: str
    """Heading as printed. Example: `绵阳市(5个)`"""
    stated: int | None
    """Number in the heading. Example: `5`"""
    found: int
    """Rows found under it. Example: `5`"""


@dataclass(frozen=True, slots=True)
class Unit:
    """One listed unit: a county, street, town, community, village or organisation."""

    unit_id: str
    """Row id over document, printed name and its occurrence. Example: `7d793037a0760186`"""
    announcement_id: str
    """Announcement that lists the unit."""
    batch_id: str
    """Programme and batch."""
    doc_id: str
    """Document the row comes from."""
    order: int
    """Place in the document's list, from 1. Example: `18`"""
    name_raw: str
    """Name as printed. Example: `绵阳市平武县古城镇古城社区`"""
    name_full: str
    """Simplified name from the city down. Example: `绵阳市平武县古城镇古城社区`"""
    parts: Parts
    """The name by level."""
    inherited: tuple[str, ...]
    """Levels that do not stand on the line itself. Example: `province`"""
    kind: str
    """Kind of unit, from the last level. Example: `community`"""
    category_path: tuple[str, ...]
    """Headings above the unit without numbering and counts.
    Example: `承担试点工作任务的社区 / 便民服务型`"""
    list_title: str | None
    """Title of the list. Example: `第三批城乡社区治理试点区(市、县)名单`"""
    group: Group | None
    """Grouping heading with its count."""
    remark: str | None
    """Remark in brackets after the name. Example: `原丰乐镇`"""
    award: str | None
    """Honour named beside the unit. Example: `优秀`"""
    programme: str
    """Canonical name of the programme."""
    batch: int | None
    """Number of the batch."""
    status: Status
    """Status of the announcement."""
    src: str
    """Where in the page: `post1`, `body`, `table` or `files/…#sheet`."""
    span_start: int
    """Start of `name_raw` in the document's text."""
    span_end: int
    """End of `name_raw`."""
    place_code: str | None = None
    """Division code, 6, 9 or 12 digits. Example: `510727`"""
    place_status: str = "none"
    """How sure the gazetteer is: ok, approx, ambiguous or none. Example: `ok`"""
    flags: tuple[str, ...] = ()
    """Remarks on the row: category_by_count where no heading but a count (44个街道) names the
    category. Example: `category_by_count`"""
    confidence: float = 1.0
    """How sure the rules are, 0 to 1."""
