"""Traditional and Simplified script: which one a text is in, and its Simplified form."""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Literal

import opencc

Script = Literal["Hans", "Hant", "mixed", "none"]

_HAN = range(0x4E00, 0x9FA6)
# Below this share a few variants in names do not make a text Traditional.
_CLEAR_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class _Marks:
    traditional: frozenset[str]
    simplified: frozenset[str]


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _marks() -> _Marks:
    every = "\n".join(map(chr, _HAN))
    to_simplified = _converter().convert(every).split("\n")
    to_traditional = opencc.OpenCC("s2t").convert(every).split("\n")
    characters = every.split("\n")
    return _Marks(
        frozenset(c for c, t in zip(characters, to_simplified, strict=True) if c != t),
        frozenset(c for c, t in zip(characters, to_traditional, strict=True) if c != t),
    )


def is_traditional(character: str) -> bool:
    """Tell whether a character changes when it is simplified.

    >>> is_traditional("區"), is_traditional("区")
    (True, False)
    """
    return character in _marks().traditional


def detect_script(text: str) -> Script:
    """Tell the script a text is printed in.

    >>> detect_script("城鄉社區治理"), detect_script("城乡社区治理"), detect_script("2022")
    ('Hant', 'Hans', 'none')
    """
    marks = _marks()
    counts = Counter(text)
    han = sum(n for character, n in counts.items() if "一" <= character <= "龥")
    if not han:
        return "none"
    traditional = sum(n for character, n in counts.items() if character in marks.traditional) / han
    simplified = sum(n for character, n in counts.items() if character in marks.simplified) / han
    if traditional < _CLEAR_SHARE:
        return "Hans"
    # Characters that both scripts share, such as 后, count as simplified in a Traditional text.
    return "Hant" if traditional > 2 * simplified else "mixed"


def to_simplified(text: str) -> str:
    """Turn Traditional characters and words into Simplified ones, line by line.

    >>> to_simplified("城鄉社區治理")
    '城乡社区治理'
    """
    if not _marks().traditional.intersection(text):
        return text
    return str(_converter().convert(text))
