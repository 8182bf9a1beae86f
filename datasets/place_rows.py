"""Rows of the table of places: every division above the village, and the villages rows name."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from functools import cache, lru_cache

from datasets.archive import CHINA
from datasets.divisions import (
    AFTER_ALL,
    LEVELS,
    PATH_SEPARATOR,
    Ancestor,
    find_path,
    load_names,
    read_days,
    read_village_names,
)
from datasets.schema import SEPARATOR, Row, load_tables
from normalize.division_lists import SNAPSHOTS, DivisionRow
from normalize.ids import make_id
from normalize.succession import as_of, latest_codes

_VILLAGE_DIGITS = 12


def division_rows() -> list[Row]:
    """Make the rows of all divisions above the village, one per code and name.

    >>> next(row["path"] for row in division_rows() if row["code"] == "510722101")
    '四川省/绵阳市/三台县/潼川镇'
    """
    return [row for names in load_names().values() for row in _rows_of(names)]


def village_rows(tables: Mapping[str, Iterable[Row]]) -> list[Row]:
    """Make the rows of the villages whose codes stand in the rows of other tables.

    >>> rows = village_rows({"units": [{"place_code": "510722101011"}]})
    >>> [(row["town"], row["village"]) for row in rows]
    [('潼川镇', '草堂社区居民委员会')]
    """
    named: set[str] = set()
    for table, columns in _code_columns().items():
        for row in tables.get(table, ()):
            for column in columns:
                named.update((row[column] or "").split(SEPARATOR))
    villages = read_village_names(code for code in named if len(code) == _VILLAGE_DIGITS)
    return [row for names in villages.values() for row in _rows_of(names)]


@cache
def _code_columns() -> Mapping[str, tuple[str, ...]]:
    """The columns of other tables that hold codes, one or several in a cell."""
    found = {
        name: tuple(c.name for c in table.columns if c.name.endswith(("place_code", "_codes")))
        for name, table in load_tables().items()
        if name != "places"
    }
    return {name: columns for name, columns in found.items() if columns}


def _rows_of(names: Sequence[DivisionRow]) -> list[Row]:
    """The rows of one code, whose last name comes first."""
    made = (_make_row(row, is_last_name=row is names[0]) for row in names)
    return [row for row in made if row is not None]


def _make_row(division: DivisionRow, *, is_last_name: bool) -> Row | None:
    """None for a pseudo-level, which is no division."""
    code, name, _ = division
    path = find_path(division)
    if path[-1].name != name:
        return None
    first, last = read_days(division)
    return {
        "place_id": make_id("place", code, name),
        "code": code,
        "name": name,
        "level": LEVELS[len(code)],
        **_describe_path(code, path),
        "valid_from": first and _start_of(first),
        "valid_to": last and _start_of(last),
        "is_last_name": is_last_name,
        "successor_codes": SEPARATOR.join(_find_successors(code, last)),
    }


def _describe_path(code: str, path: tuple[Ancestor, ...]) -> Row:
    """Parent, path and names of the levels."""
    *_, last = path
    if last.code != code:
        return _describe_above(path)  # a county that only repeats its city
    above = _describe_above(path[:-1])
    whole = f"{above['path']}{PATH_SEPARATOR}{last.name}" if above["path"] else last.name
    return above | {"path": whole, last.level: last.name}


@lru_cache(maxsize=65536)
def _describe_above(path: tuple[Ancestor, ...]) -> Row:
    """The same for what lies directly below a path."""
    return {
        **dict.fromkeys(LEVELS.values()),
        **{ancestor.level: ancestor.name for ancestor in path},
        "parent_code": path[-1].code if path else None,
        "path": PATH_SEPARATOR.join(ancestor.name for ancestor in path),
    }


def _find_successors(code: str, last: date | None) -> tuple[str, ...]:
    if last is None or len(code) == _VILLAGE_DIGITS:
        return ()
    if last > SNAPSHOTS[-1]:
        return as_of(code, AFTER_ALL)  # it ended after the latest list
    return latest_codes().get(code, ())


@cache
def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)
