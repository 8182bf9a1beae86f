"""The queries of the README run as they stand there."""

import re
from pathlib import Path

import duckdb
import pytest

from conftest import Run

ROOT = Path(__file__).parents[2]
THREAD = ROOT / "tests" / "pages" / "xishu_bbs" / "printable_text" / "page.txt"


def block(readme: str, language: str) -> str:
    text = (ROOT / readme).read_text(encoding="utf-8")
    found = re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert found
    return found.group(1)


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_queries_run_on_real_tables(
    run: Run, readme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("ingest", THREAD, "--jobs", 1) == 0
    *setup, query = block(readme, "python").strip().splitlines()
    names: dict[str, object] = {}
    exec("\n".join(setup), names)
    assert eval(query, names).sum() == 12
    with duckdb.connect() as connection:
        rows = connection.execute(block(readme, "sql")).fetchall()
    assert rows
    assert all(name.startswith("绵阳市") for name, _ in rows)
