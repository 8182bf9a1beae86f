"""What changed in a text, inline and short: `第[-三-]{+二+}批`."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

LIMIT = 400
"""Characters that are shown of all changes of a text."""

_CONTEXT = 10
_LARGEST_BLOCK = 4_000
"""Words of one changed passage that are compared; a larger one is told as replaced."""
_SHORTEST_BETWEEN = 2
"""Equal words between two changes that are shown as such; fewer would make it hard to read."""
_CUT = "…"
# Latin words and numbers are words; Chinese is compared by character, which needs no dictionary.
_WORD = re.compile(r"[A-Za-z]+|\d+(?:[.,:]\d+)*|\s+|.", re.DOTALL)
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class Piece(NamedTuple):
    """A passage of the old text and what stands in its place in the new one."""

    old: str
    new: str


def mark_edits(old: str, new: str, limit: int = LIMIT) -> str:
    """Show what changed between two texts: `[-gone-]`, `{+new+}`, a little around, cut to a limit.

    Empty when the texts are the same. Time grows with the texts and the square of what changed.

    >>> mark_edits("省民政厅公布第三批试点", "省民政厅公布第二批试点")
    '省民政厅公布第[-三-]{+二+}批试点'
    """
    pieces = list(_join_near(_iter_pieces(old, new)))
    shown = ""
    for number, piece in enumerate(pieces):
        if piece.old == piece.new:
            is_first, is_last = number == 0, number == len(pieces) - 1
            shown += _shorten(piece.old, is_first=is_first, is_last=is_last)
            continue
        room = max(_CONTEXT, (limit - len(shown)) // 2)
        shown += f"[-{_cut(piece.old, room)}-]" if piece.old else ""
        shown += f"{{+{_cut(piece.new, room)}+}}" if piece.new else ""
        if len(shown) >= limit and number < len(pieces) - 1:
            return shown + _CUT
    return shown if len(pieces) > 1 or old != new else ""


def _shorten(text: str, *, is_first: bool, is_last: bool) -> str:
    if is_first:
        return text if len(text) <= _CONTEXT else _CUT + text[-_CONTEXT:]
    if is_last:
        return _cut(text, _CONTEXT)
    return text if len(text) <= 2 * _CONTEXT else text[:_CONTEXT] + _CUT + text[-_CONTEXT:]


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length] + _CUT


def _iter_pieces(old: str, new: str) -> Iterator[Piece]:
    """Compare line by line, then word by word what stands in changed lines."""
    for lines in _compare(_LINE.findall(old), _LINE.findall(new)):
        if lines.old == lines.new:
            yield lines
            continue
        words = _WORD.findall(lines.old), _WORD.findall(lines.new)
        if max(map(len, words)) > _LARGEST_BLOCK:
            yield lines
        else:
            yield from _compare(*words)


def _compare(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for step in Levenshtein.opcodes(old, new):
        gone = "".join(old[step.src_start : step.src_end])
        come = "".join(new[step.dest_start : step.dest_end])
        yield Piece(gone, come)


def _join_near(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Make one change of changes with next to nothing between them."""
    held: Piece | None = None
    between = ""
    for piece in pieces:
        if held is None:
            if piece.old == piece.new:
                yield piece
            else:
                held = piece
        elif piece.old != piece.new:
            held = Piece(held.old + between + piece.old, held.new + between + piece.new)
            between = ""
        elif len(between + piece.old) < _SHORTEST_BETWEEN:
            between += piece.old
        else:
            yield held
            yield Piece(between + piece.old, between + piece.new)
            held, between = None, ""
    if held is not None:
        yield held
        if between:
            yield Piece(between, between)
