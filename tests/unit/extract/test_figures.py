"""Figures: values, units, bounds and what stands around them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.figure_records import Figure
from extract.figures import find_figures
from normalize.numerals import format_numeral


def figures_in(text: str) -> list[Figure]:
    return [figure for figure in find_figures(text) if figure.role == "figure"]


def only(text: str) -> Figure:
    [figure] = figures_in(text)
    return figure


@pytest.mark.parametrize(
    ("text", "surface", "value", "unit"),
    [
        ("全县共有社区41个", "41", "41", "个"),
        ("村里修路花了1亿5000万元", "1亿5000万", "150000000", "元"),
        ("村里筹集资金15个亿。", "15个亿", "1500000000", "元"),
        ("惠及3万4000人", "3万4000", "34000", "人"),
        ("志愿服务783万小时", "783万", "7830000", "小时"),
        ("占地1,200亩", "1,200", "1200", "亩"),
        ("占地12.5平米", "12.5", "12.5", "平方米"),
        ("已有九成农户参加", "九成", "90", "%"),
        ("已有百分之八十五的农户参加", "百分之八十五", "85", "%"),
        ("产值翻一番", "一", "2", "倍"),
        ("产值翻了两番", "两", "4", "倍"),
        ("历时两年半", "两年半", "2.5", "年"),
        ("路上用了一个半小时", "一个半", "1.5", "小时"),
        ("只用半年建好", "半", "0.5", "年"),
        ("办成实事三十五件", "三十五", "35", "件"),
        ("拨付壹佰贰拾万元", "壹佰贰拾万", "1200000", "元"),
        ("惠及20万群众", "20万", "20万", None),
        ("满意率达98.6%", "98.6", "98.6", "%"),
        ("满意率提高3.2个百分点", "3.2", "3.2", "个百分点"),
        ("村里有老人一百二十三位", "一百二十三", "123", "位"),
    ],
)
def test_value_and_unit(text: str, surface: str, value: str, unit: str | None) -> None:
    figure = only(text)
    expected = Decimal(200000) if value == "20万" else Decimal(value)
    assert (figure.surface, figure.value, figure.unit) == (surface, expected, unit)


@pytest.mark.parametrize(
    ("text", "comparator", "marker"),
    [
        ("新建凉亭40个左右", "~", "左右"),
        ("约40个凉亭", "~", "约"),
        ("近千个凉亭", "~", "近"),
        ("上千个凉亭", ">=", "上"),
        ("超过了40个凉亭", ">", "超过"),
        ("40余个凉亭", ">", "余"),
        ("建了一年多", ">", "多"),
        ("建了3个多月", ">", "多"),
        ("不足40个凉亭", "<", "不足"),
        ("不低于60%", ">=", "不低于"),
        ("40个以上凉亭", ">=", "以上"),
        ("至少40个凉亭", ">=", "至少"),
        ("不超过40个凉亭", "<=", "不超过"),
        ("40个以下凉亭", "<=", "以下"),
        ("40个凉亭", "=", None),
        ("节约40万元", "=", None),
    ],
)
def test_comparator(text: str, comparator: str, marker: str | None) -> None:
    figure = only(text)
    assert (figure.comparator, figure.marker) == (comparator, marker)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("每村补助30至50万元", 300000, 500000, "元"),
        ("工期3-5年", 3, 5, "年"),
        ("占比30%—50%", 30, 50, "%"),
        ("来了七八十人", 70, 80, "人"),
        ("三五个老人围坐", 3, 5, "个"),
        ("捐了几十万元", 200000, 900000, "元"),
        ("来了数百名青年", 200, 900, "名"),
        ("来了十几个青年", 11, 19, "个"),
    ],
)
def test_ranges(text: str, low: int, high: int, unit: str) -> None:
    figure = only(text)
    assert (figure.value, figure.low, figure.high, figure.unit) == (None, low, high, unit)


def test_numbers_in_a_row_share_a_unit() -> None:
    found = figures_in("两镇各新建凉亭3、4个")
    assert [(one.value, one.unit) for one in found] == [(3, "个"), (4, "个")]


def test_the_end_covers_the_multiplier_and_leaves_the_unit_out() -> None:
    text = "拨款6.7亿元"
    figure = only(text)
    assert text[figure.start : figure.end] == figure.surface == "6.7亿"
    assert figure.unit_raw == "元"


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("捐款3万元", "CNY"),
        ("捐款人民币3万元", "CNY"),
        ("捐款3万美元", "USD"),
        ("捐款￥300", "CNY"),
        ("捐款新台币3万元", "TWD"),
        ("捐款3万港币", "HKD"),
    ],
)
def test_currency(text: str, currency: str) -> None:
    assert only(text).currency == currency


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("3万元", "money"),
        ("3户", "count"),
        ("3%", "percent"),
        ("3亩", "area"),
        ("3公里", "length"),
        ("3小时", "duration"),
        ("30周岁", "age"),
        ("3吨", "weight"),
        ("三分之二的村", "ratio"),
        ("3倍", "multiple"),
    ],
)
def test_kind(text: str, kind: str) -> None:
    assert only(text).kind == kind


def test_traditional_and_full_width_text_keep_spans_and_print() -> None:
    text = "新建１２３個社區，撥款３萬元"
    found = figures_in(text)
    assert [(one.surface, one.value, one.unit) for one in found] == [
        ("１２３", 123, "个"),
        ("３萬", 30000, "元"),
    ]
    assert [text[one.start : one.end] for one in found] == ["１２３", "３萬"]
    assert found[0].measured == "社區"


@pytest.mark.parametrize("comma", [",", "，"])
def test_either_comma_parts_clauses(comma: str) -> None:
    found = figures_in(f"建成凉亭3个{comma}500户受益")
    assert [one.value for one in found] == [3, 500]


@pytest.mark.parametrize(
    ("text", "measured"),
    [
        ("选出30个示范街道(乡镇)开展试点", "示范街道(乡镇)"),
        ("引入专业社会组织533个", "专业社会组织"),
        ("持续2年的创建工作", "创建工作"),
        ("1307个社区的边界", "社区"),
        ("疫情期间服务群众9万人次", "群众"),
        ("完成“三改一拆”150处", "三改一拆"),
        ("两年覆盖全部", None),
    ],
)
def test_measured_noun(text: str, measured: str | None) -> None:
    figure = figures_in(text)[-1]
    assert figure.measured == measured
    assert figure.measured_method == ("rule" if measured else None)


def test_shares_in_a_row_have_one_noun() -> None:
    found = figures_in("明年不低于60%、后年不低于80%的行政村开展评议")
    assert [one.measured for one in found] == ["行政村", "行政村"]


@pytest.mark.parametrize(
    ("text", "per"),
    [
        ("每年选取40个村", "每年"),
        ("每人每月补助80元", "每人每月"),
        ("人均收入2万元", "每人"),
        ("停车5元/小时", "每小时"),
        ("选取40个村", None),
    ],
)
def test_per(text: str, per: str | None) -> None:
    assert figures_in(text)[0].per == per


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("力争到2025年建成食堂50个", "target"),
        ("计划新建食堂50个", "plan"),
        ("将新建食堂50个", "plan"),
        ("从2020年至2022年,每年选取40个村", "plan"),
        ("已建成食堂50个", "actual"),
    ],
)
def test_modality(text: str, modality: str) -> None:
    assert figures_in(text)[0].modality == modality


def test_time_and_scope_come_from_the_sentence() -> None:
    figure = only("2017年,全市改造老院落920个")
    assert (figure.time, figure.scope) == ("2017", "全市")


def test_the_sentence_is_kept() -> None:
    assert only("天晴。新建凉亭3个。完").sentence == "新建凉亭3个。"


@given(
    st.integers(min_value=13, max_value=10**15 - 1), st.sampled_from(["arabic", "chinese", "mixed"])
)
def test_a_count_printed_any_way_is_read(value: int, style: str) -> None:
    printed = format_numeral(value, style)  # type: ignore[arg-type]
    found = figures_in(f"捐款{printed}元")
    assert [(one.surface, one.value, one.unit) for one in found] == [(printed, value, "元")]


@given(
    st.text(
        alphabet="0123456789一二十百千万亿几半个元年月日第.,、-至到%()“”+每多余以上A ", max_size=60
    )
)
def test_any_text_is_read_and_spans_hold(text: str) -> None:
    found = find_figures(text)
    assert all(text[one.start : one.end] == one.surface for one in found)
    assert [one.start for one in found] == sorted(one.start for one in found)


@pytest.mark.parametrize("piece", ["1", "一", ".", "1,", "(", "“", "2020-", "万"])
def test_long_runs_return(piece: str) -> None:
    assert all(one.role != "figure" for one in find_figures(piece * 20000))


def test_nothing_in_nothing() -> None:
    assert find_figures("") == []


def test_an_amount_without_currency_behind_a_money_word_is_money() -> None:
    figure = only("水库总投资12.6亿,已开工")
    assert (figure.value, figure.unit, figure.currency) == (1260000000, "元", "CNY")


def test_one_half_is_a_ratio_with_its_comparator() -> None:
    figure = only("近一半的农户参加")
    assert (figure.surface, figure.value, figure.kind, figure.comparator) == (
        "一半",
        Decimal("0.5"),
        "ratio",
        "~",
    )


def test_the_rest_of_an_endless_numeral_is_no_figure() -> None:
    assert figures_in("一" * 41 + "元") == []
