"""Decoders of the older web encodings, as browsers run them, on top of Python's codecs.

The rules are those of the WHATWG Encoding Standard (https://encoding.spec.whatwg.org), where
Python's codecs differ: what broken bytes swallow, the euro sign of GBK, 20 characters that GB18030
once kept in the private-use area.
"""

import codecs
import re
from functools import cache
from types import MappingProxyType

MARK = "\ufffd"
"""Replacement mark: stands where bytes fit no character."""

_PAIRS = frozenset(("gb18030", "big5hkscs", "cp949", "cp932"))
_OTHERS = frozenset(("euc_jp",))
_LEADS = range(0x81, 0xFF)
_DIGITS = range(0x30, 0x3A)
# What Python's codec still gives in private use, and the characters that stand there today.
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
_OLD = re.compile("[\ue000-\uf8ff]")


def decode_legacy(body: bytes, encoding: str) -> str:
    """Decode bytes as a browser does; bytes that fit no character become `MARK`, one per error.

    A stray lead byte never swallows the ASCII character behind it, so that tags survive. Byte 80
    is the euro sign in GBK; undefined bytes 80 to 9F of single-byte encodings are control
    characters; private use stays. Takes any encoding of text that Python knows. Linear time, but
    some microseconds for every broken character: noise is for `decode_noise`.

    >>> decode_legacy(b"\\xc9<p>\\xc9\\xe7 \\x80", "gb18030")
    '�<p>社 €'
    """
    if encoding == "gb18030":
        return _decode_gb(body)
    if encoding in _PAIRS:
        return body.decode(encoding, _error_handler())
    if encoding in _OTHERS or encoding.startswith("utf"):
        return body.decode(encoding, "replace")
    return codecs.charmap_decode(body, "strict", _load_table(encoding))[0]


def decode_noise(body: bytes, encoding: str) -> str:
    """Decode bytes that may be no text at all: broken pairs become marks the fast way, Python's.

    >>> decode_noise(b"\\xff\\xfe<p>", "gb18030")
    '��<p>'
    """
    if encoding in _PAIRS:
        return body.decode(encoding, "replace")
    return decode_legacy(body, encoding)


def _decode_gb(body: bytes) -> str:
    try:
        # The faster codec, and what it knows is what the standard says.
        return body.decode("gbk")
    except UnicodeDecodeError:
        text = body.decode("gb18030", _error_handler())
        return _OLD.sub(lambda match: _STANDARD.get(match[0], match[0]), text)


@cache
def _load_table(encoding: str) -> str:
    """The 256 characters of a single-byte encoding."""
    known = bytes(range(256)).decode(encoding, "replace")
    return "".join(
        chr(byte) if character == MARK and byte < 0xA0 else character
        for byte, character in enumerate(known)
    )


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
    code = body[start : start + 4]
    second = code[1:2]
    if error.encoding == "gb18030":
        if code[0] == 0x80:
            return "€", start + 1
        if code[0] in _LEADS and second and second[0] in _DIGITS:
            # Four bytes belong together; with another third or fourth the first is a stray.
            fits = all(byte in of for byte, of in zip(code[2:], (_LEADS, _DIGITS), strict=False))
            return MARK, start + (len(code) if fits else 1)
    elif error.encoding == "big5hkscs" and code[:2] == b"\xa3\xe1":
        return "€", start + 2
    # A second byte that is ASCII stands for itself.
    return MARK, start + (2 if code[0] in _LEADS and second >= b"\x80" else 1)
