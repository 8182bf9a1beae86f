"""What people and machines do to a data folder: one sentence, nothing lost, `latest` readable."""

import errno
import json
import os
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from datasets import objects, store
from datasets.build import BuildOptions, BuildResult, build
from datasets.read import open_snapshot
from datasets.store import gc, latest_id, list_snapshots, read_manifest, writer_lock
from mounted_disk import mounted
from normalize.errors import GongshiError
from stand_in import link, parse
from warc_bytes import Warc


def fetch(data: Path, *units: str) -> None:
    body = "\n".join(["title=名单", *(f"unit={unit}" for unit in units)]).encode()
    Warc().response("http://a.cn/1", body).save(data / "warc/demo/a.warc.gz")


def rebuild(data: Path, key: Path) -> BuildResult:
    options = BuildOptions(accept=True, key_file=key, parse=parse, link=link)
    return build(data, {}, options)


class Folder:
    """A data folder with one snapshot and new pages to build."""

    def __init__(self, data: Path, key: Path) -> None:
        self.data, self.key = data, key
        fetch(data, "古城社区", "草堂社区")
        self.first = rebuild(data, key).snapshot
        fetch(data, "古城社区", "草堂社区", "樟树社区")

    def build(self) -> BuildResult:
        return rebuild(self.data, self.key)

    def units(self) -> int:
        found = len(pd.read_parquet(self.data / "latest" / "units"))
        assert found == len(open_snapshot(self.data).table("units"))
        return found

    def leftovers(self) -> list[Path]:
        return [*self.data.glob("snapshots/.*"), *self.data.glob("objects/*/*.tmp")]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "data", tmp_path / "key")


# A full disk

CALLS = ("write", "link", "manifest", "rename", "point")


