"""Printing what a query gives: a table for people, JSON or CSV for programs."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import click

from datasets.formulas import defuse_texts
from datasets.query import Answer, run_query
from datasets.read import open_snapshot
from gongshi.terminal import print_table, say

CHUNK = 1_000
"""Rows that are printed at a time."""

NUMBERS = (bool, int, float, Decimal)
"""Types whose values stand in CSV without quotes."""


@dataclass(frozen=True, slots=True)
class Printed:
    """How an answer is printed."""

    form: Literal["table", "json", "csv"]
    """For people, or for programs."""
    limit: int
    """Rows of the table for people; 0 for all."""


def print_answer(data: Path, snapshot: str, sql: str, printed: Printed) -> int:
    """Run a query over a snapshot, print its rows, and return the exit code."""
    with run_query(open_snapshot(data, snapshot), sql) as answer:
        if printed.form == "json":
            _print_json(answer)
        elif printed.form == "csv":
            _print_csv(answer)
        else:
            _print_rows(answer, printed.limit)
    return 0


def _print_rows(answer: Answer, limit: int) -> None:
    rows = answer.rows()
    shown = list(islice(rows, limit or None))
    print_table(answer.columns, [[show_cell(cell) for cell in row] for row in shown])
    if next(rows, None) is not None:
        say(
            f"gongshi: only the first {limit} rows are shown; --limit 0 shows all, --csv prints all"
        )


def _print_json(answer: Answer) -> None:
    separator = "["
    for some in _in_chunks(answer):
        objects = [dict(zip(answer.columns, map(make_plain, row), strict=True)) for row in some]
        lines = [json.dumps(values, ensure_ascii=False) for values in objects]
        click.echo(separator + "\n" + ",\n".join(lines), nl=False)
        separator = ","
    click.echo("[]" if separator == "[" else "\n]")


def _print_csv(answer: Answer) -> None:
    click.echo(",".join(_print_column(answer.columns)))
    for some in _in_chunks(answer):
        columns = [_print_column(cells) for cells in zip(*some, strict=True)]
        click.echo("\n".join(map(",".join, zip(*columns, strict=True))))


def _in_chunks(answer: Answer) -> Iterator[list[tuple[Any, ...]]]:
    # Every call of echo flushes: one for each row would cost more than the query.
    rows = answer.rows()
    while some := list(islice(rows, CHUNK)):
        yield some


def _print_column(cells: Sequence[Any]) -> list[str]:
    """Print the cells of a column for CSV: numbers bare, all else quoted and no formula."""
    texts = [None if cell is None else show_cell(cell) for cell in cells]
    if all(cell is None or isinstance(cell, NUMBERS) for cell in cells):
        return ["" if text is None else text for text in texts]
    safe = defuse_texts(texts)
    return ["" if text is None else '"' + text.replace('"', '""') + '"' for text in safe]


def show_cell(value: Any) -> str:
    """Show a value as people and CSV readers expect it; a missing one is empty."""
    if isinstance(value, str):
        return value
    plain = make_plain(value)
    if plain is None:
        return ""
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def make_plain(value: Any) -> Any:
    """Turn a value of DuckDB to what JSON knows; NaN and infinities, which it does not, to null."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dict):
        return {str(key): make_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [make_plain(item) for item in value]
    return _make_plain_cell(value)


def _make_plain_cell(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return value if isinstance(value, bool | int) else str(value)
