"""The area that a page speaks for: what title, issuer, paper and declaration imply for its units."""

from collections.abc import Sequence

from extract.announcement import Draft, PageContext
from extract.listing_records import Parts
from normalize.gazetteer import Division, load_gazetteer
from normalize.vocabulary import province_of
from normalize.width import fold_width

_LOCAL_LEVELS = frozenset(("prefecture", "county"))
_AFTER_SHORT = "0123456789一二两三四五六七八九十市这多各有新获入上再又喜添"
_PAPER = (
    "日报",
    "晚报",
    "晨报",
    "早报",
    "商报",
    "新闻",
    "网",
    "发布",
    "融媒",
    "广播",
    "电视",
    "在线",
    "市",
)


def read_page_area(page: PageContext, draft: Draft) -> Parts:
    """Read the levels that units without them inherit from their page.

    A title speaks for its place: in 嘉兴市4地入选 all units lie in 嘉兴市. Where it names none, the
    paper that reports does (淮安日报). Levels that the gazetteer contradicts are dropped when a
    unit is read.

    >>> from extract.announcement import draft_announcement, find_candidates
    >>> from extract.body import Body
    >>> page = PageContext("杭州3村入选第二批社区治理创新实验区", None, None, None, "浙江省")
    >>> candidate = find_candidates(Body("", "", ()), page)[0]
    >>> area = read_page_area(page, draft_announcement(candidate, "selected", Body("", "", ()), page))
    >>> area.province, area.city, area.county
    ('浙江省', '杭州市', None)
    """
    declared = [part for part in (page.area or "").split("/") if part]
    title = fold_width(page.title)
    named = (*draft.authority, draft.programme, page.area or "", title, page.site or "")
    province = next((p for text in named if (p := province_of(text))), None)
    found = _find_in_title(title, province)
    if not found:
        papers = (page.source or "", page.site or "")
        found = next((path for text in papers if (path := _find_at_start(text, province))), ())
    levels = {division.level: division.name for division in found}
    city = declared[1] if len(declared) > 1 and draft.level not in _LOCAL_LEVELS else None
    county = declared[2] if len(declared) > 2 else None
    if "city" in levels or "county" in levels:
        city, county = levels.get("city"), levels.get("county")
    return Parts(province=levels.get("province") or province, city=city, county=county)


def _find_in_title(title: str, province: str | None) -> Sequence[Division]:
    """Path of the first place a title names: a prefecture with its county, or a county alone."""
    code = _code_of_province(province)
    for start in range(len(title)):
        for form, division in _forms(title, start, code):
            end = start + len(form)
            if division.level == "province" and len(division.code) == 2:
                below = _county_at(title, end, division.code)
                if below:
                    return load_gazetteer().path(below.code)
            elif division.level == "city" and (
                code or form == division.name or _ends_short(title, start, end)
            ):
                below = _county_at(title, end, division.code)
                return load_gazetteer().path((below or division).code)
            elif division.level == "county" and code and form == division.name:
                return load_gazetteer().path(division.code)
    return ()


def _forms(text: str, start: int, code: str) -> list[tuple[str, Division]]:
    """Forms at a place within a province, the latest divisions first."""
    found = [
        pair for pair in load_gazetteer().forms_at(text, start) if pair[1].code.startswith(code)
    ]
    return sorted(found, key=lambda pair: (-len(pair[0]), -pair[1].seen.bit_count()))


def _county_at(text: str, start: int, code: str) -> Division | None:
    for form, division in _forms(text, start, code):
        if division.level == "county" and len(form) > 1:
            return division
    return None


def _ends_short(title: str, start: int, end: int) -> bool:
    """Whether a short name stands alone: at the beginning, or before a number or a verb."""
    return not title[:start].strip("!?,:【】「」 ·喜报") or title[end : end + 1] in set(
        _AFTER_SHORT
    )


def _find_at_start(text: str, province: str | None) -> Sequence[Division]:
    """Path of the prefecture whose name a paper or site begins with."""
    folded = fold_width(text)
    for form, division in _forms(folded, 0, _code_of_province(province)):
        if division.level == "city" and folded.startswith(_PAPER, len(form)):
            return load_gazetteer().path(division.code)
    return ()


def _code_of_province(province: str | None) -> str:
    forms = load_gazetteer().forms_at(province or "", 0)
    return next((d.code for form, d in forms if len(d.code) == 2 and form == province), "")
