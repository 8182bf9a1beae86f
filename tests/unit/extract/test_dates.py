"""Dates in texts and printed publish times."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.date_values import CHINA
from extract.dates import find_dates, read_publish_time

ANCHOR = datetime(2022, 4, 6, 12, 0, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("text", "printed", "precision", "kind"),
    [
        ("2021年11月21日", "2021-11-21", "day", "absolute"),
        ("2022-4-6 11:15", "2022-04-06T11:15", "minute", "absolute"),
        ("二〇二二年三月十五日", "2022-03-15", "day", "absolute"),
        ("民國111年3月5日", "2022-03-05", "day", "ROC"),
        ("2020年上半年", "2020-01/2020-06", "half", "absolute"),
        ("2021年第三季度", "2021-07/2021-09", "quarter", "absolute"),
        ("2020年底", "2020-12", "month", "absolute"),
        ("2019—2021年", "2019/2021", "year", "range"),
        ("3月5日至8日", "2022-03-05/2022-03-08", "day", "range"),
        ("“十四五”末", "2025", "year", "plan"),
        ("十三五时期", "2016/2020", "plan", "plan"),
        ("今天上午9时30分", "2022-04-06T09:30", "minute", "relative"),
        ("昨日", "2022-04-05", "day", "relative"),
        ("前天", "2022-04-04", "day", "relative"),
        ("3小时前", "2022-04-06T09", "hour", "relative"),
        ("半小时前", "2022-04-06T11:30", "minute", "relative"),
        ("上周", "2022-03-28/2022-04-03", "week", "relative"),
        ("上周五", "2022-04-01", "day", "relative"),
        ("去年", "2021", "year", "relative"),
        ("去年12月", "2021-12", "month", "relative"),
        ("月底", "2022-04", "month", "relative"),
        ("上月", "2022-03", "month", "relative"),
        ("两年后", "2024", "year", "relative"),
        ("近日", "2022-04-06", "vague", "relative"),
        ("连日来", "2022-04-06", "vague", "relative"),
        ("12月30日", "2021-12-30", "day", "absolute"),
    ],
)
def test_find_dates(text: str, printed: str, precision: str, kind: str) -> None:
    [found] = find_dates(f"据悉,{text},活动举行。", ANCHOR)
    assert (found.surface, found.print_iso()) == (text, printed)
    assert (found.precision, found.kind) == (precision, kind)


def test_spans_hold_in_full_width_text() -> None:
    text = "于２０２１年３月公布"
    [found] = find_dates(text, None)
    assert text[found.span_start : found.span_end] == found.surface == "２０２１年３月"


def test_without_an_anchor_only_full_dates_are_found() -> None:
    assert [one.surface for one in find_dates("昨天,3月5日,2021年3月5日", None)] == ["2021年3月5日"]


def test_only_dates_that_used_the_anchor_name_its_source() -> None:
    found = find_dates("昨天和2021年", ANCHOR, anchor_source="post")
    assert [one.anchor_source for one in found] == ["post", None]


@pytest.mark.parametrize(
    "text", ["2月30日", "2021年2月29日", "2021-13-05", "个别", "20年", "三个月"]
)
def test_what_is_no_date_is_left_out(text: str) -> None:
    assert find_dates(text, ANCHOR) == []


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("2019-03-27 08:24:55", "2019-03-27T08:24:55", "second"),
        ("2022-4-6 11:15", "2022-04-06T11:15:00", "minute"),
        ("2018/04/25", "2018-04-25T00:00:00", "day"),
        ("2021.11.21", "2021-11-21T00:00:00", "day"),
        ("2021年11月21日 11:00", "2021-11-21T11:00:00", "minute"),
        ("2021年11月21日", "2021-11-21T00:00:00", "day"),
        ("2021年11月", "2021-11-01T00:00:00", "month"),
        ("2021年", "2021-01-01T00:00:00", "year"),
        ("民國111年3月5日", "2022-03-05T00:00:00", "day"),
        ("10-08 12:00", "2021-10-08T12:00:00", "minute"),
        ("03-08 12:00", "2022-03-08T12:00:00", "minute"),
        ("昨天 12:33", "2022-04-05T12:33:00", "minute"),
        ("3 天前", "2022-04-03T00:00:00", "day"),
        ("半小时前", "2022-04-06T11:30:00", "minute"),
        ("2022-04-06T03:15:00Z", "2022-04-06T11:15:00", "second"),
    ],
)
def test_read_publish_time(text: str, value: str, precision: str) -> None:
    found = read_publish_time(f"发布: {text} 来源", ANCHOR)
    assert found is not None
    assert (found.value.isoformat(), found.precision) == (f"{value}+08:00", precision)
    assert found.raw == text
    assert found.span == (4, 4 + len(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "来源",
        "2月30日",
        "2021-02-30",
        "2022-4-6 25:61",
        "2021年13月1日",
        "几天前",
        "2021-11-211",
    ],
)
def test_an_impossible_publish_time_is_none(text: str) -> None:
    assert read_publish_time(text, ANCHOR) is None


@pytest.mark.parametrize("text", ["10-08 12:00", "昨天 12:33", "3天前", "3月5日"])
def test_a_time_that_needs_an_anchor_is_none_without(text: str) -> None:
    assert read_publish_time(text, None) is None


def test_an_anchor_in_another_zone_is_moved() -> None:
    found = read_publish_time("今天 08:00", datetime(2022, 4, 5, 20, 0, tzinfo=UTC))
    assert found is not None
    assert found.value.day == 6


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2099, 12, 31)), st.sampled_from("-/."))
def test_any_numeric_date_reads_back(day: date, mark: str) -> None:
    found = read_publish_time(f"{day.year}{mark}{day.month}{mark}{day.day:02}", None)
    assert found is not None
    assert found.value.date() == day


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2050, 1, 1)))
def test_a_date_without_year_never_lies_far_ahead(moment: datetime) -> None:
    found = find_dates("3月5日", moment)
    assert found[0].start - moment.replace(tzinfo=CHINA) <= timedelta(days=183)


@given(
    st.text(alphabet="0123456789年月日一二十前天周-/.: 至今去昨上半季度民国“十四五”", max_size=40),
    st.datetimes(min_value=datetime(2, 1, 1)),
)
def test_any_text_is_read(text: str, anchor: datetime) -> None:
    assert all(one.start <= one.end for one in find_dates(text, anchor))
    read_publish_time(text, anchor)
