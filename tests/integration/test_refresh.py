"""Crawling and refreshing from the command line: a good site beside a broken one."""

import os
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from conftest import Run
from gongshi.refresh import refresh_lock
from loopback_site import LoopbackHandler, LoopbackServer, serving

NOTICE = (Path(__file__).parents[1] / "pages/demo_province_notices/batch_1/page.html").read_bytes()


class Handler(LoopbackHandler):
    """Answers 500 below /broken, and elsewhere a listing with one notice."""

    def respond(self) -> None:
        pages = {"/": b'<a href="/n/1.html">notice</a>', "/n/1.html": NOTICE}
        found = self.path in pages
        status = 500 if self.path.startswith("/broken") else 200 if found else 404
        kind = {"Content-Type": "text/html; charset=utf-8"}
        self.answer(status, kind, pages.get(self.path, b""))


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving(LoopbackServer(Handler)) as site:
        yield site.server_port


@pytest.fixture
def sources(port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    for name, start in (("good_site", "/"), ("broken_site", "/broken")):
        text = (
            f'name = "{name}"\nsite = "某省民政厅"\nkind = "government"\narea = "四川省"\n[crawl]\n'
            f'pattern = "listing"\nstart_urls = ["http://127.0.0.1:{port}{start}"]\ndelay = 0\n'
            f'loopback_ports = [{port}]\nitem_pattern = "/n/"\n'
        )
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("GONGSHI_SOURCES", str(folder))
    return folder


def test_a_broken_site_is_named_and_the_good_one_is_built(
    run: Run, sources: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    assert run("refresh", "good_site", "broken_site", "--data", data, "--jobs", 1) == 3
    captured = capsys.readouterr()
    assert "source 'broken_site' gave no page (5xx 3)" in captured.err
    assert "Traceback" not in captured.err
    assert len(pd.read_parquet(data / "latest" / "units")) == 35
    fetches = pd.read_parquet(data / "latest" / "fetches")
    broken = fetches[fetches["url"].str.endswith("/broken")]
    assert set(broken["status"]) == {500}
    assert (data / "reports" / "report.html").exists()


def test_crawl_alone_writes_no_tables(run: Run, sources: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert run("crawl", "good_site", "--data", data) == 0
    assert not (data / "latest").exists()
    assert run("build", "--data", data, "--jobs", 1) == 0
    assert len(pd.read_parquet(data / "latest" / "announcements")) == 1


def test_pages_that_are_not_due_are_left_alone(
    run: Run, sources: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    for _ in range(2):
        assert run("refresh", "good_site", "--data", data, "--jobs", 1) == 0
    fetches = pd.read_parquet(data / "latest" / "fetches")
    assert sorted(fetches["url"].str.rpartition("/")[2]) == ["", "", "1.html", "robots.txt"]
    assert len(pd.read_parquet(data / "latest" / "units")) == 35
    assert "Traceback" not in capsys.readouterr().err


def test_second_refresh_of_a_folder_leaves(
    run: Run, sources: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with refresh_lock(tmp_path):
        assert run("refresh", "good_site", "--data", tmp_path) == 2
    assert f"is being refreshed by process {os.getpid()}" in capsys.readouterr().err


def test_unchanged_pages_stay_one_version(
    run: Run, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGSHI_REVISIT_HOURS", "0")
    data = tmp_path / "data"
    for _ in range(2):
        assert run("refresh", "good_site", "--data", data, "--jobs", 1) == 0
    documents = pd.read_parquet(data / "latest" / "documents")
    notice = documents[documents["url"].str.endswith("/n/1.html")]
    assert list(notice["version"]) == [1]
    assert (notice["first_seen"] < notice["last_seen"]).all()
