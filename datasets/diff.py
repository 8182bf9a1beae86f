"""Comparing two lists of units: same rows by hash, the rest by place, name and likeness."""

import gc
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from datasets.batches import Batch, read_coverage, select_countable
from datasets.diff_records import BatchDiff, Coverage, SameRows, Tally
from datasets.listed_units import ListedUnit
from datasets.programme_terms import alternates, read_day, read_ranks
from datasets.unit_changes import Terms, change_order, describe_match
from datasets.unit_lists import Counts, Fingerprints, Rows, UnitList, list_frames
from datasets.unit_matching import MatchOptions, match_units
from datasets.unit_pairs import leave_out, pair_equal
from datasets.unit_succession import codes_on


@dataclass(frozen=True, slots=True)
class DiffOptions:
    """How two lists are compared."""

    batch_a: Batch
    """Batch of the first list: its counts, its scope and the areas it covers."""
    batch_b: Batch
    """Batch of the second list."""
    cumulative: bool = False
    """Whether the honour lasts: what the second list leaves out is then `absent`, not `dropped`."""
    similarity: float = 0.75
    """How alike two names must be to suspect a rename, 0 to 1."""
    stages: bool = False
    """Whether the two are the proposed and the decided list of one batch."""


def diff_batches(units_a: pd.DataFrame, units_b: pd.DataFrame, options: DiffOptions) -> BatchDiff:
    """Compare the units of two batches, as far as both lists cover the same area.

    Takes rows of the table `units` (repeats are left out here) and what is known of the batches.
    A list that is a local excerpt is held only against the rows of its area, and a batch that is
    only spoken of is held against nothing.

    >>> rows = pd.DataFrame(columns=["unit_id", "batch_id", "status", "duplicate_of"])
    >>> batch = Batch("b1946ac92492d234", "全国文明村镇", 6, (2020,), ("selected",), (), "", None,
    ...               (), "full", ())
    >>> diff_batches(rows, rows, DiffOptions(batch, batch)).differs
    False
    """
    units_a, units_b = select_countable(units_a), select_countable(units_b)
    list_a, list_b = list_frames(units_a, units_b)
    return diff_lists(list_a, list_b, options)


def diff_lists(all_a: UnitList, all_b: UnitList, options: DiffOptions) -> BatchDiff:
    """Compare two lists of countable rows in one DuckDB connection, of any length.

    Rows that are the same in both are told by hashes of 64 bits and never held; only the rest is
    read and matched.

    >>> batch = Batch("", "全国文明村镇", 6, (), (), (), "", None, (), "full", ())
    >>> empty = pd.DataFrame(columns=["unit_id"])
    >>> diff_lists(*list_frames(empty, empty), DiffOptions(batch, batch)).counts
    {}
    """
    first, second = options.batch_a, options.batch_b
    list_a, list_b = all_a.within(second), all_b.within(first)
    if alternates(first) and first.programme == second.programme:
        list_a, list_b = list_a.beside(all_b, "city"), list_b.beside(all_a, "city")
    sides = _Side(list_a, list_a.fingerprint()), _Side(list_b, list_b.fingerprint())
    days = read_day(first), read_day(second)
    terms = Terms(options.cumulative, options.stages, read_ranks(first, second))
    # One thread reads, all that is asked of the connection in turn; this one works meanwhile.
    with ThreadPoolExecutor(1) as reader, _without_collector():
        tallies = [reader.submit(side.units.tally) for side in sides]
        same = pair_equal(sides[0].prints.hashes, sides[1].prints.hashes)
        if terms.ranks:
            same = same[0][:0], same[1][:0]  # every unit in both has risen or sunk
        same, rests = _read_rests(reader, sides, same, days)
        matching = match_units(*rests, MatchOptions(options.similarity, days))
        told = [describe_match(match, terms) for match in matching.matches]
        told.sort(key=change_order)
    return BatchDiff(
        batch_a=first,
        batch_b=second,
        cumulative=options.cumulative,
        coverage=_cover(options, (all_a, all_b), sides, matching.unsearched),
        told=tuple(told),
        tallies=tuple(_tally(*(tally.result() for tally in tallies))),
        same=SameRows((list_a, list_b), same),
        stages=options.stages,
    )


@dataclass(frozen=True, slots=True)
class _Side:
    """The compared rows of one list."""

    units: UnitList
    prints: Fingerprints

    def __len__(self) -> int:
        return len(self.prints)

    def read(self, rows: Rows) -> list[ListedUnit]:
        return self.units.read(self.prints.places[rows])


@contextmanager
def _without_collector() -> Iterator[None]:
    # Units and matches refer to nothing in a circle, and all of them are kept: to look through
    # them and every module again and again took a tenth of a comparison.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


_Pairs = tuple[Rows, Rows]


def _read_rests(
    reader: Executor,
    sides: tuple[_Side, _Side],
    same: _Pairs,
    days: tuple[date | None, date | None],
) -> tuple[_Pairs, tuple[list[ListedUnit], list[ListedUnit]]]:
    """Read all rows without the same row opposite, and those same rows that a merger widens."""
    reading = [
        reader.submit(side.read, leave_out(len(side), rows))
        for side, rows in zip(sides, same, strict=True)
    ]
    heirs_b = _find_heirs(rest_a := reading[0].result(), days[1])
    heirs = _find_heirs(rest_b := reading[1].result(), days[0]), heirs_b
    widened = _find_widened(sides, same, heirs)
    rest_a += sides[0].read(same[0][widened])
    rest_b += sides[1].read(same[1][widened])
    return (same[0][~widened], same[1][~widened]), (rest_a, rest_b)


def _find_heirs(units: list[ListedUnit], on: date | None) -> set[str]:
    """Codes of the other places that the places of units are, or were, on a day."""
    return {
        code
        for unit in units
        if unit.place_code
        for code in codes_on(unit.place_code, on)
        if code != unit.place_code
    }


def _find_widened(
    sides: tuple[_Side, _Side], same: _Pairs, heirs: tuple[set[str], set[str]]
) -> npt.NDArray[np.bool_]:
    widened = np.zeros(len(same[0]), bool)
    for side, rows, codes in zip(sides, same, heirs, strict=True):
        if codes:
            widened |= np.isin(side.prints.places[rows], side.units.find_places(codes))
    return widened


def _cover(
    options: DiffOptions,
    whole: tuple[UnitList, UnitList],
    sides: tuple[_Side, _Side],
    unsearched: int,
) -> Coverage:
    outside = [
        0 if units.where == side.units.where else units.count() - len(side)
        for units, side in zip(whole, sides, strict=True)
    ]
    return Coverage(
        areas_a=options.batch_a.areas,
        areas_b=options.batch_b.areas,
        outside_a=outside[0],
        outside_b=outside[1],
        shares_a=read_coverage(options.batch_a),
        shares_b=read_coverage(options.batch_b),
        compared=len(sides[0]) + len(sides[1]),
        unsearched=unsearched,
    )


def _tally(tally_a: Counts, tally_b: Counts) -> Iterator[Tally]:
    for by in tally_a:
        found_a, found_b = tally_a[by], tally_b[by]
        both = sorted(found_a | found_b, key=lambda name: (-found_a[name] - found_b[name], name))
        yield from (Tally(by, name, found_a[name], found_b[name]) for name in both)
