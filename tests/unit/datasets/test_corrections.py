import codecs
import csv
from datetime import date, datetime
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from listing_rows import ZONE, fill_row, make_announcement, make_unit

from datasets.build import BuildOptions, BuildResult, build
from datasets.correcting import correct_rows
from datasets.corrections import HEADINGS, Correction, read_corrections
from datasets.read import open_snapshot
from datasets.schema import load_tables
from normalize.errors import GongshiError
from normalize.places import resolve
from stand_in import link, parse
from warc_bytes import Warc

WHY = ("印刷错误", "沈禾", "2022-04-07")
DAY = date(2022, 4, 7)


def save(path: Path, *lines: tuple[str, ...], encoding: str = "utf-8") -> Path:
    text = StringIO()
    csv.writer(text).writerows([HEADINGS, *lines])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.getvalue(), encoding=encoding)
    return path


# Reading the file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_is_read_with_typed_values(tmp_path: Path, encoding: str) -> None:
    rows = [
        ("units", "u1", "batch", "", "3", *WHY),
        (),
        ("units", "u1", "remark", "原丰乐镇", "", "多余", "沈禾", "2022/4/7"),
        ("announcements", "a1", "date", "", "2022-04-06T11:15", *WHY),
        ("announcements", "a1", "complete", "false", "TRUE", *WHY),
        ("figures", "f1", "value", "6.7", "670000000", *WHY),
    ]
    path = save(tmp_path / "c.csv", *rows, encoding=encoding)
    found = read_corrections(path)
    assert [(fix.old, fix.new) for fix in found] == [
        (None, 3),
        ("原丰乐镇", None),
        (None, datetime(2022, 4, 6, 11, 15, tzinfo=ZONE)),
        (False, True),
        (6.7, 670000000.0),
    ]
    assert [fix.line for fix in found] == [2, 4, 5, 6, 7]
    assert {fix.day for fix in found} == {DAY}


BAD = {
    "table 'unit' is not known; did you mean 'units'?": ("unit", "u1", "town", "", "", *WHY),
    "table 'fetches' has nothing to correct": ("fetches", "f1", "status", "200", "0", *WHY),
    "no column 'twon'; did you mean 'town'?": ("units", "u1", "twon", "", "", *WHY),
    "'unit_id' says what the row is": ("units", "u1", "unit_id", "u1", "u2", *WHY),
    "'text' says what the row is": ("comments", "c1", "text", "", "", *WHY),
    "new_value '三' is no whole number": ("units", "u1", "batch", "2", "三", *WHY),
    "old_value '9{30}' is no whole": ("units", "u1", "batch", "9" * 30, "2", *WHY),
    "new_value 'nan' is no number": ("units", "u1", "confidence", "1", "nan", *WHY),
    "new_value '' is no whole number": ("units", "u1", "order", "1", "", *WHY),
    "no time like 2022": ("announcements", "a1", "date", "", "去年", *WHY),
    "no true or false": ("announcements", "a1", "complete", "", "是", *WHY),
    "has no reason": ("units", "u1", "town", "", "", " ", "沈禾", "2022-04-07"),
    "has no reviewer": ("units", "u1", "town", "", "", "误", "", "2022-04-07"),
    "date '昨天' is no day": ("units", "u1", "town", "", "", "误", "沈禾", "昨天"),
    "has 3 values, 8 are needed": ("units", "u1", "town"),
}


@pytest.mark.parametrize("told", BAD)
def test_a_bad_line_is_named(tmp_path: Path, told: str) -> None:
    good = ("units", "u0", "town", "", "潼川镇", *WHY)
    path = save(tmp_path / "c.csv", good, BAD[told])
    with pytest.raises(GongshiError, match=told) as error:
        read_corrections(path)
    assert f"'{path}', line 3: " in str(error.value)


def test_a_cell_may_be_corrected_only_once(tmp_path: Path) -> None:
    line = ("units", "u1", "town", "", "潼川镇", *WHY)
    with pytest.raises(GongshiError, match="line 3: corrects the same cell as line 2"):
        read_corrections(save(tmp_path / "c.csv", line, line))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "line 1: the headings must be table,row_id"),
        (b"table;row_id\n", "line 1: the headings must be"),
        ("表".encode("gbk"), "is no UTF-8"),
        (codecs.BOM_UTF8 + (",".join(HEADINGS) + '\nunits,"u1"x').encode(), "is no CSV"),
    ],
)
def test_a_file_of_another_kind_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "c.csv").write_bytes(content)
    with pytest.raises(GongshiError, match=told):
        read_corrections(tmp_path / "c.csv")


