"""Decides whether a number with its unit counts something."""

import re

from extract.figure_lexicon import Lexicon, Unit
from extract.figure_quantity import Quantity

_MEASURES = frozenset(("money", "percent", "area", "length", "weight", "multiple", "age"))
_SURE = frozenset(("ratio", "parts", "doubling", "implied_currency", "compound"))
_STATED = re.compile(
    r"(?:达到?|增至|增[加长]到|降至|共有?|共计|总数[为达]?|数量[为达]?|总计|合计|(?:人数|户数|数量|总数|总量)\s?:)\s?$"
)
_TERM = re.compile(r"[内期]|以[内上下]|之内")
_CLOCKED = frozenset(
    (
        "小时",
        "个小时",
        "个月",
        "分钟",
        "个星期",
        "个礼拜",
        "个钟头",
        "钟头",
        "刻钟",
        "个工作日",
        "个世纪",
        "个季度",
    )
)
_MONEY_END = frozenset("元块毛钱")
_ARTICLE_NOT_BEFORE = frozenset("增半多余至到-~、")
_PAUSES = frozenset(("", "，", "。", "、", ";", "!", "?", "\n", ")"))
_NUMERAL = re.compile(r"[\d一二两三四五六七八九十百千万几]")
_AFTER = frozenset(("左右", "以上", "以下", "出头", "上下", "开外"))
_HALF_NOT_AFTER = frozenset("上下前后大小多过对南北东西各另折")
_ONE_NOT_AFTER = frozenset("统唯同万专单之其逐第周期这那某另任有每哪是")
_ONE_OPEN = re.compile(r"[多半余增内]|之内|以上|左右|以内|的(?:试点|工作|时间|创建|建设)")


def is_figure(text: str, quantity: Quantity, lexicon: Lexicon) -> bool:
    """Tell whether a quantity in folded text is a figure, by its digits, unit and neighbours.

    >>> from extract.figure_grammar import read_quantities
    >>> from extract.figure_lexicon import load_lexicon
    >>> from extract.figure_numbers import NUMBER
    >>> text, words = "一起建设", load_lexicon()
    >>> is_figure(text, read_quantities(text, NUMBER.match(text), words)[-1], words)
    False
    """
    if quantity.rule in _SURE:
        return True
    surface = text[quantity.start : quantity.end]
    if quantity.unit is None:
        return _counts_without_unit(text, quantity, surface, lexicon)
    if surface[0].isascii():
        return True
    return _counts_in_han(text, quantity, surface, lexicon)


def is_article(text: str, start: int, lexicon: Lexicon) -> bool:
    """Tell at a glance whether 一 before a classifier in folded text counts nothing.

    >>> from extract.figure_lexicon import load_lexicon
    >>> is_article("有一种办法", 1, load_lexicon())
    True
    """
    unit = lexicon.find_unit(text, start + 1)
    if unit is None or unit.kind not in ("count", "place") or unit.raw == "块":
        return False
    end = start + 1 + len(unit.raw)
    if text[end : end + 1] in _ARTICLE_NOT_BEFORE:
        return False
    return lexicon.cues.match_before(text, start) is None


def _counts_without_unit(text: str, quantity: Quantity, surface: str, lexicon: Lexicon) -> bool:
    marked = lexicon.before_words.match_before(text, quantity.start) is not None
    counted = lexicon.people.match_at(text, quantity.unit_end) is not None
    if surface[0].isascii():
        if surface[-1] in "万亿余多" or counted:
            return True
        stated = _STATED.search(text[max(0, quantity.start - 4) : quantity.start]) is not None
        return marked or stated
    if quantity.amount.bare and marked and text[quantity.end : quantity.end + 1] in _PAUSES:
        return True
    if quantity.amount.bare or len(surface) == 1:
        return counted and (marked or quantity.amount.comparator != "=")
    return counted or lexicon.after_words.match_at(text, quantity.unit_end) in _AFTER


def _counts_in_han(text: str, quantity: Quantity, surface: str, lexicon: Lexicon) -> bool:
    unit, before = quantity.unit, text[quantity.start - 1 : quantity.start]
    assert unit is not None
    short = len(surface.rstrip("成半")) <= 1
    if short and unit.raw in lexicon.weak_units:
        return unit.raw == "日" and bool(_TERM.match(text, quantity.unit_end))
    if quantity.amount.bare:
        return _counts_bare(text, quantity, surface, lexicon)
    if surface == "半":
        if unit.kind in ("area", "weight", "length"):
            return True
        return before not in _HALF_NOT_AFTER and unit.kind not in ("count", "place")
    if surface[0] == "一" and len(surface) == 1:
        return _counts_one(text, quantity, unit, lexicon)
    return unit.raw != "个" or lexicon.slogans.match_at(text, quantity.unit_end) is None


def _counts_bare(text: str, quantity: Quantity, surface: str, lexicon: Lexicon) -> bool:
    """千 counts beside a marker (近千个, 千余名), 百万 before a measure."""
    assert quantity.unit is not None
    if quantity.amount.comparator != "=" or lexicon.before_words.match_before(text, quantity.start):
        return True
    return len(surface) > 1 and quantity.unit.kind in _MEASURES


def _counts_one(text: str, quantity: Quantity, unit: Unit, lexicon: Lexicon) -> bool:
    """一个 is mostly an article; it counts behind 新增 or 为期, or when its end is open."""
    before = text[quantity.start - 1 : quantity.start]
    after = text[quantity.unit_end : quantity.unit_end + 1]
    cued = lexicon.cues.match_before(text, quantity.start) is not None
    if before in _ONE_NOT_AFTER or after in (unit.raw, "增"):
        return after == "增" if before not in _ONE_NOT_AFTER else cued
    if unit.kind not in ("money", "percent") and _stands_for_each(text, quantity):
        return False
    if unit.kind in _MEASURES or cued:
        return True
    open_end = unit.raw in _CLOCKED or bool(_ONE_OPEN.match(text, quantity.unit_end))
    return unit.kind == "duration" and open_end


def _stands_for_each(text: str, quantity: Quantity) -> bool:
    """Tell whether another number stands beside 一个月四千八 or 一百五一小时: then it is a rate."""
    after = text[quantity.unit_end : quantity.unit_end + 1]
    before = text[max(0, quantity.start - 1) : quantity.start]
    return _NUMERAL.match(after) is not None or before in _MONEY_END or bool(_NUMERAL.match(before))
