import json
from pathlib import Path

import click
import pytest

from conftest import Run
from gongshi.cli import gongshi

THREAD = Path(__file__).parents[2] / "pages" / "xishu_bbs" / "printable" / "page.html"


@pytest.mark.parametrize("name", ["build", "ingest", "refresh", "parse"])
def test_commands_that_extract_take_the_option(name: str) -> None:
    command = gongshi.get_command(click.Context(gongshi), name)
    assert command is not None
    assert "--keywords" in [option for param in command.params for option in param.opts]


def test_parse_finds_keywords_when_asked(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("parse", THREAD, "--json") == 0
    assert json.loads(capsys.readouterr().out)["document"]["keywords"] is None
    assert run("parse", THREAD, "--json", "--keywords") == 0
    page = json.loads(capsys.readouterr().out)
    assert "绵阳市" in page["document"]["keywords"]
    assert all(isinstance(comment["keywords"], list) for comment in page["comments"])
    assert run("parse", THREAD, "--keywords") == 0
    assert "keywords: 绵阳市, " in capsys.readouterr().out


def test_the_environment_asks_for_keywords(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGSHI_KEYWORDS", "1")
    data = tmp_path / "data"
    assert run("ingest", THREAD, "--data", data, "--jobs", 1) == 0
    from datasets.read import open_snapshot

    comments = open_snapshot(data).pandas("comments")
    assert comments["keywords"].notna().all()
    assert "古城社区" in " / ".join(comments["keywords"])
    assert run("build", "--data", data, "--jobs", 1, "--no-keywords") == 0
    assert open_snapshot(data).pandas("comments")["keywords"].isna().all()
