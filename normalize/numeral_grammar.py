"""The grammar of numbers in Chinese characters, digits and mixtures, after folding."""

import re
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from types import MappingProxyType

CHARACTERS = "零一二三四五六七八九"
"""The digits 0 to 9 in characters."""

_NONZERO = CHARACTERS[1:]
_LARGE = MappingProxyType({"万": 10**4, "亿": 10**8, "兆": 10**12})
_NO_LIMIT = 10**100
# More digits than a string of 64 characters can name, so that nothing is rounded.
_EXACT = Context(prec=256)
_DIGITS = str.maketrans(CHARACTERS + "两廿卅卌Oo点", "0123456789223400.", ", ")
_ARABIC = r"(?>(?:[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?: \d{3})+|\d+)(?:\.\d+)?)"
# 二00八 and 二OO八 are typed where 〇 is not at hand
_PLAIN = re.compile(
    rf"{_ARABIC}|[{CHARACTERS}]{{3,}}|[{_NONZERO}][{CHARACTERS}0Oo]{{2,}}|零?[{_NONZERO}]零?|[零两]",
    re.ASCII,
)
# 一二〇〇万, 二〇亿, 一二三点五; without a zero or a fraction 三四五万 may be a row of numbers
_BY_PLACE = re.compile(
    rf"[{_NONZERO}](?:[{CHARACTERS}]{{3,}}|[{_NONZERO}]*零[{CHARACTERS}]*)(?:点[{CHARACTERS}]+)?"
    rf"|[{_NONZERO}][{CHARACTERS}]{{2,}}点[{CHARACTERS}]+"
)
_COEFFICIENT = rf"(?:[{_NONZERO}]|{_ARABIC})"
# What may stand before 万 or 亿, or at the end. 两 after a unit is a weight: 三百两
_SECTION = re.compile(
    rf"(?P<lead>零)?(?P<thousands>(?:两|{_COEFFICIENT})?千)?(?P<hundreds>(?:两|{_COEFFICIENT})?百)?"
    rf"(?P<tens>零?(?:{_COEFFICIENT}?十|[廿卅卌]))?(?P<ones>零?{_COEFFICIENT}|\A两)?"
    rf"(?:(?<![0-9])点(?P<fraction>[{CHARACTERS}]+)(?P<scale>[百千])?)?",
    re.ASCII,
)
_PLACES = (("thousands", 1000), ("hundreds", 100), ("tens", 10), ("ones", 1))
_UNIT = re.compile("([万亿兆])")
# typesetters put a blank between scripts: 1.5 亿; 15个亿 is said for 15亿
_FILLER = re.compile(r"(?<=[0-9]) (?=个?[百千万亿兆])|(?<=[^万亿兆])个(?=[万亿])")
# 四万万 is the older name of 四亿
_MYRIAD_MYRIADS = re.compile(r"\A([^0-9万]+)万万(?![万亿])")


def read_unsigned(text: str) -> Decimal:
    """Read a number without sign, in ASCII digits and Simplified characters, as an exact value.

    Raises ValueError when it is no number, or can be meant in two ways.

    >>> read_unsigned("1亿5000万"), read_unsigned("三点一四")
    (Decimal('150000000'), Decimal('3.14'))
    """
    if _PLAIN.fullmatch(text):
        return Decimal(text.translate(_DIGITS))
    if " " in text or "个" in text:
        text = _FILLER.sub("", text)
    if "万万" in text:
        text = _MYRIAD_MYRIADS.sub(r"\1亿", text)
    *pieces, last = _UNIT.split(text)
    reader = _Reader()
    with localcontext(_EXACT):
        for section, unit in zip(pieces[::2], pieces[1::2], strict=True):
            reader.take(section, _LARGE[unit])
        return reader.finish(last)


