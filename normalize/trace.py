"""Edits that turn printed text into clean text, and the way between positions in both."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, groupby
from operator import add, sub
from typing import Any, NamedTuple

from normalize.errors import GongshiError
from normalize.offsets import Span, Step, find_met, find_places, shrink_back, spread

_SURROGATE = re.compile("[\ud800-\udfff]")


class TraceError(GongshiError, ValueError):
    """Edits do not fit the text, or a stored trace cannot be read.

    >>> isinstance(TraceError("edit 2 does not fit"), ValueError)
    True
    """


class Edit(NamedTuple):
    """One replacement in the text it was made on."""

    start: int
    """Start in the text before the edit, in code points."""
    end: int
    """End in the text before the edit."""
    old: str
    """What stood there."""
    new: str
    """What stands there afterwards."""
    kind: str
    """What was mended. Example: `pinyin_annotation`"""
    confidence: float = 1.0
    """How sure the rule is, 0 to 1."""


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """Apply edits that do not overlap and stand in text order.

    Raises TraceError when the text does not have the old characters of an edit at its place, or
    when an edit starts before the one before it ends.

    >>> apply_edits("社區(qū)治理", [Edit(2, 6, "(qū)", "", "pinyin_annotation")])
    '社區治理'
    """
    pieces = []
    cursor = 0
    for number, (start, end, old, new, kind, _) in enumerate(edits):
        if start < cursor or end - start != len(old) or not text.startswith(old, start):
            found = text[max(start, 0) : max(end, 0)]
            raise TraceError(
                f"edit {number} ({kind}, {start} to {end}) does not fit: it replaces {old!r}, the "
                f"text has {found!r}; give edits in text order with the text they were made on"
            )
        pieces += [text[cursor:start], new]
        cursor = end
    return "".join([*pieces, text[cursor:]])


@dataclass(frozen=True)
class Trace:
    """All edits of a text, step by step, each step on the text the one before it gave.

    Building the lookup takes time in the number of edits and is done once, at the first question;
    a span then takes logarithmic time.

    >>> trace = Trace().then([Edit(2, 6, "(qū)", "", "pinyin_annotation")])
    >>> trace = trace.then([Edit(1, 2, "區", "区", "script")])
    >>> trace.apply("社區(qū)治理"), trace.to_printed(0, 4), trace.to_clean(2, 6)
    ('社区治理', (0, 8), (2, 2))
    """

    steps: tuple[tuple[Edit, ...], ...] = ()
    """The edits of each step, in text order."""

    @cached_property
    def _places(self) -> tuple[Step, ...]:
        return tuple(map(_find_places, self.steps))

    def apply(self, printed: str) -> str:
        """Turn the printed text into the clean one; raises TraceError when it is another text.

        >>> Trace(((Edit(0, 1, "區", "区", "script"),),)).apply("區域")
        '区域'
        """
        for edits in self.steps:
            printed = apply_edits(printed, edits)
        return printed

    def then(self, edits: Iterable[Edit]) -> "Trace":
        """Add a step: edits made on the clean text. A step without edits is left out.

        >>> len(Trace().then([]).steps)
        0
        """
        step = tuple(edits)
        return Trace((*self.steps, step)) if step else self

    def compose(self, later: "Trace") -> "Trace":
        """Add all steps of a trace that starts from this one's clean text.

        >>> width = Trace(((Edit(0, 1, "Ａ", "A", "width"),),))
        >>> width.compose(Trace(((Edit(0, 1, "A", "a", "case"),),))).apply("Ａ")
        'a'
        """
        return Trace(self.steps + later.steps)

    def to_printed(self, start: int, end: int) -> Span:
        """Give the smallest span of the printed text that a span of the clean text came from.

        Characters of a replaced run of equal length are told apart, because script and width
        change one for one; a piece of any other replacement stands for all of it. Deleted text
        at the edges is left out, but an empty span gives the text deleted at its place, and text
        that was put in has an empty span. Raises TraceError for a span that ends before it starts.

        >>> Trace(((Edit(1, 5, "(qū)", "", "pinyin_annotation"),),)).to_printed(0, 1)
        (0, 1)
        """
        return self.to_printed_spans([(start, end)])[0]

    def to_printed_spans(self, spans: Iterable[Span]) -> list[Span]:
        """Map many spans as `to_printed` does, at a fraction of the time per span.

        >>> Trace(((Edit(0, 0, "", "第", "lost"),),)).to_printed_spans([(0, 1), (0, 2), (1, 3)])
        [(0, 0), (0, 1), (0, 2)]
        """
        mapped = _check_spans(spans)
        for step in reversed(self._places):
            mapped = shrink_back(step, mapped)
        return mapped

    def to_clean(self, start: int, end: int) -> Span:
        """Give the span of the clean text that holds all that came of a span of the printed text.

        Deleted text gives an empty span at its place; text put in at an edge belongs to the span,
        so that `to_clean(*to_printed(...))` always covers what was given. Raises TraceError for a
        span that ends before it starts.

        >>> Trace(((Edit(1, 5, "(qū)", "", "pinyin_annotation"),),)).to_clean(2, 4)
        (1, 1)
        """
        return self.to_clean_spans([(start, end)])[0]

    def to_clean_spans(self, spans: Iterable[Span]) -> list[Span]:
        """Map many spans as `to_clean` does.

        >>> Trace(((Edit(1, 5, "(qū)", "", "pinyin_annotation"),),)).to_clean_spans([(0, 6)])
        [(0, 2)]
        """
        mapped = _check_spans(spans)
        for before, after in self._places:
            mapped = [spread(before, after, span) for span in mapped]
        return mapped

    def edits_within(self, start: int, end: int) -> tuple[Edit, ...]:
        """Give the edits of all steps that had a part in a span of the clean text, in their order.

        Text deleted at the edges counts, because an annotation stands beside what it annotates.
        Positions in the edits are those of their own step. Raises TraceError as `to_printed`.

        >>> edit = Edit(1, 5, "(qū)", "", "pinyin_annotation", 0.9)
        >>> Trace(((edit,),)).edits_within(0, 1) == (edit,)
        True
        """
        ((start, end),) = _check_spans([(start, end)])
        found: list[tuple[Edit, ...]] = []
        for edits, (before, after) in zip(self.steps[::-1], self._places[::-1], strict=True):
            low, high = find_met(after, start, end)
            found.append(edits[low:high])
            start, end = spread(after, before, (start, end))
        return tuple(edit for edits in found[::-1] for edit in edits)

    def confidence(self, start: int, end: int) -> float:
        """Give the confidence of the least sure edit that had a part in a span of the clean text.

        >>> Trace(((Edit(1, 2, "?", "報", "bytes_lost", 0.7),),)).confidence(0, 2)
        0.7
        """
        return min((edit.confidence for edit in self.edits_within(start, end)), default=1.0)

    def slice(self, start: int, end: int) -> "Trace":
        """Cut out the trace of a piece of the printed text, such as one line of a page.

        Takes a span of the printed text. Applied to that piece, the result gives the piece
        `to_clean(start, end)` of the clean text; text put in at an edge belongs to it. Raises
        TraceError when the edge cuts a replacement whose characters cannot be told apart.

        >>> page = Trace(((Edit(0, 1, "鄉", "乡", "script"), Edit(3, 4, "區", "区", "script")),))
        >>> page.slice(2, 4).apply("社區")
        '社区'
        """
        ((start, end),) = _check_spans([(start, end)])
        cut = Trace()
        for edits, (before, after) in zip(self.steps, self._places, strict=True):
            low, high = find_met(before, start, end)
            cut = cut.then(_cut_edit(edit, start, end) for edit in edits[low:high])
            start, end = spread(before, after, (start, end))
        return cut

    def to_json(self) -> str:
        """Write the trace as one compact line of JSON that UTF-8 can hold.

        >>> Trace(((Edit(2, 6, "(qū)", "", "pinyin", 0.9),),)).to_json()
        '[[[2],[4],[0],"(qū)","",[["pinyin",0.9,1]]]]'
        """
        return json.dumps(
            [_pack_step(edits) for edits in self.steps], ensure_ascii=False, separators=(",", ":")
        )

    @classmethod
    def from_json(cls, stored: str) -> "Trace":
        """Read what `to_json` wrote; raises TraceError for anything else.

        >>> Trace.from_json(Trace(((Edit(0, 1, "區", "区", "script"),),)).to_json()).apply("區")
        '区'
        """
        try:
            return cls(tuple(map(_unpack_step, json.loads(stored))))
        except (ValueError, TypeError, OverflowError, RecursionError) as problem:
            raise TraceError(
                f"{stored[:40]!r} is no stored trace ({problem}): give what to_json wrote"
            ) from None


def _check_spans(spans: Iterable[Span]) -> list[Span]:
    checked = list(spans)
    for start, end in checked:
        if not 0 <= start <= end:
            raise TraceError(f"{start} to {end} is no span: give 0 <= start <= end")
    return checked


def _find_places(edits: tuple[Edit, ...]) -> Step:
    try:
        starts, ends = [edit[0] for edit in edits], [edit[1] for edit in edits]
        return find_places(starts, ends, [len(edit[3]) for edit in edits])
    except ValueError as problem:
        raise TraceError(f"{problem}: give edits in text order") from None


def _cut_edit(edit: Edit, start: int, end: int) -> Edit:
    """Cut an edit to a span of the text before it and count positions from the span's start."""
    skipped, surplus = max(0, start - edit.start), max(0, edit.end - end)
    old, new = edit.old, edit.new
    if skipped or surplus:
        if len(old) != len(new):
            raise TraceError(
                f"{start} to {end} cuts through {old!r} -> {new!r}: cut at the end of a line"
            )
        old, new = old[skipped : len(old) - surplus], new[skipped : len(new) - surplus]
    place = edit.start + skipped - start
    return Edit(place, place + len(old), old, new, edit.kind, edit.confidence)


