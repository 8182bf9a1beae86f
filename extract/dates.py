"""Finds the dates of a text and reads the printed publish time of a page."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast, get_args

from extract.date_absolute import (
    FAR_FUTURE,
    DateKind,
    FoundDate,
    add_clock,
    extend_clock,
    find_ranges,
    join_range,
    join_year,
    read_absolute,
    read_decade,
    read_plan,
    read_without_year,
)
from extract.date_links import extend_days, find_same_days
from extract.date_patterns import (
    COMPACT_DATE,
    DECADE,
    ENGLISH_DATE,
    ENGLISH_DAY_FIRST,
    MONTH_DATE,
    NUMERIC_DATE,
    PLAN,
    YEAR_DATE,
)
from extract.date_relative import (
    AGO,
    BARE_DAY,
    MONTH_WORD,
    RELATIVE_DAY,
    RELATIVE_RULES,
    RELATIVE_YEAR,
    WEEK,
    resolve_ago,
    resolve_day,
)
from extract.date_values import Span, cut_iso, day_span, to_china
from extract.figure_text import fold_figures
from extract.records import Precision

_SHORT_DATE = re.compile(
    r"(?<![\d./-])(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?=\s\d{1,2}:\d{2}|(?<=\d\d-\d\d)\d{2}:\d{2})",
    re.ASCII,
)
# Spans without blanks between them: 2021 01/20 08:39:15, 21-03-0512:30.
_GLUED_DATE = re.compile(
    r"(?<![\d./-])(?P<year>(?:19|20)\d{2}(?=\s?[-/.]?\d{2}[-/.])|\d{2}(?=-))\s?[-/.]?"
    r"(?P<month>\d{2})[-/.](?P<day>\d{2})(?=\s?\d{2}:\d{2})",
    re.ASCII,
)
_JUST_NOW = re.compile(r"刚刚|刚才")
_PRINTED = (ENGLISH_DATE, ENGLISH_DAY_FIRST, NUMERIC_DATE, YEAR_DATE)
_WITH_YEAR = (*_PRINTED, COMPACT_DATE)
_DATED = (*_PRINTED, _GLUED_DATE)
_PUBLISH_FORMS = (*_DATED, MONTH_DATE, _SHORT_DATE, RELATIVE_DAY, AGO, _JUST_NOW)
_SAME_YEAR = re.compile(r"[同当次翌]年$")
_SAME_YEAR_REACH = 2
_AND_DAYS = frozenset("、和及与")
_BARE_DAY_LENGTH = 3
_BEFORE_CLOCK = frozenset((WEEK, RELATIVE_YEAR, MONTH_WORD, BARE_DAY))
_CLOCK_SKEW = timedelta(hours=1)
_PRECISIONS = frozenset(get_args(Precision))


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date in a text."""

    surface: str
    """Words as printed. Example: `昨天 12:33`"""
    span_start: int
    """Start in the text given."""
    span_end: int
    """End in the text given."""
    start: datetime
    """First second, at +08:00."""
    end: datetime
    """Last second, at +08:00."""
    precision: str
    """second, minute, hour, day, week, month, quarter, half, year, plan or vague."""
    kind: DateKind
    """absolute, relative, plan, ROC or range."""
    anchor_source: str | None = None
    """Where the anchor came from when one was needed: post, page or fetch."""

    def print_iso(self) -> str:
        """Print the start, and the end where it differs, in ISO 8601 cut to the precision.

        >>> find_dates("十三五时期", None)[0].print_iso()
        '2016/2020'
        """
        start, end = cut_iso(self.start, self.precision), cut_iso(self.end, self.precision)
        return start if start == end else f"{start}/{end}"


@dataclass(frozen=True, slots=True)
class PublishTime:
    """A printed publish time."""

    value: datetime
    """Time at +08:00, filled up with zeros. Example: `2022-04-06T11:15:00+08:00`"""
    precision: Precision
    """How far the printed time goes. Example: `minute`"""
    raw: str
    """Time as printed. Example: `2022-4-6 11:15`"""
    span: tuple[int, int]
    """Span in the text given."""


def find_dates(
    text: str, anchor: datetime | None, *, anchor_source: str | None = None
) -> list[DateMention]:
    """Find the dates of a text, in text order and without overlaps.

    `anchor` is the time the text was written; without one, dates that need it (昨天, 3月5日) are
    left out. `anchor_source` says where it came from and is kept beside the dates that used it.
    Impossible dates are left out too.

    >>> from datetime import datetime
    >>> [date] = find_dates("12月30日", datetime(2022, 1, 5))
    >>> date.print_iso()
    '2021-12-30'
    """
    folded = fold_figures(text)
    known = to_china(anchor) if anchor else None
    found = sorted(_find_all(folded, known), key=lambda one: (one.start, -one.end))
    return [
        DateMention(
            text[one.start : one.end],
            one.start,
            one.end,
            one.span.start,
            one.span.end,
            one.span.precision,
            one.kind,
            anchor_source if one.anchored else None,
        )
        for one in _with_same_days(folded, _join_ranges(folded, found))
    ]


def _with_same_days(folded: str, found: list[FoundDate]) -> list[FoundDate]:
    return sorted([*found, *find_same_days(folded, found)], key=lambda one: one.start)


