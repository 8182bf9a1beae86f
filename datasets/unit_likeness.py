"""Suspecting renames: units of one city whose names are alike, each assigned to its likest."""

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from datasets.listed_units import COUNTY, ListedUnit
from datasets.unit_succession import UnitMatch

MAX_CELLS = 4_000_000
"""Comparisons within one city, or within one county where the city is larger; beyond, none."""

_MOVED = 0.9
"""What the likeness is multiplied by when town or county differ: a merger is less likely than a
typo."""
_VILLAGE = 4
_NUMERAL = re.compile("[0-9〇零一二三四五六七八九十百]")
_TYPE_SUFFIX = re.compile(
    r"(?<=.)(?:街道办事处|街道|社区居民委员会|社区居委会|社区|居委会|村民委员会|村委会"
    r"|民族乡|自治县|新区|镇|乡|村|县|区|市)$"
)


@dataclass(frozen=True, slots=True)
class Likenesses:
    """Suspected pairs, and the units that nothing was sought for."""

    matches: tuple[UnitMatch, ...]
    """Pairs of units whose names are alike."""
    unsearched: int
    """Units of either list in cities and counties too large to compare all names with all."""


class _Edge(NamedTuple):
    """Two units that are alike, as numbers within their block."""

    a: int
    b: int
    score: float


def match_alike(
    units_a: Sequence[ListedUnit], units_b: Sequence[ListedUnit], similarity: float
) -> Likenesses:
    """Assign units to units at least ``similarity`` (0 to 1) alike, so that the sum is greatest.

    Only units of one city and one level are compared; a unit in another town or county must have
    the same name but for its type, and numerals must be the same.

    >>> match_alike([], [], 0.75)
    Likenesses(matches=(), unsearched=0)
    """
    matches: list[UnitMatch] = []
    unsearched = 0
    for block_a, block_b in _iter_blocks(units_a, units_b):
        if len(block_a) * len(block_b) > MAX_CELLS:
            unsearched += len(block_a) + len(block_b)
            continue
        edges = _find_edges(block_a, block_b, similarity)
        matches += (
            UnitMatch((block_a[a],), (block_b[b],), "similar_name", round(score, 3))
            for a, b, score in _assign(edges)
        )
    return Likenesses(tuple(matches), unsearched)


_Block = tuple[list[ListedUnit], list[ListedUnit]]


def _iter_blocks(units_a: Sequence[ListedUnit], units_b: Sequence[ListedUnit]) -> Iterator[_Block]:
    for block in _group(units_a, units_b, COUNTY):
        if len(block[0]) * len(block[1]) <= MAX_CELLS:
            yield block
        else:
            yield from _group(*block, COUNTY + 1)


def _group(
    units_a: Sequence[ListedUnit], units_b: Sequence[ListedUnit], levels: int
) -> Iterator[_Block]:
    """Units of one depth that share the names of the first levels."""
    blocks: dict[Hashable, _Block] = {}
    for side, units in enumerate((units_a, units_b)):
        for unit in units:
            if unit.tail:
                key = unit.depth, unit.levels[:levels]
                blocks.setdefault(key, ([], []))[side].append(unit)
    yield from (block for block in blocks.values() if all(block))


def _find_edges(
    units_a: Sequence[ListedUnit], units_b: Sequence[ListedUnit], similarity: float
) -> list[_Edge]:
    cores_a, cores_b = ([_read_core(unit) for unit in units] for units in (units_a, units_b))
    scores = cdist(
        cores_a, cores_b, scorer=fuzz.ratio, score_cutoff=100 * similarity, dtype=np.float32
    )
    edges = []
    for a, b in zip(*np.nonzero(scores), strict=True):
        if _NUMERAL.findall(cores_a[a]) != _NUMERAL.findall(cores_b[b]):
            continue
        same = cores_a[a] == cores_b[b]
        score = float(scores[a, b]) / 100 * _weigh(units_a[a], units_b[b], same_name=same)
        if score >= similarity:
            edges.append(_Edge(int(a), int(b), score))
    return edges


def _read_core(unit: ListedUnit) -> str:
    return _TYPE_SUFFIX.sub("", unit.tail[-1])


def _weigh(unit: ListedUnit, other: ListedUnit, *, same_name: bool) -> float:
    """1 in one town, less where the towns or counties differ, 0 where that makes two units."""
    moved = [
        bool(mine and theirs) and _TYPE_SUFFIX.sub("", mine) != _TYPE_SUFFIX.sub("", theirs)
        for mine, theirs in zip(
            unit.levels[COUNTY : unit.depth], other.levels[COUNTY : other.depth], strict=True
        )
    ]
    if not any(moved):
        return 1.0
    # Another town and another name are two units, however alike; a county that changed takes
    # its towns along.
    whole_county = moved[0] and (unit.depth < _VILLAGE or any(moved[1:]))
    return 0.0 if not same_name or whole_county else _MOVED


def _assign(edges: Sequence[_Edge]) -> Iterator[_Edge]:
    """Choose edges so that no unit has two, within each set of units that are linked."""
    for linked in _iter_linked(edges):
        yield from linked if len(linked) == 1 else _choose(linked)


def _choose(linked: Sequence[_Edge]) -> Iterator[_Edge]:
    # Most lists need no choice, and scipy takes half a second to load.
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415

    rows = {number: row for row, number in enumerate(sorted({edge.a for edge in linked}))}
    columns = {number: col for col, number in enumerate(sorted({edge.b for edge in linked}))}
    scores = np.zeros((len(rows), len(columns)))
    for edge in linked:
        scores[rows[edge.a], columns[edge.b]] = edge.score
    chosen = set(zip(*linear_sum_assignment(scores, maximize=True), strict=True))
    yield from (edge for edge in linked if (rows[edge.a], columns[edge.b]) in chosen)


def _iter_linked(edges: Sequence[_Edge]) -> Iterator[list[_Edge]]:
    of_a: dict[int, list[_Edge]] = {}
    of_b: dict[int, list[_Edge]] = {}
    for edge in edges:
        of_a.setdefault(edge.a, []).append(edge)
        of_b.setdefault(edge.b, []).append(edge)
    seen: set[_Edge] = set()
    for first in edges:
        linked, ahead = [], [first]
        while ahead:
            edge = ahead.pop()
            if edge not in seen:
                seen.add(edge)
                linked.append(edge)
                ahead += of_a.pop(edge.a, [])
                ahead += of_b.pop(edge.b, [])
        if linked:
            yield linked
