"""Villages and communities, the lowest level of the divisions, read as they are needed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from normalize.gazetteer import LATEST, read_villages

VillageKind = Literal["community", "village"]

_PREFECTURE_DIGITS = 4
_COUNTY_DIGITS = 6
_TOWN_DIGITS = 9
_PREFECTURES_KEPT = 24
_SHORTEST_CORE = 2
_COMMITTEES: tuple[tuple[str, VillageKind], ...] = (
    ("社区居民委员会", "community"),
    ("社区居委会", "community"),
    ("居民委员会", "community"),
    ("村民委员会", "village"),
    ("居委会", "community"),
    ("村委会", "village"),
    ("社区", "community"),
    ("村", "village"),
)


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
    """Bit i: it stands in snapshot i of `normalize.gazetteer.SNAPSHOTS`. Example: `255`"""


@dataclass(frozen=True, slots=True)
class Match:
    """What a name means below a division."""

    villages: tuple[Village, ...]
    """Villages that fit best; several when the name is open."""
    exact: bool
    """Whether name and kind are those of the list."""


def read_core(name: str) -> Core:
    """Split a name of a village into what tells it from others and its kind.

    A name keeps at least two characters: 中村 is no 中.

    >>> read_core("草堂社区居民委员会"), read_core("张河村")
    (Core(name='草堂', kind='community'), Core(name='张河', kind='village'))
    >>> read_core("张河村村委会") == read_core("张河村委会"), read_core("中村")
    (True, Core(name='中村', kind='village'))
    """
    kind: VillageKind | None = None
    core = name
    for suffix, of_kind in _COMMITTEES:
        if core.endswith(suffix) and (kind is None or (suffix, kind) == ("村", "village")):
            kind = kind or of_kind
            if len(core) - len(suffix) >= _SHORTEST_CORE:
                core = core.removesuffix(suffix)
    return Core(core, kind)


def find_villages(name: str, area: str, snapshot: int = LATEST) -> Match | None:
    """Find the villages of an area that a name means; None when there is none.

    Takes the code of a town, county or prefecture and the bit of a yearly list. A name of the right
    kind in that list is exact; one of the other kind, without a kind, or from other years is not.

    >>> match = find_villages("草堂社区", "510722101")
    >>> [village.code for village in match.villages], match.exact
    (['510722101011'], True)
    """
    core = read_core(name)
    if len(area) < _PREFECTURE_DIGITS:
        return None
    found = [
        village
        for village in _load_prefecture(area[:_PREFECTURE_DIGITS]).get(core.name, ())
        if village.code.startswith(area)
    ]
    same = tuple(v for v in found if v.seen & snapshot and v.core.kind == core.kind)
    if same:
        return Match(same, exact=True)
    near = [v for v in found if v.seen & snapshot] or [v for v in found if v.core.kind == core.kind]
    return Match(tuple(near), exact=False) if near else None


@lru_cache(maxsize=_PREFECTURES_KEPT)
def _load_prefecture(prefecture: str) -> Mapping[str, tuple[Village, ...]]:
    """Villages of a prefecture by the core of their names."""
    return _index(read_villages(prefecture))


def _index(rows: Iterable[tuple[str, str, int]]) -> Mapping[str, tuple[Village, ...]]:
    found: defaultdict[str, list[Village]] = defaultdict(list)
    for code, name, seen in rows:
        core = read_core(name)
        found[core.name].append(Village(code, name, core, seen))
    return {core: tuple(villages) for core, villages in found.items()}
