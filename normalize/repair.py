"""Undo the bracket corruption: Traditional text with pinyin in brackets, as in 社區(qū).

Pages are damaged when characters of a site's table get their reading appended in brackets. The
annotations that stand whole are removed here; places where the annotation destroyed a
neighbouring character are counted and left as they are, never guessed.
"""

import re
from dataclasses import dataclass

from normalize.script import is_traditional
from normalize.trace import Edit, apply_edits

_TONED = "āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜüɑ"
_READING = f"[a-z{_TONED}]{{1,7}}"
_ANNOTATED = re.compile(rf"([一-龥])\(({_READING})\)")
_DAMAGED = re.compile(rf"\?{_READING}\)")
_TONE = re.compile(f"[{_TONED}]")
_SYLLABLE = re.compile(
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?[aeiouv]{1,3}(?:ng|n|r)?|[mn]g?", re.IGNORECASE
)
_PLAIN = str.maketrans("āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜüɑ", "aaaaooooeeeeiiiiuuuuvvvvva")

_LEAST_ANNOTATIONS = 2
_LEAST_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class Repaired:
    """A repaired text and what was done to it."""

    text: str
    """The text after the edits."""
    edits: tuple[Edit, ...]
    """The edits, in text order, on the text that was given."""
    kinds: tuple[str, ...]
    """Kinds of damage found. Example: `pinyin_annotation`"""
    lost: int
    """Damaged places that were left as they are."""


def repair(text: str) -> Repaired:
    """Remove pinyin annotations from a text whose characters carry them throughout.

    A text passes the gate when at least two Traditional characters carry a syllable in brackets
    and at least 70 % of all occurrences of those characters do, so that a textbook that glosses a
    word here and there stays as it is.

    >>> repair("城鄉(xiāng)社區(qū)治理").text
    '城鄉社區治理'
    >>> repair("生字:鄉(xiāng)。他回鄉下,又回鄉下。").text
    '生字:鄉(xiāng)。他回鄉下,又回鄉下。'
    """
    matches = [m for m in _ANNOTATED.finditer(text) if _is_annotation(m)]
    annotated = {m.group(1) for m in matches}
    occurrences = sum(text.count(character) for character in annotated)
    if len(matches) < _LEAST_ANNOTATIONS or len(matches) < _LEAST_SHARE * occurrences:
        return Repaired(text, (), (), 0)
    edits = tuple(Edit(m.end(1), m.end(), "", "pinyin_annotation") for m in matches)
    lost = sum(1 for m in _DAMAGED.finditer(text) if _TONE.search(m.group()))
    kinds = ("pinyin_annotation", *(("bytes_lost",) if lost else ()))
    return Repaired(apply_edits(text, edits), edits, kinds, lost)


def _is_annotation(match: re.Match[str]) -> bool:
    plain = match.group(2).translate(_PLAIN)
    return is_traditional(match.group(1)) and _SYLLABLE.fullmatch(plain) is not None
