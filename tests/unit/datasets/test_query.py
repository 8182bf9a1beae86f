from datetime import datetime
from pathlib import Path

import pytest

from datasets.query import run_query
from datasets.read import Snapshot
from normalize.errors import GongshiError
from small_snapshot import small_rows, write_snapshot


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return write_snapshot(tmp_path_factory.mktemp("it's data"), small_rows())


def ask(snapshot: Snapshot, sql: str) -> list[tuple[object, ...]]:
    with run_query(snapshot, sql) as answer:
        return list(answer.rows())


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("SELECT count(*) FROM units", 1),
        ("FROM units LIMIT 2", 2),
        ("WITH a AS (SELECT 1) FROM a;", 1),
        ("-- a comment\nSELECT 1", 1),
        ("VALUES (1), (2)", 2),
        ("SHOW TABLES", 11),
        ("DESCRIBE mentions", 13),
        ("SUMMARIZE comments", 16),
        ("PIVOT units ON kind USING count(*) GROUP BY city", 1),
        ("SELECT u.name_full FROM mentions m JOIN units u USING (unit_id)", 1),
    ],
)
def test_reading_statements_are_answered(snapshot: Snapshot, sql: str, rows: int) -> None:
    assert len(ask(snapshot, sql)) == rows


@pytest.mark.parametrize(
    "sql",
    [
        "", "-- nothing", "SELECT 1; SELECT 2", "DROP VIEW units", "CREATE TABLE a AS SELECT 1",
        "COPY units TO 'a.csv'", "COPY (SELECT 1) TO '/dev/stdout'", "EXPORT DATABASE 'a'",
        "ATTACH 'a.db'", "INSTALL httpfs", "LOAD httpfs", "SET threads = 1",
        "SET enable_external_access = true", "PRAGMA version", "CALL pragma_version()",
        "EXPLAIN ANALYZE COPY units TO 'a.csv'", "PREPARE a AS SELECT 1", "CHECKPOINT",
        "BEGIN", "DELETE FROM units", "INSERT INTO units VALUES (1)", "VACUUM", "USE memory",
        "CREATE SECRET s (TYPE s3)", "CREATE MACRO a(x) AS x",
    ],
)  # fmt: skip
def test_all_others_are_refused(snapshot: Snapshot, sql: str) -> None:
    with pytest.raises(GongshiError, match="only one statement that reads can be run"):
        ask(snapshot, sql)


@pytest.mark.parametrize(
    "source",
    [
        "read_text('{file}')", "read_blob('{file}')", "read_csv('{file}')", "read_json('{file}')",
        "read_parquet('{file}')", "parquet_metadata('{file}')", "sniff_csv('{file}')",
        "glob('{folder}/*')", "read_duckdb('{file}')", "read_parquet('{folder}/*.parquet')",
        "read_csv('http://127.0.0.1:9/a.csv')", "'https://example.cn/a.parquet'",
        "read_text('{folder}/snapshots/../secret.csv')", "query('FROM read_text(''{file}'')')",
    ],
)  # fmt: skip
def test_no_other_file_and_no_network(snapshot: Snapshot, tmp_path: Path, source: str) -> None:
    file = tmp_path / "secret.csv"
    file.write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(GongshiError, match="SQL reads only the tables"):
        ask(snapshot, f"SELECT * FROM {source.format(file=file, folder=tmp_path)}")


def test_files_are_no_tables_and_neither_are_variables(snapshot: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    for name in (f"'{tmp_path}/secret.csv'", "snapshot", "sql", "statement"):
        with pytest.raises(GongshiError):
            ask(snapshot, f"SELECT * FROM {name}")


def test_no_stored_password_is_seen(snapshot: Snapshot) -> None:
    assert ask(snapshot, "FROM duckdb_secrets()") == []


def test_the_snapshot_is_as_it_was(snapshot: Snapshot) -> None:
    before = sorted(snapshot.path.rglob("*"))
    file = next((snapshot.path / "units").iterdir()).resolve()
    for sql in (f"COPY units TO '{str(file).replace(chr(39), chr(39) * 2)}'", "FROM units"):
        try:
            ask(snapshot, sql)
        except GongshiError:
            continue
    assert sorted(snapshot.path.rglob("*")) == before
    assert ask(snapshot, "SELECT count(*) FROM units") == [(3,)]


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("SELECT * FROM unit", "Table with name unit does not exist; the tables are runs, fetches"),
        ("SELEC 1", 'Parser Error: syntax error at or near "SELEC"$'),
        ("SELECT cty FROM units", 'Candidate bindings: "city".*; `DESCRIBE units` shows columns$'),
        ("SELECT 'a'::INT", "Could not convert string 'a' to INT32$"),
        ("SELECT abs([1])", "You might need to add explicit type casts$"),
        ("SELECT city::INT FROM units", "Could not convert string '绵阳市' to INT32"),
    ],
)
def test_mistakes_are_told_in_a_sentence(snapshot: Snapshot, sql: str, sentence: str) -> None:
    with pytest.raises(GongshiError, match=sentence) as told:
        ask(snapshot, sql)
    assert "\n" not in str(told.value)


def test_times_are_those_of_china(snapshot: Snapshot) -> None:
    moment = ask(snapshot, "SELECT posted_at FROM threads")[0][0]
    assert isinstance(moment, datetime)
    assert moment.isoformat() == "2022-04-06T20:31:09+08:00"


def test_names_that_come_twice_are_numbered(snapshot: Snapshot) -> None:
    with run_query(snapshot, "SELECT 1 AS a, 2 AS a, 3 AS a_2, 4 AS a") as answer:
        assert answer.columns == ("a", "a_2", "a_2_2", "a_3")


def test_a_query_stays_with_its_snapshot(tmp_path: Path) -> None:
    first = write_snapshot(tmp_path, small_rows())
    second = write_snapshot(tmp_path, {})
    assert ask(first, "SELECT count(*) FROM units") == [(3,)]
    assert ask(second, "SELECT count(*) FROM units") == [(0,)]


def test_many_rows_are_read_as_they_come(snapshot: Snapshot) -> None:
    with run_query(snapshot, "FROM range(1000000000000)") as answer:
        assert next(answer.rows()) == (0,)
