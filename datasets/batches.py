"""Which batches the tables hold, and which of them a person means."""

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from datasets.schema import SEPARATOR
from extract.unit_kinds import kinds_of
from normalize.errors import GongshiError
from normalize.vocabulary import LASTING_HONOUR

BatchScope = Literal["full", "local_excerpt", "mention"]

STAGES = ("proposed", "selected", "completed", "reconfirmed", "downgraded", "withdrawn")
"""Statuses in the order in which a batch goes through them."""

_ID_PREFIX = re.compile(r"[0-9a-f]{4,16}")
_NUMBERED = re.compile(r"(?P<programme>.*?)\s*#\s*(?P<number>\d+)")


@dataclass(frozen=True, slots=True)
class Batch:
    """One programme and batch, put together from every document that announces it."""

    batch_id: str
    """Row id over programme and batch. Example: `b1946ac92492d234`"""
    programme: str
    """Canonical name of the programme. Example: `四川省城乡社区治理试点`"""
    batch: int | None
    """Number of the batch; None when the programme counts by year. Example: `3`"""
    years: tuple[int, ...]
    """Years of the announcements. Example: `(2022,)`"""
    statuses: tuple[str, ...]
    """Statuses of the announcements, in the order of `STAGES`. Example: `("selected",)`"""
    documents: tuple[str, ...]
    """Ids of the documents that announce it."""
    stated: str
    """Counts the widest announcement states. Example: `区(市、县) 41 / 街道 38`"""
    stated_total: int | None
    """Their sum, None when nothing is stated. Example: `229`"""
    found: tuple[tuple[str, int], ...]
    """Countable rows per kind of unit. Example: `(("county", 3), ("town", 4))`"""
    scope: BatchScope
    """Whether the rows are the whole list, local parts of it, or the batch is only spoken of."""
    areas: tuple[str, ...]
    """Areas the local parts cover; empty for a whole list. Example: `("绵阳市",)`"""

    @property
    def found_total(self) -> int:
        """Number of countable rows."""
        return sum(count for _, count in self.found)

    @property
    def is_lasting(self) -> bool:
        """Whether its units keep the honour when the next batch is named.

        >>> lasting = Batch("", "中国传统村落名录", 6, (), (), (), "", None, (), "full", ())
        >>> lasting.is_lasting
        True
        """
        return LASTING_HONOUR.search(self.programme) is not None

    @property
    def coverage(self) -> float | None:
        """Rows found for every row stated, None when nothing is stated."""
        return self.found_total / self.stated_total if self.stated_total else None

    @property
    def label(self) -> str:
        """What a person types to name it: `四川省城乡社区治理试点#3`, or the year after `#`."""
        number = self.batch if self.batch is not None else max(self.years, default=None)
        return self.programme if number is None else f"{self.programme}#{number}"


@dataclass(frozen=True, slots=True)
class Share:
    """A stated count and the rows of its kind that were found."""

    of: str
    """What is counted, as stated. Example: `街道`"""
    stated: int
    """The stated number. Example: `38`"""
    found: int | None
    """Rows of that kind; None where the batch has no list or the noun tells no kind."""

    @property
    def percent(self) -> float:
        """Rows found for a hundred stated, at most 100."""
        return min(100.0, 100 * (self.found or 0) / self.stated) if self.stated else 0.0


def read_coverage(batch: Batch) -> tuple[Share, ...]:
    """Hold each stated count against the rows of the kind of unit it speaks of, if a list is there.

    Excerpts of several cities count together: what the batch states, once, against all their rows.

    >>> third = Batch("b1946ac92492d234", "四川省城乡社区治理试点", 3, (2022,), ("selected",), (),
    ...               "区(市、县) 41 / 社区 150", 191, (("community", 14),), "full", ())
    >>> [(share.of, share.stated, share.found) for share in read_coverage(third)]
    [('区(市、县)', 41, 0), ('社区', 150, 14)]
    """
    counts = [part.rpartition(" ") for part in batch.stated.split(SEPARATOR) if part]
    lines = [(of, int(number)) for of, _, number in counts if number.isdigit()]
    return tuple(Share(of, stated, _count_kinds(of, batch, len(lines))) for of, stated in lines)


def _count_kinds(of: str, batch: Batch, lines: int) -> int | None:
    if batch.scope == "mention":
        return None
    kinds = kinds_of(of)
    if kinds is not None:
        return sum(count for kind, count in batch.found if kind in kinds)
    # A lone count in other words (单位, 实验区) speaks of all rows; one of several says nothing.
    return batch.found_total if lines == 1 else None


