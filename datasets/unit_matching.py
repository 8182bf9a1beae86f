"""Pairing the units of two lists: by place code, by name, by likeness, by level."""

import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

import pandas as pd

from datasets.batches import read_rows

MatchedBy = Literal["place_code", "name", "name_without_city", "similar_name", "prefix"]

LEVELS = ("province", "city", "county", "town", "village", "sub", "unit_org")
"""Columns of a unit's name by level, outermost first."""

_COUNTY = LEVELS.index("county")
_CODE_DIGITS = {"city": 4, "county": 6, "town": 9, "village": 12}
_MOVED_TOWN = 0.9
"""What the likeness is multiplied by when the town differs: a merger is less likely than a typo."""

_NOT_A_LETTER = re.compile(r"[\W_]+")
_TYPE_SUFFIX = re.compile(
    r"(?<=.)(?:街道办事处|街道|社区居民委员会|社区居委会|社区|居委会|村民委员会|村委会"
    r"|民族乡|自治县|新区|镇|乡|村|县|区|市)$"
)


@dataclass(frozen=True, slots=True)
class ListedUnit:
    """One row of `units`, as far as comparing lists needs it."""

    unit_id: str
    """Row id."""
    doc_id: str
    """Document the row comes from."""
    name: str
    """Name from the city down. Example: `绵阳市三台县潼川镇`"""
    levels: tuple[str, ...]
    """The name by the levels of `LEVELS`, folded, empty where a level is missing."""
    kind: str
    """Kind of unit. Example: `town`"""
    category: str
    """Category path, or the empty string. Example: `承担试点工作任务的社区 / 便民服务型`"""
    status: str
    """What the unit has become. Example: `selected`"""
    place_code: str | None
    """Division code, only where the gazetteer is sure and the code is as deep as the name."""

    @property
    def tail(self) -> tuple[str, ...]:
        """The levels from the county down that are there."""
        return tuple(level for level in self.levels[_COUNTY:] if level)

    def label(self, level: str) -> str:
        """Name of one level, or the empty string."""
        return self.levels[LEVELS.index(level)]


@dataclass(frozen=True, slots=True)
class UnitPair:
    """A unit of the first list and the unit of the second that it is, or may be."""

    a: ListedUnit | None
    """Unit of the first list; None when the second list has it alone."""
    b: ListedUnit | None
    """Unit of the second list; None when the first list has it alone."""
    matched_by: MatchedBy | None = None
    """What the pair rests on; None when there is no partner."""
    similarity: float = 1.0
    """Likeness of the names, 0 to 1; below 1 only for similar names."""


def read_units(units: pd.DataFrame) -> list[ListedUnit]:
    """Read rows of the table `units` for comparison, in reading order.

    >>> read_units(pd.DataFrame(columns=["unit_id"]))
    []
    """
    rows = read_rows(units)
    rows.sort(key=lambda row: (row["doc_id"], row["order"] or 0))
    return [
        ListedUnit(
            unit_id=row["unit_id"],
            doc_id=row["doc_id"],
            name=row["name_full"],
            levels=(levels := tuple(fold_name(row[level] or "") for level in LEVELS)),
            kind=row["kind"],
            category=row["category_path"] or "",
            status=row["status"],
            place_code=_trust_code(row["place_code"], row["place_status"], levels),
        )
        for row in rows
    ]


def fold_name(name: str) -> str:
    """Fold a name to what two spellings of it share: widths, spaces and punctuation go.

    >>> fold_name("绵阳市 三台县(潼川镇)")
    '绵阳市三台县潼川镇'
    """
    return _NOT_A_LETTER.sub("", unicodedata.normalize("NFKC", name))


def _trust_code(code: str | None, status: str | None, levels: Sequence[str]) -> str | None:
    # A county's code on a community's row would pair all communities of the county.
    depth = [level for level in _CODE_DIGITS if levels[LEVELS.index(level)]]
    if status != "ok" or code is None or not depth or len(code) < _CODE_DIGITS[depth[-1]]:
        return None
    return code


def match_units(
    units_a: Sequence[ListedUnit], units_b: Sequence[ListedUnit], similarity: float
) -> list[UnitPair]:
    """Pair the units of two lists; every unit of either list is in at least one pair.

    Pairs one to one by place code, then by full name, then by the name without its city where one
    list leaves the city out, then by names at least ``similarity`` (0 to 1) alike within one
    county. What is left is paired by level, where one list names a county and the other its
    streets (one to many), or stays alone.

    >>> match_units([], [], 0.75)
    []
    """
    left_a, left_b = list(units_a), list(units_b)
    pairs: list[UnitPair] = []
    passes: tuple[tuple[MatchedBy, Callable[[ListedUnit], Hashable | None]], ...] = (
        ("place_code", _key_by_code),
        ("name", lambda unit: fold_name(unit.name)),
    )
    for matched_by, key in passes:
        pairs += _take(_pair_by_key(left_a, left_b, key, matched_by), left_a, left_b)
    pairs += _take(_pair_without_city(left_a, left_b), left_a, left_b)
    pairs += _take(_pair_similar(left_a, left_b, similarity), left_a, left_b)
    pairs += _take(list(_pair_levels(left_a, left_b)), left_a, left_b)
    pairs += [UnitPair(unit, None) for unit in left_a]
    pairs += [UnitPair(None, unit) for unit in left_b]
    return pairs


