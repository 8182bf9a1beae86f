"""`gongshi diff`: compare two batches of a programme."""

from pathlib import Path

import click

from gongshi.commands.options import data_option, json_option


@click.command(
    "diff",
    epilog="\b\nExamples:\n  gongshi diff 四川省城乡社区治理试点#2 四川省城乡社区治理试点#3\n"
    "  gongshi diff 社区治理试点#1 社区治理试点#2 --json\n  gongshi diff 3f2a 91bc --cumulative",
)
@click.argument("older", metavar="A")
@click.argument("newer", metavar="B")
@click.option(
    "--cumulative/--replacing",
    default=None,
    help="Whether units of A keep the honour when B does not name them.  [default: told by the "
    "programme: 示范, 名录 and the like last, a 试点 does not]",
)
@json_option
@data_option
def command(older: str, newer: str, cumulative: bool | None, as_json: bool, data: Path) -> int:
    """Compare two batches: units added, dropped, kept, moved, renamed.

    A batch is named by its id, the beginning of it, or programme#number as `gongshi status` lists
    them; part of the programme's name will do. Ends with 1 when the batches differ.
    """
    from gongshi.tables import print_diff

    return print_diff(data, (older, newer), cumulative, as_json)
