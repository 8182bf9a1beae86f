"""`gongshi doctor`: check the installation and the data folder."""

from pathlib import Path

import click

from gongshi.commands.options import data_option, json_option


@click.command(
    "doctor",
    epilog="\b\nExamples:\n  gongshi doctor\n  gongshi doctor --data ~/notices --json",
)
@json_option
@data_option
def command(as_json: bool, data: Path) -> int:
    """Check the installation and the data folder, one line each: ok, note or problem.

    A line that is not ok says how to mend it. Nothing is changed. Ends with 2 when something is
    broken, else with 0; a note is worth knowing and breaks nothing.
    """
    from gongshi.doctor import print_findings

    return print_findings(data, as_json)
