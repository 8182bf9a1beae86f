"""The commands from saved pages to tables, on pages of our own."""

import gzip
import json
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from conftest import Run

PAGES = Path(__file__).parents[1] / "pages"
THREAD = PAGES / "xishu_bbs" / "printable_text" / "page.txt"
NEWS = PAGES / "zjol_jiaxing_news" / "article_twice" / "page.html"


def test_saved_pages_become_tables(run: Run, tmp_path: Path) -> None:
    assert run("ingest", THREAD, NEWS, "--data", tmp_path, "--jobs", 1) == 0
    units = pd.read_parquet(tmp_path / "latest" / "units")
    assert set(units["programme"]) == {"四川省城乡社区治理试点", "浙江省社区治理和服务创新实验区"}
    assert str(units["batch"].dtype) == "Int64"
    linked = duckdb.sql(
        f"SELECT count(*) FROM '{tmp_path}/latest/mentions/*.parquet' "
        f"JOIN '{tmp_path}/latest/units/*.parquet' USING (unit_id)"
    ).fetchall()
    assert linked[0][0] > 0


def test_every_unit_leads_back_to_the_words_of_its_page(run: Run, tmp_path: Path) -> None:
    assert run("ingest", THREAD, NEWS, "--data", tmp_path, "--jobs", 1) == 0
    latest = tmp_path / "latest"
    texts = pd.read_parquet(latest / "documents").set_index("doc_id")["text"]
    for unit in pd.read_parquet(latest / "units").itertuples():
        assert texts[unit.doc_id][unit.span_start : unit.span_end] == unit.name_raw


