"""The body of a document: one text, and the blocks it was joined from with their spans."""

from collections.abc import Iterable
from dataclasses import dataclass

from extract.lines import Line


@dataclass(frozen=True, slots=True)
class Block:
    """One line of the body with its place in the text."""

    line: Line
    """The line with its markup."""
    start: int
    """Start in `Body.text`."""
    end: int
    """End in `Body.text`."""

    @property
    def text(self) -> str:
        """Clean text of the block."""
        return self.line.text


@dataclass(frozen=True, slots=True)
class Body:
    """Text of a document and its blocks."""

    text: str
    """Clean text, one line per block."""
    printed: str
    """The same lines as printed."""
    blocks: tuple[Block, ...]
    """The blocks, in text order."""


def join_lines(lines: Iterable[Line]) -> Body:
    """Join lines into one text and note where each stands.

    >>> from extract.lines import read_text_lines
    >>> body = join_lines(read_text_lines("一、街道\\n潼川镇").lines)
    >>> body.text[body.blocks[1].start : body.blocks[1].end]
    '潼川镇'
    """
    kept = tuple(lines)
    blocks = []
    offset = 0
    for line in kept:
        blocks.append(Block(line, offset, offset + len(line.text)))
        offset += len(line.text) + 1
    return Body(
        text="\n".join(line.text for line in kept),
        printed="\n".join(line.printed for line in kept),
        blocks=tuple(blocks),
    )
