"""Announcements of a page: programme, batch, authority, status, stated counts and scope."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from extract.body import Body
from extract.listing_records import Level, Parts, StatedCount, Status
from extract.outline import is_list_title
from extract.programme import (
    ProgrammeMention,
    Where,
    find_batches,
    find_mentions,
    group_mentions,
    is_same_core,
    names_only_programme,
    weigh_mentions,
)
from extract.unit_names import split_name
from normalize.programmes import name_programme
from normalize.vocabulary import AUTHORITY, STATUSES, province_of
from normalize.width import fold_width

_SENTENCE = re.compile(r"[^。!?;\n]+")
_YEAR = re.compile(r"((?:19|20)\d{2})年")
_DOC_NO = re.compile(r"[一-龥]{1,10}[〔\[(](?:19|20)\d{2}[〕\])]\d{1,5}号")
_TERM = re.compile(
    r"(?:为期|持续|试点期?限?|创建期|期限)(?:为|是)?([一二三四五六七八九十两\d]{1,3}(?:年|个月))"
)
_AUTHORITY = re.compile(AUTHORITY)
_PUBLISHES = re.compile(r"公布|印发|命名|确定|认定|公示|发布|通知|通报|公告|决定")
_UNIT_NOUN = r"(?:区|县|市|镇|乡|街道|社区|村|单位|实验区|示范区|试点|家|地)"
_COUNT = re.compile(
    rf"(\d{{1,5}})\s*(?:个|家|处)?((?:[一-龥]{{0,8}}?{_UNIT_NOUN})(?:\([^()]{{1,8}}\))?)"
    r"(?=[、,。;:!?\s和与及作为]|当中|中|$|被|成功|入选|获|名单|开展|命名|列为|确定|\))"
)
_TITLE_COUNT = re.compile(
    r"(\d{1,5})(?:个|家|处)?([地家]|[一-龥]{0,6}?(?:社区|村|镇|街道|单位|区|县))(?=入选|上榜|获)"
)
_COUNT_BEHIND = re.compile(
    rf"(?:^|[,、:的])(?P<of>(?![我全本]{_UNIT_NOUN})(?:(?!的)[一-龥]){{0,6}}?{_UNIT_NOUN}(?:\([^()]{{1,8}}\))?)(?:共?有|共计?|达)(?P<n>\d{{1,5}})(?:个|家|处)"
)
_CHOOSING = re.compile(r"确定|定了|入选|命名|公布|认定|拟将|选出|评出")
_ELSEWHERE = re.compile(r"已|去年|此前|曾|每年|另外|其他|产生")
_LOCAL = re.compile(r"[我全本][市县区州]|当地")
_APPROXIMATE = re.compile(r"^\s*(?:个|家)?(?:左右|多|余)")
_DIRECT = ("第", "约", "近", "每年选取")
_LEVELS: tuple[tuple[str, Level], ...] = (
    ("兵团", "corps"),
    ("国家", "national"),
    ("全国", "national"),
    ("中国", "national"),
    ("中华", "national"),
    ("省", "provincial"),
    ("自治区", "provincial"),
    ("市", "prefecture"),
    ("县", "county"),
    ("区", "county"),
)
_WHOLE = {"national": "national", "provincial": "province", "prefecture": "prefecture"}
"""What a count without an area of its own speaks of, by the level of the programme."""
WHOLE_SCOPES = frozenset((*_WHOLE.values(), "whole"))
"""Scopes of counts that speak of the whole list, not of an area's part of it."""
_MUNICIPALITIES = ("北京市", "天津市", "上海市", "重庆市")
_LEAST_WEIGHT = 2
_MOST_ANNOUNCEMENTS = 30


