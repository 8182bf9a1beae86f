"""Numbers with their units: shared units, ranges, fractions, halves and implied currencies."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from extract.figure_lexicon import Lexicon, Unit
from extract.figure_numbers import FRACTION, HAN_NUMERALS, NUMBER, Amount, read_amount
from normalize.numerals import read_numeral

_TO = re.compile(r"\s?(?:至|到|--?|~)\s?")
_AND = re.compile(r"\s?[、和与及]\s?")
_OPEN_COUNT = re.compile(r"个[多余](?=月|小时|星期|工作日|世纪|钟头)")
_MULTIPLIER = re.compile(r"[百千万亿]+$")
_CURRENCIES = (
    ("￥", "元"),
    ("¥", "元"),
    ("新台币", "新台币元"),
    ("美元", "美元"),
    ("港币", "港元"),
    ("$", "美元"),
)
_HALF = Decimal("0.5")
_HALF_KINDS = frozenset(("duration", "length", "area", "weight", "multiple", "age"))
_PARTS = {"百": "%", "千": "‰"}
_MOST_SHARED = 6
_PAUSES = frozenset(("", "，", "。", "、", ";", "!", "?", "\n", ")"))


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, before its sentence is looked at."""

    start: int
    """Start of the number."""
    end: int
    """End of the number, its multiplier included."""
    amount: Amount
    """Value or bounds in base units."""
    unit: Unit | None
    """Unit; None when none is printed."""
    unit_end: int
    """End of the unit as printed, where the noun may follow."""
    rule: str
    """Rule that read it."""


def read_quantities(text: str, found: re.Match[str], lexicon: Lexicon) -> list[Quantity]:
    """Read the quantity at a match of `NUMBER` in folded text, with those that share its unit.

    Gives an empty list when the characters are no number.

    >>> from extract.figure_lexicon import load_lexicon
    >>> text = "30至50万元"
    >>> [quantity] = read_quantities(text, NUMBER.match(text), load_lexicon())
    >>> int(quantity.amount.low), int(quantity.amount.high), quantity.unit.base
    (300000, 500000, '元')
    """
    start, end = found.span()
    amount = read_amount(found.group())
    # a row of numerals too long for one number must not give a figure from its rest
    is_rest = start and text[start] in HAN_NUMERALS and text[start - 1] in HAN_NUMERALS
    if amount is None or is_rest:
        return []
    special = _read_fraction(text, start, end) or _read_doubling(text, start, end, amount)
    if special:
        return [special]
    single = _read_single(text, start, end, amount, lexicon)
    span = _read_range(text, single, lexicon)
    if span:
        return [span]
    return (_read_shared(text, single, lexicon) if single.unit is None else None) or [single]


def _read_single(text: str, start: int, end: int, amount: Amount, lexicon: Lexicon) -> Quantity:
    position = end
    while text[position : position + 1] == " " and position - end < 2:
        position += 1
    if opened := _OPEN_COUNT.match(text, position):
        unit = _find_counted_unit(text, opened.end(), lexicon)
        marked = replace(amount, comparator=">", marker=text[opened.end() - 1])
        return _finish(Quantity(start, end, marked, unit, opened.end(), "open_count"))
    if text.startswith("个半", position) and amount.value is not None:
        unit = _find_counted_unit(text, position + 2, lexicon)
        if unit and unit.kind == "duration":
            amount = replace(amount, value=amount.value + _HALF)
            return _finish(Quantity(start, position + 2, amount, unit, position + 2, "half"))
    if (
        position > end
        and text[position : position + 1] in ("余", "多")
        and (unit := lexicon.find_unit(text, position + 1))
    ):
        amount = replace(amount, comparator=">", marker=text[position])
        return _finish(Quantity(start, position + 1, amount, unit, position + 1, "unit"))
    unit = lexicon.find_unit(text, position)
    if unit and unit.raw[0].isascii() and _runs_on(text, position + len(unit.raw), unit):
        unit = None
    quantity = Quantity(start, end, amount, unit, position if unit else end, "unit")
    return _add_half(text, _imply_currency(text, _finish(quantity), lexicon))


def _find_counted_unit(text: str, position: int, lexicon: Lexicon) -> Unit | None:
    """Give the unit behind 个多 or 个半: 月 is then short for 个月."""
    unit = lexicon.find_unit(text, position)
    counted = lexicon.units.get(f"个{unit.raw}") if unit else None
    return replace(counted, raw=unit.raw) if unit and counted else unit


def _runs_on(text: str, position: int, unit: Unit) -> bool:
    following = text[position : position + 1]
    return unit.raw[-1].isalnum() and following.isascii() and following.isalnum()


def _finish(quantity: Quantity) -> Quantity:
    """Move the end behind the unit and turn the number into base units."""
    unit = quantity.unit
    if unit is None:
        return quantity
    unit_end = quantity.unit_end + len(unit.raw)
    # 九成 is printed as one word: its unit is part of the number
    end = unit_end if unit.raw == "成" else quantity.end
    amount = quantity.amount.times(unit.factor)
    return Quantity(quantity.start, end, amount, unit, unit_end, quantity.rule)


