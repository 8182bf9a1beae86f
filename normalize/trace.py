"""Edits that turn printed text into clean text, and the way between positions in both."""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, groupby, islice
from operator import gt
from typing import Any, NamedTuple

from normalize.errors import GongshiError

Span = tuple[int, int]
"""Start and end of a piece of text, in code points; the end is not part of it."""


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


class _Places(NamedTuple):
    """Where the edits of one step stand in the text on one side of it."""

    starts: list[int]
    ends: list[int]


class _Step(NamedTuple):
    """The places of one step's edits in the text before it and in the text after it."""

    before: _Places
    after: _Places


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
    def _places(self) -> tuple[_Step, ...]:
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
            mapped = _shrink_back(step, mapped)
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
            mapped = [_spread(before, after, start, end) for start, end in mapped]
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
            low, high = _find_met(after, start, end)
            found.append(edits[low:high])
            start, end = _spread(after, before, start, end)
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
            low, high = _find_met(before, start, end)
            cut = cut.then(_cut_edit(edit, start, end) for edit in edits[low:high])
            start, end = _spread(before, after, start, end)
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
            return cls(tuple(_unpack_step(*packed) for packed in json.loads(stored)))
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


def _find_places(edits: tuple[Edit, ...]) -> _Step:
    """List where edits stand before and after their step; raises TraceError for a wrong order."""
    starts, ends = [edit[0] for edit in edits], [edit[1] for edit in edits]
    longer = [len(edit[3]) - edit[1] + edit[0] for edit in edits]
    if any(map(gt, starts, ends)) or any(map(gt, ends, islice(starts, 1, None))):
        raise TraceError("edits overlap or are out of order: give them in text order")
    shifts = list(accumulate(longer, initial=0))
    new_starts = [start + shift for start, shift in zip(starts, shifts[:-1], strict=True)]
    new_ends = [end + shift for end, shift in zip(ends, shifts[1:], strict=True)]
    return _Step(_Places(starts, ends), _Places(new_starts, new_ends))


def _shrink_back(step: _Step, spans: list[Span]) -> list[Span]:
    """Map spans after a step to the smallest ones before it.

    Start and end are looked up on their own. For an empty span where text was deleted they come
    out crossed, and put in order they are the deleted text.
    """
    (old_starts, old_ends), (new_starts, new_ends) = step
    count, mapped = len(new_starts), []
    for start, end in spans:
        first = bisect_right(new_starts, start) - 1
        if first < 0:
            low = start
        elif start >= new_ends[first]:
            low = start + old_ends[first] - new_ends[first]
        else:
            low = old_starts[first]
            if old_ends[first] - low == new_ends[first] - new_starts[first]:
                low += start - new_starts[first]
        last = bisect_left(new_ends, end)
        if last == count or new_starts[last] >= end:
            high = end + (old_ends[last - 1] - new_ends[last - 1] if last else 0)
        else:
            high = old_ends[last]
            if high - old_starts[last] == new_ends[last] - new_starts[last]:
                high += end - new_ends[last]
        mapped.append((low, high) if low <= high else (high, low))
    return mapped


def _find_met(places: _Places, start: int, end: int) -> tuple[int, int]:
    """Give the range of edits a span meets; those without length count at its edges too."""
    starts, ends = places
    low = bisect_left(starts, start)
    if low and ends[low - 1] > start:
        low -= 1
    high = bisect_right(ends, end)
    if high < len(starts) and starts[high] < end:
        high += 1
    return low, high


def _spread(here: _Places, there: _Places, start: int, end: int) -> Span:
    """Map a span from one side of a step to all that belongs to it on the other side.

    A wider span always gives a span that is at least as wide: on that rests that `to_clean` covers
    what `to_printed` was given, over any number of steps.
    """
    low, high = _find_met(here, start, end)
    if low < high and here.starts[low] < start:
        mapped_start = there.starts[low] + (start - here.starts[low]) * _is_even(here, there, low)
    else:
        mapped_start = start + (there.ends[low - 1] - here.ends[low - 1] if low else 0)
    last = high - 1
    if low < high and here.ends[last] > end:
        mapped_end = there.ends[last] - (here.ends[last] - end) * _is_even(here, there, last)
    else:
        mapped_end = end + (there.ends[last] - here.ends[last] if high else 0)
    return mapped_start, mapped_end


def _is_even(here: _Places, there: _Places, index: int) -> bool:
    """Tell whether an edit keeps the length, so that its characters correspond one to one."""
    return here.ends[index] - here.starts[index] == there.ends[index] - there.starts[index]


def _cut_edit(edit: Edit, start: int, end: int) -> Edit:
    """Cut an edit to a span of the text before it, and count its positions from the span's start."""
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
    return [ord(char) for char in text] if any("\ud800" <= c <= "\udfff" for c in text) else text


def _unpack_text(packed: Any) -> str:
    return packed if isinstance(packed, str) else "".join(map(chr, packed))


def _unpack_step(*packed: Any) -> tuple[Edit, ...]:
    """Unpack a step; raises ValueError, TypeError or OverflowError when its parts disagree."""
    gaps, olds, news, old, new, runs = packed
    old, new = _unpack_text(old), _unpack_text(new)
    marks = [(_unpack_text(kind), float(sure)) for kind, sure, size in runs for _ in range(size)]
    if sum(olds) != len(old) or sum(news) != len(new) or min([0, *gaps, *olds, *news]) < 0:
        raise ValueError("lengths disagree")
    edits, position, old_at, new_at = [], 0, 0, 0
    for gap, olds_, news_, (kind, sure) in zip(gaps, olds, news, marks, strict=True):
        start, position = position + gap, position + gap + olds_
        texts = old[old_at : old_at + olds_], new[new_at : new_at + news_]
        edits.append(Edit(start, position, *texts, kind, sure))
        old_at, new_at = old_at + olds_, new_at + news_
    return tuple(edits)