@dataclass(frozen=True, slots=True)
class Draft:
    """An announcement before its units are known."""

    programme: str
    """Canonical name."""
    programme_raw: str
    """Name as printed first."""
    batch: int | None
    """Number of the batch."""
    batch_raw: str | None
    """Batch as printed."""
    year: int | None
    """Year of the announcement."""
    year_raw: str | None
    """What the year was read from."""
    authority: tuple[str, ...]
    """Issuing authorities."""
    level: Level
    """Level of the programme."""
    status: Status
    """What the units have become."""
    date: datetime | None
    """Day of the announcement: that of the page, when the authority itself speaks there."""
    doc_no: str | None
    """Number of the official document."""
    term: str | None
    """Term as printed."""
    stated: tuple[StatedCount, ...]
    """Counts the page states."""
    start: int
    """Start of the first mention in the body's text."""
    end: int
    """End of that mention."""


@dataclass(frozen=True, slots=True)
class PageContext:
    """What is known of a page before its announcements are read."""

    title: str
    """Clean title."""
    published_at: datetime | None
    """Printed publish time."""
    published_raw: str | None
    """Publish time as printed."""
    site: str | None
    """Name of the site."""
    area: str | None
    """Area of the source declaration, as a path."""
    source: str | None = None
    """来源 of the page. Example: `淮安日报`"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A programme and batch that a page names."""

    core: str
    """Folded name without level words."""
    batch: int | None
    """Number of the batch."""
    mentions: tuple[ProgrammeMention, ...]
    """Where it is named, in text order; those of the title first."""
    weight: int
    """How much speaks for its being announced here."""

    @property
    def is_announced(self) -> bool:
        """Whether the page announces it by its wording alone."""
        return self.weight >= _LEAST_WEIGHT

    @property
    def is_published(self) -> bool:
        """Whether some sentence publishes it: enough for a page that lists units line by line."""
        return self.weight > 0


def find_candidates(body: Body, page: PageContext) -> list[Candidate]:
    """Find the programmes and batches that a page names, strongest first.

    >>> page = PageContext("公布第三批城乡社区治理试点单位名单", None, None, None, None)
    >>> [(c.core, c.batch, c.is_announced) for c in find_candidates(Body("", "", ()), page)]
    [('城乡社区治理试点', 3, True)]
    """
    candidates: list[Candidate] = []
    for (core, batch), group in group_mentions(_all_mentions(body, page.title)).items():
        weight = weigh_mentions(group)
        ordered = sorted(group, key=lambda m: (m.where != "title", m.start))
        candidates.append(Candidate(core, batch, tuple(ordered), weight))
    return candidates[:_MOST_ANNOUNCEMENTS]


def find_announcements(body: Body, page: PageContext) -> list[Draft]:
    """Find what a page announces, strongest first; batches it only looks back on are left out.

    >>> from extract.body import join_lines
    >>> from extract.lines import read_text_lines
    >>> text = "四川省民政厅公布了第三批城乡社区治理试点单位名单。"
    >>> page = PageContext("绵阳这些地方入选", None, None, None, None)
    >>> draft = find_announcements(join_lines(read_text_lines(text).lines), page)[0]
    >>> draft.programme, draft.batch, draft.authority
    ('四川省城乡社区治理试点', 3, ('四川省民政厅',))
    """
    return [
        draft_announcement(candidate, default_status(candidate, body, page), body, page)
        for candidate in find_candidates(body, page)
        if candidate.is_announced
    ]


def _all_mentions(body: Body, title: str) -> list[ProgrammeMention]:
    mentions = find_mentions(title, "title")
    for block in body.blocks:
        is_title = is_list_title(block.text) or names_only_programme(block.text)
        where: Where = "list_title" if is_title else "text"
        for sentence in _SENTENCE.finditer(block.text):
            offset = block.start + sentence.start()
            mentions += [
                replace(m, start=m.start + offset, end=m.end + offset)
                for m in find_mentions(sentence.group(), where)
            ]
    return mentions


