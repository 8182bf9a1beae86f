"""The printed name of a unit, split into levels by the gazetteer first and by suffix below it."""

import re
from dataclasses import dataclass, replace

from extract.listing_records import PART_LEVELS, Parts
from normalize.place_routes import Step
from normalize.places import Place, context_code, resolve
from normalize.script import to_simplified
from normalize.width import fold_width

LONGEST_NAME = 40
"""Characters of the longest name that is taken for a unit."""

_GAZETTEER_LEVELS = ("province", "city", "county", "town")
_ZONE = r"(?:开发区|经开区|高新区|新区|试验区|示范区|投资区|工业园区|园区|管委会|风景区|度假区)"
_COUNTY = re.compile(rf"^(?:(?!街道|[镇乡村社])[一-龥]){{1,9}}?(?:自治县|{_ZONE}|县|区|市|旗)")
_TOWN = re.compile(rf"^[一-龥]{{1,9}}?(?:街道办事处|街道|地区办事处|{_ZONE}|镇|乡|苏木)")
_VILLAGE_END = r"(?:社区居委会|居委会|居民委员会|社区|村委会|村民委员会|行政村|村|嘎查|里)"
_VILLAGE = re.compile(rf"^[一-龥A-Za-z0-9·]{{1,14}}?{_VILLAGE_END}$")
_SUB = re.compile(
    r"^([一-龥0-9]{1,9}?(?:行政村|社区|村))([一-龥0-9]{1,9}(?:自然村|村|寨|组|屯|庄))$"
)
_CORPS = (
    (
        re.compile(r"^(?:新疆生产建设兵团)?第?[一二三四五六七八九十\d]+师(?:[一-龥]{2,6}市)?"),
        "city",
    ),
    (re.compile(r"^第?[一二三四五六七八九十〇零百\d]+团(?:场|[一-龥]{2,4}镇)?"), "town"),
    (re.compile(r"^第?[一二三四五六七八九十〇零百\d]+连(?:队)?"), "village"),
)

# The first ending that fits names the kind; longer words stand before their own endings.
_PLACE_KINDS = (
    ("街道办事处", "street"),
    ("街道", "street"),
    ("镇", "town"),
    ("乡", "township"),
    ("苏木", "township"),
    ("自治州", "prefecture"),
    ("地区", "prefecture"),
    ("盟", "prefecture"),
)
_ORGANISATION_KINDS = (
    (re.compile(r"(?:博物馆|纪念馆|展览馆|陈列馆|图书馆|文化馆|美术馆|故居)$"), "museum"),
    (re.compile(r"(?:小学|中学|大学|学院|学校|幼儿园|[一二三四五六七八九十]中|分校)$"), "school"),
    (re.compile(r"(?:公司|集团|厂|合作社|银行|商场|超市|酒店)$"), "company"),
    (re.compile(r"(?:局|厅|委员会|办公室|法院|检察院|派出所|管理处|支队|大队|税务所)$"), "agency"),
    (re.compile(r"(?:农场|林场|牧场|渔场|茶场)$"), "farm"),
    (re.compile(r"(?:医院|协会|学会|基金会|中心|联合会|研究院|研究所|服务站)$"), "other_org"),
)


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit's name by level."""

    parts: Parts
    """The levels; those of the context fill what stands above the name."""
    inherited: tuple[str, ...]
    """Levels that came from the context."""
    kind: str
    """Kind of the last level. Example: `community`"""
    place: Place
    """What the gazetteer says."""

    @property
    def full(self) -> str:
        """The name from the city down, never with the province."""
        below = [getattr(self.parts, level) for level in PART_LEVELS[1:]]
        return "".join(part for part in below if part) or (self.parts.province or "")


def split_name(printed: str, context: Parts) -> UnitName | None:
    """Split a printed name into levels, or return None when it is no unit.

    `context` holds the levels that headings, title or source imply; they fill only levels above
    the first one printed, and only when the gazetteer does not contradict them. Blanks inside the
    name do not matter.

    >>> name = split_name("三台县潼川镇草堂社区", Parts(province="四川省", city="绵阳市"))
    >>> name.full, name.kind, name.inherited
    ('绵阳市三台县潼川镇草堂社区', 'community', ('province', 'city'))
    >>> split_name("各有关单位", Parts()) is None
    True
    """
    text = to_simplified(fold_width(printed)).replace(" ", "")
    if not 2 <= len(text) <= LONGEST_NAME:
        return None
    place = resolve(text, context_path(context))
    spelled = _spell_out(place)
    rest = place.rest if place.steps else text
    split = _split_rest(spelled, rest, context)
    if split is None:
        return None
    parts, kind = split
    parts, inherited = _inherit(parts, _agreeing(context, place))
    return UnitName(parts, inherited, kind, place)


