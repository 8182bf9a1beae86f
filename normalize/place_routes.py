"""The ways to read the start of a name as a path down the divisions, each with its cost."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from normalize.corps import XINJIANG, read_regiment
from normalize.division_lists import EARLIER
from normalize.gazetteer import Division, load_gazetteer, read_division_core

RouteFlag = Literal["zone", "type_differs", "town_unknown", "other_year", "outside_context"]

_LEVEL_OF_DIGITS = {0: 0, 2: 1, 4: 2, 6: 3, 9: 4}
_OUTSIDE_CONTEXT = 10.0
_SKIPPED_LEVEL = 1.0
_SHORT_FORM = 0.5
_OTHER_YEAR = 2.0
_YEAR_FURTHER = 0.1
_TYPE_DIFFERS = 3.0
_ZONE = 4.0
_TOWN_UNKNOWN = 5.0
_LONGER_ZONE_NAME = 0.5
_MOST_BRANCHES = 400
_COUNTY_DIGITS = 6
_ZONE_NAME = re.compile(
    "(?P<name>[^省市州盟县旗镇乡街道村社区]{0,6}?)(?:高新技术产业开发区|高新技术开发区|经济技术开发区"
    "|综合实验区|台商投资区|工业园区|产业园区|高新区|经开区|开发区|投资区|示范区|实验区|试验区|合作区"
    "|风景区|度假区|管理区|管委会|新区|园区)(?:管理委员会|管委会)?"
)
_VILLAGE_WORDS = ("社区", "村")
_TOWN_NAME = re.compile("(.{1,10}?)(?:街道办事处|街道|地区办事处|地区|民族乡|[镇乡]|苏木)")


@dataclass(frozen=True, slots=True)
class Step:
    """One division that a name spells out."""

    form: str
    """The division as printed. Example: `凉山州`"""
    division: Division
    """The division that is meant."""


@dataclass(frozen=True, slots=True)
class Route:
    """One way to read the start of a name."""

    steps: tuple[Step, ...] = ()
    """Divisions it spells out, outermost first."""
    end: int = 0
    """Where what is left begins, in code points."""
    cost: float = 0.0
    """The less the likelier."""
    flags: tuple[RouteFlag, ...] = ()
    """What is odd about it, in order of reading."""

    @property
    def code(self) -> str:
        """Code of the last division, the empty string before the first."""
        return self.steps[-1].division.code if self.steps else ""

    def note(self, cost: float, flag: RouteFlag) -> "Route":
        """Add what is odd and its cost."""
        return replace(self, cost=self.cost + cost, flags=(*self.flags, flag))


def find_routes(text: str, context: str, mask: int) -> list[Route]:
    """Find every way to read the start of a folded name as a path down the tree.

    `context` is the code of the area the name is printed in, `mask` the bits of the lists of the
    day. Paths go on over towns of another type and over zones; dates and contexts cost, they
    exclude nothing. Empty when the text begins with no division.

    >>> [route.code for route in find_routes("三台县潼川镇", "5107", 128)]
    ['510722', '510722101']
    """
    found: list[Route] = []
    open_routes = [Route()]
    while open_routes and len(found) < _MOST_BRANCHES:
        route = open_routes.pop()
        for longer in _continue(route, text, context, mask):
            open_routes.append(longer)
            if _may_end(longer, text):
                found.append(longer)
    return found


def _continue(route: Route, text: str, context: str, mask: int) -> Iterator[Route]:
    if route.end >= len(text):
        return
    known = False
    for form, division in load_gazetteer().forms_at(text, route.end):
        entry = _enter(route, Step(form, division), context, mask)
        if entry is not None:
            known = known or len(division.code) > _COUNTY_DIGITS
            yield entry
    yield from _regiments(route, text, context, mask)
    if not known:
        yield from _towns_of_other_type(route, text, context, mask)
    if route.steps and "zone" not in route.flags:
        zone = _ZONE_NAME.match(text, route.end)
        if zone:
            # A city in front of the zone is better read as a city.
            cost = _ZONE + _LONGER_ZONE_NAME * len(zone["name"])
            yield replace(route, end=zone.end()).note(cost, "zone")


def _enter(route: Route, step: Step, context: str, mask: int) -> Route | None:
    """Go on to a division, None when it does not lie below the last one."""
    above, code = route.code, step.division.code
    flags: tuple[RouteFlag, ...] = ()
    cost = _SHORT_FORM * (step.form != step.division.name)
    if above:
        if not code.startswith(above) or code == above:
            return None
    elif code.startswith(context):
        above = context if code != context else ""
    elif step.form.endswith(_VILLAGE_WORDS):
        # A dozen towns are named 社区; without anything around it, such a name is a village.
        return None
    elif not context.startswith(code):
        flags, cost = ("outside_context",), cost + _OUTSIDE_CONTEXT
    if not step.division.seen & mask:
        cost += _OTHER_YEAR + _YEAR_FURTHER * _lists_apart(step.division.seen, mask)
        flags = (*flags, "other_year")
    skipped = _LEVEL_OF_DIGITS[len(code)] - _LEVEL_OF_DIGITS[len(above)] - 1
    cost += _SKIPPED_LEVEL * max(0, skipped)
    end = route.end + len(step.form)
    return Route((*route.steps, step), end, route.cost + cost, route.flags + flags)


def _regiments(route: Route, text: str, context: str, mask: int) -> Iterator[Route]:
    """Regiments of the Xinjiang corps, printed by number."""
    if not (route.code or context or XINJIANG).startswith(XINJIANG):
        return
    read = read_regiment(text, route.end)
    if read is not None:
        end, regiments = read
        for regiment in regiments:
            entry = _enter(route, Step(text[route.end : end], regiment), context, mask)
            if entry is not None:
                yield entry


def _towns_of_other_type(route: Route, text: str, context: str, mask: int) -> Iterator[Route]:
    """Towns that are printed with a type that no list gives them, and towns that no list has."""
    county = route.code or context
    printed = _TOWN_NAME.match(text, route.end)
    if (
        printed is None
        or len(county) != _COUNTY_DIGITS
        or (route.steps and _is_cut(route.steps[-1]))
    ):
        return
    towns = _towns_by_core(county).get(read_division_core(printed.group()), ())
    for town in towns:
        entry = _enter(route, Step(printed.group(), town), context, mask)
        if entry is not None:
            yield entry.note(_TYPE_DIFFERS, "type_differs")
    if route.steps and not towns and "town_unknown" not in route.flags:
        yield replace(route, end=printed.end()).note(_TOWN_UNKNOWN, "town_unknown")


@lru_cache(maxsize=512)
def _towns_by_core(county: str) -> dict[str, tuple[Division, ...]]:
    found: defaultdict[str, list[Division]] = defaultdict(list)
    for division in load_gazetteer().within(county):
        if division.level == "town":
            found[read_division_core(division.name)].append(division)
    return {core: tuple(towns) for core, towns in found.items()}


def _lists_apart(seen: int, mask: int) -> int:
    """How many lists lie between those a division stands in and those of the day."""
    seen, mask = _in_order(seen), _in_order(mask)
    return next((n for n in range(12) if seen & (mask << n | mask >> n)), 12)


def _in_order(bits: int) -> int:
    """Bits in the order of time: what is older than all lists stands first."""
    earlier, lists = bool(bits & EARLIER), bits & ~EARLIER
    return lists << 1 | earlier


def _may_end(route: Route, text: str) -> bool:
    """A bare short form, such as 三台 in 三台社区, is no reading unless it is all there is."""
    return route.end == len(text) or not _is_cut(route.steps[-1])


def _is_cut(step: Step) -> bool:
    """Whether a step is a name without its type, such as 三台.

    玉林街道 is no cut of 玉林街道办事处: names of towns are never printed without their type.
    """
    name, level = step.division.name, step.division.level
    return level != "town" and step.form != name and name.startswith(step.form)