def default_status(candidate: Candidate, body: Body, page: PageContext) -> Status:
    """Status that title and first mention of a candidate tell, selected when they tell none."""
    in_body = [m for m in candidate.mentions if m.where != "title"]
    sentence = _sentence_at(fold_width(body.text), in_body[0].start) if in_body else ""
    # A title that names another batch says nothing of this one.
    names_other = bool(find_batches(fold_width(page.title))) and not any(
        m.where == "title" for m in candidate.mentions
    )
    told = None if names_other else read_status(page.title)
    return told or read_status(sentence) or "selected"


def draft_announcement(
    candidate: Candidate, status: Status, body: Body, page: PageContext
) -> Draft:
    """Draft the announcement of one programme, batch and status.

    >>> page = PageContext("公布第三批城乡社区治理试点单位名单", None, None, None, "四川省")
    >>> body = Body("", "", ())
    >>> draft_announcement(find_candidates(body, page)[0], "selected", body, page).programme
    '四川省城乡社区治理试点'
    """
    group = candidate.mentions
    in_body = [m for m in group if m.where != "title"]
    first = (in_body or group)[0]
    authority = find_authorities(body, page)
    province = _province(authority, page)
    # The shortest printed form is the name itself; longer ones add level words.
    printed = min((m.programme for m in group), key=len)
    programme = name_programme(printed, province)
    level = _level(programme, authority)
    year, year_raw = _year(group, body, page)
    folded = fold_width(body.text)
    doc_no, term = _DOC_NO.search(body.text), _TERM.search(folded)
    return Draft(
        programme=programme,
        programme_raw=first.programme,
        batch=candidate.batch,
        batch_raw=next((m.batch_raw for m in group if m.batch_raw), None),
        year=year,
        year_raw=year_raw,
        authority=authority,
        level=level,
        status=status,
        date=page.published_at if _is_official(page) else None,
        doc_no=doc_no.group() if doc_no else None,
        term=term.group(1) if term else None,
        stated=_stated_counts(candidate.batch, body, page.title, _WHOLE.get(level, "whole")),
        start=in_body[0].start if in_body else 0,
        end=in_body[0].end if in_body else 0,
    )


def find_authorities(body: Body, page: PageContext) -> tuple[str, ...]:
    """Authorities that issue: before 关于 in the title, as subject of 公布, or in the signature.

    A bare 民政厅 gets the province that the page's area or site names.

    >>> page = PageContext("省民政厅关于公布名单的通知", None, None, None, "浙江省/嘉兴市")
    >>> find_authorities(Body("", "", ()), page)
    ('浙江省民政厅',)
    """
    heads = [page.title.split("关于")[0]] if "关于" in page.title else []
    flowing = fold_width(body.text)
    heads += [s.group() for s in _SENTENCE.finditer(flowing) if _PUBLISHES.search(s.group())]
    heads += [block.text for block in body.blocks if _AUTHORITY.fullmatch(block.text.strip())]
    for head in heads:
        verb = _PUBLISHES.search(head)
        subject = head[: verb.start()] if verb else head
        found = [_place_authority(m.group(), page) for m in _AUTHORITY.finditer(subject)]
        if found:
            return tuple(dict.fromkeys(found))
    return ()


def _is_official(page: PageContext) -> bool:
    """Tell the notice itself (某厅关于公布…) from a report of it."""
    head, about, _ = page.title.partition("关于")
    return bool(about) and _AUTHORITY.search(head) is not None


def _place_authority(printed: str, page: PageContext) -> str:
    """Cut an authority's name at its place and put the province before a bare one."""
    name = re.sub(r"^(?:近日|日前|昨日|今日|从|由|据|经|会同|联合|和|记者)+", "", printed)
    for cut in range(len(name) - 2):
        if province_of(name[cut:]):
            return name[cut:]
    if re.match(r"^(?:省|自治区)", name):
        name = re.sub(r"^(?:省|自治区)", "", name)
    elif not name.startswith(("民政厅", "司法厅", "财政厅", "农业农村厅", "文化和旅游厅")):
        return name
    return (_area_province(page) or "") + name


def _area_province(page: PageContext) -> str | None:
    for text in (page.area or "", page.site or "", page.title):
        province = province_of(text)
        if province:
            return province
    return None


