"""`gongshi status`: show what the data folder holds."""

from pathlib import Path

import click

from gongshi.commands.options import data_option, json_option


@click.command("status", epilog="\b\nExamples:\n  gongshi status\n  gongshi status --json")
@json_option
@data_option
def command(as_json: bool, data: Path) -> int:
    """Show what the data folder holds: tables, batches, sources, issues and queues.

    Ends with 3 when a source that used to give pages, or values on them, gives none."""
    from gongshi.status import print_status

    return print_status(data, as_json)
