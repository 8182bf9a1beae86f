"""Divisions in all yearly lists: what a code was called, when, and where it lay."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from normalize.division_lists import (
    EARLIER,
    LATER,
    LATEST,
    SNAPSHOTS,
    DivisionRow,
    read_changes,
    read_divisions,
    read_earlier,
    read_villages,
)
from normalize.gazetteer import PSEUDO_LEVELS

Level = Literal["province", "city", "county", "town", "village"]

LEVELS: Mapping[int, Level] = {2: "province", 4: "city", 6: "county", 9: "town", 12: "village"}
"""Level of a code by its number of digits."""

PATH_SEPARATOR = "/"
"""What stands between the names of a path."""

AFTER_ALL = date(9000, 1, 1)
"""A day after all lists and documents."""

_VILLAGE_DIGITS = 12
_DIGITS_ABOVE = {2: 0, 4: 2, 6: 4, 9: 6, 12: 9}
_COUNTY_DIGITS = 6
_PREFECTURE_DIGITS = 4
_PREFECTURES_KEPT = 24
_LIST_BITS = (1 << len(SNAPSHOTS)) - 1


class Ancestor(NamedTuple):
    """One division of a path."""

    level: Level
    """Level in the tree."""
    code: str
    """Code of the division. Example: `510722101`"""
    name: str
    """Official name at the time. Example: `潼川镇`"""


class Days(NamedTuple):
    """From when to when a name stood."""

    first: date | None
    """First day that is known, None when only the end is."""
    last: date | None
    """Last day that is known, None when it still stands."""


def read_names(code: str) -> tuple[DivisionRow, ...]:
    """Give all names a code stood under in the lists, the last one first; empty for no code.

    >>> [name for _, name, _ in read_names("510722101")]
    ['潼川镇']
    """
    if len(code) == _VILLAGE_DIGITS:
        return _names_of_villages(code[:_PREFECTURE_DIGITS]).get(code, ())
    return load_names().get(code, ())


def read_village_names(codes: Iterable[str]) -> dict[str, tuple[DivisionRow, ...]]:
    """Give the names of many villages by code, the last one first, reading each prefecture once.

    >>> [name for _, name, _ in read_village_names(["510722101011"])["510722101011"]]
    ['草堂社区居民委员会']
    """
    wanted = set(codes)
    prefectures = sorted({code[:_PREFECTURE_DIGITS] for code in wanted})
    rows = (row for prefecture in prefectures for row in read_villages(prefecture))
    return _by_code(row for row in rows if row[0] in wanted)


@cache
def load_names() -> Mapping[str, tuple[DivisionRow, ...]]:
    """Load the names of all divisions above the village by code, the last one first.

    >>> load_names()["51"][0][1]
    '四川省'
    """
    return _by_code(read_divisions())


@lru_cache(maxsize=_PREFECTURES_KEPT)
def _names_of_villages(prefecture: str) -> Mapping[str, tuple[DivisionRow, ...]]:
    return _by_code(read_villages(prefecture))


def _by_code(rows: Iterable[DivisionRow]) -> dict[str, tuple[DivisionRow, ...]]:
    found: defaultdict[str, list[DivisionRow]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return {code: tuple(own) if len(own) == 1 else _merge(own) for code, own in found.items()}


def _merge(rows: Iterable[DivisionRow]) -> tuple[DivisionRow, ...]:
    """Make one row per name of a code, the last name first."""
    names: dict[tuple[str, str], int] = {}
    for code, name, seen in rows:
        names[code, name] = names.get((code, name), 0) | seen
    return tuple(sorted(((*name, seen) for name, seen in names.items()), key=_latest_first))


def _latest_first(row: DivisionRow) -> tuple[int, str]:
    # What stood before all lists comes last, though its bit is a high one.
    return -(row[2] & ~EARLIER), row[1]


def read_days(row: DivisionRow) -> Days:
    """Read from when to when a name stood under its code, as far as the lists tell.

    Before the first list the ends of years count, after the latest the days of documents.

    >>> read_days(("110105400", "首都机场街道", 0b0111_1110))
    Days(first=datetime.date(2017, 10, 31), last=datetime.date(2022, 10, 31))
    >>> read_days(("510122", "双流县", EARLIER)).last
    datetime.date(2014, 12, 31)
    """
    code, name, seen = row
    if seen & (LATEST | LATER):
        begun, ended = _days_of_documents()
        first = _days_of_lists(seen).first if seen & _LIST_BITS else begun.get((code, name))
        return Days(first, ended.get((code, name)))
    if seen & _LIST_BITS:
        return _days_of_lists(seen)
    return _days_of_earlier().get((code, name), Days(None, SNAPSHOTS[0]))


@cache
def _days_of_lists(seen: int) -> Days:
    lists = [day for i, day in enumerate(SNAPSHOTS) if seen >> i & 1]
    return Days(lists[0], lists[-1])


@cache
def _days_of_documents() -> tuple[Mapping[tuple[str, str], date], Mapping[tuple[str, str], date]]:
    """When divisions began and ended after the latest list, by code and name."""
    changes = [change for change in read_changes() if change.day > SNAPSHOTS[-1]]
    begun = {(c.new_code, c.new_name): c.day for c in reversed(changes)}
    ended = {(c.old_code, c.old_name): c.day for c in changes if c.kind != "founded"}
    return begun, ended


@cache
def _days_of_earlier() -> Mapping[tuple[str, str], Days]:
    return {
        (row.code, row.name): Days(_end_of(row.first_year), _end_of(row.last_year))
        for row in read_earlier()
        if row.last_year
    }


def _end_of(year: int | None) -> date | None:
    return date(year, 12, 31) if year else None


def find_path(row: DivisionRow) -> tuple[Ancestor, ...]:
    """Find the divisions from the province down to a row, as they were called in its last list.

    Pseudo-levels (市辖区) and counties that only repeat their city (东莞市) are left out.

    >>> [a.name for a in find_path(read_names("510722101")[0])]
    ['四川省', '绵阳市', '三台县', '潼川镇']
    >>> [a.name for a in find_path(read_names("441900003")[0])]
    ['广东省', '东莞市', '东城街道']
    """
    code, name, seen = row
    lists = seen & _LIST_BITS
    # Before and after the lists there is one bit each.
    bit = 1 << lists.bit_length() - 1 if lists else seen
    return _lengthen(_find_above(code[: _DIGITS_ABOVE[len(code)]], bit), code, name)


@lru_cache(maxsize=65536)
def _find_above(code: str, bit: int) -> tuple[Ancestor, ...]:
    """The path to a code at the time of one list, or as it was last when it is not in that one."""
    if not code:
        return ()
    above = _find_above(code[: _DIGITS_ABOVE[len(code)]], bit)
    names = load_names().get(code, ())
    if not names:
        return above
    return _lengthen(above, code, next((n for _, n, seen in names if seen & bit), names[0][1]))


def _lengthen(above: tuple[Ancestor, ...], code: str, name: str) -> tuple[Ancestor, ...]:
    repeats = len(code) == _COUNTY_DIGITS and bool(above) and above[-1].name == name
    if repeats or name in PSEUDO_LEVELS:
        return above
    return (*above, Ancestor(LEVELS[len(code)], code, name))
