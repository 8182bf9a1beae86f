"""Rows of `units` as far as comparing lists needs them: names by level, folded, and sure codes."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

LEVELS = ("province", "city", "county", "town", "village", "sub", "unit_org")
"""Columns of a unit's name by level, outermost first."""

COMPARED = (
    "unit_id", "doc_id", "order", "name_full", *LEVELS, "kind", "category_path", "status",
    "place_code", "place_status",
)  # fmt: skip
"""Columns of `units` that comparing lists reads."""

READ = tuple(name for name in COMPARED if name not in ("doc_id", "order"))
"""Those that a unit is made of; the others say in which order rows are read."""

COUNTY = LEVELS.index("county")
_CITY = LEVELS.index("city")
_CODE_LEVELS = tuple(
    (LEVELS.index(level), digits)
    for level, digits in (("village", 12), ("town", 9), ("county", 6), ("city", 4))
)
"""Levels that codes tell apart, innermost first, and the digits of a code of each."""
_NOT_A_LETTER = re.compile(r"[\W_]+")
_COMMITTEE = re.compile(
    r"(?<=.)(?:(社区)(?:居民委员会|居委会)|村?(?:村民委员会|村委会)|(街道)办事处)$"
)


@dataclass(slots=True, eq=False)  # frozen ones take thrice as long to make, one per row
class ListedUnit:
    """One row of `units`, as far as comparing lists needs it; each row is equal to itself alone."""

    unit_id: str
    """Row id."""
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
    code: str | None
    """Division code as it stands in the row. Example: `510722101011`"""
    place_code: str | None
    """The same, only where the gazetteer is sure and the code is as deep as the name."""

    @property
    def tail(self) -> tuple[str, ...]:
        """The levels from the county down that are there."""
        return tuple([level for level in self.levels[COUNTY:] if level])

    @property
    def depth(self) -> int:
        """Number of its deepest level in `LEVELS`."""
        return max((index for index, level in enumerate(self.levels) if level), default=0)

    @property
    def content(self) -> tuple[str, ...]:
        """All that a person reads in the row, to put rows in an order that is theirs alone."""
        return (*self.levels, self.name, self.kind, self.category, self.status, self.code or "")

    def label(self, level: str) -> str:
        """Name of one level, or the empty string."""
        return self.levels[LEVELS.index(level)]


def read_units(columns: Mapping[str, Sequence[Any]]) -> list[ListedUnit]:
    """Read rows given as the columns of `READ`, missing values being None, in the order given.

    >>> blank = {name: [None] for name in READ}
    >>> read_units(blank | {"name_full": ["绵阳市三台县"], "county": ["三台县"]})[0].tail
    ('三台县',)
    """
    levels = ([fold_name(name) if name else "" for name in columns[level]] for level in LEVELS)
    plain = ("unit_id", "name_full", "kind", "category_path", "status")
    codes = columns["place_code"], columns["place_status"]
    rows = zip(zip(*levels, strict=True), *(columns[name] for name in plain), *codes, strict=True)
    return [
        ListedUnit(
            unit_id, name, parts, kind, category or "", status, code, _trust_code(code, sure, parts)
        )
        for parts, unit_id, name, kind, category, status, code, sure in rows
    ]


@lru_cache(maxsize=65536)
def fold_name(name: str) -> str:
    """Fold a name to what two spellings of it share: widths, spaces, punctuation and committees go.

    >>> fold_name("绵阳市 三台县(潼川镇)"), fold_name("草堂社区居委会"), fold_name("张河村委会")
    ('绵阳市三台县潼川镇', '草堂社区', '张河村')
    """
    plain = name
    if not (name.isalnum() and unicodedata.is_normalized("NFKC", name)):
        plain = _NOT_A_LETTER.sub("", unicodedata.normalize("NFKC", name))
    if not plain.endswith(("会", "处")):
        return plain
    return _COMMITTEE.sub(lambda match: match[1] or match[2] or "村", plain)


def _trust_code(code: str | None, status: str | None, levels: Sequence[str]) -> str | None:
    if status != "ok" or code is None:
        return None
    # A county's code on a community's row would pair all communities of the county.
    for level, digits in _CODE_LEVELS:
        if levels[level]:
            return code if len(code) >= digits else None
    return None


def cities_agree(unit: ListedUnit, other: ListedUnit) -> bool:
    """Whether two units may lie in one city: they name the same, or one names none.

    >>> blank = {name: [None, None] for name in READ}
    >>> cities_agree(*read_units(blank | {"city": ["绵阳市", None]}))
    True
    """
    return len({unit.levels[_CITY], other.levels[_CITY]} - {""}) <= 1


def names_agree(unit: ListedUnit, other: ListedUnit) -> bool:
    """Whether two names say the same wherever both say something; a level may be left out.

    >>> blank = {name: [None, None] for name in READ} | {"town": ["硖石街道"] * 2}
    >>> names_agree(*read_units(blank | {"city": [None, "嘉兴市"]}))
    True
    """
    if unit.levels == other.levels:
        return True
    return all(
        mine == theirs or not mine or not theirs
        for mine, theirs in zip(unit.levels[_CITY:], other.levels[_CITY:], strict=True)
    )