def _join_ranges(folded: str, found: list[FoundDate]) -> list[FoundDate]:
    """Leave overlaps out, join 12月28日至1月3日, and date 同年6月 by the year before it."""
    kept: list[FoundDate] = []
    position = 0
    for one in found:
        if one.start < position:
            continue
        following = extend_days(folded, extend_clock(folded, one))
        position = following.end
        if kept and folded[kept[-1].end : one.start] in _AND_DAYS:
            following = _move_month(following, kept[-1])
        joined = (
            join_range(folded, kept[-1], following) or join_year(kept[-1], following)
            if kept
            else None
        )
        if joined:
            kept[-1] = joined
        elif not _SAME_YEAR.search(folded, max(0, one.start - _SAME_YEAR_REACH), one.start):
            kept.append(following)
        elif kept and (moved := _move_year(folded, one, kept[-1])):
            kept.append(moved)
    return kept


def _move_month(one: FoundDate, earlier: FoundDate) -> FoundDate:
    """Give the 5日 of 4月4日、5日 its month; other dates stay as they are."""
    if one.end - one.start > _BARE_DAY_LENGTH or earlier.span.precision != "day":
        return one
    try:
        day = day_span(earlier.span.start.year, earlier.span.start.month, one.span.start.day)
    except ValueError:
        return one
    return FoundDate(one.start, one.end, day, earlier.kind, earlier.anchored)


def _move_year(folded: str, one: FoundDate, earlier: FoundDate) -> FoundDate | None:
    """Give 同年6月 and 次年3月 the year of the date before them, or the one after it."""
    word = _SAME_YEAR.search(folded, max(0, one.start - _SAME_YEAR_REACH), one.start)
    assert word is not None
    year = earlier.span.start.year + (word.group()[0] in "次翌")
    try:
        start, end = (moment.replace(year=year) for moment in (one.span.start, one.span.end))
    except ValueError:
        return None
    span = Span(start, end, one.span.precision)
    return FoundDate(word.start(), one.end, span, "relative", earlier.anchored)


def read_publish_time(text: str, anchor: datetime | None) -> PublishTime | None:
    """Read the first time printed in a short text such as a byline.

    `anchor` gives times without a year, 昨天 and 3小时前 their day. Gives None when there is no
    time, when it needs an anchor that is missing, or when the first one is impossible (2月30日).

    >>> read_publish_time("发布时间:2022-4-6 11:15", None).value.isoformat()
    '2022-04-06T11:15:00+08:00'
    """
    folded = fold_figures(text)
    known = to_china(anchor) if anchor else None
    first = min(_find_candidates(folded), key=lambda found: found.start(), default=None)
    if first is None:
        return None
    try:
        one = _read_candidate(folded, first, known)
    except (ValueError, OverflowError):
        return None
    if one is None or one.span.precision not in _PRECISIONS:
        return None
    precision = cast(Precision, one.span.precision)
    return PublishTime(one.span.start, precision, text[one.start : one.end], (one.start, one.end))


def _find_candidates(folded: str) -> Iterator[re.Match[str]]:
    for pattern in _PUBLISH_FORMS:
        found = pattern.search(folded)
        if found:
            yield found


def _read_candidate(folded: str, found: re.Match[str], anchor: datetime | None) -> FoundDate | None:
    if found.re in _DATED:
        return read_absolute(folded, found)
    if anchor is None:
        return None
    if found.re is _JUST_NOW:
        return FoundDate(*found.span(), Span(anchor, anchor, "minute"), "relative", anchored=True)
    if found.re in (MONTH_DATE, _SHORT_DATE):
        return read_without_year(folded, found, anchor, _CLOCK_SKEW)
    span = (resolve_day if found.re is RELATIVE_DAY else resolve_ago)(found, anchor)
    return FoundDate(*found.span(), span, "relative", anchored=True)


def _find_all(folded: str, anchor: datetime | None) -> Iterator[FoundDate]:
    yield from find_ranges(folded, anchor)
    for pattern in _WITH_YEAR:
        yield from _read_each(pattern, folded, lambda found: read_absolute(folded, found))
    yield from _read_each(PLAN, folded, read_plan)
    yield from _read_each(DECADE, folded, read_decade)
    if anchor is None:
        return
    yield from _read_each(
        MONTH_DATE, folded, lambda found: read_without_year(folded, found, anchor, FAR_FUTURE)
    )
    for pattern, resolve in RELATIVE_RULES:
        for found in pattern.finditer(folded):
            try:
                span, end = resolve(found, anchor), found.end()
                if pattern in _BEFORE_CLOCK and span.precision == "day":
                    span, end = add_clock(folded, end, span)
            except (ValueError, OverflowError):
                continue
            yield FoundDate(found.start(), end, span, "relative", anchored=True)


def _read_each(
    pattern: re.Pattern[str], folded: str, read: Callable[[re.Match[str]], FoundDate]
) -> Iterator[FoundDate]:
    """Read every match, leaving impossible dates out."""
    for found in pattern.finditer(folded):
        try:
            yield read(found)
        except (ValueError, OverflowError):
            continue
