"""The two-byte codes of GBK, private use included, as lenient decoders read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

_LEADS = range(0x81, 0xFF)
_TRAILS = (*range(0x40, 0x7F), *range(0x80, 0xFF))
# Code points that other decoders give to the same bytes.
_ALIASES = {"―": "—", "・": "·", "〜": "～"}


@dataclass(frozen=True, slots=True)
class Codes:
    """Pairs of bytes and the characters they stand for."""

    character: Mapping[tuple[int, int], str]
    """Character of each pair of lead and trail byte."""
    pair: Mapping[str, tuple[int, int]]
    """Lead and trail byte of each two-byte character."""


@cache
def load_codes() -> Codes:
    """Build both directions once per process; private-use characters of free pairs are kept.

    >>> load_codes().pair["請"] == (0xD5, 0x88)
    True
    """
    character: dict[tuple[int, int], str] = {}
    for lead in _LEADS:
        for trail in _TRAILS:
            read = bytes((lead, trail)).decode("gb18030", "replace")
            if len(read) == 1 and read != "\ufffd":
                character[lead, trail] = read
    pair = {read: codes for codes, read in character.items()}
    for alias, known in _ALIASES.items():
        pair.setdefault(alias, pair[known])
    return Codes(character, pair)
