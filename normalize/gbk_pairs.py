"""How bytes of GBK pair up into characters, when some of them may be missing or not GBK at all.

Bytes are written as the characters of Latin-1. Worth is counted in decimal orders of magnitude: how
much likelier Chinese text is to give such a pair than European text read so.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from operator import sub
from typing import NamedTuple

from normalize.commonness import load_commonness
from normalize.misread import LOST

PLAIN = "\x85\x91-\x97\xa0\xab\xb7\xbb\xd7"
"""Bytes that clean text has beside letters: … ‘ ’ “ ” • – — no-break space « · » ×"""
_SYMBOL = "\x80-\x84\x86-\x90\x98-\x9f\xa1-\xaa\xac-\xb6\xb8-\xba\xbc-\xbf"
_LETTER = "\xc0-\xd6\xd8-\xff"
_MIXED = re.compile(f"(?=[{_LETTER}][{_SYMBOL}]|[{_SYMBOL}][{_LETTER}])")
_RUN = re.compile("(?:[\x80-\xff][\x80-\xff@-~])++[\x80-\xff]?+|[\x80-\xff]")
_IS_PLAIN = re.compile(f"[{PLAIN}]")
_AMID = re.compile(f"(?<=[\x80-\xff])[{PLAIN}](?=[\x80-\xff])")

_SURE = 1.9
_SURE_PER_PAIR = 0.55
# Clean text seldom has two such characters in a row, and seldom a symbol beside a letter.
_WORTH_OF_PAIR = 0.8
_WORTH_OF_MIX = 0.8
_WORTH_OF_REPETITION = 0.1
# One of 6,768 characters of GB2312. Of characters of level one, half of all codes, none is worth
# less than a little: lower case, most of European text, gives none of them.
_CHANCE = 3.83
_LEAST = -2.7
_LEAST_OF_LEVEL_ONE = -0.4
_NONE = -99.0
_COST_OF_ASCII = 0.1
_COST_OF_PLAIN = 1.2
_COST_AMID = 3.5
_COST_OF_ODD = 5.0
# A cut between two bytes that costs less than this is as good as none.
_MARGIN = 2.0
# So many pairs in a row that are worth nothing together may be cut in the wrong places.
_PART = 6
# Bytes weighed at a time, so that one doubtful place does not slow down all.
_BLOCK = 1024


class Stretch(NamedTuple):
    """Bytes that read as GBK without a gap."""

    start: int
    """Start in the bytes."""
    end: int
    """End in the bytes."""
    new: str
    """The characters, with □ for what is lost."""
    worth: float
    """Evidence for this reading."""


def pair_up(codes: str) -> list[Stretch]:
    """Pair bytes up into the characters that are worth most, and leave out punctuation between.

    Takes high bytes with single ASCII bytes between them at most. A byte that pairs with none is
    lost, and so is a pair that might as well be cut in two. Linear time.

    >>> [stretch.new for stretch in pair_up("“ÖÐ¹ú”".encode("cp1252").decode("latin-1"))]
    ['中国']
    """
    parts: list[Stretch] = []
    for match in _RUN.finditer(codes):
        first, last = match.span()
        for start in range(first, last, _BLOCK):
            block = codes[start : min(start + _BLOCK, last)]
            whole = _pair_all(block)
            if whole:
                parts.append(Stretch(start, start + len(block), *whole))
            else:
                parts += _pair_best(block, start)
    return [*_join(codes, parts)]


def _join(codes: str, parts: list[Stretch]) -> Iterator[Stretch]:
    """Join stretches that touch, and add what the form of the bytes says.

    Symbols beside letters are odd in European text; one byte repeated says nothing.
    """
    first = 0
    for last, (_, end, _, _) in enumerate(parts, 1):
        if last < len(parts) and parts[last].start == end:
            continue
        start, _, new, worth = parts[first]
        if last - first > 1:
            new = "".join(part.new for part in parts[first:last])
            worth = sum(part.worth for part in parts[first:last])
        if codes.count(codes[start], start, end) == end - start:
            worth = min(worth, _WORTH_OF_REPETITION)
        else:
            worth += _WORTH_OF_MIX * len(_MIXED.findall(codes, start, end))
        yield Stretch(start, end, new, worth)
        first = last


def is_sure(stretches: list[Stretch]) -> bool:
    """Tell whether a reading needs no other evidence.

    >>> is_sure(pair_up("\xd6\xd0\xb9\xfa")), is_sure(pair_up("éé"))
    (True, False)
    """
    new = "".join(stretch.new for stretch in stretches)
    worth = sum(stretch.worth for stretch in stretches)
    is_enough = worth >= max(_SURE, _SURE_PER_PAIR * len(new))
    return is_enough and len(new) - new.count(LOST) > 1


def _pair_all(codes: str) -> tuple[str, float] | None:
    """Read bytes as a decoder does: text and worth; nothing when it is no good Chinese text."""
    if _IS_PLAIN.match(codes):
        return None
    try:
        new = codes.encode("latin-1").decode("gbk")
    except UnicodeDecodeError:
        return None
    worths = [*map(_load_worths().__getitem__, new)]
    worth = sum(worths)
    if worth < _SURE_PER_PAIR * len(new) or _has_poor_part(worths):
        return None
    return None if _is_doubtful_end(codes, worths[-1]) else (new, worth)


def _has_poor_part(worths: list[float]) -> bool:
    """Tell whether pairs in a row are so rare that they may be cut in the wrong places."""
    if len(worths) <= _PART or min(worths) > 0:
        return False
    sums = [0.0, *accumulate(worths)]
    least: float = min(map(sub, sums[_PART:], sums))
    return least < 0


def _is_doubtful_end(codes: str, worth: float) -> bool:
    """A rare character that ends in ASCII is rather a byte cut off, and a letter of its own."""
    return codes[-1] < "\x80" and worth < 0


def _pair_best(codes: str, offset: int) -> Iterator[Stretch]:
    """Choose the pairs that are worth most; give them at their place behind an offset.

    A pair is lost when the bytes could nearly as well be cut between the two.
    """
    size = len(codes)
    lone = [_weigh_alone(code) for code in codes]
    for place in _AMID.finditer(codes):
        lone[place.start()] = -_COST_AMID
    pairs = [_read_pair(codes[start : start + 2])[1] for start in range(size - 1)]
    if pairs and _is_doubtful_end(codes, pairs[-1]):
        pairs[-1] = _NONE
    before, after = _add_up(lone, pairs), _add_up(lone[::-1], pairs[::-1])[::-1]
    start = 0
    while start < size:
        end = start + 1
        if end < size and pairs[start] + after[end + 1] > lone[start] + after[end]:
            is_certain = before[end] + after[end] < before[size] - _MARGIN
            new = _read_pair(codes[start : end + 1])[0] if is_certain else LOST
            yield Stretch(offset + start, offset + end + 1, new, pairs[start])
            end += 1
        elif lone[start] == -_COST_OF_ODD:
            yield Stretch(offset + start, offset + end, LOST, lone[start])
        start = end


def _add_up(lone: list[float], pairs: list[float]) -> list[float]:
    """Give the best worth of each beginning of the bytes."""
    best = [0.0, *lone[:1]]
    for end in range(2, len(lone) + 1):
        best.append(max(best[end - 1] + lone[end - 1], best[end - 2] + pairs[end - 2]))
    return best


@cache
def _weigh_alone(code: str) -> float:
    if code < "\x80":
        return -_COST_OF_ASCII
    return -_COST_OF_PLAIN if _IS_PLAIN.match(code) else -_COST_OF_ODD


@cache
def _read_pair(pair: str) -> tuple[str, float]:
    """Give the character of two bytes and its worth."""
    if not "\x81" <= pair[0] <= "\xfe" or pair[1] < "@":
        return LOST, _NONE
    try:
        character = pair.encode("latin-1").decode("gbk")
    except UnicodeDecodeError:
        return LOST, _NONE
    return character, _load_worths()[character]


class _Worths(dict[str, float]):
    """Worth of each character of GBK, computed when it is first met."""

    def __missing__(self, character: str) -> float:
        """Weigh a character against the chance that it comes of European text."""
        lead, trail = character.encode("gbk")
        is_level_one = 0xB0 <= lead <= 0xD7 and trail > 0xA0
        least = _LEAST_OF_LEVEL_ONE if is_level_one else _LEAST
        worth = max(least, load_commonness().of(character) + _CHANCE)
        if trail >= 0x80:
            worth += _WORTH_OF_PAIR
        self[character] = worth
        return worth


@cache
def _load_worths() -> _Worths:
    return _Worths()
