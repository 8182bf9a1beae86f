"""Bytes of a page to text, with the evidence for the encoding that was chosen."""

import codecs
import re
from dataclasses import dataclass

_META = re.compile(
    rb"""<meta[^>]{0,256}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE
)
_META_WINDOW = 64 * 1024

_CANONICAL = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "cp950": "big5hkscs",
    "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
}
# Pages that declare gb2312 use the characters of its supersets; gb18030 reads all of them.


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a page and how it was read."""

    text: str
    """The text; bytes that fit no character are U+FFFD."""
    encoding: str
    """Encoding the bytes were read with. Example: `gb18030`"""
    declared: tuple[tuple[str, str], ...]
    """What header and meta claim, as (place, name). Example: `(("meta", "gb2312"),)`"""
    contradicted: bool
    """Whether the bytes do not fit a declaration."""
    lossy: int
    """Number of replacement marks."""


def decode_bytes(body: bytes, header_charset: str | None = None) -> Decoded:
    """Read bytes as text: byte order mark, strict UTF-8, then what is declared or fits best.

    Takes the body and the charset of the HTTP header. Never raises: bytes that fit nothing become
    replacement marks and are counted. A declaration that the bytes contradict is ignored, because
    a third of such pages name the wrong one.

    >>> decode_bytes("社区".encode("gbk"), "utf-8").text
    '社区'
    """
    declared = _read_declarations(body, header_charset)
    text, encoding = _decode_marked(body) or _decode_by_fit(body, declared)
    claims = {_canonical(name) for _, name in declared} - {None}
    lossy = text.count("�")
    return Decoded(
        text=text,
        encoding=encoding,
        declared=declared,
        contradicted=bool(claims) and encoding not in claims and not body.isascii(),
        lossy=lossy,
    )


def _read_declarations(body: bytes, header: str | None) -> tuple[tuple[str, str], ...]:
    found = [("header", header.strip().lower())] if header and header.strip() else []
    match = _META.search(body, 0, _META_WINDOW)
    if match:
        found.append(("meta", match.group(1).decode("ascii").lower()))
    return tuple(found)


def _canonical(name: str) -> str | None:
    if name in _CANONICAL:
        return _CANONICAL[name]
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return None


def _decode_marked(body: bytes) -> tuple[str, str] | None:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace"), encoding
    return None


def _decode_by_fit(body: bytes, declared: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    claims = [c for _, name in declared if (c := _canonical(name)) is not None]
    candidates = ["utf-8", "gb18030", *(c for c in claims if c == "big5hkscs")]
    readings = [(body.decode(name, "replace"), name) for name in dict.fromkeys(candidates)]
    # Fewest replacement marks win; a declared encoding wins a tie.
    return min(readings, key=lambda reading: (reading[0].count("�"), reading[1] not in claims))
