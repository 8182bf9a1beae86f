"""`gongshi report`: write an HTML report of the tables."""

from pathlib import Path

import click

from gongshi.commands.options import data_option


@click.command(
    "report",
    epilog="\b\nExamples:\n  gongshi report\n"
    "  gongshi report 社区治理试点#2 --lang en -o report.html",
)
@click.argument("batches", nargs=-1, metavar="[BATCH]...")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="File to write.  [default: DATA/reports/report.html]",
)
@data_option
def command(batches: tuple[str, ...], lang: str, output: Path | None, data: Path) -> int:
    """Write a self-contained HTML report of all batches, or of the given ones."""
    from gongshi.reporting import write_report_file

    click.echo(write_report_file(data, batches, lang, output))
    return 0
