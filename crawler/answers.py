"""What passes between the network and the archive: answers, and the places of records."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path


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
class Earlier:
    """The record that a `revisit` record stands for."""

    payload_digest: str
    """Digest of its payload. Example: `sha256:e3b0c44298fc1c14…`"""
    fetched_at: datetime
    """When it was written; an aware time."""


def payload_digest(payload: bytes) -> str:
    """Digest of a payload as it stands in the headers of a record.

    >>> payload_digest(b"")[:22]
    'sha256:e3b0c44298fc1c1'
    """
    return f"sha256:{sha256(payload).hexdigest()}"


def _reason_phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
