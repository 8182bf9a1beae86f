"""Announcements of a page: programme, batch, authority, status, stated counts and scope."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from extract.body import Body
from extract.listing_records import Level, StatedCount, Status
from extract.outline import is_list_title
from extract.page_area import find_province
from extract.page_context import PageContext
from extract.programme import (
    ProgrammeMention,
    Where,
    find_batches,
    find_mentions,
    group_mentions,
    names_only_programme,
    weigh_mentions,
)
from extract.stated_counts import read_stated_counts
from normalize.programmes import name_programme
from normalize.vocabulary import AUTHORITY, MUNICIPALITIES, STATUSES, province_of
from normalize.width import fold_width

_SENTENCE = re.compile(r"[^。!?;\n]+")
_YEAR = re.compile(r"((?:19|20)\d{2})年")
_DOC_NO = re.compile(r"[一-龥]{1,10}[〔\[(](?:19|20)\d{2}[〕\])]\d{1,5}号")
_TERM = re.compile(
    r"(?:为期|持续|试点期?限?|创建期|期限)(?:为|是)?([一二三四五六七八九十两\d]{1,3}(?:年|个月))"
)
_AUTHORITY = re.compile(AUTHORITY)
_PUBLISHES = re.compile(r"公布|印发|命名|确定|认定|公示|发布|通知|通报|公告|决定")
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
# Titles of other pages in a row: 相关推荐:…|….
_LINKS = re.compile(r"^(?:相关|猜你|延伸|推荐|更多)[^:：]{0,6}[:：].*[|｜]")
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


def _all_mentions(body: Body, title: str) -> list[ProgrammeMention]:
    mentions = find_mentions(title, "title")
    for block in body.blocks:
        if _LINKS.match(block.text):
            continue
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
    titled = [m.programme for m in group if m.where == "title"]
    printed = min(titled or (m.programme for m in group), key=len)
    programme = name_programme(printed, province)
    level = _level(programme, authority)
    year, year_raw = _year(group, body, page)
    folded = fold_width(body.text)
    doc_no, term = _DOC_NO.search(body.text), _TERM.search(folded)
    return Draft(
        programme=programme,
        programme_raw=first.programme,
        batch=candidate.batch,
        batch_raw=_batch_raw(candidate),
        year=year,
        year_raw=year_raw,
        authority=authority,
        level=level,
        status=status,
        date=page.published_at if _is_official(page) else None,
        doc_no=doc_no.group() if doc_no else None,
        term=term.group(1) if term else None,
        stated=read_stated_counts(candidate.batch, body, page.title, _WHOLE.get(level, "whole")),
        start=in_body[0].start if in_body else 0,
        end=in_body[0].end if in_body else 0,
    )


def _batch_raw(candidate: Candidate) -> str | None:
    """Batch as printed first."""
    if candidate.batch is None:
        return None
    return next((m.batch_raw for m in candidate.mentions if m.batch_raw), None)


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
    return (find_province(page) or "") + name


def _province(authority: Sequence[str], page: PageContext) -> str | None:
    return next((p for name in authority if (p := province_of(name))), None) or find_province(page)


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
        if name.startswith(MUNICIPALITIES) and "区" not in name[:8]:
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
