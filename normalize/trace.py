"""Edits that turn printed text into clean text."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement in the text it was made on."""

    start: int
    """Start in the text before the edit."""
    end: int
    """End in the text before the edit."""
    new: str
    """What stands there afterwards."""
    kind: str
    """What was mended. Example: `pinyin_annotation`"""
    confidence: float = 1.0
    """How sure the rule is, 0 to 1."""


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """Apply edits that do not overlap and stand in text order.

    >>> apply_edits("社區(qū)治理", [Edit(2, 6, "", "pinyin_annotation")])
    '社區治理'
    """
    pieces = []
    cursor = 0
    for edit in edits:
        pieces += [text[cursor : edit.start], edit.new]
        cursor = edit.end
    return "".join([*pieces, text[cursor:]])
