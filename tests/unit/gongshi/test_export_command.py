from pathlib import Path

import pandas as pd
import pytest

from conftest import Run
from small_snapshot import small_rows, write_snapshot


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GONGSHI_DATA", str(tmp_path / "data"))
    write_snapshot(tmp_path / "data", small_rows())
    return tmp_path / "data"


@pytest.mark.usefixtures("data")
def test_the_name_of_the_output_tells_the_format(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("export", "units", "-o", tmp_path / "units.csv") == 0
    captured = capsys.readouterr()
    assert "units   3" in captured.out
    assert f"export: {tmp_path / 'units.csv'}" in captured.out
    assert captured.err == ""
    assert len(pd.read_csv(tmp_path / "units.csv")) == 3
    for name in ("a.xlsx", "a.duckdb"):
        assert run("export", "units", "threads", "-o", tmp_path / name) == 0
        assert (tmp_path / name).stat().st_size > 0


@pytest.mark.usefixtures("data")
def test_one_batch_for_the_public(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    options = ("--format", "datapackage", "--profile", "public", "--batch", "9b87", "-o", out)
    assert run("export", *options) == 0
    assert len(pd.read_csv(out / "units.csv")) == 2
    assert set(pd.read_csv(out / "comments.csv")) == {
        "comment_id", "thread_id", "source_id", "posted_at", "flags", "extractor",
    }  # fmt: skip
    assert "batch `9b871512327c09ce`" in (out / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("-o", "units.txt"), "tells no format: end it with .csv"),
        (("unit", "-o", "a.csv"), "table 'unit' is not known"),
        (("-o", "a.csv"), "a CSV file holds one table, not 11"),
        (("units", "-o", "a.csv", "--batch", "没有"), "no batch '没有'"),
        (("units", "-o", "data/latest/a.csv"), "readers expect tables only"),
        (("units",), "Missing option '--output'"),
    ],
)
@pytest.mark.usefixtures("data")
def test_mistakes_end_with_2_and_write_nothing(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("export", *arguments) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert "Traceback" not in captured.err
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@pytest.mark.usefixtures("data")
def test_what_does_not_fit_is_told(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("datasets.export_xlsx.MAX_ROWS", 30)
    assert run("export", "comments", "-o", tmp_path / "a.xlsx") == 0
    assert "it goes on in the sheets comments_2 to comments_2" in capsys.readouterr().err
