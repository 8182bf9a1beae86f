"""The area that a page speaks for: what title, issuer and paper imply for its units."""

import re
from collections.abc import Sequence

from extract.body import Body
from extract.listing_records import Parts
from extract.page_context import PageContext
from extract.taiwan_names import TAIWAN, find_taiwan_city
from normalize.gazetteer import Division, load_gazetteer
from normalize.vocabulary import province_of
from normalize.width import fold_width

_AFTER_SHORT = "0123456789一二两三四五六七八九十市这多各有新获入上再又喜添"
_SHARE = re.compile(
    r"(?:共|共有|有|占了?|入选)?[\d一二两三四五六七八九十]{1,4}(?:个|所|家|处|地|名)(?!等)"
)
_GOVERNMENT = ("人民政府", "县委", "区委", "市委", "旗委", "县人民", "政府办")
_LISTED = re.compile(r"[、及和与]")
_CLAUSE = re.compile(r"[,;。!?:]")
_FIRST_LINES = 6
_LONGEST_LEAD = 600
_LONGEST_FORM = 12
_SHORTEST_UNIQUE = 2
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


def read_page_area(body: Body, page: PageContext, issuers: Sequence[str], is_local: bool) -> Parts:
    """Read the levels that units without them inherit from their page.

    A title speaks for its place: in 嘉兴市4地入选 all units lie in 嘉兴市. Where it names none, the
    paper that reports does (淮安日报). Levels that the gazetteer contradicts are dropped when a
    unit is read.

    `issuers` are names that begin with a province; `is_local` tells a prefecture's own programme.

    >>> page = PageContext("杭州3村入选第二批社区治理创新实验区", None, None, None, "浙江省")
    >>> area = read_page_area(Body("", "", ()), page, (), is_local=False)
    >>> area.province, area.city, area.county
    ('浙江省', '杭州市', None)
    """
    taiwan = find_taiwan_city(fold_width(page.title))
    if taiwan:
        return Parts(province=TAIWAN, city=taiwan)
    declared = [part for part in (page.area or "").split("/") if part]
    title = fold_width(page.title)
    named = (*issuers, page.area or "", title, page.site or "")
    province = next((p for text in named if (p := province_of(text))), None)
    found = _find_in_title(title, province) or _find_share(body, province)
    if not found:
        papers = (page.source or "", page.site or "")
        found = next((path for text in papers if (path := _find_at_start(text, province))), ())
    levels = {division.level: division.name for division in found}
    city = declared[1] if len(declared) > 1 and not is_local else None
    county = declared[2] if len(declared) > 2 else None
    if "city" in levels or "county" in levels:
        city, county = levels.get("city"), levels.get("county")
    return Parts(province=levels.get("province") or province, city=city, county=county)


def find_province(page: PageContext) -> str | None:
    """Find the province of a page: of its declaration, site or paper, else of its title's place.

    >>> find_province(PageContext("福州20个社区入选", None, None, None, None))
    '福建省'
    """
    for text in (page.area or "", page.site or "", page.source or "", page.title):
        if province := province_of(text):
            return province
    path = _find_in_title(fold_width(page.title), None)
    return next((division.name for division in path if division.level == "province"), None)


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
            elif (
                division.level == "county"
                and form == division.name
                and (code or _is_unique(title, start, form))
            ):
                return load_gazetteer().path(division.code)
    return ()


def _is_unique(text: str, start: int, form: str) -> bool:
    """Whether a full name belongs to one county of all China, as 阿鲁科尔沁旗 does.

    攸县 is too short to be found by itself, but not in front of its government.
    """
    named = [
        division.code[:6]
        for other, division in load_gazetteer().forms_at(text, start)
        if other == form == division.name and division.level == "county"
    ]
    is_seat = text.startswith(_GOVERNMENT, start + len(form))
    return len(set(named)) == 1 and (is_seat or len(form) > _SHORTEST_UNIQUE)


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


def _find_share(body: Body, province: str | None) -> Sequence[Division]:
    """Path of the place whose share a page counts in its first lines: 盐城共有20个村上榜."""
    code = _code_of_province(province)
    for block in body.blocks[:_FIRST_LINES]:
        text = fold_width(block.text[:_LONGEST_LEAD])
        for share in _SHARE.finditer(text):
            if _LISTED.search(_CLAUSE.split(text[: share.start()])[-1]):
                # 市北区及环翠区共4地: the last of several.
                continue
            for start in range(max(0, share.start() - _LONGEST_FORM), share.start()):
                for form, division in _forms(text, start, code):
                    is_area = division.level in {"city", "county"}
                    if is_area and start + len(form) == share.start():
                        return load_gazetteer().path(division.code)
    return ()


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
