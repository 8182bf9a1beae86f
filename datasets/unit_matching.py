"""Matching the units of two lists: by place, by name, by likeness, by level."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from datasets.listed_units import ListedUnit, cities_agree, fold_name
from datasets.unit_likeness import match_alike
from datasets.unit_succession import MatchedBy, UnitMatch, match_places, read_place_key


@dataclass(frozen=True, slots=True)
class MatchOptions:
    """How units are matched."""

    similarity: float = 0.75
    """How alike two names must be to suspect a rename, 0 to 1."""
    days: tuple[date | None, date | None] = (None, None)
    """Day each list stands for, on which its places are looked up; None when not known."""


@dataclass(frozen=True, slots=True)
class Matching:
    """Every unit of either list in one match, alone or with others."""

    matches: tuple[UnitMatch, ...]
    """The matches, units without a partner included."""
    unsearched: int
    """Units left alone in places too large to compare all names with all."""


def match_units(
    units_a: Sequence[ListedUnit], units_b: Sequence[ListedUnit], options: MatchOptions
) -> Matching:
    """Match the units of two lists; each unit of either list is in exactly one match.

    By place code, also through renames, mergers and splits; then by full name, then by the name
    without its city where one list leaves the city out, then by likeness within a city. What is
    left is matched by level, where one list names a county and the other its streets, or stays
    alone. Which list comes first makes no difference.

    >>> match_units([], [], MatchOptions())
    Matching(matches=(), unsearched=0)
    """
    if _is_behind(units_a, units_b):
        # Ties are broken in the order of the first list: so it must be the same one both ways.
        days = options.days[1], options.days[0]
        turned = _match(units_b, units_a, MatchOptions(options.similarity, days))
        return Matching(tuple(match.mirror() for match in turned.matches), turned.unsearched)
    return _match(units_a, units_b, options)


def _is_behind(units_a: Sequence[ListedUnit], units_b: Sequence[ListedUnit]) -> bool:
    names_a, names_b = (sorted(unit.name for unit in units) for units in (units_a, units_b))
    if names_a != names_b:
        return names_b < names_a
    return sorted(unit.content for unit in units_b) < sorted(unit.content for unit in units_a)


def _match(
    units_a: Sequence[ListedUnit], units_b: Sequence[ListedUnit], options: MatchOptions
) -> Matching:
    left = _Left(list(units_a), list(units_b))
    pairs = left.take(_pair_by_key(left, read_place_key, "place_code"))
    matches = left.take(match_places(pairs, (left.a, left.b), options.days))
    matches += left.take(_pair_by_key(left, _read_name_key, "name"))
    matches += left.take(_pair_by_key(left, lambda unit: fold_name(unit.name), "name"))
    matches += left.take(_pair_without_city(left))
    alike = match_alike(left.a, left.b, options.similarity)
    matches += left.take(alike.matches)
    matches += left.take(_match_levels(left.a, left.b))
    turned = _match_levels(left.b, left.a)
    matches += left.take([match.mirror() for match in turned])
    matches += [UnitMatch((unit,), ()) for unit in left.a]
    matches += [UnitMatch((), (unit,)) for unit in left.b]
    return Matching(tuple(matches), alike.unsearched)


@dataclass(slots=True)
class _Left:
    """Units of both lists that have no partner yet."""

    a: list[ListedUnit]
    b: list[ListedUnit]

    def take(self, matches: Iterable[UnitMatch]) -> list[UnitMatch]:
        matches = list(matches)
        taken = {unit for match in matches for unit in (*match.a, *match.b)}
        self.a = [unit for unit in self.a if unit not in taken]
        self.b = [unit for unit in self.b if unit not in taken]
        return matches


_READ_CONTENT: tuple[Callable[[ListedUnit], Hashable], ...] = (
    lambda unit: (unit.name, unit.category, unit.status),
    lambda unit: (unit.category, unit.status),
    lambda unit: unit.category,
    lambda unit: unit.status,
    lambda _: None,
)
"""A unit under two categories is two rows: rows that are alike meet first."""


def _pair_by_key(
    left: _Left, read_key: Callable[[ListedUnit], Hashable | None], matched_by: MatchedBy
) -> Iterator[UnitMatch]:
    groups: dict[Hashable, tuple[list[ListedUnit], list[ListedUnit]]] = {}
    for unit in left.a:
        if (key := read_key(unit)) is not None:
            groups.setdefault(key, ([], []))[0].append(unit)
    for unit in left.b:
        if (key := read_key(unit)) in groups:
            groups[key][1].append(unit)
    for units_a, units_b in groups.values():
        if len(units_a) == len(units_b) == 1:
            yield UnitMatch((units_a[0],), (units_b[0],), matched_by)
        elif units_b:
            yield from _pair_group(units_a, units_b, matched_by)


def _pair_group(
    units_a: list[ListedUnit], units_b: list[ListedUnit], matched_by: MatchedBy
) -> Iterator[UnitMatch]:
    """Pair the rows of one key, those that are alike first."""
    for read_content in _READ_CONTENT:
        contents: dict[Hashable, list[ListedUnit]] = {}
        for unit in reversed(units_b):
            contents.setdefault(read_content(unit), []).append(unit)
        met: set[ListedUnit] = set()
        for unit in units_a:
            if group := contents.get(read_content(unit)):
                other = group.pop()
                met |= {unit, other}
                yield UnitMatch((unit,), (other,), matched_by)
        units_a, units_b = (
            [unit for unit in side if unit not in met] for side in (units_a, units_b)
        )


def _read_name_key(unit: ListedUnit) -> Hashable | None:
    # A city tells its province; without one the same county's name stands in several.
    key = unit.levels[1:] if unit.label("city") else unit.levels
    return key if any(key[1:]) or unit.label("city") else None


def _pair_without_city(left: _Left) -> Iterator[UnitMatch]:
    """Pair names of which one leaves its city out, where only one city can be meant."""
    if all(unit.label("city") for unit in (*left.a, *left.b)):
        return
    cities: dict[Hashable, set[tuple[str, str]]] = {}
    for unit in (*left.a, *left.b):
        if unit.label("city"):
            cities.setdefault(unit.tail, set()).add((unit.label("province"), unit.label("city")))

    def read_key(unit: ListedUnit) -> Hashable | None:
        return unit.tail if len(cities.get(unit.tail, ())) == 1 else None

    bare_a, whole_a, bare_b, whole_b = (
        [unit for unit in side if bool(unit.label("city")) == whole]
        for side in (left.a, left.b)
        for whole in (False, True)
    )
    for sides in (_Left(bare_a, whole_b), _Left(whole_a, bare_b)):
        for match in _pair_by_key(sides, read_key, "name_without_city"):
            if len({match.a[0].label("province"), match.b[0].label("province")} - {""}) <= 1:
                yield match


def _match_levels(
    shallow_units: Sequence[ListedUnit], deep_units: Sequence[ListedUnit]
) -> list[UnitMatch]:
    """Match each unit to those of the other list that lie in it, from the county down."""
    by_tail: dict[tuple[str, ...], ListedUnit] = {}
    for unit in shallow_units:
        if unit.label("county"):
            by_tail.setdefault(unit.tail, unit)
    lengths = sorted({len(tail) for tail in by_tail}, reverse=True)
    inside: dict[ListedUnit, list[ListedUnit]] = {}
    for unit in deep_units:
        # An organisation in a county is not the county listed one level down.
        if unit.label("unit_org") or not unit.label("county"):
            continue
        tail = unit.tail
        prefixes = (tail[:length] for length in lengths if length < len(tail))
        ancestor = next((by_tail[prefix] for prefix in prefixes if prefix in by_tail), None)
        if ancestor and cities_agree(unit, ancestor):
            inside.setdefault(ancestor, []).append(unit)
    return [UnitMatch((unit,), tuple(deep), "prefix") for unit, deep in inside.items()]
