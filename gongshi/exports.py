"""Exporting tables to files, with progress."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from datasets.batches import list_batches, select_batch
from datasets.export import ExportOptions, Format, choose_format, export
from datasets.export_rows import Selected, sort_names
from datasets.privacy import load_key
from datasets.profiles import Profile
from datasets.read import Snapshot, open_snapshot
from gongshi.terminal import print_table, say, show_steps


@dataclass(frozen=True, slots=True)
class ExportWishes:
    """What a person asks of an export."""

    tables: Sequence[str]
    """Names of tables; all when there are none."""
    format: Format | None
    """Format, told by the name of the output when None."""
    profile: Profile
    """All columns, or those that may be published."""
    output: Path
    """File or folder to write."""
    batch: str | None = None
    """Batch as people type it, whose rows are exported; all when None."""
    force: bool = False
    """Whether an earlier export is replaced."""


def export_tables(data: Path, wishes: ExportWishes) -> int:
    """Export tables, print what was written, and return the exit code."""
    snapshot = open_snapshot(data)
    options = ExportOptions(
        wishes.output, wishes.format or choose_format(wishes.output), wishes.force
    )
    selected = Selected(
        snapshot,
        sort_names(wishes.tables),
        wishes.profile,
        _find_batch(snapshot, wishes.batch),
        load_key() if wishes.profile == "public" else b"",
    )
    with show_steps() as steps:
        exported = export(selected, options, steps.show)
    print_table(("table", "rows"), exported.rows.items())
    for note in exported.notes:
        say(f"gongshi: {note}")
    click.echo(f"export: {exported.path}")
    return 0


def _find_batch(snapshot: Snapshot, spec: str | None) -> str | None:
    if spec is None:
        return None
    batches = list_batches(snapshot.pandas("announcements"), snapshot.pandas("units"))
    return select_batch(spec, batches).batch_id
