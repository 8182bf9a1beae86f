"""Decides whether a number with its unit counts something."""

import re

from extract.figure_grammar import Quantity
from extract.figure_lexicon import Lexicon, Unit

_MEASURES = frozenset(("money", "percent", "area", "length", "weight", "multiple", "age"))
_STATED = re.compile(
    r"(?:达到?|增至|增[加长]到|降至|共有?|共计|总数[为达]?|数量[为达]?|总计|合计)\s?$"
)
_AFTER = frozenset(("左右", "以上", "以下", "出头", "上下", "开外"))
_HALF_NOT_AFTER = frozenset("上下前后大小多过对南北东西各另折")
_ONE_NOT_AFTER = frozenset("统唯同万专单之其逐第周期这那某另任有每哪是")
_ONE_OPEN = re.compile(r"[多半余增]|以上|左右|以内|的(?:试点|工作|时间|创建|建设)")


def is_figure(text: str, quantity: Quantity, lexicon: Lexicon) -> bool:
    """Tell whether a quantity in folded text is a figure, by its digits, unit and neighbours.

    >>> from extract.figure_grammar import read_quantities
    >>> from extract.figure_lexicon import load_lexicon
    >>> from extract.figure_numbers import NUMBER
    >>> text, words = "一起建设", load_lexicon()
    >>> is_figure(text, read_quantities(text, NUMBER.match(text), words)[-1], words)
    False
    """
    if quantity.rule in ("ratio", "parts", "doubling", "implied_currency"):
        return True
    surface = text[quantity.start : quantity.end]
    if quantity.unit is None:
        return _counts_without_unit(text, quantity, surface, lexicon)
    if surface[0].isascii():
        return True
    return _counts_in_han(text, quantity, surface, lexicon)


def _counts_without_unit(text: str, quantity: Quantity, surface: str, lexicon: Lexicon) -> bool:
    marked = lexicon.before_words.match_before(text, quantity.start) is not None
    counted = lexicon.people.match_at(text, quantity.unit_end) is not None
    if surface[0].isascii():
        if surface[-1] in "万亿余多" or counted:
            return True
        stated = _STATED.search(text[max(0, quantity.start - 4) : quantity.start]) is not None
        return marked or stated
    if quantity.amount.bare or len(surface) == 1:
        return counted and (marked or quantity.amount.comparator != "=")
    return counted or lexicon.after_words.match_at(text, quantity.unit_end) in _AFTER


def _counts_in_han(text: str, quantity: Quantity, surface: str, lexicon: Lexicon) -> bool:
    unit, before = quantity.unit, text[quantity.start - 1 : quantity.start]
    assert unit is not None
    short = len(surface.rstrip("成半")) <= 1
    if short and unit.raw in lexicon.weak_units:
        return False
    if quantity.amount.bare:
        return _counts_bare(text, quantity, surface, lexicon)
    if surface == "半":
        return before not in _HALF_NOT_AFTER and unit.kind not in ("count", "place")
    if surface[0] == "一" and len(surface) == 1:
        return _counts_one(text, quantity, unit, lexicon)
    return True


def _counts_bare(text: str, quantity: Quantity, surface: str, lexicon: Lexicon) -> bool:
    """千 counts beside a marker (近千个, 千余名), 百万 before a measure."""
    assert quantity.unit is not None
    if quantity.amount.comparator != "=" or lexicon.before_words.match_before(text, quantity.start):
        return True
    return len(surface) > 1 and quantity.unit.kind in _MEASURES


def _counts_one(text: str, quantity: Quantity, unit: Unit, lexicon: Lexicon) -> bool:
    """一个 is mostly an article; it counts behind 新增 or 为期, or when its end is open."""
    before = text[quantity.start - 1 : quantity.start]
    if before in _ONE_NOT_AFTER:
        return bool(lexicon.cues.match_before(text, quantity.start))
    if text[quantity.unit_end : quantity.unit_end + 1] == unit.raw:
        return False
    if text[quantity.unit_end : quantity.unit_end + 1] == "增":
        return True
    if unit.kind in _MEASURES or lexicon.cues.match_before(text, quantity.start):
        return True
    return unit.kind == "duration" and bool(_ONE_OPEN.match(text, quantity.unit_end))
