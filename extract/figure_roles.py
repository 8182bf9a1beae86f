"""Numbers that are no figures: list numbers, ordinals, dates, place names and set phrases."""

import re

from extract.date_patterns import MONTH_DATE, NUMERIC_DATE, YEAR_DATE
from extract.figure_codes import find_identifier, find_label
from extract.figure_gate import is_article
from extract.figure_lexicon import Lexicon
from extract.figure_numbers import HAN_DIGITS
from extract.figure_ratios import find_score
from extract.figure_token import Role, Token
from normalize.gazetteer import load_gazetteer

_INDENT = " \t"
_DEEPEST_INDENT = 8
_HEADING_BEFORE = frozenset("。;:!?\n”")
_POINT = re.compile(r"\.(?!\d)", re.ASCII)
_RANK = re.compile("[名强位列]")
_ORDINAL_AFTER = re.compile(
    r"届|等[奖功]|年级|线城市|[审中]全会|次(?:全会|会议|全体会议|代表大会)|排(?:螺旋)?CT"
)
_HAN_ORDINAL_AFTER = re.compile(r"期(?:工程|项目|建设)|类(?=[一-龥]{1,4}\d)")
_PERIOD = re.compile(
    r"\d{1,2}\s?[-~至到]\s?\d{1,2}\s?(?:日|月(?!龄))"
    r"|(?:19|20)\d{2}\s?[-~至到]\s?(?:19|20)\d{2}(?!\d)年?"
    r"|(?:[1-9]\d|[一二三四五六七八九]十)年代"
    r"|(?:\d{1,2}|[一二十]{1,3}[一二三四五六七八九]?)世纪"
    r"|[一二三四1-4]季度"
    r"|十[一二三四五六]五(?=[”'\"末期时规初以至收])",
    re.ASCII,
)
_HOUR = re.compile(
    rf"(?:\d{{1,2}}|[{HAN_DIGITS}十]{{1,3}})"
    r"(?:时(?![间长代候])|点(?!建议|意见|要求|看法|措施|体会|启示|希望|共识|说明|内容|要点|问题|经验|做法|变化|思考|想法"
    r"|理由|原因|好处|优势|不足|注意|个|多[万亿个]))(?:\d{1,2}分?|半|许|整|钟)?",
    re.ASCII,
)
_CLOCK = re.compile(r"[T\s]{1,2}\d{1,2}:\d{2}(?::\d{2})?(?!\d)", re.ASCII)
_DAY = re.compile(r"\s?日(?![内后游均报照历]|以[内上下]|之内)")
_PERIOD_BEFORE = re.compile(
    r"(?:^|[^附靠最将接靠临])近$|(?<![提之以目先往向])前$|过去$|未来$|最近$|今后$|此后$|接下来$|往后$"
)
_PERIOD_AFTER = re.compile(r"\s?(?:个月|个?季度|年|天|周|日|个?星期|届|轮)(?!多|半|以上|左右)")
_AGO = re.compile(
    r"\s?(?:多?个?多?(?:年|月|季度|星期|礼拜|小时|钟头|世纪)|多?[天周]|日|多?分钟|秒钟?)半?多?"
    r"(?:以前|之前|前(?![后往来期端景]))"
)
# The reigns of Ming and Qing, which local histories count by: 光绪三年.
_REIGNS = frozenset(
    "洪武 建文 永乐 洪熙 宣德 正统 景泰 天顺 成化 弘治 正德 嘉靖 隆庆 万历 泰昌 天启 崇祯"
    " 顺治 康熙 雍正 乾隆 嘉庆 道光 咸丰 同治 光绪 宣统 贞观 开元 天宝".split()
)
_CLASS = re.compile(r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})班")
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
_NAME_SIGNS = frozenset("台里家间棵块道座面条门角元分步斗层重岔户")
_NAME_AFTER = re.compile(
    r"[^\s，。、;:!?()“”的个\d]{0,4}?(?:县|区|市|镇|乡|村|街道|社区|州|旗|居委会)"
)
_WORD_HEADS = frozenset("一万千百亿几数半")
_NAMED_BY = frozenset("一二三四五六七八九十")
_LONGEST_IN_IDIOM = 5
_AGO_REACH = 6
_QUOTE_REACH = 14


