"""The generator of the bracket corruption does what damaged sites do, down to the byte."""

import pytest

from corruption import Corruption, corrupt, decode_leniently, make_corruption, to_traditional
from normalize.gbk import load_codes


def site(*table: str, breaks: str = "", **switches: object) -> Corruption:
    return Corruption(tuple((row[0], row[1:]) for row in table), breaks, **switches)  # type: ignore[arg-type]


def test_an_annotation_stands_behind_its_character() -> None:
    assert corrupt("城乡社区", site("鄉xiāng", "區qū")) == "城鄉(xiāng)社區(qū)"


def test_bytes_are_replaced_across_characters_in_the_order_of_the_table() -> None:
    # 日報 is C8D5 88F3, and D588 is 請.
    assert corrupt("资阳日报", site("報bào", "請qǐng")) == "資陽日?qǐng)?bào)"
    # With 請 first the bytes of 報 no longer stand together.
    assert corrupt("资阳日报讯", site("請qǐng", "報bào")) == "資陽日?qǐng)笥?"


def test_a_single_byte_brings_the_decoder_back_into_step() -> None:
    assert corrupt("分摊运行", site("謹jǐn", "運yùn")) == "分?jǐn)傔\\(yùn)行"


def test_punctuation_is_split_off_by_its_bytes() -> None:
    # 保可 is B1A3 BFC9, and A3BF is the full-width question mark.
    assert corrupt("确保可靠", site(breaks="？")) == "確?？煽?"


def test_a_swallowed_bracket_leaves_the_rest_of_its_tag() -> None:
    assert corrupt("实打实", site("驅qū", "實shí", closing="</p>")) == "實(shí)打?qū)?/p>"


def test_a_swallowed_digit_is_gone() -> None:
    assert corrupt("日报2份", site("請qǐng")) == "日?qǐng)?份"


def test_pairs_that_stand_for_nothing_become_private_use() -> None:
    assert decode_leniently(b"\xaa\xa1") == "\ue000"


def test_code_page_936_reads_a_lone_80_as_the_euro_sign() -> None:
    assert decode_leniently(b"\x80(") == "€("
    assert decode_leniently(b"\x80(", euro=False) == "?"


def test_ambiguous_characters_stay_simplified() -> None:
    assert to_traditional("后里干系征制范余") == "后里干系征制范余"
    assert to_traditional("为众启") == "為眾啟"


@pytest.mark.parametrize("size", [300, 1500])
def test_tables_hold_frequent_traditional_characters_with_one_reading_each(size: int) -> None:
    table = make_corruption(size, seed=1).table
    assert len(table) == size == len({character for character, _ in table})
    assert all(character in load_codes().pair for character, _ in table)
    assert table != make_corruption(size, seed=2).table
