"""Reads and writes numbers the way Chinese texts print them: digits, characters and mixtures."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from normalize.errors import GongshiError

MAX_NUMERAL_LENGTH = 64
"""Longest string that is read as a number; no printed figure comes near it."""

NumeralStyle = Literal[
    "arabic", "separated", "full_width", "chinese", "financial", "positional", "mixed"
]
"""Ways to print a number: 12345; 12,345; １２３４５; 一万二千三百四十五; 壹万贰仟叁佰肆拾伍;
一二三四五; 1万2345."""

_CHARACTERS = "零一二三四五六七八九"
_DIGITS = MappingProxyType({char: index for index, char in enumerate(_CHARACTERS)})
_TENS = MappingProxyType({"廿": 2, "卅": 3})
_SMALL = MappingProxyType({"十": 10, "百": 100, "千": 1000})
_LARGE = MappingProxyType({"万": 10**4, "亿": 10**8, "兆": 10**12})
_SECTION = 10**4
_FOLD = str.maketrans(
    "０１２３４５６７８９，．－＋〇○两兩壹贰貳叁參肆伍陆陸柒捌玖拾佰仟萬億點個负負−",
    "0123456789,.-+零零二二一二二三三四五六六七八九十百千万亿点个---",
)
_FINANCIAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
_FULL_WIDTH = str.maketrans("0123456789.-", "０１２３４５６７８９．－")
_ARABIC = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?", re.ASCII)
_POSITIONAL = re.compile(rf"[{_CHARACTERS}]{{3,}}|零?[{_CHARACTERS[1:]}]零?|零")
_TOKEN = re.compile(
    rf"(?P<arabic>{_ARABIC.pattern})|(?P<fraction>点[{_CHARACTERS}]+)|(?P<zero>零)"
    rf"|(?P<digit>[{_CHARACTERS}])|(?P<tens>[廿卅])|(?P<small>[十百千])|(?P<large>[万亿兆])"
    r"|(?P<filler>个(?=[万亿]))",
    re.ASCII,
)


class NumeralError(GongshiError, ValueError):
    """A string is not a number.

    >>> isinstance(NumeralError("'二十二十二' is not a number"), ValueError)
    True
    """


@dataclass(slots=True)
class _Reader:
    """Adds up a numeral from left to right; every unit must be smaller than the one before."""

    total: Decimal = Decimal(0)
    section: Decimal = Decimal(0)
    pending: Decimal | None = None
    unit: int = 0
    small_limit: int = _SECTION
    large_limit: int = 10**16
    highest: int = 0
    padded: bool = False
    colloquial: bool = False
    closed: bool = False

    def take_arabic(self, token: str) -> None:
        """Take digits: `5000` after 1亿 or 万."""
        self._hold(Decimal(token.replace(",", "")), single=len(token) == 1)

    def take_digit(self, token: str) -> None:
        """Take one character digit."""
        self._hold(Decimal(_DIGITS[token]), single=True)

    def take_zero(self, _token: str) -> None:
        """Take 零, which stands before a fraction or fills a gap between units."""
        if self.pending is not None or self.padded or self.closed:
            raise ValueError
        if self.unit:
            self.padded = True
        else:
            self.pending = Decimal(0)

    def take_fraction(self, token: str) -> None:
        """Take 点五, after which only 万, 亿 or 兆 may follow."""
        if self.closed or (self.pending is None and (self.padded or not self.unit)):
            raise ValueError
        digits = "".join(str(_DIGITS[char]) for char in token[1:])
        self.section += (self.pending or Decimal(0)) + Decimal(f"0.{digits}")
        self.pending, self.padded, self.closed = None, False, True

    def take_tens(self, token: str) -> None:
        """Take 廿 or 卅."""
        self._hold(Decimal(_TENS[token]), single=True)
        self.take_small("十")

    def take_small(self, token: str) -> None:
        """Take 十, 百 or 千."""
        unit = _SMALL[token]
        if self.pending is None and (unit == 10 or not (self.unit or self.padded)):
            self.pending = Decimal(1)
        if self.closed or not self.pending or unit >= self.small_limit:
            raise ValueError
        self.section += self.pending * unit
        self.pending, self.padded = None, False
        self.unit = self.small_limit = unit

    def take_large(self, token: str) -> None:
        """Take 万, 亿 or 兆; a larger one multiplies all that stands before it (万亿)."""
        unit = _LARGE[token]
        group = self.section + (self.pending or Decimal(0))
        multiplies = bool(self.highest) and self.highest < unit
        if not group and not self.unit and self.pending is None:
            group = Decimal(1)
        if (not group and not multiplies) or not (multiplies or unit < self.large_limit):
            raise ValueError
        self.total = (self.total + group) * unit if multiplies else self.total + group * unit
        self.section, self.pending = Decimal(0), None
        self.padded = self.closed = False
        self.small_limit, self.unit, self.large_limit = _SECTION, unit, unit
        self.highest = max(self.highest, unit)

    def take_filler(self, _token: str) -> None:
        """Take the 个 of 15个亿."""
        if self.pending is None and not self.section:
            raise ValueError

    def finish(self) -> Decimal:
        """Close the number; 三万四 and 三百五 leave out their last unit."""
        if self.pending is None:
            if self.padded:
                raise ValueError
            return self.total + self.section
        if self.colloquial and self.unit > 10 and not self.padded:
            return self.total + self.section + self.pending * self.unit / 10
        return self.total + self.section + self.pending

    def _hold(self, number: Decimal, *, single: bool) -> None:
        limit = min(self.small_limit if self.section else self.large_limit, self.large_limit)
        if self.pending is not None or self.closed or (self.unit and number >= limit):
            raise ValueError
        self.pending, self.colloquial = number, single


_TAKERS: Mapping[str, Callable[[_Reader, str], None]] = MappingProxyType(
    {
        "arabic": _Reader.take_arabic,
        "fraction": _Reader.take_fraction,
        "zero": _Reader.take_zero,
        "digit": _Reader.take_digit,
        "tens": _Reader.take_tens,
        "small": _Reader.take_small,
        "large": _Reader.take_large,
        "filler": _Reader.take_filler,
    }
)


def read_numeral(text: str) -> Decimal:
    """Read a whole string as one exact number.

    Takes Arabic digits with separators and decimals, full width, Chinese and financial
    characters, and mixtures of them. Ranges and round words such as 几十 are not numbers.
    Raises NumeralError, a ValueError, when any part of the string cannot be read.

    >>> [int(read_numeral(text)) for text in ("1亿5000万", "15个亿", "二〇二二", "三万四")]
    [150000000, 1500000000, 2022, 34000]
    """
    if len(text) > MAX_NUMERAL_LENGTH:
        raise NumeralError(
            f"{text[:12]!r}… is too long for a number: give at most {MAX_NUMERAL_LENGTH} characters"
        )
    folded = text.strip().translate(_FOLD)
    negative = folded.startswith("-")
    body = folded[1:] if folded[:1] in ("-", "+") else folded
    try:
        value = _read_unsigned(body)
    except ValueError:
        raise NumeralError(f"{text!r} is not a number: give digits or Chinese numerals") from None
    return -value if negative else value


def _read_unsigned(text: str) -> Decimal:
    if _ARABIC.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if _POSITIONAL.fullmatch(text):
        return Decimal("".join(str(_DIGITS[char]) for char in text))
    reader, position = _Reader(), 0
    while match := _TOKEN.match(text, position):
        kind = match.lastgroup
        assert kind is not None
        _TAKERS[kind](reader, match.group())
        position = match.end()
    if not text or position != len(text):
        raise ValueError
    return reader.finish()


def format_numeral(value: Decimal | int, style: NumeralStyle = "chinese") -> str:
    """Print a number in one of the styles Chinese writers use.

    Takes a finite number below 10^16 and gives text that `read_numeral` reads back. `positional`
    takes whole numbers of three digits or more. Raises NumeralError for a number out of range.

    >>> format_numeral(150_000_003), format_numeral(12345, "mixed")
    ('一亿五千万零三', '1万2345')
    """
    number = Decimal(value)
    if not number.is_finite() or abs(number) >= 10**16:
        raise NumeralError(f"{value} cannot be printed: give a finite number below 10^16")
    plain = format(abs(number), "f")
    sign = "-" if number < 0 else ""
    if style in ("chinese", "financial", "positional"):
        sign = "负" if number < 0 else ""
    return sign + _format_unsigned(plain, style)


def _format_unsigned(plain: str, style: NumeralStyle) -> str:
    whole, _, fraction = plain.partition(".")
    if style == "arabic":
        return plain
    if style == "full_width":
        return plain.translate(_FULL_WIDTH)
    if style == "separated":
        return f"{int(whole):,}" + (f".{fraction}" if fraction else "")
    if style == "mixed":
        return _format_mixed(int(whole), fraction)
    if style == "positional":
        if fraction or len(whole) < 3:
            raise NumeralError(f"{plain} has no positional form: give three digits or more")
        return "".join(_CHARACTERS[int(char)] for char in whole).replace("零", "〇")
    text = _format_whole(int(whole))
    if fraction:
        text += "点" + "".join(_CHARACTERS[int(char)] for char in fraction)
    return text.translate(_FINANCIAL) if style == "financial" else text


def _format_mixed(whole: int, fraction: str) -> str:
    """Write 1亿5000万3; a last group of one digit is set off by 零, since 1万5 means 15000."""
    if fraction:
        return f"{whole}.{fraction}"
    text = ""
    for name, unit in (("亿", 10**8), ("万", 10**4)):
        if whole >= unit:
            text, whole = f"{text}{whole // unit}{name}", whole % unit
    if whole and text and whole < 10:
        return f"{text}零{whole}"
    return f"{text}{whole}" if whole or not text else text


def _format_whole(whole: int) -> str:
    if not whole:
        return "零"
    parts: list[str] = []
    for name, unit in (("亿", 10**8), ("万", 10**4), ("", 1)):
        group, whole = divmod(whole, unit)
        if not group:
            continue
        # a gap between two groups is spoken as one 零
        if parts and group < _SECTION // 10:
            parts.append("零")
        parts.append((_format_whole(group) if group >= _SECTION else _format_group(group)) + name)
    return "".join(parts)


def _format_group(group: int) -> str:
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, group = divmod(group, unit)
        if digit:
            text += ("零" if gap and text else "") + _CHARACTERS[digit] + name
        gap = not digit
    return text
