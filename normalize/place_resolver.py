"""Which division a printed name means: a descent through the gazetteer, open where it is open."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

from normalize.division_lists import snapshot_of
from normalize.gazetteer import load_gazetteer
from normalize.place_routes import Route, RouteFlag, Step, find_routes
from normalize.script import to_simplified
from normalize.villages import Likeness, Match, find_villages
from normalize.width import fold_width

PlaceStatus = Literal["ok", "approx", "ambiguous", "none"]
PlaceFlag = RouteFlag | Literal["other_kind", "similar", "village_unknown"]

FLAGS: Mapping[PlaceFlag, str] = {
    "outside_context": "it does not lie where the context says",
    "other_year": "its name stands in lists of other years than that of the day",
    "zone": "a development zone is passed over, which is no division",
    "type_differs": "its town calls itself otherwise, such as 街道 for 镇",
    "town_unknown": "no list has its town",
    "village_unknown": "no list has a village of this name there",
    "other_kind": "the list has it as another kind, such as 社区 for 村",
    "similar": "the list has it with a piece more or less in its name",
}
"""What is odd about an answer, in words."""

MAX_NAME = 64
"""Characters of a name that are looked at: the longest official path is half of that."""

_SEPARATORS = re.compile(r"[\s/·•>\-—]+")
_NUMERAL = re.compile("[一二三四五六七八九十百千万两]")
_LONGEST_LEAD = 4
"""Characters of a name that stand before its numeral at most."""
_COUNTY_DIGITS = 6
_PREFECTURE_DIGITS = 4
_MOST_VILLAGE_SEARCHES = 8
"""Divisions of one name in which a village is sought; towns that share a name are more at times."""
_DOUBTFUL = frozenset(("zone", "town_unknown", "village_unknown", "other_kind", "similar"))
_RANK: Mapping[Likeness | None, int] = {
    "exact": 0,
    "other_kind": 1,
    "other_year": 1,
    "similar": 2,
    None: 3,
}


@dataclass(frozen=True, slots=True)
class Place:
    """What a name was resolved to."""

    status: PlaceStatus
    """ok: one division; approx: the division is known but the rest of the name is not, or only
    something near it; ambiguous: several divisions fit equally; none: no division fits."""
    code: str | None
    """Code of the deepest division found, None unless ok or approx. Example: `510722101011`"""
    steps: tuple[Step, ...]
    """Divisions the name spells out above the village, outermost first."""
    rest: str
    """What stands after them, the village where there is one. Example: `草堂社区`"""
    candidates: tuple[str, ...] = ()
    """Codes that fit equally, when ambiguous."""
    flags: tuple[PlaceFlag, ...] = ()
    """What is odd about the answer, each explained in `FLAGS`. Example: `("other_year",)`"""
    village: str | None = None
    """Official name of the village, where one was found. Example: `草堂社区居民委员会`"""

    @property
    def path(self) -> tuple[str, ...]:
        """Official names from the province down, empty without a code.

        >>> resolve("潼川镇草堂社区", "四川省/绵阳市/三台县").path
        ('四川省', '绵阳市', '三台县', '潼川镇', '草堂社区居民委员会')
        """
        named = {step.division.code: step.division.name for step in self.steps}
        divisions = load_gazetteer().path(self.code or "")
        above = (named.get(division.code, division.name) for division in divisions)
        return (*above, self.village) if self.village else tuple(above)


class _Reading(NamedTuple):
    """A way to read a whole name."""

    route: Route
    """Its divisions."""
    area: str
    """Code of the last one, or of the context."""
    match: Match | None
    """The village that the rest means, where it means one."""

    def rank(self, length: int) -> tuple[bool, int, int, float]:
        """The less the better: inside the context, near in name, read far, likely."""
        whole = self.route.end == length and not _DOUBTFUL.intersection(self.route.flags)
        likeness = 0 if whole else _RANK[self.match.likeness if self.match else None]
        outside = "outside_context" in self.route.flags
        return outside, likeness, -self.route.end, self.route.cost


def resolve(name: str, context: str = "", on: date | None = None) -> Place:
    """Resolve a printed name to a division from province to village.

    `context` is a path such as `四川省/绵阳市`, or a code, that names without their upper levels
    are read in; names that contradict it are still found. `on` is the day the name was printed:
    what stood in the list of that time comes first, but names of other years are found, too, since
    lists use stale names. Script, blanks and width do not matter. Never raises.

    >>> resolve("绵阳市三台县潼川镇草堂社区").code, resolve("潼川镇", "四川省/绵阳市").code
    ('510722101011', '510722101')
    >>> resolve("鼓楼区").status
    'ambiguous'
    """
    text = _SEPARATORS.sub("", to_simplified(fold_width(name[:MAX_NAME])))
    mask = snapshot_of(on)
    return _resolve(text, _context_code(context, mask), mask)


def context_code(context: str, on: date | None = None) -> str:
    """Code of a context path or code, the empty string when there is none or it is not known.

    >>> context_code("四川省/绵阳市"), context_code("5107"), context_code("")
    ('5107', '5107', '')
    """
    return _context_code(context, snapshot_of(on))


@lru_cache(maxsize=4096)
def _context_code(context: str, mask: int) -> str:
    path = _SEPARATORS.sub("", context[:MAX_NAME])
    if not path or load_gazetteer().get(path):
        return path
    return _resolve(path, "", mask).code or ""


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


@lru_cache(maxsize=16384)
def _resolve(text: str, area: str, mask: int) -> Place:
    readings = list(_readings(text, area, mask))
    if not readings:
        return Place("none", None, (), text)
    ranks = [reading.rank(len(text)) for reading in readings]
    best = [r for r, rank in zip(readings, ranks, strict=True) if rank == min(ranks)]
    codes = {code: reading for reading in best for code in _codes(reading)}
    first = best[0]
    rest = text[first.route.end :]
    if len(codes) > 1:
        return Place("ambiguous", None, first.route.steps, rest, tuple(sorted(codes)))
    return _settle(first, rest)


def _codes(reading: _Reading) -> tuple[str, ...]:
    if reading.match is None:
        return (reading.area,)
    return tuple(village.code for village in reading.match.villages)


def _settle(reading: _Reading, rest: str) -> Place:
    """Describe the one reading that is left."""
    route, match = reading.route, reading.match
    flags: tuple[PlaceFlag, ...] = route.flags
    if match is not None:
        # One code under several names: the last of them is its official one.
        village = max(match.villages, key=lambda village: village.seen)
        flags = flags if match.likeness == "exact" else (*flags, match.likeness)
        sure = match.likeness == "exact" and len(reading.area) >= _COUNTY_DIGITS
        sure = sure and "town_unknown" not in flags
        status: PlaceStatus = "ok" if sure else "approx"
        return Place(status, village.code, route.steps, rest, (), flags, village.name)
    if rest:
        flags = (*flags, "village_unknown")
    sure = not _DOUBTFUL.intersection(flags) and "type_differs" not in flags
    return Place("ok" if sure else "approx", reading.area, route.steps, rest, (), flags)


def _readings(text: str, area: str, mask: int) -> Iterator[_Reading]:
    """Ways to read a name, with the village that its rest means, as far as they can be the best."""
    routes = find_routes(text, area, mask)
    if area:
        routes.append(Route())
    routes.sort(key=_order)
    furthest = max((route.end for route in routes), default=0)
    left = _MOST_VILLAGE_SEARCHES
    settled = None
    for order, route in ((_order(route), route) for route in routes):
        if settled is not None and order != settled:
            return
        inside = route.code or area
        match = None
        if route.end < len(text) and left and len(inside) >= _PREFECTURE_DIGITS:
            left -= 1
            match = find_villages(text[route.end :], inside, _village_mask(route, mask))
        reading = _Reading(route, inside, match)
        if match or (route.steps and route.end == furthest):
            yield reading
            if reading.rank(len(text))[1] == 0:
                settled = order


def _order(route: Route) -> tuple[bool, int, float]:
    return "outside_context" in route.flags, -route.end, route.cost


def _village_mask(route: Route, mask: int) -> int:
    """Lists in which villages are sought: those of its division where the day's do not have it."""
    seen = route.steps[-1].division.seen if route.steps else mask
    return seen & mask or seen
