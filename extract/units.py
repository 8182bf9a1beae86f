"""Announcements and units of a page: entries bound to the announcement they belong to."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from extract.announcement import (
    Candidate,
    Draft,
    default_status,
    draft_announcement,
    find_candidates,
    read_status,
)
from extract.binding import AFTERWARDS, Binder, Bound
from extract.body import Body
from extract.checks import Tally, compare_counts
from extract.date_values import to_china
from extract.entries import Entry, find_entries
from extract.list_scope import find_scope
from extract.listing_records import (
    CATEGORY_BY_COUNT,
    Announcement,
    Group,
    Parts,
    StatedCount,
    Status,
    Unit,
)
from extract.page_area import read_page_area
from extract.page_context import PageContext
from extract.programme import core_of, find_mentions, is_same_core, printed_core_of
from extract.prose_lists import find_prose_entries
from extract.unit_kinds import kinds_of
from extract.unit_names import UnitName
from normalize.ids import make_id
from normalize.places import Place, resolve
from normalize.vocabulary import province_of
from normalize.width import fold_width

_LOCAL_LEVELS = frozenset(("prefecture", "county"))
_LEAST_LINES = 2
_TITLE_LEAD = re.compile(
    r"^(?:[一-龥]{2,3}省|[一-龥]{2,6}自治区)?(?:第[一二三四五六七八九十\d]+批|首批)?"
)
_TITLE_END = re.compile(r"(?:名单|名录|一览表|汇总表)(?:\([^()]{1,20}\))?[::]?$")


@dataclass(frozen=True, slots=True)
class Listing:
    """What a page announces."""

    announcements: tuple[Announcement, ...]
    """The announcements, strongest first."""
    units: tuple[Unit, ...]
    """The listed units, in text order."""


def read_listing(body: Body, page: PageContext, doc_id: str, src: str = "body") -> Listing:
    """Read the announcements and listed units of a document.

    `src` names the part of the page that is read: `body` or `post1`. Pages that announce nothing
    have no units, whatever names stand in them.

    >>> from extract.body import join_lines
    >>> from extract.lines import read_text_lines
    >>> lines = read_text_lines("第三批社区治理试点单位名单\\n绵阳市三台县\\n绵阳市平武县").lines
    >>> page = PageContext("四川省民政厅公布名单", None, None, None, None)
    >>> [unit.name_full for unit in read_listing(join_lines(lines), page, "0" * 16).units]
    ['绵阳市三台县', '绵阳市平武县']
    """
    # Later pages of a thread have a title, but no opening post.
    candidates = find_candidates(body, page) if body.blocks else []
    if not candidates:
        return Listing((), ())
    first = draft_announcement(candidates[0], "selected", body, page)
    is_local = first.level in _LOCAL_LEVELS
    context = read_page_area(body, page, (*first.authority, first.programme), is_local)
    announced = [c for c in candidates if c.is_announced]
    published = [c for c in candidates if c.is_published]
    entries = _once(_find_all(body, context, least=1 if announced else _LEAST_LINES))
    if not published and not any(entry.told for entry in entries):
        entries = []
    bound = Binder(body, page, candidates).bind(entries)
    drafts: dict[tuple[int, Status], Draft] = {}
    for candidate, status in _announced(bound, announced, body, page):
        key = (id(candidate), status)
        drafts.setdefault(key, draft_announcement(candidate, status, body, page))
    members: dict[tuple[int, Status], list[Entry]] = {key: [] for key in drafts}
    for each in bound:
        members[id(each.candidate), each.status].append(each.entry)
    tallies = _tally(entries, members.values())
    announcements = {
        key: _announcement(draft, members[key], Surroundings(context, doc_id, tallies))
        for key, draft in drafts.items()
    }
    categories = {key: _stated_categories(drafts[key], members[key]) for key in drafts}
    several = len({entry.outline.list_title for entry in entries}) > 1
    group_sizes = Counter(id(entry.group) for entry in entries)
    occurrences: Counter[str] = Counter()
    units = []
    for order, each in enumerate(bound, start=1):
        entry = each.entry
        occurrences[entry.printed] += 1
        row = _Row(
            unit_id=make_id("unit", doc_id, entry.printed, occurrences[entry.printed]),
            order=order,
            src="table" if entry.src == "table" else src,
            group_found=group_sizes[id(entry.group)],
            several_lists=several,
            categories=categories[id(each.candidate), each.status],
        )
        units.append(_unit(entry, announcements[id(each.candidate), each.status], row))
    return Listing(tuple(announcements.values()), tuple(units))


def _find_all(body: Body, context: Parts, least: int) -> list[Entry]:
    """Entries of lines and tables, at least so many, or those of sentences where these list more.

    A page whose title announces nothing must show a list: one name alone says nothing.
    """
    listed = find_entries(body, context)
    told = find_prose_entries(body, context)
    if len(listed) < max(least, len(told)):
        # A list under one heading and a sentence under another.
        return told if len(listed) < _LEAST_LINES else _merge(listed, told)
    # Below a list a sentence may tell what others have become: confirmed again, struck off.
    return _merge(listed, [entry for entry in told if _tells_fate(entry)])


def _tells_fate(entry: Entry) -> bool:
    return any(read_status(words) in AFTERWARDS for words in entry.told[:1])


def _merge(listed: Sequence[Entry], told: Sequence[Entry]) -> list[Entry]:
    """Entries of lines and of sentences in text order; what both name is taken from the lines."""
    names = {entry.name.full for entry in listed}
    blocks = [*listed, *(entry for entry in told if entry.name.full not in names)]
    return sorted(blocks, key=lambda entry: entry.start)


def _announced(
    bound: Sequence[Bound], announced: Sequence[Candidate], body: Body, page: PageContext
) -> Iterator[tuple[Candidate, Status]]:
    """Programmes, batches and statuses to write down, those that a page lists units of first."""
    sizes = Counter((id(each.candidate), each.status) for each in bound)
    pairs = {(id(each.candidate), each.status): each for each in bound}
    for key, _ in sizes.most_common():
        yield pairs[key].candidate, pairs[key].status
    listed = {id(each.candidate) for each in bound}
    for candidate in announced:
        if id(candidate) not in listed:
            yield candidate, default_status(candidate, body, page)


@dataclass(frozen=True, slots=True)
class _Row:
    unit_id: str
    order: int
    src: str
    group_found: int
    several_lists: bool
    categories: Mapping[str, str]
    """Category by kind, where only the stated counts tell it."""


def _unit(entry: Entry, announcement: Announcement, row: _Row) -> Unit:
    path = entry.outline.path
    if not path and entry.outline.list_title:
        label = _label_of_title(entry.outline.list_title)
        if row.several_lists or _narrows(label, announcement):
            path = (label,)
    flags: tuple[str, ...] = ()
    if not path and entry.name.kind in row.categories:
        path, flags = (row.categories[entry.name.kind],), (CATEGORY_BY_COUNT,)
    group = entry.group
    place = _place_on(entry.name, announcement.date)
    return Unit(
        unit_id=row.unit_id,
        announcement_id=announcement.announcement_id,
        batch_id=announcement.batch_id,
        doc_id=announcement.doc_id,
        order=row.order,
        name_raw=entry.printed,
        name_full=entry.name.full,
        parts=entry.name.parts,
        inherited=entry.name.inherited,
        kind=entry.name.kind,
        category_path=path,
        list_title=entry.outline.list_title,
        group=Group(group.printed.strip(), group.stated, row.group_found) if group else None,
        remark=entry.remark,
        award=None,
        programme=announcement.programme,
        batch=announcement.batch,
        status=announcement.status,
        src=row.src,
        span_start=entry.start,
        span_end=entry.end,
        place_code=place.code,
        place_status=place.status,
        flags=flags,
    )


def _place_on(name: UnitName, day: datetime | None) -> Place:
    """What a name meant on the day of its announcement: 新津 was a county, then a district."""
    if day is None or name.place.code is None:
        return name.place
    dated = resolve(name.full, name.parts.province or "", to_china(day).date())
    return dated if dated.code else name.place


def _stated_categories(draft: Draft, entries: Sequence[Entry]) -> dict[str, str]:
    """Category of each kind of unit where counts alone tell it: 44个县、44个街道和150个社区.

    Only for lists of several levels without headings, each level with a stated noun of its own.
    """
    kinds = {entry.name.kind for entry in entries}
    if any(entry.outline.path for entry in entries):
        return {}
    nouns: dict[str, str] = {}
    for kind in kinds:
        fitting = [c.of for c in draft.stated if kind in (kinds_of(c.of) or ())]
        if not fitting:
            return {}
        nouns[kind] = fitting[0]
    return nouns if len(set(nouns.values())) > 1 else {}


def _narrows(label: str, announcement: Announcement) -> bool:
    """Whether a list's title names a part of the programme: 基层治理示范街道(镇) of 示范单位."""
    mentions = find_mentions(label, "list_title")
    core = printed_core_of(announcement.programme_raw)
    return any(
        printed_core_of(m.programme) not in core
        and is_same_core(core_of(m.programme), core_of(core))
        for m in mentions
    )


