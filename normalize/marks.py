"""Find all places of a text that may belong to the bracket corruption, and judge each kind once.

A damaged page holds hundreds of brackets and few kinds of them, so places are found by one scan,
kept in columns and looked at kind by kind.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, chain
from operator import add, sub

from normalize.gbk import load_codes
from normalize.readings import load_readings

READING = "[a-zāáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜüńňǹɑɡ]{1,7}"
"""What stands in a bracket."""

FIRST_HAN = "㐀"
"""What comes before it in the order of characters is a letter or a mark."""

# The patterns begin with their rarest character, so that clean text is passed over fast.
ANNOTATION = re.compile(rf"\((?<=[㐀-鿿@-~]\()({READING})\)")
"""An annotation in half width, the reading as its group."""
WIDE_ANNOTATION = re.compile(rf"（(?<=[㐀-鿿]（)({READING})）")
# The character before a bracket is looked at from behind it, and is a group of its own.
_HALF = re.compile(rf"(\((?<=([㐀-鿿@-~])\(){READING}\))")
_HALF_OR_WIDE = re.compile(
    rf"([(（](?<=([㐀-鿿@-~])[(（])(?<![@-~]（)(?:(?<=\(){READING}\)|(?<=（){READING}）))"
)
_TO_HALF = str.maketrans("（）", "()")
_CUT = re.compile(rf"\?(?:({READING})\)|(?<!\?\?)(?=[，！？。、!?]))")
_TONED = re.compile("[āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜ]")

_TONELESS_CONFIDENCE = 0.95
_STRANGE_CONFIDENCE = 0.9
_MOST_BLANKS = 0.7
_SAMPLE = 1000


@dataclass(frozen=True, slots=True)
class Marks:
    """Annotations in columns, in text order, and the places where a character was cut in two."""

    kinds: Sequence[str]
    """The character before the bracket, and the bracket in half width. Example: `區(qū)`"""
    starts: Sequence[int]
    ends: Sequence[int]
    printed: Sequence[str]
    """What stands there. Example: `（qū）`"""
    between: Sequence[str]
    """The text before each, since the one before it."""
    cuts: Sequence[tuple[int, str]]
    """Where a `?` stands, and the reading behind it; empty before a break."""

    def within(self, text: str, start: int, end: int) -> "Marks":
        """Give those that begin in a span of their text."""
        first, last = bisect_left(self.starts, start), bisect_left(self.starts, end)
        low, high = bisect_left(self.cuts, (start, "")), bisect_left(self.cuts, (end, ""))
        rows = slice(first, last)
        columns = self.kinds[rows], self.starts[rows], self.ends[rows], self.printed[rows]
        between = _between(text, *columns[1:3], start)
        return Marks(*columns, between, self.cuts[low:high])

    def strip(self, text: str) -> str:
        """Give the text without the annotations of Han characters.

        >>> text = "社區(qū)的I(shèn)P"
        >>> find_marks(text).strip(text)
        '社區的I(shèn)P'
        """
        pieces = self.between
        if self.kinds and min(self.kinds) < FIRST_HAN:
            rows = zip(self.between, self.kinds, self.printed, strict=True)
            pieces = [before if kind >= FIRST_HAN else before + mark for before, kind, mark in rows]
        return "".join(pieces) + text[self.ends[-1] if self.ends else 0 :]

    def take_blanks(self, text: str) -> "Marks":
        """Take in the blanks behind the annotations, if the site puts them there.

        >>> text = "關(guān) 於(yú) 社區(qū) 治理"
        >>> find_marks(text).take_blanks(text).printed
        ['(guān) ', '(yú) ', '(qū) ']
        """
        if ") " not in text:
            return self
        blanks = [
            mark[0] == "(" and text.startswith(" ", end)
            for mark, end in zip(self.printed, self.ends, strict=True)
        ]
        if sum(blanks[:_SAMPLE]) <= _MOST_BLANKS * len(blanks[:_SAMPLE]):
            return self
        ends = [*map(add, self.ends, blanks)]
        printed = [text[start:end] for start, end in zip(self.starts, ends, strict=True)]
        between = _between(text, self.starts, ends)
        return replace(self, ends=ends, printed=printed, between=between)


def _between(text: str, starts: Sequence[int], ends: Sequence[int], first: int = 0) -> list[str]:
    return [text[end:start] for end, start in zip([first, *ends], starts, strict=False)]


def join_marks(text: str, parts: Iterable[Marks]) -> Marks:
    """Put the marks of several parts of a text in a row."""
    parts, whole = list(parts), chain.from_iterable
    starts = [*whole(part.starts for part in parts)]
    ends = [*whole(part.ends for part in parts)]
    return Marks(
        kinds=[*whole(part.kinds for part in parts)],
        starts=starts,
        ends=ends,
        printed=[*whole(part.printed for part in parts)],
        between=_between(text, starts, ends),
        cuts=[*whole(part.cuts for part in parts)],
    )


def find_marks(text: str) -> Marks:
    """Find annotations, readings behind a `?`, and `?` before a break; linear time.

    >>> marks = find_marks("社區(qū)日?qǐng)?，")
    >>> marks.kinds, marks.starts, marks.cuts
    (['區(qū)'], [2], [(7, 'qǐng'), (13, '')])
    """
    is_wide = WIDE_ANNOTATION.search(text) is not None
    pieces = (_HALF_OR_WIDE if is_wide else _HALF).split(text)
    between, printed, characters = pieces[:-1:3], pieces[1::3], pieces[2::3]
    kinds = [*map(add, characters, printed)]
    sizes = [*map(len, printed)]
    ends = [*accumulate(map(add, map(len, between), sizes))]
    return Marks(
        kinds=[kind.translate(_TO_HALF) for kind in kinds] if is_wide else kinds,
        starts=[*map(sub, ends, sizes)],
        ends=ends,
        printed=printed,
        between=between,
        cuts=[(match.start(), match[1] or "") for match in _CUT.finditer(text)],
    )


def is_toned(reading: str) -> bool:
    """Tell whether a reading has a tone mark.

    >>> is_toned("qū"), is_toned("qu")
    (True, False)
    """
    return _TONED.search(reading) is not None


@lru_cache(maxsize=65_536)
def judge_kind(kind: str) -> tuple[str, str, str]:
    """Call a kind `changed`, `unchanged` or `strange`; also give its character and reading.

    A character is changed when the scripts differ in it, and strange when it cannot be read so. Of
    what stands behind a letter nothing can be told: empty.

    >>> judge_kind("區(qū)"), judge_kind("社(shè)")[0], judge_kind("區(shè)")[0]
    (('changed', '區', 'qū'), 'unchanged', 'strange')
    """
    character, reading = kind[0], kind[2:-1]
    if character < FIRST_HAN:
        return "", character, reading
    readings = load_readings()
    if not readings.is_reading(character, reading):
        return "strange", character, reading
    verdict = "changed" if readings.is_traditional(character) else "unchanged"
    return verdict, character, reading


@lru_cache(maxsize=65_536)
def weigh_kind(kind: str) -> float:
    """Tell how surely a bracket is an annotation: 0 for not, -1 where its neighbours must tell.

    >>> weigh_kind("社(shè)"), weigh_kind("社(she)"), weigh_kind("社(ok)"), weigh_kind("I(shèn)")
    (1.0, 0.95, 0.0, -1.0)
    """
    verdict, _, reading = judge_kind(kind)
    if not verdict:
        return -1.0
    if verdict != "strange":
        return 1.0 if is_toned(reading) else _TONELESS_CONFIDENCE
    return _STRANGE_CONFIDENCE if is_toned(reading) else 0.0


def is_behind_letter(last: str, kind: str) -> bool:
    """Tell whether a letter and the last byte before it are the character that a bracket names.

    >>> is_behind_letter("的", "I(shèn)"), is_behind_letter("社", "I(shèn)")
    (True, False)
    """
    codes = load_codes()
    pair = codes.pair.get(last)
    straddling = codes.character.get((pair[1], ord(kind[0])), "") if pair else ""
    return straddling != "" and judge_kind(straddling + kind[1:])[0] == "changed"
