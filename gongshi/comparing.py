"""Comparing batches, the stages of one batch, and snapshots, for people, programs and files."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from datasets.batch_lists import load_batches, load_stages, open_list
from datasets.batches import select_batch
from datasets.diff import DiffOptions, diff_lists
from datasets.diff_files import write_file
from datasets.diff_records import BatchDiff
from datasets.diff_text import write_text
from datasets.read import Snapshot, open_snapshot
from datasets.snapshot_diff import diff_snapshots, open_pair
from datasets.snapshot_text import write_text as write_snapshot_text
from datasets.unit_changes import UnitChange
from datasets.unit_lists import connect
from gongshi.terminal import say
from normalize.errors import GongshiError

_NUMBERS = ("similarity",)
CHANGE_COLUMNS: Mapping[str, type] = {
    name: float if name in _NUMBERS else str
    for name in ("batch_id_a", "batch_id_b", *UnitChange._fields)
}
"""Columns of a file of changes between batches."""

ROW_COLUMNS: Mapping[str, type] = dict.fromkeys(
    (
        "snapshot_a",
        "snapshot_b",
        "table",
        "change",
        "key",
        "columns",
        "url",
        "cause",
        "text_changes",
    ),
    str,
)
"""Columns of a file of changes between snapshots."""


@dataclass(frozen=True, slots=True)
class DiffWishes:
    """What a person asks of a comparison."""

    cumulative: bool | None = None
    """Whether absence is no drop; told by the programme when None."""
    as_json: bool = False
    """Whether to print JSON."""
    output: Path | None = None
    """File to write instead, .parquet or .xlsx."""


def print_diff(data: Path, specs: tuple[str, str | None], wishes: DiffWishes) -> int:
    """Print the difference of two batches, or of the stages of one; return 1 when they differ."""
    snapshot = open_snapshot(data)
    first, second = specs
    if second is None:
        diff = compare_stages(snapshot, first)
    else:
        diff = compare(snapshot, (first, second), wishes.cumulative)
    if wishes.output:
        _write(diff.iter_dicts(), CHANGE_COLUMNS, wishes.output)
    elif wishes.as_json:
        click.echo(json.dumps(diff.to_rows(), ensure_ascii=False, indent=1))
    else:
        click.echo(write_text(diff), nl=False)
    return 1 if diff.differs else 0


def compare(
    snapshot: Snapshot, specs: tuple[str, str], cumulative: bool | None = None
) -> BatchDiff:
    """Compare two batches of a snapshot, named as people type them.

    Whether absence from the newer one is a drop is told by the programme, unless it is given.
    """
    batches = load_batches(snapshot)
    older, newer = (select_batch(spec, batches) for spec in specs)
    connection = connect()
    sides = [open_list(connection, snapshot, batch) for batch in (older, newer)]
    lasting = older.is_lasting if cumulative is None else cumulative
    return diff_lists(sides[0], sides[1], DiffOptions(older, newer, lasting))


def compare_stages(snapshot: Snapshot, spec: str) -> BatchDiff:
    """Compare the proposed list of a batch with its decided one.

    Raises GongshiError when the tables have only one of them.
    """
    batch = select_batch(spec, load_batches(snapshot))
    stages = load_stages(snapshot, batch)
    if stages is None:
        raise GongshiError(
            f"batch {batch.label} has no proposed and decided list: name a second batch to compare"
        )
    connection = connect()
    proposed, decided = (
        open_list(connection, snapshot, batch, proposed=proposed) for proposed in (True, False)
    )
    return diff_lists(proposed, decided, DiffOptions(*stages, stages=True))


def print_snapshot_diff(data: Path, names: tuple[str, str], wishes: DiffWishes) -> int:
    """Print what changed between two snapshots; return 1 when any row did."""
    diff = diff_snapshots(*open_pair(data, *names))
    if wishes.output:
        _write(diff.iter_dicts(), ROW_COLUMNS, wishes.output)
    elif wishes.as_json:
        click.echo(json.dumps(diff.to_json(), ensure_ascii=False, indent=1, default=str))
    else:
        click.echo(write_snapshot_text(diff), nl=False)
    return 1 if diff.differs else 0


def _write(rows: Iterable[Mapping[str, Any]], columns: Mapping[str, type], path: Path) -> None:
    number = write_file(rows, columns, path)
    say(f"{number} rows: {path}")
