import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from datasets import store
from datasets.schema import load_tables
from datasets.store import (
    Commit,
    commit,
    gc,
    latest_id,
    list_snapshots,
    part_name,
    read_manifest,
    sweep_leftovers,
    write_parts,
    writer_lock,
)
from normalize.errors import GongshiError

CHINA = timezone(timedelta(hours=8))
COMMENT = {
    "comment_id": "a",
    "thread_id": "t",
    "doc_id": "d",
    "source_id": "xishu_bbs",
    "floor": 2,
    "post_no": "9",
    "author_id": None,
    "posted_at": datetime(2022, 4, 6, 12, 45, tzinfo=CHINA),
    "posted_raw": None,
    "text": "我们古城社区上榜了",
    "text_original": None,
    "quoted_post_no": None,
    "quoted_text": None,
    "flags": "",
    "keywords": None,
    "extractor": "0.1.0",
}


def comment(key: str, **values: object) -> dict[str, object]:
    return COMMENT | {"comment_id": key} | values


def publish(data: Path, *comments: dict[str, object], held: tuple[str, ...] = ()) -> Commit:
    with writer_lock(data):
        parts = [
            part
            for name, table in load_tables().items()
            for part in write_parts(data, table, comments if name == "comments" else [])
        ]
        return commit(data, parts, {}, held)


def comments_of(data: Path) -> list[str]:
    return pq.read_table(data / "latest" / "comments")["comment_id"].to_pylist()


def files(data: Path) -> dict[str, int]:
    folder = data / "latest" / "comments"
    return {path.name.rpartition("-")[0]: path.stat().st_ino for path in folder.iterdir()}


def test_latest_is_a_link_to_the_new_snapshot(tmp_path: Path) -> None:
    done = publish(tmp_path, comment("a"))
    assert done.changed
    assert (tmp_path / "latest").readlink() == Path("snapshots") / done.snapshot
    assert comments_of(tmp_path) == ["a"]


def test_a_table_folder_holds_only_parquet_and_every_table_has_one(tmp_path: Path) -> None:
    publish(tmp_path, comment("a"))
    for name in load_tables():
        names = [path.name for path in (tmp_path / "latest" / name).iterdir()]
        assert names
        assert all(name.endswith(".parquet") for name in names)
        assert pq.read_table(tmp_path / "latest" / name).schema.names


def test_the_same_rows_make_no_snapshot(tmp_path: Path) -> None:
    first = publish(tmp_path, comment("a"), comment("b"))
    again = publish(tmp_path, comment("b"), comment("a"))
    assert again == Commit(first.snapshot, changed=False, published=True)
    assert list_snapshots(tmp_path) == (first.snapshot,)


def test_an_unchanged_part_keeps_its_file(tmp_path: Path) -> None:
    may = datetime(2022, 5, 1, tzinfo=CHINA)
    publish(tmp_path, comment("a"), comment("b", posted_at=may))
    before = files(tmp_path)
    publish(tmp_path, comment("a"), comment("b", posted_at=may, text="改了"))
    after = files(tmp_path)
    assert before["xishu_bbs-2022-04"] == after["xishu_bbs-2022-04"]
    assert before["xishu_bbs-2022-05"] != after["xishu_bbs-2022-05"]


def test_an_old_snapshot_stays_as_it_was(tmp_path: Path) -> None:
    first = publish(tmp_path, comment("a"))
    publish(tmp_path, comment("b"))
    old = pq.read_table(tmp_path / "snapshots" / first.snapshot / "comments")
    assert old["comment_id"].to_pylist() == ["a"]


def test_rows_are_sorted_for_reading_with_nulls_last(tmp_path: Path) -> None:
    rows = [comment("a", floor=None), comment("b", floor=3), comment("c", floor=2)]
    publish(tmp_path, *rows)
    assert comments_of(tmp_path) == ["c", "b", "a"]


def test_the_manifest_tells_parent_rows_and_digests(tmp_path: Path) -> None:
    first = publish(tmp_path, comment("a"))
    second = publish(tmp_path, comment("a"), comment("b"))
    manifest = read_manifest(tmp_path, second.snapshot)
    assert manifest["parent"] == first.snapshot
    resource = next(r for r in manifest["resources"] if r["name"] == "comments")
    assert resource["rows"] == 2
    assert resource["schema"]["primaryKey"] == ["comment_id"]
    for path in resource["path"]:
        assert (tmp_path / "latest" / path).stat().st_size == resource["bytes"]


