"""Quantities printed in two steps: 2元8角, 三块五, 1米78, 3斤2两, 4小时20分钟, 四成六, 两年半."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType

from extract.figure_lexicon import Lexicon, Unit
from extract.figure_numbers import HAN_DIGITS, Amount, read_amount
from extract.figure_quantity import Quantity

_FINANCIAL = "壹贰叁肆伍陆柒捌玖"
_DIGIT = rf"[1-9{HAN_DIGITS}{_FINANCIAL}]"
_NO_MORE = rf"(?![\d.,:/×xX*+~-]*\d|[{HAN_DIGITS.replace('一', '')}十百千万亿半几点多余来])"
_SHORT = re.compile(rf"{_DIGIT}{_NO_MORE}")
_TWO_DIGITS = re.compile(rf"\d{{1,2}}{_NO_MORE}|{_DIGIT}{_NO_MORE}", re.ASCII)
_COUNT = rf"(?:\d{{1,2}}|[{HAN_DIGITS}十]{{1,3}}|[{_FINANCIAL}])"
_NO_HALF = frozenset("个价数径途导路夜空山生熟工岛球票")
_HALF = Decimal("0.5")
_HALF_KINDS = frozenset(("duration", "length", "area", "weight", "multiple", "age"))
_PIECE_IS_MONEY = re.compile(
    rf"[\s，。、;!?)的多余左以出起到至]|$|[/每一{HAN_DIGITS}\d]|(?:不到|上下|话费|补贴|红包|押金|定金|罚款|工资|奖金|学费|零钱|现金|运费|车费|门票)"
)
_PIECE_IS_COUNT = re.compile(r"[^，。;!?\n]{0,8}?[地牌板场匾碑砖石屏田布肉糖饼表玻璃]")
_PIECE_IS_MADE = re.compile(r"(?:修[好复理]|安装|更换|悬挂|铺设|制作|竖立|砌)[了约近]?$")
_MONEY_BEFORE = re.compile(
    r"(?:[￥¥价费钱卖花涨降便宜贵挣赚收付交缴赔罚补省存借值斤瓶桶票]|工资|只要|才要)[了要到至为是约近有]{0,2}$"
)


@dataclass(frozen=True, slots=True)
class _Step:
    """A smaller unit that may follow a larger one."""

    pattern: re.Pattern[str]
    parts: Decimal


def _step(names: str, parts: int) -> _Step:
    return _Step(
        re.compile(rf"[零又]?\s?(?P<count>{_COUNT})\s?(?:{names})", re.ASCII), Decimal(parts)
    )


# The value is what share of the larger unit one of the smaller is.
_STEPS = MappingProxyType(
    {
        "元": (_step("角钱?|毛钱?", 10), _step("分钱?(?!之|钟)", 100)),
        "块": (_step("角钱?|毛钱?", 10), _step("分钱?(?!之|钟)", 100)),
        "角": (_step("分钱?(?!之|钟)", 10),),
        "毛": (_step("分钱?(?!之|钟)", 10),),
        "米": (_step("分米", 10), _step("厘米|公分|cm", 100)),
        "斤": (_step("两(?![个名位年天人])", 10),),
        "公斤": (_step("克", 1000),),
        "年": (_step("个月", 12),),
        "小时": (_step("分钟?(?!之)", 60), _step("秒钟?", 3600)),
        "个小时": (_step("分钟?(?!之)", 60), _step("秒钟?", 3600)),
        "分": (_step("秒钟?", 60),),
        "分钟": (_step("秒钟?", 60),),
    }
)
_BARE = MappingProxyType({"块": _SHORT, "毛": _SHORT, "米": _TWO_DIGITS, "成": _SHORT})
_TENTH = Decimal(10)
_TWO = 2
_SIGN = re.compile(r"(?:零下|(?<![A-Za-z0-9%℃度元年月日级号楼栋室])[-]|负)$")
_SIGNED = frozenset(("%", "‰", "个百分点", "℃", "度", "摄氏度", "倍"))


def add_smaller(text: str, quantity: Quantity, lexicon: Lexicon) -> Quantity:
    """Add the smaller unit, the last digit or the 半 that follows a unit in folded text.

    >>> from extract.figure_grammar import read_quantities
    >>> from extract.figure_lexicon import load_lexicon
    >>> from extract.figure_numbers import NUMBER
    >>> text, words = "3元1角5分", load_lexicon()
    >>> str(read_quantities(text, NUMBER.match(text), words)[0].amount.value)
    '3.15'
    """
    unit = quantity.unit
    if unit is None or quantity.amount.value is None or quantity.amount.comparator != "=":
        return _settle_piece(text, quantity, lexicon)
    if unit.raw in _STEPS and (longer := _add_steps(text, quantity, unit)):
        return _settle_money(longer, lexicon)
    if unit.raw in _BARE and (longer := _add_digit(text, quantity, unit, lexicon)):
        return _settle_money(longer, lexicon)
    if (unit.kind in _HALF_KINDS or unit.raw in ("成", "个点")) and unit.raw[0] != "半":
        return _add_half(text, quantity, unit)
    return _settle_piece(text, quantity, lexicon)


def add_sign(text: str, quantity: Quantity) -> Quantity:
    """Read the minus of -4.2% and the 零下 of 零下18℃.

    >>> from extract.figure_grammar import read_quantities
    >>> from extract.figure_lexicon import load_lexicon
    >>> from extract.figure_numbers import NUMBER
    >>> text, words = "零下18℃", load_lexicon()
    >>> int(read_quantities(text, NUMBER.search(text, 2), words)[0].amount.value)
    -18
    """
    before = text[max(0, quantity.start - 2) : quantity.start]
    if not before or before[-1] not in "-下负" or quantity.unit is None:
        return quantity
    sign = _SIGN.search(text[max(0, quantity.start - 3) : quantity.start])
    if sign is None or quantity.unit.base not in _SIGNED:
        return quantity
    amount = quantity.amount.times(Decimal(-1))
    return replace(quantity, amount=amount, start=quantity.start - len(sign.group()))


def read_discount(text: str, start: int, end: int, lexicon: Lexicon) -> Quantity | None:
    """Read 九五折 and 85折, which are 9.5 and 8.5 tenths of a price.

    >>> from extract.figure_lexicon import load_lexicon
    >>> str(read_discount("九五折", 0, 2, load_lexicon()).amount.value)
    '9.5'
    """
    if text[end : end + 1] != "折" or end - start != _TWO:
        return None
    digits = [read_amount(character) for character in text[start:end]]
    unit = lexicon.find_unit(text, end)
    if unit is None or not all(digit and digit.value is not None for digit in digits):
        return None
    tens, ones = (digit.value or Decimal(0) for digit in digits if digit)
    if not 0 < tens < _TENTH or ones >= _TENTH:
        return None
    return Quantity(start, end, Amount(tens + ones / _TENTH), unit, end + 1, "discount")


def _add_steps(text: str, quantity: Quantity, unit: Unit) -> Quantity | None:
    value, end = quantity.amount.value, quantity.unit_end
    assert value is not None
    for step in _STEPS[unit.raw]:
        found = step.pattern.match(text, end)
        amount = read_amount(found["count"]) if found else None
        if found and amount and amount.value is not None and amount.value < step.parts:
            value += amount.value * unit.factor / step.parts
            end = found.end()
    if end == quantity.unit_end:
        return None
    if unit.raw == "分":
        unit = replace(unit, base="分钟", kind="duration")
    exact = value.quantize(Decimal("0.000001")).normalize() if value % 1 else value
    return replace(
        quantity,
        amount=replace(quantity.amount, value=exact),
        end=end,
        unit=replace(unit, raw=""),
        unit_end=end,
        rule="compound",
    )


def _add_digit(text: str, quantity: Quantity, unit: Unit, lexicon: Lexicon) -> Quantity | None:
    """Read 三块五, 1米78 and 四成六, where the digits behind the unit are its decimals."""
    found = _BARE[unit.raw].match(text, quantity.unit_end)
    value = quantity.amount.value
    if found is None or value is None or value % 1:
        return None
    counted = lexicon.find_unit(text, found.end())
    if (counted or text[found.end() : found.end() + 1] == " ") and found.group() != "一":
        return None
    amount = read_amount(found.group())
    if amount is None or amount.value is None:
        return None
    parts = _TENTH if len(found.group()) == 1 else _TENTH * 10
    value += amount.value * unit.factor / parts
    return replace(
        quantity,
        amount=replace(quantity.amount, value=value),
        end=found.end(),
        unit=replace(unit, raw=""),
        unit_end=found.end(),
        rule="compound",
    )


def _add_half(text: str, quantity: Quantity, unit: Unit) -> Quantity:
    value = quantity.amount.value
    end = quantity.unit_end + 1
    if text[quantity.unit_end : end] != "半" or value is None or text[end : end + 1] in _NO_HALF:
        return quantity
    amount = replace(quantity.amount, value=value + _HALF * unit.factor)
    return replace(quantity, amount=amount, end=end, unit_end=end, rule="half")


def _settle_money(quantity: Quantity, lexicon: Lexicon) -> Quantity:
    """Give 三块五 the unit 元."""
    if quantity.unit and quantity.unit.base == "块":
        return replace(quantity, unit=replace(lexicon.units["元"], raw=""))
    return quantity


def _settle_piece(text: str, quantity: Quantity, lexicon: Lexicon) -> Quantity:
    """Tell 12块的草莓, which is money, from 12块牌子."""
    if quantity.unit is None or quantity.unit.raw != "块":
        return quantity
    head = text[max(0, quantity.start - 6) : quantity.start]
    priced = _MONEY_BEFORE.search(head) is not None
    if not priced:
        if _PIECE_IS_MADE.search(head) or not _PIECE_IS_MONEY.match(text, quantity.unit_end):
            return quantity
        if (
            _PIECE_IS_COUNT.match(text, quantity.unit_end)
            and text[quantity.unit_end : quantity.unit_end + 1] not in "，。;!?\n、"
        ):
            return quantity
    return replace(quantity, unit=replace(lexicon.units["元"], raw="块"))
