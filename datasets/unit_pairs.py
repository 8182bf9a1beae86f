"""Rows that are the same in two lists, told by their hashes, and the rows that are left."""

from collections.abc import Sequence

import numpy as np

from datasets.unit_lists import Hashes, Rows


def pair_equal(hashes_a: Hashes, hashes_b: Hashes) -> tuple[Rows, Rows]:
    """Pair rows of equal hash one to one, the first with the first; gives their numbers.

    >>> pair_equal(np.array([7, 5, 7], np.uint64), np.array([9, 7], np.uint64))
    (array([0]), array([1]))
    """
    keys_a, rows_a = _rank_equal(hashes_a)
    keys_b, rows_b = _rank_equal(hashes_b)
    if not len(keys_a) or not len(keys_b):
        return rows_a[:0], rows_b[:0]
    places = np.minimum(np.searchsorted(keys_b, keys_a), len(keys_b) - 1)
    same = keys_b[places] == keys_a
    return rows_a[same], rows_b[places[same]]


def _rank_equal(hashes: Hashes) -> tuple[Hashes, Rows]:
    """Sorted keys, unlike for the first, second, ... row of one hash, and the rows they are of."""
    rows = sort_rows(hashes)
    ordered = hashes[rows]
    starts = np.ones(len(ordered), bool)
    starts[1:] = ordered[1:] != ordered[:-1]
    if starts.all():
        return ordered, rows
    first = np.flatnonzero(starts)
    rank = np.arange(len(ordered)) - first[np.cumsum(starts) - 1]
    # An odd constant spreads the ranks over all 64 bits; overflow is meant.
    keys = ordered + rank.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    again = np.argsort(keys)
    return keys[again], rows[again]


def sort_rows(hashes: Hashes) -> Rows:
    """Give the numbers of the rows in the order of their hashes, equal ones as they stand.

    >>> sort_rows(np.array([7 << 60, 5 << 60, 7 << 60], np.uint64))
    array([1, 0, 2])
    """
    # numpy sorts words several times as fast as it sorts their numbers: so each row's number goes
    # into the low bits of its hash. What is left of the hashes tells nearly all of them apart.
    low = np.uint64((1 << len(hashes).bit_length()) - 1)
    words = (hashes & ~low) | np.arange(len(hashes), dtype=np.uint64)
    words.sort()
    rows = (words & low).astype(np.int64)
    ordered = hashes[rows]
    if (ordered[1:] < ordered[:-1]).any():
        return np.argsort(hashes, kind="stable")
    return rows


def leave_out(number: int, taken: Sequence[int] | Rows) -> Rows:
    """Give the numbers below `number` that are not taken.

    >>> leave_out(4, [1, 2])
    array([0, 3])
    """
    left = np.ones(number, bool)
    left[np.asarray(taken, dtype=np.int64)] = False
    return np.flatnonzero(left)