def context_path(context: Parts) -> str:
    """Write the upper levels of a context as a path for the gazetteer.

    >>> context_path(Parts(province="四川省", city="绵阳市"))
    '四川省/绵阳市'
    """
    levels = (getattr(context, level) for level in _GAZETTEER_LEVELS)
    return "/".join(level for level in levels if level)


def _spell_out(place: Place) -> Parts:
    """Levels that the name spells out itself, as printed; bare short forms are completed."""
    levels = {step.division.level: _printed_form(step) for step in place.steps}
    return Parts(**levels) if place.steps else Parts()


def _printed_form(step: Step) -> str:
    name = step.division.name
    return name if name.startswith(step.form) else step.form


def _split_rest(parts: Parts, rest: str, context: Parts) -> tuple[Parts, str] | None:
    """Split what the gazetteer left by suffix, from the county slot down."""
    if not rest:
        kind = _kind_of_place(parts)
        return (parts, kind) if kind else None
    corps = _split_corps(parts, rest)
    if corps is not None:
        return corps
    organisation = _kind_of_organisation(rest)
    if organisation and _VILLAGE.match(rest) is None:
        return replace(parts, unit=rest), organisation
    if not (parts.county or parts.town or context.county):
        # Counties that were renamed since, and zones that stand in a county's place.
        match = _COUNTY.match(rest)
        above = parts.city or parts.province or context.city or context.province
        if match and (above or match.end() < len(rest)):
            parts, rest = replace(parts, county=match.group()), rest[match.end() :]
    if parts.town is None:
        match = _TOWN.match(rest)
        if match:
            parts, rest = replace(parts, town=match.group()), rest[match.end() :]
    return _split_village(parts, rest)


def _split_village(parts: Parts, rest: str) -> tuple[Parts, str] | None:
    if not rest:
        kind = _kind_of_place(parts)
        return (parts, kind) if kind else None
    sub = _SUB.match(rest)
    if sub and not _VILLAGE_NAME_TWICE.search(rest):
        return replace(parts, village=sub.group(1), sub=sub.group(2)), "village"
    if _VILLAGE.match(rest):
        community = rest.endswith(("社区", "居委会", "居民委员会"))
        return replace(parts, village=rest), "community" if community else "village"
    organisation = _kind_of_organisation(rest)
    return (replace(parts, unit=rest), organisation) if organisation else None


# 城村村 and 大村村 are villages whose own name ends in 村.
_VILLAGE_NAME_TWICE = re.compile(r"^[一-龥]{1,3}村村$")


def _split_corps(parts: Parts, rest: str) -> tuple[Parts, str] | None:
    """Divisions, regiments and companies of the Xinjiang corps: 一师十一团十三连."""
    found = {}
    text = rest
    for pattern, level in _CORPS:
        match = pattern.match(text)
        if match:
            found[level] = match.group()
            text = text[match.end() :]
    kinds = {"city": "corps_division", "town": "corps_regiment", "village": "corps_company"}
    if not found or text:
        return None
    return replace(parts, **found), kinds[list(found)[-1]]


def _kind_of_place(parts: Parts) -> str | None:
    """Kind of the deepest place level; a province is no unit."""
    if parts.town:
        return next((kind for end, kind in _PLACE_KINDS if parts.town.endswith(end)), "town")
    if parts.county:
        return "county"
    return "prefecture" if parts.city else None


def _kind_of_organisation(text: str) -> str | None:
    return next((kind for pattern, kind in _ORGANISATION_KINDS if pattern.search(text)), None)


def _agreeing(context: Parts, place: Place) -> Parts:
    """The levels of a context that the gazetteer does not contradict for a place."""
    if place.code is None:
        return context
    agreeing = Parts()
    for level in _GAZETTEER_LEVELS:
        value = getattr(context, level)
        if value is None:
            continue
        longer = replace(agreeing, **{level: value})
        code = context_code(context_path(longer))
        if code and not (place.code.startswith(code) or code.startswith(place.code)):
            break
        agreeing = longer
    return agreeing


def _inherit(parts: Parts, context: Parts) -> tuple[Parts, tuple[str, ...]]:
    """Fill the levels above the first printed one from the context."""
    printed = [level for level in PART_LEVELS if getattr(parts, level)]
    above = PART_LEVELS[: PART_LEVELS.index(printed[0])] if printed else ()
    filled = {level: value for level in above if (value := getattr(context, level))}
    return replace(parts, **filled), tuple(filled)
