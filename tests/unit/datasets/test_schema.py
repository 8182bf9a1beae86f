from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from datasets.schema import arrow_schema, column_names, get_table, load_tables, to_arrow
from normalize.errors import GongshiError

EMPTY = {
    "string": "",
    "int": 0,
    "float": 0.0,
    "bool": False,
    "time": datetime(2022, 4, 6, tzinfo=UTC),
}


def row(table: str, **values: object) -> dict[str, object]:
    columns = get_table(table).columns
    return {c.name: None if c.nullable else EMPTY[c.kind] for c in columns} | values


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for part, batch in (("a", 3), ("b", None)):
        units = to_arrow("units", [row("units", unit_id=part, batch=batch, city="绵阳市")])
        pq.write_table(units, tmp_path / f"{part}.parquet")
    return tmp_path


def test_the_contract_holds_the_order_of_tables() -> None:
    assert " ".join(load_tables()) == (
        "runs fetches documents announcements units figures threads comments mentions issues places"
    )


def test_the_contract_holds_the_order_of_columns() -> None:
    assert " ".join(arrow_schema("units").names) == (
        "unit_id announcement_id batch_id doc_id source_id order programme batch status name_full "
        "province city county town village sub unit_org name_raw inherited kind category_path "
        "category list_title group_label group_stated group_found remark award src span_start "
        "span_end place_code place_status duplicate_of flags confidence extractor"
    )


@pytest.mark.parametrize("name", list(load_tables()))
def test_every_column_has_a_meaning_and_an_example(name: str) -> None:
    bare = [c.name for c in get_table(name).columns if not (c.meaning and c.example)]
    assert bare == []


@pytest.mark.parametrize("name", list(load_tables()))
def test_key_and_order_are_columns_and_the_key_is_never_missing(name: str) -> None:
    table = get_table(name)
    assert {table.key, *table.sort} <= set(column_names(name))
    assert not next(c for c in table.columns if c.name == table.key).nullable
    assert len(set(column_names(name))) == len(column_names(name))


def test_a_column_takes_its_words_from_the_record() -> None:
    field = arrow_schema("units").field("name_raw")
    assert field.metadata[b"description"].decode() == "Name as printed."
    assert field.metadata[b"example"].decode() == "绵阳市平武县古城镇古城社区"


def test_pandas_reads_a_folder_with_whole_numbers_and_meanings(folder: Path) -> None:
    frame = pd.read_parquet(folder)
    assert str(frame["batch"].dtype) == "Int64"
    assert str(frame["order"].dtype) == "int64"
    assert str(frame["city"].dtype) == "str"
    assert frame["batch"].isna().tolist() == [False, True]
    assert frame["batch"][0] == 3
    assert frame.attrs["table"] == "units"
    assert frame.attrs["columns"]["city"] == "Prefecture."


def test_pandas_reads_times_and_booleans(tmp_path: Path) -> None:
    pq.write_table(to_arrow("announcements", [row("announcements")]), tmp_path / "a.parquet")
    pq.write_table(to_arrow("documents", [row("documents")]), tmp_path / "d.parquet")
    assert str(pd.read_parquet(tmp_path / "a.parquet")["complete"].dtype) == "boolean"
    times = pd.read_parquet(tmp_path / "d.parquet")["first_seen"]
    assert str(times.dtype) == "datetime64[us, Asia/Shanghai]"
    assert times[0].hour == 8


def test_a_frame_keeps_its_types_when_all_values_are_missing(tmp_path: Path) -> None:
    pq.write_table(to_arrow("units", []), tmp_path / "empty.parquet")
    frame = pd.read_parquet(tmp_path)
    assert len(frame) == 0
    assert str(frame["batch"].dtype) == "Int64"


def test_duckdb_and_arrow_read_the_same_folder(folder: Path) -> None:
    count = duckdb.sql(f"SELECT count(*), sum(batch) FROM read_parquet('{folder}/*.parquet')")
    assert count.fetchall() == [(2, 3)]
    assert pq.read_table(folder)["batch"].to_pylist() == [3, None]


def test_a_null_where_none_may_be_is_refused() -> None:
    with pytest.raises(ValueError, match=r"units\.unit_id must not be null"):
        to_arrow("units", [row("units", unit_id=None)])


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"fetches\.fetched_at holds a time without a zone"):
        to_arrow("fetches", [row("fetches", fetched_at=datetime(2022, 4, 6))])


def test_a_missing_column_is_refused() -> None:
    with pytest.raises(KeyError):
        to_arrow("units", [{"unit_id": "a"}])


def test_lone_surrogates_become_question_marks() -> None:
    table = to_arrow("units", [row("units", remark="原\ud800丰乐镇")])
    assert table["remark"].to_pylist() == ["原?丰乐镇"]


def test_an_unknown_table_is_told_with_the_known_ones() -> None:
    with pytest.raises(GongshiError, match="table 'unit' is not known: use one of runs, fetches"):
        get_table("unit")
