"""Numbers that are no figures: list numbers, ordinals, dates, place names and set phrases."""

import re
from collections.abc import Callable

from extract.date_patterns import MONTH_DATE, NUMERIC_DATE, YEAR_DATE
from extract.figure_codes import find_identifier, find_label
from extract.figure_lexicon import Lexicon
from extract.figure_numbers import HAN_DIGITS
from extract.figure_token import Role, Token

_INDENT = " \t"
_DEEPEST_INDENT = 8
_HEADING_BEFORE = frozenset("。;:!?\n”")
_POINT = re.compile(r"\.(?!\d)", re.ASCII)
_RANK = re.compile("[名强位列]")
_ORDINAL_AFTER = re.compile(r"届|等[奖功]|年级|线城市|[审中]全会|次全会")
_HAN_ORDINAL_AFTER = re.compile(r"期(?:工程|项目|建设)")
_PERIOD = re.compile(
    r"\d{1,2}\s?[-~至到]\s?\d{1,2}\s?(?:日|月(?!龄))"
    r"|(?:19|20)\d{2}\s?[-~至到]\s?(?:19|20)\d{2}(?!\d)年?"
    r"|\d{1,2}:\d{2}(?::\d{2})?(?!\d)"
    r"|(?:[1-9]\d|[一二三四五六七八九]十)年代"
    r"|(?:\d{1,2}|[一二十]{1,3}[一二三四五六七八九]?)世纪"
    r"|[一二三四1-4]季度"
    r"|十[一二三四五六]五(?=[”'\"末期时规初以至收])",
    re.ASCII,
)
_HOUR = re.compile(
    rf"(?:\d{{1,2}}|[{HAN_DIGITS}十]{{1,3}})"
    r"(?:时(?![间长代候])|点(?=\d|[半许整钟前后多至到开，。、\s)-]))(?:\d{1,2}分?|半|许|整|钟)?",
    re.ASCII,
)
_CLOCK = re.compile(r"[T\s]{1,2}\d{1,2}:\d{2}(?::\d{2})?(?!\d)", re.ASCII)
_DAY = re.compile(r"\s?日(?![内后游均报照])")
_DATE_SIGNS = frozenset("年月日号时点:/-.~世季至到 ”'\"")
_SECOND_SIGNS = frozenset("一二三四五年")
_WEEKDAYS = frozenset("一二三四五六")
_BARE_YEAR = re.compile(r"(?:19|20)\d{2}", re.ASCII)
_LEVELS = "级域内直城里属长委政场民办所企辖"
_NOT_IN_NAMES = r"\s，。、;:的个小大新老好社园街城都山郊农示景厂矿校片灾与和及等"
_UNIT_IN_NAME = re.compile(
    rf"[台里家间棵块道座面条门角元分步斗层重岔户][^{_NOT_IN_NAMES}]?[县区市镇乡](?![{_LEVELS}])"
    rf"|[里棵块道条面层间座家][^{_NOT_IN_NAMES}](?:村|街道|社区)"
)
_NAME_AFTER = re.compile(
    r"[^\s，。、;:!?()“”的个\d]{0,4}?(?:县|区|市|镇|乡|村|街道|社区|州|旗|居委会)"
)
_WORD_HEADS = frozenset("一万千百亿几数半")
_IDIOM_BEFORE, _IDIOM_AFTER = 4, 6


def find_role(token: Token, lexicon: Lexicon) -> Role | None:
    """Say what a number in folded text is instead of a figure; None when it may be one.

    >>> from extract.figure_lexicon import load_lexicon
    >>> find_role(Token("第3批", 1, 2), load_lexicon()).name
    'ordinal'
    """
    for rule in _RULES:
        found = rule(token, lexicon)
        if found:
            return found
    return None


def guess_role(token: Token) -> Role:
    """Name the role of a number that no unit made a figure.

    >>> guess_role(Token("三农工作", 0, 1)).name, guess_role(Token("代号318", 2, 5)).name
    ('label', 'identifier')
    """
    if token.is_arabic:
        if _BARE_YEAR.fullmatch(token.word):
            return token.as_role("date", "bare_year")
        return token.as_role("identifier", "no_unit")
    if _NAME_AFTER.match(token.text, token.end):
        return token.as_role("name", "place_suffix")
    if token.size > 1 or token.word in _WORD_HEADS:
        return token.as_role("word", "no_unit")
    return token.as_role("label", "no_unit")


