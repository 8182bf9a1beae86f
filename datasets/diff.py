"""What changed between two batches: kinds of change, what could be compared, counts of both."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

import pandas as pd

from datasets.batches import Batch, select_countable
from datasets.unit_matching import ListedUnit, UnitPair, match_units, read_units

ChangeKind = Literal[
    "added",
    "dropped",
    "absent",
    "status_changed",
    "moved_category",
    "level_shift",
    "suspected_rename",
    "kept",
]

CHANGE_KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)
"""Kinds of change in the order in which they are told."""

_MARKS = {"added": "+", "dropped": "-", "suspected_rename": "?"}


@dataclass(frozen=True, slots=True)
class DiffOptions:
    """How two batches are compared."""

    batch_a: Batch
    """Batch of the first list: its counts, its scope and the areas it covers."""
    batch_b: Batch
    """Batch of the second list."""
    cumulative: bool = False
    """Whether the honour lasts: what the second list leaves out is then `absent`, not `dropped`."""
    similarity: float = 0.75
    """How alike two names must be to suspect a rename, 0 to 1."""


@dataclass(frozen=True, slots=True)
class UnitChange:
    """One unit of either list, or a pair of both, and what happened to it."""

    change: ChangeKind
    """Kind of change; a pair whose status and category changed is told as `status_changed`."""
    name_a: str | None
    """Name in the first list."""
    name_b: str | None
    """Name in the second list."""
    city: str | None
    """Prefecture, of the second list where both have the unit."""
    county: str | None
    """County, likewise."""
    kind: str
    """Kind of unit, likewise. Example: `community`"""
    category_a: str | None
    """Category path in the first list."""
    category_b: str | None
    """Category path in the second list."""
    status_a: str | None
    """Status in the first list."""
    status_b: str | None
    """Status in the second list."""
    matched_by: str | None
    """What the pair rests on: place_code, name, name_without_city, similar_name or prefix."""
    similarity: float | None
    """Likeness of the names of a pair, 0 to 1."""
    unit_id_a: str | None
    """Row of the first list."""
    unit_id_b: str | None
    """Row of the second list."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which part of the two lists could be compared."""

    areas_a: tuple[str, ...]
    """Areas the first list covers; empty for a whole list. Example: `("绵阳市",)`"""
    areas_b: tuple[str, ...]
    """Areas the second list covers."""
    outside_a: int
    """Rows of the first list outside what the second covers; they are not compared."""
    outside_b: int
    """Rows of the second list outside what the first covers."""

    @property
    def is_partial(self) -> bool:
        """Whether either list is a local part, or anything was left out."""
        return bool(self.areas_a or self.areas_b or self.outside_a or self.outside_b)


@dataclass(frozen=True, slots=True)
class Tally:
    """Compared rows of both lists in one city, county or category."""

    by: Literal["city", "county", "category"]
    """What is counted."""
    label: str
    """Name of the city, county (with its city) or category path; empty where there is none."""
    found_a: int
    """Rows of the first list."""
    found_b: int
    """Rows of the second list."""


@dataclass(frozen=True, slots=True)
class BatchDiff:
    """Everything that is told of two batches."""

    batch_a: Batch
    """First batch, with its stated and found counts."""
    batch_b: Batch
    """Second batch."""
    cumulative: bool
    """Whether absence from the second list leaves the honour standing."""
    coverage: Coverage
    """Which part of the lists was compared."""
    changes: tuple[UnitChange, ...]
    """All compared units, kept ones included, in the order of `CHANGE_KINDS`."""
    tallies: tuple[Tally, ...]
    """Compared rows per city, county and category."""

    @property
    def counts(self) -> dict[ChangeKind, int]:
        """Number of changes per kind; kinds that do not occur are left out."""
        counted = Counter(change.change for change in self.changes)
        return {kind: counted[kind] for kind in CHANGE_KINDS if counted[kind]}

    @property
    def differs(self) -> bool:
        """Whether anything but kept and absent units was found."""
        return any(kind not in ("kept", "absent") for kind in self.counts)

    def to_rows(self) -> list[dict[str, Any]]:
        """Give the changes as flat dicts for JSON and Parquet, with the two batch ids in front."""
        ids = {"batch_id_a": self.batch_a.batch_id, "batch_id_b": self.batch_b.batch_id}
        return [ids | asdict(change) for change in self.changes]


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
    all_a = read_units(select_countable(units_a))
    all_b = read_units(select_countable(units_b))
    listed_a = [unit for unit in all_a if _covers(options.batch_b, unit)]
    listed_b = [unit for unit in all_b if _covers(options.batch_a, unit)]
    pairs = match_units(listed_a, listed_b, options.similarity)
    changes = [_describe(pair, options.cumulative) for pair in pairs]
    changes.sort(key=_order)
    return BatchDiff(
        batch_a=options.batch_a,
        batch_b=options.batch_b,
        cumulative=options.cumulative,
        coverage=Coverage(
            areas_a=options.batch_a.areas,
            areas_b=options.batch_b.areas,
            outside_a=len(all_a) - len(listed_a),
            outside_b=len(all_b) - len(listed_b),
        ),
        changes=tuple(changes),
        tallies=tuple(_tally(listed_a, listed_b)),
    )


def _covers(batch: Batch, unit: ListedUnit) -> bool:
    """Whether the batch's list would name the unit if the unit were in the batch."""
    if batch.scope == "mention":
        return False
    province, *_ = unit.levels
    names = (unit.name, province + unit.name)
    return not batch.areas or any(
        area in unit.levels or any(name.startswith(area) for name in names) for area in batch.areas
    )


