"""Numbers in digits and characters, read and printed."""

import contextlib
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from case_files import Case, cases
from normalize.errors import GongshiError
from normalize.numerals import (
    MAX_NUMERAL_LENGTH,
    NumeralError,
    NumeralStyle,
    format_numeral,
    read_numeral,
)

STYLES = st.sampled_from(get_args(NumeralStyle))
WHOLE = st.integers(min_value=0, max_value=10**16 - 1)
# Numbers people print have many zeros, and those are where 零 is needed.
ROUND = st.builds(
    lambda digits, zeros: digits * 10**zeros % 10**16, st.integers(0, 99_999), st.integers(0, 15)
)
GAPPED = st.builds(lambda first, second: (first + second) % 10**16, ROUND, ROUND)
WRITTEN = (
    "〇零一二两三四五六七八九十百千万亿兆廿卅卌点个半多壹貳拾萬億0123456789.,．， －-+O\x00\ud800"
)


def plain(text: str) -> str:
    """The value as plain digits without needless zeros; the text itself when it is refused."""
    try:
        value = format(read_numeral(text), "f")
    except NumeralError:
        return text
    return value.rstrip("0").rstrip(".") if "." in value else value


@cases("numerals")
def test_printed_numbers_and_what_is_none(case: Case) -> None:
    case.check(plain(case.text))


def test_refusals_say_what_to_give() -> None:
    with pytest.raises(GongshiError, match=r"'二十二十二' is not a number: give digits"):
        read_numeral("二十二十二")
    with pytest.raises(ValueError, match="too long for a number: give at most 64"):
        read_numeral("1" * 400)


@given(WHOLE | ROUND | GAPPED, STYLES)
@example(100_005_000, "mixed")
@example(10_001_000_000_000, "financial_traditional")
def test_every_style_reads_back(value: int, style: NumeralStyle) -> None:
    if style != "positional" or value >= 100:
        assert read_numeral(format_numeral(value, style)) == value
        assert read_numeral(format_numeral(-value, style)) == -value


@given(
    st.decimals(min_value=-(10**15), max_value=10**15, places=3)
    | st.builds(lambda whole, part: whole + part / Decimal(100), GAPPED, st.integers(0, 99)),
    STYLES.filter(lambda style: style != "positional"),
)
def test_fractions_and_signs_read_back(value: Decimal, style: NumeralStyle) -> None:
    assert read_numeral(format_numeral(value, style)) == value


@given(st.decimals(allow_nan=True, allow_infinity=True) | st.integers(), STYLES)
@example(Decimal("1E-999999999"), "chinese")
@example(Decimal("0E-30"), "chinese")
@example(Decimal("0E+999999999"), "chinese")
@example(Decimal("sNaN"), "arabic")
@example(10**5000, "arabic")
def test_any_number_is_printed_to_read_back_or_refused(
    value: Decimal | int, style: NumeralStyle
) -> None:
    with contextlib.suppress(NumeralError):
        assert read_numeral(format_numeral(value, style)) == value


@given(st.integers(1, 9999), st.integers(1, 9999), st.sampled_from("万亿"))
def test_groups_of_digits_add_up(group: int, tail: int, unit: str) -> None:
    size = {"万": 10**4, "亿": 10**8}[unit]
    assert read_numeral(f"{group}{unit}零{tail}") == group * size + tail
    assert read_numeral(f"{group}{unit}{tail:0{len(str(size)) - 1}}") == group * size + tail


@given(st.decimals(min_value=0, max_value=10**6, places=2), st.sampled_from("千万亿兆"))
def test_decimals_multiply_exactly(value: Decimal, unit: str) -> None:
    size = {"千": 10**3, "万": 10**4, "亿": 10**8, "兆": 10**12}[unit]
    if value or unit != "千":
        assert read_numeral(f"{value}{unit}") == value * size


@given(st.text(alphabet=WRITTEN, max_size=80) | st.text(max_size=80))
def test_any_text_is_a_finite_number_or_refused(text: str) -> None:
    with contextlib.suppress(NumeralError):
        assert read_numeral(text).is_finite()
        assert len(text) <= MAX_NUMERAL_LENGTH


@given(st.text(alphabet="零一二三五十百千万亿点", min_size=1, max_size=10))
def test_traditional_and_financial_spellings_mean_the_same(text: str) -> None:
    other = text.translate(str.maketrans("零一二三五十百千万亿点", "〇壹貳參伍拾佰仟萬億點"))
    assert (plain(text) == text) == (plain(other) == other)
    if plain(text) != text:
        assert plain(text) == plain(other)


@pytest.mark.parametrize(
    ("value", "style", "text"),
    [
        (12345, "arabic", "12345"),
        (12345, "separated", "12,345"),
        (-12345, "full_width", "－１２３４５"),
        (15, "chinese", "十五"),
        (150_000, "chinese", "十五万"),
        (100_005_000, "chinese", "一亿零五千"),
        (1_000_300_000_000, "chinese", "一万零三亿"),
        (12345, "traditional", "一萬二千三百四十五"),
        (Decimal("-3.14"), "traditional", "負三點一四"),
        (15, "financial", "壹拾伍"),
        (2_350_000, "financial_traditional", "貳佰參拾伍萬"),
        (2022, "positional", "二〇二二"),
        (100_005_000, "mixed", "1亿零5000"),
        (10_005, "mixed", "1万零5"),
    ],
)
def test_prints_as_people_write(value: Decimal | int, style: NumeralStyle, text: str) -> None:
    assert format_numeral(value, style) == text


@pytest.mark.parametrize("value", [10**16, -(10**16), Decimal("Infinity"), Decimal("NaN")])
def test_refuses_to_print_beyond_its_range(value: Decimal | int) -> None:
    with pytest.raises(GongshiError, match="below 10"):
        format_numeral(value)


@pytest.mark.parametrize("value", [12, Decimal("123.5")])
def test_refuses_positional_forms_nobody_reads(value: Decimal | int) -> None:
    with pytest.raises(GongshiError, match="three digits"):
        format_numeral(value, "positional")


def test_refuses_to_print_more_digits_than_can_be_read() -> None:
    with pytest.raises(GongshiError, match="too many digits"):
        format_numeral(Decimal("12." + "3" * 63))
