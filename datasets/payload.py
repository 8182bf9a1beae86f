"""Payload bytes as they were sent -> bytes of the page, never more than a bound of them."""

import io
import zlib
from collections.abc import Callable
from typing import Any, Protocol

from fastwarc.stream_io import BrotliReader, ChunkedReader, GzipReader, ZstdReader

LIMIT = 64 * 1024 * 1024
"""Bytes of a decompressed payload that are held at most."""


class PayloadError(Exception):
    """A payload that cannot be decoded, or not within the bound.

    >>> PayloadError("payload_too_large", "…").code
    'payload_too_large'
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        """Short name of the check. Example: `payload_too_large`"""


class Readable(Protocol):
    """The one method of a byte stream that is needed here."""

    def read(self, size: int, /) -> bytes:
        """Read at most `size` bytes, b"" at the end.

        >>> io.BytesIO(b"ab").read(1)
        b'a'
        """


def read_bounded(stream: Readable, limit: int = LIMIT) -> bytes:
    """Read a stream to its end; PayloadError when it holds more than `limit` bytes.

    >>> read_bounded(io.BytesIO(b"page"), 4)
    b'page'
    """
    pieces = []
    left = limit + 1
    while left > 0 and (piece := stream.read(min(left, 1 << 20))):
        pieces.append(piece)
        left -= len(piece)
    if left <= 0:
        raise PayloadError("payload_too_large", f"payload holds more than {limit} bytes")
    return b"".join(pieces)


def decode_payload(
    sent: bytes, content_encoding: str | None, transfer_encoding: str | None, limit: int = LIMIT
) -> bytes:
    """Undo chunking and content encodings (RFC 9110 8.4) as far as the payload really has them.

    Headers often lie: a plain page under `Content-Encoding: gzip` is given back as it is. Of a
    payload that was cut off what could be decoded is given. Raises PayloadError for an unknown
    encoding, and when the result would be larger than `limit`.

    >>> import gzip
    >>> decode_payload(gzip.compress(b"<p>"), "gzip", None)
    b'<p>'
    >>> decode_payload(b"<p>", "gzip", None)
    b'<p>'
    """
    if transfer_encoding and "chunked" in transfer_encoding.lower():
        sent = _decode_or_keep(ChunkedReader, sent, limit)
    # Encodings are listed in the order they were applied.
    for name in reversed((content_encoding or "").lower().split(",")):
        match name.strip():
            case "" | "identity" | "none" | "utf-8":
                pass
            case "gzip" | "x-gzip":
                if sent.startswith(b"\x1f\x8b"):
                    sent = _decode_or_keep(GzipReader, sent, limit)
            case "deflate":
                sent = _inflate(sent, limit)
            case "br":
                sent = _decode_or_keep(BrotliReader, sent, limit)
            case "zstd":
                sent = _decode_or_keep(ZstdReader, sent, limit)
            case other:
                raise PayloadError("encoding_unknown", f"content encoding '{other}' is not known")
    return sent


def _decode_or_keep(reader: Callable[[Any], Any], sent: bytes, limit: int) -> bytes:
    stream = reader(io.BytesIO(sent))
    pieces: list[bytes] = []
    left = limit + 1
    while left > 0:
        try:
            piece = stream.read(min(left, 1 << 16))
        except OSError:
            return b"".join(pieces) or sent
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
        left -= len(piece)
    raise PayloadError("payload_too_large", f"decoded payload holds more than {limit} bytes")


def _inflate(sent: bytes, limit: int) -> bytes:
    # Servers send both zlib streams (as the RFC says) and bare deflate streams.
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            page = zlib.decompressobj(window).decompress(sent, limit + 1)
        except zlib.error:
            continue
        if len(page) > limit:
            raise PayloadError(
                "payload_too_large", f"decoded payload holds more than {limit} bytes"
            )
        return page
    return sent
