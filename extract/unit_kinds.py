"""Kinds of unit that the nouns of stated counts speak of: 街道(镇), 村(社区), 单位."""

import re
from collections.abc import Mapping

from normalize.width import fold_width

_TOWNS = frozenset(("street", "town", "township"))
_KINDS = (
    (re.compile(r"村镇|镇村"), _TOWNS | {"village", "community"}),
    (re.compile(r"街道|乡镇|镇"), _TOWNS),
    (re.compile(r"村\(社区\)|社区\(村\)|村、社区"), frozenset(("village", "community"))),
    (re.compile(r"社区$"), frozenset(("community",))),
    (re.compile(r"(?:村|村落|村庄|村寨)$"), frozenset(("village",))),
    (re.compile(r"区|县"), frozenset(("county", "prefecture", "corps_regiment"))),
)
_WHOLE = re.compile(r"单位|实验区|示范区|试验区|试点$|地区?$|家$|名单")


def count_found(noun: str, found: Mapping[str, int]) -> int:
    """Rows of the kinds that a noun counts; a noun such as 单位 counts all.

    >>> count_found("街道(镇)", {"street": 1, "town": 2, "county": 4})
    3
    """
    kinds = kinds_of(noun)
    return sum(n for kind, n in found.items() if kinds is None or kind in kinds)


def kinds_of(noun: str) -> frozenset[str] | None:
    """Kinds of unit that a counted noun speaks of; None for nouns that speak of all.

    >>> sorted(kinds_of("村(社区)")), kinds_of("实验区")
    (['community', 'village'], None)
    """
    folded = fold_width(noun)
    if _WHOLE.search(folded):
        return None
    return next((kinds for pattern, kinds in _KINDS if pattern.search(folded)), None)
