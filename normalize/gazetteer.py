"""The divisions of China from province to town: names, codes and the tree they form."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from normalize.division_lists import EARLIER, LATEST, read_divisions

DivisionLevel = Literal["province", "city", "county", "town"]

_LEVELS: dict[int, DivisionLevel] = {2: "province", 4: "city", 6: "county", 9: "town"}
PSEUDO_LEVELS = frozenset(("市辖区", "省直辖县级行政区划", "自治区直辖县级行政区划", "县"))
"""Names of levels that only fill the tree, which no printed path has."""
_PROVINCE_SUFFIX = ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "特别行政区", "省", "市")
_SHORT_SUFFIX = {
    "province": _PROVINCE_SUFFIX,
    "city": ("市", "地区", "盟"),
    "county": ("县", "市", "区"),
}
_LEAST_SHORT = 2
_TYPE = re.compile(
    "(?<=..)(?:街道办事处|街道|地区办事处|地区|自治[县州]|民族乡|苏木|[镇乡县市区盟])$"
)
# The lists hold towns that are named 社区 or 街道, by mistake; every heading would be one of them.
_IS_GENERIC = re.compile("(?:社区|街道|办事处|镇|乡|村|管理|委员会|区|县|市)+")


@dataclass(frozen=True, slots=True)
class Division:
    """One division as the statistical office lists it."""

    code: str
    """Division code: 2, 4, 6 or 9 digits. Example: `510722101`"""
    name: str
    """Official name. Example: `潼川镇`"""
    level: DivisionLevel
    """Level in the tree."""
    seen: int = LATEST
    """Bit i: so named in snapshot i of `normalize.division_lists.SNAPSHOTS`. Example: `128`"""


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All divisions, by code and by the first two characters of every form of their names."""

    divisions: tuple[Division, ...]
    """All of them, in order of code; a code under two names occurs twice."""
    by_code: dict[str, Division]
    """Division of each code, under its latest name."""
    by_head: dict[str, tuple[tuple[str, Division], ...]]
    """(form, division) pairs by the first two characters of the form, longest form first."""

    def path(self, code: str) -> tuple[Division, ...]:
        """Divisions from the province down to a code, pseudo-levels left out.

        >>> [d.name for d in load_gazetteer().path("510722101")]
        ['四川省', '绵阳市', '三台县', '潼川镇']
        """
        found: list[Division] = []
        for digits in _LEVELS:
            division = self.by_code.get(code[:digits]) if digits <= len(code) else None
            # 东莞市 has no counties: its code stands twice, once with four digits, once with six.
            again = found and division and found[-1].name == division.name
            if division and division.name not in PSEUDO_LEVELS and not again:
                found.append(division)
        return tuple(found)

    def forms_at(self, text: str, start: int) -> list[tuple[str, Division]]:
        """Divisions one of whose names stands in `text` at `start`, longest form first.

        >>> gazetteer = load_gazetteer()
        >>> [(form, d.code) for form, d in gazetteer.forms_at("到绵阳市去", 1)][0]
        ('绵阳市', '5107')
        """
        pairs = self.by_head.get(text[start : start + 2], ())
        return [(form, division) for form, division in pairs if text.startswith(form, start)]


@cache
def load_gazetteer() -> Gazetteer:
    """Load the packed gazetteer; the first call takes about a fifth of a second.

    Source: yearly divisions of the National Bureau of Statistics (see data/README.md).

    >>> load_gazetteer().by_code["51"].name
    '四川省'
    """
    divisions = [Division(c, name, _LEVELS[len(c)], seen) for c, name, seen in read_divisions()]
    by_code: dict[str, Division] = {}
    by_head: defaultdict[str, list[tuple[str, Division]]] = defaultdict(list)
    for division in divisions:
        code, name = division.code, division.name
        if code not in by_code or division.seen & ~EARLIER > by_code[code].seen & ~EARLIER:
            by_code[code] = division
        if name not in PSEUDO_LEVELS and not _IS_GENERIC.fullmatch(name):
            for form in _forms(division):
                by_head[form[:2]].append((form, division))
    return Gazetteer(
        tuple(divisions),
        by_code,
        {head: tuple(sorted(pairs, key=_longest_first)) for head, pairs in by_head.items()},
    )


def _longest_first(pair: tuple[str, Division]) -> tuple[int, str]:
    return -len(pair[0]), pair[1].code


def read_division_core(name: str) -> str:
    """Take type and people off the name of a division.

    >>> [read_division_core(name) for name in ("新津县", "城关镇", "中村瑶族乡", "金盏地区办事处")]
    ['新津', '城关', '中村', '金盏']
    """
    return _without_peoples(_TYPE.sub("", name))


def _forms(division: Division) -> list[str]:
    """Official name and the short forms in use: 四川, 凉山州, 北川县, 喀左县."""
    name = division.name
    forms = [name, *_load_aliases().get(name, ())]
    short = name
    for suffix in _SHORT_SUFFIX.get(division.level, ()):
        if name.endswith(suffix) and len(name) - len(suffix) >= _LEAST_SHORT:
            short = name.removesuffix(suffix)
            forms.append(short)
            break
    for suffix, kept in (("自治州", "州"), ("自治县", "县"), ("自治旗", "旗")):
        if name.endswith(suffix):
            forms.append(_without_peoples(name.removesuffix(suffix)) + kept)
    # Older lists have 办事处 behind 街道 and 地区, later ones do not; both are printed.
    office = name.removesuffix("办事处")
    if division.level == "town" and office.endswith(("街道", "地区")):
        forms += [office, office + "办事处", office + "办"]
    return list(dict.fromkeys(forms))


def _without_peoples(stem: str) -> str:
    """Cut the names of peoples that end a stem: 凉山彝族, 博尔塔拉蒙古 give 凉山, 博尔塔拉."""
    cut = stem
    while people := next((people for people in _peoples() if cut.endswith(people)), ""):
        shorter = cut.removesuffix(people)
        if len(shorter) < _LEAST_SHORT:
            break
        cut = shorter
    return cut


@cache
def _load_aliases() -> dict[str, tuple[str, ...]]:
    """Names in use that no rule gives, by the official name."""
    text = (resources.files("normalize") / "data" / "aliases.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines()[1:])
    return {name: tuple(aliases.split()) for name, aliases in rows}


@cache
def _peoples() -> tuple[str, ...]:
    """Names of the peoples, long ones first; those of two characters without 族, too."""
    text = (resources.files("normalize") / "data" / "peoples.txt").read_text(encoding="utf-8")
    stems = [people.removesuffix("族") for people in text.split()]
    names = [*text.split(), *(stem for stem in stems if len(stem) > 1)]
    return tuple(sorted(names, key=len, reverse=True))
