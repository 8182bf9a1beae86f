"""Comparators: what the words before a number and behind its unit say of its bounds."""

import re
from dataclasses import dataclass

from extract.figure_lexicon import Lexicon, Unit
from extract.figure_numbers import Amount

_FILLERS = "了到达为有 "
_PAST = ("来", "间", "内", "，", "里")
_SPANS = frozenset(("duration", "length", "area", "money", "weight", "multiple", "age", "percent"))
_SHARE = re.compile(r"(约|将近|接近|近)占[^,，。;:!?\d]{1,14}的?$")
_LONGEST_SHARE = 20
_BARE_ONLY = frozenset(("过", "上"))


@dataclass(frozen=True, slots=True)
class Mark:
    """A comparator and the word that gave it."""

    comparator: str
    """One of the signs of Figure.comparator."""
    word: str
    """Word as printed, folded."""
    end: int
    """End of the word."""


def find_mark_before(
    text: str, start: int, amount: Amount, unit: Unit | None, lexicon: Lexicon
) -> Mark | None:
    """Give the comparator in front of a number: 超过, 不低于, 近.

    >>> from decimal import Decimal
    >>> from extract.figure_lexicon import load_lexicon
    >>> find_mark_before("超过了5个", 3, Amount(Decimal(5)), None, load_lexicon()).word
    '超过'
    """
    end = start
    while end and start - end < 3:
        word = lexicon.before_words.match_before(text, end)
        if word and _is_mark(text, end - len(word), word, amount, lexicon):
            if word in ("近", "满") and not _fits(text, end - len(word), word, start, unit):
                return None
            return Mark(lexicon.before[word], word, end)
        if text[end - 1] not in _FILLERS:
            break
        end -= 1
    return _find_share(text, start, unit)


def _find_share(text: str, start: int, unit: Unit | None) -> Mark | None:
    """Give the comparator in front of what a share is taken of: 约占居民的三成."""
    if unit is None or unit.kind != "percent":
        return None
    share = _SHARE.search(text, max(0, start - _LONGEST_SHARE), start)
    return Mark("~", share.group(1), share.end(1)) if share else None


def find_mark_after(text: str, end: int, unit: Unit | None, lexicon: Lexicon) -> Mark | None:
    """Give the comparator behind a unit: 以上, 左右, 多.

    >>> from extract.figure_lexicon import load_lexicon
    >>> find_mark_after("5个以上", 2, None, load_lexicon()).comparator
    '>='
    """
    word = lexicon.after_words.match_at(text, end)
    if not word:
        return None
    tail = end + len(word)
    if len(word) == 1:
        spans = unit is not None and unit.kind in _SPANS
        if not spans or text[tail : tail + 1] in tuple("元样种方数级个年名"):
            return None
    return Mark(lexicon.after[word], word, tail)


def _is_mark(text: str, start: int, word: str, amount: Amount, lexicon: Lexicon) -> bool:
    if word in _BARE_ONLY and not amount.bare:
        return False
    return not start or text[start - 1] not in lexicon.not_after.get(word, ())


def _fits(text: str, start: int, word: str, number: int, unit: Unit | None) -> bool:
    """Tell whether 满 and 近 compare: 满 with measures only, 近三年来 is a time."""
    if word == "满":
        return unit is not None and unit.kind in _SPANS
    if unit is None or unit.kind != "duration":
        return True
    tail = text.find(unit.raw, number) + len(unit.raw)
    heads = not start or text[start - 1] in "，。;:!?\n 、在"
    return not (text[tail : tail + 1] in ("来", "间") or (heads and text[tail : tail + 1] in _PAST))
