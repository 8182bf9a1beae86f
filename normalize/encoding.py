"""Bytes of a page to text, with the evidence for the encoding that was chosen."""

import codecs
from dataclasses import dataclass
from typing import Literal

from normalize.charset_claims import WINDOW, Claim, find_encoding, read_claims
from normalize.charset_fit import choose_encoding, read
from normalize.legacy_codecs import MARK, decode_legacy, decode_noise

Reason = Literal["bom", "nul_pattern", "strict_utf8", "mostly_utf8", "declared", "fit", "default"]
"""Why an encoding was chosen.

* `bom`: a byte order mark says so, and the bytes do not contradict it.
* `nul_pattern`: every other byte of the ASCII characters is zero: UTF-16 without a mark.
* `strict_utf8`: the bytes are UTF-8 without an error, whatever is declared.
* `mostly_utf8`: UTF-8 but for some bytes; whole characters outweigh them.
* `declared`: the bytes fit what is declared.
* `fit`: the bytes read as text so, and fit nothing that is declared.
* `default`: the bytes fit nothing; the first encoding declared, else UTF-8, marks what is broken.
"""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_HEAD = 4096


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a page and how it was read."""

    text: str
    """The text; bytes that fit no character are U+FFFD, private-use characters are kept."""
    encoding: str
    """Encoding the bytes were read with. Example: `gb18030`"""
    declared: tuple[Claim, ...]
    """What header, meta and XML claim, as (place, name). Example: `(("meta", "gb2312"),)`"""
    contradicted: bool
    """Whether the bytes fit none of the declarations."""
    lossy: int
    """Number of U+FFFD in the text. With reason `strict_utf8` they stood in the bytes already."""
    reason: Reason
    """Why the encoding was chosen. Example: `strict_utf8`"""


def decode_bytes(body: bytes, header_charset: str | None = None) -> Decoded:
    """Read bytes as text: byte order mark, UTF-16 by its zeros, strict UTF-8, then what fits.

    Takes the body and the charset of the HTTP header. Never raises: bytes that fit nothing become
    replacement marks and are counted. A declaration that the bytes contradict is ignored, because
    a third of such pages name the wrong one. Decoders and names follow the WHATWG Encoding
    Standard, declarations HTML's. Linear time: the whole is decoded once, or twice when UTF-8
    breaks off late.

    >>> decoded = decode_bytes("城乡社区".encode("gbk"), "utf-8")
    >>> decoded.text, decoded.encoding, decoded.contradicted, decoded.reason
    ('城乡社区', 'gb18030', True, 'fit')
    """
    mark, marked = _read_mark(body)
    content = body.removeprefix(mark)
    wide = _decode_wide(content, marked)
    head = wide[0][:WINDOW].encode("ascii", "replace") if wide else content[:WINDOW]
    declared = read_claims(head, header_charset)
    claims = tuple(c for _, name in declared if (c := find_encoding(name)) is not None)
    text, encoding, reason = wide or _decode_narrow(content, marked, claims)
    # A claim of UTF-16 holds for either byte order.
    fits = encoding in claims or encoding[:6] in claims
    return Decoded(
        text=text,
        encoding=encoding,
        declared=declared,
        contradicted=bool(claims) and not fits and not body.isascii(),
        lossy=text.count(MARK),
        reason=reason,
    )


def _read_mark(body: bytes) -> tuple[bytes, str | None]:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            # The mark of UTF-32 may be one of UTF-16 and a zero: its characters tell.
            if encoding == "utf-32-le" and any(body[7:_HEAD:4]):
                continue
            return mark, encoding
    return b"", None


def _decode_wide(body: bytes, marked: str | None) -> tuple[str, str, Reason] | None:
    """Decode what a mark or its zeros give away: everything that is not close to ASCII."""
    if marked is None:
        encoding = _find_utf16(body)
        return (decode_legacy(body, encoding), encoding, "nul_pattern") if encoding else None
    if marked == "utf-8":
        return None
    return decode_legacy(body, marked), marked, "bom"


def _find_utf16(body: bytes) -> str | None:
    """Find UTF-16 without a mark: ASCII characters have their zeros all on one side."""
    head = body[: min(_HEAD, len(body) - len(body) % 2)]
    units = len(head) // 2
    first, second = head[::2].count(0), head[1::2].count(0)
    least, most = sorted((first, second))
    if most < max(2, 0.01 * units) or 3 * least > most:
        return None
    encoding = "utf-16-be" if first > second else "utf-16-le"
    reading = read(head, encoding)
    is_text = 2 * reading.characters <= units or reading.is_chinese
    return encoding if is_text and reading.bad <= 0.1 * units else None


def _decode_narrow(
    body: bytes, marked: str | None, claims: tuple[str, ...]
) -> tuple[str, str, Reason]:
    try:
        text, end = codecs.utf_8_decode(body, "strict", False)
    except UnicodeDecodeError:
        pass
    else:
        if end == len(body):
            return text, "utf-8", "bom" if marked else "strict_utf8"
        # Cut off in the middle of its last character.
        if not text.isascii() or "utf-8" in claims:
            return text + MARK, "utf-8", "mostly_utf8"
    encoding, reason = choose_encoding(body, ("utf-8", *claims) if marked else claims)
    decode = decode_noise if reason == "default" else decode_legacy
    return decode(body, encoding), encoding, reason