def _label_of_title(title: str) -> str:
    label = _TITLE_END.sub("", fold_width(title))
    return _TITLE_LEAD.sub("", label) or label


def _once(entries: Sequence[Entry]) -> list[Entry]:
    """Drop repeats of the same unit under the same headings, as when a page prints a list twice."""
    kept: dict[tuple[object, ...], Entry] = {}
    for entry in entries:
        key = (entry.name.full, entry.outline.path, entry.outline.list_title)
        kept.setdefault(key, entry)
    return list(kept.values())


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the page of an announcement implies."""

    area: Parts
    """Levels that its units inherit."""
    doc_id: str
    """Id of its document."""
    tallies: tuple[Tally, ...]
    """Rows of all its lists, where there are several."""


def _tally(entries: Sequence[Entry], groups: Iterable[Sequence[Entry]]) -> tuple[Tally, ...]:
    """Count the rows of a page in all, by announcement and by category."""
    lists: dict[str, list[Entry]] = {}
    for entry in entries:
        for label in entry.outline.path:
            lists.setdefault(label, []).append(entry)
    counted = [("", group) for group in groups]
    if len(counted) < 2 and not lists:
        return ()
    return tuple(
        Tally(label, Counter(entry.name.kind for entry in group))
        for label, group in [("", entries), *counted, *lists.items()]
    )


def _is_wider(count: StatedCount, area: str | None) -> bool:
    """Whether a count of a province (我省26个村) stands above the list of a smaller area."""
    return (count.scope or "").endswith("省") and province_of(area or "") != area


def _announcement(draft: Draft, entries: Sequence[Entry], page: Surroundings) -> Announcement:
    doc_id = page.doc_id
    scope, area = find_scope(draft, [entry.name.parts for entry in entries], page.area)
    kinds = Counter(entry.name.kind for entry in entries)
    stated = [count for count in draft.stated if not _is_wider(count, area)]
    comparison = compare_counts(stated, Tally("", kinds), page.tallies, scope)
    batch_key = draft.batch if draft.batch is not None else f"year {draft.year}"
    return Announcement(
        announcement_id=make_id(
            "announcement", doc_id, draft.programme_raw, draft.batch_raw, draft.status
        ),
        batch_id=make_id("batch", draft.programme, batch_key),
        doc_id=doc_id,
        programme=draft.programme,
        programme_raw=draft.programme_raw,
        batch=draft.batch,
        batch_raw=draft.batch_raw,
        year=draft.year,
        year_raw=draft.year_raw,
        date=draft.date,
        authority=draft.authority,
        level=draft.level,
        status=draft.status,
        scope=scope,
        scope_area=area,
        doc_no=draft.doc_no,
        term=draft.term,
        stated_counts=draft.stated,
        found_counts=tuple(sorted(kinds.items())),
        count_mismatch=comparison.mismatches,
        complete=comparison.complete,
        span_start=draft.start,
        span_end=draft.end,
    )
