"""Batches and their comparisons as a report shows them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

import pandas as pd

from datasets.batches import Batch, read_coverage, read_rows, select_countable
from datasets.diff import DiffOptions, diff_batches
from datasets.diff_records import BatchDiff
from datasets.programme_terms import split_stages
from datasets.report.charts import count_bars
from datasets.report.sources import Page
from datasets.report.view import (
    Bar,
    BatchView,
    ChangeGroup,
    DiffView,
    SourceView,
    UnitView,
)
from datasets.unit_changes import CHANGE_KINDS, UNTOLD, ChangeKind, UnitChange

MAX_BARS = 12
"""Bars of one chart; what is beyond them is one bar."""

JOIN = " / "
"""What the tables join lists with."""

COUNTED = ["batch_id", "status", "kind", "city", "duplicate_of"]
"""Columns of `units` that `datasets.batches.list_batches` counts by."""

_UNIT_COLUMNS = ["batch_id", "doc_id", "order", "name_full", "kind", "city", "county"]
_UNIT_COLUMNS += ["category_path", "remark", "award", "span_start", "span_end"]
_OFFICE_COLUMNS = ["batch_id", "authority", "doc_no"]
_NAMES_ONLY: tuple[ChangeKind, ...] = ("added", "dropped")


@dataclass(frozen=True, slots=True)
class BatchTables:
    """The tables that batches are read from."""

    announcements: pd.DataFrame
    """Table `announcements`, or the rows of some batches."""
    units: pd.DataFrame
    """Table `units`, likewise."""
    pages: Mapping[str, Page]
    """Pages by doc_id."""
    rest: str
    """Word for the bar of everything beyond `MAX_BARS`."""
    listed: Sequence[Batch]
    """Batches of these rows by programme and number, as `list_batches` gives them."""


def view_batches(tables: BatchTables) -> tuple[BatchView, ...]:
    """Describe every batch with its counts, bars, rows and sources, the newest lists first.

    >>> from datasets.schema import to_arrow
    >>> empty = [to_arrow(name, []).to_pandas() for name in ("announcements", "units")]
    >>> view_batches(BatchTables(*empty, {}, "others", ()))
    ()
    """
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in read_rows(select_countable(tables.units)[_UNIT_COLUMNS]):
        rows.setdefault(row["batch_id"], []).append(row)
    announced: dict[str, list[dict[str, Any]]] = {}
    for row in read_rows(tables.announcements[_OFFICE_COLUMNS]):
        announced.setdefault(row["batch_id"], []).append(row)
    batches = sorted(tables.listed, key=_order)
    return tuple(
        _view_batch(batch, announced[batch.batch_id], rows.get(batch.batch_id, []), tables)
        for batch in batches
    )


def _order(batch: Batch) -> tuple[str, bool, int, int]:
    # Within a programme the newest list is read first; what is only spoken of comes last.
    newest = max(batch.years, default=0)
    return batch.programme, batch.scope == "mention", -(batch.batch or 0), -newest


def _view_batch(
    batch: Batch,
    announcements: Sequence[Mapping[str, Any]],
    units: list[dict[str, Any]],
    tables: BatchTables,
) -> BatchView:
    units.sort(key=lambda row: (row["doc_id"], row["order"] or 0))
    documents = dict.fromkeys([*(row["doc_id"] for row in units), *batch.documents])
    numbers = {doc_id: number for number, doc_id in enumerate(documents, 1)}
    cities = {row["city"] for row in units}
    level = "county" if len(cities) == 1 and any(row["county"] for row in units) else "city"
    authorities = (name for row in announcements for name in _split(row["authority"]))
    return BatchView(
        batch=batch,
        authority="、".join(dict.fromkeys(authorities)),
        doc_no="、".join(dict.fromkeys(row["doc_no"] for row in announcements if row["doc_no"])),
        stated=read_coverage(batch),
        place_level="county" if level == "county" else "city",
        places=count_bars((row[level] or "" for row in units), MAX_BARS, tables.rest),
        categories=_count_categories(units, tables.rest),
        units=tuple(_view_unit(row, numbers, tables.pages) for row in units),
        sources=tuple(
            _view_source(number, tables.pages.get(doc_id)) for doc_id, number in numbers.items()
        ),
    )


def _split(joined: str | None) -> list[str]:
    return [part for part in (joined or "").split(JOIN) if part]


def _count_categories(units: Iterable[Mapping[str, Any]], rest: str) -> tuple[Bar, ...]:
    # The same leaf may stand under several headings, so the whole path is counted.
    paths = [" › ".join(_split(row["category_path"])) for row in units]
    return count_bars(paths, MAX_BARS, rest) if any(paths) else ()


def _view_unit(
    row: Mapping[str, Any], numbers: Mapping[str, int], pages: Mapping[str, Page]
) -> UnitView:
    page = pages.get(row["doc_id"])
    return UnitView(
        order=int(row["order"] or 0),
        name=row["name_full"],
        kind=row["kind"],
        category=tuple(_split(row["category_path"])),
        remark=" · ".join(part for part in (row["remark"], row["award"]) if part),
        url=page.url if page else None,
        source=numbers[row["doc_id"]],
        span=(int(row["span_start"]), int(row["span_end"])),
    )


def _view_source(number: int, page: Page | None) -> SourceView:
    if page is None:
        return SourceView(number, "", "", "", "")
    return SourceView(number, page.title, page.url, page.published, page.warc)


def view_diffs(tables: BatchTables) -> tuple[DiffView, ...]:
    """Compare neighbouring batches of a programme, and proposed with decided lists of a batch.

    Batches without a list are passed over.

    >>> none = pd.DataFrame()
    >>> view_diffs(BatchTables(none, none, {}, "others", ()))
    ()
    """
    listed = [batch for batch in tables.listed if batch.scope != "mention"]
    views = [view for batch in listed if (view := _diff_stages(batch, tables))]
    for _, batches in groupby(listed, key=lambda batch: batch.programme):
        views += [_diff_neighbours(first, second, tables) for first, second in pairwise(batches)]
    return tuple(views)


def _diff_neighbours(first: Batch, second: Batch, tables: BatchTables) -> DiffView:
    units_a = tables.units[tables.units["batch_id"] == first.batch_id]
    units_b = tables.units[tables.units["batch_id"] == second.batch_id]
    diff = diff_batches(units_a, units_b, DiffOptions(first, second, first.is_lasting))
    return DiffView(diff, by_status=False, groups=_group_changes(diff))


def _diff_stages(batch: Batch, tables: BatchTables) -> DiffView | None:
    stages = split_stages(batch.batch_id, tables.announcements, tables.units)
    if stages is None:
        return None
    (proposed, units_a), (decided, units_b) = stages
    diff = diff_batches(units_a, units_b, DiffOptions(proposed, decided, stages=True))
    return DiffView(diff, by_status=True, groups=_group_changes(diff))


def _group_changes(diff: BatchDiff) -> tuple[ChangeGroup, ...]:
    groups = []
    for kind in CHANGE_KINDS:
        changes = tuple(change for change in diff.told if change.change == kind)
        if changes and kind not in UNTOLD:
            places = _name_by_place(changes) if kind in _NAMES_ONLY else ()
            groups.append(ChangeGroup(kind, changes, places))
    return tuple(groups)


def _name_by_place(changes: Iterable[UnitChange]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    places: dict[str, list[str]] = {}
    for change in changes:
        place = (change.city or "") + (change.county or "")
        name = change.name_b or change.name_a or ""
        places.setdefault(place, []).append(name.removeprefix(place) or name)
    return tuple((place, tuple(names)) for place, names in places.items())