def _find_index(token: Token, _lexicon: Lexicon) -> Role | None:
    if token.size > 3:
        return None
    after = token.after()
    if token.before() == "(" and after == ")":
        return Role(token.start - 1, token.end + 1, "index", "bracketed")
    lead = token.before(_DEEPEST_INDENT).rstrip(_INDENT)[-1:]
    heads_line = lead in _HEADING_BEFORE or not lead
    if heads_line and (after in ("、", ")") or _POINT.match(token.text, token.end)):
        return token.as_role("index", "heading", token.end + 1)
    if (heads_line or lead == "，") and after in ("是", "要") and not token.is_arabic:
        return token.as_role("index", "enumeration", token.end + 1)
    return None


def _find_ordinal(token: Token, _lexicon: Lexicon) -> Role | None:
    before = token.before(2)
    if before.rstrip().endswith("第") or token.word == "首":
        return token.as_role("ordinal", "ordinal_prefix")
    ranked = before.endswith("前") and _RANK.match(token.text, token.end)
    if ranked or (before.endswith("届") and token.after() == "次"):
        return token.as_role("ordinal", "rank")
    if _ORDINAL_AFTER.match(token.text, token.end):
        return token.as_role("ordinal", "ordinal_suffix")
    if token.is_arabic:
        return None
    # 十九大 is a congress, 五大 a label
    congress = token.after() == "大" and token.size > 1 and token.word[0] in "十二"
    if congress or _HAN_ORDINAL_AFTER.match(token.text, token.end):
        return token.as_role("ordinal", "ordinal_suffix")
    return None


def _find_date(token: Token, _lexicon: Lexicon) -> Role | None:
    if _is_weekday(token):
        return token.as_role("date", "weekday")
    second = token.text[token.start + 1 : token.start + 2]
    if token.after() not in _DATE_SIGNS and second not in _SECOND_SIGNS:
        return None
    text, start = token.text, token.start
    found = NUMERIC_DATE.match(text, start) or _match_year(token) or _PERIOD.match(text, start)
    if not found and token.before() not in ("个", "每"):
        found = MONTH_DATE.match(text, start) or _HOUR.match(text, start)
    if found and found.end() >= token.end:
        clock = _CLOCK.match(text, found.end())
        return token.as_role("date", "date", clock.end() if clock else found.end())
    if token.size <= 3 and (day := _DAY.match(text, token.end)):
        return token.as_role("date", "day", day.end())
    return None


def _is_weekday(token: Token) -> bool:
    if token.word not in _WEEKDAYS:
        return False
    before = token.before(2)
    counted = token.after() in ("个", "名", "次")
    return before in ("星期", "礼拜") or (before.endswith("周") and not counted)


def _match_year(token: Token) -> re.Match[str] | None:
    found = YEAR_DATE.match(token.text, token.start)
    if not found or token.before(2) == "民国" or not found["year"].isdecimal():
        return found
    # 20年 and 100年 are spans of time; 20年3月 and 2020年 are dates
    year = found["year"]
    dated = (len(year) == 4 and year[0] in "12") or (len(year) == 2 and found["month"])
    return found if dated else None


def _find_name(token: Token, lexicon: Lexicon) -> Role | None:
    if token.is_arabic:
        return None
    text, start = token.text, token.start
    if _UNIT_IN_NAME.match(text, token.end) and not lexicon.before_words.match_before(text, start):
        return token.as_role("name", "place")
    if token.size > _IDIOM_BEFORE:
        return None
    origin = max(0, start - _IDIOM_BEFORE)
    for offset, idiom in lexicon.idioms.find(text[origin : token.end + _IDIOM_AFTER]):
        if origin + offset <= start and origin + offset + len(idiom) >= token.end:
            return token.as_role("word", "idiom")
    return None


_RULES: tuple[Callable[[Token, Lexicon], Role | None], ...] = (
    _find_index,
    _find_ordinal,
    _find_date,
    find_identifier,
    find_label,
    _find_name,
)
