"""`gongshi sql`: ask the tables in SQL."""

import sys
from pathlib import Path
from typing import Any

import click

from gongshi.commands.options import data_option, json_option


@click.command(
    "sql",
    epilog='\b\nExamples:\n  gongshi sql "SHOW TABLES"\n  gongshi sql "DESCRIBE units"\n'
    '  gongshi sql "SELECT city, count(*) FROM units WHERE duplicate_of IS NULL GROUP BY ALL"\n'
    '  gongshi sql "FROM documents SELECT title, url" --csv > documents.csv\n'
    "  gongshi sql - --json < query.sql",
)
@click.argument("query")
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV on stdout.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=100,
    show_default=True,
    help="Rows of the table for people; 0 for all. JSON and CSV are always whole.",
)
@click.option("--snapshot", default="latest", help="Snapshot to ask, by its id or its beginning.")
@data_option
def command(query: str, as_json: bool, as_csv: bool, data: Path, **wishes: Any) -> int:
    """Ask the tables of the latest snapshot in the SQL of DuckDB; - reads the query from stdin.

    Only these tables can be read, nothing can be written.
    """
    from gongshi.answers import Printed, print_answer

    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other: leave one out")
    sql = sys.stdin.buffer.read().decode("utf-8-sig") if query == "-" else query
    printed = Printed("json" if as_json else "csv" if as_csv else "table", wishes["limit"])
    return print_answer(data, wishes["snapshot"], sql, printed)
