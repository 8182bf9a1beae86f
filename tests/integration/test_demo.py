"""The demo, as a person runs it: sites, crawl, tables, diff, report."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("demo")
    data = folder / "demo-data"
    done = subprocess.run(
        [sys.executable, "-m", "gongshi", "demo", "--data", str(data)],
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
        env={**os.environ, "GONGSHI_KEY_FILE": str(folder / "key")},
    )
    assert done.returncode == 0, done.stderr
    return data, done.stdout


def test_summary_tells_rows_findings_diff_and_report(demo: tuple[Path, str]) -> None:
    data, output = demo
    assert "stated against found" in output
    assert "社会组织参与型(8个): stated 8, found 7" in output
    assert "added 12, dropped 10, moved_category 1, kept 24" in output
    report = Path(output.rsplit("report: ", 1)[1].strip())
    assert report.is_relative_to(data)
    assert report.stat().st_size < 150_000


def test_rows_are_those_of_the_sites(demo: tuple[Path, str]) -> None:
    units = pd.read_parquet(demo[0] / "latest" / "units")
    counted = units[units["duplicate_of"].isna()]
    assert counted.groupby("batch").size().to_dict() == {1: 35, 2: 37}
    # The newspaper and the forum list the same 19 units of one city again.
    assert units["duplicate_of"].notna().sum() == 38


def test_the_thread_is_one_over_its_three_pages(demo: tuple[Path, str]) -> None:
    threads = pd.read_parquet(demo[0] / "latest" / "threads")
    comments = pd.read_parquet(demo[0] / "latest" / "comments")
    assert list(threads["pages_found"]) == [3]
    assert list(threads["replies_found"]) == [24]
    assert sorted(comments["floor"]) == list(range(2, 26))


def test_replies_of_later_pages_mention_units_of_the_first(demo: tuple[Path, str]) -> None:
    latest = demo[0] / "latest"
    threads = pd.read_parquet(latest / "threads")
    mentions = pd.read_parquet(latest / "mentions")
    assert (mentions["doc_id"] != threads["doc_id"].iloc[0]).any()
    assert set(mentions["unit_id"].dropna()) <= set(pd.read_parquet(latest / "units")["unit_id"])


def test_gbk_pages_are_read(demo: tuple[Path, str]) -> None:
    documents = pd.read_parquet(demo[0] / "latest" / "documents")
    news = documents[documents["source_id"] == "demo_local_news"]
    assert set(news["encoding"]) == {"gb18030"}


def test_a_folder_with_data_is_not_overwritten(demo: tuple[Path, str], tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "gongshi", "demo", "--data", str(tmp_path)],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 2
    assert "was not made by a demo" in done.stderr
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "mine"