def _describe(pair: UnitPair, cumulative: bool) -> UnitChange:
    a, b = pair.a, pair.b
    unit = b or a
    assert unit is not None
    return UnitChange(
        change=_classify(pair, cumulative),
        name_a=a.name if a else None,
        name_b=b.name if b else None,
        city=unit.label("city") or None,
        county=unit.label("county") or None,
        kind=unit.kind,
        category_a=a.category if a else None,
        category_b=b.category if b else None,
        status_a=a.status if a else None,
        status_b=b.status if b else None,
        matched_by=pair.matched_by,
        similarity=pair.similarity if pair.matched_by else None,
        unit_id_a=a.unit_id if a else None,
        unit_id_b=b.unit_id if b else None,
    )


def _classify(pair: UnitPair, cumulative: bool) -> ChangeKind:
    if pair.a is None:
        return "added"
    if pair.b is None:
        return "absent" if cumulative else "dropped"
    if pair.matched_by == "similar_name":
        return "suspected_rename"
    if pair.matched_by == "prefix":
        return "level_shift"
    if pair.a.status != pair.b.status:
        return "status_changed"
    return "kept" if pair.a.category == pair.b.category else "moved_category"


def _order(change: UnitChange) -> tuple[int, str, str, str]:
    name = change.name_b or change.name_a or ""
    return CHANGE_KINDS.index(change.change), change.city or "", change.county or "", name


def _tally(units_a: Sequence[ListedUnit], units_b: Sequence[ListedUnit]) -> list[Tally]:
    labels: dict[Literal["city", "county", "category"], Callable[[ListedUnit], str]] = {
        "city": lambda unit: unit.label("city"),
        "county": lambda unit: unit.label("city") + unit.label("county"),
        "category": lambda unit: unit.category,
    }
    tallies = []
    for by, label in labels.items():
        found_a, found_b = Counter(map(label, units_a)), Counter(map(label, units_b))
        both = sorted(found_a | found_b, key=lambda name: (-found_a[name] - found_b[name], name))
        tallies += [Tally(by, name, found_a[name], found_b[name]) for name in both]
    return tallies


def write_text(diff: BatchDiff) -> str:
    """Write a diff as plain lines for a terminal: counts, coverage, changes, tallies.

    Kept and absent units are counted, not listed.

    >>> batch = Batch("b1946ac92492d234", "全国文明村镇", 6, (2020,), ("selected",), (), "", None,
    ...               (), "full", ())
    >>> empty = BatchDiff(batch, batch, False, Coverage((), (), 0, 0), (), ())
    >>> write_text(empty).splitlines()[0]
    '全国文明村镇#6 -> 全国文明村镇#6'
    """
    lines = [f"{diff.batch_a.label} -> {diff.batch_b.label}"]
    lines += [f"stated {_tell_stated(diff.batch_a)} -> {_tell_stated(diff.batch_b)}"]
    lines += [f"found {diff.batch_a.found_total} -> {diff.batch_b.found_total}"]
    lines += _tell_coverage(diff)
    lines += [", ".join(f"{kind} {count}" for kind, count in diff.counts.items()) or "no units"]
    for kind in CHANGE_KINDS:
        changes = [change for change in diff.changes if change.change == kind]
        if changes and kind not in ("kept", "absent"):
            lines += ["", f"{kind.replace('_', ' ')} ({len(changes)})"]
            lines += [f"  {_MARKS.get(kind, '~')} {_tell_change(change)}" for change in changes]
    for by in ("city", "county", "category"):
        tallies = [tally for tally in diff.tallies if tally.by == by]
        lines += ["", f"rows per {by}"] if tallies else []
        lines += [f"  {item.found_a:>5} -> {item.found_b:>5}  {item.label}" for item in tallies]
    return "\n".join(lines) + "\n"


def _tell_stated(batch: Batch) -> str:
    return f"{batch.stated_total} ({batch.stated})" if batch.stated_total else "nothing"


def _tell_coverage(diff: BatchDiff) -> list[str]:
    lines = []
    sides = (("first", diff.batch_a), ("second", diff.batch_b))
    for name, batch in sides:
        if batch.scope == "mention":
            lines.append(f"the {name} batch is only spoken of, no list of it was found")
        elif batch.scope == "local_excerpt":
            areas = ", ".join(batch.areas) or "an area that is not stated"
            lines.append(f"the {name} list is a local part: {areas}")
    if diff.coverage.outside_a or diff.coverage.outside_b:
        outside = f"{diff.coverage.outside_a} rows of the first, {diff.coverage.outside_b}"
        lines.append(f"not compared: {outside} of the second list")
    if diff.cumulative:
        lines.append("the honour lasts: units the second list leaves out are absent, not dropped")
    return lines


def _tell_change(change: UnitChange) -> str:
    name = change.name_b or change.name_a or ""
    if change.name_a and change.name_b and change.name_a != change.name_b:
        name = f"{change.name_a} -> {change.name_b}"
    facts = ((change.status_a, change.status_b), (change.category_a, change.category_b))
    details = [f"{old or '-'} -> {new or '-'}" for old, new in facts if old != new]
    if not (change.name_a and change.name_b):
        details = [change.category_b or change.category_a or ""]
    if change.change == "suspected_rename":
        details.append(f"alike {change.similarity:.2f}")
    told = "; ".join(filter(None, details))
    return f"{name}  [{told}]" if told else name
