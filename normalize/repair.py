"""Undo the bracket corruption: Traditional text with pinyin in brackets, as in 社區(qū).

Pages are damaged when characters of a site's table get their reading appended in brackets. The
annotations that stand whole are removed; where one cut a neighbouring character in two, the
character is put back from its bytes.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from normalize.readings import load_readings
from normalize.straddle import LOST, READING, Straddles
from normalize.trace import Edit, apply_edits

_MARK = re.compile(
    rf"(?P<han>[㐀-鿿])[(（](?P<own>{READING})[)）]|\?(?:(?P<cut>{READING})\)|(?=[，！？。、!?]))"
)
_TONED = re.compile("[āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜ]")
_FULL_WIDTH = re.compile("[，；：！？（）]")

_LEAST_ANNOTATIONS = 2
_LEAST_SHARE = 0.7
_MOST_STRANGE = 0.1
_MOST_UNCHANGED = 0.3


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
    matches = list(_MARK.finditer(text)) if _may_be_annotated(text) else []
    table = _read_table(text, matches)
    if table is None:
        return Repaired(text, (), 1.0, (), 0)
    edits, lost = _plan(text, matches, table)
    kinds = tuple(dict.fromkeys(edit.kind for edit in edits))
    confidence = min((edit.confidence for edit in edits), default=1.0)
    return Repaired(apply_edits(text, edits), edits, confidence, kinds, lost)


def _may_be_annotated(text: str) -> bool:
    """Look for one annotation; almost all clean texts stop here."""
    return _MARK.search(text) is not None


@lru_cache(maxsize=8192)
def _judge(character: str, reading: str) -> str:
    """Call an annotation `changed`, `unchanged` or `strange` by its character and reading."""
    readings = load_readings()
    if not readings.is_reading(character, reading):
        return "strange"
    return "changed" if readings.is_traditional(character) else "unchanged"


def _read_table(text: str, matches: list[re.Match[str]]) -> dict[str, str] | None:
    """Read the site's table off a text, None when the text is not damaged this way."""
    counts: Counter[str] = Counter()
    table: dict[str, Counter[str]] = {}
    for match in matches:
        character, reading, cut = match.group("han", "own", "cut")
        if character is None:
            counts["cut"] += bool(cut and _TONED.search(cut))
            continue
        verdict = _judge(character, reading)
        counts[verdict] += 1
        if verdict == "changed":
            table.setdefault(character, Counter())[reading] += 1
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
    return {character: seen.most_common(1)[0][0] for character, seen in table.items()}


def _plan(
    text: str, matches: list[re.Match[str]], table: dict[str, str]
) -> tuple[tuple[Edit, ...], int]:
    straddles: Straddles | None = None
    edits: list[Edit] = []
    cursor, lost, before = 0, 0, ""
    for match in matches:
        start = match.start()
        if start < cursor:
            continue
        before = (before + text[cursor:start])[-1000:].rpartition("\n")[2]
        cursor = start
        character, reading = match.group("han", "own")
        if character is not None:
            if _judge(character, reading) == "strange" and not _TONED.search(reading):
                continue
            at, cursor = match.end("han"), match.end()
            before += character
            edits.append(Edit(at, cursor, text[at:cursor], "", "pinyin_annotation"))
            continue
        if straddles is None:
            straddles = Straddles(table, folded=_FULL_WIDTH.search(text) is None)
        spot = straddles.read(text, start, before)
        if spot is None:
            lost += 1
            continue
        old = text[start : spot.end]
        if spot.text != old:
            edits.append(Edit(start, spot.end, old, spot.text, "straddle", spot.confidence))
        lost += LOST in spot.text
        before, cursor = before + spot.text, spot.end
    return tuple(edits), lost
