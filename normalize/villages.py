"""Villages and communities, the lowest level of the divisions, read as they are needed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from normalize.division_lists import LATEST, DivisionRow, read_villages

VillageKind = Literal["community", "village"]

_PREFECTURE_DIGITS = 4
_TOWN_DIGITS = 9
_AREAS_KEPT = 16
_TOWNS_KEPT = 512
_SHORTEST_CORE = 2
_COMMITTEES: Mapping[str, VillageKind] = {
    "社区居民委员会": "community",
    "社区村民委员会": "community",
    "社区居委会": "community",
    "社区村委会": "community",
    "居民委员会": "community",
    "村民委员会": "village",
    "居委会": "community",
    "村委会": "village",
    "社区": "community",
    "村": "village",
}
_VILLAGE_COMMITTEES = frozenset(("村民委员会", "村委会"))
_LENGTHS = (7, 5, 3, 2, 1)
"""Lengths of the words above, longest first."""
_PATH = re.compile("(?<=..)(?:[县旗镇乡]|街道)(?=..)")
_COMPANY = ("连队", "连生活区")
"""Companies of the Xinjiang corps are listed as 一连, 一连队 and 一连生活区 in turn."""


class Core(NamedTuple):
    """The name of a village without the words for what it is."""

    name: str
    """What tells it from others. Example: `草堂`"""
    kind: VillageKind | None
    """What it calls itself; None for a bare name."""


class Village(NamedTuple):
    """A village or community as the statistical office lists it."""

    code: str
    """Code of twelve digits. Example: `510722101011`"""
    name: str
    """Official name. Example: `草堂社区居民委员会`"""
    core: Core
    """Its name and kind."""
    seen: int
    """Bit i: it stands in snapshot i of `normalize.division_lists.SNAPSHOTS`. Example: `255`"""


Likeness = Literal["exact", "other_kind", "other_year", "similar"]
"""How near a listed name comes: the same; a village for a community or the other way round, or no
kind printed; in lists of other years only; one name with a piece more."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a name means below a division."""

    villages: tuple[Village, ...]
    """Villages that fit best; several when the name is open."""
    likeness: Likeness
    """How near their names come to the one that was sought."""


def read_core(name: str) -> Core:
    """Split a name of a village into what tells it from others and its kind.

    A name keeps at least two characters: 中村 is no 中.

    >>> read_core("草堂社区居民委员会"), read_core("张河村")
    (Core(name='草堂', kind='community'), Core(name='张河', kind='village'))
    >>> read_core("张河村村委会") == read_core("张河村委会"), read_core("中村")
    (True, Core(name='中村', kind='village'))
    """
    core, kind = _cut_committee(name)
    if name[len(core) :] in _VILLAGE_COMMITTEES and core.endswith("村"):
        core = core[:-1] if len(core) > _SHORTEST_CORE else core
    if core.endswith(_COMPANY):
        core = core[: core.rindex("连") + 1]
    return Core(core, kind)


def _cut_committee(name: str) -> tuple[str, VillageKind | None]:
    for length in _LENGTHS:
        kind = _COMMITTEES.get(name[-length:])
        if kind is not None:
            core = name[:-length]
            # 邵村民委员会 is that of 邵村.
            if len(core) < _SHORTEST_CORE and name[len(core) :] in _VILLAGE_COMMITTEES:
                core += "村"
            return (core if len(core) >= _SHORTEST_CORE else name), kind
    return name, None


def find_villages(name: str, area: str, mask: int = LATEST) -> Match | None:
    """Find the villages of an area that a name means; None when there is none.

    Takes the code of a town, county or prefecture and the bits of yearly lists. Names that are
    only similar count within a town alone.

    >>> match = find_villages("草堂社区", "510722101")
    >>> [village.code for village in match.villages], match.likeness
    (['510722101011'], 'exact')
    >>> find_villages("黉门社区", "510107005").likeness
    'similar'
    """
    if len(area) < _PREFECTURE_DIGITS or len(name) < _SHORTEST_CORE:
        return None
    core = read_core(name)
    is_town = len(area) >= _TOWN_DIGITS
    # A whole prefecture is searched for names of villages, not for paths that begin above them.
    if len(area) == _PREFECTURE_DIGITS and _PATH.search(core.name):
        return None
    rows = _load_town(area) if is_town else _load_area(area)
    found = tuple(v for v in _make_villages(rows, core.name) if v.core.name == core.name)
    for likeness, villages in _grade(found, core, mask):
        if villages:
            return Match(villages, likeness)
    similar = tuple(_find_similar(core.name, rows)) if is_town else ()
    standing = tuple(v for v in similar if v.seen & mask) or similar
    # Two names that are like it tell nothing.
    return Match(standing, "similar") if len({v.code for v in standing}) == 1 else None


def _grade(
    found: tuple[Village, ...], core: Core, mask: int
) -> Iterator[tuple[Likeness, tuple[Village, ...]]]:
    yield "exact", tuple(v for v in found if v.seen & mask and v.core.kind == core.kind)
    yield "other_kind", tuple(v for v in found if v.seen & mask)
    yield "other_year", tuple(v for v in found if v.core.kind == core.kind) or tuple(found)


def _find_similar(name: str, rows: Iterable[DivisionRow]) -> Iterator[Village]:
    """Villages whose names go on where the name ends, or the other way round."""
    for village in _make_villages(rows, name[:_SHORTEST_CORE]):
        core = village.core.name
        # 一 beside 一里 is two names, not one with a piece more.
        shortest = min(len(core), len(name))
        if shortest >= _SHORTEST_CORE and core[:shortest] == name[:shortest]:
            yield village


def _make_villages(rows: Iterable[DivisionRow], head: str) -> Iterator[Village]:
    """Villages whose names begin with a text."""
    for code, name, seen in rows:
        if name.startswith(head):
            yield Village(code, name, read_core(name), seen)


@lru_cache(maxsize=_TOWNS_KEPT)
def _load_town(town: str) -> list[DivisionRow]:
    return read_villages(town)


@lru_cache(maxsize=_AREAS_KEPT)
def _load_area(area: str) -> list[DivisionRow]:
    return read_villages(area)
