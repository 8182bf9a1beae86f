"""Pairing units by their places: equal codes, then codes through renames, mergers and splits."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

from datasets.listed_units import ListedUnit
from normalize.division_lists import SNAPSHOTS
from normalize.succession import as_of, ever_changed

MatchedBy = Literal["place_code", "name", "name_without_city", "similar_name", "prefix"]
Relation = Literal["same", "merged", "split", "unsure"]

_TOWN_DIGITS = 9


class UnitMatch(NamedTuple):  # a comparison makes one per row: dataclasses take thrice as long
    """Units of the first list and those of the second that they are, or may be."""

    a: tuple[ListedUnit, ...]
    """Units of the first list; empty when the second list has its unit alone."""
    b: tuple[ListedUnit, ...]
    """Units of the second list; empty when the first list has its unit alone."""
    matched_by: MatchedBy | None = None
    """What it rests on; None when there is no partner."""
    similarity: float = 1.0
    """Likeness of the names, 0 to 1; below 1 only for similar names."""
    relation: Relation = "same"
    """same: one place; merged: the second place is more than the first; split: the first is more
    than the second; unsure: they share ground."""

    def mirror(self) -> "UnitMatch":
        """Swap the two lists."""
        relations: dict[Relation, Relation] = {"merged": "split", "split": "merged"}
        turned = relations.get(self.relation, self.relation)
        return self._replace(a=self.b, b=self.a, relation=turned)


def read_place_key(unit: ListedUnit) -> Hashable | None:
    """Give what two rows of one place share, None without a sure code.

    >>> from datasets.listed_units import READ, read_units
    >>> read_place_key(read_units({name: [None] for name in READ})[0]) is None
    True
    """
    return _key(unit, unit.place_code) if unit.place_code else None


def _key(unit: ListedUnit, code: str) -> Hashable:
    # Codes end at the village: natural villages and organisations share the code around them.
    return code, unit.label("sub"), unit.label("unit_org")


@lru_cache(maxsize=65536)
def codes_on(code: str, on: date | None) -> tuple[str, ...]:
    """Codes of a division on a day, of the latest list without one; the code itself if unknown.

    >>> codes_on("350427", date(2022, 12, 31)), codes_on("510722101011", date(2022, 12, 31))
    (('350405',), ('510722101011',))
    """
    day = on or SNAPSHOTS[-1]
    if len(code) > _TOWN_DIGITS:
        # Villages keep their code as long as their town does; looking each one up costs a lot.
        town = code[:_TOWN_DIGITS]
        if codes_on(town, day) == (town,):
            return (code,)
    elif not ever_changed(code):
        return (code,)
    return as_of(code, day) or (code,)


def match_places(
    matches: Sequence[UnitMatch],
    left: tuple[Sequence[ListedUnit], Sequence[ListedUnit]],
    days: tuple[date | None, date | None],
) -> list[UnitMatch]:
    """Match units left over to the units their places became, or were, between two days.

    Takes the pairs of equal codes, which a merger may widen, the units without a partner, and the
    days of the two lists. Gives all pairs, widened or not, and the new matches; each unit of
    either list is in one of them at most.

    >>> match_places([], ((), ()), (None, None))
    []
    """
    graph = _Graph(matches, left, days)
    found = list(graph.untouched)
    for component in graph.iter_components():
        found += _settle(component, days)
    return found


@dataclass(frozen=True, slots=True)
class _Component:
    """Units that are linked with one another."""

    pairs: list[UnitMatch]
    """Pairs of equal code among them."""
    a: list[ListedUnit]
    """Units of the first list without such a pair."""
    b: list[ListedUnit]
    """Units of the second list without one."""


class _Graph:
    """Units as nodes, joined where the place of one became the place of the other."""

    def __init__(
        self,
        matches: Sequence[UnitMatch],
        left: tuple[Sequence[ListedUnit], Sequence[ListedUnit]],
        days: tuple[date | None, date | None],
    ) -> None:
        self.left = left
        self.root: dict[ListedUnit, ListedUnit] = {}
        side_a = [*left[0], *(unit for pair in matches for unit in pair.a)]
        side_b = [*left[1], *(unit for pair in matches for unit in pair.b)]
        self._link(left[0], side_b, days[1])
        self._link(left[1], side_a, days[0])
        touched = set(self.root) | set(self.root.values())
        self.pairs = [pair for pair in matches if touched & {pair.a[0], pair.b[0]}]
        self.untouched = [pair for pair in matches if not touched & {pair.a[0], pair.b[0]}]
        for pair in self.pairs:
            self._join(pair.a[0], pair.b[0])

    def _link(
        self, units: Iterable[ListedUnit], others: Sequence[ListedUnit], on: date | None
    ) -> None:
        wanted: dict[str, list[ListedUnit]] = {}
        for unit in units:
            for code in codes_on(unit.place_code, on) if unit.place_code else ():
                # Two rows of one code are one place under two categories, no merger.
                if code != unit.place_code:
                    wanted.setdefault(code, []).append(unit)
        by_place: dict[Hashable, list[ListedUnit]] = {}
        for other in others:
            if other.place_code in wanted:
                by_place.setdefault(_key(other, other.place_code), []).append(other)
        for code, some in wanted.items():
            for unit in some:
                there = by_place.get(_key(unit, code), ())
                same = [other for other in there if other.category == unit.category]
                for other in same or there:
                    self._join(unit, other)

    def _join(self, unit: ListedUnit, other: ListedUnit) -> None:
        self.root[self._find(unit)] = self._find(other)

    def _find(self, unit: ListedUnit) -> ListedUnit:
        while (above := self.root.get(unit, unit)) is not unit:
            self.root[unit] = unit = self.root.get(above, above)
        return unit

    def iter_components(self) -> Iterator[_Component]:
        """Walk over the linked units; units without any link are left out."""
        found: dict[ListedUnit, _Component] = {}
        for pair in self.pairs:
            root = self._find(pair.a[0])
            found.setdefault(root, _Component([], [], [])).pairs.append(pair)
        for side, units in enumerate(self.left):
            for unit in units:
                component = found.setdefault(self._find(unit), _Component([], [], []))
                (component.b if side else component.a).append(unit)
        for component in found.values():
            if component.pairs or (component.a and component.b):
                yield component


def _settle(component: _Component, days: tuple[date | None, date | None]) -> Iterator[UnitMatch]:
    """Tell a component as one match where it is one, else as its pairs and what is left of it."""
    a = [*(unit for pair in component.pairs for unit in pair.a), *component.a]
    b = [*(unit for pair in component.pairs for unit in pair.b), *component.b]
    if not component.a and not component.b:
        yield from component.pairs
    elif len(a) == 1 and len(b) == 1:
        yield UnitMatch((a[0],), (b[0],), "place_code", relation=_relate(a[0], b[0], days))
    elif len(b) == 1:
        yield UnitMatch(tuple(a), (b[0],), "place_code", relation="merged")
    elif len(a) == 1:
        yield UnitMatch((a[0],), tuple(b), "place_code", relation="split")
    else:
        yield from _settle_many(component, days)


def _settle_many(
    component: _Component, days: tuple[date | None, date | None]
) -> Iterator[UnitMatch]:
    """Many to many: equal codes stay pairs, the rest is looked at without them."""
    if component.pairs:
        yield from component.pairs
        for rest in _Graph([], (component.a, component.b), days).iter_components():
            yield from _settle(rest, days)
        return
    left = dict.fromkeys(component.b)
    for unit in component.a:
        plain = (other for other in left if _is_plain(unit, other, days))
        if (other := next(plain, None)) is not None:
            del left[other]
            yield UnitMatch((unit,), (other,), "place_code")


def _is_plain(unit: ListedUnit, other: ListedUnit, days: tuple[date | None, date | None]) -> bool:
    return unit.category == other.category and _relate(unit, other, days) == "same"


def _relate(unit: ListedUnit, other: ListedUnit, days: tuple[date | None, date | None]) -> Relation:
    assert unit.place_code
    assert other.place_code
    becomes = codes_on(unit.place_code, days[1]) == (other.place_code,)
    was = codes_on(other.place_code, days[0]) == (unit.place_code,)
    if becomes and was:
        return "same"
    if days[0] == days[1] and (becomes or was):
        return "same"  # two spellings of one time: nothing has grown or shrunk in between
    if becomes:
        return "merged"
    return "split" if was else "unsure"
