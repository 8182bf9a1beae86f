"""`gongshi trace`: show where a row comes from, down to the bytes in the archive."""

from pathlib import Path

import click

from gongshi.commands.options import data_option, json_option


@click.command(
    "trace",
    epilog="\b\nExamples:\n  gongshi trace 7d793037a0760186\n  gongshi trace units/7d79 --open\n"
    "  gongshi trace comments/4b22 --json\n  gongshi trace 7d79 --html row.html",
)
@click.argument("row_id", metavar="ROW_ID")
@json_option
@click.option("--open", "open_page", is_flag=True, help="Open the text with the words marked.")
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Write that page to a file.  [default with --open: DATA/reports/trace-ROW_ID.html]",
)
@data_option
def command(row_id: str, as_json: bool, open_page: bool, html: Path | None, data: Path) -> int:
    """Show where a row comes from: its words in the text, what was printed, the archived record.

    ROW_ID is the value of the row's key column in any table, the beginning of one, or TABLE/ID.
    Edits are the repairs and conversions between what was printed and what the table says. Ends
    with 2 when there is no such row.
    """
    from gongshi.trace import TraceOutput, print_trace

    return print_trace(data, row_id, TraceOutput(as_json, open_page, html))
