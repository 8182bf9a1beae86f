"""Checks on new tables before anybody reads them, against the snapshot before."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from datasets.read import Snapshot
from datasets.schema import Row, load_tables

LARGEST_DROP = 0.3
"""Share of its rows that a table may lose from one snapshot to the next."""

MAY_SHRINK = frozenset(("issues", "places"))
"""Tables whose rows are no yield: fewer issues are good news, places come with the program."""

Check = Literal["duplicate_key", "row_drop", "source_silent"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason not to publish a snapshot."""

    check: Check
    """Short name of the check. Example: `row_drop`"""
    table: str
    """Table concerned. Example: `units`"""
    message: str
    """One sentence with the numbers. Example: `units: 120 rows before, 70 now`"""


def check_tables(
    tables: Mapping[str, Sequence[Row]], previous: Snapshot | None
) -> tuple[Finding, ...]:
    """Check new rows by table; without a previous snapshot only what needs none.

    >>> tables = {"units": [{"unit_id": "7d793037a0760186"}] * 2}
    >>> [finding.message for finding in check_tables(tables, None)]
    ['units: unit_id 7d793037a0760186 stands in 2 rows']
    """
    findings = [*_duplicate_keys(tables)]
    if previous:
        findings += _row_drops(tables, previous)
        findings += _silent_sources(tables, previous)
    return tuple(findings)


def _duplicate_keys(tables: Mapping[str, Sequence[Row]]) -> list[Finding]:
    findings = []
    for name, rows in tables.items():
        key = load_tables()[name].key
        counts = Counter(row[key] for row in rows)
        repeated = sorted(value for value, n in counts.items() if n > 1)
        if repeated:
            others = f", and {len(repeated) - 1} more" if len(repeated) > 1 else ""
            first = repeated[0]
            message = f"{name}: {key} {first} stands in {counts[first]} rows{others}"
            findings.append(Finding("duplicate_key", name, message))
    return findings


def _row_drops(tables: Mapping[str, Sequence[Row]], previous: Snapshot) -> list[Finding]:
    findings = []
    for name, rows in tables.items():
        before, now = previous.rows(name), len(rows)
        if name not in MAY_SHRINK and now < before * (1 - LARGEST_DROP):
            message = f"{name}: {before} rows before, {now} now"
            findings.append(Finding("row_drop", name, message))
    return findings


def _silent_sources(tables: Mapping[str, Sequence[Row]], previous: Snapshot) -> list[Finding]:
    before = Counter(previous.table("units", ["source_id"])["source_id"].to_pylist())
    now = {row["source_id"] for row in tables["units"]}
    return [
        Finding("source_silent", "units", f"source {source}: {n} units before, none now")
        for source, n in sorted(before.items())
        if source not in now
    ]
