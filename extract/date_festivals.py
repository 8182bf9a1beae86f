"""Days that festivals and holidays stand for: 明年元旦, 国庆期间."""

import re
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from extract.date_values import CHINA, Span, day_span, to_china
from normalize.numerals import read_numeral

FESTIVAL = re.compile(
    r"(?<!每年)(?<!\d日)(?:(?P<word>去年|今年|明年)的?)?(?P<day>元旦|国庆节|劳动节|儿童节|建军节|教师节|双十一|双11|中秋节?|端午节?|清明节|元宵节|除夕夜?|妇女节|青年节"
    r"|(?:农历)?(?:大年|正月)(?:初[一二三四五六七八九十]|十[一二三四五])|大年三十)(?!假|期间|长假|小长假|联欢|晚会|快乐|礼|月饼|粽)"
)
"""明年元旦: festivals of fixed days."""
_FESTIVALS = MappingProxyType(
    {
        "元旦": (1, 1),
        "妇女节": (3, 8),
        "劳动节": (5, 1),
        "青年节": (5, 4),
        "儿童节": (6, 1),
        "建军节": (8, 1),
        "教师节": (9, 10),
        "国庆节": (10, 1),
        "双十一": (11, 11),
        "双11": (11, 11),
    }
)
HOLIDAY = re.compile(r"(?P<word>国庆|元旦|五一|十一)(?:期间|假期|长假|小长假|黄金周)")
"""国庆期间: holidays of fixed days."""
_HOLIDAYS = MappingProxyType(
    {"国庆": (10, 1, 7), "十一": (10, 1, 7), "五一": (5, 1, 5), "元旦": (1, 1, 3)}
)
_LUNAR = MappingProxyType({"端午": 1, "中秋": 2})
_LUNAR_DAY = re.compile(r"(?:农历)?(?:大年|正月)初?(?P<day>[一二三四五六七八九十]+)")
_EVE, _LANTERNS = -1, 14
# Pure Brightness in this century, by the mean year of 365.2422 days
_BRIGHTNESS = 4.81
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
    years = [anchor.year + shift for shift in (-1, 0, 1)]
    if found["word"]:
        years = [anchor.year + _SHIFTS[found["word"]]]
    name = found["day"].removesuffix("节") if found["day"][:2] in _LUNAR else found["day"]
    spans = [day_span(year, *day) for year in years if (day := _day_of(name, year))]
    if not spans:
        raise ValueError(f"{name} of {years[0]} is not known: add it to lunar_festivals.tsv")
    return min(spans, key=lambda span: abs(span.start - to_china(anchor)))


def _day_of(name: str, year: int) -> tuple[int, int] | None:
    if name in _FESTIVALS:
        return _FESTIVALS[name]
    if name == "清明节":
        return 4, int(year % 100 * 0.2422 + _BRIGHTNESS) - year % 100 // 4
    days = _load_lunar().get(year)
    if days is None or name in _LUNAR:
        return days[_LUNAR[name]] if days else None
    day = datetime(year, *days[0], tzinfo=CHINA) + timedelta(days=_days_after_new_year(name))
    return day.month, day.day


def _days_after_new_year(name: str) -> int:
    """Days from the first day of the lunar year: 除夕 lies before it."""
    if name.startswith("除夕") or name == "大年三十":
        return _EVE
    found = _LUNAR_DAY.fullmatch(name)
    return int(read_numeral(found["day"])) - 1 if found else _LANTERNS


@cache
def _load_lunar() -> dict[int, tuple[tuple[int, int], ...]]:
    """Days of 春节, 端午 and 中秋 by year."""
    text = (files("normalize") / "data" / "lunar_festivals.tsv").read_text("utf-8")
    rows = (row.split("\t") for row in text.splitlines() if not row.startswith("#"))
    return {int(year): tuple((int(day[:2]), int(day[3:])) for day in days) for year, *days in rows}
