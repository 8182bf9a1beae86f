"""Repair of damaged text: bracket annotations, and bytes read with the wrong encoding."""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

from normalize.annotations import find_annotations
from normalize.misread import LOST
from normalize.mojibake import find_mojibake
from normalize.trace import Edit, apply_edits


@dataclass(frozen=True, slots=True)
class Repaired:
    """A repaired text and what was done to it."""

    text: str
    """The text after the edits, in the script it is printed in."""
    edits: tuple[Edit, ...]
    """The edits, in text order, on the text that was given."""
    confidence: float
    """The lowest confidence of the edits, 1.0 without any."""
    kinds: tuple[str, ...]
    """Kinds of damage found. Example: `pinyin_annotation`"""
    lost: int
    """Damaged places that were left as they are or hold a character that is gone."""


def repair(text: str) -> Repaired:
    """Make damaged text whole as far as its bytes can be told; clean text stays as it is.

    Takes the text of a whole page, because damage shows on the page and not on a line. Line breaks
    stay. What was lost for good is marked with □ and never guessed. Never raises; time is linear
    in the text.

    >>> repair("城鄉(xiāng)社區(qū)治理").text
    '城鄉社區治理'
    >>> repair("社區(qū)建設(shè),資陽日?qǐng)?bào)訊").text
    '社區建設,資陽日報訊'
    >>> repair("地点：³É¶¼ÊÐ").text
    '地点：成都市'
    """
    removal = find_annotations(text)
    misread = find_mojibake(text)
    if not removal.edits and not misread:
        return Repaired(text, (), 1.0, (), removal.lost)
    mended, lost, edits = removal.text, removal.lost, removal.edits
    if misread:
        edits = tuple(_merge(edits, misread))
        mended = apply_edits(text, edits)
        lost += sum(LOST in edit.new for edit in edits if edit.kind != "straddle")
    return Repaired(
        text=mended,
        edits=edits,
        confidence=min(map(itemgetter(5), edits)),
        kinds=tuple(dict.fromkeys(map(itemgetter(4), edits))),
        lost=lost,
    )


def _merge(first: Iterable[Edit], second: Iterable[Edit]) -> list[Edit]:
    """Put edits in order; of two that overlap the earlier one stays."""
    merged: list[Edit] = []
    for edit in sorted((*first, *second)):
        if not merged or edit.start >= merged[-1].end:
            merged.append(edit)
    return merged
