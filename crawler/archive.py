"""The WARC file of one run: every fetch goes to disk, whole, before anything else happens to it."""

import io
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Literal, Self
from urllib.parse import quote
from uuid import uuid4

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from normalize.errors import GongshiError
from normalize.ids import make_id

_WARC_VERSION = "WARC/1.1"
_HTTP_RESPONSE = "application/http; msgtype=response"
_FIDELITY = (
    "bodies are as sent, with their content encoding; the HTTP bytes are not exact: "
    "chunking is removed and header names are title-cased"
)


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """Where a record was written."""

    warc_file: Path
    """The file."""
    offset: int
    """First byte of the record's gzip member."""
    length: int
    """Bytes of the gzip member."""
    payload_digest: str
    """Digest of the payload as sent. Example: `sha256:e3b0c44298fc1c14…`"""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An HTTP response before anything decodes it."""

    url: str
    """Address that answered."""
    status: int
    """Status code."""
    headers: tuple[tuple[bytes, bytes], ...]
    """Header lines in their order."""
    body: bytes
    """Body as sent, still compressed where the site compressed it."""
    protocol: str = "HTTP/1.1"
    """Protocol of the status line."""

    def http_block(self) -> bytes:
        r"""Put status line, headers and body together again.

        >>> HttpAnswer("http://a.cn/", 404, ((b"Server", b"x"),), b"gone").http_block()
        b'HTTP/1.1 404 Not Found\r\nServer: x\r\n\r\ngone'
        """
        lines = [f"{self.protocol} {self.status} {_reason_phrase(self.status)}".encode("ascii")]
        lines += [name + b": " + b" ".join(value.split()) for name, value in self.headers]
        return b"\r\n".join(lines) + b"\r\n\r\n" + self.body


@dataclass(frozen=True, slots=True)
class _Record:
    kind: Literal["warcinfo", "response", "resource", "metadata"]
    url: str | None
    content_type: str
    block: bytes
    payload: bytes
    date: datetime


class WarcWriter:
    """Writes one run's WARC file; every method returns after the record is on disk.

    Takes the data folder, the source id and the kind of run. The file is
    `DATA/warc/<source>/<source>-<time>-<run>.warc.gz` and is always a new one: readers lose what
    is appended behind a torn record. Raises GongshiError when the file cannot be written.

    >>> import tempfile
    >>> with WarcWriter(Path(tempfile.mkdtemp()), "demo_site", "ingest") as writer:
    ...     place = writer.write_resource("a.txt", "公示".encode(), "text/plain")
    >>> place.offset > 0, place.payload_digest[:15]
    (True, 'sha256:cff91360')
    """

    def __init__(self, data: Path, source_id: str, kind: Literal["crawl", "ingest"]) -> None:
        self.started = datetime.now(UTC)
        """When the run began."""
        self.run_id = make_id(source_id, self.started.isoformat(), os.getpid())
        """Id of the run."""
        stamp = f"{self.started:%Y%m%dT%H%M%S}{self.started.microsecond // 1000:03d}"
        folder = data / "warc" / source_id
        self.path = folder / f"{source_id}-{stamp}-{self.run_id}.warc.gz"
        """The file that is written."""
        self._offset = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # Unbuffered: after a full disk nothing may wait in memory to be written a second time.
            self._file = self.path.open("xb", buffering=0)
        except OSError as error:
            raise self._write_error(error) from error
        self._write_warcinfo(source_id, kind)

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

    def _write_warcinfo(self, source_id: str, kind: str) -> None:
        block = _warc_fields(
            (
                ("software", f"gongshi/{version('gongshi')}"),
                ("format", "WARC File Format 1.1"),
                ("description", _FIDELITY),
                ("gongshi-run", self.run_id),
                ("gongshi-kind", kind),
                ("gongshi-source", source_id),
                ("gongshi-started", self.started.isoformat()),
            )
        )
        self._write(
            _Record("warcinfo", None, "application/warc-fields", block, block, self.started)
        )

    def _write(self, record: _Record) -> RecordPlace:
        digest = f"sha256:{sha256(record.payload).hexdigest()}"
        member = self._compress(record, digest)
        offset = self._offset
        try:
            self._append(member)
        except OSError as error:
            raise self._write_error(error) from error
        return RecordPlace(self.path, offset, len(member), digest)

    def _compress(self, record: _Record, digest: str) -> bytes:
        headers = [
            ("WARC-Type", record.kind),
            ("WARC-Record-ID", f"<urn:uuid:{uuid4()}>"),
            ("WARC-Date", f"{record.date.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"),
            ("WARC-Payload-Digest", digest),
            ("WARC-Block-Digest", f"sha256:{sha256(record.block).hexdigest()}"),
        ]
        if record.url is None:
            headers.append(("WARC-Filename", self.path.name))
        else:
            headers.append(("WARC-Target-URI", record.url))
        member = io.BytesIO()
        # The HTTP head goes in as bytes: warcio would percent-encode what is not ASCII in it.
        WARCWriter(member, gzip=True, warc_version=_WARC_VERSION).write_record(
            ArcWarcRecord(
                "warc",
                record.kind,
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
            os.fsync(self._file.fileno())
        except OSError:
            # Half a record would hide every record behind it.
            self._file.truncate(self._offset)
            self._file.seek(self._offset)
            raise
        self._offset += len(member)

    def _write_error(self, error: OSError) -> GongshiError:
        return GongshiError(
            f"archive '{self.path}' cannot be written ({error.strerror}); "
            "free some space or choose another data folder"
        )


def _warc_fields(fields: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in fields).encode()


def _reason_phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