def _pack_step(edits: tuple[Edit, ...]) -> list[Any]:
    """Pack a step into gaps, lengths, the joined texts, and runs of kind and confidence."""
    ends = [0, *(edit.end for edit in edits)]
    gaps = [edit.start - end for edit, end in zip(edits, ends[:-1], strict=True)]
    olds, news = [len(edit.old) for edit in edits], [len(edit.new) for edit in edits]
    marks = groupby(edits, key=lambda edit: (edit.kind, edit.confidence))
    runs = [[_pack_text(kind), sure, sum(1 for _ in run)] for (kind, sure), run in marks]
    old, new = "".join(edit.old for edit in edits), "".join(edit.new for edit in edits)
    return [gaps, olds, news, _pack_text(old), _pack_text(new), runs]


def _pack_text(text: str) -> str | list[int]:
    """Give code points for a text with lone surrogates, which no file in UTF-8 can hold."""
    return [ord(char) for char in text] if _SURROGATE.search(text) else text


def _unpack_text(packed: Any) -> str:
    return packed if isinstance(packed, str) else "".join(map(chr, packed))


def _unpack_step(packed: Any) -> tuple[Edit, ...]:
    """Unpack a step; raises ValueError, TypeError or OverflowError when its parts disagree."""
    gaps, olds, news, packed_old, packed_new, runs = packed
    old, new = _unpack_text(packed_old), _unpack_text(packed_new)
    sizes = [size for _, _, size in runs]
    numbers = [*gaps, *olds, *news, *sizes]
    if set(map(type, numbers)) - {int} or min(numbers, default=0) < 0:
        raise ValueError("a length is no whole number")
    if (sum(olds), sum(news)) != (len(old), len(new)):
        raise ValueError("lengths disagree with the text")
    if {len(olds), len(news), sum(sizes)} != {len(gaps)}:
        raise ValueError("lengths disagree")
    if not all(0 <= sure <= 1 for _, sure, _ in runs):
        raise ValueError("a confidence is not within 0 and 1")
    kinds = [kind for packed, _, size in runs for kind in [_unpack_text(packed)] * size]
    sures = [float(sure) for _, sure, size in runs for _ in range(size)]
    ends = list(map(add, accumulate(gaps), accumulate(olds)))
    columns = (map(sub, ends, olds), ends, _cut(old, olds), _cut(new, news), kinds, sures)
    return tuple(map(Edit, *columns))


def _cut(text: str, lengths: list[int]) -> list[str]:
    return [
        text[end - length : end] for end, length in zip(accumulate(lengths), lengths, strict=True)
    ]
