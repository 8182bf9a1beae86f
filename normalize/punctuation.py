"""Weighs Chinese punctuation: which marks follow each other, and which brackets need a partner."""

import re
from collections.abc import Callable

_PARTNERS = {
    "(": ")）", "（": "）)", "《": "》", "〈": "〉", "“": "”", "‘": "’", "『": "』", "「": "」",
    "【": "】", "[": "]", "［": "］", "〔": "〕",
}  # fmt: skip
_BRACKET = re.compile(r"[()（）《》〈〉“”‘’『』「」【】\[\]［］〔〕]")
_ODD = re.compile(
    "[，、；：([（《“『「【][，、。；：！？)）》”』」】]|[。！？…][，、；：…]|[！？…]。|(?<!。)。。(?!。)"
)

_GOOD_ENDING = re.compile("[。！？…：；][”』）》」]?$")

_MATCHED = 3.0
_UNMATCHED = -5.0
_LEFT_OPEN = -3.0
_ROUND_STILL_OPEN = -2.0
_ODD_PAIR = -6.0
_AT_END = 3.0


class Surroundings:
    """What stands on the line around a place, as far as punctuation goes."""

    def __init__(self, before: Callable[[], str], last: str, rest: str) -> None:
        """Take the text of the line before the place, its last character, and what follows."""
        self._before = before
        self._last = last
        self._next = rest[:1]
        self._waiting: list[str] | None = None
        following = _BRACKET.search(rest)
        self._following = following.group() if following else ""

    def weigh(self, text: str, *, balance: bool = True) -> float:
        """Weigh a text for the place as a log probability by its marks.

        Without `balance` brackets are left out, which saves reading the line.

        >>> place = Surroundings(lambda: "(本地", "地", "")
        >>> place.weigh("撥打）") > place.weigh("撥打（")
        True
        """
        weight = _ODD_PAIR * len(_ODD.findall(self._last + text + self._next))
        if not self._next:
            weight += _weigh_end(text)
        return weight + self._balance(_BRACKET.findall(text)) if balance else weight

    def _balance(self, marks: list[str]) -> float:
        if self._waiting is None:
            self._waiting = _still_open(self._before())
        weight, waiting = 0.0, list(self._waiting)
        for mark in marks:
            if mark in _PARTNERS:
                weight += _LEFT_OPEN if mark in waiting else 0.0
                waiting.append(mark)
            elif waiting and mark in _PARTNERS[waiting[-1]]:
                waiting.pop()
                weight += _MATCHED
            else:
                weight += _UNMATCHED
        closed = bool(waiting and self._following) and self._following in _PARTNERS[waiting[-1]]
        if not waiting or closed:
            return weight
        if marks:
            return weight + _LEFT_OPEN
        # Quotations go on over lines, remarks in round brackets do not.
        return weight + (_ROUND_STILL_OPEN if waiting[-1] in "(（" else 0.0)


def has_brackets(text: str) -> bool:
    """Tell whether a text holds any bracket or quotation mark.

    >>> has_brackets("《通知》"), has_brackets("通知")
    (True, False)
    """
    return _BRACKET.search(text) is not None


def _weigh_end(text: str) -> float:
    if _GOOD_ENDING.search(text):
        return _AT_END
    return -_AT_END if text[-1:] in "，、" else 0.0


def _still_open(text: str) -> list[str]:
    waiting: list[str] = []
    for mark in _BRACKET.findall(text):
        if mark in _PARTNERS:
            waiting.append(mark)
        elif waiting and mark in _PARTNERS[waiting[-1]]:
            waiting.pop()
    return waiting
