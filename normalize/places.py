"""Which division a printed name means: a descent through the gazetteer, open where it is open."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Literal

from normalize.gazetteer import LATEST, Division, Gazetteer, load_gazetteer, snapshot_of
from normalize.script import to_simplified
from normalize.villages import find_villages
from normalize.width import fold_width

PlaceStatus = Literal["ok", "approx", "ambiguous", "none"]

MAX_NAME = 64
"""Characters of a name that are looked at: the longest official path is half of that."""

_LEVEL_OF_DIGITS = {2: 1, 4: 2, 6: 3, 9: 4}
_OUTSIDE_CONTEXT = 10.0
_SKIPPED_LEVEL = 1.0
_SHORT_FORM = 0.5
_OTHER_YEAR = 2.0
_ZONE = 4.0
_LONGER_ZONE_NAME = 0.5
_MOST_BRANCHES = 400
_ZONE_NAME = re.compile(
    "(?P<name>[^省市州盟县旗镇乡街道村社]{0,6}?)(?:高新技术产业开发区|经济技术开发区|综合实验区|台商投资区|高新区|经开区"
    "|开发区|投资区|示范区|实验区|试验区|新区)"
)
_NUMERAL = re.compile("[一二三四五六七八九十百千万两]")
_COUNTY_DIGITS = 6
_LONGEST_LEAD = 4
"""Characters of a name that stand before its numeral at most."""


@dataclass(frozen=True, slots=True)
class Step:
    """One division that a name spells out."""

    form: str
    """The division as printed. Example: `凉山州`"""
    division: Division
    """The division that is meant."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a name was resolved to."""

    status: PlaceStatus
    """ok: one division, and what is left of the name is a village of it; approx: the rest is not in
    the gazetteer, or a village of that name calls itself otherwise; ambiguous: several divisions
    fit equally; none: no division fits."""
    code: str | None
    """Code of the deepest division found, None unless ok or approx. Example: `510722101011`"""
    steps: tuple[Step, ...]
    """Divisions the name spells out, outermost first."""
    rest: str
    """What stands after them, the village where there is one. Example: `草堂社区`"""
    candidates: tuple[str, ...] = ()
    """Codes that fit equally, when ambiguous."""


@dataclass(frozen=True, slots=True)
class _Route:
    steps: tuple[Step, ...]
    end: int
    cost: float
    in_zone: bool = False
    """Whether the last thing read is a zone, which the gazetteer does not hold."""


def resolve(name: str, context: str = "", on: date | None = None) -> Place:
    """Resolve a printed name to a division from province to village.

    `context` is a path such as `四川省/绵阳市` that names without their upper levels are read in;
    names that contradict it are still found. `on` is the day the name was printed: what stood in
    the list of that time comes first, but names of other years are found, too, since lists use
    stale names. Blanks and width do not matter. Never raises.

    >>> resolve("绵阳市三台县潼川镇草堂社区").code, resolve("潼川镇", "四川省/绵阳市").code
    ('510722101011', '510722101')
    >>> resolve("鼓楼区").status
    'ambiguous'
    """
    text = to_simplified(fold_width(name[:MAX_NAME])).replace(" ", "")
    area = context_code(context)
    snapshot = snapshot_of(on)
    place = _resolve(text, area, snapshot)
    if place.status == "approx" or (place.status == "none" and len(area) >= _COUNTY_DIGITS):
        return _with_village(place, place.code or area, snapshot)
    return place


@lru_cache(maxsize=65536)
def _with_village(place: Place, area: str, snapshot: int) -> Place:
    """Read the rest of a name as a village of the division it was resolved to."""
    match = find_villages(place.rest, area, snapshot)
    if match is None:
        return place
    codes = tuple(sorted(village.code for village in match.villages))
    if len(codes) > 1:
        return replace(place, status="ambiguous", code=None, candidates=codes)
    sure = match.exact and len(area) >= _COUNTY_DIGITS
    return replace(place, status="ok" if sure else "approx", code=codes[0])


