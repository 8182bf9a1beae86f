"""Hard dates, labelled by someone who had not seen the rules."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.date_values import CHINA
from extract.dates import DateMention, find_dates
from normalize.numerals import format_numeral

_FILE = Path(__file__).parents[2] / "cases" / "dates_hard.jsonl"
FLOOR = 0.96


def print_form(found: DateMention) -> tuple[str, str | None, str]:
    start, _, end = found.print_iso().partition("/")
    return start, end or None, found.precision


def compare_sentence(row: dict[str, Any]) -> list[str]:
    """Give what is wrong with the dates found in one sentence."""
    anchor = datetime.fromisoformat(row["anchor"])
    left = find_dates(row["text"], anchor)
    wrong = []
    for wanted in row["dates"]:
        end = wanted["span_start"] + len(wanted["surface"])
        near = [one for one in left if one.span_start < end and one.span_end > wanted["span_start"]]
        forms = [
            (one["start"], one["end"], one["precision"])
            for one in (wanted, *wanted.get("accept", ()))
        ]
        kinds = (wanted["kind"], *wanted.get("kind_accept", ()))
        right = [one for one in near if print_form(one) in forms and one.kind in kinds]
        for one in (right or near)[:1]:
            left.remove(one)
        if not right and not wanted.get("optional"):
            got = [(one.surface, print_form(one), one.kind) for one in near]
            wrong.append(f"{wanted['surface']} {forms[0]} got {got}")
    return wrong + [f"false {one.surface} {print_form(one)}" for one in left]


_FORMS = (
    "{y}年{m}月{d}日",
    "{y}-{m:02}-{d:02}",
    "{y}/{m}/{d}",
    "{y}.{m:02}.{d:02}",
    "{y}{m:02}{d:02}",
    "{y} 年 {m} 月 {d} 日",
    "民国{roc}年{m}月{d}日",
    "{hy}年{hm}月{hd}日",
)
_HAN = "〇一二三四五六七八九"


@given(st.dates(date(1950, 1, 1), date(2049, 12, 31)), st.sampled_from(_FORMS))
def test_any_way_to_print_a_day_reads_back(day: date, form: str) -> None:
    printed = form.format(
        y=day.year,
        m=day.month,
        d=day.day,
        roc=day.year - 1911,
        hy="".join(_HAN[int(digit)] for digit in str(day.year)),
        hm=format_numeral(day.month),
        hd=format_numeral(day.day),
    )
    [found] = find_dates(f"于{printed},举行", None)
    assert (found.surface, found.print_iso()) == (printed, day.isoformat())


@given(
    st.datetimes(datetime(2001, 1, 1), datetime(2049, 1, 1)),
    st.sampled_from([("{n}天前", 1), ("{n}小时前", 0), ("{n}分钟前", 0)]),
    st.integers(1, 400),
)
def test_any_distance_reads_back(moment: datetime, form: tuple[str, int], number: int) -> None:
    anchor = moment.replace(tzinfo=CHINA)
    [found] = find_dates(form[0].format(n=number), anchor)
    unit = {"天": "days", "小": "hours", "分": "minutes"}[form[0][3]]
    wanted = anchor - timedelta(**{unit: number})
    assert found.start <= wanted <= found.end + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("大后天", "2022-04-09"),
        ("四季度", "2022-10/2022-12"),
        ("上季度", "2022-01/2022-03"),
        ("2022年第1季度", "2022-01/2022-03"),
        ("2020年年末", "2020-12"),
        ("昨晚10点半", "2022-04-05T22:30"),
        ("一个半小时前", "2022-04-06T10:30"),
        ("2021年12月28日至2022年1月3日", "2021-12-28/2022-01-03"),
        ("12月28日至1月3日", "2021-12-28/2022-01-03"),
        ("4月6日9:00-11:30", "2022-04-06T09:00/2022-04-06T11:30"),
        ("今年1-2月", "2022-01/2022-02"),
        ("3月中旬", "2022-03-11/2022-03-20"),
        ("上世纪90年代", "1990/1999"),
        ("本周五下午3点", "2022-04-08T15"),
        ("上午十时", None),
        ("111年3月5日", "2022-03-05"),
        ("2月30日前", None),
        ("光明天使", None),
        ("靠后天努力", None),
        ("如今年轻人", None),
        ("之前天气", None),
        ("农历三月初三", None),
    ],
)
def test_forms_of_dates(text: str, printed: str | None) -> None:
    found = find_dates(text, datetime(2022, 4, 6, 12, tzinfo=CHINA))
    assert [one.print_iso() for one in found] == ([printed] if printed else [])


def test_the_same_year_is_that_of_the_date_before() -> None:
    found = find_dates("2018年3月立项,同年6月开工,次年5月完工", datetime(2022, 4, 6, tzinfo=CHINA))
    assert [one.print_iso() for one in found] == ["2018-03", "2018-06", "2019-05"]


def test_hard_dates() -> None:
    rows = [json.loads(line) for line in _FILE.read_text(encoding="utf-8").splitlines()]
    wrong = {row["text"]: found for row in rows if (found := compare_sentence(row))}
    right = len(rows) - len(wrong)
    print(*wrong.items(), f"{right} of {len(rows)}", sep="\n")
    assert right / len(rows) >= FLOOR
