"""`gongshi diff`: compare two batches, the stages of one batch, or two snapshots."""

from pathlib import Path
from typing import Any

import click

from gongshi.commands.options import data_option, json_option
from normalize.errors import GongshiError


@click.command(
    "diff",
    epilog="\b\nExamples:\n  gongshi diff 四川省城乡社区治理试点#2 四川省城乡社区治理试点#3\n"
    "  gongshi diff 社区治理试点#1 社区治理试点#2 --json\n  gongshi diff 3f2a 91bc --cumulative\n"
    "  gongshi diff 中国传统村落名录#6                    proposed against decided\n"
    "  gongshi diff 试点#2 试点#3 --format xlsx -o changes.xlsx\n"
    "  gongshi diff --snapshots previous latest",
)
@click.argument("older", metavar="[A]", required=False)
@click.argument("newer", metavar="[B]", required=False)
@click.option(
    "--snapshots",
    is_flag=True,
    help="Compare snapshots of all tables instead: ids, or previous and latest, the default.",
)
@click.option(
    "--cumulative/--replacing",
    default=None,
    help="Whether units of A keep the honour when B does not name them.  [default: told by the "
    "programme: 示范, 名录 and the like last, a 试点 does not]",
)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["text", "json", "parquet", "xlsx"]),
    default=None,
    help="What to print, or the file to write: all units, one row each.  [default: text]",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="File for parquet and xlsx.  [default: reports/diff.parquet in the data folder]",
)
@json_option
@data_option
def command(older: str | None, newer: str | None, data: Path, **given: Any) -> int:
    """Compare two batches: units added, dropped, kept, renamed, merged, split, moved.

    A batch is named by its id, the beginning of it, or programme#number as `gongshi status` lists
    them; part of the programme's name will do. One batch alone: its proposed list against the
    decided one. Only the area that both lists cover is compared. Ends with 1 when they differ.
    """
    from gongshi.comparing import DiffWishes, print_diff, print_snapshot_diff

    file_format, output = _choose_file(given["file_format"], given["output"], data)
    as_json = given["as_json"] or file_format == "json"
    wishes = DiffWishes(given["cumulative"], as_json, output)
    if given["snapshots"]:
        return print_snapshot_diff(data, (older or "previous", newer or "latest"), wishes)
    if older is None:
        raise GongshiError("no batch is named: name one or two as `gongshi status` lists them")
    return print_diff(data, (older, newer), wishes)


def _choose_file(
    file_format: str | None, output: Path | None, data: Path
) -> tuple[str | None, Path | None]:
    if output and file_format is None:
        file_format = "xlsx" if output.suffix == ".xlsx" else "parquet"
    if file_format not in ("parquet", "xlsx"):
        if output:
            raise GongshiError("--output is for parquet and xlsx: print the others with > FILE")
        return file_format, None
    output = output or data / "reports" / f"diff.{file_format}"
    if output.suffix != f".{file_format}":
        raise GongshiError(f"'{output}' does not end in .{file_format}: name it so")
    return file_format, output
