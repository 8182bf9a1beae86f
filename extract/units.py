"""Announcements and units of a page: entries bound to the announcement they belong to."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from extract.announcement import Draft, PageContext, find_announcements
from extract.body import Body
from extract.checks import compare_counts
from extract.date_values import to_china
from extract.entries import Entry, find_entries
from extract.listing_records import Announcement, Group, Parts, Scope, Unit
from extract.programme import core_of, find_mentions
from extract.sentences import find_sentence_entries
from extract.unit_names import UnitName
from normalize.gazetteer import load_gazetteer
from normalize.ids import make_id
from normalize.places import Place, resolve
from normalize.vocabulary import province_of
from normalize.width import fold_width

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
    drafts = find_announcements(body, page) if body.blocks else []
    if not drafts:
        return Listing((), ())
    context = page_context_parts(page, drafts[0])
    entries = _once(find_entries(body, context)) or find_sentence_entries(body, context)
    bound = [(entry, _draft_of(entry, drafts)) for entry in entries]
    announcements = {
        id(draft): _announcement(draft, [e for e, d in bound if d is draft], page, doc_id)
        for draft in drafts
    }
    several = len({entry.outline.list_title for entry in entries}) > 1
    group_sizes = Counter(id(entry.group) for entry in entries)
    occurrences: Counter[str] = Counter()
    units = []
    for order, (entry, draft) in enumerate(bound, start=1):
        occurrences[entry.printed] += 1
        row = _Row(
            unit_id=make_id("unit", doc_id, entry.printed, occurrences[entry.printed]),
            order=order,
            src="table" if entry.src == "table" else src,
            group_found=group_sizes[id(entry.group)],
            several_lists=several,
        )
        units.append(_unit(entry, announcements[id(draft)], row))
    return Listing(tuple(announcements.values()), tuple(units))


def page_context_parts(page: PageContext, draft: Draft) -> Parts:
    """Levels that authority, declared area and title imply for names without them.

    A title speaks for its place: in 嘉兴市4地入选 all units lie in 嘉兴市.

    >>> from extract.body import join_lines
    >>> page = PageContext("嘉兴市4地入选第二批社区治理创新实验区", None, None, None, "浙江省")
    >>> from extract.lines import read_text_lines
    >>> lines = read_text_lines("名单公布。").lines
    >>> page_context_parts(page, find_announcements(join_lines(lines), page)[0]).city
    '嘉兴市'
    """
    named = (*draft.authority, draft.programme, page.area or "", page.site or "")
    province = next((p for text in named if (p := province_of(text))), None)
    area = [part for part in (page.area or "").split("/") if part]
    city = area[1] if len(area) > 1 and draft.level != "prefecture" else None
    county = area[2] if len(area) > 2 else None
    named_city, named_county = _places_in(fold_width(page.title), province)
    if named_city:
        city, county = named_city, named_county
    return Parts(province=province, city=city, county=county)


def _places_in(title: str, province: str | None) -> tuple[str | None, str | None]:
    """City and county that a title names, inside a province when one is known."""
    gazetteer = load_gazetteer()
    code = next((d.code for _, d in gazetteer.forms_at(province or "", 0) if len(d.code) == 2), "")
    for start in range(len(title)):
        for form, division in gazetteer.forms_at(title, start):
            if division.level not in {"city", "county"} or not division.code.startswith(code):
                continue
            if not code and form != division.name:
                continue
            if division.level == "county" and form != division.name:
                continue
            path = {d.level: d.name for d in gazetteer.path(division.code)}
            return path.get("city"), path.get("county")
    return None, None


@dataclass(frozen=True, slots=True)
class _Row:
    unit_id: str
    order: int
    src: str
    group_found: int
    several_lists: bool


def _unit(entry: Entry, announcement: Announcement, row: _Row) -> Unit:
    path = entry.outline.path
    if not path and row.several_lists and entry.outline.list_title:
        path = (_label_of_title(entry.outline.list_title),)
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
    )


def _place_on(name: UnitName, day: datetime | None) -> Place:
    """What a name meant on the day of its announcement: 新津 was a county, then a district."""
    if day is None or name.place.code is None:
        return name.place
    dated = resolve(name.full, name.parts.province or "", to_china(day).date())
    return dated if dated.code else name.place


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


def _draft_of(entry: Entry, drafts: Sequence[Draft]) -> Draft:
    """The announcement that the headings above an entry name, else the page's first."""
    for text in (entry.outline.list_title or "", *reversed(entry.outline.path)):
        for mention in find_mentions(text, "list_title"):
            for draft in drafts:
                if draft.batch == mention.batch and core_of(draft.programme) in core_of(
                    mention.programme
                ):
                    return draft
    return drafts[0]


def _announcement(
    draft: Draft, entries: Sequence[Entry], page: PageContext, doc_id: str
) -> Announcement:
    scope, area = _scope(draft, entries, page)
    kinds = Counter(entry.name.kind for entry in entries)
    comparison = compare_counts(draft.stated, kinds, scope)
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


def _scope(draft: Draft, entries: Sequence[Entry], page: PageContext) -> tuple[Scope, str | None]:
    """Whole list, local part or mere mention, and the area of a local part.

    A list is local when the text states more units than it names and all of them lie in one city.
    """
    if not entries:
        return "mention", None
    implied = page_context_parts(page, draft)
    cities = {entry.name.parts.city for entry in entries}
    counties = {entry.name.parts.county for entry in entries}
    whole = sum(count.n for count in draft.stated if count.field == "text")
    if draft.level in {"national", "provincial"} and len(cities) == 1:
        city = next(iter(cities)) or implied.city
        named = implied.city is not None or whole > len(entries)
        if city and named:
            county = next(iter(counties)) if len(counties) == 1 and implied.county else None
            return "local_excerpt", city + (county or "")
    return "full", None
