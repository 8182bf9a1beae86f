"""Comparators: what the words before a number and behind its unit say of its bounds."""

import re
from dataclasses import dataclass

from extract.figure_lexicon import Lexicon, Unit
from extract.figure_numbers import Amount

_FILLERS = "了到达为有 "
_NUMERAL = re.compile("[一二三四五六七八九十百千万亿]")
_PAST = ("来", "间", "内", "，", "里")
_PAUSES = frozenset(("", "，", "。", "、", ";", "!", "?", "\n", ")", "拍", "售"))
_SPANS = frozenset(("duration", "length", "area", "money", "weight", "multiple", "age", "percent"))
# 约占居民的三成, 接近去年的4倍
_SHARE = re.compile(
    r"(?P<word>约|将近|接近|近|超过|不足|不到|不低于|不少于|不高于|不超过|不得低于|不得少于|不得超过|至少)(?:占[^,，。;:!?\d]{1,14}的?|[^,，。;:!?\d]{1,10}的|(?<=[于过])[^,，。;:!?\d]{1,8})$"
)
_LONGEST_SHARE = 20
_SHARED_KINDS = frozenset(("percent", "multiple", "ratio"))
# 至少配备2名: a short verb may stand between
_ADVERB = re.compile(
    r"(?P<word>至少|最少|起码|最低|不少于|不低于|不得少于|不得低于|最多|至多|不超过|不得超过|不高于|最高)"
    r"(?P<verb>[^\s，。、;:!?()“”\d%的个为达]{1,4}?|可?达|可?为|人民币|可达到)$"
)
_ADVERB_SIGN = re.compile("[至最起不]")
_LOOSE = frozenset(("至少", "最少", "起码", "最多", "至多"))
_TIGHT = re.compile(
    r"可?达到?|可?为|人民币|可?获|(?:可|能)?(?:补|奖|罚|处|给予|资助|支持|补助|补贴|奖励|申请|贷款|贷)"
)
_ADVERB_REACH = 10
_BARE_ONLY = frozenset(("过", "上"))


@dataclass(slots=True)
class Mark:
    """A comparator and the word that gave it."""

    comparator: str
    """One of the signs of Figure.comparator."""
    word: str
    """Word as printed, folded."""
    end: int
    """End of the word."""


def find_mark_before(
    text: str, start: int, amount: Amount, unit: Unit | None, lexicon: Lexicon
) -> Mark | None:
    """Give the comparator in front of a number: 超过, 不低于, 近.

    >>> from decimal import Decimal
    >>> from extract.figure_lexicon import load_lexicon
    >>> find_mark_before("超过了5个", 3, Amount(Decimal(5)), None, load_lexicon()).word
    '超过'
    """
    end = start
    while end and start - end < 3:
        word = lexicon.before_words.match_before(text, end)
        if word and _is_mark(text, end - len(word), word, amount, lexicon):
            if word in ("近", "满") and not _fits(text, end - len(word), word, start, unit):
                return None
            return Mark(lexicon.before[word], word, end)
        if text[end - 1] not in _FILLERS:
            break
        end -= 1
    return _find_adverb(text, start, lexicon) or _find_share(text, start, unit, lexicon)


def _find_adverb(text: str, start: int, lexicon: Lexicon) -> Mark | None:
    """Give the comparator in front of a short verb: 最多安装两部."""
    head = text[max(0, start - _ADVERB_REACH) : start]
    found = _ADVERB.search(head) if _ADVERB_SIGN.search(head) else None
    if found is None or _NUMERAL.search(found["verb"]):
        return None
    if found["word"] not in _LOOSE and not _TIGHT.fullmatch(found["verb"]):
        return None
    end = start - len(found["verb"])
    return Mark(lexicon.before[found["word"]], found["word"], end)


def _find_share(text: str, start: int, unit: Unit | None, lexicon: Lexicon) -> Mark | None:
    """Give the comparator in front of what a share is taken of: 约占居民的三成."""
    if unit is None or unit.kind not in _SHARED_KINDS:
        return None
    share = _SHARE.search(text, max(0, start - _LONGEST_SHARE), start)
    if share is None or (unit.kind != "percent" and text[start - 1] != "的"):
        return None
    word = share["word"]
    if word[0] != "不" and "占" not in share.group() and text[start - 1] != "的":
        return None
    return Mark(lexicon.before[word], word, share.end("word"))


def find_mark_after(text: str, end: int, unit: Unit | None, lexicon: Lexicon) -> Mark | None:
    """Give the comparator behind a unit: 以上, 左右, 多.

    >>> from extract.figure_lexicon import load_lexicon
    >>> find_mark_after("5个以上", 2, None, load_lexicon()).comparator
    '>='
    """
    word = lexicon.after_words.match_at(text, end)
    if not word:
        return None
    tail = end + len(word)
    following = text[tail : tail + 1]
    if word == "起":
        priced = unit is not None and unit.kind == "money" and following in _PAUSES
        return Mark(lexicon.after[word], word, tail) if priced else None
    if word in lexicon.before and following.isdigit():
        return None
    if len(word) == 1:
        spans = unit is not None and unit.kind in _SPANS
        if not spans or following in tuple("元样种方数级个年名"):
            return None
    return Mark(lexicon.after[word], word, tail)


def _is_mark(text: str, start: int, word: str, amount: Amount, lexicon: Lexicon) -> bool:
    if word in _BARE_ONLY and not amount.bare:
        return False
    return not start or text[start - 1] not in lexicon.not_after.get(word, ())


def _fits(text: str, start: int, word: str, number: int, unit: Unit | None) -> bool:
    """Tell whether 满 and 近 compare: 满 with measures only, 近三年来 is a time."""
    if word == "满":
        return unit is not None and unit.kind in _SPANS
    if unit is None or unit.kind != "duration":
        return True
    tail = text.find(unit.raw, number) + len(unit.raw)
    heads = not start or text[start - 1] in "，。;:!?\n 、在"
    return not (text[tail : tail + 1] in ("来", "间") or (heads and text[tail : tail + 1] in _PAST))
