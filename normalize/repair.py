"""Repair of damaged text: bracket annotations, and bytes read with the wrong encoding."""

from collections.abc import Sequence
from dataclasses import dataclass

from normalize.annotations import find_annotations
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

    Takes the text of a whole page, because damage shows on the page and not on a line. What was
    lost for good is marked with □ and never guessed. Never raises; time is linear in the text.

    >>> repair("城鄉(xiāng)社區(qū)治理").text
    '城鄉社區治理'
    >>> repair("社區(qū)建設(shè),資陽日?qǐng)?bào)訊").text
    '社區建設,資陽日報訊'
    """
    removal = find_annotations(text)
    return _repaired(text, removal.edits, removal.lost)


def _repaired(text: str, edits: Sequence[Edit], lost: int) -> Repaired:
    kinds = tuple(dict.fromkeys(edit.kind for edit in edits))
    confidence = min((edit.confidence for edit in edits), default=1.0)
    return Repaired(
        apply_edits(text, edits) if edits else text, tuple(edits), confidence, kinds, lost
    )
