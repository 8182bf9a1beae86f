"""`gongshi export`: write tables to CSV, Excel, DuckDB or a data package."""

from pathlib import Path
from typing import Any

import click

from gongshi.commands.options import data_option


@click.command(
    "export",
    epilog="\b\nExamples:\n  gongshi export units -o units.csv\n"
    "  gongshi export units announcements --batch 社区治理试点#3 -o batch3.xlsx\n"
    "  gongshi export -o gongshi.duckdb\n"
    "  gongshi export --profile public --format datapackage -o public/",
)
@click.argument("tables", nargs=-1, metavar="[TABLE]...")
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    required=True,
    help="File to write, or folder for several files.",
)
@click.option(
    "--format",
    type=click.Choice(["csv", "xlsx", "duckdb", "datapackage", "parquet"]),
    default=None,
    help="What to write.  [default: told by the name of the output]",
)
@click.option(
    "--profile",
    type=click.Choice(["full", "public"]),
    default="full",
    show_default=True,
    help="All columns, or those that may be handed around: no texts of replies, no authors, no "
    "floors.",
)
@click.option("--batch", metavar="BATCH", default=None, help="Only what belongs to one batch.")
@click.option("--force", is_flag=True, help="Replace an earlier export.")
@data_option
def command(data: Path, **wishes: Any) -> int:
    """Write tables, all by default, to files for other programs.

    Texts that a spreadsheet would run as formulas are made harmless. datapackage and parquet
    write a folder with a README and datapackage.json, ready for the Hugging Face Hub.
    """
    from gongshi.exports import ExportWishes, export_tables

    return export_tables(data, ExportWishes(**wishes))
