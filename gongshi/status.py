"""What a data folder holds: its tables, and what waits or failed in the queues of its crawls."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from crawler.health import check_health
from crawler.status import QueueStatus, Tombstone, read_queues, read_tombstones
from datasets.read import open_snapshot
from extract.source_issue import SourceIssue
from gongshi.tables import gather_status
from gongshi.terminal import print_table, say
from normalize.errors import GongshiError

_MOST_GONE = 20


def print_status(data: Path, as_json: bool) -> int:
    """Print what a data folder holds; 3 when a source misses pages or values, else 0.

    Before the first build the queues are all there is; raises GongshiError when there is neither.
    """
    queues = read_queues(data)
    issues = [issue for queue in queues for issue in check_health(data, queue.source_id)]
    try:
        status = gather_status(open_snapshot(data))
    except GongshiError:
        if not queues:
            raise
        status = {}
    missing = status.get("health", [])
    status |= {
        "queues": [describe_queue(queue) for queue in queues],
        "health": [describe_health(issue) for issue in issues] + missing,
        "gone": [
            describe_tombstone(queue.source_id, stone)
            for queue in queues
            if queue.gone
            for stone in read_tombstones(data, queue.source_id)
        ],
    }
    if as_json:
        click.echo(json.dumps(status, ensure_ascii=False, indent=1, default=str))
    else:
        _print_plain(status)
    return 3 if missing or any(issue.is_error for issue in issues) else 0


def describe_queue(queue: QueueStatus) -> dict[str, Any]:
    """One queue as plain values for people.

    >>> queue = QueueStatus("demo_site", 2, 0, 9, 1, 3, {"timeout": 3}, None)
    >>> describe_queue(queue)["reasons"]
    'timeout 3'
    """
    reasons = ", ".join(f"{reason} {count}" for reason, count in queue.reasons.items())
    return {
        "source": queue.source_id,
        "pending": queue.pending,
        "leased": queue.leased,
        "done": queue.done,
        "gone": queue.gone,
        "failed": queue.failed,
        "reasons": reasons or None,
        "last round": queue.last.begun_at.isoformat(" ", "minutes") if queue.last else None,
        "ended": queue.last.ended if queue.last else None,
    }


def describe_health(issue: SourceIssue) -> dict[str, Any]:
    """One finding about a source as plain values for people.

    >>> describe_health(SourceIssue("demo_site", "source_silent", "error", "gives none"))["code"]
    'source_silent'
    """
    return {
        "source": issue.source_id,
        "code": issue.code,
        "message": issue.message,
        "url": issue.url,
    }


def describe_tombstone(source_id: str, stone: Tombstone) -> dict[str, Any]:
    """One page that a site has taken down as plain values for people.

    >>> from datetime import UTC, datetime
    >>> gone = datetime(2024, 5, 1, 8, tzinfo=UTC)
    >>> describe_tombstone("demo_site", Tombstone("http://a.cn/1", 410, gone, None))["gone at"]
    '2024-05-01 08:00+00:00'
    """
    return {
        "source": source_id,
        "gone": stone.url,
        "status": stone.status,
        "gone at": stone.gone_at.isoformat(" ", "minutes"),
        "last seen": stone.last_seen.isoformat(" ", "minutes") if stone.last_seen else None,
    }


def _print_plain(status: dict[str, Any]) -> None:
    if "snapshot" in status:
        click.echo(f"snapshot {status['snapshot']}")
        print_table(("table", "rows"), status["tables"].items())
    else:
        say("gongshi: no tables yet; run gongshi build")
    for name in ("batches", "sources", "issues", "queues", "health"):
        _print_rows(status.get(name, ()))
    gone = status["gone"]
    _print_rows(gone[:_MOST_GONE])
    if len(gone) > _MOST_GONE:
        say(f"gongshi: {len(gone)} pages are gone; gongshi status --json lists all")


def _print_rows(rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        print_table(list(rows[0]), [list(row.values()) for row in rows])
