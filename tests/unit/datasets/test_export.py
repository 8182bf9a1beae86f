import csv
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from datasets import export_xlsx
from datasets.export import Exported, ExportOptions, Format, export
from datasets.export_csv import print_times, write_csv
from datasets.export_rows import Selected, sort_names
from datasets.export_xlsx import fit_text
from datasets.profiles import Profile
from datasets.read import Snapshot
from datasets.schema import column_names, load_tables
from normalize.errors import GongshiError
from small_snapshot import BATCH, small_rows, write_snapshot

LINK = '=HYPERLINK("http://a.cn")'


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return write_snapshot(tmp_path_factory.mktemp("data"), small_rows())


def write(
    snapshot: Snapshot,
    path: Path,
    format: Format,
    *tables: str,
    profile: Profile = "full",
    force: bool = False,
) -> Exported:
    selected = Selected(snapshot, sort_names(tables), profile, None, b"k" * 32)
    return export(selected, ExportOptions(path, format, force), lambda *_: None)


def test_csv_read_back_has_no_formula_and_all_numbers(snapshot: Snapshot, tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    assert write(snapshot, path, "csv", "units").rows == {"units": 3}
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(column_names("units"))
    by_id = {row["unit_id"]: row for row in rows}
    assert by_id["u1"]["name_full"] == "'" + LINK
    assert by_id["u2"]["remark"] == "-12.5"
    assert by_id["u3"]["remark"] == "'\t@SUM(1)"
    assert by_id["u1"]["batch"] == "3"


def test_duckdb_and_pandas_read_the_csv(snapshot: Snapshot, tmp_path: Path) -> None:
    folder = tmp_path / "all"
    write(snapshot, folder, "csv")
    assert {path.stem for path in folder.iterdir()} == set(load_tables())
    found = duckdb.sql(f"SELECT value FROM '{folder}/figures.csv'").fetchall()
    assert found == [(-5.5,)]
    frame = pd.read_csv(folder / "comments.csv", parse_dates=["posted_at"])
    assert str(frame["posted_at"][0]) == "2022-04-06 20:31:09+08:00"


def test_quotes_lines_commas_and_missing_texts_survive_csv(tmp_path: Path) -> None:
    texts = ['a"b', "a,b", "a\r\nb", "a\nb", "", None, "a\0b", "一　二"]
    batch = pa.record_batch({"text": pa.array(texts), "n": pa.array([*range(7), None])})
    write_csv(tmp_path / "a.csv", batch.schema, [batch], lambda rows: None, mark=False)
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert [row[0] for row in rows] == [text or "" for text in texts]
    assert rows[-1][1] == ""


def test_times_keep_their_microseconds_and_the_offset_of_their_day() -> None:
    times = [
        datetime(2022, 4, 6, 3, 15, 9, 120_000, tzinfo=UTC),
        datetime(1988, 7, 1, tzinfo=UTC),  # China had summer time
        None,
    ]
    assert print_times(pa.array(times, pa.timestamp("us", "Asia/Shanghai"))).to_pylist() == [
        "2022-04-06T11:15:09.120000+08:00", "1988-07-01T09:00:00+09:00", None,
    ]  # fmt: skip


def test_a_workbook_read_back_has_texts_where_formulas_were(
    snapshot: Snapshot, tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    write(snapshot, path, "xlsx", "units", "comments", "figures")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["units", "figures", "comments", "columns"]
    sheet = book["units"]
    cells = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    name = cells["u1"][column_names("units").index("name_full")]
    assert (name.value, name.data_type, name.quotePrefix) == (LINK, "s", True)
    assert [cell.value for cell in sheet[1]] == list(column_names("units"))
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:AK4"
    assert not any(c.data_type == "f" or c.hyperlink for row in sheet.iter_rows() for c in row)
    assert cells["u2"][column_names("units").index("remark")].value == "-12.5"


def test_a_workbook_has_real_numbers_times_and_widths(snapshot: Snapshot, tmp_path: Path) -> None:
    write(snapshot, tmp_path / "a.xlsx", "xlsx", "figures", "threads", "places")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    value = book["figures"].cell(2, column_names("figures").index("value") + 1)
    assert (value.value, value.data_type) == (-5.5, "n")
    posted = book["threads"].cell(2, column_names("threads").index("posted_at") + 1)
    assert posted.value == datetime(2022, 4, 6, 20, 31, 9)
    code = book["places"].cell(2, column_names("places").index("code") + 1)
    assert (code.value, code.data_type) == ("33", "s")
    assert book["threads"].column_dimensions["A"].width > 10
    assert book["places"].cell(2, column_names("places").index("is_last_name") + 1).value is False


def test_a_full_sheet_goes_on_in_numbered_ones(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_xlsx, "MAX_ROWS", 16)
    exported = write(snapshot, tmp_path / "a.xlsx", "xlsx", "comments")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["comments", "comments_2", "comments_3", "columns"]
    assert [book[name].max_row for name in book.sheetnames[:3]] == [16, 16, 9]
    assert book["comments_2"]["A1"].value == "comment_id"
    assert "goes on in the sheets comments_2 to comments_3" in exported.notes[0]


def test_what_excel_cannot_hold_is_cut_and_told(tmp_path: Path) -> None:
    rows = {
        "documents": [
            {"doc_id": "d", "text": "𠮷" * 30_000, "url": "\0\x01\ufffe_x0041_", "views": 10**17}
        ],
        "figures": [{"figure_id": "g", "value": float("nan")}],
        "places": [{"place_id": "p", "valid_from": datetime(1850, 1, 1, tzinfo=UTC)}],
    }
    exported = write(write_snapshot(tmp_path / "data", rows), tmp_path / "a.xlsx", "xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    at = {name: book["documents"].cell(2, n + 1).value
          for n, name in enumerate(column_names("documents"))}  # fmt: skip
    assert at["text"].endswith("…[cut]")
    assert len(at["text"].encode("utf-16-le")) <= 2 * 32_767
    assert at["views"] == "100000000000000000"
    assert at["url"].endswith("_x0041_")
    assert exported.notes[0].startswith("1 cells of 'documents' are longer")
    born = book["places"].cell(2, column_names("places").index("valid_from") + 1).value
    assert born.startswith("1850-01-01T")


@pytest.mark.parametrize("length", [32_766, 32_767, 32_768])
def test_texts_are_cut_at_the_limit_only(length: int) -> None:
    assert (fit_text("a" * length) == "a" * length) is (length <= 32_767)


def test_a_duckdb_file_explains_itself(snapshot: Snapshot, tmp_path: Path) -> None:
    path = tmp_path / "a.duckdb"
    write(snapshot, path, "duckdb")
    with duckdb.connect(path, read_only=True) as connection:
        ask = connection.execute
        assert ask("SELECT name_full FROM units WHERE unit_id = 'u1'").fetchall() == [(LINK,)]
        comment = ask(
            "SELECT comment FROM duckdb_columns() WHERE table_name = 'units' AND "
            "column_name = 'city'"
        ).fetchall()
        assert comment == [("Prefecture. Example: 绵阳市",)]
        tables = ask("SELECT table_name, comment FROM duckdb_tables()").fetchall()
        assert dict(tables)["units"].endswith("Key: unit_id.")
        assert dict(ask("FROM about").fetchall())["snapshot"] == snapshot.id
        types = dict(ask("SELECT column_name, column_type FROM (DESCRIBE comments)").fetchall())
        assert (types["floor"], types["posted_at"]) == ("BIGINT", "TIMESTAMP WITH TIME ZONE")
        with pytest.raises(duckdb.Error):
            ask("DELETE FROM units")


def test_a_data_package_tells_types_meanings_and_keys(snapshot: Snapshot, tmp_path: Path) -> None:
    folder = tmp_path / "package"
    write(snapshot, folder, "datapackage", profile="public")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["gongshi"] == {"snapshot": snapshot.id, "profile": "public"}
    for resource in package["resources"]:
        with (folder / resource["path"]).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        fields = resource["schema"]["fields"]
        assert resource["rows"] == len(rows)
        assert [f["name"] for f in fields] == list(rows[0] if rows else map(_name, fields))
        required = [f["name"] for f in fields if f["constraints"]["required"]]
        assert all(row[name] for row in rows for name in required)
    mentions = next(r for r in package["resources"] if r["name"] == "mentions")
    targets = {key["reference"]["resource"] for key in mentions["schema"]["foreignKeys"]}
    assert targets == {"comments", "threads", "units"}
    assert mentions["schema"]["primaryKey"] == ["mention_id"]
    assert not (folder / "units.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def _name(field: dict[str, str]) -> str:
    return field["name"]


def test_parquet_files_tell_their_snapshot_in_pandas(snapshot: Snapshot, tmp_path: Path) -> None:
    write(snapshot, tmp_path / "a", "parquet", "comments", "units", profile="public")
    frame = pd.read_parquet(tmp_path / "a" / "comments.parquet")
    assert frame.attrs["snapshot"] == snapshot.id
    assert frame.attrs["profile"] == "public"
    assert frame.attrs["columns"]["posted_at"].endswith("Only the day.")
    assert "floor" not in frame.columns
    units = pd.read_parquet(tmp_path / "a" / "units.parquet")
    assert str(units["batch"].dtype) == "Int64"
    field = pq.read_schema(tmp_path / "a" / "units.parquet").field("city")
    assert field.metadata[b"description"] == b"Prefecture."


def test_progress_tells_rows_and_totals(snapshot: Snapshot, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    selected = Selected(snapshot, ("comments",), batch_id=BATCH)
    options = ExportOptions(tmp_path / "a.csv", "csv")
    export(selected, options, lambda *step: told.append(step))
    assert told[0] == ("comments", 0, 38)
    assert told[-1] == ("comments", 38, 38)


def test_an_export_in_place_is_kept_unless_forced(snapshot: Snapshot, tmp_path: Path) -> None:
    for path, format in ((tmp_path / "u.csv", "csv"), (tmp_path / "f", "datapackage")):
        write(snapshot, path, format, "units")  # type: ignore[arg-type]
        with pytest.raises(GongshiError, match="exists: name another path, or replace it with"):
            write(snapshot, path, format, "units")  # type: ignore[arg-type]
        write(snapshot, path, format, "units", force=True)  # type: ignore[arg-type]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["f", "u.csv"]


def test_a_folder_with_other_things_is_never_replaced(snapshot: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(GongshiError, match=r"holds more than an export \('thesis.txt'\)"):
        write(snapshot, tmp_path, "csv", force=True)
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "mine"


def test_files_and_folders_are_not_mixed_up(snapshot: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    (tmp_path / "b").write_text("", encoding="utf-8")
    with pytest.raises(GongshiError, match="is a folder: name a file"):
        write(snapshot, tmp_path / "a.csv", "csv", "units", force=True)
    with pytest.raises(GongshiError, match="is a file: name a folder"):
        write(snapshot, tmp_path / "b", "parquet", force=True)
    with pytest.raises(GongshiError, match=r"end with \.xlsx"):
        write(snapshot, tmp_path / "c", "xlsx")


def test_the_tables_themselves_are_no_place_for_exports(snapshot: Snapshot) -> None:
    for folder in (snapshot.path, snapshot.path.parents[1] / "latest"):
        with pytest.raises(GongshiError, match="where readers expect tables only"):
            write(snapshot, folder / "units" / "a.csv", "csv", "units")


def test_an_export_that_fails_leaves_nothing_behind(snapshot: Snapshot, tmp_path: Path) -> None:
    def fail(table: str, done: int, total: int) -> None:
        raise RuntimeError("stop")

    (tmp_path / "a.csv").write_text("old", encoding="utf-8")
    options = ExportOptions(tmp_path / "a.csv", "csv", force=True)
    with pytest.raises(RuntimeError):
        export(Selected(snapshot, ("units",)), options, fail)
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "old"


def test_what_a_killed_export_left_is_swept_but_not_that_of_others(
    snapshot: Snapshot, tmp_path: Path
) -> None:
    dead, alive = tmp_path / ".a.csv.999999999.part", tmp_path / f".a.csv.{os.getppid()}.part"
    for folder in (dead, alive):
        folder.mkdir()
    write(snapshot, tmp_path / "a.csv", "csv", "units")
    assert sorted(path.name for path in tmp_path.iterdir()) == [alive.name, "a.csv"]


def test_a_snapshot_that_is_gone_is_told(tmp_path: Path) -> None:
    snapshot = write_snapshot(tmp_path / "data", {})
    next((snapshot.path / "units").iterdir()).unlink()
    with pytest.raises(GongshiError, match=r"the export failed .*Run it again"):
        write(snapshot, tmp_path / "a.csv", "csv", "units")