def _add_half(text: str, quantity: Quantity) -> Quantity:
    unit, value = quantity.unit, quantity.amount.value
    if not unit or value is None or unit.kind not in _HALF_KINDS:
        return quantity
    if text[quantity.unit_end : quantity.unit_end + 1] != "半" or unit.raw[0] == "半":
        return quantity
    end = quantity.unit_end + 1
    amount = replace(quantity.amount, value=value + _HALF)
    return replace(quantity, amount=amount, end=end, unit_end=end, rule="half")


def _imply_currency(text: str, quantity: Quantity, lexicon: Lexicon) -> Quantity:
    """Give 15个亿 and ￥100 their currency, 新台币100元 its right one."""
    raw = text[quantity.start : quantity.end]
    head = text[max(0, quantity.start - 3) : quantity.start]
    base = next((base for sign, base in _CURRENCIES if head.endswith(sign)), None)
    if quantity.unit is None and base is None and _is_money(text, quantity, raw, lexicon):
        base = "元"
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


def _read_fraction(text: str, start: int, end: int) -> Quantity | None:
    found = FRACTION.match(text, end)
    if not found:
        return None
    part = read_amount(found["part"])
    if part is None or part.value is None:
        return None
    base = _PARTS.get(text[start:end])
    if base:
        unit = Unit(base, base, "percent")
        return Quantity(start, found.end(), part, unit, found.end(), "parts")
    whole = read_amount(text[start:end])
    if whole is None or not whole.value:
        return None
    ratio = Amount((part.value / whole.value).quantize(Decimal("0.000001")).normalize())
    return Quantity(start, found.end(), ratio, None, found.end(), "ratio")


def _read_doubling(text: str, start: int, end: int, amount: Amount) -> Quantity | None:
    """翻一番 is twice as much, 翻两番 four times; 一半 is 0.5."""
    if text[start:end] == "番":
        return Quantity(start, end, amount, Unit("番", "倍", "multiple"), end, "doubling")
    before = (
        text[start - 1 : start] if text[start - 1 : start] != "了" else text[start - 2 : start - 1]
    )
    if text[end : end + 1] == "番" and before == "翻" and amount.value and amount.value < 10:
        doubled = Amount(Decimal(2) ** int(amount.value))
        return Quantity(start, end, doubled, Unit("番", "倍", "multiple"), end + 1, "doubling")
    if text[start : end + 1] == "一半" or (
        text[start:end] == "半" and text[start - 1 : start] == "过"
    ):
        end += text[start:end] == "一"
        return Quantity(start, end, Amount(_HALF, bare=True), None, end, "ratio")
    return None


def _read_range(text: str, first: Quantity, lexicon: Lexicon) -> Quantity | None:
    link = _TO.match(text, first.unit_end)
    found = NUMBER.match(text, link.end()) if link else None
    if not found or first.amount.value is None:
        return None
    amount = read_amount(found.group())
    if amount is None or amount.value is None:
        return None
    last = _read_single(text, *found.span(), amount, lexicon)
    if first.unit is None:
        first = _share(text, first, last)
    low, high = first.amount.value, last.amount.value
    same = last.unit is not None and first.unit is not None and first.unit.base == last.unit.base
    if not same or low is None or high is None or low >= high:
        return None
    bounds = replace(last.amount, value=None, low=low, high=high)
    return replace(last, start=first.start, amount=bounds, rule="range")


def _share(text: str, first: Quantity, last: Quantity) -> Quantity:
    """Give a number without a unit the multiplier and unit of the one behind it (30至50万元)."""
    amount = first.amount
    surface = text[last.start : last.end].removesuffix("成")
    multiplier = _MULTIPLIER.search(surface)
    plain = not _MULTIPLIER.search(text[first.start : first.end])
    if multiplier and plain and amount.value is not None and multiplier.start():
        coefficient = read_amount(surface[: multiplier.start()])
        if coefficient and coefficient.value is not None and amount.value < coefficient.value:
            amount = amount.times(read_numeral(multiplier.group()))
    factor = last.unit.factor if last.unit else Decimal(1)
    return replace(first, amount=amount.times(factor), unit=last.unit, rule="shared_unit")


def _read_shared(text: str, first: Quantity, lexicon: Lexicon) -> list[Quantity] | None:
    """Read 3、4个社区: numbers in a row whose last one has the unit."""
    row, current = [first], first
    while current.unit is None and len(row) < _MOST_SHARED:
        link = _AND.match(text, current.end)
        found = NUMBER.match(text, link.end()) if link else None
        amount = read_amount(found.group()) if found else None
        if found is None or amount is None or not text[found.start()].isascii():
            return None
        current = _read_single(text, *found.span(), amount, lexicon)
        row.append(current)
    if current.unit is None or not text[first.start].isascii():
        return None
    return [*(_share(text, quantity, current) for quantity in row[:-1]), current]
