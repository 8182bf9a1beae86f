"""Width and invisible characters: folding that keeps every offset."""

import re

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_BLANKS = dict.fromkeys((0x3000, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F), 0x20)
_FOLD = _FULL_WIDTH | _BLANKS
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


def fold_width(text: str) -> str:
    """Turn full-width letters, digits, punctuation and blanks into ASCII, one for one.

    Offsets hold: the result has the length of the input.

    >>> fold_width("(4个)\u30002022")
    '(4个) 2022'
    """
    return text.translate(_FOLD)


def drop_invisible(text: str) -> str:
    """Remove zero-width characters, direction marks and soft hyphens.

    >>> drop_invisible("社\u200b区")
    '社区'
    """
    return _INVISIBLE.sub("", text)
