import re
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from datasets import place_parts
from datasets.build import BuildOptions, BuildResult, build
from datasets.place_parts import write_places
from datasets.place_rows import division_rows, village_rows
from datasets.read import open_snapshot
from datasets.store import list_snapshots, read_manifest
from extract.page import FindFile, Page
from extract.records import PageRecords
from extract.source import Source
from stand_in import link, parse
from warc_bytes import Warc

README = Path(__file__).parents[3] / "README.md"


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    folder = tmp_path_factory.mktemp("places")
    write_places(folder, [], {})
    return pd.concat(pd.read_parquet(path) for path in folder.glob("objects/*/*.parquet"))


def parse_with_codes(page: Page, source: Source | None, files: FindFile) -> PageRecords:
    """The unit named by a code has that code."""
    records = parse(page, source, files)
    units = (replace(u, place_code=u.name_raw, place_status="ok") for u in records.units)
    return replace(records, units=tuple(units))


def fetch(data: Path, day: int, *lines: str) -> None:
    info = {"gongshi_run": f"{day:016x}", "gongshi_kind": "crawl", "gongshi_source": "demo"}
    warc = Warc().info(**info)
    warc.response(f"http://a.cn/{day}", "\n".join(lines).encode(), date=f"2022-04-{day:02}T03:00Z")
    warc.save(data / "warc" / "demo" / f"demo-{day:02}.warc.gz")


def build_in(data: Path) -> BuildResult:
    options = BuildOptions(
        key_file=data.parent / "key", parse=parse_with_codes, link=link, accept=True
    )
    return build(data, {}, options)


def inodes(data: Path) -> dict[str, int]:
    folder = data / "latest" / "places"
    return {path.name.partition("-")[0]: path.stat().st_ino for path in folder.iterdir()}


def test_there_is_one_row_per_code_and_name_and_one_last_name_per_code(
    places: pd.DataFrame,
) -> None:
    assert len(places) > 59_000
    assert not places.duplicated(["code", "name"]).any()
    assert places["place_id"].is_unique
    assert places[places["is_last_name"]]["code"].is_unique
    assert set(places[places["is_last_name"]]["code"]) == set(places["code"])


def test_every_parent_is_a_row_one_level_or_more_above(places: pd.DataFrame) -> None:
    below = places[places["level"] != "province"]
    assert below["parent_code"].notna().all()
    assert set(below["parent_code"]) <= set(places["code"])
    assert (below["parent_code"].str.len() < below["code"].str.len()).all()


def test_the_path_is_the_names_of_its_levels(places: pd.DataFrame) -> None:
    levels = places[["province", "city", "county", "town"]].fillna("")
    joined = levels.agg(lambda row: "/".join(name for name in row if name), axis=1)
    assert (joined == places["path"]).all()
    assert not places["path"].str.contains("市辖区|直辖县级|^/|/$|//").any()


def test_days_are_in_order_and_the_latest_list_has_no_end(places: pd.DataFrame) -> None:
    both = places.dropna(subset=["valid_from", "valid_to"])
    assert (both["valid_from"] <= both["valid_to"]).all()
    standing = places[places["valid_to"].isna()]
    assert standing["code"].is_unique
    assert len(standing) > 44_000
    assert pd.Timestamp("2023-06-30", tz="Asia/Shanghai") not in set(places["valid_to"])


def test_successors_stand_in_the_latest_list(places: pd.DataFrame) -> None:
    standing = set(places[places["valid_to"].isna()]["code"])
    gone = places[places["successor_codes"] != ""]
    assert not set(gone["code"]) & standing
    latest = pd.Timestamp("2023-06-30", tz="Asia/Shanghai")
    listed = standing | set(places[places["valid_to"] > latest]["code"])
    assert set(gone["successor_codes"].str.split(" / ").explode()) <= listed
    by_name = gone.set_index(["code", "name"])["successor_codes"]
    assert by_name["330104", "江干区"] == "330102 / 330114"
    assert by_name["510132", "新津县"] == "510118"
    assert by_name["500105", "江北区"] == "500157"  # after the latest list


def test_rows_are_sorted_by_code_then_day(tmp_path: Path) -> None:
    for part in write_places(tmp_path, [], {}):
        rows = pq.read_table(tmp_path / f"objects/{part.digest[:2]}/{part.digest}.parquet")
        keys = list(zip(rows["code"].to_pylist(), rows["valid_from"].to_pylist(), strict=True))
        dated = [key for key in keys if key[1]]
        assert dated == sorted(dated)
        assert [code for code, _ in keys] == sorted(code for code, _ in keys)


def test_villages_come_from_every_column_with_codes() -> None:
    unit = {"place_code": "510722101011"}
    rows = village_rows({"units": [unit, unit, {"place_code": "510722"}, {"place_code": None}]})
    assert [row["code"] for row in rows] == ["510722101011"]
    assert rows[0]["parent_code"] == "510722101"
    assert village_rows({"units": [{"place_code": "999999999999"}]}) == []


def test_a_build_publishes_divisions_and_the_villages_it_names(tmp_path: Path) -> None:
    data = tmp_path / "data"
    fetch(data, 1, "unit=510722101011", "unit=510722101")
    result = build_in(data)
    table = open_snapshot(data).pandas("places")
    assert result.rows["places"] == len(table) == len(division_rows()) + 1
    assert table["code"].isin(["510722101011"]).sum() == 1
    query = README.read_text(encoding="utf-8").partition("## Places")[2]
    (sql,) = re.findall(r"```sql\n(.*?)```", query.partition("\n## ")[0], re.DOTALL)
    found = duckdb.sql(sql.replace("data/latest", f"{data}/latest")).fetchall()
    assert found == [("四川省", "绵阳市", "三台县", 2)]


def test_the_files_of_divisions_are_shared_between_snapshots(tmp_path: Path) -> None:
    data = tmp_path / "data"
    fetch(data, 1, "unit=510722101011")
    build_in(data)
    before = inodes(data)
    fetch(data, 2, "unit=510722101012")
    build_in(data)
    after = inodes(data)
    assert before.pop("village") != after.pop("village")
    assert before == after
    assert sorted(after) == ["city", "county", "province", "town"]
    assert len(list_snapshots(data)) == 2


def test_the_files_of_divisions_are_made_once_as_long_as_lists_and_code_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    fetch(data, 1, "unit=510722101011")
    manifest = read_manifest(data, build_in(data).snapshot)
    parts = write_places(data, [], manifest)
    with monkeypatch.context() as patch:
        patch.setattr(place_parts, "_encode_divisions", lambda: pytest.fail("made again"))
        assert write_places(data, [], manifest) == parts
    patched = manifest | {"divisions": "of other lists"}
    assert set(write_places(data, [], patched)) == set(parts)
    lost = next(part for part in parts if part.name == "town")
    (data / f"objects/{lost.digest[:2]}/{lost.digest}.parquet").unlink()
    write_places(data, [], manifest)
    assert (data / f"objects/{lost.digest[:2]}/{lost.digest}.parquet").exists()


def test_fewer_places_hold_nothing_back(tmp_path: Path) -> None:
    data = tmp_path / "data"
    fetch(data, 1, "unit=510722101011")
    build_in(data)
    fetch(data, 2, "unit=510722101")
    assert build_in(data).findings == ()
