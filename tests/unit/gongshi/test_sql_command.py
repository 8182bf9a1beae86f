import csv
import io
import json
from pathlib import Path

import pytest

from conftest import Run
from small_snapshot import small_rows, write_snapshot


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GONGSHI_DATA", str(tmp_path / "data"))
    write_snapshot(tmp_path / "data", small_rows())
    return tmp_path / "data"


ALL_KINDS = (
    "SELECT 1 AS n, -5 AS m, 1.5 AS f, 'nan'::DOUBLE AS nan, sum(2) AS total, NULL AS none, "
    "[1, NULL] AS list, {'a': date '2022-04-06'} AS struct, true AS yes, '=1' AS text, "
    "interval 1 day AS days, 'a'::BLOB AS bytes"
)


@pytest.mark.usefixtures("data")
def test_people_see_a_table_of_some_rows(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("sql", "SELECT floor, text FROM comments", "--limit", 2) == 0
    captured = capsys.readouterr()
    assert captured.out.count("古城社区") == 2
    assert "only the first 2 rows are shown; --limit 0 shows all" in captured.err
    assert run("sql", "SELECT floor, text FROM comments", "--limit", 0) == 0
    captured = capsys.readouterr()
    assert captured.out.count("古城社区") == 38
    assert captured.err == ""


@pytest.mark.usefixtures("data")
def test_programs_get_json_of_all_rows(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("sql", "SELECT floor, floor FROM comments", "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 38
    assert set(rows[0]) == {"floor", "floor_2"}
    assert run("sql", "SELECT 1 WHERE false", "--json") == 0
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.usefixtures("data")
def test_json_knows_all_kinds_of_values(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("sql", ALL_KINDS, "--json") == 0
    row = json.loads(capsys.readouterr().out)[0]
    assert row == {
        "n": 1, "m": -5, "f": 1.5, "nan": None, "total": 2, "none": None, "list": [1, None],
        "struct": {"a": "2022-04-06"}, "yes": True, "text": "=1", "days": "1 day, 0:00:00",
        "bytes": "61",
    }  # fmt: skip


@pytest.mark.usefixtures("data")
def test_csv_has_no_formulas_and_real_numbers(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("sql", ALL_KINDS + ', \'a"b\n\' AS "=x"', "--csv") == 0
    out = capsys.readouterr().out
    head, row = csv.reader(io.StringIO(out, newline=""))
    assert head[-1] == "'=x"
    assert row == [
        "1", "-5", "1.5", "", "2", "", "[1, null]", '{"a": "2022-04-06"}', "true", "'=1",
        "1 day, 0:00:00", "61", 'a"b\n',
    ]  # fmt: skip


@pytest.mark.usefixtures("data")
def test_a_query_comes_from_stdin(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = io.TextIOWrapper(io.BytesIO("SELECT count(*) AS 数 FROM units".encode("utf-8-sig")))
    monkeypatch.setattr("sys.stdin", text)
    assert run("sql", "-", "--json") == 0
    assert json.loads(capsys.readouterr().out) == [{"数": 3}]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("SELECT * FROM unit",), "the tables are runs"),
        (("DROP VIEW units",), "only one statement that reads"),
        (("FROM read_text('/etc/hostname')",), "no files and no network"),
        (("SELECT 1", "--snapshot", "1999"), "does not exist"),
        (("SELECT 1", "--json", "--csv"), "leave one out"),
    ],
)
@pytest.mark.usefixtures("data")
def test_mistakes_end_with_2(
    run: Run, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], sentence: str
) -> None:
    assert run("sql", *arguments) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""


def test_an_older_snapshot_is_asked_by_its_id(
    run: Run, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = (data / "latest").readlink().name
    write_snapshot(data, {})
    assert run("sql", "SELECT count(*) n FROM units", "--json", "--snapshot", first) == 0
    assert json.loads(capsys.readouterr().out) == [{"n": 3}]
