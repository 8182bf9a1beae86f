"""Days that festivals and holidays stand for: 明年元旦, 国庆期间."""

import re
from datetime import datetime, timedelta
from types import MappingProxyType

from extract.date_values import Span, day_span, to_china

FESTIVAL = re.compile(
    r"(?:(?P<word>去年|今年|明年)的?)?(?P<day>元旦|国庆节|劳动节|儿童节|建军节|教师节)(?!假|期间|长假|小长假|联欢|晚会|快乐|礼)"
)
"""明年元旦: festivals of fixed days."""
_FESTIVALS = MappingProxyType(
    {
        "元旦": (1, 1),
        "劳动节": (5, 1),
        "儿童节": (6, 1),
        "建军节": (8, 1),
        "教师节": (9, 10),
        "国庆节": (10, 1),
    }
)
HOLIDAY = re.compile(r"(?P<word>国庆|元旦|五一|十一)(?:期间|假期|长假|小长假|黄金周)")
"""国庆期间: holidays of fixed days."""
_HOLIDAYS = MappingProxyType(
    {"国庆": (10, 1, 7), "十一": (10, 1, 7), "五一": (5, 1, 5), "元旦": (1, 1, 3)}
)
_SHIFTS = MappingProxyType({"去年": -1, "今年": 0, "明年": 1})
_FAR = timedelta(days=183)


def resolve_holiday(found: re.Match[str], anchor: datetime) -> Span:
    """Give the days of the holiday nearest before the anchor, or soon after it.

    >>> resolve_holiday(HOLIDAY.match("国庆期间"), datetime(2021, 10, 12)).end.day
    7
    """
    month, first, last = _HOLIDAYS[found["word"]]
    year = anchor.year
    if day_span(year, month, first).start > to_china(anchor) + _FAR:
        year -= 1
    return Span(day_span(year, month, first).start, day_span(year, month, last).end, "day")


def resolve_festival(found: re.Match[str], anchor: datetime) -> Span:
    """Give the day of a festival: of the year named, or the one nearest to the anchor.

    >>> resolve_festival(FESTIVAL.match("明年元旦"), datetime(2021, 12, 28)).start.year
    2022
    """
    month, day = _FESTIVALS[found["day"]]
    if found["word"]:
        return day_span(anchor.year + _SHIFTS[found["word"]], month, day)
    spans = [day_span(anchor.year + shift, month, day) for shift in (-1, 0, 1)]
    return min(spans, key=lambda span: abs(span.start - to_china(anchor)))
