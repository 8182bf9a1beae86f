"""Numbers that name something: telephones, licences, addresses, page views, labels and sums."""

import re

from extract.figure_lexicon import Lexicon
from extract.figure_token import Role, Token

_PHONE = re.compile(
    r"0\d{2,3}-\d{7,8}|1[3-9]\d{9}(?!\d)|[48]00-\d{3,4}-\d{3,4}|\d{3,4}-\d{3,4}-\d{4}", re.ASCII
)
_SUM = re.compile(r"(?:\d{1,3}|[A-Z])(?:\s?[+×*xX]\s?(?:\d{1,3}|[A-Z])){1,8}(?![a-z])", re.ASCII)
_ADDRESS = re.compile(
    r"号(?!人)|[栋幢](?:\d{1,3}(?:单元|室|号|楼)|(?=住户|居民|业主|的邻居|停[水电气暖]|漏水|[、和]\d{1,3}[栋幢]))|期(?=\d{1,3}[栋幢])|单元\d|楼\d|[室路](?=[，。、\s)])",
    re.ASCII,
)
_CODE_BEFORE = re.compile(
    r"[A-Za-z_@#&](?<!RMB)(?<!CNY)(?<!USD)(?<!HKD)(?<!NTD)(?<!TWD)(?<!EUR)(?<!GBP)$|[A-Za-z0-9][./\\_=^-]$"
)
_CODE_AFTER = re.compile(r"[A-Za-z_@]|[./-][A-Za-z]")
_WORD_CHARACTER = re.compile(r"\w", re.ASCII)
_COORDINATES = frozenset(("东经", "西经", "北纬", "南纬"))
_LABEL_REACH = 16
_LABEL_TRIM = ":= \t第字号为是()No.-"
_LINE_END = frozenset(("", "\n", " ", ")"))
_QUOTES = (("“", "”"), ("‘", "’"), ('"', '"'))
_QUOTE_REACH = 14
_QUOTE_STOP = re.compile(r"[，。;!?\n“‘]")
_QUOTED_CODE = re.compile(r"[\d+A-Za-z×·.\s-]*", re.ASCII)
_QUOTED_MEASURE = frozenset("百千万亿%元")
_SCHEME_UNIT = re.compile(r"年(?=行动|规划|计划|攻坚)|分钟|小时|公里")
_SCHEME_SIGNS = frozenset("年分小公")
_SCHEME = re.compile(r"[^，。、;!?”的]{0,6}?(?:圈|工作法|模式|机制|计划|规划|工程|品牌|攻坚)")
_BUILDINGS = frozenset("栋幢")
_BUILDINGS_BEFORE = frozenset(("栋、", "幢、", "栋和", "幢和"))
_SHORTEST_PHONE = 3
_LONG = 7
_VERY_LONG = 16


def find_identifier(token: Token, lexicon: Lexicon) -> Role | None:
    """Know telephone numbers, codes with letters, long rows of digits, addresses and page views.

    >>> from extract.figure_lexicon import load_lexicon
    >>> find_identifier(Token("电话12345", 2, 7), load_lexicon()).rule
    'labelled'
    """
    listed = token.after() in _BUILDINGS and token.before(2) in _BUILDINGS_BEFORE
    if listed or _ADDRESS.match(token.text, token.end):
        return token.as_role("identifier", "address")
    if not token.is_arabic:
        return None
    phone = _PHONE.match(token.text, token.start) if token.size >= _SHORTEST_PHONE else None
    if phone and not lexicon.find_unit(token.text, phone.end()):
        return token.as_role("identifier", "phone", phone.end())
    if rule := _find_code(token, lexicon):
        return token.as_role("identifier", rule)
    if token.word.isdigit() and token.size >= _LONG:
        bare = not lexicon.find_unit(token.text, token.end)
        if bare or token.size >= _VERY_LONG:
            return token.as_role("identifier", "long_digits")
    return _find_labelled(token, lexicon)


def _find_code(token: Token, lexicon: Lexicon) -> str | None:
    """Name the rule by which a number is part of a code or a coordinate."""
    if token.before(2) in _COORDINATES:
        return "coordinate"
    ends_code = token.before().isascii() and _CODE_BEFORE.search(token.before(4))
    if ends_code or (token.after().isascii() and _continues_code(token, lexicon)):
        return "code"
    return None


def _continues_code(token: Token, lexicon: Lexicon) -> bool:
    """Tell whether letters follow that are no unit: 5G, but not 5km."""
    if not _CODE_AFTER.match(token.text, token.end):
        return False
    unit = lexicon.find_unit(token.text, token.end)
    return unit is None or bool(_WORD_CHARACTER.match(token.text, token.end + len(unit.raw)))


def _find_labelled(token: Token, lexicon: Lexicon) -> Role | None:
    head = token.before(_LABEL_REACH)
    label = head.rstrip(_LABEL_TRIM)
    if lexicon.identifiers.match_before(label, len(label)):
        counted = lexicon.find_unit(token.text, token.end)
        return None if counted else token.as_role("identifier", "labelled")
    stands_alone = ":" in head[len(label) :] or token.after() in _LINE_END
    if stands_alone and lexicon.views.match_before(label, len(label)):
        return token.as_role("identifier", "page_views")
    return None


def find_label(token: Token, _lexicon: Lexicon) -> Role | None:
    """Know the numbers of policy labels: 1+6+N, “五社联动”, 三年行动计划.

    >>> from extract.figure_lexicon import load_lexicon
    >>> find_label(Token("“五社联动”", 1, 2), load_lexicon()).rule
    'quoted'
    """
    if token.is_arabic and (found := _SUM.match(token.text, token.start)):
        return token.as_role("label", "sum", found.end())
    if token.before() == "+" or token.after() == "+":
        return token.as_role("label", "sum")
    near = token.before(_QUOTE_REACH)
    quoted = "“" in near or '"' in near or "‘" in near
    inner = _find_quotation(token) if quoted else None
    if inner is None or token.is_arabic:
        if inner and _QUOTED_CODE.fullmatch(inner):
            return token.as_role("label", "quoted")
        return _find_scheme(token)
    if token.size <= 2 and token.after() not in _QUOTED_MEASURE:
        return token.as_role("label", "quoted")
    return None


def _find_scheme(token: Token) -> Role | None:
    """Know 三年行动计划 and 15分钟生活圈, which are names."""
    unit = _SCHEME_UNIT.match(token.text, token.end) if token.after() in _SCHEME_SIGNS else None
    if unit and _SCHEME.match(token.text, unit.end()):
        return token.as_role("label", "scheme")
    return None


def _find_quotation(token: Token) -> str | None:
    """Give the inside of the short quotation the number stands in."""
    text, start = token.text, token.start
    for opening, closing in _QUOTES:
        left = text.rfind(opening, max(0, start - _QUOTE_REACH), start)
        if left < 0 or (opening != closing and text.find(closing, left, start) >= 0):
            continue
        right = text.find(closing, token.end, token.end + _QUOTE_REACH)
        inner = text[left + 1 : right] if right >= 0 else ""
        if inner and not _QUOTE_STOP.search(inner):
            return inner
    return None
