"""What a comparison of two lists tells: changes, coverage, counts."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from datasets.batches import Batch, Share
from datasets.unit_changes import (
    CHANGE_KINDS,
    UNTOLD,
    ChangeKind,
    Terms,
    UnitChange,
    describe_match,
)
from datasets.unit_lists import Rows, UnitList
from datasets.unit_succession import UnitMatch


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
    shares_a: tuple[Share, ...] = ()
    """Each count the first batch states, with the rows found."""
    shares_b: tuple[Share, ...] = ()
    """The same of the second batch."""
    compared: int = 0
    """Rows of both lists that were compared."""
    unsearched: int = 0
    """Rows without a partner in places too large to look for similar names."""

    @property
    def is_partial(self) -> bool:
        """Whether either list is a local part, or anything was left out."""
        return bool(self.areas_a or self.areas_b or self.outside_a or self.outside_b)

    @property
    def is_empty(self) -> bool:
        """Whether the lists have rows but share no area, so that nothing can be said."""
        return not self.compared and bool(self.outside_a or self.outside_b)


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


@dataclass(frozen=True, slots=True, eq=False)
class SameRows:
    """Pairs of rows that are the same in both lists, by number: they are read when asked for."""

    lists: tuple[UnitList, UnitList]
    """Both lists."""
    rows: tuple[Rows, Rows]
    """Row of each list, pair by pair."""

    def __len__(self) -> int:
        """Number of pairs."""
        return len(self.rows[0])


@dataclass(frozen=True, slots=True, eq=False)
class BatchDiff:
    """Everything that is told of two lists."""

    batch_a: Batch
    """First batch, with its stated and found counts."""
    batch_b: Batch
    """Second batch."""
    cumulative: bool
    """Whether absence from the second list leaves the honour standing."""
    coverage: Coverage
    """Which part of the lists was compared."""
    told: tuple[UnitChange, ...]
    """Compared units that are not the same row in both lists, in the order of `CHANGE_KINDS`."""
    tallies: tuple[Tally, ...]
    """Compared rows per city, county and category."""
    same: SameRows | None = None
    """The others."""
    stages: bool = False
    """Whether the two are the proposed and the decided list of one batch."""

    @property
    def counts(self) -> dict[ChangeKind, int]:
        """Number of changes per kind; kinds that do not occur are left out."""
        counted = Counter(change.change for change in self.told)
        counted["kept"] += len(self.same or ())
        return {kind: counted[kind] for kind in CHANGE_KINDS if counted[kind]}

    @property
    def differs(self) -> bool:
        """Whether anything but kept and absent units was found."""
        return any(kind not in UNTOLD for kind in self.counts)

    @property
    def changes(self) -> tuple[UnitChange, ...]:
        """All compared units, kept ones included, in the order of `CHANGE_KINDS`."""
        return tuple(self.iter_changes())

    def iter_changes(self) -> Iterator[UnitChange]:
        """Walk over all compared units without holding the changes, the same rows last.

        >>> batch = Batch("", "全国文明村镇", 6, (), (), (), "", None, (), "full", ())
        >>> list(BatchDiff(batch, batch, False, Coverage((), (), 0, 0), (), ()).iter_changes())
        []
        """
        yield from self.told
        if self.same is None:
            return
        terms = Terms()
        sides = (
            units.iter_rows(rows)
            for units, rows in zip(self.same.lists, self.same.rows, strict=True)
        )
        for some_a, some_b in zip(*sides, strict=True):
            for a, b in zip(some_a, some_b, strict=True):
                by: Literal["place_code", "name"] = "place_code" if a.place_code else "name"
                yield describe_match(UnitMatch((a,), (b,), by), terms)

    def to_rows(self) -> list[dict[str, Any]]:
        """Give the changes as flat dicts for JSON and Parquet, with the two batch ids in front."""
        return list(self.iter_dicts())

    def iter_dicts(self) -> Iterator[dict[str, Any]]:
        """Walk over the same dicts one by one."""
        ids = {"batch_id_a": self.batch_a.batch_id, "batch_id_b": self.batch_b.batch_id}
        return (ids | change._asdict() for change in self.iter_changes())
