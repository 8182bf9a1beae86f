"""Reads WARC files, ours and those of other crawlers, up to the last whole record."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Literal

from fastwarc.warc import ArchiveIterator

from datasets.members import find_member, find_record_end
from datasets.payload import PayloadError, decode_payload, read_bounded
from normalize.ids import make_id

CHINA = timezone(timedelta(hours=8))
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
BLOCK = 1 << 18
"""Bytes read at a time from an address, which may be far away."""

FetchKind = Literal["response", "resource", "revisit", "failure"]


@dataclass(frozen=True, slots=True)
class Run:
    """What a `warcinfo` record says of the records behind it."""

    run_id: str
    """Id of the run; of the file's name for files from elsewhere. Example: `0f3c9a1b2d4e5f60`"""
    kind: str
    """crawl, ingest, or foreign for files from elsewhere. Example: `crawl`"""
    source_id: str | None
    """Source the run fetched, None for files from elsewhere. Example: `xishu_bbs`"""
    started_at: datetime | None
    """When the run began."""
    software: str | None
    """Program that wrote the file. Example: `gongshi/0.1.0`"""


@dataclass(frozen=True, slots=True)
class Fetch:
    """One request with its answer, or with the reason why there is none."""

    url: str
    """Address asked for, or `file:///…` for a saved page."""
    kind: FetchKind
    """response, resource (a saved file), revisit (same as before) or failure."""
    status: int
    """HTTP status, 0 when there is none."""
    reason: str | None
    """Why it gave no page. Example: `timeout`"""
    media_type: str | None
    """Media type without parameters, in lower case. Example: `text/html`"""
    charset: str | None
    """Charset of the header as written. Example: `gb2312`"""
    fetched_at: datetime
    """Time of the answer at +08:00."""
    payload: bytes
    """The page after content decoding; empty when it was not asked for."""
    payload_digest: str | None
    """SHA-256 of the payload as sent, in hex; other digests of foreign revisits are dropped."""
    payload_size: int
    """Bytes of the payload as sent."""
    offset: int
    """First byte of the record in the file."""
    length: int
    """Bytes of the record in the file, compressed."""
    run_id: str
    """Run that made the request."""
    source_id: str | None
    """Source the run fetched, None for files from elsewhere."""


@dataclass(frozen=True, slots=True)
class ArchiveIssue:
    """A place in a WARC file that could not be read as it should."""

    code: str
    """Short name of the check. Example: `warc_torn`"""
    message: str
    """One sentence that says what is wrong."""
    offset: int
    """First byte of the record concerned."""
    url: str | None = None
    """Page concerned, when it is known."""


Item = Run | Fetch | ArchiveIssue


def list_warcs(data: Path) -> tuple[Path, ...]:
    """List the WARC files of a data folder, in the order of their names.

    >>> list_warcs(Path("/nowhere"))
    ()
    """
    folder = data / "warc"
    files = [path for kind in ("*.warc", "*.warc.gz") for path in folder.rglob(kind)]
    return tuple(sorted(files))


def read_fetches(path: Path) -> Iterator[Fetch]:
    """Read the fetches of a WARC file with their payloads; whatever cannot be read is left out.

    >>> list(read_fetches(Path("/dev/null")))
    []
    """
    return (item for item in read_archive(path) if isinstance(item, Fetch))


