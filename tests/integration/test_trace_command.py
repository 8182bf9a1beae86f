"""`gongshi trace` on pages of our own."""

import json
from pathlib import Path

import click
import pandas as pd
import pytest

from gongshi.commands.trace import command

PAGES = Path(__file__).parents[1] / "pages"
LIST = PAGES / "demo_province_notices" / "batch_1" / "page.html"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from crawler.loader import read_sources
    from datasets.build import BuildOptions, build
    from gongshi.ingest import IngestWishes, ingest

    folder = tmp_path_factory.mktemp("trace")
    declared = read_sources()
    ingest([LIST], folder / "data", IngestWishes(), declared)
    options = BuildOptions(accept=True, key_file=folder / "key")
    build(folder / "data", declared.sources, options)
    return folder / "data"


def run(data: Path, *arguments: str) -> int:
    code = command.main([*arguments, "--data", str(data)], standalone_mode=False)
    return int(code)


def unit_of(data: Path) -> dict[str, object]:
    return pd.read_parquet(data / "latest" / "units").to_dict("records")[0]


def test_people_see_the_way_from_cell_to_bytes(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unit = unit_of(data)
    assert run(data, str(unit["unit_id"])) == 0
    said = capsys.readouterr().out
    assert f"units/{unit['unit_id']} in snapshot" in said
    assert f"⟦{unit['name_raw']}⟧" in said
    assert f"text of documents/{unit['doc_id']}, " in said
    assert "record: warc/ingest/" in said
    assert "status: a saved file" in said


def test_programs_get_json(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unit = unit_of(data)
    assert run(data, f"units/{unit['unit_id']}", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["row"]["name_full"] == unit["name_full"]
    assert found["span"]["text"] == unit["name_raw"]
    assert found["printed"]["edits"] == []
    assert found["fetches"][0]["warc_offset"] > 0


def test_edits_are_told_by_kind_and_invisible_ones_by_code_point(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(data, f"documents/{unit_of(data)['doc_id']}") == 0
    assert "U+2003 U+2003 -> U+0020 U+0020  width" in capsys.readouterr().out


def test_a_page_is_written_and_opened(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(click, "launch", lambda url: opened.append(url) or 0)
    unit = unit_of(data)
    html = tmp_path / "row.html"
    assert run(data, str(unit["unit_id"]), "--html", str(html)) == 0
    assert opened == []
    assert f'<mark id="span">{unit["name_raw"]}</mark>' in html.read_text(encoding="utf-8")
    assert run(data, str(unit["unit_id"]), "--open") == 0
    assert opened == [str(data / "reports" / f"trace-{unit['unit_id']}.html")]


def test_a_correction_is_shown_with_its_row(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from datasets.build import BuildOptions, build

    unit = unit_of(data)
    lines = (
        "table,row_id,column,old_value,new_value,reason,reviewer,date\n"
        f"units,{unit['unit_id']},remark,,已更名,见新名单,沈禾,2022-04-07\n"
    )
    (data / "corrections.csv").write_text(lines, encoding="utf-8")
    build(data, {}, BuildOptions(accept=True, key_file=data.parent / "key"))
    assert run(data, str(unit["unit_id"])) == 0
    assert "! corrected: units " in capsys.readouterr().out
