"""Money without a printed currency: 15个亿, ￥100, 首付要六十万."""

import re
from dataclasses import replace

from extract.figure_lexicon import Lexicon
from extract.figure_quantity import Quantity

_CURRENCIES = (
    ("￥", "元"),
    ("¥", "元"),
    ("RMB", "元"),
    ("CNY", "元"),
    ("新台币", "新台币元"),
    ("台币", "新台币元"),
    ("NT$", "新台币元"),
    ("NTD", "新台币元"),
    ("港币", "港元"),
    ("HK$", "港元"),
    ("HKD", "港元"),
    ("美元", "美元"),
    ("美金", "美元"),
    ("USD", "美元"),
    ("$", "美元"),
    ("欧元", "欧元"),
    ("€", "欧元"),
    ("£", "英镑"),
)
_CURRENCY_ENDS = frozenset(sign[-1] for sign, _ in _CURRENCIES)
_PAUSES = frozenset(("", "，", "。", "、", ";", "!", "?", "\n", ")"))
_SPOKEN_AFTER = re.compile(
    r"(?!\s?[、至到~和与及-]\s?[\d几一二两三四五六七八九十百千])(?:$|[，。、;!?)\n]|一(?:[个小年月天斤件次本吨亩平米套间])|[/每了吧呢啊吗呀降涨升跌增减提到的左]|上下|以[上下]|出头|成交|不[到等止]|元)"
)
# 三千六, 两万八: the last place is left out in speech
_COLLOQUIAL = re.compile(r"[一二两三四五六七八九\d][百千万][一二三四五六七八九\d]$", re.ASCII)
# 1万2一平买的, 8千5都卖不动, 两千五初装费
_TRADED_AFTER = re.compile(r"(?:一[平个斤套间亩])?[都才也就]?[买卖](?![家主方])|[一-龥]{1,3}费")
_SPOKEN_REACH = 14
_SHORTEST_PLAIN = 3
_BETWEEN = "了到要为是达才约涨降卖得有近超过多出仅只"
_SENTENCE_STOP = re.compile(r"[。;!?\n]")
_CLAUSE_STOP = re.compile(r"[，。;!?\n]")


def imply_currency(text: str, quantity: Quantity, lexicon: Lexicon) -> Quantity:
    """Give 15个亿 and ￥100 their currency, 新台币100元 its right one.

    >>> from decimal import Decimal
    >>> from extract.figure_lexicon import load_lexicon
    >>> from extract.figure_numbers import Amount
    >>> bare = Quantity(1, 4, Amount(Decimal(100)), None, 4, "unit")
    >>> imply_currency("￥100", bare, load_lexicon()).unit.base
    '元'
    """
    raw = text[quantity.start : quantity.end]
    head = text[max(0, quantity.start - 3) : quantity.start]
    base = None
    if head[-1:] in _CURRENCY_ENDS:
        base = next((base for sign, base in _CURRENCIES if head.endswith(sign)), None)
    if quantity.unit is None and base is None:
        implied = _is_money(text, quantity, raw, lexicon)
        base = "元" if implied or _is_spoken_money(text, quantity, raw, lexicon) else None
    if base and (quantity.unit is None or quantity.unit.base == "元"):
        unit = replace(lexicon.units[base], raw=quantity.unit.raw if quantity.unit else "")
        return replace(quantity, unit=unit, rule="implied_currency")
    return quantity


def _is_money(text: str, quantity: Quantity, raw: str, lexicon: Lexicon) -> bool:
    """Tell whether 15个亿 and 总投资12亿 mean money though no currency is printed."""
    if raw.endswith("个亿"):
        return True
    if raw[-1] not in "万亿" or text[quantity.end : quantity.end + 1] not in _PAUSES:
        return False
    head = text[max(0, quantity.start - 6) : quantity.start]
    return any(True for _ in lexicon.money.find(head))


def _is_spoken_money(text: str, quantity: Quantity, raw: str, lexicon: Lexicon) -> bool:
    """Tell whether 四千八 in 房贷一个月四千八 and 3500 in 工资涨到3500 are money."""
    plain = raw.isascii()
    if _COLLOQUIAL.search(raw) and _TRADED_AFTER.match(text, quantity.end):
        return True
    if len(raw) < (_SHORTEST_PLAIN if plain else 2) or not _SPOKEN_AFTER.match(text, quantity.end):
        return False
    head = text[max(0, quantity.start - _SPOKEN_REACH) : quantity.start]
    if raw[-1] in "万亿" or _COLLOQUIAL.search(raw):
        head = text[max(0, quantity.start - 2 * _SPOKEN_REACH) : quantity.start]
        clause = _SENTENCE_STOP.split(head)[-1]
    else:
        clause = _CLAUSE_STOP.split(head)[-1]
    if plain:
        clause = clause.rstrip(_BETWEEN)
        return lexicon.prices.match_before(clause, len(clause)) is not None
    return any(True for _ in lexicon.prices.find(clause))
