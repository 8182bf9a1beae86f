from pathlib import Path

from datasets.codebook import write_codebook
from datasets.schema import load_tables

COMMITTED = Path(__file__).parents[3] / "docs" / "codebook.md"


def test_the_committed_codebook_is_up_to_date() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == write_codebook()


def test_every_table_and_column_is_described() -> None:
    text = write_codebook()
    for table in load_tables().values():
        section = text.partition(f"\n## {table.name}\n")[2].partition("\n## ")[0]
        for column in table.columns:
            assert f"| `{column.name}` | {column.kind} |" in section


def test_rows_of_the_markdown_tables_have_five_cells() -> None:
    rows = [line for line in write_codebook().splitlines() if line.startswith("| `")]
    assert {line.replace(r"\|", "").count("|") for line in rows} == {6}
