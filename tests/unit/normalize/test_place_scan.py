"""Running text names places: with their spans, without words that only look like places."""

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from case_files import Case, cases
from normalize.place_scan import Mention, scan

COUNTY = "四川省/绵阳市/三台县"
_MARKS = {"approx": "~", "ok": "", "ambiguous": ""}


def show(mentions: tuple[Mention, ...]) -> str:
    """`raw=code`, with ~ when approx and ? for a code that is open."""
    return "|".join(f"{m.raw}={m.place.code or '?'}{_MARKS[m.place.status]}" for m in mentions)


@cases("place_scan")
def test_cases(case: Case) -> None:
    case.check(show(scan(case.text, case.options.get("context", ""))))


def test_an_ambiguous_name_keeps_its_candidates() -> None:
    (mention,) = scan("鼓楼区今天停水")
    assert mention.place.status == "ambiguous"
    assert {"350102", "320106", "410204"} <= set(mention.place.candidates)


def test_a_community_behind_an_ambiguous_district_settles_it() -> None:
    (mention,) = scan("鼓楼区军门社区")
    assert (mention.place.status, mention.place.code) == ("ok", "350102004001")


def test_the_day_decides_between_codes() -> None:
    (before,), (after,) = scan("新津县", on=date(2019, 5, 1)), scan("新津县", on=date(2022, 5, 1))
    assert before.place.flags == ()
    assert after.place.flags == ("other_year",)


def test_steps_are_those_that_the_text_spells_out() -> None:
    (mention,) = scan("到绵阳三台潼川镇去")
    assert [step.form for step in mention.place.steps] == ["绵阳", "三台", "潼川镇"]
    assert [step.division.code for step in mention.place.steps] == ["5107", "510722", "510722101"]


def test_the_county_counts_for_two_hundred_characters() -> None:
    near, far = "，" * 150, "，" * 250
    assert show(scan(f"三台县{near}草堂社区")) == "三台县=510722|草堂社区=510722101011"
    assert show(scan(f"三台县{far}草堂社区")) == "三台县=510722"


def test_a_code_serves_as_context() -> None:
    assert show(scan("草堂社区", "510722")) == "草堂社区=510722101011"


PIECES = st.sampled_from(
    [
        "三台县",
        "潼川镇",
        "草堂",
        "社区",
        "村",
        "、",
        "和",
        "绵阳",
        "市",
        "臺",
        "Ａ",
        "\ud800",
        "\x00",
        "\n",
        "的",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES | st.text(max_size=3), max_size=20).map("".join))
def test_spans_are_in_order_and_hold_what_they_say(text: str) -> None:
    for context in ("", COUNTY):
        cursor = 0
        for mention in scan(text, context):
            assert cursor <= mention.start < mention.end
            assert mention.raw == text[mention.start : mention.end]
            cursor = mention.end


@pytest.mark.parametrize(
    "unit",
    "县 村 社区 某某社区 草堂社区 三台县 潼川镇草堂社区 三台县潼川镇草堂、 城关镇 城关镇东街村 四川"
    " 三台、 绵阳市高新区 开发区 上海市区域 东塔村和 村民委员会 市北市南".split(),
)
@pytest.mark.parametrize("context", ["", COUNTY])
def test_time_grows_with_the_length(unit: str, context: str) -> None:
    scan("绵阳市和浙江北区", COUNTY)
    times = []
    for size in (5_000, 40_000):
        start = time.process_time()
        scan(unit * (size // len(unit)), context)
        times.append(time.process_time() - start)
    # Quadratic time would be 64 times as long; a busy machine alone may make it three times.
    assert times[1] < 8 * 3 * max(times[0], 0.1)


def test_prose_without_places_is_fast() -> None:
    text = "这个小区的居民都说好，希望有关部门尽快解决停车难的问题。" * 4_000
    scan("绵阳市和浙江北区")
    start = time.process_time()
    assert scan(text) == ()
    assert time.process_time() - start < 2.0