_PLAIN = frozenset("一二两三四五六七八九")
_TELLING_BEFORE = frozenset("第周期拜首前届级国(+-:/.数几多余成近十百千万亿翻")
_NO_ARTICLE = _DATE_SIGNS | frozenset("届等线审中期班")
# 一、二、三组
_ROW = re.compile("(?:^|[^百千万十])一、(?:[二三四五六七八九]、)*$")
_ROW_REACH = 8
_ORDINAL_BEFORE = frozenset("第前届级、 ")
_ORDINAL_SIGNS = frozenset("届等年线审中次大期班排类")
_INDEX_SIGNS = frozenset("、).是要")
_PERIOD_SIGNS = frozenset("近前去来后")
_FIRST_HAN = "\u4e00"
_NO_FIGURE_BEFORE = frozenset("经纬")
_ADDRESS_SIGNS = frozenset("号栋幢单楼室路期")
_LONG = 7
_PAIR_SIGNS = frozenset(":比- ")


def find_plain_word(text: str, start: int, lexicon: Lexicon) -> Role | None:
    """Know at a glance a lone numeral that nothing around makes a number: 一些, 两岸, 四川.

    >>> from extract.figure_lexicon import load_lexicon
    >>> find_plain_word("有一些人", 1, load_lexicon()).name
    'word'
    """
    if text[start] not in _PLAIN or text[start + 1 : start + 2] in lexicon.telling:
        return None
    if (start and text[start - 1] in _TELLING_BEFORE) or start + 1 == len(text):
        return None
    near = text[max(0, start - _QUOTE_REACH) : start]
    if "“" in near or '"' in near or "‘" in near:
        return None
    if lexicon.idioms.covers(text, start, start + 1):
        return Role(start, start + 1, "word", "idiom")
    return guess_role(Token(text, start, start + 1))


def find_article(token: Token, lexicon: Lexicon) -> Role | None:
    """Know at a glance the 一 of 一种 and 一位, which counts nothing.

    >>> from extract.figure_lexicon import load_lexicon
    >>> find_article(Token("有一种办法", 1, 2), load_lexicon()).name
    'word'
    """
    text, start = token.text, token.start
    if token.end - start != 1 or text[start] != "一" or token.before() in _TELLING_BEFORE:
        return None
    if text[start + 1 : start + 2] in _NO_ARTICLE or not is_article(text, start, lexicon):
        return None
    near = text[max(0, start - _QUOTE_REACH) : start]
    if "“" in near or '"' in near or "‘" in near:
        return None
    if lexicon.idioms.covers(text, start, start + 1):
        return Role(start, start + 1, "word", "idiom")
    return guess_role(token)


def find_role(token: Token, lexicon: Lexicon) -> Role | None:
    """Say what a number in folded text is instead of a figure; None when it may be one.

    >>> from extract.figure_lexicon import load_lexicon
    >>> find_role(Token("第3批", 1, 2), load_lexicon()).name
    'ordinal'
    """
    previous, following = token.before(), token.after()
    if following in _INDEX_SIGNS and (found := _find_index(token)):
        return found
    if (previous in _ORDINAL_BEFORE or following in _ORDINAL_SIGNS or token.word == "首") and (
        found := _find_ordinal(token)
    ):
        return found
    if following in _PAIR_SIGNS and (found := find_score(token, lexicon)):
        return found
    if found := _find_date(token, previous, following):
        return found
    if _is_plain_figure(token, previous, following, lexicon):
        return None
    return (
        find_identifier(token, lexicon) or find_label(token, lexicon) or _find_name(token, lexicon)
    )


def _is_plain_figure(token: Token, previous: str, following: str, lexicon: Lexicon) -> bool:
    """Tell at a glance whether digits stand between Chinese words with a classifier behind."""
    if not token.is_arabic or previous < _FIRST_HAN or following in _ADDRESS_SIGNS:
        return False
    if token.size >= _LONG or previous in _NO_FIGURE_BEFORE or following < _FIRST_HAN:
        return False
    unit = lexicon.find_unit(token.text, token.end)
    return unit is not None and unit.kind not in ("duration", "length")


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


def _find_index(token: Token) -> Role | None:
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


