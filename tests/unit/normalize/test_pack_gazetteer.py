import csv
import importlib
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "tests" / "fixtures" / "gazetteer"
DAYS = ("2020-06-30", "2021-10-31")


# The maintainer's scripts are no package; one of them imports the other.
sys.path.insert(0, str(ROOT / "tools"))
tool = importlib.import_module("pack_gazetteer")


def read_sample() -> list[tuple[str, str, int]]:
    """Rows of two small snapshots; bit 0 is the older one."""
    with (SAMPLE / "two_snapshots.tsv").open(encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file, delimiter="\t")
        return sorted(tool.Row(x["code"], x["name"], int(x["seen"])) for x in lines)


def find(code: str) -> list[tuple[str, str, float, str]]:
    found = tool.find_successions(read_sample(), DAYS)
    return [(x.new_code, x.new_name, x.share, x.kind) for x in found if x.old_code == code]


def test_packing_gives_the_same_bytes(tmp_path: Path) -> None:
    rows = read_sample()
    tool.write_divisions(rows, tmp_path / "one.parquet")
    tool.write_divisions(reversed(rows), tmp_path / "two.parquet")
    packed = (tmp_path / "one.parquet").read_bytes()
    assert packed == (tmp_path / "two.parquet").read_bytes()
    assert packed == (SAMPLE / "villages.parquet").read_bytes()


def test_successions_give_the_same_bytes(tmp_path: Path) -> None:
    found = tool.find_successions(read_sample(), DAYS)
    tool.write_successions(found, tmp_path / "succession.tsv")
    made = (tmp_path / "succession.tsv").read_bytes()
    assert made == (SAMPLE / "succession.tsv").read_bytes()


def test_groups_are_upper_levels_then_prefectures() -> None:
    file = pq.ParquetFile(SAMPLE / "villages.parquet")
    groups = [
        [c.decode().rstrip() for c in file.read_row_group(n, use_threads=False)["code"].to_pylist()]
        for n in range(file.num_row_groups)
    ]
    assert all(len(code) < 12 for code in groups[0])
    assert [{code[:4] for code in group} for group in groups[1:]] == [{"3301"}, {"5101"}]
    assert all(group == sorted(group) for group in groups)
    statistics = [file.metadata.row_group(n).column(0).statistics for n in range(len(groups))]
    assert [s.min.decode().rstrip() for s in statistics] == [group[0] for group in groups]


def test_snapshots_are_read_into_masks(tmp_path: Path) -> None:
    for number, version in enumerate(tool.SNAPSHOTS):
        folder = tmp_path / version / "package" / "dist"
        folder.mkdir(parents=True)
        for level in tool.LEVELS:
            lines = ["code,name"]
            if level == "areas":
                lines.append('510132,"新津县"' if number < 4 else '510118,"新津区"')
            (folder / f"{level}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    rows = [tuple(row) for row in tool.read_snapshots(tmp_path)]
    assert rows == [("510118", "新津区", 0b11110000), ("510132", "新津县", 0b00001111)]


@pytest.mark.parametrize("line", ['5101,"新津县"', '51013x,"新津县"', '510132,""'])
def test_a_strange_code_or_empty_name_is_refused(tmp_path: Path, line: str) -> None:
    folder = tmp_path / next(iter(tool.SNAPSHOTS)) / "package" / "dist"
    folder.mkdir(parents=True)
    for level in tool.LEVELS:
        text = f"code,name\n{line}\n" if level == "areas" else "code,name\n"
        (folder / f"{level}.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"areas\.csv"):
        tool.read_snapshots(tmp_path)


def test_raised_county() -> None:
    assert find("510132") == [("510118", "新津区", 1.0, "raised")]


def test_split_county() -> None:
    assert find("330104") == [
        ("330102", "上城区", 0.6, "split"),
        ("330114", "钱塘区", 0.4, "split"),
    ]


def test_merged_county() -> None:
    assert find("330103") == [("330105", "拱墅区", 1.0, "merged")]


def test_town_of_a_raised_county() -> None:
    assert find("510132001") == [("510118001", "五津街道", 1.0, "moved")]
    assert find("510132102") == [("510118102", "花源街道", 1.0, "raised")]


def test_recoded_renamed_and_gone_towns() -> None:
    assert find("510104001") == [("510104017", "锦官驿街道", 1.0, "recoded")]
    assert find("510104002") == [("510104002", "春熙路街道", 1.0, "renamed")]
    assert find("510104400") == [("", "", 0.0, "gone")]


def test_office_at_the_end_of_a_name_is_no_change() -> None:
    assert find("510104003") == []


def test_a_division_that_stands_is_not_listed() -> None:
    assert find("330102") == find("51") == find("5101") == []
