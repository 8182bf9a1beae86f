"""Dates that only a known day gives a meaning: 昨天, 3天前, 上周, 去年底, 近日."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from types import MappingProxyType

from extract.date_bracketed import (
    BRACKETED_DAY,
    BRACKETED_MONTH,
    BRACKETED_YEAR,
    resolve_bracketed_day,
    resolve_bracketed_month,
    resolve_bracketed_year,
)
from extract.date_festivals import FESTIVAL, HOLIDAY, resolve_festival, resolve_holiday
from extract.date_patterns import CLOCK, DAY, MONTH
from extract.date_values import (
    Span,
    clock_span,
    day_span,
    month_span,
    read_ordinal,
    shift_months,
    tenth_span,
    to_china,
    year_span,
)

_DAYS = MappingProxyType(
    {"大前天": -3, "前天": -2, "前日": -2}
    | dict.fromkeys(("昨天", "昨日", "昨晚", "昨夜"), -1)
    | dict.fromkeys(("今天", "今日", "今晨", "今早", "今晚"), 0)
    | dict.fromkeys(("明天", "明日", "明晚", "明早", "明晨"), 1)
    | {"后天": 2, "大后天": 3}
)
_YEARS = MappingProxyType(
    {
        "大前年": -3,
        "前年": -2,
        "去年": -1,
        "上年": -1,
        "今年": 0,
        "本年": 0,
        "本年度": 0,
        "明年": 1,
        "后年": 2,
    }
)
_NUMBER = r"(?P<count>\d{1,4}|[一二两三四五六七八九十百]{1,5}|半|几|数)"
_UNITS = MappingProxyType({"秒": 1, "秒钟": 1, "分钟": 60, "分": 60, "小时": 3600, "钟头": 3600})
_WEEKDAYS = "一二三四五六日"
_QUARTERS = "一二三四"
_HALF_MONTH = 15

RELATIVE_DAY = re.compile(
    rf"(?P<word>大前天|(?<![目以之])前天(?![气空])|(?<![目以之])前日(?![均常本])|昨[天日晚夜]|今[天日晨早晚]"
    rf"|(?<![光聪文透])明[天日晚早晨](?![使报])|大后天|(?<![先以])后天(?!努力|培养|性|因素|形成|教育|环境|条件|习得|的?努力))"
    rf"(?:\s?(?:{CLOCK}))?",
    re.ASCII,
)
"""昨天 12:33."""
AGO = re.compile(
    rf"(?<![\d月.个])(?!\d+日前){_NUMBER}\s?个?(?P<and_half>半)?(?P<open>多)?(?P<unit>秒钟?|分钟?|小时|钟头|天|日|周|星期|礼拜|月|年)"
    r"(?:多)?(?P<way>以前|之前|前(?!后|[往来])|以后|之后|后(?!续))",
    re.ASCII,
)
"""3天前, 半小时前, 两年后."""
RELATIVE_YEAR = re.compile(
    r"(?P<word>大前年|(?<![目以之])前年(?!均)|去年|(?<!以)上年(?![龄纪])|今年(?![轻])|(?<![日基成])本年度?"
    r"|(?<![注说标表声证])明年(?![轻均])|(?<![以之今])后年(?![轻均]))"
    r"(?:(?P<part>上半年|下半年|第?[一二三四1-4]季度|前[两二三]季度|年?[底末初])"
    rf"|(?P<month>{MONTH})月份?(?:(?P<day>{DAY})[日号])?)?",
    re.ASCII,
)
"""今年, 去年底, 去年12月."""
WEEK = re.compile(
    r"(?P<word>上上|(?<!以)上个?|(?<![日成基])本|这|(?<!以)下个?)(?:周|星期|礼拜)(?:(?P<day>[一二三四五六日天])|(?P<weekend>末))?(?!岁)"
)
"""上周, 本周五."""
MONTH_WORD = re.compile(
    r"(?P<word>(?<!以)上个?|(?<![日成基])本|当|这个?|(?<!以)下个?)月(?![饼亮嫂]|季[^度])(?P<part>[底末初]|[上中下]旬)?(?:(?P<day>\d{1,2})[日号])?",
    re.ASCII,
)
"""上月, 本月底."""
EDGE = re.compile(
    r"(?<![今去前明后本度\d一二三四五六七八九十])(?P<word>年底|年末|岁末|年初|(?<![全每])年中(?![无间旬])|月底|月末|月初)"
)
"""月底, 年初."""
PART = re.compile(
    r"(?<![\d年])(?:(?P<shift>[上本下])个?季度|(?P<part>[上下]半年|第?[一二三四1-4]季度|前[两二三]季度))(?!度)"
)
"""一季度, 上半年, 上季度, without a year."""
FIRST_MONTHS = re.compile(
    r"(?:(?<=年)|(?<![一-龥A-Za-z\d]))前(?P<months>[2-9]|1[01]|[二两三四五六七八九十]|十一)个月",
    re.ASCII,
)
"""前8个月 of a report: January to August."""
_FAR = timedelta(days=183)
BARE_DAY = re.compile(
    r"(?<![\d月第每])(?P<day>\d{1,2})[日号](?=上午|下午|凌晨|晚|傍晚|中午|电|讯|从|\d{1,2}(?:[时点]|:\d))"
    r"|(?:(?<=^)|(?<=[。;!?\n]))(?P<first>\d{1,2})[日号](?=[,，])"
    r"|(?<=[日号][、和及与])(?P<next>\d{1,2})[日号]",
    re.ASCII,
)
"""记者4日从…获悉, and the 5日 of 4月4日、5日."""
VAGUE = re.compile(
    r"近日|(?<![\d一二三四五六七八九十])日前|近期|连日来|近年来|近几年|近些年|近来|最近|不久前|前不久|前几[天日年]|目前|日来|如今(?!年)|当前(?!任)"
)
"""Words that keep the anchor."""


def resolve_day(found: re.Match[str], anchor: datetime) -> Span:
    """Give the day, or the clock time, that a match of `RELATIVE_DAY` speaks of.

    >>> resolve_day(RELATIVE_DAY.match("昨天 12:33"), datetime(2022, 4, 6)).start.day
    5
    """
    day = anchor + timedelta(days=_DAYS[found["word"]])
    if found["hour"]:
        clock = found.groupdict()
        if found["word"][-1] in "晚夜" and not clock["half"]:
            clock["half"] = "晚"
        return clock_span(day, clock)
    return day_span(day.year, day.month, day.day)


def resolve_ago(found: re.Match[str], anchor: datetime) -> Span:
    """Give the time that a match of `AGO` speaks of, as exact as its unit.

    >>> resolve_ago(AGO.match("半小时前"), datetime(2022, 4, 6, 12)).start.minute
    30
    """
    unit, sign = found["unit"], 1 if "后" in found["way"] else -1
    if found["count"] in ("几", "数"):
        return Span(anchor, anchor, "vague")
    half = found["count"] == "半"
    count = 0.5 if half else float(read_ordinal(found["count"])) + (0.5 if found["and_half"] else 0)
    half = half or bool(found["and_half"])
    if unit in _UNITS:
        moment = anchor + timedelta(seconds=sign * count * _UNITS[unit])
        precision = (
            "second"
            if unit.startswith("秒")
            else "minute"
            if half or unit.startswith("分")
            else "hour"
        )
        return _cut(moment, precision)
    if unit in ("天", "日", "周", "星期", "礼拜"):
        days = count * (1 if unit in ("天", "日") else 7)
        return _cut(anchor + timedelta(days=sign * days), "day")
    if unit == "月":
        moment = (
            anchor + timedelta(days=sign * _HALF_MONTH)
            if half
            else shift_months(anchor, sign * int(count))
        )
        return _cut(moment, "day" if half else "month")
    months = int(12 * count)
    return _cut(shift_months(anchor, sign * months), "month" if half else "year")


def resolve_year(found: re.Match[str], anchor: datetime) -> Span:
    """Give what a match of `RELATIVE_YEAR` speaks of.

    >>> resolve_year(RELATIVE_YEAR.match("去年底"), datetime(2022, 4, 6)).start.month
    12
    """
    year = anchor.year + _YEARS[found["word"]]
    if found["part"]:
        return resolve_part(year, found["part"])
    if not found["month"]:
        return year_span(year)
    month = read_ordinal(found["month"])
    return (
        day_span(year, month, read_ordinal(found["day"]))
        if found["day"]
        else month_span(year, month)
    )


def resolve_part(year: int, part: str) -> Span:
    """Give a part of a year: 上半年, 第三季度, 前三季度, 底.

    >>> resolve_part(2021, "第三季度").start.month
    7
    """
    if "半年" in part:
        return (
            month_span(year, 1, 6, "half") if part[0] == "上" else month_span(year, 7, 12, "half")
        )
    if part.startswith("前"):
        quarters = 3 if part[1] == "三" else 2
        return month_span(year, 1, quarters * 3, "quarter")
    if "季度" in part:
        quarter = (_QUARTERS if part[-3] in _QUARTERS else "1234").index(part[-3])
        return month_span(year, quarter * 3 + 1, quarter * 3 + 3, "quarter")
    return month_span(year, 1 if part.endswith("初") else 12)


def resolve_week(found: re.Match[str], anchor: datetime) -> Span:
    """Give the week, or its day, that a match of `WEEK` speaks of.

    >>> resolve_week(WEEK.match("上周五"), datetime(2022, 4, 6)).start.day
    1
    """
    weeks = {"上上": -2, "上": -1, "下": 1}.get(found["word"].rstrip("个"), 0)
    monday = anchor - timedelta(days=anchor.weekday()) + timedelta(weeks=weeks)
    if found["day"]:
        day = monday + timedelta(days=_WEEKDAYS.index(found["day"].replace("天", "日")))
        return day_span(day.year, day.month, day.day)
    first = day_span(monday.year, monday.month, monday.day)
    if found["weekend"]:
        saturday = first.start + timedelta(days=5)
        return Span(saturday, first.end + timedelta(days=6), "day")
    return Span(first.start, first.end + timedelta(days=6), "week")


def resolve_month(found: re.Match[str], anchor: datetime) -> Span:
    """Give what a match of `MONTH_WORD` speaks of.

    >>> resolve_month(MONTH_WORD.match("上月"), datetime(2022, 1, 6)).start.month
    12
    """
    months = {"上": -1, "下": 1}.get(found["word"][0], 0)
    moment = shift_months(anchor.replace(day=1), months)
    if found["day"]:
        return day_span(moment.year, moment.month, int(found["day"]))
    if found["part"] and found["part"].endswith("旬"):
        return tenth_span(moment.year, moment.month, found["part"][0])
    return month_span(moment.year, moment.month)


def resolve_edge(found: re.Match[str], anchor: datetime) -> Span:
    """Give the month that 年底 or 月初 stands for in the anchor's year.

    >>> resolve_edge(EDGE.match("年底"), datetime(2022, 4, 6)).start.month
    12
    """
    word = found["word"]
    if word[0] == "月":
        return month_span(anchor.year, anchor.month)
    return month_span(anchor.year, {"初": 1, "中": 6}.get(word[-1], 12))


def resolve_part_alone(found: re.Match[str], anchor: datetime) -> Span:
    """Give what a match of `PART` speaks of: 四季度 in January is last year's.

    >>> resolve_part_alone(PART.match("四季度"), datetime(2022, 1, 6)).start.year
    2021
    """
    if found["shift"]:
        shift = {"上": -3, "下": 3}.get(found["shift"], 0)
        moment = shift_months(anchor.replace(day=1), shift)
        return resolve_part(moment.year, f"{_QUARTERS[(moment.month - 1) // 3]}季度")
    span = resolve_part(anchor.year, found["part"])
    far = span.start > to_china(anchor) + _FAR
    return resolve_part(anchor.year - 1, found["part"]) if far else span


def resolve_first_months(found: re.Match[str], anchor: datetime) -> Span:
    """Give the months that a match of `FIRST_MONTHS` speaks of: those of the year that has them.

    >>> resolve_first_months(FIRST_MONTHS.match("前11个月"), datetime(2022, 1, 6)).start.year
    2021
    """
    months = read_ordinal(found["months"].replace("两", "二"))
    return month_span(anchor.year - (months > anchor.month), 1, months)


def resolve_bare_day(found: re.Match[str], anchor: datetime) -> Span:
    """Give the last such day of a month up to the anchor.

    >>> resolve_bare_day(BARE_DAY.match("28日上午"), datetime(2022, 4, 6)).start.month
    3
    """
    day = int(found["day"] or found["first"] or found["next"])
    moment = anchor if day <= anchor.day else shift_months(anchor.replace(day=1), -1)
    return day_span(moment.year, moment.month, day)


def resolve_vague(_found: re.Match[str], anchor: datetime) -> Span:
    """Keep the anchor for 近日 and 连日来.

    >>> resolve_vague(VAGUE.match("近日"), datetime(2022, 4, 6)).precision
    'vague'
    """
    return Span(anchor, anchor, "vague")


Resolver = Callable[[re.Match[str], datetime], Span]
"""Turns a match into a span, given the anchor at +08:00."""

RELATIVE_RULES: tuple[tuple[re.Pattern[str], Resolver], ...] = (
    (RELATIVE_DAY, resolve_day),
    (BRACKETED_DAY, resolve_bracketed_day),
    (BRACKETED_MONTH, resolve_bracketed_month),
    (BRACKETED_YEAR, resolve_bracketed_year),
    (AGO, resolve_ago),
    (RELATIVE_YEAR, resolve_year),
    (WEEK, resolve_week),
    (MONTH_WORD, resolve_month),
    (EDGE, resolve_edge),
    (PART, resolve_part_alone),
    (FIRST_MONTHS, resolve_first_months),
    (FESTIVAL, resolve_festival),
    (HOLIDAY, resolve_holiday),
    (BARE_DAY, resolve_bare_day),
    (VAGUE, resolve_vague),
)
"""Every relative form with its resolver."""


def _cut(moment: datetime, precision: str) -> Span:
    if precision == "year":
        return year_span(moment.year)
    if precision == "month":
        return month_span(moment.year, moment.month)
    if precision == "day":
        return day_span(moment.year, moment.month, moment.day)
    keep = {"hour": 1, "minute": 2, "second": 3}[precision]
    clock = dict(
        zip(("hour", "minute", "second"), (f"{moment:%H:%M:%S}").split(":")[:keep], strict=False)
    )
    return clock_span(moment, {"hour": None, **clock})
