from pathlib import Path

import pytest

from datasets.build import BuildOptions, build
from datasets.read import Snapshot, open_snapshot
from normalize.errors import GongshiError
from stand_in import link, parse
from warc_bytes import Warc


def rebuild(tmp_path: Path, *units: str) -> str:
    body = "\n".join(["title=名单", *(f"unit={unit}" for unit in units)]).encode()
    Warc().response("http://a.cn/1", body).save(tmp_path / "data/warc/demo/a.warc.gz")
    options = BuildOptions(accept=True, key_file=tmp_path / "key", parse=parse, link=link)
    return build(tmp_path / "data", {}, options).snapshot


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rebuild(tmp_path, "古城社区", "草堂社区")
    return tmp_path / "data"


def test_a_snapshot_stays_the_same_while_latest_moves_on(tmp_path: Path, data: Path) -> None:
    snapshot = open_snapshot(data)
    second = rebuild(tmp_path, "古城社区")
    assert snapshot.table("units").num_rows == snapshot.rows("units") == 2
    assert open_snapshot(data).id == second
    assert open_snapshot(data).rows("units") == 1


def test_a_frame_tells_its_snapshot_and_meanings(data: Path) -> None:
    snapshot = open_snapshot(data)
    frame = snapshot.pandas("units", ["city", "batch"])
    assert list(frame.columns) == ["city", "batch"]
    assert str(frame["batch"].dtype) == "Int64"
    assert frame.attrs["snapshot"] == snapshot.id
    assert frame.attrs["columns"]["city"] == "Prefecture."


def test_duckdb_sees_all_tables(data: Path) -> None:
    with open_snapshot(data).connect() as connection:
        query = "SELECT name_full, title FROM units JOIN documents USING (doc_id) ORDER BY 1"
        assert connection.execute(query).fetchall() == [("古城社区", "名单"), ("草堂社区", "名单")]


def test_a_snapshot_is_opened_by_the_beginning_of_its_id(data: Path) -> None:
    latest = open_snapshot(data)
    assert open_snapshot(data, latest.id[:20]) == latest


def test_an_unknown_snapshot_is_told_with_the_known_ones(data: Path) -> None:
    with pytest.raises(GongshiError, match="snapshot '1999' does not exist: use one of 2"):
        open_snapshot(data, "1999")


def test_a_beginning_that_fits_several_is_told(tmp_path: Path, data: Path) -> None:
    rebuild(tmp_path, "古城社区")
    with pytest.raises(GongshiError, match="is not unique"):
        open_snapshot(data, "2")


@pytest.mark.parametrize("id", ["latest", "2022"])
def test_a_folder_without_tables_is_told(tmp_path: Path, id: str) -> None:
    with pytest.raises(GongshiError, match="has no tables yet: run `gongshi build` first"):
        open_snapshot(tmp_path, id)


def test_a_link_to_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "latest").symlink_to("snapshots/gone")
    with pytest.raises(GongshiError, match="has no tables yet"):
        open_snapshot(tmp_path)


def test_an_unknown_table_is_told(data: Path) -> None:
    snapshot: Snapshot = open_snapshot(data)
    with pytest.raises(GongshiError, match="table 'unit' is not known"):
        snapshot.folder("unit")
