"""Maps positions across one round of replacements, there and back."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, islice
from operator import add, gt, sub
from typing import NamedTuple

Span = tuple[int, int]
"""Start and end of a piece of text, in code points; the end is not part of it."""


class Places(NamedTuple):
    """Where replacements stand in one text."""

    starts: list[int]
    """Their starts, in text order."""
    ends: list[int]
    """Their ends."""


class Step(NamedTuple):
    """Where the same replacements stand in the text before them and in the text after them."""

    before: Places
    """Places of what is replaced."""
    after: Places
    """Places of what stands there instead."""


def find_places(starts: list[int], ends: list[int], new_lengths: Iterable[int]) -> Step:
    """List where replacements stand before and after, from their places and new lengths.

    Raises ValueError when they overlap or are out of order.

    >>> find_places([2], [6], [0]).after
    Places(starts=[2], ends=[2])
    """
    if any(map(gt, starts, ends)) or any(map(gt, ends, islice(starts, 1, None))):
        raise ValueError("edits overlap or are out of order")
    growth = map(sub, new_lengths, map(sub, ends, starts))
    shifts = list(accumulate(growth, initial=0))
    new_starts = list(map(add, starts, shifts))
    new_ends = list(map(add, ends, islice(shifts, 1, None)))
    return Step(Places(starts, ends), Places(new_starts, new_ends))


def find_met(places: Places, start: int, end: int) -> tuple[int, int]:
    """Give the range of replacements a span meets; those without length count at its edges too.

    >>> find_met(Places([0, 2, 5], [1, 2, 6]), 1, 5)
    (1, 2)
    """
    starts, ends = places
    low = bisect_left(starts, start)
    if low and ends[low - 1] > start:
        low -= 1
    high = bisect_right(ends, end)
    if high < len(starts) and starts[high] < end:
        high += 1
    return low, high


def spread(here: Places, there: Places, span: Span) -> Span:
    """Map a span to all that belongs to it on the other side of a step.

    What has no length on this side belongs to the spans that touch it. A wider span always gives a
    span that is at least as wide, over any number of steps.

    >>> deletion = find_places([1], [5], [0])
    >>> spread(*deletion, (0, 3)), spread(*reversed(deletion), (0, 1))
    ((0, 1), (0, 5))
    """
    start, end = span
    low, high = find_met(here, start, end)
    last = high - 1
    if low < high and here.starts[low] < start:
        mapped_start = there.starts[low]
        if _keeps_length(here, there, low):
            mapped_start += start - here.starts[low]
    else:
        mapped_start = start + (there.ends[low - 1] - here.ends[low - 1] if low else 0)
    if low < high and here.ends[last] > end:
        mapped_end = there.ends[last]
        if _keeps_length(here, there, last):
            mapped_end -= here.ends[last] - end
    else:
        mapped_end = end + (there.ends[last] - here.ends[last] if high else 0)
    return mapped_start, mapped_end


def _keeps_length(here: Places, there: Places, index: int) -> bool:
    """Tell whether the characters of a replacement correspond one to one."""
    return here.ends[index] - here.starts[index] == there.ends[index] - there.starts[index]


def shrink_back(step: Step, spans: Sequence[Span]) -> list[Span]:
    """Map spans of the text after a step to the smallest ones before it that they came from.

    Start and end are looked up on their own. For an empty span where text was deleted they come
    out crossed, and put in order they are the deleted text.

    >>> shrink_back(find_places([1], [5], [0]), [(0, 1), (1, 2), (0, 2), (1, 1)])
    [(0, 1), (5, 6), (0, 6), (1, 5)]
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