def _take(
    pairs: list[UnitPair], left_a: list[ListedUnit], left_b: list[ListedUnit]
) -> list[UnitPair]:
    taken_a = {id(pair.a) for pair in pairs}
    taken_b = {id(pair.b) for pair in pairs}
    left_a[:] = [unit for unit in left_a if id(unit) not in taken_a]
    left_b[:] = [unit for unit in left_b if id(unit) not in taken_b]
    return pairs


def _key_by_code(unit: ListedUnit) -> Hashable | None:
    # Codes end at the village: natural villages and organisations share the code around them.
    return unit.place_code and (unit.place_code, unit.label("sub"), unit.label("unit_org"))


def _pair_by_key(
    units_a: Iterable[ListedUnit],
    units_b: Iterable[ListedUnit],
    key: Callable[[ListedUnit], Hashable | None],
    matched_by: MatchedBy,
) -> list[UnitPair]:
    groups: dict[Hashable, list[ListedUnit]] = {}
    for unit in units_b:
        if (group := key(unit)) is not None:
            groups.setdefault(group, []).append(unit)
    waiting: list[ListedUnit] = []
    pairs: list[UnitPair] = []
    # A unit under two categories is two rows: rows of one category meet first.
    for unit in units_a:
        group_b = groups.get(key(unit), [])
        same = next((other for other in group_b if other.category == unit.category), None)
        if same is None:
            waiting.append(unit)
            continue
        group_b.remove(same)
        pairs.append(UnitPair(unit, same, matched_by))
    for unit in waiting:
        if group_b := groups.get(key(unit), []):
            pairs.append(UnitPair(unit, group_b.pop(0), matched_by))
    return pairs


def _pair_without_city(
    units_a: Sequence[ListedUnit], units_b: Sequence[ListedUnit]
) -> list[UnitPair]:
    def key(unit: ListedUnit) -> Hashable | None:
        return unit.tail or None

    pairs = _pair_by_key(units_a, units_b, key, "name_without_city")
    return [
        pair
        for pair in pairs
        if pair.a and pair.b and not (pair.a.label("city") and pair.b.label("city"))
    ]


def _pair_similar(
    units_a: Sequence[ListedUnit], units_b: Sequence[ListedUnit], similarity: float
) -> list[UnitPair]:
    near: dict[Hashable, list[ListedUnit]] = {}
    for unit in units_b:
        near.setdefault(_neighbourhood(unit), []).append(unit)
    candidates = [
        (score, index, other_index, unit, other)
        for index, unit in enumerate(units_a)
        for other_index, other in enumerate(near.get(_neighbourhood(unit), []))
        if (score := _compare_names(unit, other)) >= similarity
    ]
    pairs: list[UnitPair] = []
    taken: set[int] = set()
    for score, _, _, unit, other in sorted(candidates, key=lambda item: (-item[0], *item[1:3])):
        if not taken & {id(unit), id(other)}:
            taken |= {id(unit), id(other)}
            pairs.append(UnitPair(unit, other, "similar_name", round(score, 3)))
    return pairs


def _neighbourhood(unit: ListedUnit) -> Hashable:
    """Where a rename is looked for: the county, or the city for a county itself, at one depth."""
    depth = max((index for index, level in enumerate(unit.levels) if level), default=0)
    return depth, unit.levels[:_COUNTY] if depth == _COUNTY else unit.levels[: _COUNTY + 1]


def _compare_names(unit: ListedUnit, other: ListedUnit) -> float:
    if not unit.tail or not other.tail:
        return 0.0
    core, other_core = (_TYPE_SUFFIX.sub("", part.tail[-1]) for part in (unit, other))
    score = SequenceMatcher(None, core, other_core, autojunk=False).ratio()
    town, other_town = (_TYPE_SUFFIX.sub("", part.label("town")) for part in (unit, other))
    if len(unit.tail) <= 2 or town == other_town:
        return score
    # Another town and another name are two units, however alike.
    return _MOVED_TOWN if core == other_core else 0.0


def _pair_levels(
    units_a: Sequence[ListedUnit], units_b: Sequence[ListedUnit]
) -> Iterator[UnitPair]:
    for deep, shallow in _find_ancestors(units_b, units_a):
        yield UnitPair(shallow, deep, "prefix")
    for deep, shallow in _find_ancestors(units_a, units_b):
        yield UnitPair(deep, shallow, "prefix")


def _find_ancestors(
    deep_units: Sequence[ListedUnit], shallow_units: Sequence[ListedUnit]
) -> Iterator[tuple[ListedUnit, ListedUnit]]:
    by_tail: dict[tuple[str, ...], ListedUnit] = {}
    for unit in shallow_units:
        if unit.label("county"):
            by_tail.setdefault(unit.tail, unit)
    for unit in deep_units:
        # An organisation in a county is not the county listed one level down.
        if unit.label("unit_org") or not unit.label("county"):
            continue
        prefixes = (unit.tail[:length] for length in range(len(unit.tail) - 1, 0, -1))
        ancestor = next((by_tail[prefix] for prefix in prefixes if prefix in by_tail), None)
        if ancestor and _cities_agree(unit, ancestor):
            yield unit, ancestor


def _cities_agree(unit: ListedUnit, other: ListedUnit) -> bool:
    cities = {unit.label("city"), other.label("city")} - {""}
    return len(cities) <= 1