def _province(authority: Sequence[str], page: PageContext) -> str | None:
    return next((p for name in authority if (p := province_of(name))), None) or _area_province(page)


def _year(
    group: Sequence[ProgrammeMention], body: Body, page: PageContext
) -> tuple[int | None, str | None]:
    """Year named with the programme in title or list title, else the year of publication."""
    for mention in group:
        text = page.title if mention.where == "title" else ""
        if mention.where == "list_title":
            text = _sentence_at(body.text, mention.start)
        match = _YEAR.search(fold_width(text))
        if match:
            return int(match.group(1)), match.group()
    if page.published_at is not None:
        return page.published_at.year, page.published_raw
    return None, None


def _level(programme: str, authority: Sequence[str]) -> Level:
    if programme.startswith(("全国", "中国", "国家")):
        return "national"
    for name in (*authority, programme):
        if name.startswith(_MUNICIPALITIES) and "区" not in name[:8]:
            return "provincial"
        for word, level in _LEVELS:
            if word in name[:8]:
                return level
        if name.startswith("民政部"):
            return "national"
    return "other"


def read_status(text: str) -> Status | None:
    """Read what a text says the units have become, None when it says nothing of it.

    >>> read_status("拟命名名单公示"), read_status("经公示,现予公布")
    ('proposed', None)
    """
    for status, words in STATUSES:
        if words.search(fold_width(text)):
            return status  # type: ignore[return-value]
    return None


def _sentence_at(text: str, offset: int) -> str:
    start = max(text.rfind(mark, 0, offset) for mark in "。!?;\n") + 1
    ends = [end for mark in "。!?;\n" if (end := text.find(mark, offset)) >= 0]
    return text[start : min(ends, default=len(text))]


def _stated_counts(
    batch: int | None, body: Body, title: str, whole: str
) -> tuple[StatedCount, ...]:
    """Counts in the title, and in sentences that name the batch or tell of the choice."""
    counts = [
        StatedCount(
            m.group(2), int(m.group(1)), _area_before(title, m.start()), *m.span(1), "title"
        )
        for m in _TITLE_COUNT.finditer(fold_width(title))
    ]
    folded = fold_width(body.text)
    for sentence in _SENTENCE.finditer(folded):
        text = sentence.group()
        batches = {number for number, *_ in find_batches(text)}
        told = _CHOOSING.search(text) and not _ELSEWHERE.search(text)
        if batch not in batches and (batches or not told):
            continue
        counts += [
            StatedCount(
                noun,
                number,
                _scope_of(text[:start], whole),
                sentence.start() + start,
                sentence.start() + end,
            )
            for noun, number, start, end in _read_counts(text)
        ]
    # The same statement is often printed twice, in lead and summary.
    unique = {(c.of, c.n, c.scope): c for c in reversed(counts)}
    return tuple(sorted(unique.values(), key=lambda c: (c.field == "title", c.span_start)))


def _scope_of(before: str, whole: str) -> str:
    """What a count speaks of: the area that its clause names (我市), else the whole list."""
    local = _LOCAL.search(before.rpartition(",")[2])
    return local.group() if local else whole


def _area_before(title: str, end: int) -> str | None:
    """The place whose share a title counts: 嘉兴市 in 嘉兴市4地入选."""
    place = split_name(title[:end], Parts())
    return place.full if place else None


def _read_counts(text: str) -> Iterator[tuple[str, int, int, int]]:
    """Counts of units in a sentence as (noun, number, start, end of the number)."""
    for match in _COUNT.finditer(text):
        before = text[max(0, match.start() - 4) : match.start()]
        if not (_APPROXIMATE.match(text[match.end(1) :]) or before.endswith(_DIRECT)):
            yield match.group(2), int(match.group(1)), *match.span(1)
    for match in _COUNT_BEHIND.finditer(text):
        yield match.group("of"), int(match.group("n")), *match.span("n")
