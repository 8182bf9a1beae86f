"""Dates that print their year or month: single days, ranges and five-year plans."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal

from extract.date_patterns import CLOCK, DAY, MONTH, TENTH_AFTER, YEAR, YEAR_DATE
from extract.date_relative import resolve_part
from extract.date_values import (
    Span,
    clock_span,
    day_span,
    month_span,
    read_ordinal,
    read_year,
    tenth_span,
    to_china,
    year_span,
)

DateKind = Literal["absolute", "relative", "plan", "ROC", "range"]
"""How a date is printed."""

FAR_FUTURE = timedelta(days=183)
"""A date without a year that would lie further ahead of its text is last year's."""

# A minus behind minutes opens a stretch of time, 08:24-09:30; behind seconds it is a zone.
_CLOCK_AFTER = re.compile(
    r"(?:\s?(?:[(（](?:星期|周)?[一二三四五六日天][)）]|(?:星期|周)[一二三四五六日天]))?(?:[T\s，,]{0,2}|\sat\s)"
    rf"(?:{CLOCK})(?P<zone>Z|\s?\+\d{{2}}:?\d{{2}}|(?<=:\d\d:\d\d)-\d{{2}}:?\d{{2}})?",
    re.ASCII,
)
_PART_AFTER = re.compile(
    r"(?P<part>上半年|下半年|第?[一二三四1-4]季度|前[两二三]季度|(?<=年)年?[底末初](?!期))"
)
_YEARS = re.compile(
    rf"(?P<first>{YEAR})年?\s?[-至到~]\s?(?P<last>{YEAR}|(?<!\d)\d{{2,3}})年", re.ASCII
)
_DAYS = re.compile(
    rf"(?:(?P<year>{YEAR})年)?(?<![\d个])(?P<month>{MONTH})月(?P<day>{DAY})[日号]?\s?[-至到~]\s?"
    rf"(?:(?P<last_month>{MONTH})月)?(?P<last_day>{DAY})[日号]",
    re.ASCII,
)
_MONTHS = re.compile(
    rf"(?:(?P<year>{YEAR})年)?(?<![\d个])(?P<month>{MONTH})月?份?\s?(?:[-至到~]|、(?={MONTH}月份))\s?"
    rf"(?P<last_month>{MONTH})月份?(?!\d)",
    re.ASCII,
)
_LINK = re.compile(r"\s?(?:--?|[~至到])\s?")
_CLOCK_TO = re.compile(rf"\s?(?:--?|[~至到])\s?(?:{CLOCK})", re.ASCII)
_JOINED = frozenset(("second", "minute", "hour", "day", "month", "year"))
_NOON = 12
_ROC_DIGITS = 3
_LONG_AGO = 11
"""Months back at which a date without a year is rather taken to lie ahead."""
_YEAR_DIGITS = 4
_FIRST_PLAN = 1953
_PLAN_ORDINALS = "一二三四五六"


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in folded text and what it means."""

    start: int
    """Start of the words."""
    end: int
    """End of the words."""
    span: Span
    """Time meant."""
    kind: DateKind
    """How it is printed."""
    anchored: bool = False
    """Whether the anchor was needed."""


def read_absolute(folded: str, found: re.Match[str]) -> FoundDate:
    """Read a match of `YEAR_DATE` or `NUMERIC_DATE` with the clock or part of year behind it.

    Raises ValueError for impossible dates.

    >>> text = "2021年11月21日 11:00"
    >>> read_absolute(text, YEAR_DATE.match(text)).span.precision
    'minute'
    """
    year = read_year(found["year"])
    is_roc = found["year"].startswith("民国") or len(found["year"]) == _ROC_DIGITS
    kind: DateKind = "ROC" if is_roc else "absolute"
    if not found["month"]:
        part = _PART_AFTER.match(folded, found.end())
        if part and found.re is YEAR_DATE:
            return FoundDate(found.start(), part.end(), resolve_part(year, part["part"]), kind)
        return FoundDate(*found.span(), year_span(year), kind)
    month = read_ordinal(found["month"])
    if not found["day"]:
        span, end = _read_tenth(folded, found, month_span(year, month))
        return FoundDate(found.start(), end, span, kind)
    span, end = add_clock(folded, found.end(), day_span(year, month, read_ordinal(found["day"])))
    return FoundDate(found.start(), end, span, kind)


def read_without_year(
    folded: str, found: re.Match[str], anchor: datetime, tolerance: timedelta
) -> FoundDate:
    """Read a month and day in the anchor's year, or the year before when that lies ahead.

    `tolerance` is how far ahead of the anchor a date may lie. Raises ValueError for impossible
    dates.

    >>> from extract.date_patterns import MONTH_DATE
    >>> found = MONTH_DATE.match("12月30日")
    >>> read_without_year("12月30日", found, datetime(2022, 1, 5), FAR_FUTURE).span.start.year
    2021
    """
    month = read_ordinal(found["month"])
    day = read_ordinal(found["day"]) if found["day"] else None
    limit = to_china(anchor) + tolerance
    for year in _years_near(anchor, month, tolerance):
        span = _month_or_day(year, month, day)
        end = found.end()
        if span and day is not None:
            span, end = add_clock(folded, end, span)
        elif span:
            span, end = _read_tenth(folded, found, span)
        if span and span.start <= limit:
            return FoundDate(found.start(), end, span, "absolute", anchored=True)
    raise ValueError(f"{found.group()} is no date: check month and day")


def _years_near(anchor: datetime, month: int, tolerance: timedelta) -> tuple[int, ...]:
    """Years to try, the likeliest first: in late December 1月12日 is mostly ahead."""
    if tolerance >= FAR_FUTURE and anchor.month - month >= _LONG_AGO:
        return (anchor.year + 1, anchor.year)
    return (anchor.year, anchor.year - 1)


def _read_tenth(folded: str, found: re.Match[str], month: Span) -> tuple[Span, int]:
    """Narrow a month to its 中旬; 月底 keeps the month."""
    part = TENTH_AFTER.match(folded, found.end())
    if part is None or folded[found.end() - 1] not in "月份":
        return month, found.end()
    if part["tenth"]:
        start = month.start
        return tenth_span(start.year, start.month, part["tenth"]), part.end()
    return month, part.end()


def read_decade(found: re.Match[str]) -> FoundDate:
    """Read a match of `DECADE`.

    >>> from extract.date_patterns import DECADE
    >>> read_decade(DECADE.match("上世纪90年代")).span.end.year
    1999
    """
    first = 1900 + read_ordinal(found["tens"])
    return FoundDate(*found.span(), year_span(first, first + 9), "absolute")


def _month_or_day(year: int, month: int, day: int | None) -> Span | None:
    """Give the span; None when 29 February is missing from this one year."""
    if day is None:
        return month_span(year, month)
    if (month, day) == (2, 29) and month_span(year, 2).end.day == 28:
        return None
    return day_span(year, month, day)


def read_plan(found: re.Match[str]) -> FoundDate:
    """Read a match of `PLAN`: the fourteenth plan is 2021 to 2025, its 末 is 2025.

    >>> from extract.date_patterns import PLAN
    >>> read_plan(PLAN.match("“十四五”末")).span.start.year
    2025
    """
    ordinal = 10 + _PLAN_ORDINALS.index(found["ordinal"]) + 1
    first = _FIRST_PLAN + 5 * (ordinal - 1)
    # the plans after the third begin later: a pause of three years lies between
    first += 3
    part = found["part"] or ""
    if part.endswith("末") or part == "收官之年":
        return FoundDate(*found.span(), year_span(first + 4), "plan")
    if part == "开局之年":
        return FoundDate(*found.span(), year_span(first), "plan")
    return FoundDate(*found.span(), year_span(first, first + 4, "plan"), "plan")


def find_ranges(folded: str, anchor: datetime | None) -> Iterator[FoundDate]:
    """Yield ranges of years, months and days: 2019-2021年, 3月5日至8日.

    Ranges without a year need the anchor; impossible ones are left out.

    >>> [found.span.end.year for found in find_ranges("2019至2021年", None)]
    [2021]
    """
    for pattern in (_YEARS, _DAYS, _MONTHS):
        for found in pattern.finditer(folded):
            try:
                span = _read_range(found, anchor)
            except ValueError:
                continue
            if span:
                anchored = pattern is not _YEARS and not found["year"]
                yield FoundDate(*found.span(), span, "range", anchored)


def _read_range(found: re.Match[str], anchor: datetime | None) -> Span | None:
    if found.re is _YEARS:
        short = len(found["last"]) < _YEAR_DIGITS and found["last"].isdecimal()
        if short and not found["first"].startswith("民国"):
            return None
        last = read_year(f"民国{found['last']}" if short else found["last"])
        first = read_year(found["first"])
        return year_span(first, last) if first < last else None
    if not found["year"] and anchor is None:
        return None
    if found["year"]:
        return _read_days(found, read_year(found["year"]))
    assert anchor is not None
    span = _read_days(found, anchor.year)
    if span and span.start > to_china(anchor) + FAR_FUTURE:
        return _read_days(found, anchor.year - 1)
    return span


def _read_days(found: re.Match[str], year: int) -> Span | None:
    """Read a range of days or months that begins in a year; 12月28日至1月3日 ends in the next."""
    month = read_ordinal(found["month"])
    last_month = read_ordinal(found["last_month"]) if found["last_month"] else month
    last_year = year + (last_month < month)
    if found.re is _MONTHS:
        first, last = month_span(year, month), month_span(last_year, last_month)
        precision = "month"
    else:
        first = day_span(year, month, read_ordinal(found["day"]))
        last = day_span(last_year, last_month, read_ordinal(found["last_day"]))
        precision = "day"
    return Span(first.start, last.end, precision) if first.start < last.start else None


def join_range(folded: str, first: FoundDate, last: FoundDate) -> FoundDate | None:
    """Join two dates with a dash or 至 between them, of one precision and in order.

    >>> text = "2021.11.01-2021.11.07"
    >>> from extract.date_patterns import NUMERIC_DATE
    >>> first, last = (read_absolute(text, one) for one in NUMERIC_DATE.finditer(text))
    >>> join_range(text, first, last).kind
    'range'
    """
    linked = _LINK.fullmatch(folded, first.end, last.start)
    alike = first.span.precision == last.span.precision and first.span.precision in _JOINED
    if not linked or not alike or first.span.start >= last.span.start:
        return None
    span = Span(first.span.start, last.span.end, first.span.precision)
    return FoundDate(first.start, last.end, span, "range", first.anchored or last.anchored)


def join_year(first: FoundDate, last: FoundDate) -> FoundDate | None:
    """Join 今年 and the 1-2月 right behind it.

    >>> this_year = FoundDate(0, 2, year_span(2021), "relative", True)
    >>> months = FoundDate(2, 6, month_span(2022, 1, 2), "range", True)
    >>> join_year(this_year, months).span.start.year
    2021
    """
    if first.end != last.start or first.span.precision != "year" or not last.anchored:
        return None
    years = first.span.start.year - last.span.start.year
    try:
        start, end = (
            moment.replace(year=moment.year + years) for moment in (last.span.start, last.span.end)
        )
    except ValueError:
        return None
    span = Span(start, end, last.span.precision)
    return FoundDate(first.start, last.end, span, last.kind, first.anchored)


def extend_clock(folded: str, first: FoundDate) -> FoundDate:
    """Take the end of 4月6日9:00-11:30 along; hand other dates back as they are.

    >>> text = "2022年4月6日9:00-11:30"
    >>> extend_clock(text, read_absolute(text, YEAR_DATE.match(text))).kind
    'range'
    """
    if first.span.precision not in ("minute", "hour"):
        return first
    found = _CLOCK_TO.match(folded, first.end)
    if found is None:
        return first
    clock = found.groupdict()
    if (
        clock["half"] is None
        and first.span.start.hour > _NOON
        and read_ordinal(clock["hour"]) < _NOON
    ):
        clock["half"] = "下午"
    try:
        last = clock_span(first.span.start, clock)
    except ValueError:
        return first
    if last.start <= first.span.start:
        return first
    span = Span(first.span.start, last.end, last.precision)
    return FoundDate(first.start, found.end(), span, "range", first.anchored)


def add_clock(folded: str, end: int, day: Span) -> tuple[Span, int]:
    """Narrow a day to the clock time behind it, and give the end of that.

    >>> add_clock("3日上午9时", 2, day_span(2022, 4, 3))[0].precision
    'hour'
    """
    found = _CLOCK_AFTER.match(folded, end)
    if found is None or (found["minute"] is None and found.group()[-1:].isdigit()):
        return day, end
    span = clock_span(day.start, found.groupdict())
    if found["zone"]:
        span = _move_zone(span, found["zone"])
    return span, found.end()


def _move_zone(span: Span, zone: str) -> Span:
    if zone == "Z":
        offset = timedelta(0)
    else:
        zone = zone.strip()
        digits = zone[1:].replace(":", "")
        size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        offset = -size if zone[0] == "-" else size
    there = timezone(offset)
    start, end = (to_china(one.replace(tzinfo=there)) for one in (span.start, span.end))
    return Span(start, end, span.precision)
