"""What a printed number is worth: values, ranges of round numbers, and open ends."""

import re
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from normalize.numerals import read_numeral

HAN_DIGITS = "一二两三四五六七八九"
"""Digits that may stand alone before a classifier."""
HAN_NUMERALS = f"〇零{HAN_DIGITS}十百千万亿兆廿卅"
"""Characters a number in Chinese characters is made of."""

# Typesetters part thousands with blanks too: 1 200 户, but only where a unit follows.
_SPACED = r"(?<!\d )[1-9]\d{0,2}(?: \d{3}){1,4}(?![\d.,])(?=\s?[一-鿿A-Za-z%℃㎡])"
# The decimal point of older newspapers: 44·2万; “3·15” is a day.
_OLD_POINT = r"·\d{1,2}(?=\s?[万亿%元米公平吨度千百亩倍美])"
_ARABIC = rf"(?:{_SPACED}|\d{{1,3}}(?:,\d{{3}}){{1,6}}(?![\d,])|\d++)(?:\.\d++|{_OLD_POINT})?"
# 千米, 千克 and 兆瓦 are units.
_LARGE = "(?:[十百万亿]|千(?![米克瓦卡帕赫伏])|兆(?![瓦赫帕位字]))"
_HAN_LARGE = "千(?![克瓦卡帕赫伏])"
# 李四两位业主: the 两 begins a number of its own
_NO_UNITS = str.maketrans("", "", "千兆两")
_HAN = (
    rf"两(?=[位名])|(?:[几数](?=[十百千万亿]))?(?:[{HAN_NUMERALS.translate(_NO_UNITS)}]"
    rf"|{_HAN_LARGE}|两(?!(?<=[{HAN_DIGITS}]两)[位名])|兆(?![瓦赫帕位字])){{1,40}}+几?(?:点[〇零{HAN_DIGITS}]{{1,8}})?"
)
# 收拾陆家老屋 has no sixteen
_FINANCIAL = "(?<!收)[壹贰貳叁參肆伍陆陸柒捌玖拾][壹贰貳叁參肆伍陆陸柒捌玖拾佰仟万亿零]{1,24}"
_TAIL = (
    rf"(?:(?:个(?=[亿万])|[余多来几](?=[十百千万亿])|(?<=\d) (?=[万亿]))?{_LARGE}{{1,2}}"
    rf"(?:零?(?:{_ARABIC})|(?:[零{HAN_DIGITS}十百]|{_HAN_LARGE}){{1,8}})?){{0,3}}"
)
_FINANCIAL_HEAD = "壹贰貳叁參肆伍陆陸柒捌玖拾"
# One set of characters first, which the engine skips to at memory speed; then what must follow it.
NUMBER_START = re.compile(
    rf"[0-9几数半首番{_FINANCIAL_HEAD}{HAN_NUMERALS}]"
    rf"(?:(?<![几数首番{_FINANCIAL_HEAD}])|(?<=[几数])(?=[十百千万亿])|(?<=首)(?=[批届次])|(?<=翻番)"
    rf"|(?<=[{_FINANCIAL_HEAD}])(?=[{_FINANCIAL_HEAD}佰仟万亿零]))"
)
"""Where a number may begin: a gate that is ten times as fast as `NUMBER`."""
NUMBER = re.compile(
    rf"(?:{_ARABIC}|{_FINANCIAL}|{_HAN}){_TAIL}(?:[余多来](?![自到访往源临料]))?|半|首(?=[批届次])|(?<=翻)番",
    re.ASCII,
)
"""A number as printed, with its multipliers and a 余, 多 or 来 that follows directly."""

FRACTION = re.compile(rf"分之(?P<part>{_ARABIC}|{_HAN})", re.ASCII)
"""The second half of 三分之二 or 百分之五."""

