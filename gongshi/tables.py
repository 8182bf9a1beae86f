"""Building the tables, and everything that is read from them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import click

from crawler.health import check_health
from crawler.loader import Declared
from crawler.status import read_queues
from datasets.batch_lists import load_batches
from datasets.batches import (
    Batch,
    Share,
    read_coverage,
    read_rows,
)
from datasets.build import BuildOptions, BuildResult, Progress, build
from datasets.read import Snapshot, open_snapshot
from datasets.store import gc, writer_lock
from extract.source_issue import SourceIssue
from gongshi.declared import exit_code, refuse_broken_archives
from gongshi.engine import EngineWishes, open_engine
from gongshi.terminal import print_table, say, show_steps

_STAGES = {"index": "reading archives", "parse": "parsing pages", "write": "writing tables"}


@dataclass(frozen=True, slots=True)
class BuildWishes(EngineWishes):
    """What a person asks of a build."""

    accept: bool = False
    """Whether to publish in spite of failing checks."""
    keywords: bool = False
    """Whether documents and comments are given their keywords."""
    nouns: Literal["rule", "full"] = "rule"
    """How measured nouns of figures are found."""
    reparse: bool = False
    """Whether pages that were parsed before are parsed anew."""


def build_tables(data: Path, wishes: BuildWishes, declared: Declared) -> int:
    """Build the tables, print what they hold, and return the exit code.

    2 when a check failed, 3 when the new pages of a source lack what its pages used to give.
    """
    result = run_build(data, wishes, declared)
    print_result(data, result)
    code = 3 if result.missing else 0
    return exit_code(code if result.published else 2, declared)


def run_build(data: Path, wishes: BuildWishes, declared: Declared) -> BuildResult:
    """Build the tables with progress on stderr.

    Raises GongshiError when the file of a source whose pages are archived is broken, or the
    cluster that is to parse the pages cannot do so.
    """
    refuse_broken_archives(declared, data)
    with open_engine(wishes, data) as engine, show_steps() as steps:
        options = BuildOptions(
            engine,
            accept=wishes.accept,
            keywords=wishes.keywords,
            nouns=wishes.nouns,
            reparse=wishes.reparse,
            source_issues=_find_source_issues(data),
        )

        def show(progress: Progress) -> None:
            steps.show(_STAGES[progress.stage], progress.done, progress.total)

        return build(data, declared.sources, options, show)


def _find_source_issues(data: Path) -> tuple[SourceIssue, ...]:
    return tuple(
        found for queue in read_queues(data) for found in check_health(data, queue.source_id)
    )


def print_result(data: Path, result: BuildResult) -> None:
    """Print what a build did: rows per table, failed checks, where the files lie."""
    print_table(("table", "rows"), result.rows.items())
    for finding in result.findings:
        say(f"gongshi: {finding.message}")
    for issue in result.missing:
        say(f"gongshi: source '{issue.source_id}': {issue.message}")
    if not result.published:
        say(
            f"gongshi: the new tables were kept aside in {data}/snapshots/{result.snapshot}; look "
            "at them, then publish them with --accept"
        )
    elif result.changed:
        click.echo(f"tables: {data}/latest -> snapshots/{result.snapshot}")
    else:
        click.echo(f"tables: {data}/latest is up to date")


def remove_snapshots(data: Path, keep: int) -> int:
    """Remove all but the newest snapshots, tell how many, and return the exit code."""
    open_snapshot(data)
    with writer_lock(data):
        swept = gc(data, keep)
    click.echo(f"removed {len(swept.snapshots)} snapshots and {swept.objects} files")
    return 0


def gather_status(snapshot: Snapshot) -> dict[str, Any]:
    """Gather what a snapshot holds as plain values: rows, batches, sources and their health."""
    return {
        "snapshot": snapshot.id,
        "tables": {
            resource["name"]: snapshot.rows(resource["name"])
            for resource in snapshot.manifest["resources"]
        },
        "batches": [describe_batch(batch) for batch in load_batches(snapshot)],
        "sources": _query(
            snapshot,
            """SELECT source_id AS source, count(*) AS fetches,
                      count(*) FILTER (WHERE reason IS NOT NULL OR status >= 400) AS failed,
                      string_agg(DISTINCT reason, ', ') AS reasons,
                      max(fetched_at)::VARCHAR AS last_fetch
               FROM fetches GROUP BY 1 ORDER BY 1""",
        ),
        "health": [
            {"source": row["source_id"], **{key: row[key] for key in ("code", "message", "url")}}
            for row in _query(snapshot, "SELECT * FROM issues WHERE code = 'field_missing'")
        ],
        "issues": _query(
            snapshot,
            """SELECT severity, code, count(*) AS rows, min(message) AS example
               FROM issues GROUP BY 1, 2 ORDER BY 1, 3 DESC""",
        ),
    }


def describe_batch(batch: Batch) -> dict[str, Any]:
    """One batch as plain values for people: its name for `gongshi diff`, stated against found."""
    return {
        "batch": batch.label,
        "id": batch.batch_id,
        "status": ", ".join(batch.statuses),
        "stated": batch.stated or None,
        "coverage": ", ".join(map(_print_share, read_coverage(batch))) or None,
        "found": " / ".join(f"{kind} {count}" for kind, count in batch.found) or None,
        "scope": " ".join((batch.scope, *batch.areas)),
        "documents": len(batch.documents),
    }


def _print_share(share: Share) -> str:
    found = "–" if share.found is None else share.found
    return f"{share.of} {found}/{share.stated}"


def _query(snapshot: Snapshot, sql: str) -> list[dict[str, Any]]:
    return read_rows(snapshot.connect().execute(sql).df())
