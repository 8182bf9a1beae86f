"""Regiments of the Xinjiang Production and Construction Corps, which lists number like towns."""

import re
from collections import defaultdict
from functools import cache

from normalize.gazetteer import Division, load_gazetteer
from normalize.numerals import NumeralError, read_numeral

XINJIANG = "65"
"""Code of the region that all regiments lie in."""

_NUMBER = "[一二三四五六七八九十〇零百]{1,7}|[0-9]{1,3}"
_PRINTED = re.compile(
    rf"(?:(?:新疆生产建设|新疆)?兵团)?(?:第?(?:{_NUMBER})师)?(?:[一-龥]{{2,5}}市)?"
    rf"第?(?P<number>{_NUMBER})团(?:场)?"
)
_LISTED = re.compile(rf"(?:兵团|师|^)第?(?P<number>{_NUMBER})团(?:农场|（?中心团场）?|乡)?$")


def read_regiment(text: str, start: int) -> tuple[int, tuple[Division, ...]] | None:
    """Read a regiment, with the corps and its division before it; None where there is none.

    Returns where it ends and the regiments of that number, all of which may have stood under
    several codes. Text that only looks like one (一团糟) is for the caller to tell.

    >>> end, regiments = read_regiment("第二师三十一团一连", 0)
    >>> end, {regiment.name for regiment in regiments}
    (7, {'兵团三十一团'})
    """
    printed = _PRINTED.match(text, start)
    if printed is None:
        return None
    number = _read_number(printed["number"])
    regiments = _load_regiments().get(number, ()) if number is not None else ()
    return (printed.end(), regiments) if regiments else None


@cache
def _load_regiments() -> dict[int, tuple[Division, ...]]:
    found: defaultdict[int, list[Division]] = defaultdict(list)
    for division in load_gazetteer().within(XINJIANG):
        if division.level == "town":
            listed = _LISTED.search(division.name)
            number = _read_number(listed["number"]) if listed else None
            if number is not None:
                found[number].append(division)
    return {number: tuple(divisions) for number, divisions in found.items()}


def _read_number(printed: str) -> int | None:
    try:
        return int(read_numeral(printed))
    except NumeralError:
        return None