def test_ids_sort_by_time_even_when_the_clock_is_set_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish(tmp_path, comment("a"))
    monkeypatch.setattr(store, "_now", lambda: datetime(2001, 1, 1, tzinfo=UTC))
    second = publish(tmp_path, comment("b"))
    assert second.snapshot > first.snapshot


def test_a_held_snapshot_does_not_move_latest(tmp_path: Path) -> None:
    first = publish(tmp_path, comment("a"))
    held = publish(tmp_path, comment("b"), held=("comments: 9 rows before, 1 now",))
    assert (held.changed, held.published) == (True, False)
    assert latest_id(tmp_path) == first.snapshot
    assert read_manifest(tmp_path, held.snapshot)["held"] == ["comments: 9 rows before, 1 now"]


def test_the_next_commit_takes_the_place_of_a_held_snapshot(tmp_path: Path) -> None:
    publish(tmp_path, comment("a"))
    held = publish(tmp_path, comment("b"), held=("why",))
    published = publish(tmp_path, comment("b"))
    assert published.published
    assert held.snapshot not in list_snapshots(tmp_path)
    assert comments_of(tmp_path) == ["b"]


def test_gc_keeps_the_newest_and_frees_what_nobody_links_to(tmp_path: Path) -> None:
    ids = [publish(tmp_path, comment(key)).snapshot for key in "abcd"]
    with writer_lock(tmp_path):
        swept = gc(tmp_path, keep=2)
    assert list_snapshots(tmp_path) == tuple(ids[2:])
    assert swept.snapshots == tuple(ids[:2])
    assert swept.objects == 2
    assert swept.freed > 0
    assert comments_of(tmp_path) == ["d"]


def test_gc_must_keep_something(tmp_path: Path) -> None:
    with pytest.raises(GongshiError, match="keep 1 or more"):
        gc(tmp_path, keep=0)


def test_a_second_writer_is_told_who_is_writing(tmp_path: Path) -> None:
    told = rf"written by process {os.getpid()} on .* since"
    with (
        writer_lock(tmp_path),
        pytest.raises(GongshiError, match=told),
        writer_lock(tmp_path),
    ):
        pass
    with writer_lock(tmp_path):
        pass


def test_the_lock_of_a_dead_process_does_not_last(tmp_path: Path) -> None:
    code = (
        "import os, pathlib; from datasets.store import writer_lock\n"
        f"with writer_lock(pathlib.Path({str(tmp_path)!r})): os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    with writer_lock(tmp_path):
        pass


def test_leftovers_of_a_killed_build_are_swept(tmp_path: Path) -> None:
    publish(tmp_path, comment("a"))
    staging = tmp_path / "snapshots" / ".staging-x"
    (staging / "units").mkdir(parents=True)
    torn = tmp_path / "objects" / "ab" / "ab.parquet.tmp"
    torn.parent.mkdir(exist_ok=True)
    torn.write_bytes(b"PAR1")
    (tmp_path / "latest.tmp").symlink_to("snapshots/none")
    sweep_leftovers(tmp_path)
    assert not staging.exists()
    assert not torn.exists()
    assert not (tmp_path / "latest.tmp").is_symlink()
    assert comments_of(tmp_path) == ["a"]


def test_a_folder_in_the_place_of_the_link_is_told(tmp_path: Path) -> None:
    (tmp_path / "latest").mkdir()
    with pytest.raises(GongshiError, match="is a folder, not a link"):
        publish(tmp_path, comment("a"))


def test_files_cannot_be_overwritten_by_accident(tmp_path: Path) -> None:
    publish(tmp_path, comment("a"))
    (path,) = (tmp_path / "latest" / "comments").iterdir()
    assert path.stat().st_mode & 0o222 == 0


def test_a_part_name_is_safe_for_file_systems() -> None:
    table = load_tables()["units"]
    assert part_name(table, {"batch_id": "9b871512327c09ce"}) == "9b871512327c09ce"
    odd = part_name(table, {"batch_id": "../../etc"})
    assert len(odd) == 16
    assert "/" not in odd