def test_no_username_reaches_a_table_or_the_output(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [
        line.split("作者:")[1].split("时间:")[0].strip()
        for line in THREAD.read_text(encoding="utf-8").splitlines()
        if "作者:" in line and "时间:" in line
    ]
    names = [name for name in names if name and name != "匿名"]
    assert names
    assert run("ingest", THREAD, "--data", tmp_path, "--jobs", 1) == 0
    stored = "".join(
        pd.read_parquet(folder).to_csv()
        for folder in (tmp_path / "latest").iterdir()
        if folder.is_dir()
    )
    capsys.readouterr()
    assert run("parse", THREAD, "--json") == 0
    printed = capsys.readouterr().out
    assert [name for name in names if f'"{name}"' in stored or f'"{name}"' in printed] == []


def test_a_second_ingest_of_the_same_page_adds_no_document(run: Run, tmp_path: Path) -> None:
    for _ in range(2):
        assert run("ingest", NEWS, "--data", tmp_path, "--jobs", 1) == 0
    assert len(pd.read_parquet(tmp_path / "latest" / "documents")) == 1
    assert len(pd.read_parquet(tmp_path / "latest" / "fetches")) == 2


def test_build_of_unchanged_archives_makes_no_snapshot(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("ingest", NEWS, "--data", tmp_path, "--jobs", 1) == 0
    before = (tmp_path / "latest").readlink()
    assert run("build", "--data", tmp_path, "--jobs", 2) == 0
    assert (tmp_path / "latest").readlink() == before
    assert "up to date" in capsys.readouterr().out


def test_files_of_one_name_in_two_folders_keep_apart(run: Run, tmp_path: Path) -> None:
    for folder, page in (("a", NEWS), ("b", PAGES / "zhejiang_mzt_notices/table/page.html")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "1.html").write_bytes(page.read_bytes())
    data = tmp_path / "data"
    assert run("ingest", tmp_path / "a", tmp_path / "b", "--data", data, "--jobs", 1) == 0
    documents = pd.read_parquet(data / "latest" / "documents")
    assert documents["is_current"].all()
    assert len(documents) == 2


def test_what_cannot_be_taken_in_is_named_and_the_rest_is_kept(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG")
    data = tmp_path / "data"
    missing = tmp_path / "missing.html"
    assert run("ingest", missing, picture, NEWS, "--data", data, "--jobs", 1) == 2
    error = capsys.readouterr().err
    assert f"'{missing}' does not exist" in error
    assert f"'{picture}' holds no saved page" in error
    assert len(pd.read_parquet(data / "latest" / "documents")) == 1


def test_a_torn_archive_gives_all_whole_records(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    assert run("ingest", THREAD, NEWS, "--data", data, "--jobs", 1) == 0
    archive = next((data / "warc").rglob("*.warc.gz"))
    torn = tmp_path / "torn.warc.gz"
    torn.write_bytes(archive.read_bytes()[:-200])
    again = tmp_path / "again"
    assert run("ingest", torn, "--data", again, "--jobs", 1) == 0
    assert len(pd.read_parquet(again / "latest" / "documents")) == 1
    assert "warc_torn" in set(pd.read_parquet(again / "latest" / "issues")["code"])


def test_a_page_that_is_no_article_is_a_document_without_rows(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "login.html"
    page.write_text("<html><body><form>登录 <input></form></body></html>", encoding="utf-8")
    data = tmp_path / "data"
    assert run("ingest", page, "--data", data, "--jobs", 1) == 0
    documents = pd.read_parquet(data / "latest" / "documents")
    assert list(documents["page_type"]) == ["shell"]
    assert len(pd.read_parquet(data / "latest" / "units")) == 0


@pytest.mark.parametrize(
    "body", [b"", b"\x00" * 5000, b"\xff\xfe\x00", b"<" * 50_000, b"<div>" * 3000]
)
def test_hostile_bytes_are_survived(run: Run, tmp_path: Path, body: bytes) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(body)
    assert run("ingest", page, "--data", tmp_path / "data", "--jobs", 1) == 0
    assert len(pd.read_parquet(tmp_path / "data" / "latest" / "fetches")) == 1


def test_archives_of_pages_are_parsed_as_well(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("ingest", NEWS, "--data", tmp_path, "--jobs", 1) == 0
    archive = next((tmp_path / "warc").rglob("*.warc.gz"))
    plain = tmp_path / "plain.warc"
    plain.write_bytes(gzip.decompress(archive.read_bytes()))
    for file in (archive, plain):
        capsys.readouterr()
        assert run("parse", file, "--json") == 0
        page = json.loads(capsys.readouterr().out)
        assert page["units"][0]["name_full"] == "嘉兴市嘉善县"


def test_parse_prints_the_public_interface(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("parse", THREAD, "--json") == 0
    page = json.loads(capsys.readouterr().out)
    assert {
        "document",
        "thread",
        "announcements",
        "units",
        "figures",
        "comments",
        "mentions",
        "issues",
    } == set(page)
    assert {"name_raw", "name_full", "parts", "category_path", "batch", "status", "kind"} <= set(
        page["units"][0]
    )
    assert page["document"]["published_at"].endswith("+08:00")
    assert all("author" not in comment for comment in page["comments"])


def test_diff_names_its_batches_and_ends_with_1(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = PAGES / "demo_province_notices"
    pages = [folder / name / "page.html" for name in ("batch_1", "batch_2")]
    assert run("ingest", *pages, "--data", tmp_path, "--jobs", 1) == 0
    capsys.readouterr()
    assert run("diff", "综合服务试点#1", "综合服务试点#2", "--data", tmp_path, "--json") == 1
    changes = json.loads(capsys.readouterr().out)
    assert {change["change"] for change in changes} >= {"added", "dropped", "kept"}
    assert run("diff", "综合服务试点#1", "综合服务试点#1", "--data", tmp_path) == 0
    assert run("diff", "综合服务试点#1", "综合服务试点#9", "--data", tmp_path) == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_report_is_one_file_without_outside_reference(run: Run, tmp_path: Path, lang: str) -> None:
    assert run("ingest", THREAD, "--data", tmp_path, "--jobs", 1) == 0
    output = tmp_path / "report.html"
    assert run("report", "--lang", lang, "-o", output, "--data", tmp_path) == 0
    html = output.read_text(encoding="utf-8")
    assert "绵阳市平武县古城镇古城社区" in html
    assert "src=" not in html
    assert "<link" not in html


def test_old_snapshots_are_removed_and_the_latest_stays(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for page in (NEWS, THREAD, NEWS):
        assert run("ingest", page, "--data", tmp_path, "--jobs", 1) == 0
    latest = (tmp_path / "latest").readlink()
    capsys.readouterr()
    assert run("gc", "--keep", 1, "--data", tmp_path) == 0
    assert "removed 2 snapshots" in capsys.readouterr().out
    assert [folder.name for folder in (tmp_path / "snapshots").iterdir()] == [latest.name]
    assert len(pd.read_parquet(tmp_path / "latest" / "documents")) == 2