# What follows from a correction


def fix(table: str, row_id: str, column: str, old: object, new: object) -> Correction:
    return Correction(2, table, row_id, column, old, new, "印刷错误", "沈禾", DAY)


def some_tables(**given: list[dict[str, object]]) -> dict[str, list[dict[str, object]]]:
    return {name: given.get(name, []) for name in load_tables()}


def sample() -> dict[str, list[dict[str, object]]]:
    name = "绵阳市/三台县/潼川镇/草塘社区"
    found = resolve(name.replace("/", ""), "四川省")
    unit = make_unit(
        name,
        unit_id="u1",
        announcement_id="a1",
        place_code=found.code,
        place_status=found.status,
        category_path="社区 / 便民服务型",
        category="便民服务型",
        span_start=3,
        span_end=9,
    )
    mention = fill_row("mentions", mention_id="m1", unit_id="u1", name_full=unit["name_full"])
    other = fill_row("mentions", mention_id="m2", unit_id=None, name_full="三台县")
    return some_tables(
        units=[unit],
        mentions=[mention | {"place_code": found.code}, other],
        announcements=[make_announcement(announcement_id="a1")],
        documents=[fill_row("documents", doc_id="page3", url="http://a.cn/3", source_id="demo")],
    )


def test_a_corrected_level_is_carried_to_name_code_and_mentions() -> None:
    tables = sample()
    changed = correct_rows(tables, [fix("units", "u1", "village", "草塘社区", "草堂社区")])
    (unit,), (mention, other) = tables["units"], tables["mentions"]
    assert changed == {"u1"}
    assert unit["name_full"] == mention["name_full"] == "绵阳市三台县潼川镇草堂社区"
    assert unit["place_code"] == mention["place_code"] == "510722101011"
    assert (unit["place_status"], unit["name_raw"]) == ("ok", "绵阳市三台县潼川镇草塘社区")
    assert other["name_full"] == "三台县"


def test_an_applied_correction_is_told_where_the_row_stands() -> None:
    tables = sample()
    correct_rows(tables, [fix("units", "u1", "village", "草塘社区", "草堂社区")])
    (issue,) = tables["issues"]
    assert (issue["code"], issue["severity"], issue["doc_id"]) == ("corrected", "info", "page3")
    assert (issue["url"], issue["source_id"]) == ("http://a.cn/3", "demo")
    assert (issue["span_start"], issue["span_end"]) == (3, 9)
    told = (
        "units u1, village: 草塘社区 -> 草堂社区 (印刷错误; 沈禾, 2022-04-07); with it name_full "
    )
    assert issue["message"].startswith(told)


def test_what_a_person_has_set_is_not_derived() -> None:
    tables = sample()
    code = tables["units"][0]["place_code"]
    fixes = [
        fix("units", "u1", "village", "草塘社区", "草堂社区"),
        fix("units", "u1", "place_code", code, "510722101999"),
        fix("units", "u1", "name_full", "绵阳市三台县潼川镇草塘社区", "三台县草堂社区"),
    ]
    correct_rows(tables, fixes)
    assert tables["units"][0]["place_code"] == "510722101999"
    assert tables["units"][0]["name_full"] == "三台县草堂社区"
    assert len(tables["issues"]) == 3


def test_what_no_rule_explains_stays() -> None:
    tables = sample()
    tables["units"][0] |= {"name_full": "草塘社区(筹)", "place_code": "51", "place_status": "ok"}
    correct_rows(tables, [fix("units", "u1", "village", "草塘社区", "草堂社区")])
    assert tables["units"][0]["name_full"] == "草塘社区(筹)"
    assert tables["units"][0]["place_code"] == "51"


def test_category_and_its_path_follow_each_other() -> None:
    tables = sample()
    correct_rows(tables, [fix("units", "u1", "category", "便民服务型", "智慧治理型")])
    assert tables["units"][0]["category_path"] == "社区 / 智慧治理型"
    tables = sample()
    correct_rows(tables, [fix("units", "u1", "category_path", "社区 / 便民服务型", "街道")])
    assert tables["units"][0]["category"] == "街道"


def test_units_follow_their_announcement() -> None:
    tables = sample()
    tables["units"].append(make_unit("绵阳市/平武县", announcement_id="a2"))
    changed = correct_rows(tables, [fix("announcements", "a1", "status", "selected", "proposed")])
    assert [unit["status"] for unit in tables["units"]] == ["proposed", "selected"]
    assert changed == {"u1"}


