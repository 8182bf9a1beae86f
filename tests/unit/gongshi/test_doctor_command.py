"""`gongshi doctor` names what is broken, says how to mend it, and changes nothing."""

import fcntl
import json
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace

import pytest

from conftest import Run
from datasets.office import Converter
from datasets.privacy import load_key
from datasets.store import writer_lock
from gongshi import data_folder, installation
from gongshi.check_result import CheckResult
from gongshi.doctor import examine
from gongshi.installation import PACKED_FILES
from normalize.errors import GongshiError
from small_snapshot import small_rows, write_snapshot
from warc_bytes import Warc


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sound folder: tables, an archive, a key outside."""
    monkeypatch.setenv("GONGSHI_KEY_FILE", str(tmp_path / "key"))
    load_key()
    write_snapshot(tmp_path / "data", small_rows())
    warc = Warc().info(software="gongshi").response("http://a.cn/1").response("http://a.cn/2")
    warc.save(tmp_path / "data" / "warc" / "demo" / "a.warc.gz")
    return tmp_path / "data"


def list_files(folder: Path) -> dict[str, int]:
    return {str(path): path.lstat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def find(data: Path, name: str, verdict: str) -> str:
    found: CheckResult = examine(data)[name]
    assert found.verdict == verdict, found.message
    return found.message


def test_a_sound_folder_is_fine_and_stays_as_it_is(
    run: Run, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = list_files(data.parent)
    assert run("doctor", "--data", data) == 0
    lines = capsys.readouterr().out.splitlines()
    names = [line.split()[1] for line in lines]
    assert names == [
        *("python:", "datasets:", "packages:", "facts:", "sources:", "browser:", "converter:"),
        *("data:", "space:", "locks:", "latest:", "archives:", "key:"),
    ]
    assert {line.split()[0] for line in lines if "converter:" not in line} == {"ok"}
    assert list_files(data.parent) == before


def test_programs_get_json_and_the_exit_code(
    run: Run, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "latest").unlink()
    (data / "latest").symlink_to("snapshots/gone")
    assert run("doctor", "--data", data, "--json") == 2
    rows = {row["check"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["latest"]["verdict"] == "problem"
    assert "snapshot gone, which" in rows["latest"]["message"]


def test_a_folder_that_is_not_there_is_not_made(run: Run, tmp_path: Path) -> None:
    assert run("doctor", "--data", tmp_path / "data") == 0
    assert not (tmp_path / "data").exists()


def test_the_packed_files_are_those_of_the_folder() -> None:
    folder = files("normalize") / "data"
    assert {path.name for path in folder.iterdir()} == {*PACKED_FILES, "README.md"}


def test_a_packed_file_that_is_gone_or_cut_is_named(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = tmp_path / "package" / "data"
    shutil.copytree(str(files("normalize") / "data"), packed)
    monkeypatch.setattr(installation, "files", lambda name: packed.parent)
    os.truncate(packed / "villages.parquet", 1000)
    assert "villages.parquet' cannot be read" in find(data, "facts", "problem")
    (packed / "peoples.txt").unlink()
    assert "peoples.txt' cannot be read" in find(data, "facts", "problem")


def test_packages_that_are_missing_or_old_are_named(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tell(name: str) -> str:
        if name == "jieba":
            raise PackageNotFoundError(name)
        return "1.0" if name == "scrapy" else "9999"

    monkeypatch.setattr(installation, "version", tell)
    said = find(data, "packages", "problem")
    assert said.startswith("scrapy is 1.0, not >=2.19, jieba is not installed: run `make`")
    assert "ruff" not in said


def test_an_old_python_is_named(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.python_version", lambda: "3.10.1")
    assert "Python is 3.10.1, not >=3.11" in find(data, "python", "problem")


def test_a_foreign_datasets_distribution_is_refused_before_all(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("gongshi.environment.distribution", lambda name: name)
    assert run("doctor", "--data", data) == 2
    assert "'datasets' is installed" in capsys.readouterr().err
    assert "'datasets' is installed" in find(data, "datasets", "problem")


def test_sources_that_are_broken_or_lack_a_browser_are_named(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGSHI_SOURCES", str(tmp_path))
    monkeypatch.setattr("crawler.browser.find_chromium", lambda: None)
    head = 'name = "某县"\nsite = "某县"\nkind = "news"\n[crawl]\npattern = "single"\n'
    start = 'start_urls = ["http://a.example.cn/"]\n'
    (tmp_path / "some_county.toml").write_text(f"{head}{start}delais = 3\n", encoding="utf-8")
    (tmp_path / "scripted.toml").write_text(f"{head}{start}browser = true\n", encoding="utf-8")
    assert "unknown key crawl.delais; did you mean 'delay'?" in find(data, "sources", "problem")
    assert "source 'scripted' is read with a browser" in find(data, "browser", "problem")


@pytest.mark.parametrize(
    ("converter", "verdict", "said"),
    [
        (None, "note", "nothing converts .doc"),
        (Converter("/usr/bin/antiword", "antiword"), "note", "reads .doc alone"),
        (Converter("/usr/bin/soffice", "soffice"), "ok", "'/usr/bin/soffice' converts"),
    ],
)
def test_a_missing_converter_breaks_nothing(
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    converter: Converter | None,
    verdict: str,
    said: str,
) -> None:
    monkeypatch.setattr(installation, "find_converter", lambda: converter)
    assert said in find(data, "converter", verdict)


def test_a_folder_that_cannot_be_written_is_named() -> None:
    assert "cannot be written" in find(Path("/proc/self"), "data", "problem")


def test_a_disk_without_hard_links_costs_space(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refuse)
    assert "knows no hard links" in find(data, "data", "note")


def test_a_full_disk_is_named(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = sum(path.stat().st_size for path in data.glob("latest/*/*.parquet"))
    monkeypatch.setattr(data_folder, "LIMIT", 1000)
    for free, verdict in ((999 + tables, "problem"), (1000 + tables, "ok")):
        usage = SimpleNamespace(free=free)
        monkeypatch.setattr("shutil.disk_usage", lambda path, usage=usage: usage)
        assert f"{free:,} bytes" in find(data, "space", verdict)


@contextmanager
def holding(path: Path, holder: str) -> Iterator[None]:
    path.parent.mkdir(exist_ok=True)
    path.write_text(holder)
    with path.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def test_who_holds_a_lock_is_told_and_it_can_be_taken_afterwards(data: Path) -> None:
    with writer_lock(data), holding(data / "frontier" / "demo.lock", "4711"):
        said = find(data, "locks", "note")
        assert f"process {os.getpid()} on " in said
        assert "demo.lock' is held by process 4711" in said
    find(data, "locks", "ok")
    with writer_lock(data):
        pass


def test_a_lost_a_cut_and_a_foreign_file_of_latest_are_named(data: Path) -> None:
    part = next((data / "latest" / "units").resolve().iterdir())
    content = part.read_bytes()
    part.unlink()
    assert "has lost 'units/" in find(data, "latest", "problem")
    part.write_bytes(content[:-1])
    said = find(data, "latest", "problem")
    assert f"has {len(content) - 1:,} bytes instead of {len(content):,}" in said
    part.write_bytes(content)
    find(data, "latest", "ok")
    (part.parent / "mine.csv").touch()
    assert "mine.csv' is none of the files" in find(data, "latest", "problem")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"resources": [{}]}', '{"resources": 7}'])
def test_a_damaged_manifest_is_named(data: Path, text: str) -> None:
    (data / "latest" / "datapackage.json").write_text(text)
    assert "remove the folder" in find(data, "latest", "problem")


@pytest.mark.parametrize("zipped", [True, False])
def test_an_archive_that_is_cut_off_is_named(data: Path, zipped: bool) -> None:
    name = "b.warc.gz" if zipped else "b.warc"
    path = data / "warc" / "demo" / name
    whole = Warc(zipped).response("http://a.cn/1").response("http://a.cn/2")
    whole.save(path)
    assert find(data, "archives", "ok").startswith("2 archive files")
    first = len(Warc(zipped).response("http://a.cn/1").content)
    os.truncate(path, len(whole.content) - 3)
    said = find(data, "archives", "problem")
    assert f"{name}' cannot be read behind byte {first:,} of {len(whole.content) - 3:,}" in said
    os.truncate(path, 9)
    assert "cannot be read where its last record ends" in find(data, "archives", "problem")
    os.truncate(path, 0)
    find(data, "archives", "ok")


def test_a_key_that_is_open_short_inside_or_gone_is_named(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = data.parent / "key"
    key.chmod(stat.S_IRUSR | stat.S_IRGRP)
    assert "run `chmod 600" in find(data, "key", "note")
    key.chmod(stat.S_IRUSR | stat.S_IWUSR)
    key.write_bytes(b"short")
    assert "holds 5 bytes" in find(data, "key", "problem")
    key.unlink()
    assert "bring it back" in find(data, "key", "problem")
    assert "its first use makes it" in find(data.parent / "empty", "key", "note")
    monkeypatch.setenv("GONGSHI_KEY_FILE", str(data / "key"))
    assert "lies inside the data folder" in find(data, "key", "problem")
    assert not (data / "key").exists()


def test_a_check_that_cannot_run_is_a_problem_and_the_others_run(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path) -> tuple[Path, ...]:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(data_folder, "list_warcs", fail)
    assert "Permission denied" in find(data, "archives", "problem")
    find(data, "key", "ok")


def test_gongshi_without_an_installation_is_told(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: str) -> None:
        raise PackageNotFoundError("gongshi")

    for name in ("metadata", "read_requirements"):
        monkeypatch.setattr(installation, name, refuse)
    assert "without being installed" in find(data, "packages", "problem")
    with pytest.raises(GongshiError, match="without being installed"):
        installation.check_python()