def read_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Turn a table into plain dicts in which every missing value is None.

    >>> read_rows(pd.DataFrame({"batch": pd.array([3, None], dtype="Int64")}))
    [{'batch': 3}, {'batch': None}]
    """
    columns = [frame[name].astype(object).where(frame[name].notna(), None) for name in frame]
    names = [str(name) for name in frame]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def select_countable(units: pd.DataFrame) -> pd.DataFrame:
    """Keep the unit rows to count: one per unit, batch and category.

    Repeats in weaker sources go, and so does a batch's proposed list (公示) once its decided list
    is there. Takes and returns rows with the columns of `units`; several batches may be mixed.

    >>> select_countable(pd.DataFrame({
    ...     "unit_id": ["a", "b"], "batch_id": ["x", "x"],
    ...     "status": ["proposed", "selected"], "duplicate_of": [None, None],
    ... }))["unit_id"].tolist()
    ['b']
    """
    first = units[units["duplicate_of"].isna()]
    decided = first["status"] != "proposed"
    settled = set(first.loc[decided, "batch_id"])
    return first[decided | ~first["batch_id"].isin(settled)]


def list_batches(announcements: pd.DataFrame, units: pd.DataFrame) -> list[Batch]:
    """List the batches of the two tables, ordered by programme, year and number.

    Takes the tables `announcements` and `units`; gives one `Batch` per batch_id. Rows are counted
    as `select_countable` says, and stated counts come from announcements of the same status. A
    column `rows` says how many rows one row of `units` stands for.

    >>> none = pd.DataFrame(columns=["batch_id", "status", "duplicate_of", "kind", "city"])
    >>> list_batches(pd.DataFrame(columns=["batch_id"]), none)
    []
    """
    listed: dict[str, list[dict[str, Any]]] = {}
    for row in read_rows(select_countable(units)):
        listed.setdefault(row["batch_id"], []).append(row)
    announced: dict[str, list[dict[str, Any]]] = {}
    for row in read_rows(announcements):
        announced.setdefault(row["batch_id"], []).append(row)
    batches = [_gather(rows, listed.get(batch_id, [])) for batch_id, rows in announced.items()]
    return sorted(batches, key=_order)


def _order(batch: Batch) -> tuple[str, int, int, str]:
    return (batch.programme, batch.batch or 0, max(batch.years, default=0), batch.batch_id)


def _gather(announcements: list[dict[str, Any]], units: list[dict[str, Any]]) -> Batch:
    counted = {unit["status"] for unit in units}
    # A page that only speaks of the batch must not decide what its list covers.
    listing = [row for row in announcements if units and row["scope"] != "mention"]
    listing = [row for row in listing if row["status"] in counted] or listing
    best = max(listing or announcements, key=_width)
    found: Counter[str] = Counter()
    for unit in units:
        found[unit["kind"]] += unit.get("rows", 1)
    scope: BatchScope = "mention"
    if listing:
        full = any(row["scope"] == "full" for row in listing)
        scope = "full" if full else "local_excerpt"
    areas: set[str] = set()
    if scope == "local_excerpt":
        areas = {row["scope_area"] for row in listing if row["scope_area"]}
        # An excerpt that does not say of where covers at least the cities it lists.
        areas = areas or {unit["city"] for unit in units if unit["city"]}
    return Batch(
        batch_id=best["batch_id"],
        programme=best["programme"],
        batch=None if best["batch"] is None else int(best["batch"]),
        years=tuple(sorted({int(row["year"]) for row in announcements if row["year"]})),
        statuses=tuple(sorted({row["status"] for row in announcements}, key=_stage)),
        documents=tuple(dict.fromkeys(row["doc_id"] for row in announcements)),
        stated=best["stated"] or "",
        stated_total=None if best["stated_total"] is None else int(best["stated_total"]),
        found=tuple(sorted(found.items(), key=lambda item: (-item[1], item[0]))),
        scope=scope,
        areas=tuple(sorted(areas)),
    )


def _width(announcement: dict[str, Any]) -> tuple[bool, int]:
    return announcement["scope"] == "full", int(announcement["stated_total"] or 0)


def _stage(status: str) -> int:
    return STAGES.index(status) if status in STAGES else len(STAGES)


def select_batch(text: str, batches: Sequence[Batch]) -> Batch:
    """Find the batch that a person typed.

    ``text`` is a batch_id or four or more digits of its start, or the programme or a part of its
    name with ``#`` and the number of the batch (or the year, where batches have no number).
    Raises GongshiError with the nearest candidates when no batch or more than one is meant.

    >>> third = Batch("b1946ac92492d234", "四川省城乡社区治理试点", 3, (2022,), ("selected",),
    ...               (), "", None, (), "full", ())
    >>> select_batch("城乡社区#3", [third]).batch_id
    'b1946ac92492d234'
    """
    typed = unicodedata.normalize("NFKC", text).strip()
    matches = _match(typed, batches)
    if len(matches) == 1:
        return matches[0]
    if matches:
        names = _name_all(matches)
        raise GongshiError(f"batch {text!r} is not unique: it may be {names}; type one of these")
    nearest = _name_all(_find_nearest(typed, batches)) or "none, the tables hold no batch"
    raise GongshiError(f"no batch {text!r}: the nearest are {nearest}")


def _match(typed: str, batches: Iterable[Batch]) -> list[Batch]:
    batches = list(batches)
    if _ID_PREFIX.fullmatch(typed):
        by_id = [batch for batch in batches if batch.batch_id.startswith(typed)]
        if by_id:
            return by_id
    numbered = _NUMBERED.fullmatch(typed)
    programme = typed
    if numbered:
        programme, number = numbered["programme"], int(numbered["number"])
        batches = [batch for batch in batches if _has_number(batch, number)]
    exact = [batch for batch in batches if _fold(batch.programme) == programme]
    partial = [batch for batch in batches if programme and programme in _fold(batch.programme)]
    return exact or partial


def _has_number(batch: Batch, number: int) -> bool:
    return number == batch.batch if batch.batch is not None else number in batch.years


def _fold(programme: str) -> str:
    return unicodedata.normalize("NFKC", programme)


def _find_nearest(typed: str, batches: Sequence[Batch]) -> list[Batch]:
    def likeness(batch: Batch) -> float:
        return difflib.SequenceMatcher(None, typed, _fold(batch.label), autojunk=False).ratio()

    return sorted(batches, key=likeness, reverse=True)[:3]


def _name_all(batches: Sequence[Batch]) -> str:
    return ", ".join(f"{batch.label} ({batch.batch_id[:8]})" for batch in batches[:5])
