"""Dates that lean on the one before them: 18日到20日, 下周二至周四, 次日, 当晚, 同年6月."""

import re
from dataclasses import replace
from datetime import timedelta

from extract.date_absolute import FoundDate
from extract.date_patterns import CLOCK, DAY, MONTH
from extract.date_values import Span, clock_span, day_span, read_ordinal, year_span

_TO = r"\s?(?:--?|[~至到])\s?"
_TO_DAY = re.compile(rf"{_TO}(?P<day>{DAY})[日号](?!\d)", re.ASCII)
_TO_WEEKDAY = re.compile(rf"{_TO}(?:周|星期|礼拜)?(?P<weekday>[一二三四五六日天])(?![\d个月年])")
_TO_CLOCK_OF_DAY = re.compile(
    rf"{_TO}(?:(?P<month>{MONTH})月)?(?P<day>{DAY})[日号](?:{CLOCK})", re.ASCII
)
_WEEKDAY_END = re.compile(r"(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])$")
_WEEKDAYS = "一二三四五六日"
_SAME_DAY = re.compile(
    r"(?P<word>当[日天晚夜]|[次翌]日|(?<![十\d])第二天|隔天)(?!达|起息|往返)"
    r"(?P<part>凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上|晚间|深夜)?"
)
_SHIFTS = {"次": 1, "翌": 1, "第": 1, "隔": 1}
_REACH = 80
"""Characters that a 次日 may stand behind its date."""
_DAYS = frozenset(("day", "hour", "minute", "second"))
_NEXT_YEAR = re.compile(r"(?P<word>[次翌同])年(?!\s?[\d一二三四五六七八九十]{1,3}\s?月|度|级)")


def extend_days(folded: str, first: FoundDate) -> FoundDate:
    """Take the end of 本月18日到20日, 下周二至周四 and 25日22时至26日6时 along; other dates stay.

    >>> day = FoundDate(0, 5, day_span(2023, 11, 18), "relative", True)
    >>> extend_days("本月18日到20日", day).span.end.day
    20
    """
    precision = first.span.precision
    if precision in {"hour", "minute"}:
        return _extend_clock(folded, first)
    if precision != "day" or first.kind == "range":
        return first
    weekday = _WEEKDAY_END.search(folded, first.start, first.end)
    found = (_TO_WEEKDAY if weekday else _TO_DAY).match(folded, first.end)
    if found is None:
        return first
    start = first.span.start
    try:
        if weekday:
            last_day = _WEEKDAYS.index(found["weekday"].replace("天", "日"))
            day = start + timedelta(days=last_day - start.weekday())
            last = day_span(day.year, day.month, day.day)
        else:
            last = day_span(start.year, start.month, read_ordinal(found["day"]))
    except ValueError:
        return first
    return _to(first, found.end(), last)


def _extend_clock(folded: str, first: FoundDate) -> FoundDate:
    found = _TO_CLOCK_OF_DAY.match(folded, first.end)
    if found is None:
        return first
    start = first.span.start
    month = read_ordinal(found["month"]) if found["month"] else start.month
    try:
        day = day_span(start.year + (month < start.month), month, read_ordinal(found["day"]))
        return _to(first, found.end(), clock_span(day.start, found.groupdict()))
    except ValueError:
        return first


def _to(first: FoundDate, end: int, last: Span) -> FoundDate:
    if last.start <= first.span.start:
        return first
    span = Span(first.span.start, last.end, last.precision)
    return replace(first, end=end, span=span, kind="range")


def find_same_days(folded: str, dates: list[FoundDate]) -> list[FoundDate]:
    """Find 当日, 当晚, 次日 and 第二天 behind a date that they count from.

    Without a date before them in the text they say nothing. `dates` are in text order.

    >>> text = "3月17日走失,次日找到"
    >>> day = FoundDate(0, 5, day_span(2022, 3, 17), "absolute", True)
    >>> [one.span.start.day for one in find_same_days(text, [day])]
    [18]
    """
    found = _find_next_years(folded, dates)
    for match in _SAME_DAY.finditer(folded):
        before = [one for one in dates if one.end <= match.start()]
        base = before[-1] if before else None
        if base is not None and match["word"][0] == "当" and base.end == match.start():
            # 国庆节当天 is that day itself.
            continue
        if base is None or base.span.precision not in _DAYS or match.start() - base.end > _REACH:
            continue
        if any(one.start < match.end() and match.start() < one.end for one in dates):
            continue
        day = base.span.end + timedelta(days=_SHIFTS.get(match["word"][0], 0))
        span = day_span(day.year, day.month, day.day)
        found.append(FoundDate(*match.span(), span, "relative", base.anchored))
    return found


def _find_next_years(folded: str, dates: list[FoundDate]) -> list[FoundDate]:
    """Find 次年, 翌年 and 同年 that name no month, behind the date they count from."""
    found: list[FoundDate] = []
    for match in _NEXT_YEAR.finditer(folded):
        before = [one for one in dates if one.end <= match.start()]
        if before and match.start() - before[-1].end <= _REACH:
            year = before[-1].span.start.year + (match["word"] != "同")
            base = before[-1].anchored
            found.append(FoundDate(*match.span(), year_span(year), "relative", base))
    return found
