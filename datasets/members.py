"""Where WARC records begin and end in a file, for lengths and for going on behind damage."""

import re
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

GZIP_MAGIC = b"\x1f\x8b\x08"
PLAIN_MAGIC = b"WARC/1."
CONTENT_LENGTH = re.compile(rb"^content-length:\s*(\d+)", re.IGNORECASE | re.MULTILINE)
CHUNK = 1 << 20

_MOST_TRIES = 64
"""Places that may look like the beginning of the last record: a gzip magic comes once in 16 MiB of
compressed bytes by chance."""


def find_member(file: BinaryIO, start: int, size: int) -> int:
    """Find the first byte from `start` on where a record may begin; `size` when there is none.

    >>> import io
    >>> find_member(io.BytesIO(b"garbage" + GZIP_MAGIC), 1, 10)
    7
    """
    file.seek(start)
    position, tail = start, b""
    while piece := file.read(CHUNK):
        window = tail + piece
        found = [window.find(magic) for magic in (GZIP_MAGIC, PLAIN_MAGIC)]
        if hits := [hit for hit in found if hit >= 0]:
            return position - len(tail) + min(hits)
        position += len(piece)
        tail = window[-len(PLAIN_MAGIC) + 1 :]
    return size


def find_record_end(file: BinaryIO, start: int, size: int) -> int | None:
    """Find where the record that begins at `start` ends, its closing blank lines included.

    None when it is not whole.

    >>> import gzip, io
    >>> member = gzip.compress(b"WARC/1.1")
    >>> find_record_end(io.BytesIO(member + b"tail"), 0, len(member) + 4) == len(member)
    True
    """
    file.seek(start)
    head = file.read(1 << 16)
    if not head.startswith(GZIP_MAGIC):
        length = CONTENT_LENGTH.search(head.partition(b"\r\n\r\n")[0])
        body = head.find(b"\r\n\r\n") + 4
        end = start + body + int(length[1]) + 4 if length else size + 1
        return end if end <= size else None
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
    piece, read = head, 0
    while piece:
        try:
            inflate.decompress(piece)
        except zlib.error:
            return None
        read += len(piece) - len(inflate.unused_data)
        if inflate.eof:
            return start + read
        piece = file.read(1 << 16)
    return None


def find_whole_end(file: BinaryIO, size: int) -> int | None:
    """Find where the last whole record ends, looking back from the end of the file.

    The file is whole when that is its size. None when no whole record was found among the last
    places that look like one.

    >>> import gzip, io
    >>> member = gzip.compress(b"WARC/1.1")
    >>> find_whole_end(io.BytesIO(member * 2 + member[:9]), len(member) * 2 + 9) == 2 * len(member)
    True
    """
    for start in islice(_find_beginnings(file, size), _MOST_TRIES):
        end = find_record_end(file, start, size)
        if end is not None:
            return end
    return None


def _find_beginnings(file: BinaryIO, size: int) -> Iterator[int]:
    """Yield the places where a record may begin, the last one first."""
    file.seek(0)
    # Records that are not compressed may hold pages that are.
    is_zipped = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    magic = GZIP_MAGIC if is_zipped else PLAIN_MAGIC
    for stop in range(size, 0, -CHUNK):
        start = max(stop - CHUNK, 0)
        file.seek(start)
        window = file.read(stop - start + len(magic) - 1)
        found = window.rfind(magic)
        while found >= 0:
            yield start + found
            found = window.rfind(magic, 0, found + len(magic) - 1)
