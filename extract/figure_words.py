"""The noun a figure counts, found with word segmentation and parts of speech."""

import re
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module

from extract.segmentation import load_segmenter

_NOUN = re.compile(r"n|vn|an|l|j|eng")
_MODIFIER = re.compile(r"n|vn|an|l|j|eng|a|b|x|f")
_LONGEST = 40


def find_noun_by_words(
    folded: str, clause: tuple[int, int], figure: tuple[int, int]
) -> tuple[int, int] | None:
    """Give the span of the noun phrase behind a figure in its clause, or else in front of it.

    Slower by far than the rules of `figure_nouns`: jieba tags every word of the clause.

    >>> find_noun_by_words("救治10名患儿", (0, 7), (2, 5))
    (5, 7)
    """
    first, last = max(clause[0], figure[0] - _LONGEST), min(clause[1], figure[1] + _LONGEST)
    return _first_phrase(folded, figure[1], last) or _last_phrase(folded, first, figure[0])


def _first_phrase(folded: str, start: int, end: int) -> tuple[int, int] | None:
    """Give the run of nouns and what describes them, from the start of a stretch."""
    begin = stop = None
    for left, right, tag in _tag(folded, start, end):
        if begin is None and tag in ("uj", "x") and left == start and right - left == 1:
            continue
        if not _MODIFIER.match(tag) or folded[left:right].isspace():
            break
        begin = left if begin is None else begin
        stop = right if _NOUN.match(tag) else stop
    return (begin, stop) if begin is not None and stop is not None else None


def _last_phrase(folded: str, start: int, end: int) -> tuple[int, int] | None:
    """Give the last run of nouns in a stretch."""
    begin = stop = None
    for left, right, tag in _tag(folded, start, end):
        if _NOUN.match(tag) and right - left > 1:
            begin, stop = (begin if stop == left and begin is not None else left), right
    return (begin, stop) if begin is not None and stop is not None else None


def _tag(folded: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    position = start
    for word, tag in _load_tagger()(folded[start:end]):
        yield position, position + len(word), tag
        position += len(word)


@cache
def _load_tagger() -> Callable[[str], list[tuple[str, str]]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # Its models are loaded when it is imported, which takes a second.
        tagging = import_module("jieba.posseg")
    tagger = tagging.POSTokenizer(load_segmenter().tokenizer)

    def tag(text: str) -> list[tuple[str, str]]:
        return [(pair.word, pair.flag) for pair in tagger.cut(text)]

    return tag
