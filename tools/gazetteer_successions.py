"""Find what divisions that vanished between two yearly lists became, from their villages' names."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

PEOPLES = Path(__file__).parent.parent / "normalize" / "data" / "peoples.txt"
VILLAGE_DIGITS = 12
PREFECTURE_DIGITS = 4
LEAST_SHARE = {PREFECTURE_DIGITS: 0.1, 6: 0.1, 9: 0.3}
"""A tenth of a county is many villages, as with 钱塘区; a tenth of a town is chance."""
LEAST_VILLAGES = (2, 10)
"""Fewer, within the prefecture and beyond, say nothing, unless the division keeps its name."""
PSEUDO = frozenset(("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"))
_KIND = re.compile(r"(?<=..)(?:街道|地区|自治[县州]|[镇乡县市区盟])$")
# Not normalize.villages.read_core: that tells the villages of one list apart, these are to meet
# across lists. It leaves 社区 in 张河社区村民委员会 and reads 一连生活区 as 一连, which every
# regiment has: with it 489 more divisions were split, by chance.
_COMMITTEE = re.compile(r"(?<=..)(?:居民|村民)?(?:居委会|村委会|委员会)$")
_VILLAGE_KIND = re.compile(r"(?<=..)(?:社区|村)$")


class Row(NamedTuple):
    """A division under one code and name."""

    code: str
    """Digits: 2 province, 4 prefecture, 6 county, 9 town, 12 village. Example: `510722101`"""
    name: str
    """Name as the statistical office prints it. Example: `潼川镇`"""
    seen: int
    """Bit i: it stands in snapshot i of `SNAPSHOTS`. Example: `128`, only in the last"""


class Succession(NamedTuple):
    """What a division that vanished became, derived from the names of its villages."""

    old_code: str
    """Code it had. Example: `330104`"""
    old_name: str
    """Name it had. Example: `江干区`"""
    last_snapshot: str
    """Last snapshot it stands in. Example: `2020-06-30`"""
    new_code: str
    """Code of a successor in the next snapshot, empty when none was found. Example: `330114`"""
    new_name: str
    """Name of the successor. Example: `钱塘区`"""
    share: float
    """Share of its villages whose names came to the successor, 0 to 1. Example: `0.36`"""
    kind: str
    """`raised` (other type, same core), `recoded`, `moved` (same name, other parent), `renamed`,
    `merged`, `split`, `gone` (no successor found)"""


class Snapshot:
    """The divisions of one day and the names of the villages in each of them."""

    def __init__(self, rows: Iterable[Row], number: int) -> None:
        self.names: dict[str, str] = {}
        self.villages: defaultdict[str, set[str]] = defaultdict(set)
        for code, name, seen in rows:
            if not seen >> number & 1:
                continue
            if len(code) < VILLAGE_DIGITS:
                self.names[code] = name
                continue
            core = read_village(name)
            for digits in (PREFECTURE_DIGITS, 6, 9):
                self.villages[code[:digits]].add(core)

    def stands(self, code: str, name: str) -> bool:
        """Tell whether a code has this name, 办事处 beside."""
        return fold_name(self.names.get(code, "")) == fold_name(name)


@cache
def read_village(name: str) -> str:
    """Take the words for what it is off the name of a village.

    >>> [read_village(name) for name in ("多福巷社区居委会", "张河村村民委员会", "中村")]
    ['多福巷', '张河', '中村']
    """
    return _VILLAGE_KIND.sub("", _COMMITTEE.sub("", name))


def fold_name(name: str) -> str:
    """Take 办事处 off a name: the list of 2016 has it behind 街道, later lists do not."""
    return name.removesuffix("办事处")


def read_core(name: str) -> str:
    """Take type and people off the name of a division.

    >>> [read_core(name) for name in ("新津县", "城关镇", "中村瑶族乡", "石柱土家族自治县")]
    ['新津', '城关', '中村', '石柱']
    """
    return _load_peoples().sub("", _KIND.sub("", fold_name(name)))


@cache
def _load_peoples() -> re.Pattern[str]:
    lines = PEOPLES.read_text(encoding="utf-8").split()
    names = "|".join(sorted({line.removesuffix("族") for line in lines}, key=len, reverse=True))
    return re.compile(rf"(?<=..)(?:(?:{names})族?)+$")


def find_successions(rows: Sequence[Row], days: Sequence[str]) -> list[Succession]:
    """Find what became of prefectures, counties and towns between neighbouring snapshots."""
    found: list[Succession] = []
    snapshots = (Snapshot(rows, number) for number in range(len(days)))
    for day, (old, new) in zip(days, pairwise(snapshots), strict=False):
        parents: dict[str, set[str]] = {}
        for digits in (PREFECTURE_DIGITS, 6, 9):
            arrivals = _find_arrivals(old, new, digits)
            level = _Level(old, new, arrivals, parents)
            heirs = {c: level.find(c) for c in sorted(old.names) if len(c) == digits}
            parents |= {code: set(shares) for code, shares in heirs.items()}
            fathers = Counter(heir for shares in heirs.values() for heir in shares)
            for code, shares in heirs.items():
                if old.names[code] not in PSEUDO and not new.stands(code, old.names[code]):
                    found += _describe(code, shares, level, fathers, day)
    return sorted(found)


def _find_arrivals(old: Snapshot, new: Snapshot, digits: int) -> dict[str, dict[str, set[str]]]:
    """Codes by scope and the name of a village that they have now and had not before.

    The scope is the prefecture of a town and the province of a county or prefecture: names of
    villages repeat too often for more.
    """
    arrivals: dict[str, dict[str, set[str]]] = {}
    for code, name in new.names.items():
        if len(code) == digits:
            had = old.villages[code] if old.stands(code, name) else set()
            scope = arrivals.setdefault(code[: 4 if digits == 9 else 2], {})
            for village in new.villages[code] - had:
                scope.setdefault(village, set()).add(code)
    return arrivals


class _Level:
    """The divisions of one level in two neighbouring snapshots."""

    def __init__(
        self,
        old: Snapshot,
        new: Snapshot,
        arrivals: dict[str, dict[str, set[str]]],
        parents: dict[str, set[str]],
    ) -> None:
        self.old, self.new, self.arrivals, self.parents = old, new, arrivals, parents
        self.cores = {(code[:4], read_core(name)) for code, name in old.names.items()}
        self.fresh: defaultdict[str, list[str]] = defaultdict(list)
        for code, name in new.names.items():
            if not old.stands(code, name):
                self.fresh[fold_name(name)].append(code)

    def find(self, code: str) -> dict[str, float]:
        """Find the codes a division went to, with shares of its villages; itself if it stands."""
        name, villages = self.old.names[code], self.old.villages[code]
        if self.new.stands(code, name):
            return {code: 1.0}
        scopes = self._scopes(code)
        counts: Counter[str] = Counter()
        for scope in scopes:
            names = self.arrivals.get(scope, {})
            counts.update(heir for village in villages for heir in names.get(village, ()))
        shares = {heir: n / len(villages) for heir, n in counts.items()}
        least = {heir for heir, n in counts.items() if n >= LEAST_VILLAGES[heir[:4] != code[:4]]}
        same = {
            heir
            for heir in (code, *self.fresh[fold_name(name)])
            if len(heir) == len(code)
            and heir in self.new.names
            and heir.startswith(tuple(scopes))
            and (heir != code or read_core(self.new.names[heir]) == read_core(name))
        }
        if len(same) > 1:
            same = {max(same, key=lambda heir: (shares.get(heir, 0), heir))}
        kept = {
            h for h, share in shares.items() if share >= self._least_share(code, h) and h in least
        } | same
        return {heir: shares.get(heir, 0.0) for heir in sorted(kept)}

    def _least_share(self, code: str, heir: str) -> float:
        """The least share that counts; names of an heir with a past of its own meet by chance."""
        core = (heir[:4], read_core(self.new.names[heir]))
        fresh = heir in self.fresh[fold_name(self.new.names[heir])]
        own = heir[:4] == code[:4] and not (fresh and core in self.cores)
        return LEAST_SHARE[len(code)] if own else LEAST_SHARE[9]

    def _scopes(self, code: str) -> set[str]:
        if len(code) < 9:
            return {code[:2]}
        return {heir[:4] for heir in (code, *self.parents.get(code[:6], ()))}


def _describe(
    code: str, shares: dict[str, float], level: _Level, fathers: Counter[str], day: str
) -> list[Succession]:
    name = level.old.names[code]
    if not shares:
        return [Succession(code, name, day, "", "", 0.0, "gone")]
    described = []
    for heir, share in shares.items():
        new_name = level.new.names[heir]
        if fold_name(new_name) == fold_name(name):
            parents = _parent_name(level.old, code), _parent_name(level.new, heir)
            kind = "recoded" if parents[0] == parents[1] else "moved"
        elif read_core(new_name) == read_core(name):
            kind = "raised"
        elif len(shares) > 1:
            kind = "split"
        else:
            kind = "merged" if level.old.stands(heir, new_name) or fathers[heir] > 1 else "renamed"
        described.append(Succession(code, name, day, heir, new_name, round(share, 3), kind))
    return described


def _parent_name(snapshot: Snapshot, code: str) -> str | None:
    digits = {9: 6, 6: PREFECTURE_DIGITS, PREFECTURE_DIGITS: 2}[len(code)]
    return snapshot.names.get(code[:digits])


def write_successions(found: Iterable[Succession], target: Path) -> None:
    """Write one line per vanished division and successor, with a header."""
    lines = ["\t".join(Succession._fields), *("\t".join(map(str, row)) for row in found)]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
