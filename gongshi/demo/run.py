"""The demo: three sites on this machine, crawled, parsed, compared and reported."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from datasets.read import Snapshot, open_snapshot
from gongshi.collect import print_summaries, run_crawl
from gongshi.comparing import compare
from gongshi.declared import choose_sources, read_declared
from gongshi.demo.sites import serve_demo_sites
from gongshi.reporting import write_report_file
from gongshi.tables import (
    BuildWishes,
    gather_status,
    print_result,
    run_build,
)
from gongshi.terminal import print_table, say
from normalize.errors import GongshiError

_MARKER = ".gongshi-demo"


def run_demo(data: Path, jobs: int | None) -> int:
    """Run the demo in a folder that is made anew; return the exit code.

    Raises GongshiError for a folder that no demo made: it may hold somebody's data.
    """
    prepare_folder(data)
    with serve_demo_sites() as sites, _declared_in(sites.sources_folder):
        say("three small sites are served on 127.0.0.1")
        declared = read_declared()
        summaries = run_crawl(choose_sources(sites.source_ids, declared), data)
        print_summaries(summaries)
        say("building the tables")
        result = run_build(data, BuildWishes(jobs, accept=True), declared)
    print_result(data, result)
    snapshot = open_snapshot(data)
    _print_findings(snapshot)
    click.echo(f"report: {write_report_file(data, (), 'zh').absolute()}")
    return 0 if all(summary.ok for summary in summaries) else 3


def prepare_folder(data: Path) -> None:
    """Make an empty data folder, in place of an earlier demo's."""
    if data.exists() and any(data.iterdir()):
        if not (data / _MARKER).exists():
            raise GongshiError(
                f"the folder '{data}' was not made by a demo and may hold data; "
                "name another one with --data"
            )
        shutil.rmtree(data)
    data.mkdir(parents=True, exist_ok=True)
    (data / _MARKER).touch()


def _print_findings(snapshot: Snapshot) -> None:
    """Print stated against found, what needs a look, and the diff of the programme's batches."""
    status = gather_status(snapshot)
    click.echo("stated against found")
    print_table(
        ("batch", "stated", "found", "scope"),
        [(b["batch"], b["stated"], b["found"], b["scope"]) for b in status["batches"]],
    )
    if status["issues"]:
        click.echo("what needs a look")
        print_table(
            ("severity", "code", "rows", "example"), [list(i.values()) for i in status["issues"]]
        )
    labels = [b["batch"] for b in status["batches"] if b["scope"].startswith("full")]
    if len(labels) > 1:
        from datasets.diff_text import write_text

        click.echo(write_text(compare(snapshot, (labels[0], labels[1]))))


@contextmanager
def _declared_in(folder: Path) -> Iterator[None]:
    """Let the demo's source files be found while the block runs."""
    before = os.environ.get("GONGSHI_SOURCES")
    os.environ["GONGSHI_SOURCES"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["GONGSHI_SOURCES"]
        else:
            os.environ["GONGSHI_SOURCES"] = before
