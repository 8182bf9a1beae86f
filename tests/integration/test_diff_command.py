"""`gongshi diff` as people type it: files, stages, snapshots."""

import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from conftest import Run

PAGES = Path(__file__).parents[1] / "pages" / "demo_province_notices"
BATCHES = ("综合服务试点#1", "综合服务试点#2")


@pytest.fixture
def data(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    for name in ("batch_1", "batch_2"):
        assert run("ingest", PAGES / name / "page.html", "--data", tmp_path, "--jobs", 1) == 0
    capsys.readouterr()
    return tmp_path


def test_changes_are_written_as_parquet_and_xlsx(
    run: Run, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("diff", *BATCHES, "--json", "--data", data) == 1
    told = json.loads(capsys.readouterr().out)
    assert run("diff", *BATCHES, "--format", "parquet", "--data", data) == 1
    frame = pd.read_parquet(data / "reports" / "diff.parquet")
    assert list(frame["change"]) == [row["change"] for row in told]
    assert {"kept", "added", "dropped"} <= set(frame["change"])
    path = data / "changes.xlsx"
    assert run("diff", *BATCHES, "-o", path, "--data", data) == 1
    head, *rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    assert list(head) == list(frame.columns)
    assert len(rows) == len(told)


def test_snapshots_are_compared(run: Run, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("diff", "--snapshots", "--data", data) == 1
    text = capsys.readouterr().out
    assert "units" in text
    assert run("diff", "--snapshots", "latest", "latest", "--data", data) == 0
    assert "nothing changed" in capsys.readouterr().out
    assert run("diff", "--snapshots", "previous", "latest", "--json", "--data", data) == 1
    tables = {table["table"]: table for table in json.loads(capsys.readouterr().out)["tables"]}
    assert tables["units"]["counts"]["added"] == len(tables["units"]["rows"])
    path = data / "rows.parquet"
    assert run("diff", "--snapshots", "-o", path, "--data", data) == 1
    assert "units" in set(pd.read_parquet(path)["table"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["综合服务试点#1"], "no proposed and decided list"),
        ([], "no batch is named"),
        ([*BATCHES, "--format", "json", "-o", "a.json"], "--output is for"),
        ([*BATCHES, "--format", "xlsx", "-o", "a.csv"], "does not end in .xlsx"),
        (["--snapshots", "1999", "latest"], "does not exist"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    run: Run, data: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    assert run("diff", *words, "--data", data) == 2
    assert told in capsys.readouterr().err