def test_both_values_of_a_figure_agree() -> None:
    row = fill_row("figures", figure_id="f1", value=6.7, value_raw="6.7")
    tables = some_tables(figures=[row])
    correct_rows(tables, [fix("figures", "f1", "value", 6.7, 670000000.0)])
    assert row["value_raw"] == "670000000"
    correct_rows(tables, [fix("figures", "f1", "value_raw", "670000000", "6.5")])
    assert row["value"] == 6.5


def test_a_value_that_no_longer_holds_is_refused_with_what_was_found() -> None:
    tables = sample()
    assert not correct_rows(tables, [fix("units", "u1", "town", "潼州镇", "潼川街道")])
    (issue,) = tables["issues"]
    assert (issue["code"], issue["severity"]) == ("correction_refused", "warning")
    assert issue["message"] == (
        "units u1, town: it is 潼川镇 and not 潼州镇; it was to become 潼川街道 (line 2)"
    )
    assert tables["units"][0]["town"] == "潼川镇"


# A build with corrections


class Store:
    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.key = folder / "key"

    def fetch(self, number: int, *lines: str) -> None:
        warc = Warc().response(f"http://a.cn/{number}", "\n".join(lines).encode())
        warc.save(self.data / "warc" / "demo" / f"demo-{number}.warc.gz")

    def build(self) -> BuildResult:
        return build(
            self.data,
            {},
            BuildOptions(key_file=self.key, parse=parse, link=link, accept=True),
        )

    def correct(self, *lines: tuple[str, ...]) -> None:
        save(self.data / "corrections.csv", *((*line, *WHY) for line in lines))

    def table(self, name: str) -> pd.DataFrame:
        return open_snapshot(self.data).pandas(name)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path)
    store.fetch(1, "unit=草塘社区", "unit=古城社区")
    store.build()
    return store


def unit_named(store: Store, name: str) -> str:
    units = store.table("units").set_index("name_full")
    return str(units.loc[name, "unit_id"])


def test_a_build_applies_corrections_and_a_second_one_changes_nothing(store: Store) -> None:
    unit_id = unit_named(store, "草塘社区")
    store.correct(("units", unit_id, "name_full", "草塘社区", "草堂社区"))
    assert store.build().changed
    assert unit_named(store, "草堂社区") == unit_id
    assert not store.build().changed
    assert (store.table("issues")["code"] == "corrected").sum() == 1


def test_a_correction_taken_back_gives_the_old_bytes_again(store: Store) -> None:
    before = {path.name for path in (store.data / "latest").glob("*/*.parquet")}
    store.correct(("units", unit_named(store, "草塘社区"), "name_full", "草塘社区", "草堂社区"))
    store.build()
    assert before != {path.name for path in (store.data / "latest").glob("*/*.parquet")}
    (store.data / "corrections.csv").unlink()
    store.build()
    assert before == {path.name for path in (store.data / "latest").glob("*/*.parquet")}


def test_a_correction_of_a_row_that_is_gone_is_refused(store: Store) -> None:
    store.correct(("units", unit_named(store, "草塘社区"), "name_full", "草塘社区", "草堂社区"))
    store.fetch(1, "unit=古城社区")
    store.build()
    refused = store.table("issues").query("code == 'correction_refused'")
    assert "the row is gone" in refused["message"].iloc[0]


def test_units_that_become_one_by_a_correction_count_once(store: Store) -> None:
    store.fetch(2, "unit=草堂社区")
    store.build()
    assert store.table("units")["duplicate_of"].isna().all()
    first = unit_named(store, "草塘社区")
    store.correct(("units", first, "name_full", "草塘社区", "草堂社区"))
    store.build()
    units = store.table("units").set_index("unit_id")
    assert len(units) - 1 == units["duplicate_of"].isna().sum() == 2
    assert units.loc[first, "name_full"] == "草堂社区"


def test_a_slip_in_the_file_stops_the_build_and_keeps_latest(store: Store) -> None:
    before = open_snapshot(store.data).id
    store.correct(("units", "u1", "twon", "", ""))
    with pytest.raises(GongshiError, match="line 2"):
        store.build()
    assert open_snapshot(store.data).id == before


def test_villages_of_corrected_codes_stand_in_places(store: Store) -> None:
    unit_id = unit_named(store, "草塘社区")
    store.correct(("units", unit_id, "place_code", "", "510722101011"))
    store.build()
    assert "510722101011" in set(store.table("places")["code"])
