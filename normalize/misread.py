"""What is said of a span of text that was decoded with the wrong codec."""

from typing import Literal, NamedTuple

LOST = "□"
"""Stands where the bytes of a character are gone."""

Misread = Literal["utf8_as_latin1", "gbk_as_latin1", "utf8_as_gbk", "bytes_lost"]


class Guess(NamedTuple):
    """A reading of a span that seems misread."""

    start: int
    """Start in the text."""
    end: int
    """End in the text."""
    new: str
    """What the text was, with □ for each character that lost bytes."""
    kind: Misread
    """How it was misread."""
    worth: float
    """Evidence in decimal orders of magnitude: how much likelier the reading is than the text."""
    sure: bool
    """Whether the span needs no evidence from the rest of the text."""
