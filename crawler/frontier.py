"""The durable queue of one source: every address it knows, what became of it, what is due."""

import fcntl
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from crawler.leases import Added, Leased, Outcome, Wanted
from crawler.queue_file import open_queue
from normalize.errors import GongshiError

PRIORITIES: Mapping[str, int] = {"listing": 30, "item": 20, "attachment": 20}
"""Listings come first: they tell what is new."""
REVISIT_PRIORITY = 10
GONE = frozenset({404, 410})
"""Statuses of a page that is gone; what was archived of it stays."""
NEVER = 1e15
"""A time that does not come."""
FULL = "too_many_addresses"
"""Reason of an address that is refused because the queue knows enough: it is not remembered."""

_LONGEST_ROUND = 24 * 3600.0
"""Seconds after which a round that was cut off is no more continued: its listings are old."""


class Frontier:
    """The queue of one source in `DATA/frontier/<source>.sqlite`; one process holds it at a time.

    Everything since the last `commit` is one transaction: after a kill the queue is as it was
    then, what was leased is pending again, and `mend` says which archive files to cut to which
    size. Raises GongshiError when another process holds the queue or the file cannot be used.

    >>> import tempfile
    >>> from contextlib import closing
    >>> with closing(Frontier(Path(tempfile.mkdtemp()), "demo_site")) as queue:
    ...     round_number = queue.begin("0f3c", now=1.7e9)
    ...     added = queue.add([Wanted("http://a.cn/", b"key", "listing", "{}")], now=1.7e9)
    ...     [leased] = queue.lease(now=1.7e9, count=10)
    ...     queue.finish(leased, Outcome("done", now=1.7e9, due=1.8e9))
    ...     queue.commit(files={}, open_file="")
    ...     leased.url, queue.has_pending()
    ('http://a.cn/', False)
    """

    def __init__(self, data: Path, source_id: str) -> None:
        folder = data / "frontier"
        self.path = folder / f"{source_id}.sqlite"
        self._source_id = source_id
        self._round = 0
        self._lock = -1
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = self._hold(folder / f"{source_id}.lock")
            self._database = open_queue(self.path)
        except (OSError, sqlite3.Error) as error:
            if self._lock >= 0:
                os.close(self._lock)
            raise GongshiError(f"queue '{self.path}' cannot be used ({error}); check it") from error
        self.size: int = self._run("SELECT coalesce(max(id), 0) FROM requests").fetchone()[0]
        """Addresses it knows."""

    def _hold(self, path: Path) -> int:
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.pread(lock, 64, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(lock)
            raise GongshiError(
                f"source '{self._source_id}' is being crawled by process {holder}; wait for it"
            ) from None
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        return lock

    def close(self) -> None:
        """Give back what is leased and let go of the queue; what was not committed is undone."""
        with suppress(sqlite3.Error, GongshiError):
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            self._database.execute("UPDATE requests SET state = 'pending' WHERE state = 'leased'")
        self._database.close()
        if self._lock >= 0:
            os.close(self._lock)
        self._lock = -1

    def mend(self, cut: Callable[[str, int], int]) -> tuple[int, int]:
        """Bring queue and archive back to the last commit, after a kill.

        Takes a function that cuts an archive file to a size and returns the bytes that were
        behind it. Returns the requests that were leased and the bytes that were cut.
        """
        returned = self._run("UPDATE requests SET state = 'pending' WHERE state = 'leased'")
        open_files = self._run("SELECT name, size FROM files WHERE is_open = 1").fetchall()
        lost = sum(cut(name, size) for name, size in open_files)
        self._run("UPDATE files SET is_open = 0")
        self._end_transaction()
        return returned.rowcount, lost

    def begin(self, run_id: str, now: float, *, everything: bool = False) -> int:
        """Begin a round of visits, or go on with one that did not come to its end.

        A new round asks again for what is due. Takes the run's id, the time, and whether to ask
        for every page, due or not. Returns the number of the round.
        """
        found = self._run("SELECT id, ended, begun_at FROM rounds ORDER BY id DESC LIMIT 1")
        last = found.fetchone()
        cut_off = last is not None and last[1] in {None, "shutdown", "parent_gone"}
        if cut_off and now - last[2] < _LONGEST_ROUND:
            self._round = last[0]
            self._run("UPDATE rounds SET run_id = ?, ended = NULL WHERE id = ?", run_id, last[0])
        else:
            added = self._run("INSERT INTO rounds (run_id, begun_at) VALUES (?, ?)", run_id, now)
            self._round = added.lastrowid or 0
        self._run(
            "UPDATE requests SET state = 'pending', priority = ?, round = ?, due = 0"
            " WHERE state IN ('done', 'failed') AND due <= ? AND round < ? AND kind != 'listing'",
            *(REVISIT_PRIORITY, self._round, NEVER - 1 if everything else now, self._round),
        )
        self._end_transaction()
        return self._round

    def end(self, ended: str, now: float, counts: Mapping[str, Any]) -> None:
        """Note how the round ended, with the counts of its run."""
        self._run(
            "UPDATE rounds SET ended = ?, ended_at = ?, counts = ? WHERE id = ?",
            *(ended, now, json.dumps(counts, ensure_ascii=False, sort_keys=True), self._round),
        )

    def add(self, wanted: Iterable[Wanted], now: float, parent: Leased | None = None) -> Added:
        """Queue addresses; those that are queued already or are not due yet stay as they are.

        Takes the addresses, the time and the page that led to them. Without one they are where
        the source starts: these are asked for once in every round, due or not.
        """
        new: list[Wanted] = []
        refused: list[Wanted] = []
        known = 0
        for one in wanted:
            if one.refused == FULL and not self._knows(one.key):
                refused.append(one)
                continue
            if self._insert(one, parent):
                (refused if one.refused else new).append(one)
                continue
            found = self._run("SELECT id, state, round, due FROM requests WHERE key = ?", one.key)
            row, state, last_round, due = found.fetchone()
            if last_round == self._round:
                continue  # another page of this round led there, too
            is_queued = state in {"pending", "leased"}
            if is_queued:
                new.append(one)
            else:
                known += 1
            is_wanted = parent is None or one.kind == "listing" or due <= now
            if is_queued or (is_wanted and one.refused in {None, FULL}):
                self._want(row, one, is_queued=is_queued)
        return Added(tuple(new), known, tuple(refused))

    def _knows(self, key: bytes) -> bool:
        return self._run("SELECT 1 FROM requests WHERE key = ?", key).fetchone() is not None

    def _insert(self, one: Wanted, parent: Leased | None) -> bool:
        root = (parent.root or parent.id) if parent is not None and one.page > 1 else None
        added = self._run(
            "INSERT OR IGNORE INTO requests (key, url, kind, page, root, parent, request, state,"
            " priority, round, due, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(one.key, one.url, one.kind, one.page, root, parent.id if parent else None),
            *(one.request, "failed" if one.refused else "pending", PRIORITIES[one.kind]),
            *(self._round, NEVER if one.refused else 0, one.refused),
        )
        self.size += added.rowcount
        return added.rowcount == 1

    def _want(self, row: int, one: Wanted, *, is_queued: bool) -> None:
        if is_queued:
            self._run("UPDATE requests SET round = ? WHERE id = ?", self._round, row)
            return
        priority = PRIORITIES["listing"] if one.kind == "listing" else REVISIT_PRIORITY
        self._run(
            "UPDATE requests SET state = 'pending', due = 0, priority = ?, round = ?, request = ?"
            " WHERE id = ?",
            *(priority, self._round, one.request, row),
        )

    def lease(self, now: float, count: int) -> list[Leased]:
        """Hand out requests that are due, the most important first."""
        rows = self._run(
            "UPDATE requests SET state = 'leased' WHERE id IN (SELECT id FROM requests"
            " WHERE state = 'pending' AND due <= ? ORDER BY priority DESC, id LIMIT ?)"
            " RETURNING priority, id, url, kind, page, root, request, failures,"
            " (SELECT url FROM requests AS p WHERE p.id = requests.parent), span, etag, modified,"
            " media_type, digest, warc_file, fetched_at",
            *(now, count),
        ).fetchall()
        rows.sort(key=lambda row: (-row[0], row[1]))
        return [Leased(*row[1:]) for row in rows]

    def give_back(self, leased: Leased, due: float = 0, request: str | None = None) -> None:
        """Queue a leased request again, not before a time; it may have changed on its way."""
        self._run(
            "UPDATE requests SET state = 'pending', due = ?, request = ? WHERE id = ?",
            *(due, request or leased.request, leased.id),
        )

    def finish(self, leased: Leased, outcome: Outcome) -> None:
        """Note what became of a request; its children are added before, in one transaction."""
        self._run(
            "UPDATE requests SET state = ?, due = ?, reason = ?, status = coalesce(?, status)"
            " WHERE id = ?",
            *(outcome.state, outcome.due, outcome.reason, outcome.status, leased.id),
        )
        if outcome.state == "failed":
            self._run("UPDATE requests SET failures = failures + 1 WHERE id = ?", leased.id)
        elif outcome.status in GONE:
            self._run(
                "UPDATE requests SET gone_at = coalesce(gone_at, ?), span = ? WHERE id = ?",
                *(outcome.now, outcome.span, leased.id),
            )
        else:
            self._note_seen(leased, outcome)

    def _note_seen(self, leased: Leased, outcome: Outcome) -> None:
        place = outcome.place
        self._run(
            "UPDATE requests SET failures = 0, gone_at = NULL, fetched_at = ?, span = ?,"
            " is_tail = coalesce(?, is_tail), etag = coalesce(?, etag),"
            " modified = coalesce(?, modified), listed = coalesce(?, listed),"
            " layout_round = iif(layout <> ?, ?, layout_round), layout = coalesce(?, layout)"
            " WHERE id = ?",
            *(outcome.now, outcome.span, outcome.is_tail, outcome.etag, outcome.modified),
            *(outcome.listed, outcome.layout, self._round, outcome.layout, leased.id),
        )
        if place is not None and outcome.changed:
            self._run(
                "UPDATE requests SET changed_at = ?, media_type = ?, digest = ?, warc_file = ?,"
                " warc_offset = ?, warc_length = ?, etag = ?, modified = ? WHERE id = ?",
                *(outcome.now, outcome.media_type, place.payload_digest, place.warc_file.name),
                *(place.offset, place.length, outcome.etag, outcome.modified, leased.id),
            )

    def has_pending(self) -> bool:
        """Whether a request is queued, due now or later in this run."""
        found = self._run("SELECT 1 FROM requests WHERE state = 'pending' LIMIT 1")
        return found.fetchone() is not None

    def commit(self, files: Mapping[str, int], open_file: str) -> None:
        """Make everything durable that was done since the last commit.

        Takes the sizes of the archive files that were written, by name, which must be on disk
        already, and the one that is still written to.
        """
        for name, size in files.items():
            self._run(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?)", name, size, name == open_file
            )
        self._end_transaction()

    def note(self, name: str, value: float) -> None:
        """Keep a number for later runs. Example: `hold_until`"""
        self._run("INSERT OR REPLACE INTO notes VALUES (?, ?)", name, value)

    def noted(self, name: str) -> float:
        """Read a number that an earlier run kept; 0 when there is none."""
        found = self._run("SELECT value FROM notes WHERE name = ?", name).fetchone()
        return float(found[0]) if found else 0.0

    def keep_robots(self, host: str, body: bytes, now: float) -> None:
        """Keep the robots.txt of a host, with its port, for later runs."""
        self._run("INSERT OR REPLACE INTO robots VALUES (?, ?, ?)", host, body, now)

    def kept_robots(self, host: str, since: float) -> bytes | None:
        """Read the robots.txt of a host that was kept at or after a time; None without one."""
        found = self._run(
            "SELECT body FROM robots WHERE host = ? AND kept_at >= ?", host, since
        ).fetchone()
        return bytes(found[0]) if found else None

    def _run(self, statement: str, *values: Any) -> sqlite3.Cursor:
        try:
            if not self._database.in_transaction:
                self._database.execute("BEGIN IMMEDIATE")
            return self._database.execute(statement, values)
        except sqlite3.Error as error:
            raise self._error(error) from error

    def _end_transaction(self) -> None:
        try:
            if self._database.in_transaction:
                self._database.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._error(error) from error

    def _error(self, error: sqlite3.Error) -> GongshiError:
        return GongshiError(
            f"queue '{self.path}' cannot be written ({error}); free some space and crawl again"
        )
