"""Queue and archive of one crawl, which are made durable together."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.answers import Earlier, HttpAnswer, RecordPlace, payload_digest
from crawler.archive import WarcWriter, cut_tail
from crawler.frontier import FULL, Frontier
from crawler.leases import Added, Leased, Outcome, Wanted

_SHARE = 20
"""Waiting for the disk may take a twentieth of the time, as long as batches stay small."""
_LONGEST_LAG = 0.5
_LARGEST_BATCH = 2
"""Pages of one commit: as many are fetched again after a kill, beside those under way."""


@dataclass(frozen=True, slots=True)
class Written:
    """How the answer to a request went into the archive."""

    place: RecordPlace | None
    """Its record; None when there was no answer."""
    answer: HttpAnswer | None
    """The last answer."""
    changed: bool
    """Whether it shows something that is not in the archive yet."""

    def header(self, name: bytes) -> str | None:
        """First value of a header of the answer, None without one.

        >>> answer = HttpAnswer("http://a.cn/", 200, ((b"ETag", b"x"),), b"")
        >>> Written(None, answer, True).header(b"etag")
        'x'
        """
        headers = self.answer.headers if self.answer else ()
        found = (value for key, value in headers if key.lower() == name.lower())
        return next((value.decode("latin-1") for value in found), None)


class Ledger:
    """Holds answers until it is known what they lead to, then writes both in one step.

    The order is that of a crash: records, `fsync`, then one commit of the queue that says up to
    where the archive counts. What was not committed is cut off by the next crawl and fetched
    again, so that nothing is lost and no record is there twice. Takes the data folder, the
    source's id and the size in bytes at which a new archive file begins. Raises GongshiError when
    the source is being crawled already or the data folder cannot be written.

    >>> import tempfile
    >>> ledger = Ledger(Path(tempfile.mkdtemp()), "demo_site", file_size=10**9)
    >>> added = ledger.add([Wanted("http://a.cn/", b"key", "item", "{}")])
    >>> [leased] = ledger.queue.lease(time.time(), 1)
    >>> ledger.hold(leased.id, HttpAnswer("http://a.cn/", 200, (), "公示".encode()))
    >>> written = ledger.write(leased)
    >>> ledger.finish(leased, Outcome("done", time.time(), due=1e12, place=written.place))
    >>> ledger.close("finished", {})
    >>> ledger.files[ledger.writer.path.name] == ledger.writer.path.stat().st_size
    True
    """

    def __init__(self, data: Path, source_id: str, file_size: int) -> None:
        self.queue = Frontier(data, source_id)
        """The queue; changes to it are durable after `commit`."""
        folder = data / "warc" / source_id
        self.returned, self.cut = self.queue.mend(lambda name, size: cut_tail(folder / name, size))
        """Requests that a killed crawl had in hand, and bytes of its archive that did not count."""
        try:
            self.writer = WarcWriter(data, source_id, "crawl", durable=False)
        except BaseException:
            self.queue.close()
            raise
        self.files: dict[str, int] = {}
        """Sizes of the archive files of this run, as committed."""
        self._folder = folder
        self._file_size = file_size
        self._held: dict[int, list[HttpAnswer]] = {}
        self._known_files: dict[str, bool] = {}
        self._lag = 0.0
        self._committed = 0.0
        self._batch = 0
        self._is_broken = False
        self.commit()

    def hold(self, row: int, answer: HttpAnswer) -> None:
        """Keep an answer to a leased request until `finish` or `give_back`."""
        self._held.setdefault(row, []).append(answer)

    def write(self, leased: Leased) -> Written:
        """Write the answers that are held for a request; the last one as a revisit if it is one."""
        answers = self._held.pop(leased.id, [])
        if not answers:
            return Written(None, None, changed=False)
        for answer in answers[:-1]:
            self.writer.write_response(answer)
        last = answers[-1]
        is_archived = self.is_archived(leased)
        not_modified = last.status == 304
        same = last.status == 200 and _media_type(last) == leased.media_type
        digest = payload_digest(last.body) if same and is_archived else None
        if is_archived and (not_modified or digest == leased.digest):
            moment = datetime.fromtimestamp(leased.fetched_at or 0, UTC)
            earlier = Earlier(leased.digest or "", moment)
            place = self.writer.write_revisit(last, earlier, not_modified=not_modified)
            return Written(place, last, changed=False)
        return Written(self.writer.write_response(last), last, changed=not not_modified)

    def is_archived(self, leased: Leased) -> bool:
        """Whether the archive still holds what a page showed before."""
        name = leased.warc_file
        if name is None or leased.digest is None:
            return False
        if name not in self._known_files:
            self._known_files[name] = (self._folder / name).exists()
        return self._known_files[name]

    def finish(self, leased: Leased, outcome: Outcome) -> None:
        """Note what became of a request, and start a new archive file when this one is full."""
        self.queue.finish(leased, outcome)
        self._batch += 1
        if self.writer.size >= self._file_size:
            self.commit()
            self.writer.rotate()
            self.commit()

    def add(self, wanted: Iterable[Wanted], parent: Leased | None = None) -> Added:
        """Queue addresses; those that are refused get a record with the reason.

        Of those beyond the most addresses of a source only the first does: there is no end of them.
        """
        added = self.queue.add(wanted, time.time(), parent)
        surplus = [one for one in added.refused if one.refused == FULL]
        for one in [*(one for one in added.refused if one.refused != FULL), *surplus[:1]]:
            self.writer.write_failure(one.url, one.refused or "refused", "it was not asked for")
        return added

    def commit_in_time(self, later: Callable[[float], None]) -> None:
        """Commit now, or ask for a commit in some seconds when the last one was just before."""
        rest = self._committed + self._lag - time.monotonic()
        if rest <= 0 or self._batch >= _LARGEST_BATCH:
            self.commit()
        else:
            later(rest)

    def commit(self) -> None:
        """Make everything durable: the archive first, then the queue."""
        if self._is_broken:
            return
        begin = time.monotonic()
        self.writer.sync()
        name = self.writer.path.name
        self.files[name] = self.writer.size
        self._known_files[name] = True
        self.queue.commit(self.files, name)
        self.files = {name: self.writer.size}
        self._batch = 0
        self._committed = time.monotonic()
        self._lag = min((self._committed - begin) * _SHARE, _LONGEST_LAG)

    def give_up(self) -> None:
        """Commit nothing any more: a part of a step could not be written."""
        self._is_broken = True

    def close(self, ended: str, counts: Mapping[str, Any]) -> None:
        """Note how the crawl ended and close queue and archive, whatever happened before."""
        try:
            for answers in self._held.values():  # to requests that are made again in a later run
                for answer in answers:
                    self.writer.write_response(answer)
            self.queue.end(ended, time.time(), counts)
            self.commit()
        finally:
            self.queue.close()
            self.writer.close()


def _media_type(answer: HttpAnswer) -> str | None:
    return Written(None, answer, changed=False).header(b"Content-Type")
