"""Archives of other crawlers: as they are, or as far as a declared source wants them."""

from pathlib import Path

import pandas as pd
import pytest

from conftest import Run
from datasets.archive import read_fetches
from warc_bytes import Warc

HEADLINE = "关于公布四川省第三批城乡社区治理试点单位的通知"
NOTICE = f"""<html><head><meta charset=utf-8><title>{HEADLINE}</title></head><body>
<h1>{HEADLINE}</h1><p>发布日期:2022-04-06</p><p>经研究,决定将下列单位列为第三批城乡社区治理试点单位,现予公布。</p>
<p>一、社区(2个)</p><p>绵阳市三台县潼川镇草堂社区</p><p>绵阳市平武县古城镇古城社区</p></body></html>"""
SOURCE = """
name = "试站 公示"
site = "试站"
kind = "government"
[crawl]
pattern = "listing"
start_urls = ["http://mzt.example.cn/tzgg/"]
item_pattern = '/t\\d+\\.html$'
"""
OTHERS = (
    "http://mzt.example.cn/about.html",
    "http://other.example.com/t1.html",
    "http://[/t1.html",
)
WANTED = ("http://mzt.example.cn/t1.html", "http://mzt.example.cn/files/list.pdf")


def crawled(folder: Path, *urls: str, name: str = "CC-MAIN-20240226-00001.warc.gz") -> Path:
    """An archive as Common Crawl makes it: request, response and metadata of each page."""
    warc = Warc().info(isPartOf="CC-MAIN-2024-10", publisher="Common Crawl")
    for url in urls:
        warc.add("request", url, b"GET / HTTP/1.1\r\n\r\n", "application/http; msgtype=request")
        kind = "application/pdf" if url.endswith(".pdf") else "text/html"
        headers = {"Content_Type": kind, "X_Crawl_Content_Encoding": "gzip"}
        warc.response(url, NOTICE.encode(), **headers)
        warc.add("metadata", url, b"fetchTimeMs: 82\r\n", "application/warc-fields")
    return warc.save(folder / name)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "my_notices.toml").write_text(SOURCE, encoding="utf-8")
    monkeypatch.setenv("GONGSHI_SOURCES", str(tmp_path / "sources"))
    return tmp_path / "data"


def archived(data: Path) -> list[str]:
    return [fetch.url for path in data.rglob("*.warc.gz") for fetch in read_fetches(path)]


def test_of_common_crawl_only_what_a_source_wants_is_taken(
    run: Run, tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = crawled(tmp_path, OTHERS[0], *WANTED, *OTHERS[1:])
    assert run("ingest", archive, "--data", data, "--jobs", 1) == 0
    assert f"kept 2 of 5 records of {archive.name}" in capsys.readouterr().err
    assert archived(data) == list(WANTED)
    units = pd.read_parquet(data / "latest" / "units")
    assert sorted(units["village"]) == ["古城社区", "草堂社区"]
    assert set(units["source_id"]) == {"my_notices"}


def test_what_is_taken_stays_byte_for_byte_and_is_taken_once(
    run: Run, tmp_path: Path, data: Path
) -> None:
    archive = crawled(tmp_path, *OTHERS, *WANTED)
    for _ in range(2):
        assert run("ingest", archive, "--data", data, "--jobs", 1) == 0
    (copy,) = data.rglob("*.warc.gz")
    original, kept = archive.read_bytes(), copy.read_bytes()
    fetches = list(read_fetches(copy))
    assert len(fetches) == 2
    assert kept[: fetches[0].offset].startswith(original[:50])  # its warcinfo
    records = [kept[fetch.offset : fetch.offset + fetch.length] for fetch in fetches]
    assert all(record in original for record in records)
    assert not list(data.rglob("tmp*"))


@pytest.mark.parametrize(
    ("name", "options", "taken"),
    [
        ("CC-MAIN-1.warc.gz", ("--no-filter",), 5),
        ("CC-MAIN-1.warc.gz", ("--source", "my_notices"), 2),
        ("pages.warc.gz", (), 5),
        ("pages.warc.gz", ("--filter",), 2),
    ],
)
def test_a_person_may_choose(
    run: Run, tmp_path: Path, data: Path, name: str, options: tuple[str, ...], taken: int
) -> None:
    archive = crawled(tmp_path, *OTHERS, *WANTED, name=name)
    assert run("ingest", archive, *options, "--data", data, "--jobs", 1) == 0
    assert len(archived(data)) == taken


def test_an_archive_without_anything_wanted_is_told_and_leaves_nothing(
    run: Run, tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = crawled(tmp_path, *OTHERS)
    assert run("ingest", archive, "--data", data) == 2
    assert "holds no page that a declared source wants, of 3;" in capsys.readouterr().err
    assert not list(data.rglob("*.*"))


def test_a_torn_archive_gives_what_is_whole(
    run: Run, tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = crawled(tmp_path, *WANTED)
    archive.write_bytes(archive.read_bytes()[:-200])
    assert run("ingest", archive, "--data", data, "--jobs", 1) == 0
    assert "cannot be read" in capsys.readouterr().err
    assert archived(data) == list(WANTED)[: len(archived(data))]


def test_a_payload_that_the_other_crawler_cut_is_told(run: Run, tmp_path: Path, data: Path) -> None:
    block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{NOTICE}".encode()
    warc = Warc().add(
        "response", WANTED[0], block, "application/http; msgtype=response", WARC_Truncated="length"
    )
    archive = warc.save(tmp_path / "CC-MAIN-1.warc.gz")
    assert run("ingest", archive, "--data", data, "--jobs", 1) == 0
    issues = pd.read_parquet(data / "latest" / "issues").set_index("code")
    assert issues.loc["payload_truncated", "url"] == WANTED[0]
