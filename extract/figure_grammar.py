"""Numbers with their units: shared units, ranges, fractions, halves and implied currencies."""

import re
from dataclasses import replace
from decimal import Decimal

from extract.figure_compounds import add_sign, add_smaller, read_discount
from extract.figure_currency import imply_currency
from extract.figure_lexicon import Lexicon, Unit
from extract.figure_numbers import FRACTION, HAN_DIGITS, HAN_NUMERALS, NUMBER, Amount, read_amount
from extract.figure_quantity import Quantity
from extract.figure_ratios import divide, read_ratio
from normalize.numerals import read_numeral

_TO = re.compile(r"\s?(?:至|到|--?|~)\s?(?:零下|负|-(?=\d))?")
_AND = re.compile(r"\s?[、和与及]\s?")
_OPEN_COUNT = re.compile(r"个[多余](?=月|小时|星期|工作日|世纪|钟头)")
_MULTIPLIER = re.compile(r"[百千万亿]+$")
_DOUBLED = re.compile("翻了?[近约]?$")
_HALF = Decimal("0.5")
_PARTS = {"百": "%", "千": "‰"}
_MOST_SHARED = 6
_HAN_IN_ROW = 2
_PART_AGAIN = re.compile(
    rf"(?:百分之)?(?P<part>[{HAN_DIGITS}十百]{{1,5}}|\d{{1,3}})(?![\d%{HAN_DIGITS}])"
)


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
    amount, end = _read_taels(text, start, end)
    # a row of numerals too long for one number must not give a figure from its rest
    runs_on = start and text[start] in HAN_NUMERALS and text[start - 1] in HAN_NUMERALS
    # but 李四两位 names two
    is_rest = runs_on and not (text[start] == "两" and text[end : end + 1] in ("位", "名"))
    if (discount := read_discount(text, start, end, lexicon)) and not is_rest:
        return [discount]
    if amount is None or is_rest:
        return []
    special = (
        _read_fraction(text, start, end)
        or read_ratio(text, start, end)
        or _read_doubling(text, start, end, amount)
    )
    if special:
        return [special]
    single = add_sign(text, _read_single(text, start, end, amount, lexicon))
    span = _read_range(text, single, lexicon)
    if span:
        return [span]
    return (_read_shared(text, single, lexicon) if single.unit is None else None) or [single]


def _read_taels(text: str, start: int, end: int) -> tuple[Amount | None, int]:
    """Read the number; 六十两 ends with a unit, the 一 of 一百五一小时 is another number."""
    amount = read_amount(text[start:end])
    if amount is None and end - start > 1 and text[end - 1] in "两一":
        return read_amount(text[start : end - 1]), end - 1
    return amount, end


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
    if unit and unit.raw == "分" and text[end - 1] in "万亿":
        # 120万分30年还: nobody is paid or marked in millions of 分
        unit = None
    quantity = Quantity(start, end, amount, unit, position if unit else end, "unit")
    return imply_currency(text, add_smaller(text, _finish(quantity), lexicon), lexicon)


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


def _read_fraction(text: str, start: int, end: int) -> Quantity | None:
    found = FRACTION.match(text, end)
    if not found:
        return None
    part = read_amount(found["part"])
    if part is None:
        return None
    base = _PARTS.get(text[start:end])
    if base:
        unit = Unit(base, base, "percent")
        first = Quantity(start, found.end(), part, unit, found.end(), "parts")
        return _read_part_range(text, first) or first
    whole = read_amount(text[start:end])
    if whole is None or not whole.value or part.value is None:
        return None
    ratio = Amount(divide(part.value, whole.value))
    return Quantity(start, found.end(), ratio, None, found.end(), "ratio")


def _read_part_range(text: str, first: Quantity) -> Quantity | None:
    """Read 百分之三十到四十."""
    link = _TO.match(text, first.end)
    found = _PART_AGAIN.match(text, link.end()) if link else None
    last = read_amount(found["part"]) if found else None
    if found is None or last is None or last.value is None or first.amount.value is None:
        return None
    if last.value <= first.amount.value:
        return None
    amount = Amount(None, first.amount.value, last.value)
    return replace(first, amount=amount, end=found.end(), unit_end=found.end())


def _read_doubling(text: str, start: int, end: int, amount: Amount) -> Quantity | None:
    """翻一番 is twice as much, 翻两番 four times; 一半 is 0.5."""
    if text[start:end] == "番":
        return Quantity(start, end, amount, Unit("番", "倍", "multiple"), end, "doubling")
    before = _DOUBLED.search(text[max(0, start - 3) : start])
    if text[end : end + 1] == "番" and before and amount.value and amount.value < 10:
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
    last = add_sign(text, _read_single(text, *found.span(), amount, lexicon))
    if first.unit is None:
        first = _share(text, first, last)
    low, high = first.amount.value, last.amount.value
    same = last.unit is not None and first.unit is not None and first.unit.base == last.unit.base
    if not same or low is None or high is None or low == high:
        return None
    if low > high:
        if low >= 0:
            return None
        low, high = high, low
    bounds = replace(last.amount, value=None, low=low, high=high)
    return replace(last, start=first.start, amount=bounds, rule="range")


def _may_share(found: re.Match[str]) -> bool:
    """Tell whether a number may stand in a row; 一、二、三 are list numbers."""
    return found.group()[0].isascii() or found.end() - found.start() >= _HAN_IN_ROW


def _share(text: str, first: Quantity, last: Quantity) -> Quantity:
    """Give a number without a unit the multiplier and unit of the one behind it (30至50万元)."""
    amount = first.amount
    surface = text[last.start : last.end].removesuffix("成").replace("个", "")
    multiplier = _MULTIPLIER.search(surface)
    plain = not _MULTIPLIER.search(text[first.start : first.end])
    if multiplier and plain and amount.value is not None and multiplier.start():
        coefficient = read_amount(surface[: multiplier.start()])
        if coefficient and coefficient.value is not None and amount.value < coefficient.value:
            amount = amount.times(read_numeral(multiplier.group()))
    factor = last.unit.factor if last.unit else Decimal(1)
    unit = replace(last.unit, raw="") if last.unit else None
    return replace(first, amount=amount.times(factor), unit=unit, rule="shared_unit")


def _read_shared(text: str, first: Quantity, lexicon: Lexicon) -> list[Quantity] | None:
    """Read 3、4个社区: numbers in a row whose last one has the unit."""
    if not text[first.start].isascii() and first.end - first.start < _HAN_IN_ROW:
        return None
    row, current = [first], first
    while current.unit is None and len(row) < _MOST_SHARED:
        link = _AND.match(text, current.end)
        found = NUMBER.match(text, link.end()) if link else None
        amount = read_amount(found.group()) if found else None
        if found is None or amount is None or not _may_share(found):
            return None
        current = _read_single(text, *found.span(), amount, lexicon)
        row.append(current)
    if current.unit is None:
        return None
    return [*(_share(text, quantity, current) for quantity in row[:-1]), current]
