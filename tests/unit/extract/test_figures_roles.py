"""Numbers that are no figures, each with its role."""

import pytest

from extract.figures import find_figures


def roles(text: str) -> list[tuple[str, str]]:
    return [(one.surface, one.role) for one in find_figures(text)]


@pytest.mark.parametrize(
    ("text", "surface", "role"),
    [
        ("电话0573-82520000", "0573-82520000", "identifier"),
        ("拨打热线12345", "12345", "identifier"),
        ("浙ICP备05000000号", "05000000", "identifier"),
        ("浏览次数:4521", "4521", "identifier"),
        ("建5G基站", "5", "identifier"),
        ("国发〔2020〕12号", "12", "identifier"),
        ("第三批名单", "三", "ordinal"),
        ("首批名单", "首", "ordinal"),
        ("获三等奖", "三", "ordinal"),
        ("党的二十大以来", "二十", "ordinal"),
        ("“五社联动”", "五", "label"),
        ("“1+6+N”体系", "1+6+N", "label"),
        ("三年行动计划", "三", "label"),
        ("打造15分钟生活圈", "15", "label"),
        ("三社联动", "三", "label"),
        ("三台县", "三", "name"),
        ("二七区", "二七", "name"),
        ("十七都村", "十七", "name"),
        ("五家渠市", "五", "name"),
        ("七里河区", "七", "name"),
        ("一、总体要求", "一、", "index"),
        ("(二)工作目标", "(二)", "index"),
        ("3.加强领导", "3.", "index"),
        ("2021年11月21日", "2021年11月21日", "date"),
        ("2022-4-6 11:15", "2022-4-6 11:15", "date"),
        ("二〇二二年三月", "二〇二二年三月", "date"),
        ("上午9时30分", "9时30分", "date"),
        ("星期五上午", "五", "date"),
        ("千方百计增收", "千", "word"),
        ("大家一起来", "一", "word"),
        ("这项工作十分重要", "十", "label"),
    ],
)
def test_role(text: str, surface: str, role: str) -> None:
    assert (surface, role) in roles(text)


def test_an_ordinal_keeps_its_value() -> None:
    assert find_figures("第三批")[0].value == 3


def test_words_of_characters_that_are_also_numerals_are_not_read() -> None:
    assert roles("队伍走上陆地") == []


def test_given_places_mask_their_numbers() -> None:
    text = "八里店新建凉亭"
    assert [one.rule for one in find_figures(text, places=[(0, 3)])] == ["gazetteer"]


def test_a_figure_beside_a_place_is_found() -> None:
    found = find_figures("三台县新建凉亭3个", places=[(0, 3)])
    assert [(one.surface, one.role) for one in found] == [("三", "name"), ("3", "figure")]


@pytest.mark.parametrize("text", ["一个社区", "一条路", "每一户", "统一部署", "建设一批场景"])
def test_one_as_an_article_counts_nothing(text: str) -> None:
    assert [role for _, role in roles(text)] == ["word"]


@pytest.mark.parametrize("text", ["新增一个社区", "为期一年", "从一名增加到五名"])
def test_one_counts_where_the_words_say_so(text: str) -> None:
    assert roles(text)[0] == ("一", "figure")


def test_numbers_in_addresses_are_skipped() -> None:
    assert roles("见http://www.example.cn/2022/03/5.html。") == []


def test_a_unit_that_begins_another_word_is_none() -> None:
    assert roles("3个体户") == [("3", "identifier")]