def break_call(patch: pytest.MonkeyPatch, call: str) -> None:
    """Let one step of a commit find the disk full, after it has done half of its work."""

    def fail(*given: object, **named: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def write_half(target: Path, content: bytes) -> None:
        target.with_name(f"{target.name}.tmp").write_bytes(bytes(content)[:10])
        fail()

    match call:
        case "write":
            patch.setattr(objects, "write_durably", write_half)
        case "link":
            patch.setattr(os, "link", fail)
            patch.setattr(shutil, "copyfile", fail)
        case "manifest":
            patch.setattr(store, "write_durably", write_half)
        case "rename":
            patch.setattr(Path, "rename", fail)
        case "point":
            patch.setattr(Path, "symlink_to", fail)


@pytest.mark.parametrize("call", CALLS)
def test_a_disk_that_fills_during_a_commit_costs_nothing(folder: Folder, call: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        break_call(patch, call)
        with pytest.raises(GongshiError, match=r"cannot be written \(No space left on device\)"):
            folder.build()
    assert latest_id(folder.data) == folder.first
    assert folder.units() == 2
    assert folder.leftovers() == []
    assert folder.build().changed
    assert folder.units() == 3


def test_a_small_disk_is_told_and_keeps_its_tables(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with mounted(disk, "size=6m"):
        folder = Folder(disk / "data", tmp_path / "key")
        ballast = disk / "ballast"
        free = shutil.disk_usage(disk).free
        ballast.write_bytes(bytes(free - 16384))
        with pytest.raises(GongshiError, match="No space left on device"):
            folder.build()
        assert folder.units() == 2
        ballast.unlink()
        assert folder.build().changed
        assert folder.units() == 3


# A folder that cannot be written


def test_a_read_only_folder_is_told_and_can_be_read(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with mounted(disk, "size=32m"):
        folder = Folder(disk / "data", tmp_path / "key")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with pytest.raises(GongshiError, match=r"cannot be written \(Read-only file system\)"):
            folder.build()
        assert folder.units() == 2


def test_a_folder_of_somebody_else_is_told(folder: Folder) -> None:
    def refuse(*given: object, **named: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    told = pytest.raises(GongshiError, match=r"cannot be written \(Permission denied\)")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        with told, writer_lock(folder.data):
            pass
    assert folder.units() == 2


# Files that do not belong there


@pytest.mark.parametrize("name", ["notes.csv", "copy.parquet"])
def test_a_foreign_file_in_a_table_is_told_and_never_read(folder: Folder, name: str) -> None:
    (own,) = (folder.data / "latest" / "units").glob("*.parquet")
    foreign = own.with_name(name)
    foreign.write_bytes(own.read_bytes())
    assert len(open_snapshot(folder.data).table("units")) == 2
    with open_snapshot(folder.data).connect() as connection:
        assert connection.execute("SELECT count(*) FROM units").fetchall() == [(2,)]
    with pytest.raises(GongshiError, match=rf"units/{name}' is none of the files .* move it away"):
        folder.build()
    assert foreign.exists()
    foreign.unlink()
    assert folder.build().changed


def test_hidden_files_of_desktops_do_not_matter(folder: Folder) -> None:
    (folder.data / "latest" / "units" / ".DS_Store").write_bytes(b"\0")
    assert folder.build().changed


def test_a_sweep_deletes_nobody_elses_file(folder: Folder) -> None:
    foreign = folder.data / "snapshots" / folder.first / "mine.xlsx"
    foreign.write_bytes(b"PK")
    foreign_in_old = pytest.raises(GongshiError, match=r"mine\.xlsx' is none of the files")
    with foreign_in_old:
        folder.build()
    foreign.rename(folder.data / "mine.xlsx")
    second = folder.build().snapshot
    (folder.data / "mine.xlsx").rename(foreign)
    with writer_lock(folder.data), foreign_in_old:
        gc(folder.data, keep=1)
    assert list_snapshots(folder.data) == (folder.first, second)
    assert foreign.exists()


# Files that are gone


def test_a_snapshot_deleted_by_hand_is_told_and_built_again(folder: Folder) -> None:
    shutil.rmtree(folder.data / "snapshots" / folder.first)
    told = f"no tables yet .snapshot {folder.first}, which 'latest' points to, is gone"
    with pytest.raises(GongshiError, match=told):
        open_snapshot(folder.data)
    assert folder.build().changed
    assert folder.units() == 3


def test_an_older_snapshot_deleted_by_hand_does_not_matter(folder: Folder) -> None:
    folder.build()
    shutil.rmtree(folder.data / "snapshots" / folder.first)
    assert not folder.build().changed
    assert folder.units() == 3


def test_a_file_deleted_by_hand_is_put_back(folder: Folder) -> None:
    fetch(folder.data, "古城社区", "草堂社区")
    (lost,) = (folder.data / "latest" / "units").glob("*.parquet")
    lost.unlink()
    with pytest.raises(GongshiError, match=rf"has lost 'units/{lost.name}': run `gongshi build`"):
        open_snapshot(folder.data)
    assert not folder.build().changed
    assert lost.exists()
    assert folder.units() == 2


def test_a_file_that_is_gone_with_its_object_is_told(folder: Folder) -> None:
    fetch(folder.data, "古城社区", "草堂社区")
    (lost,) = (folder.data / "latest" / "units").glob("*.parquet")
    digest = next(p.digest for p in parts_in(folder) if p.table == "units")
    (folder.data / "objects" / digest[:2] / f"{digest}.parquet").unlink()
    lost.unlink()
    with pytest.raises(GongshiError, match=r"for good: remove the link '.*latest'"):
        folder.build()
    (folder.data / "latest").unlink()
    assert folder.build().changed
    assert folder.units() == 2


def parts_in(folder: Folder) -> tuple[store.Part, ...]:
    return store.parts_of(read_manifest(folder.data, folder.first))


# A newer program


def test_a_folder_of_a_newer_version_is_told_and_left_alone(folder: Folder) -> None:
    path = folder.data / "latest" / "datapackage.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    assert manifest["format"] == 1
    path.chmod(0o644)
    path.write_text(json.dumps(manifest | {"format": 2}), encoding="utf-8")
    before = sorted(folder.data.rglob("*"))
    for attempt in (folder.build, lambda: open_snapshot(folder.data)):
        with pytest.raises(
            GongshiError, match=r"newer gongshi \(format 2, not 1\): update gongshi"
        ):
            attempt()
    assert sorted(folder.data.rglob("*")) == before
    assert len(pd.read_parquet(folder.data / "latest" / "units")) == 2


def test_a_snapshot_of_before_the_format_had_a_number_is_read(folder: Folder) -> None:
    path = folder.data / "latest" / "datapackage.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    del manifest["format"]
    path.chmod(0o644)
    path.write_text(json.dumps(manifest), encoding="utf-8")
    assert folder.units() == 2


# Two writers


def test_a_second_build_is_told_and_changes_nothing(folder: Folder) -> None:
    with writer_lock(folder.data):
        with pytest.raises(GongshiError, match="is being written by process"):
            folder.build()
        assert folder.units() == 2
    assert folder.build().changed