def read_archive(path: Path, payloads: bool = True) -> Iterator[Item]:
    """Read runs, fetches and what is wrong with a WARC file, in file order.

    Never raises for the content of the file: a torn tail or garbage is an ArchiveIssue, and
    reading goes on at the next record that can be found. Without `payloads` they are only
    digested. Raises OSError when the file cannot be opened.

    >>> list(read_archive(Path("/dev/null")))
    []
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        reader = _Reader(path, file, payloads)
        while reader.end < size:
            error = "it is cut off"
            try:
                yield from reader.read()
            except (OSError, ValueError) as caught:
                error = str(caught)
            broken = reader.end
            if broken < size:
                reader.end = find_member(file, broken + 1, size)
                yield ArchiveIssue(
                    "warc_torn" if reader.end == size else "warc_broken",
                    f"{path.name}: record at byte {broken} cannot be read ({error}); "
                    f"{reader.end - broken} bytes are left out",
                    broken,
                )


def read_payload(place: Path | str, offset: int) -> bytes:
    """Read the decoded payload of the record at an offset of a file, or of an address for fsspec.

    Raises PayloadError when it cannot be decoded within the bound, OSError when there is no
    whole record there.

    >>> read_payload(Path("/dev/null"), 0)
    Traceback (most recent call last):
    ...
    OSError: /dev/null holds no record at byte 0
    """
    with place.open("rb") if isinstance(place, Path) else _open_address(place) as file:
        file.seek(offset)
        for record in ArchiveIterator(file, auto_decode="none"):
            return _decode(record, _read_block(record))
    raise OSError(f"{place} holds no record at byte {offset}")


def _open_address(address: str) -> BinaryIO:
    # Imported when asked for only: it comes with the extra `dask`.
    system, path = import_module("fsspec.core").url_to_fs(address)
    # A page has some kilobytes; what is read ahead by default has megabytes.
    file: BinaryIO = system.open(path, "rb", block_size=BLOCK)
    return file


class _Reader:
    """Turns the records of one file to fetches and remembers how far it is whole."""

    def __init__(self, path: Path, file: BinaryIO, payloads: bool) -> None:
        self.end = 0
        """Where the last whole record ends."""
        self._file = file
        self._size = path.stat().st_size
        self._payloads = payloads
        self._run = Run(make_id("warc", path.name), "foreign", None, None, None)

    def read(self) -> Iterator[Item]:
        """Read on from `end`, up to the end of the file or the first record that is not whole."""
        self._file.seek(self.end)
        records = iter(ArchiveIterator(self._file, auto_decode="none"))
        items: list[Item] | None = None
        start, failure = self.end, None
        while True:
            try:
                record = next(records, None)
            except (OSError, ValueError) as error:
                record, failure = None, error
            if record is None:
                break
            # How long a record is shows only when the next one begins.
            yield from _with_length(items or [], record.stream_pos - start)
            self.end = start = record.stream_pos
            items = None
            items = self._read_record(record)
        end = find_record_end(self._file, start, self._size)
        if items is not None and end is not None:
            self.end = end
            yield from _with_length(items, self.end - start)
        if failure:
            raise failure

    def _read_record(self, record: Any) -> list[Item]:
        match (record.headers.get("WARC-Type") or "").lower():
            case "warcinfo":
                self._run = _read_run(_read_block(record), self._run)
                return [self._run]
            case "response" | "resource" | "revisit" as kind:
                return self._read_answer(record, kind)
            case "metadata":
                return self._read_failure(record)
        return []

    def _read_answer(self, record: Any, kind: FetchKind) -> list[Item]:
        head = record.http_headers
        status = (head.status_code or 0) if head else 0
        media_type, charset = _media_type(
            (head or {}).get("Content-Type")
            if kind != "resource"
            else record.headers["Content-Type"]
        )
        fetch = replace(
            self._blank(record, kind),
            status=status,
            reason=_reason(kind, status),
            media_type=media_type,
            charset=charset,
        )
        try:
            sent = _read_block(record)
            if kind == "revisit":
                digest = (record.headers.get("WARC-Payload-Digest") or "").removeprefix("sha256:")
                return [replace(fetch, payload_digest=digest if len(digest) == 64 else None)]
            fetch = replace(fetch, payload_digest=sha256(sent).hexdigest(), payload_size=len(sent))
            payload = _decode(record, sent) if self._payloads else b""
            if record.headers.get("WARC-Truncated"):
                message = f"the crawler that archived it kept {len(sent)} bytes of it only"
                issue = ArchiveIssue("payload_truncated", message, fetch.offset, fetch.url)
                return [replace(fetch, payload=payload), issue]
        except PayloadError as error:
            fetch = replace(fetch, reason=error.code)
            return [fetch, ArchiveIssue(error.code, str(error), fetch.offset, fetch.url)]
        return [replace(fetch, payload=payload)]

    def _read_failure(self, record: Any) -> list[Item]:
        try:
            said = json.loads(_read_block(record))
            reason = str(said["reason"])
        except (ValueError, KeyError, TypeError, PayloadError):
            return []  # metadata of another crawler speaks of a record, not of a failure
        return [replace(self._blank(record, "failure"), reason=reason)]

    def _blank(self, record: Any, kind: FetchKind) -> Fetch:
        url = record.headers.get("WARC-Target-URI") or ""
        return Fetch(
            url=url.strip("<>"),
            kind=kind,
            status=0,
            reason=None,
            media_type=None,
            charset=None,
            fetched_at=(record.record_date or self._run.started_at or UNDATED).astimezone(CHINA),
            payload=b"",
            payload_digest=None,
            payload_size=record.content_length,
            offset=record.stream_pos,
            length=0,
            run_id=self._run.run_id,
            source_id=self._run.source_id,
        )


def _with_length(items: Iterable[Item], length: int) -> Iterator[Item]:
    for item in items:
        yield replace(item, length=length) if isinstance(item, Fetch) else item


def _read_block(record: Any) -> bytes:
    """Read what is left of a record; OSError when it is cut off, PayloadError beyond the bound."""
    length = record.content_length
    block = read_bounded(record.reader)
    if len(block) < length:
        raise OSError("it is cut off")
    return block


def _decode(record: Any, sent: bytes) -> bytes:
    head = record.http_headers
    if head is None:
        return sent
    return decode_payload(sent, head.get("Content-Encoding"), head.get("Transfer-Encoding"))


def _read_run(block: bytes, before: Run) -> Run:
    lines = block.decode("utf-8", "replace").splitlines()
    said = {
        name.strip().lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)
    }
    run_id = said.get("gongshi-run")
    return Run(
        run_id or before.run_id,
        said.get("gongshi-kind", "foreign"),
        said.get("gongshi-source"),
        _read_time(said.get("gongshi-started")),
        said.get("software"),
    )


def _read_time(text: str | None) -> datetime | None:
    try:
        time = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(CHINA)


def _media_type(header: str | None) -> tuple[str | None, str | None]:
    if not header:
        return None, None
    charset = CHARSET.search(header)
    return header.partition(";")[0].strip().lower() or None, charset and charset[1]


def _reason(kind: FetchKind, status: int) -> str | None:
    if kind == "response" and status == 0:
        return "malformed_http"
    fine = kind != "response" or 200 <= status < 300 or status == 304
    return None if fine else f"http_{status}"
