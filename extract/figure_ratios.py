"""Two numbers set against each other: ratios (1:1.4, 三比一), shares (1/3), scores, clocks."""

import re
from decimal import Context, Decimal

from extract.figure_lexicon import Lexicon
from extract.figure_numbers import HAN_DIGITS, Amount, read_amount
from extract.figure_quantity import Quantity
from extract.figure_token import Role, Token

_HAN = rf"[零{HAN_DIGITS}十百]{{1,5}}(?:点[零{HAN_DIGITS}]{{1,3}})?"
_ONE = rf"(?:\d{{1,9}}(?:\.\d{{1,4}})?|{_HAN})"
PAIR = re.compile(
    rf"(?P<first>{_ONE})\s?[:比]\s?(?P<second>{_ONE})(?P<more>(?:\s?[:比]\s?{_ONE}){{0,4}})(?![\d:])",
    re.ASCII,
)
"""1:1.4, 三比一, 5:3:2."""
_DASHED = re.compile(r"(?P<first>\d{1,3})-(?P<second>\d{1,3})(?![\d.-])", re.ASCII)
_CLOCK = re.compile(r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?![\d.])", re.ASCII)
_CLOCKLIKE = re.compile(r"\d{1,2}:\d{2}(?![\d.])", re.ASCII)
_PART = re.compile(r"(?P<part>[1-9]\d{0,2})/(?P<whole>[1-9]\d{0,3})(?![\d/.年月-])", re.ASCII)
_PART_BEFORE = re.compile(r"[的约近超过达占为到至足满了逾成剩]$")
# 有1/3尚未成立: behind these words no date is printed
_SHARE_BEFORE = re.compile(r"[有约近占超]$")
_SHARE_AFTER = re.compile(r"[一-鿿](?<![年月日号])")
_PART_AFTER = re.compile(r"的|以[上下]|左右|强|弱|[，。;!?、)]|$")
_RATIO_BEFORE = re.compile(
    r"比(?:例|率|值|重|分比)?|之比|按|配[比置]|占比|性别比|倍率|率|稀释|兑|勾兑|浓度|系数|录取|报考|结对"
)
_RATIO_AFTER = re.compile(
    r"(?:左右|以上|以下)?的?(?:比例|比率|比值|配比|配置|的?标准|兑|混合|稀释|配备|拌|调配|分担|出资|配套|缩小|模型|匹配|师生比)"
)
_SCORE_BEFORE = re.compile(
    r"(?:比分|战成|打成|[胜负赢输平败克]|横扫|击败|战胜|逼平|领先|落后|大胜|险胜|总分|半场|全场|点球|决赛|联队|队|局)[^，。;!?\n]{0,30}$"
)
_SCORE_AFTER = re.compile(
    r"[^，。;!?\n]{0,6}?(?:[险大完惜憾告小]?[胜负败]|击败|战胜|战平|握手言和|横扫|领先|落后|逼平|赢|输|平局|力克|零封|点球)"
)
_REACH = 36
_EXACT = Context(prec=6)


def find_score(token: Token, _lexicon: Lexicon) -> Role | None:
    """Know scores (3比2险胜, 1-3告负) and clock times (11:20).

    >>> from extract.figure_lexicon import load_lexicon
    >>> find_score(Token("以3比2险胜", 1, 2), load_lexicon()).name
    'score'
    """
    found = _match_pair(token)
    if found is None:
        return None
    text, end = token.text, found.end()
    head = text[max(0, token.start - _REACH) : token.start]
    if _SCORE_AFTER.match(text, end) or _SCORE_BEFORE.search(head):
        return token.as_role("score", "score", end)
    if found.re is _DASHED or found["more"] or _is_ratio(text, token.start, end):
        return None
    if clock := _CLOCK.match(text, token.start):
        return token.as_role("date", "clock", clock.end())
    # 25:61 is no time, and no ratio either where nothing says so
    return (
        token.as_role("identifier", "clock", end) if _CLOCKLIKE.match(text, token.start) else None
    )


def read_ratio(text: str, start: int, end: int) -> Quantity | None:
    """Read a ratio or a share whose first number spans `start` to `end` in folded text.

    A ratio of two numbers is worth their quotient; one of more numbers has no single value.

    >>> str(read_ratio("比例为1:4", 3, 4).amount.value)
    '0.25'
    """
    if text[end : end + 1] == "/":
        return _read_part(text, start)
    found = PAIR.match(text, start)
    if found is None or found.end("first") < end:
        return None
    if text[found.end("first")] == "比" and not _is_ratio(text, start, found.end()):
        return None
    first, second = read_amount(found["first"]), read_amount(found["second"])
    if first is None or second is None or first.value is None or not second.value:
        return None
    value = None if found["more"] else divide(first.value, second.value)
    return Quantity(start, found.end(), Amount(value), None, found.end(), "ratio")


def _match_pair(token: Token) -> re.Match[str] | None:
    following = token.after(2)
    if ":" in following or "比" in following:
        return PAIR.match(token.text, token.start)
    if following[:1] == "-":
        return _DASHED.match(token.text, token.start)
    return None


def _is_ratio(text: str, start: int, end: int) -> bool:
    head = text[max(0, start - _REACH) : start].rpartition("。")[2].rpartition("，")[2]
    return bool(_RATIO_BEFORE.search(head) or _RATIO_AFTER.match(text, end))


def _read_part(text: str, start: int) -> Quantity | None:
    """Read 1/3, but not the date 3/15."""
    found = _PART.match(text, start)
    if found is None or int(found["part"]) >= int(found["whole"]):
        return None
    head = text[max(0, start - 2) : start]
    shared = _SHARE_BEFORE.search(head) and _SHARE_AFTER.match(text, found.end())
    if not shared and not (_PART_BEFORE.search(head) and _PART_AFTER.match(text, found.end())):
        return None
    value = divide(Decimal(found["part"]), Decimal(found["whole"]))
    return Quantity(start, found.end(), Amount(value), None, found.end(), "ratio")


def divide(first: Decimal, second: Decimal) -> Decimal:
    """Divide, to six figures.

    >>> divide(Decimal(2), Decimal(3))
    Decimal('0.666667')
    """
    return _EXACT.divide(first, second).normalize()
