"""`gongshi gc`: remove old snapshots of the tables."""

from pathlib import Path

import click

from gongshi.commands.options import data_option


@click.command("gc", epilog="\b\nExamples:\n  gongshi gc --keep 10")
@click.option(
    "--keep", type=click.IntRange(min=1), default=10, show_default=True, help="Snapshots to keep."
)
@data_option
def command(keep: int, data: Path) -> int:
    """Remove all but the newest snapshots, and the files that only they held.

    The latest snapshot and the archived pages always stay.
    """
    from gongshi.tables import remove_snapshots

    return remove_snapshots(data, keep)
