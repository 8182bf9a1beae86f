"""Reads the packed lists for the generator of printed names, without the resolver.

Villages of each yearly list with the path of that year, the forms their names and those of the
divisions above them are printed in, and which of them are printed at all.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

from normalize.division_lists import SNAPSHOTS, read_divisions, read_villages

_EVERY_LIST = (1 << len(SNAPSHOTS)) - 1
_PSEUDO = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")
_DIGITS = (2, 4, 6, 9)
LAST = len(SNAPSHOTS) - 1
COMMITTEE = re.compile(
    "(?<=.)(?:(?P<community>居民委员会|居委会)|(?P<village>嘎查委员会|村民委员会|村委会))$"
)
_VILLAGE_ROW = re.compile(
    "(?!社区)[一-龥]{1,16}(?:居民委员会|居委会|村民委员会|村委会|社区|村|嘎查|队|连|分场)"
)
_TOWN_ROW = re.compile(
    "[一-龥]{2,}(?:镇|乡|街道|街道办事处|苏木|地区|农场|林场|牧场|开发区|园区|产业园|工业区"
    "|管理区|度假区|新区|景区|[一二三四五六七八九十]团)"
)
_UNPRINTED = re.compile("直辖|虚拟|监狱|筹备|公司|类似|[县市].*[镇乡].*村|工作站")
SHORT_STATES = {
    "巴音郭楞蒙古自治州": "巴州", "博尔塔拉蒙古自治州": "博州", "克孜勒苏柯尔克孜自治州": "克州",
    "喀喇沁左翼蒙古族自治县": "喀左县", "前郭尔罗斯蒙古族自治县": "前郭县",
}  # fmt: skip
_PROVINCES = ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省")


class Row(NamedTuple):
    """A village in one yearly list."""

    code: str
    name: str
    """As listed. Example: `草堂社区居民委员会`"""
    snapshot: int
    path: tuple[str | None, ...]
    """Province, city, county, town as listed in that year; None for a pseudo-level."""


@dataclass(frozen=True, slots=True)
class Lists:
    """The packed lists: villages as rows, the divisions above them by code."""

    villages: list[tuple[str, str, int]]
    above: dict[str, list[tuple[str, int]]]

    def row(self, code: str, name: str, snapshot: int) -> Row:
        """Attach the path of that year."""
        names = (self._name(code[:digits], snapshot) for digits in _DIGITS)
        path = [None if name in _PSEUDO else name for name in names]
        if path[1] == path[2]:
            path[2] = None  # 东莞市 and its like are their own county
        return Row(code, name, snapshot, tuple(path))

    def _name(self, code: str, snapshot: int) -> str | None:
        return next((name for name, seen in self.above[code] if seen >> snapshot & 1), None)


@cache
def load_lists() -> Lists:
    """Read all rows of the packed lists, in about two seconds."""
    above: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for code, name, seen in read_divisions():
        if seen & _EVERY_LIST:  # others stood before the first list or came after the last
            above[code].append((name, seen & _EVERY_LIST))
    prefectures = (code for code in above if len(code) == 4)
    villages = [village for code in prefectures for village in read_villages(code)]
    return Lists(villages, dict(above))


def short_name(name: str) -> str:
    """The name without its committee, as people say it.

    >>> short_name("草堂社区居民委员会"), short_name("东街居委会"), short_name("张河村委会")
    ('草堂社区', '东街社区', '张河村')
    >>> short_name("李村村村民委员会"), short_name("浩特嘎查委员会"), short_name("三连")
    ('李村村', '浩特嘎查', '三连')
    """
    committee = COMMITTEE.search(name)
    if committee is None:
        return name
    base = name[: committee.start()]
    if base.endswith("社区") and len(base) > 2:
        return base
    if committee["community"]:
        return base + "社区"
    if base.endswith(("村", "嘎查")) and len(base) > 1:
        return base
    return base + ("嘎查" if "嘎查" in committee[0] else "村")


@cache
def _peoples() -> tuple[str, ...]:
    text = (resources.files("normalize") / "data" / "peoples.txt").read_text(encoding="utf-8")
    both = {form for people in text.split() for form in (people, people.removesuffix("族"))}
    return (*sorted((form for form in both if len(form) > 1), key=len, reverse=True), "各族")


def clip(name: str) -> str:
    """Leave out the peoples of an autonomous division or a town: 凉山州, 北川县, 中村乡.

    >>> clip("凉山彝族自治州"), clip("北川羌族自治县"), clip("鄂温克族自治旗"), clip("中村瑶族乡")
    ('凉山州', '北川县', '鄂温克旗', '中村乡')
    >>> clip("南伊珞巴民族乡"), clip("鄂伦春民族乡"), clip("东乡族自治县")
    ('南伊乡', '鄂伦春民族乡', '东乡县')
    """
    found = re.fullmatch("(.+?)(?:自治([州县旗])|(?:民族|(?<=族))(乡))", name)
    if found is None:
        return name
    stem = found[1]
    while people := next((p for p in _peoples() if stem.endswith(p)), ""):
        if len(stem) - len(people) < 2:
            break
        stem = stem.removesuffix(people)
    if found[3]:  # a town is called by its people when that is all its name
        return name if stem == found[1] else stem + "乡"
    kept = stem.removesuffix("族")
    return (kept if len(kept) > 1 else stem) + found[2]


def clip_province(name: str) -> str:
    suffix = next((s for s in _PROVINCES if name.endswith(s)), "")
    return name.removesuffix(suffix)


def town_forms(name: str) -> tuple[str, ...]:
    """The forms of a town, official one first."""
    name = name.removesuffix("办事处") if name.endswith("街道办事处") else name
    if name.endswith("街道"):
        return (name, name + "办事处", name + "办")
    return tuple(dict.fromkeys((name, clip(name))))


def forms_of(name: str, level: int) -> tuple[str, ...]:
    """Every form of a division that is printed here."""
    if level == 0:
        return name, clip_province(name)
    if level == 3:
        return town_forms(name)
    city = name.removesuffix("市") if level == 1 and len(name) > 2 else name
    return name, clip(name), SHORT_STATES.get(name, name), city


def core_of(name: str) -> str:
    """What tells a village from others, whatever it calls itself."""
    short = short_name(name)
    return re.sub("(?<=.)(?:社区|村|嘎查)$", "", short)


def draw_rows(
    number: int, rng: random.Random, earlier: float, prefectures: int | None = None
) -> Iterator[Row]:
    """Draw rows that are printed, from some prefectures or the country; old ones come last."""
    lists = load_lists()
    drawn_from = lists.villages
    if prefectures is not None:
        every = sorted(code for code in lists.above if len(code) == 4)
        chosen = frozenset(rng.sample(every, prefectures))
        drawn_from = [village for village in drawn_from if village[0][:4] in chosen]
    left = number
    while left:
        code, name, seen = rng.choice(drawn_from)
        wanted_earlier = left <= number * earlier
        if wanted_earlier == bool(seen >> LAST & 1):
            continue
        stood = [n for n in range(len(SNAPSHOTS)) if seen >> n & 1]
        row = lists.row(code, name, rng.choice(stood) if wanted_earlier else LAST)
        if _is_printed(row):
            left -= 1
            yield row


def _is_printed(row: Row) -> bool:
    town, county = row.path[3], row.path[2] or row.path[1]
    if town is None or county is None or not _TOWN_ROW.fullmatch(town):
        return False
    if _UNPRINTED.search(row.name) or _UNPRINTED.search(town):
        return False
    return bool(_VILLAGE_ROW.fullmatch(row.name)) and town not in row.name and county not in town
