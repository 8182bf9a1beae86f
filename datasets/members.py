"""Where WARC records begin and end in a file, for lengths and for going on behind damage."""

import re
import zlib
from typing import BinaryIO

GZIP_MAGIC = b"\x1f\x8b\x08"
PLAIN_MAGIC = b"WARC/1."
CONTENT_LENGTH = re.compile(rb"^content-length:\s*(\d+)", re.IGNORECASE | re.MULTILINE)
CHUNK = 1 << 20


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
