"""The printed name of a unit, split into levels by the gazetteer first and by suffix below it."""

import re
from dataclasses import dataclass, replace

from extract.corps_names import CORPS, find_division, split_corps_name
from extract.listing_records import PART_LEVELS, Parts
from extract.organisations import kind_of_organisation
from extract.taiwan_names import TAIWAN, split_taiwan_name
from normalize.place_routes import Step
from normalize.places import Place, context_code, resolve
from normalize.script import to_simplified
from normalize.vocabulary import CITIES_WITHOUT_COUNTIES, MUNICIPALITIES
from normalize.width import fold_width

LONGEST_NAME = 40
"""Characters of the longest name that is taken for a unit."""
NOWHERE = Place("none", None, (), "")
"""What the gazetteer says of names that it does not hold."""

_GAZETTEER_LEVELS = ("province", "city", "county", "town")
_ZONE = (
    r"(?:开发区|经开区|高新区|新区|试验区|示范区|投资区|经济区|保税区|工业园区|园区|管委会|管理区|航空港区"
    r"|合作区|片区|起步区|风景区|度假区|特区)"
)
ZONE_NAME = re.compile(rf"[一-龥]{{0,12}}?{_ZONE}")
"""A zone that stands in the place of a county or town."""
_ZONE_ABOVE = re.compile(rf"[一-龥]{{2,9}}?{_ZONE}(?=[一-龥]{{1,6}}?(?:镇|乡|街道))")
_ZONE_OVER_COUNTY = re.compile(rf"[一-龥]{{2,9}}?{_ZONE}(?=[一-龥]{{1,5}}?[区县市][一-龥])")
_CITY_IN_TOWN = re.compile(r"([一-龥]{2,3}市)([一-龥]{1,5}(?:街道|镇|乡))$")
_LEVEL_ENDS = (
    "省",
    "市",
    "自治区",
    "区",
    "县",
    "旗",
    "州",
    "盟",
    "镇",
    "乡",
    "街道",
    "办事处",
    "苏木",
)
_COUNTY = re.compile(rf"^(?:(?!街道|[镇乡村社])[一-龥]){{1,9}}?(?:自治县|{_ZONE}|县|区|市|旗)")
_TOWN = re.compile(
    rf"^[一-龥]{{1,9}}?(?:街道办事处|街道|地区办事处|{_ZONE}|中心社区(?=.)|镇|乡|苏木)"
)
_VILLAGE_END = r"(?:社区居委会|居委会|居民委员会|社区|村委会|村民委员会|行政村|村|嘎查|里)"
# 二〇五所社区: 〇 lies outside the block of Chinese characters
_VILLAGE = re.compile(rf"^[一-龥〇A-Za-z0-9·]{{1,14}}?{_VILLAGE_END}$")
_SUB = re.compile(
    r"^([一-龥〇0-9]{1,9}?(?:行政村|社区|村))([一-龥0-9]{1,9}(?:自然村|村|寨|组|屯|庄|围|屋|湾|楼|厝|堡|坪|坑|塘))$"
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
    ("场", "farm"),
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


def split_name(printed: str, context: Parts, trusted: bool = False) -> UnitName | None:
    """Split a printed name into levels, or return None when it is no unit.

    `context` holds the levels that headings, title or source imply; they fill only levels above
    the first one printed, and only when the gazetteer does not contradict them. A `trusted` county,
    that of a heading right above, is believed even so: towns change hands. Blanks inside the name
    do not matter.

    >>> name = split_name("三台县潼川镇草堂社区", Parts(province="四川省", city="绵阳市"))
    >>> name.full, name.kind, name.inherited
    ('绵阳市三台县潼川镇草堂社区', 'community', ('province', 'city'))
    >>> split_name("各有关单位", Parts()) is None
    True
    """
    text = to_simplified(fold_width(printed)).replace(" ", "")
    if not 2 <= len(text) <= LONGEST_NAME:
        return None
    elsewhere = _split_corps(text, context) or _split_taiwan(text, context)
    if elsewhere is not None:
        return elsewhere
    place = resolve(text, context_path(context))
    if not place.steps and (zoned := _split_below_zone(text, context)):
        return zoned
    spelling = _spell_organisation(text, place) or _spell_out(text, place)
    if spelling is None:
        return None
    spelled, rest = spelling
    split = _split_rest(spelled, rest, context)
    if split is None:
        return None
    parts, kind = split
    agreeing = _agreeing(context, place)
    if trusted and context.county and not (spelled.county or spelled.city):
        if agreeing != context:
            place = replace(place, status="none", code=None)
        agreeing = context
    parts, inherited = _inherit(parts, agreeing)
    return UnitName(parts, inherited, kind, place)


def _split_taiwan(text: str, context: Parts) -> UnitName | None:
    taiwan = split_taiwan_name(text, context)
    if taiwan is None:
        return None
    parts, inherited = _inherit(taiwan, replace(context, province=TAIWAN))
    return UnitName(parts, inherited, "tw_community" if parts.village else "town", NOWHERE)


def _split_below_zone(text: str, context: Parts) -> UnitName | None:
    """Split 杨凌示范区杨陵区杨陵街道: such a zone stands beside the prefectures, not in one."""
    zone = _ZONE_OVER_COUNTY.match(text)
    below = split_name(text[zone.end() :], context) if zone else None
    if zone is None or below is None or not below.place.steps:
        return None
    inherited = tuple(level for level in below.inherited if level != "city")
    parts = replace(below.parts, city=zone.group())
    return UnitName(parts, inherited, below.kind, below.place)


def _split_corps(text: str, context: Parts) -> UnitName | None:
    """Split the name of a unit of the Xinjiang corps, organisations of a division included."""
    above = replace(context, province=CORPS)
    corps = split_corps_name(text, context)
    if corps is None and (division := find_division(text)):
        kind = kind_of_organisation(text)
        if kind:
            unit = text[division.end() :]
            corps = Parts(city=division["city"], county=division["county"], unit=unit), kind
    if corps is None:
        return None
    parts, inherited = _inherit(corps[0], above)
    return UnitName(parts, inherited, corps[1], NOWHERE)


def context_path(context: Parts) -> str:
    """Write the upper levels of a context as a path for the gazetteer.

    >>> context_path(Parts(province="四川省", city="绵阳市"))
    '四川省/绵阳市'
    """
    levels = (getattr(context, level) for level in _GAZETTEER_LEVELS)
    return "/".join(level for level in levels if level)


def _spell_out(text: str, place: Place) -> tuple[Parts, str] | None:
    """Levels that a name spells out itself, as printed, and what they leave of it.

    Between and behind the divisions that the gazetteer knows stand those that it does not: zones
    in the place of a county or town, towns of other years. None when something else stands there.
    """
    if not place.steps or _is_nameless_zone(place):
        return Parts(), text
    levels: dict[str, str] = {}
    cursor = 0
    above: Step | None = None
    for step in place.steps:
        start = text.find(step.form, cursor)
        if start < cursor or not _spell_unlisted(levels, text[cursor:start], above):
            return None
        levels |= _printed_levels(step)
        cursor, above = start + len(step.form), step
    tail = text[cursor:]
    if tail.endswith(place.rest) and len(place.rest) < len(tail):
        if not _spell_unlisted(levels, tail[: len(tail) - len(place.rest)], above):
            return None
        tail = place.rest
    return Parts(**levels), tail


def _spell_organisation(text: str, place: Place) -> tuple[Parts, str] | None:
    """Levels in front of an organisation's name: only full names of divisions are its address.

    黄山学院 and 长春市公安局朝阳区分局 bear names of places that are parts of theirs.
    """
    if kind_of_organisation(text) is None or _VILLAGE.match(text):
        return None
    levels: dict[str, str] = {}
    cursor = 0
    for step in place.steps:
        if not text.startswith(step.form, cursor) or not _is_full(step.form):
            break
        if step.division.level == "town" and step.form.endswith("场"):
            break
        levels |= _printed_levels(step)
        cursor += len(step.form)
    return (Parts(**levels), text[cursor:]) if cursor < len(text) else None


def _is_nameless_zone(place: Place) -> bool:
    """高新区 and 工业园区 stand in many counties: alone they are no town of some far province."""
    first = place.steps[0]
    return place.status == "ambiguous" and first.division.level == "town"


def _spell_unlisted(levels: dict[str, str], text: str, above: Step | None) -> bool:
    """Put a stretch that the gazetteer does not know into the slot it stands for, if any."""
    if not text:
        return True
    if ZONE_NAME.fullmatch(text):
        if above is not None and not _is_full(above.form):
            # 四川天府新区 and 万盛经开区: the short name in front is a part of the zone's.
            text = above.form + text
            if above.division.level == "county":
                levels.pop("county", None)
        slot = "town" if "county" in levels else "county"
    elif _TOWN.fullmatch(text):
        slot = "town"
    elif _COUNTY.fullmatch(text):
        slot = "county"
    else:
        return False
    return levels.setdefault(slot, text) == text


def _is_full(form: str) -> bool:
    """Whether a form prints its level: 福州 ends in 州, but only 延边州 is full."""
    return form.endswith(_LEVEL_ENDS) and (not form.endswith("州") or len(form) > 2)


def _printed_levels(step: Step) -> dict[str, str]:
    """The form as printed, by level; a bare short form (四川, 绵阳) is completed."""
    name, level = step.division.name, step.division.level
    if name in MUNICIPALITIES:
        level = "province"
    elif name in CITIES_WITHOUT_COUNTIES:
        level = "city"
    if _is_full(step.form):
        # The towns of 济源 bear the city's name in front of theirs.
        city = _CITY_IN_TOWN.match(step.form) if level == "town" else None
        return {"county": city[1], "town": city[2]} if city else {level: step.form}
    return {level: name if name.startswith(step.form) else step.form}


def _split_rest(parts: Parts, rest: str, context: Parts) -> tuple[Parts, str] | None:
    """Split what the gazetteer left by suffix, from the county slot down."""
    if not rest:
        kind = _kind_of_place(parts)
        return (parts, kind) if kind else None
    organisation = kind_of_organisation(rest)
    if organisation and _VILLAGE.match(rest) is None:
        return replace(parts, unit=rest), organisation
    zone = _ZONE_ABOVE.match(rest) if not (parts.county or parts.town) else None
    if zone:
        # A zone with towns of its own stands beside the counties of its city.
        parts, rest = replace(parts, county=zone.group()), rest[zone.end() :]
    elif not (parts.county or parts.town or context.county):
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
    organisation = kind_of_organisation(rest)
    return (replace(parts, unit=rest), organisation) if organisation else None


# 城村村 and 大村村 are villages whose own name ends in 村.
_VILLAGE_NAME_TWICE = re.compile(r"^[一-龥]{1,3}村村$")


def _kind_of_place(parts: Parts) -> str | None:
    """Kind of the deepest place level; a province is no unit."""
    if parts.town:
        return next((kind for end, kind in _PLACE_KINDS if parts.town.endswith(end)), "town")
    if parts.county:
        return "county"
    return "prefecture" if parts.city else None


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
    """Fill the levels above the last printed one from the context, as far as the two agree.

    Under 鼓楼区 the name 福州南街街道 leaves out a level between two that it prints.
    """
    printed = [level for level in PART_LEVELS if getattr(parts, level)]
    if not printed:
        return parts, ()
    # An organisation's address goes as far as it is printed: 黄山市公安局 lies in no county.
    last = printed[0] if parts.unit else printed[-1]
    above = PART_LEVELS[: PART_LEVELS.index(last)]
    filled = {}
    for level in above:
        own, value = getattr(parts, level), getattr(context, level)
        if own is None and value:
            filled[level] = value
        elif own is not None and own != value:
            break
    return replace(parts, **filled), tuple(filled)
