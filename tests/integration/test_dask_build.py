"""Builds on a Dask cluster of this machine whose workers and pages do not behave."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from dask_cluster import run_engine
from datasets.build import BuildOptions, Progress, build
from datasets.dask_engine import DaskEngine
from datasets.engines import Engine, parse_here
from datasets.index import Entry
from datasets.pages import PageReader, ParsedPage
from datasets.read import open_snapshot
from normalize.errors import GongshiError
from stand_in import link, parse
from warc_bytes import Warc

PAGES = 48
CHUNK = 4
SECONDS = 2.0


def write_pages(data: Path, odd: dict[int, str]) -> Path:
    """Archive some dozens of pages in two files; odd ones of the first have one line more."""
    for name in ("a", "b"):
        warc = Warc().info(gongshi_kind="crawl", gongshi_source="demo", gongshi_run=name * 16)
        for number in range(PAGES // 2):
            url = f"http://{name}.cn/{number}"
            lines = [f"title={url}", "unit=古城社区", f"thread={name}{number}", "reply=2,甲,好"]
            lines += [odd[number]] if name == "a" and number in odd else []
            warc.response(url, "\n".join(lines).encode())
        warc.save(data / "warc" / "demo" / f"{name}.warc.gz")
    return data


def build_with(
    engine: Engine, data: Path, on_progress: Callable[[Progress], None] | None = None
) -> dict[str, bytes]:
    """Build, and give the bytes of all parts of all tables."""

    def hurry(entries: Sequence[Entry], reader: PageReader) -> Iterator[tuple[Entry, ParsedPage]]:
        return engine(entries, replace(reader, seconds=SECONDS))

    options = BuildOptions(hurry, accept=True, key_file=data.parent / "key", parse=parse, link=link)
    build(data, {}, options, on_progress)
    latest = data / "latest"
    return {
        path.relative_to(latest).as_posix(): path.read_bytes()
        for path in sorted(latest.glob("*/*.parquet"))
    }


def kill_busy_worker(engine: DaskEngine) -> None:
    """Kill the worker that has the most work under way."""
    under_way = engine.client.processing()
    busiest = max(under_way, key=lambda worker: len(under_way[worker]))
    os.kill(engine.client.run(os.getpid, workers=[busiest])[busiest], signal.SIGKILL)


@pytest.mark.slow
def test_a_build_outlives_a_worker_and_gives_the_tables_of_a_local_one(tmp_path: Path) -> None:
    data = write_pages(tmp_path / "data", {5: "sleep=60", 7: "fail=yes"})
    shutil.copytree(data, tmp_path / "local")
    killed: list[Progress] = []
    with run_engine(data, workers=2) as (_, engine):

        def kill_once(progress: Progress) -> None:
            if progress.stage == "parse" and progress.done == 2 * CHUNK and not killed:
                killed.append(progress)
                kill_busy_worker(engine)

        tables = build_with(replace(engine, chunk=CHUNK), data, kill_once)
        assert len(engine.client.nthreads()) == 1
    assert tables == build_with(parse_here, tmp_path / "local")
    snapshot = open_snapshot(data)
    assert snapshot.rows("documents") == PAGES - 2
    codes = set(snapshot.pandas("issues").query("severity == 'error'")["code"])
    assert codes == {"extraction_timeout", "extraction_failed"}


@pytest.mark.slow
def test_a_page_that_kills_workers_costs_only_itself(tmp_path: Path) -> None:
    data = write_pages(tmp_path / "data", {3: "die_together=yes"})
    # One worker dies of the chunk, one of the page alone, one is left.
    with run_engine(data, workers=3, allowed_failures=0) as (_, engine):
        build_with(replace(engine, chunk=CHUNK), data)
        assert len(engine.client.nthreads()) == 1
    snapshot = open_snapshot(data)
    died = snapshot.pandas("issues").query("code == 'extraction_died'")["url"]
    assert died.tolist() == ["http://a.cn/3"]
    assert snapshot.rows("documents") == PAGES - 1


def test_a_cluster_without_workers_left_ends_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("datasets.dask_engine.LOOK_SECONDS", 0.1)
    data = write_pages(tmp_path / "data", {})
    with run_engine(data, workers=1) as (cluster, engine):

        def kill(progress: Progress) -> None:
            if progress.stage == "parse":
                cluster.workers[0].kill()

        with pytest.raises(GongshiError, match="the last worker of the Dask cluster is gone"):
            build_with(replace(engine, chunk=CHUNK, patience=0.0), data, kill)


def test_a_lost_scheduler_ends_the_build(tmp_path: Path) -> None:
    data = write_pages(tmp_path / "data", {})
    with run_engine(data, workers=1) as (cluster, engine):

        def kill(progress: Progress) -> None:
            if progress.stage == "parse":
                cluster.scheduler.kill()

        with pytest.raises(GongshiError, match=r"the Dask scheduler at tcp://\S+ was lost"):
            build_with(replace(engine, chunk=CHUNK), data, kill)