@dataclass(slots=True)
class _Section:
    """The part of a number before 万, 亿 or 兆, or after the last of them.

    Its own parts are added from left to right; each must be smaller than the unit before it.
    """

    value: Decimal = Decimal(0)
    unit: int = 0
    padded: bool = False
    bare: bool = False
    short: bool = False
    single: bool = False
    closed: bool = False
    filled: int = 0

    def add(self, part: str, unit: int) -> None:
        """Add 三百, 零五, 十 or 5000; raises ValueError where it does not fit."""
        skips = part.startswith("零")
        digits = part.removeprefix("零").rstrip("千百十").translate(_DIGITS)
        whole, point, _ = digits.partition(".")
        coefficient = Decimal(digits or 1)
        lone = unit == 1 and len(whole) == 1 and not skips
        self.single = lone and not self.unit and not self.padded
        self.short = lone and self.unit > 10
        if self.unit:
            self._check_order(coefficient, digits, unit, skips=skips)
        elif skips or (unit > 1 and not coefficient):
            raise ValueError
        else:
            self.bare = not digits and unit > 10
            self.filled = len(whole) if whole.startswith("0") else 0
        self.value += coefficient * (self.unit // 10 if self.short else unit)
        self.closed, self.unit = bool(point), unit

    def _check_order(self, coefficient: Decimal, digits: str, unit: int, *, skips: bool) -> None:
        # 零 fills at least one place: 一千零五百 and 三十零五 are slips of the pen
        limit = self.unit // 10 if skips else self.unit
        if limit <= unit or coefficient * unit >= limit or self.closed:
            raise ValueError
        # 百五 and 百十 are no exact numbers; 一千百 and 三百05 are none at all
        guessed = not digits if unit > 10 or self.bare else digits.startswith("0")
        if guessed or (self.short and (self.bare or "." in digits)):
            raise ValueError

    def add_fraction(self, digits: str, scale: str | None) -> None:
        """Add 点五, or the 点五千 of 三点五千万."""
        if self.short or self.closed or (scale and self.unit > 1):
            raise ValueError
        self.value += Decimal(f"0.{digits.translate(_DIGITS)}")
        self.value *= {"千": 1000, "百": 100}.get(scale or "", 1)
        self.closed = True


def _read_section(text: str, *, first: bool) -> _Section:
    if first and _BY_PLACE.fullmatch(text):
        return _Section(Decimal(text.translate(_DIGITS)), unit=1, closed="点" in text)
    match, section = _SECTION.fullmatch(text), _Section()
    if match is None:
        raise ValueError
    section.padded = match["lead"] is not None
    for place, unit in _PLACES:
        if match[place]:
            section.add(match[place], unit)
    if match["fraction"]:
        section.add_fraction(match["fraction"], match["scale"])
    misplaced = section.padded and section.unit if first else section.bare
    if misplaced or not (section.unit or section.padded or section.closed):
        raise ValueError
    return section


@dataclass(slots=True)
class _Reader:
    """Adds up the sections of a number, whose units 万, 亿 and 兆 must grow smaller."""

    total: Decimal = Decimal(0)
    limit: int = _NO_LIMIT
    highest: int = 0
    bare: bool = False
    coarse: bool = False
    closed: bool = False

    def take(self, text: str, unit: int) -> None:
        """Take a section and the unit behind it; 亿 and 兆 multiply what stands before with 万."""
        first = self.limit == _NO_LIMIT
        multiplies = self.highest == self.limit == _LARGE["万"] < unit
        if text:
            value = self._read_inner(text, unit, first=first, multiplies=multiplies)
        elif first or (multiplies and self.total):
            value, self.bare = Decimal(first), first
        else:
            raise ValueError
        if multiplies:
            self.total = (self.total + value) * unit
        else:
            self.total += value * unit
        # 3万5 leaves out 千, but 300万5 or 3万亿5 may leave out anything
        self.coarse = multiplies or not value % 100
        self.limit, self.highest = unit, max(self.highest, unit)

    def _read_inner(self, text: str, unit: int, *, first: bool, multiplies: bool) -> Decimal:
        section = _read_section(text, first=first)
        size = 1 if multiplies else unit
        if unit * (not multiplies) >= self.limit or section.value * size >= self.limit:
            raise ValueError
        if self.closed or section.short or not (section.unit or section.padded):
            raise ValueError
        if not first and not (section.value and self._fills(section, size)):
            raise ValueError
        if multiplies and section.single:
            raise ValueError
        self.closed = section.closed or not section.value
        return section.value

    def _fills(self, section: _Section, unit: int) -> bool:
        """Tell whether digits that start with 0 fill all places: 3万0500, but not 3万05."""
        return not section.filled or 10**section.filled * unit == self.limit

    def finish(self, text: str) -> Decimal:
        """Take what follows the last unit; 三万四 leaves out its own."""
        first = self.limit == _NO_LIMIT
        if not text and not first:
            return self.total
        section = _read_section(text, first=first)
        if first:
            if not section.unit and not (section.padded and section.closed):
                raise ValueError
            return section.value
        # 两 at the end is a weight
        unclear = self.closed or (text.startswith("两") and section.unit == 1)
        if unclear or (self.bare and not section.padded) or not self._fills(section, 1):
            raise ValueError
        if section.single:
            if self.coarse or section.closed:
                raise ValueError
            return self.total + section.value * self.limit / 10
        # 一亿五千 may well be 一亿五千万
        spaced = section.padded or section.filled or not section.unit
        unclear = self.limit > _LARGE["万"] and not spaced and section.value * 10 < self.limit
        nothing = not (section.unit or section.closed)
        if unclear or nothing or section.value >= self.limit:
            raise ValueError
        return self.total + section.value
