"""The noun a figure counts, found by a light rule without segmentation."""

import re

from extract.figure_lexicon import Lexicon

_STOP_AFTER = re.compile(r"[，。、;:!?\n\s\d“”‘’《》\[\]【】·…%/)-]")
_STOP_BEFORE = re.compile(r"[，。、;:!?\n\s%…]")
_PARENTHESES = re.compile(r"\([^()\n]{1,16}\)")
_LONGEST = 24
_NO_NOUN = tuple("后内来间前里中起)(")
_COUNTED = re.compile(r".*\d[百千万亿多余]*", re.ASCII)
_DATED = re.compile(r".*\d[年月日]的?")
_LEADING = re.compile(
    r"(?:的|了|着|过|和|与|及|[今去明后前当全]年|目前|[本上]月|年底|[全我本][省市县区国州镇乡村])+"
)
_TRAILING = re.compile(
    r"(?:[人户年月日]均|价值|人民币|新台币|美元|港币|[￥¥$]|共计|共有|总计|合计|累计|总数|总额|数量|人数|面积|资金额|分别|将|已|达到|达|为|有|共|约|近|超过|超|逾|突破|只有|仅|各|的|了|到|等|数)+$"
)
_NUMERAL_HEAD = re.compile(
    r"[一二两三四五六七八九十百千几数]+[个名家条项处户位件座支场种所次天年月周元本张组批]"
)


def find_noun_after(text: str, end: int, lexicon: Lexicon) -> tuple[int, int] | None:
    """Give the span of the noun phrase behind a unit in folded text.

    It ends before punctuation, digits, 的 and the first verb; one bracket is taken along.

    >>> from extract.figure_lexicon import load_lexicon
    >>> text = "30个示范街道(乡镇)开展试点"
    >>> start, end = find_noun_after(text, 3, load_lexicon())
    >>> text[start:end]
    '示范街道(乡镇)'
    """
    start = end
    while start < len(text) and start - end < 2 and text[start] in "的 ":
        start += 1
    window = text[start : start + _LONGEST]
    bracket = _PARENTHESES.search(window)
    limit = len(window)
    if stop := _STOP_AFTER.search(window):
        limit = stop.start()
    if window[:1] in _NO_NOUN:
        return None
    head = window[: min(limit, bracket.start())] if bracket else window[:limit].partition("(")[0]
    cut = _cut_at_verb(head, lexicon, linked="的" in text[end:start])
    noun = head[:cut]
    size = len(noun.rstrip("等也都均在的了中里和与及"))
    if size < 1 or _NUMERAL_HEAD.match(noun):
        return None
    if bracket and cut == len(head) == bracket.start() and size == cut:
        size = bracket.end()
    return start, start + size


def find_noun_before(text: str, start: int, lexicon: Lexicon) -> tuple[int, int] | None:
    """Give the span of the noun phrase in front of a number in folded text.

    It begins behind the last verb of the clause: 引入专业社会组织533个.

    >>> from extract.figure_lexicon import load_lexicon
    >>> text = "引入专业社会组织533个"
    >>> start, end = find_noun_before(text, 8, load_lexicon())
    >>> text[start:end]
    '专业社会组织'
    """
    window = text[max(0, start - _LONGEST - 8) : start]
    origin = start - len(window)
    for stop in _STOP_BEFORE.finditer(window.rstrip()):
        origin = start - len(window) + stop.end()
    clause = text[origin:start].rstrip()
    trimmed = _TRAILING.sub("", clause)
    begin = _skip_verbs(trimmed, lexicon)
    begin = _skip_figures(trimmed, begin, lexicon)
    if dated := _DATED.match(trimmed, begin):
        begin = dated.end()
    noun = trimmed[begin:]
    lead = _LEADING.match(noun)
    begin += lead.end() if lead else 0
    noun = trimmed[begin:]
    broken = noun[-1:] == ")" and "(" not in noun
    if len(noun) < 2 or broken or noun[-1] == "第" or noun[0] in "年月日":
        return None
    quoted = noun.startswith("“") and noun.endswith("”")
    return origin + begin + quoted, origin + len(trimmed) - quoted


def _cut_at_verb(head: str, lexicon: Lexicon, *, linked: bool) -> int:
    """Give where the noun ends; a verb right behind 的 belongs to it (2年的创建工作)."""
    first = lexicon.verbs.match_at(head, 0) if linked else None
    position = len(first) if first else 0
    while position < len(head):
        noun = lexicon.nouns.match_at(head, position)
        if noun:
            position += len(noun)
            continue
        if head[position] == "的" or lexicon.verbs.match_at(head, position):
            return position
        position += 1
    return len(head)


def _skip_figures(clause: str, begin: int, lexicon: Lexicon) -> int:
    """Give where the words behind another figure of the clause begin (400万元和…)."""
    counted = _COUNTED.match(clause, begin)
    unit = lexicon.find_unit(clause, counted.end()) if counted else None
    if counted is None or unit is None:
        return begin
    end = counted.end() + len(unit.raw)
    return end + len(lexicon.after_words.match_at(clause, end) or "")


def _skip_verbs(clause: str, lexicon: Lexicon) -> int:
    position = begin = 0
    while position < len(clause):
        noun = lexicon.nouns.match_at(clause, position)
        verb = lexicon.verbs.match_at(clause, position)
        if clause.startswith("服务", position) and lexicon.people.match_at(clause, position + 2):
            noun, verb = None, "服务"
        if noun and not (verb and len(verb) > len(noun)):
            position += len(noun)
        elif verb:
            position = begin = position + len(verb)
        elif clause[position] in "”》" and clause[position + 1 : position + 2]:
            position = begin = position + 1
        elif clause[position] == "(":
            close = clause.find(")", position)
            position = close + 1 if close > 0 else position + 1
        else:
            position += 1
    return begin
