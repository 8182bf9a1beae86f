"""The codebook for analysts, written from the schema."""

from datasets.schema import Table, load_tables

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
* Usernames are keyed hashes, and the key is not in the data. **The texts themselves can still
  re-identify people:** do not publish `comments` or the texts of threads as they are.
"""


def write_codebook() -> str:
    """Write the codebook in Markdown: one section per table, one line per column.

    >>> write_codebook().splitlines()[0]
    '# Codebook'
    """
    return "\n".join([HEAD, *(_section(table) for table in load_tables().values())])


def _section(table: Table) -> str:
    parts = ", ".join(f"`{rule}`" for rule in table.part) or "none, one file"
    lines = [
        f"## {table.name}",
        "",
        table.meaning,
        f"Key: `{table.key}`. Sorted by {', '.join(f'`{name}`' for name in table.sort)}. "
        f"Parts by: {parts}.",
        "",
        "| column | type | may be missing | meaning | example |",
        "|---|---|---|---|---|",
    ]
    for column in table.columns:
        missing = "yes" if column.nullable else ""
        example = f"`{column.example}`"
        cells = (f"`{column.name}`", column.kind, missing, column.meaning, example)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    print(write_codebook(), end="")  # noqa: T201  (its output is the file)
