"""Decoders of the older web encodings, as browsers run them, on top of Python's codecs.

The rules are those of the WHATWG Encoding Standard (https://encoding.spec.whatwg.org), where
Python's codecs differ: what broken bytes swallow, the euro sign of GBK, 20 characters that GB18030
once kept in the private-use area.
"""

import codecs
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

MARK = "\ufffd"
"""Replacement mark: stands where bytes fit no character."""

_PAIR_CODECS: Mapping[str, str] = MappingProxyType(
    {"gb18030": "gbk", "big5hkscs": "big5hkscs", "cp949": "cp949", "cp932": "cp932"}
)
# `gbk` is the fastest of Python's codecs for these bytes and gives nothing that the standard does
# not; what it does not know, from private use to four bytes, is looked up one by one.
_STANDARD = MappingProxyType(
    dict(
        zip(
            "\ue5e5\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796\ue7c7"
            "\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864",
            "\u3000︐︒︑︓︔︕︖︗︘︙ḿ\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb",
            strict=True,
        )
    )
)
# The two codes of ḿ changed places between editions; browsers keep both.
_OLD_FOUR_BYTES = b"\x81\x35\xf4\x37"
_DIGITS = range(0x30, 0x3A)
_LEADS = range(0x81, 0xFF)


def decode_legacy(body: bytes, encoding: str) -> str:
    """Decode bytes as a browser does; bytes that fit no character become `MARK`, one per error.

    A stray lead byte never swallows the ASCII character behind it, so that tags survive. Byte 80
    is the euro sign in GBK; undefined bytes 80 to 9F of single-byte encodings are control
    characters. Never raises for an encoding that Python knows, linear time.

    >>> decode_legacy(b"\\xc9<p>\\xc9\\xe7 \\x80", "gb18030")
    '\ufffd<p>社 €'
    """
    if encoding.startswith("utf"):
        return body.decode(encoding, "replace")
    return body.decode(_PAIR_CODECS.get(encoding, encoding), _error_handler())


@cache
def _error_handler() -> str:
    name = "gongshi.legacy"
    codecs.register_error(name, _mend)
    return name


def _mend(error: UnicodeError) -> tuple[str, int]:
    """Read what a codec of Python stumbled on: the text for it and where to go on."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    body, start = error.object, error.start
    if error.encoding == "gbk":
        return _mend_gb(body, start)
    if error.encoding in _PAIR_CODECS:
        is_euro = error.encoding == "big5hkscs" and body[start : start + 2] == b"\xa3\xe1"
        return "€" if is_euro else MARK, _end_of_pair(body, start)
    # Single bytes, and EUC-JP, whose three-byte characters are too rare to be told apart.
    is_control = error.encoding == "charmap" and body[start] < 0xA0
    return chr(body[start]) if is_control else MARK, start + 1


def _mend_gb(body: bytes, start: int) -> tuple[str, int]:
    if body[start] == 0x80:
        return "€", start + 1
    code = body[start : start + 4]
    if code[0] in _LEADS and len(code) > 1 and code[1] in _DIGITS:
        if not all(byte in of for byte, of in zip(code[2:], (_LEADS, _DIGITS), strict=False)):
            return MARK, start + 1
        return _read_gb(code), start + len(code)
    character = _read_gb(code[:2])
    return character, _end_of_pair(body, start) if character == MARK else start + 2


def _end_of_pair(body: bytes, start: int) -> int:
    """Where a broken pair ends: a second byte that is ASCII stands for itself."""
    is_pair = body[start] in _LEADS and body[start + 1 : start + 2] >= b"\x80"
    return start + 2 if is_pair else start + 1


def _read_gb(code: bytes) -> str:
    """The character of two or four bytes, a mark when there is none."""
    if code == _OLD_FOUR_BYTES:
        return "\ue7c7"
    try:
        character = code.decode("gb18030")
    except UnicodeDecodeError:
        return MARK
    return _STANDARD.get(character, character)
