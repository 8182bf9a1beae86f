"""Weighs Chinese punctuation: which marks follow each other, and which brackets need a partner."""

import re

_PARTNERS = {
    "(": ")）", "（": "）)", "《": "》", "〈": "〉", "“": "”", "‘": "’", "『": "』", "「": "」",
    "【": "】", "[": "]", "［": "］", "〔": "〕",
}  # fmt: skip
_BRACKET = re.compile(r"[()（）《》〈〉“”‘’『』「」【】\[\]［］〔〕]")
_ODD = re.compile("[，、；：([（《“『「【][，、。；：！？)）》”』」】]|[。！？…][，、。；：]|。。")

_GOOD_ENDING = re.compile("[。！？…][”』）》」]?$")

_MATCHED = 3.0
_UNMATCHED = -5.0
_LEFT_OPEN = -3.0
_ODD_PAIR = -6.0
_AT_END = 3.0


class Surroundings:
    """What stands on the line around a place, as far as punctuation goes."""

    def __init__(self, before: str, rest: str) -> None:
        """Take the text of the line before the place and behind it."""
        self._last = before[-1:]
        self._next = rest[:1]
        self._waiting = _still_open(before)
        following = _BRACKET.search(rest)
        self._following = following.group() if following else ""

    def weigh(self, text: str) -> float:
        """Weigh a text for the place as a log probability by its marks.

        >>> place = Surroundings("(本地", "")
        >>> place.weigh("撥打）") > place.weigh("撥打（")
        True
        """
        weight = _ODD_PAIR * len(_ODD.findall(self._last + text + self._next))
        if not self._next:
            weight += _weigh_end(text)
        marks = _BRACKET.findall(text)
        return weight + self._balance(marks) if marks else weight

    def _balance(self, marks: list[str]) -> float:
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
        return weight + (_LEFT_OPEN if waiting and not closed else 0.0)


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
