"""The codebook for analysts, written from the schema."""

from collections.abc import Sequence

from datasets.schema import Column, Table, load_tables

FORM_SHORT = {"day": "only the day", "alias": "another id"}

HEAD = """# Codebook

Generated from `datasets/schema.py` by `python -m datasets.codebook > docs/codebook.md`; a test
holds it up to date.

* Read a table with `pd.read_parquet("data/latest/units")`, or with DuckDB from
  `data/latest/units/*.parquet`. To read several tables of one state, follow the link `latest`
  once and read from the folder it names. A read that meets the very moment of a refresh ends
  with "file not found" and never with mixed rows: read again.
* Ids are 16 hexadecimal digits. Lists are joined with ` / `; an empty list is an empty string.
  Times are at +08:00. Spans are code points, end exclusive.
* To count units, take the rows of `units` whose `duplicate_of` is missing.
* Values that people have put right in `corrections.csv` of the data folder stand in the tables.
  Each is a row of `issues` with the code `corrected`, which names the row, the old and the new
  value, why, and what followed from it; `correction_refused` names those whose row or old value is
  gone. Ids never change by a correction, nor do `kind`, the counts of `announcements`, and texts.
* Usernames are keyed hashes, and the key is not in the data. **The texts themselves can still
  re-identify people:** do not publish `comments` or the texts of threads as they are.
* `gongshi export --profile public` writes what may be handed around: each table below says what
  that leaves out. Replies are then without text, author, floor and hour, rows are in an order that
  does not tell the floor, and ids of replies are aliases made with the key, because the ids of the
  tables could be computed from the forum. A thread with few replies a day can still lead to them,
  and its address to who opened it.
"""


def write_codebook() -> str:
    """Write the codebook in Markdown: one section per table, one line per column.

    >>> write_codebook().splitlines()[0]
    '# Codebook'
    """
    return "\n".join([HEAD, *(_section(table) for table in load_tables().values())])


def _section(table: Table) -> str:
    parts = ", ".join(f"`{rule}`" for rule in table.part) or "none, one file"
    keys = f"Key: `{table.key}`. Sorted by {', '.join(f'`{name}`' for name in table.sort)}. "
    return "\n".join(
        [
            f"## {table.name}",
            "",
            table.meaning,
            f"{keys}Parts by: {parts}.",
            *_tell_withheld(table),
            "",
            *list_columns(table.columns),
            "",
        ]
    )


def _tell_withheld(table: Table) -> list[str]:
    rules = [rule.partition(":") for rule in table.withheld]
    gone = [f"`{name}`" for name, _, form in rules if not form]
    given = [f"`{name}` ({FORM_SHORT[form]})" for name, _, form in rules if form]
    if not rules:
        return []
    changed = f" and changes {', '.join(given)}" if given else ""
    return [f"The public profile leaves out {', '.join(gone)}{changed}."]


def list_columns(columns: Sequence[Column]) -> list[str]:
    """Give the lines of a Markdown table that explains columns.

    >>> list_columns([Column("city", "string", True, "Prefecture.", "绵阳市")])[2]
    '| `city` | string | yes | Prefecture. | `绵阳市` |'
    """
    lines = [
        "| column | type | may be missing | meaning | example |",
        "|---|---|---|---|---|",
    ]
    for column in columns:
        missing = "yes" if column.nullable else ""
        example = f"`{column.example}`" if column.example else ""
        cells = (f"`{column.name}`", column.kind, missing, column.meaning, example)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return lines


if __name__ == "__main__":
    print(write_codebook(), end="")  # noqa: T201  (its output is the file)
