"""`gongshi build --engine dask` on a cluster of this machine, and what it refuses."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Client

from conftest import Run
from dask_cluster import Cluster, run_cluster
from datasets.code_version import describe_parser
from datasets.dask_engine import parse_chunk
from datasets.pages import PageReader
from normalize.errors import GongshiError

NEWS = Path(__file__).parents[1] / "pages" / "zjol_jiaxing_news" / "article_twice" / "page.html"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    # Workers of a nanny are daemons, which may not start processes in every way.
    with run_cluster(tmp_path_factory.mktemp("cluster"), 1, "--nanny") as cluster:
        yield cluster


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data" / "warc").mkdir(parents=True)
    return tmp_path / "data"


@pytest.mark.slow
def test_a_cluster_gives_the_tables_of_a_local_build(
    cluster: Cluster, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    assert run("ingest", NEWS, "--data", data, "--jobs", 1) == 0
    capsys.readouterr()
    for archive in ((), ("--archive", data.as_uri())):
        assert build_on(cluster, run, data, *archive) == 0
        assert "is up to date" in capsys.readouterr().out


def test_workers_with_other_code_are_refused(
    cluster: Cluster,
    run: Run,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("datasets.dask_engine.describe_parser", lambda: "gongshi 9.9.9")
    assert build_on(cluster, run, data) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "runs gongshi 0." in error
    assert "the build gongshi 9.9.9; install the same on both" in error
    assert not (data / "latest").exists()


def test_workers_that_do_not_see_the_archive_are_refused(
    cluster: Cluster, run: Run, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for elsewhere in (data / "elsewhere", (data / "elsewhere").as_uri()):
        assert build_on(cluster, run, data, "--archive", elsewhere) == 2
        assert f"does not see '{elsewhere}/warc'; tell with --archive" in capsys.readouterr().err


def test_a_worker_is_checked_with_every_chunk(cluster: Cluster, data: Path) -> None:
    fit = (PageReader(data), [], describe_parser())
    elsewhere = (PageReader(data / "elsewhere"), [], describe_parser())
    updated = (PageReader(data), [], "gongshi 9.9.9")
    with Client(cluster.address, set_as_default=False) as client:
        assert client.submit(parse_chunk, *fit).result() == []
        with pytest.raises(GongshiError, match="does not see"):
            client.submit(parse_chunk, *elsewhere).result()
        with pytest.raises(GongshiError, match=r"the build gongshi 9\.9\.9"):
            client.submit(parse_chunk, *updated).result()


def test_workers_without_gongshi_are_refused(
    run: Run, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    # Were it a package, the finder of an editable install would still find our modules in it.
    (other / "datasets.py").touch()
    with run_cluster(tmp_path, workers=0) as cluster:
        assert build_on(cluster, run, data) == 2
        assert "the Dask cluster has no workers; start some" in capsys.readouterr().err
        cluster.add_worker(packages=(other,))
        cluster.wait_for_workers(1)
        assert build_on(cluster, run, data) == 2
    error = capsys.readouterr().err
    assert "there, and what --archive needs" in error
    assert (
        "cannot parse pages (ModuleNotFoundError(\"No module named 'datasets.dask_engine'" in error
    )


def test_a_scheduler_that_does_not_answer_is_named(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("datasets.dask_engine.CONNECT_SECONDS", 0.2)
    options = ("--engine", "dask", "--scheduler", "tcp://127.0.0.1:9")
    assert run("build", "--data", data, *options) == 2
    assert capsys.readouterr().err == (
        "gongshi: no Dask scheduler answers at tcp://127.0.0.1:9; check the address, and that it "
        "runs\n"
    )


def test_the_missing_package_is_named(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "datasets.dask_engine", raising=False)
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert run("build", "--data", data, "--engine", "dask", "--scheduler", "tcp://127.0.0.1:9") == 2
    error = capsys.readouterr().err
    assert error.startswith("gongshi: the Python package 'distributed' is missing")
    assert "pip install -e '.[dask]'" in error


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--engine", "dask"), "--engine dask needs --scheduler"),
        (("--scheduler", "tcp://127.0.0.1:9"), "need --engine dask"),
        (("--archive", "s3://bucket/data"), "need --engine dask"),
        (
            ("--engine", "dask", "--scheduler", "tcp://127.0.0.1:9", "--jobs", "2"),
            "--jobs is for this machine",
        ),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    options: tuple[str, ...], message: str, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("build", *options) == 2
    assert message in capsys.readouterr().err


def build_on(cluster: Cluster, run: Run, data: Path, *options: object) -> int:
    """Build on a cluster and give the exit code."""
    named = ("--engine", "dask", "--scheduler", cluster.address)
    return run("build", "--data", data, *named, *options)