@lru_cache(maxsize=4096)
def context_code(context: str) -> str:
    """Code of a context path, the empty string when there is none or it is not known.

    >>> context_code("四川省/绵阳市"), context_code("")
    ('5107', '')
    """
    if not context:
        return ""
    place = _resolve(context.replace("/", "").replace(" ", ""), "", LATEST)
    return place.code or ""


def find_numeral_names(text: str) -> list[tuple[int, int]]:
    """Find official names of counties and towns that hold a numeral, as spans, in text order.

    >>> find_numeral_names("三台县有三个镇")
    [(0, 3)]
    """
    gazetteer = load_gazetteer()
    spans: list[tuple[int, int]] = []
    for numeral in _NUMERAL.finditer(text):
        if spans and spans[-1][1] > numeral.start():
            continue
        for start in range(max(0, numeral.start() - _LONGEST_LEAD), numeral.start() + 1):
            forms = gazetteer.forms_at(text, start)
            named = next((form for form, d in forms if form == d.name and len(form) > 2), "")
            if start + len(named) > numeral.start():
                spans.append((start, start + len(named)))
                break
    return spans


@lru_cache(maxsize=65536)
def _resolve(text: str, context: str, snapshot: int) -> Place:
    gazetteer = load_gazetteer()
    routes = list(_routes(gazetteer, text, context, snapshot))
    if not routes:
        return Place("none", None, (), text)
    furthest = max(route.end for route in routes)
    routes = [route for route in routes if route.end == furthest]
    cheapest = min(route.cost for route in routes)
    best = [route for route in routes if route.cost == cheapest]
    rest = text[furthest:]
    codes = tuple(sorted({route.steps[-1].division.code for route in best}))
    if len(codes) > 1:
        return Place("ambiguous", None, best[0].steps, rest, codes)
    known = not rest and not best[0].in_zone
    return Place("ok" if known else "approx", codes[0], best[0].steps, rest)


def _routes(gazetteer: Gazetteer, text: str, context: str, snapshot: int) -> Iterator[_Route]:
    """Every way to read the start of a text as a path down the tree."""
    open_routes = [_Route((), 0, 0.0)]
    seen = 0
    while open_routes and seen < _MOST_BRANCHES:
        route = open_routes.pop()
        past = _past_zone(route, text)
        if past is not None:
            seen += 1
            open_routes.append(past)
            yield past
        for form, division in gazetteer.forms_at(text, route.end):
            cost = _step_cost(route, form, division, context)
            if cost is None:
                continue
            cost += 0.0 if division.seen & snapshot else _OTHER_YEAR
            seen += 1
            longer = _Route(
                (*route.steps, Step(form, division)), route.end + len(form), route.cost + cost
            )
            open_routes.append(longer)
            if _may_end(longer, text):
                yield longer


def _past_zone(route: _Route, text: str) -> _Route | None:
    """Read a development zone, which is no division: what follows lies in the same city."""
    if not route.steps or route.cost >= _ZONE:
        return None
    zone = _ZONE_NAME.match(text, route.end)
    if zone is None:
        return None
    # A city in front of the zone is better read as a city.
    cost = route.cost + _ZONE + _LONGER_ZONE_NAME * len(zone["name"])
    return _Route(route.steps, zone.end(), cost, in_zone=True)


def _step_cost(route: _Route, form: str, division: Division, context: str) -> float | None:
    """Cost of going on to a division, None when it does not lie below the last one."""
    above = route.steps[-1].division.code if route.steps else ""
    code = division.code
    if above:
        if not code.startswith(above) or code == above:
            return None
        outside = 0.0
    else:
        inside = code.startswith(context) or context.startswith(code)
        outside = 0.0 if inside else _OUTSIDE_CONTEXT
        above = context if code.startswith(context) and code != context else ""
    skipped = _LEVEL_OF_DIGITS[len(code)] - _LEVEL_OF_DIGITS.get(len(above), 0) - 1
    return outside + _SKIPPED_LEVEL * max(0, skipped) + _SHORT_FORM * (form != division.name)


def _may_end(route: _Route, text: str) -> bool:
    """A bare short form, such as 三台 in 三台社区, is no reading unless it is all there is."""
    step = route.steps[-1]
    cut_short = step.division.name.startswith(step.form) and step.form != step.division.name
    return not cut_short or route.end == len(text)
