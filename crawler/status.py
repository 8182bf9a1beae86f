"""What the queues of a data folder say: how much waits, what failed and why, how runs ended."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from normalize.errors import GongshiError


@dataclass(frozen=True, slots=True)
class RoundStatus:
    """One round of visits to a source."""

    run_id: str
    """Id of its last run."""
    begun_at: datetime
    """When it began."""
    ended_at: datetime | None
    """When it ended; None while it runs, and after a kill."""
    ended: str | None
    """Why it ended. Example: `finished`"""
    counts: dict[str, int]
    """Counts of its last run. Example: `{"responses/2xx": 31, "new_items": 4}`"""

    @property
    def pages(self) -> int:
        """Answers that were pages, or said that a page is unchanged.

        >>> moment = datetime(2024, 5, 1, tzinfo=UTC)
        >>> RoundStatus("00", moment, None, None, {"responses/2xx": 2, "responses/304": 3}).pages
        5
        """
        return self.counts.get("responses/2xx", 0) + self.counts.get("responses/304", 0)

    @property
    def failures(self) -> dict[str, int]:
        """Addresses that gave no answer in its last run, by reason.

        >>> moment = datetime(2024, 5, 1, tzinfo=UTC)
        >>> RoundStatus("00", moment, None, None, {"failures/timeout": 2}).failures
        {'timeout': 2}
        """
        prefix = "failures/"
        return {k.removeprefix(prefix): v for k, v in self.counts.items() if k.startswith(prefix)}


@dataclass(frozen=True, slots=True)
class QueueStatus:
    """What the queue of a source holds."""

    source_id: str
    """Id of the source."""
    pending: int
    """Requests that wait."""
    leased: int
    """Requests that a crawl has in hand, or had when it was killed."""
    done: int
    """Addresses whose last answer was a page."""
    gone: int
    """Pages of which the site says 404 or 410; what was archived of them stays."""
    failed: int
    """Addresses that failed or were refused."""
    reasons: dict[str, int]
    """Failed addresses by reason. Example: `{"timeout": 1, "robots": 3}`"""
    last: RoundStatus | None
    """The last round; None when there was none."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A page that its site has taken down."""

    url: str
    """Its address."""
    status: int
    """404 or 410."""
    gone_at: datetime
    """First answer that said so."""
    last_seen: datetime | None
    """Last answer that showed the page; None when it never did."""


def read_queues(data: Path) -> list[QueueStatus]:
    """Read the state of every source's queue, in the order of their ids.

    Raises GongshiError for a queue that cannot be read.

    >>> read_queues(Path("/nowhere"))
    []
    """
    return [_read_queue(path) for path in sorted((data / "frontier").glob("*.sqlite"))]


def read_rounds(data: Path, source_id: str, count: int = 20) -> list[RoundStatus]:
    """Read the last rounds of a source, the newest first.

    >>> read_rounds(Path("/nowhere"), "demo_site")
    []
    """
    path = queue_path(data, source_id)
    if not path.exists():
        return []
    with open_readable(path) as database:
        return _read_rounds(database, count)


def read_tombstones(data: Path, source_id: str) -> list[Tombstone]:
    """Read the pages of a source that are gone, in the order of their addresses.

    >>> read_tombstones(Path("/nowhere"), "demo_site")
    []
    """
    path = queue_path(data, source_id)
    if not path.exists():
        return []
    with open_readable(path) as database:
        rows = database.execute(
            "SELECT url, status, gone_at, fetched_at FROM requests WHERE gone_at IS NOT NULL"
            " ORDER BY url"
        ).fetchall()
    return [
        Tombstone(url, status, _time(gone), seen and _time(seen))
        for url, status, gone, seen in rows
    ]


def queue_path(data: Path, source_id: str) -> Path:
    """Where the queue of a source lies.

    >>> queue_path(Path("data"), "demo_site").as_posix()
    'data/frontier/demo_site.sqlite'
    """
    return data / "frontier" / f"{source_id}.sqlite"


@contextmanager
def open_readable(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a queue for reading, also while a crawl writes to it; raises GongshiError."""
    try:
        address = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=20)) as database:
            yield database
    except sqlite3.Error as error:
        raise GongshiError(f"queue '{path}' cannot be read ({error}); check the file") from error


def _read_queue(path: Path) -> QueueStatus:
    with open_readable(path) as database:
        states = dict(database.execute("SELECT state, count(*) FROM requests GROUP BY 1"))
        gone = database.execute("SELECT count(*) FROM requests WHERE gone_at IS NOT NULL")
        reasons = database.execute(
            "SELECT coalesce(reason, 'unknown'), count(*) FROM requests WHERE state = 'failed'"
            " GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        (gone_count,) = gone.fetchone()
        last = _read_rounds(database, 1)
        return QueueStatus(
            source_id=path.stem,
            pending=states.get("pending", 0),
            leased=states.get("leased", 0),
            done=states.get("done", 0) - gone_count,
            gone=gone_count,
            failed=states.get("failed", 0),
            reasons=dict(reasons.fetchall()),
            last=last[0] if last else None,
        )


def _read_rounds(database: sqlite3.Connection, count: int) -> list[RoundStatus]:
    rows = database.execute(
        "SELECT run_id, begun_at, ended_at, ended, counts FROM rounds ORDER BY id DESC LIMIT ?",
        (count,),
    )
    return [
        RoundStatus(run_id, _time(begun), ended_at and _time(ended_at), ended, json.loads(counts))
        for run_id, begun, ended_at, ended, counts in rows
    ]


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
