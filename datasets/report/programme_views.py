"""Programmes over all their batches as a report shows them, with the batches that are missing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import pandas as pd

from datasets.batches import Batch, select_countable
from datasets.report.levels import scale_spreads, spread_levels
from datasets.report.view import BatchView, Cell, DiffView, ProgrammeLine, ProgrammeView, Spread
from datasets.schema import SEPARATOR

MAX_CATEGORIES = 12
"""Categories of one programme that are shown; what is beyond them is one line."""


@dataclass(frozen=True, slots=True)
class Sections:
    """Sections of a report that programmes refer to, by number from 1."""

    batches: tuple[BatchView, ...]
    """Batches."""
    diffs: tuple[DiffView, ...]
    """Comparisons."""


def view_programmes(
    listed: Sequence[Batch], units: pd.DataFrame, sections: Sections, rest: str
) -> tuple[ProgrammeView, ...]:
    """Describe every programme that the report has a batch of, over all its batches.

    Takes all batches of the snapshot by programme and number, since gaps are told from them, table
    `units`, and the word for the line of everything beyond `MAX_CATEGORIES`.

    >>> view_programmes((), pd.DataFrame(), Sections((), ()), "others")
    ()
    """
    names = {view.batch.programme for view in sections.batches}
    told = [batch for batch in listed if batch.programme in names]
    if not told:
        return ()
    numbers = _Numbers.of(sections)
    categories = _count_categories(units)
    return tuple(
        _view_programme(name, _list_lines(list(own), numbers), categories, rest)
        for name, own in groupby(told, key=lambda batch: batch.programme)
    )


def _view_programme(
    name: str,
    lines: tuple[ProgrammeLine, ...],
    categories: Mapping[str, Counter[str]],
    rest: str,
) -> ProgrammeView:
    spreads = spread_levels(lines), _spread_categories(lines, categories, rest)
    return ProgrammeView(name, lines, *spreads)


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Numbers of the sections that tell of a batch, by batch_id."""

    batches: Mapping[str, int]
    stages: Mapping[str, int]
    neighbours: Mapping[str, int]

    @classmethod
    def of(cls, sections: Sections) -> "_Numbers":
        return cls(
            {view.batch.batch_id: number for number, view in enumerate(sections.batches, 1)},
            _number_diffs(sections.diffs, by_status=True),
            _number_diffs(sections.diffs, by_status=False),
        )


def _number_diffs(diffs: Sequence[DiffView], *, by_status: bool) -> dict[str, int]:
    return {
        view.diff.batch_b.batch_id: number
        for number, view in enumerate(diffs, 1)
        if view.by_status == by_status
    }


def _list_lines(batches: Sequence[Batch], numbers: _Numbers) -> tuple[ProgrammeLine, ...]:
    longest = max(max(batch.found_total, batch.stated_total or 0) for batch in batches) or 1
    lines: list[ProgrammeLine] = []
    # A programme counts its batches by number or by year; where it does both, each has its gaps.
    last: dict[bool, int] = {False: 0}
    for batch in batches:
        by_year = batch.batch is None
        number = max(batch.years, default=None) if batch.batch is None else batch.batch
        if number is not None:
            before = last.get(by_year, number)
            if number > before + 1:
                lines.append(ProgrammeLine(None, (before + 1, number - 1), by_year))
            last[by_year] = number
        lines.append(
            ProgrammeLine(
                batch,
                section=numbers.batches.get(batch.batch_id),
                stages=numbers.stages.get(batch.batch_id),
                neighbours=numbers.neighbours.get(batch.batch_id),
                found_percent=round(100 * batch.found_total / longest, 1),
                stated_percent=round(100 * (batch.stated_total or 0) / longest, 1),
            )
        )
    return tuple(lines)


def _count_categories(units: pd.DataFrame) -> dict[str, Counter[str]]:
    counted: dict[str, Counter[str]] = {}
    rows = select_countable(units[["batch_id", "status", "category_path", "duplicate_of"]])
    for batch_id, path in zip(rows["batch_id"], rows["category_path"].fillna(""), strict=True):
        counted.setdefault(batch_id, Counter())[path] += 1
    return counted


def _spread_categories(
    lines: Sequence[ProgrammeLine], categories: Mapping[str, Counter[str]], rest: str
) -> tuple[Spread, ...]:
    counts = [categories.get(line.batch.batch_id) if line.batch else None for line in lines]
    totals: Counter[str] = Counter()
    for count in counts:
        totals.update(count or {})
    if not any(totals):
        return ()
    paths = [path for path, _ in totals.most_common()]
    cut = len(paths) if len(paths) <= MAX_CATEGORIES else MAX_CATEGORIES - 1
    spreads = [
        Spread(
            path.replace(SEPARATOR, " › "),
            tuple(Cell(count[path] if count else None) for count in counts),
        )
        for path in paths[:cut]
    ]
    if cut < len(paths):
        cells = (sum(count[path] for path in paths[cut:]) if count else None for count in counts)
        spreads.append(Spread(rest, tuple(map(Cell, cells))))
    return scale_spreads(spreads)
