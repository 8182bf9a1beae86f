"""What happened to matched units: kinds of change, and changes as they are told."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal, NamedTuple, get_args

from datasets.listed_units import ListedUnit, names_agree
from datasets.programme_terms import Rank
from datasets.schema import SEPARATOR
from datasets.unit_succession import UnitMatch

ChangeKind = Literal[
    "added",
    "dropped",
    "absent",
    "status_changed",
    "moved_category",
    "renamed",
    "merged",
    "split",
    "level_shift",
    "suspected",
    "kept",
]

CHANGE_KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)
"""Kinds of change in the order in which they are told."""

UNTOLD: tuple[ChangeKind, ...] = ("kept", "absent")
"""Kinds that are counted, not listed, and make no difference."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the two lists are, as far as it decides what a change means."""

    cumulative: bool = False
    """Whether the honour lasts."""
    stages: bool = False
    """Whether the two are the proposed and the decided list of one batch."""
    ranks: tuple[Rank, Rank] | None = None
    """What units of either list are, where that differs. Example: `("pilot", "demonstration")`"""


class UnitChange(NamedTuple):  # a comparison makes one per row: dataclasses take thrice as long
    """One unit of either list, or the units of both that belong together, and what happened.

    Where several units of a list belong together, a value holds all of theirs, joined with ` / `.
    """

    change: ChangeKind
    """Kind of change, the most telling one. Example: `merged`"""
    also: str
    """Other kinds that hold as well. Example: `moved_category`"""
    name_a: str | None
    """Name in the first list."""
    name_b: str | None
    """Name in the second list."""
    place_code_a: str | None
    """Division code in the first list. Example: `330104 / 330102`"""
    place_code_b: str | None
    """Division code in the second list."""
    city: str | None
    """Prefecture, of the second list where both have the unit."""
    county: str | None
    """County, likewise."""
    kind: str
    """Kind of unit, likewise. Example: `community`"""
    category_a: str | None
    """Category path in the first list."""
    category_b: str | None
    """Category path in the second list."""
    status_a: str | None
    """Status in the first list; pilot or demonstration where the programmes differ in that."""
    status_b: str | None
    """Status in the second list."""
    matched_by: str | None
    """What it rests on: place_code, name, name_without_city, similar_name or prefix."""
    similarity: float | None
    """Likeness of the names of a pair, 0 to 1."""
    unit_id_a: str | None
    """Rows of the first list."""
    unit_id_b: str | None
    """Rows of the second list."""


def describe_match(match: UnitMatch, terms: Terms) -> UnitChange:
    """Tell a match as a change.

    >>> describe_match.__annotations__["return"] == UnitChange
    True
    """
    unit = (match.b or match.a)[0]
    main, *also = find_kinds(match, terms)
    a, b = _describe_side(match.a), _describe_side(match.b)
    rank_a, rank_b = terms.ranks or (None, None)
    return UnitChange(
        change=main,
        also=SEPARATOR.join(also),
        name_a=a.name,
        name_b=b.name,
        place_code_a=a.code,
        place_code_b=b.code,
        city=unit.label("city") or None,
        county=unit.label("county") or None,
        kind=unit.kind,
        category_a=a.category,
        category_b=b.category,
        status_a=(a.status and rank_a) or a.status,
        status_b=(b.status and rank_b) or b.status,
        matched_by=match.matched_by,
        similarity=match.similarity if match.matched_by else None,
        unit_id_a=a.unit_id,
        unit_id_b=b.unit_id,
    )


class _Side(NamedTuple):
    """What is told of the units of one list."""

    name: str | None
    code: str | None
    category: str | None
    status: str | None
    unit_id: str | None


_NOBODY = _Side(None, None, None, None, None)


def _describe_side(units: Sequence[ListedUnit]) -> _Side:
    if not units:
        return _NOBODY
    if len(units) == 1:
        (unit,) = units
        return _Side(unit.name, unit.code, unit.category, unit.status, unit.unit_id)
    return _Side(
        _join(unit.name for unit in units),
        _join(unit.code or "" for unit in units),
        _join(dict.fromkeys(unit.category for unit in units)),
        _join(dict.fromkeys(unit.status for unit in units)),
        _join(unit.unit_id for unit in units),
    )


def _join(values: Iterable[str]) -> str | None:
    told = list(values)
    return SEPARATOR.join(told) if any(told) else None


def find_kinds(match: UnitMatch, terms: Terms) -> list[ChangeKind]:
    """Find the kinds of change that hold of a match, the most telling one first.

    >>> find_kinds(UnitMatch((), ()), Terms())
    ['added']
    """
    a, b = match.a, match.b
    if not a:
        return ["added"]
    if not b:
        return ["absent" if terms.cumulative else "dropped"]
    has_new_status = terms.ranks is not None or _differ(match, _read_status)
    kinds: list[ChangeKind] = []
    if match.matched_by == "similar_name" or match.relation == "unsure":
        kinds.append("suspected")
    if match.matched_by == "prefix":
        kinds.append("level_shift")
    if match.relation == "merged" or match.relation == "split":  # noqa: PLR1714 - narrows the type
        kinds.append(match.relation)
    if has_new_status and not terms.stages:
        kinds.append("status_changed")
    if _is_renamed(match):
        kinds.append("renamed")
    if _differ(match, _read_category):
        kinds.append("moved_category")
    # Between the stages of a batch every status changes: whatever else changed says more.
    if has_new_status and terms.stages:
        kinds.append("status_changed")
    return kinds or ["kept"]


_read_status = attrgetter("status")
_read_category = attrgetter("category")


def _differ(match: UnitMatch, read: Callable[[ListedUnit], str]) -> bool:
    if len(match.a) == len(match.b) == 1:
        return read(match.a[0]) != read(match.b[0])
    return set(map(read, match.a)) != set(map(read, match.b))


def _is_renamed(match: UnitMatch) -> bool:
    by_place = match.matched_by == "place_code" and match.relation == "same"
    return by_place and not names_agree(match.a[0], match.b[0])


def change_order(change: UnitChange) -> tuple[int, str, str, str]:
    """Order changes by kind, city, county and name.

    >>> change_order.__name__
    'change_order'
    """
    name = change.name_b or change.name_a or ""
    return CHANGE_KINDS.index(change.change), change.city or "", change.county or "", name
