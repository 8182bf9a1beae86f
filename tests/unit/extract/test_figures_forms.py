"""Figures printed in two steps, against each other, with signs, in speech and in tables."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.figure_records import Figure
from extract.figures import find_figures


def only(text: str) -> Figure:
    [figure] = [one for one in find_figures(text) if one.role == "figure"]
    return figure


def roles(text: str) -> list[tuple[str, str]]:
    return [(one.surface, one.role) for one in find_figures(text)]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("花了2元8角", "2.8", "元"),
        ("共计贰仟叁佰元陆角", "2300.6", "元"),
        ("卖三块五一碗", "3.5", "元"),
        ("便宜了八毛钱", "0.8", "元"),
        ("涨到1块2。", "1.2", "元"),
        ("每人收12块的工本费", "12", "元"),
        ("挂了12块牌子", "12", "块"),
        ("水深1米2", "1.2", "米"),
        ("身高1米78", "1.78", "米"),
        ("称了3斤2两", "3.2", "斤"),
        ("用时4小时30分钟", "4.5", "小时"),
        ("占四成六", "46", "%"),
        ("压减一成半", "15", "%"),
        ("全场九五折", "9.5", "折"),
        ("剩下半亩地", "0.5", "亩"),
        ("睡了四个半钟头", "4.5", "小时"),
        ("增速为-4.2%", "-4.2", "%"),
        ("降至零下18℃", "-18", "℃"),
        ("共 1 200 户", "1200", "户"),
        ("完成投资 3.6 亿 元", "360000000", "元"),
        ("全长9.87千米", "9.87", "公里"),
        ("装机30万千瓦", "300000", "千瓦"),
        ("每月房租四千八,太贵", "4800", "元"),
        ("欠费RMB1,032.5元", "1032.5", "元"),
        ("限七日内缴清", "7", "日"),
    ],
)
def test_printed_in_steps(text: str, value: str, unit: str) -> None:
    figure = only(text)
    assert (figure.value, figure.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    ("text", "surface", "value"),
    [
        ("配比达到1:1.6", "1:1.6", "0.625"),
        ("比例为一比五", "一比五", "0.2"),
        ("占总人口的1/4", "1/4", "0.25"),
        ("中奖率千万分之一", "千万分之一", "1E-7"),
        ("按5:3:2分担", "5:3:2", None),
    ],
)
def test_ratios(text: str, surface: str, value: str | None) -> None:
    figure = only(text)
    assert (figure.surface, figure.kind) == (surface, "ratio")
    assert figure.value == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("text", "surface", "role"),
    [
        ("以3比2险胜", "3比2", "score"),
        ("最终1-3告负", "1-3", "score"),
        ("晚上11:20散场", "11:20", "date"),
        ("屏幕显示25:61", "25:61", "identifier"),
        ("近三年新增绿地", "三", "date"),
        ("前三个月降雨", "三", "date"),
        ("民國110年起辦理", "110年", "date"),
        ("北纬30度", "30", "identifier"),
        ("三年级二班", "二", "ordinal"),
        ("三个一批", "三", "label"),
        ("10^400元", "400", "identifier"),
    ],
)
def test_what_stands_against_each_other_is_no_figure(text: str, surface: str, role: str) -> None:
    assert (surface, role) in roles(text)
    assert "figure" not in [role for _, role in roles(text)]


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("至少配备2名保安", ">="),
        ("最多安装两部电梯", "<="),
        ("不少于人民币300万元", ">="),
        ("接近去年的4倍", "~"),
        ("不低于总投资的20%", ">="),
        ("期限最长3年", "<="),
        ("封顶40元", "<="),
        ("每套20万元起。", ">="),
    ],
)
def test_comparators_further_off(text: str, comparator: str) -> None:
    assert only(text).comparator == comparator


TABLE = "街道\t社区数(个)\t金额(万元)\n东湖\t12\t6.8\n合计\t12\t6.8"


def test_cells_take_unit_and_noun_from_the_header() -> None:
    found = [one for one in find_figures(TABLE) if one.role == "figure"]
    assert [(one.value, one.unit, one.measured, one.scope) for one in found[:2]] == [
        (12, "个", "社区数", "东湖"),
        (68000, "元", "金额", "东湖"),
    ]
    assert [one.rule for one in found] == ["table", "table", "table_total", "table_total"]


def test_cells_take_the_unit_of_their_row_or_of_the_line_above() -> None:
    text = "指标\t单位\t2021年\n产量\t万吨\t42.1"
    figure = only(text)
    assert (figure.value, figure.unit, figure.measured, figure.time) == (
        421000,
        "吨",
        "产量",
        "2021",
    )
    figure = only("单位:万元\n项目\t投资\n管网\t56")
    assert (figure.value, figure.measured, figure.scope) == (560000, "投资", "管网")


def test_list_numbers_and_telephones_of_a_table_are_no_figures() -> None:
    text = "序号\t单位名称\t电话\n1\t甲站\t62001234"
    assert [role for _, role in roles(text)] == ["index", "identifier"]


def test_nouns_are_optional() -> None:
    text = "救治10名患儿"
    assert find_figures(text, nouns=None)[0].measured is None
    assert find_figures(text)[0].value == find_figures(text, nouns="full")[0].value == 10


def test_segmentation_finds_what_the_rule_misses_and_says_so() -> None:
    text = "来了10名手术患者"
    assert find_figures(text)[0].measured is None
    figure = find_figures(text, nouns="full")[0]
    assert (figure.measured, figure.measured_method) == ("手术患者", "segmentation")


UNITS = [("元", "元"), ("个", "个"), ("平方米", "平方米"), ("公里", "公里"), ("户", "户")]
MARKS = [
    ("超过", ">", ""),
    ("不低于", ">=", ""),
    ("约", "~", ""),
    ("", ">=", "以上"),
    ("", "=", ""),
]


@given(
    st.integers(min_value=2, max_value=99_999),
    st.sampled_from(["", "万", "亿"]),
    st.sampled_from(UNITS),
    st.sampled_from(MARKS),
    st.sampled_from(["", " "]),
)
def test_any_way_to_print_a_figure_reads_back(
    number: int, scale: str, unit: tuple[str, str], mark: tuple[str, str, str], gap: str
) -> None:
    before, comparator, after = mark
    figure = only(f"据统计{before}{number}{gap}{scale}{gap}{unit[0]}{after},已公布")
    wanted = number * {"": 1, "万": 10**4, "亿": 10**8}[scale]
    assert (figure.value, figure.unit, figure.comparator) == (wanted, unit[1], comparator)


@given(st.integers(2, 400), st.integers(1, 400), st.sampled_from(["至", "到", "-", "—", "~"]))
def test_any_range_reads_back(low: int, more: int, dash: str) -> None:
    figure = only(f"每户补助{low}{dash}{low + more}万元。")
    assert (figure.low, figure.high) == (low * 10**4, (low + more) * 10**4)


def test_numbers_in_a_row_share_the_multiplier() -> None:
    found = find_figures("每户补助100、200万元。")
    assert [(one.value, one.unit_raw) for one in found] == [(1_000_000, None), (2_000_000, "元")]


@given(st.integers(1, 500), st.integers(1, 9), st.integers(0, 9))
def test_any_sum_in_two_steps_reads_back(yuan: int, jiao: int, fen: int) -> None:
    tail = f"{fen}分" if fen else ""
    figure = only(f"单价为{yuan}元{jiao}角{tail}。")
    assert figure.value == yuan + Decimal(jiao) / 10 + Decimal(fen) / 100


@pytest.mark.parametrize("piece", ["3元", "1:", "一比", "3至", "1\t", "百分之", "1 234 ", "一个"])
def test_time_grows_with_length(piece: str) -> None:
    assert len(find_figures(piece * 2000, nouns=None)) <= 4000
