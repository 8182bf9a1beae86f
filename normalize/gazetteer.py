"""The divisions of China from province to town: names, codes and the tree they form."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Literal

from normalize.division_lists import EARLIER, LATEST, DivisionRow, iter_divisions

DivisionLevel = Literal["province", "city", "county", "town"]

_LEVELS: dict[int, DivisionLevel] = {2: "province", 4: "city", 6: "county", 9: "town"}
PSEUDO_LEVELS = frozenset(("市辖区", "市", "省直辖县级行政区划", "自治区直辖县级行政区划", "县"))
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


class Gazetteer:
    """All divisions, found by code or by what stands in a text; objects are made as needed."""

    def __init__(self, rows: Iterable[DivisionRow]) -> None:
        self._rows = sorted(rows)
        self._by_code: dict[str, int] = {}
        self._by_head: defaultdict[str, list[int]] = defaultdict(list)
        self._made: dict[int, Division] = {}
        self._forms: dict[str, tuple[tuple[str, Division], ...]] = {}
        aliases = _load_aliases()
        by_head, by_code, rows = self._by_head, self._by_code, self._rows
        for index, (code, name, seen) in enumerate(rows):
            by_head[name[:2]].append(index)
            if name in aliases:
                for head in {alias[:2] for alias in aliases[name]} - {name[:2]}:
                    by_head[head].append(index)
            # Of the names of one code the latest is its name now.
            if code not in by_code or seen & ~EARLIER > rows[by_code[code]][2] & ~EARLIER:
                by_code[code] = index

    @property
    def codes(self) -> Iterable[str]:
        """All codes, each once.

        >>> "51" in load_gazetteer().codes
        True
        """
        return self._by_code.keys()

    @cached_property
    def divisions(self) -> tuple[Division, ...]:
        """All of them in order of code; a code under two names occurs twice."""
        return tuple(map(self._make, range(len(self._rows))))

    def get(self, code: str) -> Division | None:
        """Division of a code under its latest name, None when there is none.

        >>> load_gazetteer().get("51").name
        '四川省'
        """
        return self[code] if code in self._by_code else None

    def __getitem__(self, code: str) -> Division:
        """Division of a code that is known to be one; KeyError otherwise."""
        return self._make(self._by_code[code])

    def within(self, code: str) -> Iterator[Division]:
        """Divisions whose codes begin with a code, in order of code.

        >>> {division.name for division in load_gazetteer().within("510722101")}
        {'潼川镇'}
        """
        for index in range(bisect_left(self._rows, (code,)), len(self._rows)):
            if not self._rows[index][0].startswith(code):
                return
            yield self._make(index)

    def path(self, code: str) -> tuple[Division, ...]:
        """Divisions from the province down to a code, pseudo-levels left out.

        >>> [d.name for d in load_gazetteer().path("510722101")]
        ['四川省', '绵阳市', '三台县', '潼川镇']
        """
        found: list[Division] = []
        for digits in _LEVELS:
            division = self.get(code[:digits]) if digits <= len(code) else None
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
        pairs = self._forms_of(text[start : start + 2])
        return [(form, division) for form, division in pairs if text.startswith(form, start)]

    def forms(self) -> Iterator[tuple[str, Division]]:
        """Every form of every name with its division.

        >>> any(form == "凉山州" for form, _ in load_gazetteer().forms())
        True
        """
        for head in list(self._by_head):
            yield from self._forms_of(head)

    def _forms_of(self, head: str) -> tuple[tuple[str, Division], ...]:
        known = self._forms.get(head)
        if known is None and head not in self._by_head:
            return ()
        if known is None:
            divisions = map(self._make, self._by_head[head])
            pairs = [
                (form, division)
                for division in divisions
                if division.name not in PSEUDO_LEVELS and not _IS_GENERIC.fullmatch(division.name)
                for form in _forms(division)
                if form.startswith(head)
            ]
            known = self._forms[head] = tuple(sorted(pairs, key=_longest_first))
        return known

    def _make(self, index: int) -> Division:
        made = self._made.get(index)
        if made is None:
            code, name, seen = self._rows[index]
            made = self._made[index] = Division(code, name, _LEVELS[len(code)], seen)
        return made


@cache
def load_gazetteer() -> Gazetteer:
    """Load the packed gazetteer; the first call takes about a tenth of a second.

    Source: yearly divisions of the National Bureau of Statistics (see data/README.md).

    >>> load_gazetteer().get("51").name
    '四川省'
    """
    return Gazetteer(iter_divisions())


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
    stem = name.removesuffix("乡")
    if division.level == "town" and stem != name and stem.endswith("族"):
        forms.append(_without_peoples(stem) + "乡")
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
