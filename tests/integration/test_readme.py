"""The queries of the README run as they stand there."""

import re
from pathlib import Path

import duckdb
import pytest

from conftest import Run

ROOT = Path(__file__).parents[2]
THREAD = ROOT / "tests" / "pages" / "xishu_bbs" / "printable_text" / "page.txt"


def blocks(readme: str, language: str) -> list[str]:
    text = (ROOT / readme).read_text(encoding="utf-8")
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    return found


def block(readme: str, language: str) -> str:
    return blocks(readme, language)[0]


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


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_the_library_example_runs(
    readme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = ROOT / "tests" / "pages" / "zjol_jiaxing_news" / "article_twice" / "page.html"
    (tmp_path / "page.html").write_bytes(page.read_bytes())
    monkeypatch.chdir(tmp_path)
    *lines, keywords = blocks(readme, "python")[1].strip().splitlines()
    names: dict[str, object] = {}
    *setup, fields = (line for line in lines if line)
    exec("\n".join(setup), names)
    title, _, source, authors, text = eval(fields, names)
    assert title == "嘉兴这4地入选省级社区治理和服务创新实验区"
    assert source == "嘉兴日报"
    assert [author.name for author in authors] == ["沈禾", "陆小满"]
    assert len(text) > 100
    assert "实验区" in eval(keywords, names)
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