_OPEN = {"余": ">", "多": ">", "来": "~"}
_OPEN_CHARACTER = re.compile("[余多来]")
_ROUND = re.compile(r"(?:[几数]|[1-9](?=几))几?([十百千万亿]+)")
_TEENS = re.compile(rf"([{HAN_DIGITS}]?十|[{HAN_DIGITS}]?百)几([万亿]?)")
_PAIR = re.compile(rf"([{HAN_DIGITS}])([{HAN_DIGITS}])(?=[十百千万亿]|$)")
_BARE = re.compile(r"[百千万亿]{1,2}")
_LONGEST = 48
# most numbers of the news are of these two forms: read them without the grammar
_PLAIN = re.compile(
    r"(?P<digits>[1-9]\d{0,14}(?:\.\d{1,8})?|0\.\d{1,8})(?P<unit>[万亿]?)", re.ASCII
)
_FACTORS = MappingProxyType({"万": Decimal(10**4), "亿": Decimal(10**8)})
_SINGLE = MappingProxyType(
    {"两": Decimal(2)}
    | {digit: Decimal(index) for index, digit in enumerate("零一二三四五六七八九十")}
)
_WORDS = MappingProxyType({"首": Decimal(1), "半": Decimal("0.5"), "番": Decimal(2)})


@dataclass(slots=True)
class Amount:
    """A number read from its printed form, before its unit is known."""

    value: Decimal | None
    """Exact value; None for a range."""
    low: Decimal | None = None
    """Lower end of a range."""
    high: Decimal | None = None
    """Upper end of a range."""
    comparator: str = "="
    """What a 余, 多 or 来 inside the number says."""
    marker: str | None = None
    """That character."""
    bare: bool = False
    """Whether only multipliers are printed (千), which counts only beside a marker."""

    def times(self, factor: Decimal) -> "Amount":
        """Multiply every bound.

        >>> Amount(Decimal(9)).times(Decimal(10)).value
        Decimal('90')
        """
        if factor == 1:
            return self
        value, low, high = (
            None if bound is None else bound * factor for bound in (self.value, self.low, self.high)
        )
        return Amount(value, low, high, self.comparator, self.marker, self.bare)


def read_amount(surface: str) -> Amount | None:
    """Read a printed number with its open ends; None when it is not one.

    几十 is 20 to 90, 数百 200 to 900, 三五 3 to 5, 十几 11 to 19; 十余 is 10 with `>`.

    >>> amount = read_amount("几十")
    >>> amount is not None and (int(amount.low or 0), int(amount.high or 0))
    (20, 90)
    """
    if len(surface) > _LONGEST:
        return None
    surface = surface.replace("·", ".")
    if plain := _PLAIN.fullmatch(surface):
        value = Decimal(plain["digits"])
        factor = _FACTORS.get(plain["unit"])
        value = value * factor if factor else value
        return Amount(
            value.to_integral_value() if "." in surface and value == int(value) else value
        )
    if surface in _SINGLE:
        return Amount(_SINGLE[surface])
    try:
        return _read(surface)
    except ValueError:
        return None


def _read(surface: str) -> Amount:
    opened = _OPEN_CHARACTER.search(surface)
    number = surface.replace(opened.group(), "", 1) if opened else surface
    comparator = _OPEN[opened.group()] if opened else "="
    marker = opened.group() if opened else None
    if number in _WORDS:
        return Amount(_WORDS[number])
    bounds = _read_bounds(number)
    if bounds:
        return Amount(None, *bounds, comparator="~" if opened else "=", marker=marker)
    value = read_numeral(number)
    if value == value.to_integral_value():
        value = value.to_integral_value()
    return Amount(value, None, None, comparator, marker, bare=bool(_BARE.fullmatch(number)))


def _read_bounds(number: str) -> tuple[Decimal, Decimal] | None:
    if match := _ROUND.fullmatch(number):
        unit = read_numeral(match.group(1))
        return unit * 2, unit * 9
    if match := _TEENS.fullmatch(number):
        base, step = read_numeral(match.group(1)), 1 if match.group(1).endswith("十") else 10
        factor = read_numeral(match.group(2)) if match.group(2) else Decimal(1)
        return (base + step) * factor, (base + 9 * step) * factor
    pair = _PAIR.search(number)
    if pair and not _extends_digits(number, pair):
        first, second = (int(read_numeral(digit)) for digit in pair.groups())
        if second == first + 1 or (first, second) == (3, 5):
            head, tail = number[: pair.start()], number[pair.end() :]
            return read_numeral(f"{head}{pair[1]}{tail}"), read_numeral(f"{head}{pair[2]}{tail}")
    return None


def _extends_digits(number: str, pair: re.Match[str]) -> bool:
    """Tell whether the two digits belong to a longer row of digits (一二三, 二〇二二)."""
    before = number[pair.start() - 1 : pair.start()] if pair.start() else ""
    return before in tuple("〇零" + HAN_DIGITS)
