"""Days, months and years that a bracket explains: 今（16）日, 本（3）月, 去（2021）年12月."""

import re
from datetime import datetime, timedelta
from types import MappingProxyType

from extract.date_patterns import CLOCK
from extract.date_values import Span, clock_span, day_span, month_span, shift_months, year_span

_DAYS = MappingProxyType({"前": -2, "昨": -1, "今": 0, "明": 1, "后": 2})
_YEARS = MappingProxyType({"前": -2, "去": -1, "今": 0, "本": 0, "明": 1})
_ROC = 1911
_LAST_ROC_YEAR = 200

BRACKETED_DAY = re.compile(
    r"(?P<word>[前昨今明后])\((?P<day>\d{1,2})日?\)(?:日|天|[早晚](?!报))(?:\s?(?:" + CLOCK + "))?",
    re.ASCII,
)
"""今(16)日上午9时, in folded text."""
BRACKETED_MONTH = re.compile(
    r"(?P<word>[本上下]个?)\((?P<month>1[0-2]|0?[1-9])月?\)月(?:(?P<day>\d{1,2})[日号])?", re.ASCII
)
"""本(3)月16日."""
BRACKETED_YEAR = re.compile(
    r"(?P<word>[前去今本明])\((?P<year>(?:19|20)\d{2}|1\d{2})年?\)年"
    r"(?:(?P<month>1[0-2]|0?[1-9])月(?:(?P<day>\d{1,2})[日号])?)?",
    re.ASCII,
)
"""去(110)年12月, the year also of the Republic."""


def resolve_bracketed_day(found: re.Match[str], anchor: datetime) -> Span:
    """Give the day of the bracket nearest to what the word says, on its side of the anchor.

    >>> resolve_bracketed_day(BRACKETED_DAY.match("昨(31)日"), datetime(2022, 4, 1)).start.month
    3
    """
    meant = anchor + timedelta(days=_DAYS[found["word"]])
    month = meant.replace(day=1)
    days = []
    for shift in (-1, 0, 1):
        try:
            days.append(shift_months(month, shift).replace(day=int(found["day"])))
        except ValueError:
            continue
    if not days:
        raise ValueError(f"no month has a day {found['day']}")
    # 昨(28)日 of a page that came late still lies before it
    sign = 1 if _DAYS[found["word"]] > 0 else -1
    day = min(days, key=lambda one: (sign * (one - anchor).days < 0, abs(one - meant)))
    if found["hour"]:
        return clock_span(day, found.groupdict())
    return day_span(day.year, day.month, day.day)


def resolve_bracketed_month(found: re.Match[str], anchor: datetime) -> Span:
    """Give the month of the bracket that lies nearest to the anchor, or a day of it.

    >>> resolve_bracketed_month(BRACKETED_MONTH.match("上(12)月"), datetime(2022, 1, 5)).start.year
    2021
    """
    months = [anchor.replace(year=anchor.year + s, month=1, day=1) for s in (-1, 0, 1)]
    near = [shift_months(one, int(found["month"]) - 1) for one in months]
    month = min(near, key=lambda one: abs(one - anchor))
    if found["day"]:
        return day_span(month.year, month.month, int(found["day"]))
    return month_span(month.year, month.month)


def resolve_bracketed_year(found: re.Match[str], anchor: datetime) -> Span:
    """Give the year of the bracket, with the month and day behind it.

    Raises ValueError where bracket and word do not agree.

    >>> resolve_bracketed_year(BRACKETED_YEAR.match("去(110)年"), datetime(2022, 1, 5)).start.year
    2021
    """
    year = int(found["year"])
    year += _ROC if year < _LAST_ROC_YEAR else 0
    if year != anchor.year + _YEARS[found["word"]]:
        raise ValueError(f"{found.group()} is not said in {anchor.year}")
    if found["day"]:
        return day_span(year, int(found["month"]), int(found["day"]))
    return month_span(year, int(found["month"])) if found["month"] else year_span(year)
