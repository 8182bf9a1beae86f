import subprocess
import sys
from pathlib import Path

import click
import pytest

from conftest import Run
from gongshi.cli import COMMANDS, gongshi, main
from normalize.errors import GongshiError

SEEN = Path(__file__).parents[2] / "pages" / "demo_forum" / "page_1" / "page.html"
README = Path(__file__).parents[3] / "README.md"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples(name: str) -> None:
    command = gongshi.get_command(click.Context(gongshi), name)
    assert command is not None
    assert command.help
    assert "Examples:" in (command.epilog or "")
    assert f"gongshi {name}" in (command.epilog or "")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_stands_in_the_readme(name: str) -> None:
    assert f"gongshi {name}" in README.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_a_data_folder(name: str) -> None:
    command = gongshi.get_command(click.Context(gongshi), name)
    assert command is not None
    assert "--data" in [option for param in command.params for option in param.opts]


def test_help_imports_nothing_heavy(run: Run) -> None:
    program = (
        "import sys; from gongshi.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'pandas', 'pyarrow', 'scrapy', 'lxml', 'jieba', 'duckdb', 'opencc', 'rich'}\n"
        "sys.exit(f'imported {heavy & set(sys.modules)}' if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "Commands:" in done.stdout


def test_unknown_command_is_told(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("biuld") == 2
    assert "biuld" in capsys.readouterr().err


def test_unknown_source_is_told_with_the_nearest(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("crawl", "xishu_bb") == 2
    error = capsys.readouterr().err
    assert "did you mean 'xishu_bbs'?" in error
    assert "Traceback" not in error


def test_empty_data_folder_is_told(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("status", "--data", str(tmp_path)) == 2
    assert "has no tables yet" in capsys.readouterr().err


def test_source_without_addresses_is_told(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("crawl", "zhili_reposts", "--data", str(tmp_path)) == 2
    assert "has no start_urls" in capsys.readouterr().err


@pytest.fixture
def broken_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        'name = "某县"\nsite = "某县"\nkind = "news"\n[crawl]\npattern = "single"\n'
        'start_urls = ["http://a.example.cn/"]\ndelais = 3\n'
    )
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "some_county.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("GONGSHI_SOURCES", str(folder))


@pytest.mark.usefixtures("broken_source")
def test_a_broken_source_file_is_told_and_the_others_are_listed(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("sources") == 2
    captured = capsys.readouterr()
    assert "unknown key crawl.delais; did you mean 'delay'?" in captured.err
    assert "xishu_bbs" in captured.out


@pytest.mark.usefixtures("broken_source")
def test_a_broken_source_cannot_be_crawled(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("crawl", "some_county", "--data", tmp_path / "data") == 2
    assert "unknown key crawl.delais" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


@pytest.mark.usefixtures("broken_source")
def test_pages_are_taken_in_beside_a_broken_source(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert run("ingest", SEEN, "--data", data, "--jobs", 1) == 2
    assert (data / "latest" / "units").is_dir()


@pytest.mark.usefixtures("broken_source")
def test_archives_of_a_broken_source_are_not_built_without_its_rules(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data" / "warc" / "some_county").mkdir(parents=True)
    assert run("build", "--data", tmp_path / "data") == 2
    assert "its archived pages are needed for the tables" in capsys.readouterr().err
    assert not (tmp_path / "data" / "latest").exists()


def test_a_foreign_datasets_distribution_is_refused(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("gongshi.environment.distribution", lambda name: name)
    assert run("sources") == 2
    assert "'datasets' is installed" in capsys.readouterr().err


def test_a_reader_that_has_seen_enough_is_told_nothing() -> None:
    command = f"{sys.executable} -m gongshi parse {SEEN.parent.parent} --json | head -c 10"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False, text=True)
    assert (done.stdout, done.stderr) == ('{"document', "")


def test_debug_may_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGSHI_DEBUG", "1")
    with pytest.raises(GongshiError, match="has no tables yet"):
        main(["status", "--data", str(tmp_path)])


def test_an_unexpected_error_is_a_sentence_too(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise KeyError("unforeseen")

    monkeypatch.setattr("gongshi.cli.check_environment", fail)
    assert run("sources") == 2
    error = capsys.readouterr().err
    assert "unexpected KeyError" in error
    assert "Traceback" not in error
