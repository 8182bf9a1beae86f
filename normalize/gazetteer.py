"""The divisions of China from province to town: names, codes and the tree they form."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Literal

DivisionLevel = Literal["province", "city", "county", "town"]

_LEVELS: dict[int, DivisionLevel] = {2: "province", 4: "city", 6: "county", 9: "town"}
_PSEUDO = frozenset(("市辖区", "省直辖县级行政区划", "自治区直辖县级行政区划", "县"))
_PROVINCE_SUFFIX = ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "特别行政区", "省", "市")
_SHORT_SUFFIX = {
    "province": _PROVINCE_SUFFIX,
    "city": ("市", "地区", "盟"),
    "county": ("县", "市", "区"),
}
_LEAST_SHORT = 2
# The lists hold towns that are named 社区 or 街道, by mistake; every heading would be one of them.
_IS_GENERIC = re.compile("(?:社区|街道|办事处|镇|乡|村|管理|委员会|区|县|市)+")
_DAYS = "2016-07-31 2017-10-31 2018-10-31 2019-10-31 2020-06-30 2021-10-31 2022-10-31 2023-06-30"
SNAPSHOTS = tuple(map(date.fromisoformat, _DAYS.split()))
"""Days of the packed lists of the National Bureau of Statistics."""
LATEST = 1 << len(SNAPSHOTS) - 1
"""Bit of the latest snapshot."""


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
    """Bit i: it stands under this name in snapshot i of `SNAPSHOTS`. Example: `128`"""


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All divisions, by code and by the first two characters of every form of their names."""

    by_code: dict[str, Division]
    """Division of each code."""
    by_head: dict[str, tuple[tuple[str, Division], ...]]
    """(form, division) pairs by the first two characters of the form, longest form first."""

    def path(self, code: str) -> tuple[Division, ...]:
        """Divisions from the province down to a code, pseudo-levels left out.

        >>> [d.name for d in load_gazetteer().path("510722101")]
        ['四川省', '绵阳市', '三台县', '潼川镇']
        """
        found = (self.by_code.get(code[:digits]) for digits in _LEVELS if digits <= len(code))
        return tuple(d for d in found if d is not None and d.name not in _PSEUDO)

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
    file, _ = _open_villages()
    by_code: dict[str, Division] = {}
    by_head: defaultdict[str, list[tuple[str, Division]]] = defaultdict(list)
    for code, name, seen in _read_rows(file, 0):
        division = Division(code, name, _LEVELS[len(code)], seen)
        if code not in by_code or seen > by_code[code].seen:
            by_code[code] = division
        if name not in _PSEUDO and not _IS_GENERIC.fullmatch(name):
            for form in _forms(division):
                by_head[form[:2]].append((form, division))
    return Gazetteer(
        by_code,
        {head: tuple(sorted(pairs, key=_longest_first)) for head, pairs in by_head.items()},
    )


def snapshot_of(on: date | None) -> int:
    """Bit of the list that lies nearest to a day; of the latest one without a day.

    >>> snapshot_of(None), snapshot_of(date(2014, 6, 1)), snapshot_of(date(2021, 11, 1))
    (128, 1, 32)
    """
    if on is None:
        return LATEST
    return 1 << min(range(len(SNAPSHOTS)), key=lambda i: abs((SNAPSHOTS[i] - on).days))


def read_villages(prefecture: str) -> list[tuple[str, str, int]]:
    """Read the villages of a prefecture by its four digits: code, name, snapshots as bits.

    >>> [seen for code, name, seen in read_villages("5107") if code == "510722101011"][0] & LATEST
    128
    """
    file, groups = _open_villages()
    group = groups.get(prefecture)
    if group is None:
        return []
    return _read_rows(file, group)


def _read_rows(file: Any, group: int) -> list[tuple[str, str, int]]:
    table = file.read_row_group(group, use_threads=False)
    return list(zip(*(table[c].to_pylist() for c in ("code", "name", "seen")), strict=True))


@cache
def _open_villages() -> tuple[Any, dict[str, int]]:
    """The packed villages and the number of each prefecture's row group."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - only needed when the data is

    packed = resources.files("normalize") / "data" / "villages.parquet"
    with resources.as_file(packed) as path:
        # A map is read without a file position, which processes of a pool would share.
        file = pq.ParquetFile(path, memory_map=True)
    groups = {}
    for number in range(file.metadata.num_row_groups):
        codes = file.metadata.row_group(number).column(0).statistics
        groups[codes.min[:4]] = number
    return file, groups


def _longest_first(pair: tuple[str, Division]) -> tuple[int, str]:
    return -len(pair[0]), pair[1].code


def _forms(division: Division) -> list[str]:
    """Official name and the short forms in use: 四川, 凉山州, 北川县."""
    name = division.name
    forms = [name]
    short = name
    for suffix in _SHORT_SUFFIX.get(division.level, ()):
        if name.endswith(suffix) and len(name) - len(suffix) >= _LEAST_SHORT:
            short = name.removesuffix(suffix)
            forms.append(short)
            break
    for suffix, kept in (
        ("自治州", "州"),
        ("自治县", "县"),
        ("自治旗", "旗"),
        ("街道", "街道办事处"),
    ):
        if name.endswith(suffix):
            stem = _without_peoples(name.removesuffix(suffix))
            forms.append(stem + kept if suffix != "街道" else name + "办事处")
    return list(dict.fromkeys(forms))


def _without_peoples(stem: str) -> str:
    """Cut the names of peoples that end a stem: 凉山彝族 gives 凉山."""
    cut = stem
    while cut.endswith("族"):
        shorter = _cut_one_people(cut)
        if len(shorter) < _LEAST_SHORT:
            break
        cut = shorter
    return cut


@cache
def _peoples() -> tuple[str, ...]:
    text = (resources.files("normalize") / "data" / "peoples.txt").read_text(encoding="utf-8")
    return tuple(sorted(text.split(), key=len, reverse=True))


def _cut_one_people(stem: str) -> str:
    for people in _peoples():
        if stem.endswith(people):
            return stem.removesuffix(people)
    return ""
