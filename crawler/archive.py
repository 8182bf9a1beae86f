"""The WARC files of one run: what was fetched is on disk, whole, before it counts as done."""

import errno
import io
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Literal, Self
from urllib.parse import quote
from uuid import uuid4

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.answers import Earlier, HttpAnswer, RecordPlace, payload_digest
from crawler.version import own_version
from normalize.errors import GongshiError
from normalize.ids import make_id

_WARC_VERSION = "WARC/1.1"
_HTTP_RESPONSE = "application/http; msgtype=response"
_REVISIT = "http://netpreserve.org/warc/1.1/revisit/"
_FIDELITY = (
    "bodies are as sent, with their content encoding; the HTTP bytes are not exact: "
    "chunking is removed and header names are title-cased; pages with the header "
    "X-Gongshi-Rendered are what a browser made of them"
)


@dataclass(frozen=True, slots=True)
class _Record:
    kind: Literal["warcinfo", "response", "resource", "metadata", "revisit"]
    url: str | None
    content_type: str
    block: bytes
    payload: bytes
    date: datetime
    digest: str | None = None
    more: tuple[tuple[str, str], ...] = ()


class WarcWriter:
    """Writes one run's WARC file; every method returns after the record is on disk.

    Takes the data folder, the source id and the kind of run. The file is
    `DATA/warc/<source>/<source>-<time>-<run>.warc.gz` and is always a new one: readers lose what
    is appended behind a torn record. A writer that is not `durable` leaves it to its caller to
    call `sync`, so that several records share one wait for the disk. Raises GongshiError when the
    file cannot be written.

    >>> import tempfile
    >>> with WarcWriter(Path(tempfile.mkdtemp()), "demo_site", "ingest") as writer:
    ...     place = writer.write_resource("a.txt", "公示".encode(), "text/plain")
    >>> place.offset > 0, place.payload_digest[:15]
    (True, 'sha256:cff91360')
    """

    def __init__(
        self,
        data: Path,
        source_id: str,
        kind: Literal["crawl", "ingest"],
        *,
        durable: bool = True,
    ) -> None:
        self.started = datetime.now(UTC)
        """When the run began."""
        self.run_id = make_id(source_id, self.started.isoformat(), os.getpid())
        """Id of the run."""
        self._stamp = f"{self.started:%Y%m%dT%H%M%S}{self.started.microsecond // 1000:03d}"
        self._folder = data / "warc" / source_id
        self._source_id, self._kind, self._durable = source_id, kind, durable
        self._part = 0
        self._open_part()

    def _open_part(self) -> None:
        self._part += 1
        number = f"-{self._part}" if self._part > 1 else ""
        name = f"{self._source_id}-{self._stamp}-{self.run_id}{number}.warc.gz"
        self.path = self._folder / name
        """The file that is written."""
        self.size = 0
        """Bytes of whole records in it."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            # Unbuffered: after a full disk nothing may wait in memory to be written a second time.
            self._file = self.path.open("xb", buffering=0)
        except OSError as error:
            raise self._write_error(error) from error
        self._write_warcinfo()

    def __enter__(self) -> Self:
        """Return the writer itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the file, whatever happened."""
        self.close()

    def close(self) -> None:
        """Close the file; what was written is already on disk.

        >>> import tempfile
        >>> writer = WarcWriter(Path(tempfile.mkdtemp()), "demo_site", "crawl")
        >>> writer.close()
        >>> writer.path.stat().st_size > 0
        True
        """
        self._file.close()

    def sync(self) -> None:
        """Wait until every record is on disk; raises GongshiError when its file was deleted.

        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> with WarcWriter(folder, "demo_site", "crawl", durable=False) as writer:
        ...     writer.sync()
        """
        try:
            os.fsync(self._file.fileno())
            # A file that was deleted can still be written to, but nobody will ever read it.
            if os.fstat(self._file.fileno()).st_nlink == 0:
                raise FileNotFoundError(errno.ENOENT, "it was deleted during the crawl")
        except OSError as error:
            raise self._write_error(error) from error

    def rotate(self) -> None:
        """Go on in a new file of the same run; the one before is on disk, whole.

        >>> import tempfile
        >>> with WarcWriter(Path(tempfile.mkdtemp()), "demo_site", "crawl") as writer:
        ...     writer.rotate()
        >>> writer.path.name.endswith("-2.warc.gz")
        True
        """
        self.sync()
        self._file.close()
        self._open_part()

    def write_response(self, answer: HttpAnswer) -> RecordPlace:
        """Write what a site answered as a `response` record.

        >>> import tempfile
        >>> with WarcWriter(Path(tempfile.mkdtemp()), "demo_site", "crawl") as writer:
        ...     place = writer.write_response(HttpAnswer("http://a.cn/", 200, (), b""))
        >>> place.payload_digest[:15]
        'sha256:e3b0c442'
        """
        return self._write(
            _Record(
                "response",
                answer.url,
                _HTTP_RESPONSE,
                answer.http_block(),
                answer.body,
                datetime.now(UTC),
            )
        )

    def write_revisit(
        self, answer: HttpAnswer, earlier: Earlier, *, not_modified: bool
    ) -> RecordPlace:
        """Write an answer that shows what is archived already as a `revisit` record.

        Takes the answer, the record it repeats, and whether the site said so itself (304) or sent
        the same payload again. Only status line and headers are kept (WARC 1.1, section 6.7).

        >>> import tempfile
        >>> earlier = Earlier("sha256:00", datetime(2024, 5, 1, tzinfo=UTC))
        >>> with WarcWriter(Path(tempfile.mkdtemp()), "demo_site", "crawl") as writer:
        ...     answer = HttpAnswer("http://a.cn/", 304, (), b"")
        ...     place = writer.write_revisit(answer, earlier, not_modified=True)
        >>> place.payload_digest
        'sha256:00'
        """
        head = replace(answer, body=b"")
        profile = "server-not-modified" if not_modified else "identical-payload-digest"
        more = (
            ("WARC-Profile", _REVISIT + profile),
            ("WARC-Refers-To-Target-URI", answer.url),
            ("WARC-Refers-To-Date", _warc_time(earlier.fetched_at)),
        )
        return self._write(
            _Record(
                "revisit",
                answer.url,
                _HTTP_RESPONSE,
                head.http_block(),
                b"",
                datetime.now(UTC),
                earlier.payload_digest,
                more,
            )
        )

    def write_resource(
        self, name: str, body: bytes, media_type: str, saved_at: datetime | None = None
    ) -> RecordPlace:
        """Write a saved local file as a `resource` record.

        Takes the file's name relative to the folder that is taken in, its bytes, its media type
        (`text/html` or `text/plain`) and the aware time it was saved; now when that is not known.

        >>> import tempfile
        >>> with WarcWriter(Path(tempfile.mkdtemp()), "demo_site", "ingest") as writer:
        ...     place = writer.write_resource("公示/1.html", b"", "text/html")
        >>> place.payload_digest[:15]
        'sha256:e3b0c442'
        """
        url = "file:///" + quote(name.replace(os.sep, "/").lstrip("/"))
        return self._write(
            _Record("resource", url, media_type, body, body, saved_at or datetime.now(UTC))
        )

    def write_failure(self, url: str, reason: str, detail: str) -> RecordPlace:
        """Write a fetch that gave no response as a `metadata` record.

        Takes the address, a reason such as `timeout`, and a sentence for people.

        >>> import tempfile
        >>> with WarcWriter(Path(tempfile.mkdtemp()), "demo_site", "crawl") as writer:
        ...     place = writer.write_failure("http://a.cn/", "timeout", "no answer in 30 s")
        >>> place.length > 100
        True
        """
        block = json.dumps({"reason": reason, "detail": detail}, ensure_ascii=False).encode()
        return self._write(
            _Record("metadata", url, "application/json", block, block, datetime.now(UTC))
        )

    def _write_warcinfo(self) -> None:
        block = _warc_fields(
            (
                ("software", f"gongshi/{own_version()}"),
                ("format", "WARC File Format 1.1"),
                ("description", _FIDELITY),
                ("gongshi-run", self.run_id),
                ("gongshi-kind", self._kind),
                ("gongshi-source", self._source_id),
                ("gongshi-started", self.started.isoformat()),
                ("gongshi-part", str(self._part)),
            )
        )
        self._write(
            _Record("warcinfo", None, "application/warc-fields", block, block, self.started)
        )

    def _write(self, record: _Record) -> RecordPlace:
        digest = record.digest or payload_digest(record.payload)
        member = self._compress(record, digest)
        offset = self.size
        try:
            self._append(member)
        except OSError as error:
            raise self._write_error(error) from error
        return RecordPlace(self.path, offset, len(member), digest)

    def _compress(self, record: _Record, digest: str) -> bytes:
        headers = [
            ("WARC-Type", record.kind),
            ("WARC-Record-ID", f"<urn:uuid:{uuid4()}>"),
            ("WARC-Date", _warc_time(record.date)),
            ("WARC-Payload-Digest", digest),
            ("WARC-Block-Digest", payload_digest(record.block)),
            *record.more,
        ]
        if record.url is None:
            headers.append(("WARC-Filename", self.path.name))
        else:
            headers.append(("WARC-Target-URI", record.url))
        member = io.BytesIO()
        # The HTTP head goes in as bytes: warcio would percent-encode what is not ASCII in it. It
        # would also leave out the block of a `revisit`, whose type the header tells all the same.
        WARCWriter(member, gzip=True, warc_version=_WARC_VERSION).write_record(
            ArcWarcRecord(
                "warc",
                "response" if record.kind == "revisit" else record.kind,
                StatusAndHeaders("", headers, protocol=_WARC_VERSION),
                io.BytesIO(record.block),
                None,
                record.content_type,
                len(record.block),
            )
        )
        return member.getvalue()

    def _append(self, member: bytes) -> None:
        rest = memoryview(member)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
            if self._durable:
                os.fsync(self._file.fileno())
        except OSError:
            # Half a record would hide every record behind it.
            self._file.truncate(self.size)
            self._file.seek(self.size)
            raise
        self.size += len(member)

    def _write_error(self, error: OSError) -> GongshiError:
        return GongshiError(
            f"archive '{self.path}' cannot be written ({error.strerror}); "
            "free some space or choose another data folder"
        )


def cut_tail(path: Path, size: int) -> int:
    """Cut what stands behind the last record that is accounted for, and return how much it was.

    Takes the file and the bytes that are accounted for. Records behind a torn one would be lost
    to readers, and a record that is not accounted for is fetched again. Raises GongshiError when
    the file cannot be cut.

    >>> cut_tail(Path("/nowhere.warc.gz"), 9)
    0
    """
    try:
        rest = path.stat().st_size - size
        if rest > 0:
            os.truncate(path, size)
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise GongshiError(
            f"archive '{path}' cannot be mended ({error.strerror}); check its rights"
        ) from error
    return max(rest, 0)


def _warc_time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def _warc_fields(fields: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in fields).encode()
