"""What `gongshi doctor` advises against damaged tables mends them."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from conftest import Run

NEWS = Path(__file__).parents[1] / "pages" / "zjol_jiaxing_news" / "article_twice" / "page.html"


def cut_part(latest: Path) -> None:
    part = next((latest / "units").iterdir())
    os.truncate(part, part.stat().st_size - 1)


def cut_manifest(latest: Path) -> None:
    os.truncate(latest / "datapackage.json", 100)


def lose_part(latest: Path) -> None:
    next((latest / "units").iterdir()).unlink()


def lose_snapshot(latest: Path) -> None:
    shutil.rmtree(latest)


@pytest.mark.parametrize("damage", [cut_part, cut_manifest, lose_part, lose_snapshot])
def test_the_advice_mends_the_tables(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], damage: Callable[[Path], None]
) -> None:
    assert run("ingest", NEWS, "--data", tmp_path / "data", "--jobs", 1) == 0
    assert run("doctor", "--data", tmp_path / "data") == 0
    units = len(pd.read_parquet(tmp_path / "data" / "latest" / "units"))
    damage((tmp_path / "data" / "latest").resolve())
    capsys.readouterr()
    assert run("doctor", "--data", tmp_path / "data") == 2
    (advice,) = (line for line in capsys.readouterr().out.splitlines() if "problem" in line)
    assert "`gongshi build`" in advice
    for folder in re.findall(r"remove the folder '([^']+)'", advice):
        shutil.rmtree(folder)
    assert run("build", "--data", tmp_path / "data", "--jobs", 1) == 0
    assert run("doctor", "--data", tmp_path / "data") == 0
    assert len(pd.read_parquet(tmp_path / "data" / "latest" / "units")) == units > 0
