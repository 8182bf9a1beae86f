"""Reads and writes numbers the way Chinese texts print them: digits, characters and mixtures."""

from decimal import Decimal
from typing import Literal

from normalize.errors import GongshiError
from normalize.numeral_grammar import CHARACTERS, read_unsigned

MAX_NUMERAL_LENGTH = 64
"""Longest string that is read as a number; no printed figure comes near it."""

NumeralStyle = Literal[
    "arabic",
    "separated",
    "full_width",
    "chinese",
    "traditional",
    "financial",
    "financial_traditional",
    "positional",
    "mixed",
]
"""Ways to print a number: 12345; 12,345; １２３４５; 一万二千三百四十五; 一萬二千三百四十五;
壹万贰仟叁佰肆拾伍; 壹萬貳仟參佰肆拾伍; 一二三四五; 1万2345."""

_FOLD = str.maketrans(
    "０１２３４５６７８９，．－＋〇○◯兩壹贰貳叁參叄肆伍陆陸柒捌玖拾佰仟萬億點個卄负負−"
    "\xa0\u2007\u2009\u202f",
    "0123456789,.-+零零零两一二二三三三四五六六七八九十百千万亿点个廿---    ",
)
_FINANCIAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
_TRADITIONAL = str.maketrans("万亿点负贰叁陆", "萬億點負貳參陸")
_FULL_WIDTH = str.maketrans("0123456789.-", "０１２３４５６７８９．－")


class NumeralError(GongshiError, ValueError):
    """A string is not a number.

    >>> isinstance(NumeralError("'二十二十二' is not a number"), ValueError)
    True
    """


def read_numeral(text: str) -> Decimal:
    """Read a whole string as one exact number.

    Takes Arabic digits with separators and decimals, full width, Chinese and financial characters
    in both scripts, and mixtures of them. 三万五 is 35000, as it is spoken. Ranges, round words
    such as 几十, and what can be meant in two ways (一亿五千, 三百五万, 万五) are not numbers.
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
        value = read_unsigned(body)
    except ValueError:
        raise NumeralError(f"{text!r} is not a number: give digits or Chinese numerals") from None
    return value.copy_negate() if negative and value else value


def format_numeral(value: Decimal | int, style: NumeralStyle = "chinese") -> str:
    """Print a number in one of the styles Chinese writers use.

    Takes a finite number below 10^16 and gives text that `read_numeral` reads back. `positional`
    takes whole numbers of three digits or more. Raises NumeralError for a number out of range or
    with more digits than can be read.

    >>> format_numeral(150_000_003), format_numeral(12345, "mixed")
    ('一亿五千万零三', '1万2345')
    """
    number = Decimal(value)
    exponent = number.as_tuple().exponent
    limits = isinstance(exponent, int) and exponent >= -MAX_NUMERAL_LENGTH
    if not limits or number.copy_abs() >= 10**16:
        raise NumeralError(f"{number:.3E} cannot be printed: give a finite number below 10^16")
    plain = format(number.copy_abs(), "f")
    text = _format_arabic(plain, style) or _format_characters(plain, style)
    if number < 0:
        text = ("-" if text[0] in "0123456789" else "负") + text
    if style == "full_width":
        text = text.translate(_FULL_WIDTH)
    if style.endswith("traditional"):
        text = text.translate(_TRADITIONAL)
    if len(text) > MAX_NUMERAL_LENGTH:
        raise NumeralError(f"{number:.3E} has too many digits: round it before printing")
    return text


def _format_arabic(plain: str, style: NumeralStyle) -> str:
    """Print in digits; an empty string for the styles in characters."""
    whole, _, fraction = plain.partition(".")
    if style in ("arabic", "full_width"):
        return plain
    if style == "separated":
        return f"{int(whole):,}" + (f".{fraction}" if fraction else "")
    if style == "mixed":
        return plain if fraction else _format_mixed(int(whole))
    return ""


def _format_mixed(whole: int) -> str:
    """Write 1亿5000万零3; 零 sets off what 1万5 and 1亿5000 leave open."""
    text, left = "", whole
    for name, unit in (("亿", 10**8), ("万", 10**4)):
        if left >= unit:
            text, left = f"{text}{left // unit}{name}", left % unit
    if left and text:
        return f"{text}零{left}" if left < 10 or text[-1] == "亿" else f"{text}{left}"
    return text or str(whole)


def _format_characters(plain: str, style: NumeralStyle) -> str:
    whole, _, fraction = plain.partition(".")
    if style == "positional":
        if fraction or len(whole) < 3:
            raise NumeralError(f"{plain} has no positional form: give three digits or more")
        return "".join(CHARACTERS[int(char)] for char in whole).replace("零", "〇")
    text = _format_whole(int(whole))
    if fraction:
        text += "点" + "".join(CHARACTERS[int(char)] for char in fraction)
    if style.startswith("financial"):
        return text.translate(_FINANCIAL)
    # 十五 is what people write, 壹拾伍 what they fill in
    return text.removeprefix("一") if text.startswith("一十") else text


def _format_whole(whole: int) -> str:
    if not whole:
        return "零"
    parts: list[str] = []
    gap = False
    for name, unit in (("亿", 10**8), ("万", 10**4), ("", 1)):
        group, whole = divmod(whole, unit)
        if group:
            # empty places between two groups are spoken as one 零
            if parts and (gap or group < 1000):
                parts.append("零")
            large = group >= 10**4
            parts.append((_format_whole(group) if large else _format_group(group)) + name)
        gap = not group
    return "".join(parts)


def _format_group(group: int) -> str:
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, group = divmod(group, unit)
        if digit:
            text += ("零" if gap and text else "") + CHARACTERS[digit] + name
        gap = not digit
    return text
