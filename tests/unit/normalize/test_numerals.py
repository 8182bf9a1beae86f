"""Numbers in digits and characters, read and printed."""

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.errors import GongshiError
from normalize.numerals import NumeralStyle, format_numeral, read_numeral


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.5", "1234.5"),
        ("１２３４", "1234"),
        ("1亿5000万", "150000000"),
        ("3万4000", "34000"),
        ("3万5", "35000"),
        ("15个亿", "1500000000"),
        ("1.2万亿", "1200000000000"),
        ("一万五千亿", "1500000000000"),
        ("一百二十三", "123"),
        ("一百零五", "105"),
        ("一百五", "150"),
        ("两千零五", "2005"),
        ("十五", "15"),
        ("廿三", "23"),
        ("卅", "30"),
        ("二〇二二", "2022"),
        ("零点五", "0.5"),
        ("三点五万", "35000"),
        ("壹佰贰拾萬", "1200000"),
        ("貳拾億", "2000000000"),
        ("負五", "-5"),
        ("百万", "1000000"),
        ("〇", "0"),
    ],
)
def test_reads_printed_numbers(text: str, value: str) -> None:
    assert read_numeral(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    ["", "二十二十二", "三五", "1,23", "十十", "百千", "五万六万", "个亿", "1.2.3", "一百零", "村"],
)
def test_refuses_what_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        read_numeral(text)


def test_refuses_endless_digits_with_a_sentence() -> None:
    with pytest.raises(GongshiError, match="too long"):
        read_numeral("1" * 400)


@pytest.mark.parametrize("text", ["3百4000", "3万40000", "三十百"])
def test_refuses_units_in_the_wrong_order(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        read_numeral(text)


@given(
    st.integers(min_value=0, max_value=10**16 - 1),
    st.sampled_from(["arabic", "separated", "full_width", "chinese", "financial", "mixed"]),
)
def test_every_style_reads_back(value: int, style: NumeralStyle) -> None:
    assert read_numeral(format_numeral(value, style)) == value


@given(st.integers(min_value=100, max_value=10**16 - 1))
def test_positional_style_reads_back(value: int) -> None:
    assert read_numeral(format_numeral(value, "positional")) == value


@given(
    st.decimals(min_value=-(10**9), max_value=10**9, places=3),
    st.sampled_from(["arabic", "separated", "full_width", "chinese", "mixed"]),
)
def test_fractions_and_signs_read_back(value: Decimal, style: NumeralStyle) -> None:
    assert read_numeral(format_numeral(value, style)) == value


@given(st.text(alphabet="〇零一二两三四五六七八九十百千万亿兆廿卅点个0123456789.,", max_size=80))
def test_reads_or_raises_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert read_numeral(text).is_finite()


def test_refuses_to_print_beyond_its_range() -> None:
    with pytest.raises(GongshiError, match="below 10"):
        format_numeral(10**16)


def test_refuses_short_positional_numbers() -> None:
    with pytest.raises(GongshiError, match="three digits"):
        format_numeral(12, "positional")