def _find_ordinal(token: Token) -> Role | None:
    rule = _find_ordinal_sign(token, token.before(2))
    if rule is None and not token.is_arabic:
        # 十九大 is a congress, 五大 a label
        congress = token.after() == "大" and token.size > 1 and token.word[0] in "十二"
        if congress or _HAN_ORDINAL_AFTER.match(token.text, token.end):
            rule = "ordinal_suffix"
    return token.as_role("ordinal", rule) if rule else None


def _find_ordinal_sign(token: Token, before: str) -> str | None:
    if before.rstrip().endswith("第") or token.word == "首":
        return "ordinal_prefix"
    ranked = before.endswith("前") and _RANK.match(token.text, token.end)
    if ranked or (before.endswith("届") and token.after() == "次"):
        return "rank"
    if before.endswith("、") and _ROW.search(token.before(_ROW_REACH)):
        return "row"
    if before == "年级" and _CLASS.match(token.text, token.start):
        return "school_class"
    return "ordinal_suffix" if _ORDINAL_AFTER.match(token.text, token.end) else None


def _find_date(token: Token, previous: str, following: str) -> Role | None:
    text, start = token.text, token.start
    if found := _find_moment(token, previous, following):
        return found
    if following not in _DATE_SIGNS and text[start + 1 : start + 2] not in _SECOND_SIGNS:
        return None
    return _find_calendar(token, previous)


def _find_moment(token: Token, previous: str, following: str) -> Role | None:
    """Know weekdays, 民国110年, 近三年 and 五年前."""
    if token.word in _WEEKDAYS and _is_weekday(token):
        return token.as_role("date", "weekday")
    if previous == "国" and following == "年" and token.before(2) == "民国":
        return token.as_role("date", "roc_year", token.end + 1)
    if following == "年" and token.before(2) in _REIGNS:
        return token.as_role("date", "reign_year", token.end + 1)
    if previous in _PERIOD_SIGNS and _is_period(token):
        return token.as_role("date", "period")
    if "前" in token.after(_AGO_REACH) and (ago := _AGO.match(token.text, token.end)):
        return token.as_role("date", "ago", ago.end())
    return None


def _find_calendar(token: Token, previous: str) -> Role | None:
    text, start = token.text, token.start
    found = NUMERIC_DATE.match(text, start) or _match_year(token) or _PERIOD.match(text, start)
    if not found and previous not in ("个", "每"):
        found = MONTH_DATE.match(text, start) or _HOUR.match(text, start)
    if found and found.end() >= token.end:
        clock = _CLOCK.match(text, found.end())
        return token.as_role("date", "date", clock.end() if clock else found.end())
    if token.size <= 3 and (day := _DAY.match(text, token.end)):
        return token.as_role("date", "day", day.end())
    return None


def _is_period(token: Token) -> bool:
    """Know 近三年, 前三个月 and 未来五年, which say when and not how long."""
    unit = _PERIOD_AFTER.match(token.text, token.end)
    if not unit:
        return False
    head = token.before(4)
    if not _PERIOD_BEFORE.search(head):
        return False
    if head[-1] == "前" and unit.group().endswith("年"):
        return False
    # 用了近三年 is nearly three years
    return head[-1] != "近" or head[-2:-1] not in tuple("了达用需要为时期有约")


def _is_weekday(token: Token) -> bool:
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


def _is_place(text: str, start: int) -> bool:
    """Whether a county or city that the gazetteer knows begins here: 三门峡, 五指山."""
    forms = load_gazetteer().forms_at(text, start)
    return any(len(form) > 2 and division.level in ("city", "county") for form, division in forms)


def _find_name(token: Token, lexicon: Lexicon) -> Role | None:
    if token.is_arabic:
        return None
    text, start = token.text, token.start
    if (
        token.after() in _NAME_SIGNS
        and _UNIT_IN_NAME.match(text, token.end)
        and not lexicon.before_words.match_before(text, start)
    ):
        return token.as_role("name", "place")
    if token.size == 1 and text[start] in _NAMED_BY and _is_place(text, start):
        return token.as_role("name", "place")
    if token.size <= _LONGEST_IN_IDIOM and lexicon.idioms.covers(text, start, token.end):
        return token.as_role("word", "idiom")
    return None
