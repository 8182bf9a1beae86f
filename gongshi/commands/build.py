"""`gongshi build`: build the tables from all archived pages."""

from pathlib import Path
from typing import Any

import click

from gongshi.commands.options import build_options, data_option


@click.command(
    "build",
    epilog="\b\nExamples:\n  gongshi build\n  gongshi build --jobs 4 --accept\n"
    "  gongshi build --engine dask --scheduler tcp://10.0.0.7:8786",
)
@data_option
@build_options
def command(data: Path, wishes: dict[str, Any]) -> int:
    """Build the tables from all archived pages; the network is not needed.

    The tables appear in DATA/latest all at once. When nothing changed no snapshot is made. When a
    check fails the old tables stay, the new ones are kept aside, and the command ends with 2. It
    ends with 3 when the new pages of a source lack what its pages used to give.
    """
    from gongshi.declared import read_declared
    from gongshi.tables import BuildWishes, build_tables

    return build_tables(data, BuildWishes(**wishes), read_declared())
