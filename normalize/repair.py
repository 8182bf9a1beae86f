"""Undo the bracket corruption: Traditional text with pinyin in brackets, as in 社區(qū).

Pages are damaged when characters of a site's table get their reading appended in brackets. The
annotations that stand whole are removed; where one cut a neighbouring character in two, the
character is put back from its bytes.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from normalize.gbk import load_codes
from normalize.readings import load_readings
from normalize.straddle import LOST, READING, Straddles
from normalize.trace import Edit, apply_edits

# The patterns begin with their rarest character, so that clean text is passed over fast.
_ANNOTATION = re.compile(rf"\((?<=[㐀-鿿@-~]\()({READING})\)")
_WIDE_ANNOTATION = re.compile(rf"（(?<=[㐀-鿿]（)({READING})）")
_CUT = re.compile(rf"\?(?:({READING})\)|(?<!\?\?)(?=[，！？。、!?]))")
_ENDING_ANNOTATION = re.compile(rf"\({READING}\)$")
_TONED = re.compile("[āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜ]")
_FULL_WIDTH = re.compile("[，；：！？（）]")

_LEAST_ANNOTATIONS = 2
_LEAST_SHARE = 0.7
_MOST_STRANGE = 0.1
_MOST_UNCHANGED = 0.3
_LOOK_BACK = 1000
_FIRST_HAN = "㐀"
_MOST_SPOTS = 20_000


@dataclass(frozen=True, slots=True)
class Repaired:
    """A repaired text and what was done to it."""

    text: str
    """The text after the edits."""
    edits: tuple[Edit, ...]
    """The edits, in text order, on the text that was given."""
    confidence: float
    """The lowest confidence of the edits, 1.0 without any."""
    kinds: tuple[str, ...]
    """Kinds of damage found. Example: `pinyin_annotation`"""
    lost: int
    """Damaged places that were left as they are or hold a character that is gone."""


def repair(text: str) -> Repaired:
    """Remove pinyin annotations from a text whose characters carry them throughout.

    A text passes the gate when at least two Traditional characters carry a syllable in brackets
    and at least 70 % of all occurrences of those characters do, so that a textbook that glosses a
    word here and there stays as it is.

    >>> repair("城鄉(xiāng)社區(qū)治理").text
    '城鄉社區治理'
    >>> repair("社區(qū)建設(shè),資陽日?qǐng)?bào)訊").text
    '社區建設,資陽日報訊'
    >>> repair("生字:鄉(xiāng)。他回鄉下,又回鄉下。").text
    '生字:鄉(xiāng)。他回鄉下,又回鄉下。'
    """
    marks = _find_annotations(text)
    if not marks:
        return Repaired(text, (), 1.0, (), 0)
    marks += _find_cuts(text)
    table = _read_table(text, marks)
    if table is None:
        return Repaired(text, (), 1.0, (), 0)
    marks.sort()
    edits, lost = _plan(text, marks, table)
    kinds = tuple(dict.fromkeys(edit.kind for edit in edits))
    confidence = min((edit.confidence for edit in edits), default=1.0)
    return Repaired(apply_edits(text, edits), edits, confidence, kinds, lost)


class _Mark(NamedTuple):
    """One place that looks like an annotation."""

    start: int
    """Start of the bracket, or of the `?`."""
    end: int
    character: str | None
    """Character in front of the bracket; None for a `?`."""
    reading: str | None
    """What stands in the bracket; None for a `?` before a break."""


def _find_annotations(text: str) -> list[_Mark]:
    """Find brackets behind a character, as far as they hold what could be a reading."""
    return [
        _Mark(match.start(), match.end(), text[match.start() - 1], match[1])
        for pattern in (_ANNOTATION, _WIDE_ANNOTATION)
        for match in pattern.finditer(text)
    ]


def _find_cuts(text: str) -> list[_Mark]:
    return [_Mark(match.start(), match.end(), None, match[1]) for match in _CUT.finditer(text)]


def _judge(character: str, reading: str) -> str:
    """Call an annotation `changed`, `unchanged` or `strange` by its character and reading."""
    readings = load_readings()
    if not readings.is_reading(character, reading):
        return "strange"
    return "changed" if readings.is_traditional(character) else "unchanged"


def _read_table(text: str, marks: list[_Mark]) -> dict[str, str] | None:
    """Read the site's table off a text, None when the text is not damaged this way."""
    pairs = Counter((mark.character, mark.reading) for mark in marks)
    counts: Counter[str] = Counter()
    table: dict[str, tuple[int, str]] = {}
    for (character, reading), count in pairs.items():
        if character is None:
            counts["cut"] += count if reading and _TONED.search(reading) else 0
            continue
        if character < _FIRST_HAN:
            continue
        verdict = _judge(character, reading)
        counts[verdict] += count
        if verdict == "changed":
            table[character] = max(table.get(character, (0, "")), (count, reading))
    evidence = counts["changed"] + counts["cut"]
    if evidence < _LEAST_ANNOTATIONS:
        return None
    if counts["strange"] > max(1, _MOST_STRANGE * evidence):
        return None
    if counts["unchanged"] > _MOST_UNCHANGED * evidence:
        return None
    every = Counter(text)
    if counts["changed"] < _LEAST_SHARE * sum(every[character] for character in table):
        return None
    return {character: reading for character, (_, reading) in table.items()}


def _plan(text: str, marks: list[_Mark], table: dict[str, str]) -> tuple[tuple[Edit, ...], int]:
    straddles: Straddles | None = None
    edits: list[Edit] = []
    cursor, lost, spots = 0, 0, 0
    for start, end, character, reading in marks:
        if start < cursor:
            continue
        if character is not None:
            if table.get(character) == reading or _is_deletable(text, start, reading):
                edits.append(Edit(start, end, text[start:end], "", "pinyin_annotation"))
                cursor = end
            continue
        if straddles is None:
            straddles = Straddles(text, table, folded=_FULL_WIDTH.search(text) is None)
        spots += 1
        spot = None
        if spots <= _MOST_SPOTS:
            spot = straddles.read(text, start, _text_before(text, start, edits))
        if spot is None:
            lost += 1
            continue
        cursor = spot.end
        old = text[start:cursor]
        if spot.text != old:
            edits.append(Edit(start, cursor, old, spot.text, "straddle", spot.confidence))
        lost += LOST in spot.text
    return tuple(edits), lost


def _is_deletable(text: str, start: int, reading: str) -> bool:
    """Tell whether the bracket at `start` is an annotation of what stands in front of it."""
    character = text[start - 1]
    if character >= _FIRST_HAN:
        return _judge(character, reading) != "strange" or _TONED.search(reading) is not None
    # The last byte of a character and a letter may make up a character of the table.
    codes = load_codes()
    before = _ENDING_ANNOTATION.sub("", text[max(0, start - 12) : start - 1])
    pair = codes.pair.get(before[-1:])
    straddling = codes.character.get((pair[1], ord(character)), "") if pair else ""
    return _judge(straddling, reading) == "changed"


def _text_before(text: str, end: int, edits: list[Edit]) -> str:
    """Give the repaired text of a line up to a place, the last few hundred characters of it."""
    begin = max(text.rfind("\n", max(0, end - _LOOK_BACK), end) + 1, end - _LOOK_BACK, 0)
    pieces: list[str] = []
    for edit in reversed(edits):
        if edit.end <= begin:
            break
        pieces += [text[edit.end : end], edit.new]
        end = edit.start
    pieces.append(text[min(begin, end) : end])
    return "".join(reversed(pieces))
