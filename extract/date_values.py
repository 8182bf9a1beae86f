"""Calendar arithmetic for printed dates: spans of years, months, days and clock times."""

import calendar
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from types import MappingProxyType

from normalize.numerals import read_numeral

CHINA = timezone(timedelta(hours=8))
"""The one time zone of the sources."""

_SECOND = timedelta(seconds=1)
_AFTERNOON = frozenset(("午后", "下午", "傍晚", "晚上", "晚间", "晚", "深夜"))
_DAY_LENGTH = 10
_LAST_TENTH = 2
# 111年3月5日 is printed in Taiwan; no page speaks of the second century
_FIRST_ROC, _LAST_ROC = 100, 200
_ISO_LENGTH = MappingProxyType(
    {
        "year": 4,
        "plan": 4,
        "month": 7,
        "quarter": 7,
        "half": 7,
        "hour": 13,
        "minute": 16,
        "second": 19,
    }
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time at +08:00, both ends included, and how exact it was printed."""

    start: datetime
    """First second."""
    end: datetime
    """Last second."""
    precision: str
    """second, minute, hour, day, week, month, quarter, half, year, plan or vague."""


_ENGLISH_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def read_ordinal(text: str) -> int:
    """Read the number of a year, month or day; 元 is 1. Raises ValueError for other words.

    >>> read_ordinal("廿一"), read_ordinal("元"), read_ordinal("二〇二二"), read_ordinal("Nov")
    (21, 1, 2022, 11)
    """
    if text[:3] in _ENGLISH_MONTHS:
        return _ENGLISH_MONTHS.index(text[:3]) + 1
    text = text.removesuffix("月")
    return 1 if text == "元" else int(read_numeral(text))


def read_year(text: str) -> int:
    """Read a year of the common or of the Republic of China calendar (民国111年 is 2022).

    >>> read_year("民国111"), read_year("二〇二二"), read_year("98")
    (2022, 2022, 1998)
    """
    if text.startswith("民国"):
        return 1911 + read_ordinal(text.removeprefix("民国").strip())
    year = read_ordinal(text)
    if _FIRST_ROC <= year < _LAST_ROC:
        return 1911 + year
    if year < 100:
        return year + (1900 if year >= 50 else 2000)
    return year


def year_span(year: int, last: int | None = None, precision: str = "year") -> Span:
    """Give the span of a year, or of several. Raises ValueError beyond the calendar.

    >>> year_span(2020).end.isoformat()
    '2020-12-31T23:59:59+08:00'
    """
    final = year if last is None else last
    return Span(
        datetime(year, 1, 1, tzinfo=CHINA),
        datetime(final, 12, 31, 23, 59, 59, tzinfo=CHINA),
        precision,
    )


def month_span(year: int, month: int, last: int | None = None, precision: str = "month") -> Span:
    """Give the span of a month, or of several of one year. Raises ValueError for month 13.

    >>> month_span(2020, 2).end.day
    29
    """
    final = month if last is None else last
    start = datetime(year, month, 1, tzinfo=CHINA)
    first_of_final = datetime(year, final, 1, tzinfo=CHINA)
    days = calendar.monthrange(year, final)[1]
    return Span(start, first_of_final + timedelta(days=days) - _SECOND, precision)


def day_span(year: int, month: int, day: int) -> Span:
    """Give the span of a day. Raises ValueError for 30 February.

    >>> day_span(2022, 4, 6).end.hour
    23
    """
    start = datetime(year, month, day, tzinfo=CHINA)
    return Span(start, start + timedelta(days=1) - _SECOND, "day")


def clock_span(day: datetime, clock: dict[str, str | None]) -> Span:
    """Give the span of a clock time, from the named groups of `CLOCK`.

    Raises ValueError for 25:61.

    >>> clock_span(datetime(2022, 4, 6), {"hour": "3", "half": "下午"}).start.hour
    15
    """
    hour = read_ordinal(clock["hour"] or "0")
    meridiem = (clock.get("meridiem") or "").lower()
    if (clock.get("half") in _AFTERNOON or meridiem == "p") and hour < 12:
        hour += 12
    elif meridiem == "a" and hour == 12:
        hour = 0
    minute = "30" if clock.get("thirty") else clock.get("minute") or clock.get("past")
    if clock.get("quarter"):
        minute = "15" if clock["quarter"] == "一" else "45"
    second = clock.get("second")
    if hour == 24 and not minute:
        hour, day = 0, day + timedelta(days=1)
    start = datetime(
        day.year,
        day.month,
        day.day,
        hour,
        read_ordinal(minute or "0"),
        int(second or 0),
        tzinfo=CHINA,
    )
    if second is not None:
        return Span(start, start, "second")
    if minute is not None:
        return Span(start, start + timedelta(seconds=59), "minute")
    return Span(start, start + timedelta(seconds=3599), "hour")


def tenth_span(year: int, month: int, tenth: str) -> Span:
    """Give the span of 上旬, 中旬 or 下旬, by its first character. Raises ValueError for month 13.

    >>> tenth_span(2022, 2, "下").end.day
    28
    """
    index = "上中下".index(tenth)
    first = day_span(year, month, index * 10 + 1).start
    last = (
        month_span(year, month).end
        if index == _LAST_TENTH
        else day_span(year, month, index * 10 + 10).end
    )
    return Span(first, last, "day")


def to_china(moment: datetime) -> datetime:
    """Move a time to +08:00; a naive one is taken to be there already.

    >>> to_china(datetime(2022, 4, 6, 3, tzinfo=timezone.utc)).hour
    11
    """
    return moment.replace(tzinfo=CHINA) if moment.tzinfo is None else moment.astimezone(CHINA)


def shift_months(moment: datetime, months: int) -> datetime:
    """Move by whole months, to the last day where the month is shorter.

    >>> shift_months(datetime(2022, 3, 31), -1).day
    28
    """
    index = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(index, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def cut_iso(moment: datetime, precision: str) -> str:
    """Print a time in ISO 8601, cut to its precision.

    >>> cut_iso(datetime(2022, 4, 6, 11, 15), "month")
    '2022-04'
    """
    return moment.isoformat(timespec="seconds")[: _ISO_LENGTH.get(precision, _DAY_LENGTH)]
