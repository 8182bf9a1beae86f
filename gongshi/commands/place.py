"""`gongshi place`: say which division a name or code means, and why."""

from pathlib import Path

import click

from gongshi.commands.options import data_option, json_option


@click.command(
    "place",
    epilog="\b\nExamples:\n  gongshi place 绵阳市三台县潼川镇草堂社区\n"
    "  gongshi place 新津县 --on 2016-08-01 --as-of 2022-01-01\n"
    "  gongshi place 潼川镇 北坝镇 --in 四川省/绵阳市 --json\n  gongshi place 510722101011\n"
    "  gongshi place - --tsv < names.txt > codes.tsv\n",
)
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--in", "context", default="", help="Area the names are read in: a path or code.")
@click.option("--on", "on", metavar="DATE", help="Day the names were printed: YYYY-MM-DD.")
@click.option("--as-of", "as_of", metavar="DATE", help="Day to give the codes of as well.")
@click.option("--tsv", "as_tsv", is_flag=True, help="Print one line per name, tabs between.")
@json_option
@data_option
def command(  # noqa: PLR0913, PLR0917 - one parameter per option
    names: tuple[str, ...],
    context: str,
    on: str | None,
    as_of: str | None,
    as_tsv: bool,
    as_json: bool,
    data: Path,
) -> int:
    """Say which division from province to village each NAME means, and why.

    NAME may be a division code of 2, 4, 6, 9 or 12 digits, or - for names from standard input, one
    per line. With --json one object per name and line; with --tsv name, status, code, path and
    flags below a heading; read codes as text. Ends with 2 when a name is ambiguous or means no
    division. --data is accepted for uniformity and not touched.
    """
    from gongshi.places import Question, print_places

    return print_places(names, Question.read(context, on, as_of), as_json, as_tsv)
