"""How many units a page says there are: in its title, and beside its programme."""

import re
from collections.abc import Iterator

from extract.body import Body
from extract.listing_records import Parts, StatedCount
from extract.programme import find_batches
from extract.unit_names import split_name
from normalize.width import fold_width

WHOLE_SCOPES = frozenset(("national", "province", "prefecture", "whole"))
"""Scopes of counts that speak of the whole list, not of an area's part of it."""

_SENTENCE = re.compile(r"[^。!?;\n]+")
_UNIT_NOUN = r"(?:区|县|市|镇|乡|街道|社区|村|单位|实验区|示范区|试点|家|地)"
_COUNT = re.compile(
    rf"(\d{{1,5}})(?!年)\s*(?:个|家|处)?((?:[一-龥]{{0,8}}?{_UNIT_NOUN})(?:\([^()]{{1,8}}\))?)"
    r"(?=[、,。;:!?\s和与及作为]|当中|中|$|被|成功|入选|获|名列|位列|榜上|上榜|在列|跻身|通过|脱颖|名单|开展|命名|列为|确定|\))"
)
_TITLE_COUNT = re.compile(
    r"(\d{1,5})(?:个|家|处)?([地家]|[一-龥]{0,6}?(?:社区|村|镇|街道|单位|区|县)(?:\([^()]{1,8}\))?)(?=入选|上榜|获)"
)
_COUNT_BEHIND = re.compile(
    rf"(?:^|[,、:的])(?P<of>(?![我全本]{_UNIT_NOUN})(?:(?!的)[一-龥]){{0,6}}?{_UNIT_NOUN}"
    r"(?:\([^()]{1,8}\))?)(?:共?有|共计?|达)(?P<n>\d{1,5})(?:个|家|处)"
)
# 命名天府旅游特色县35个: the noun stands before its number.
_COUNT_AFTER_NOUN = re.compile(
    r"(?P<of>[一-龥]{0,8}(?:示范|特色|重点|历史文化名|先进|试点|命名|名)(?:镇|村|社区|街道|县|乡镇|单位))"
    r"(?P<n>\d{1,5})(?:个|家)(?=[、,。;)和及]|$)"
)
_CHOOSING = re.compile(r"确定|定了|入选|命名|公布|认定|拟将|选出|评出")
_ELSEWHERE = re.compile(r"已|去年|此前|曾|每年|另外|其他|产生")
_APART = re.compile(r"检查|排查|申报|抽查|推荐上报|走访")
_LOCAL = re.compile(r"[我全本][省市县区州]|当地")
_APPROXIMATE = re.compile(r"\s*(?:个|家)?(?:左右|多|余)")
_CLAUSE = 200
"""Characters before a count in which its area may stand."""
_DIRECT = ("第", "约", "近", "每年选取")


def read_stated_counts(
    batch: int | None, body: Body, title: str, whole: str
) -> tuple[StatedCount, ...]:
    """Read the counts of the title, and of sentences that name the batch or tell of the choice.

    `whole` is the scope of counts that name no area of their own.

    >>> from extract.body import join_lines
    >>> from extract.lines import read_text_lines
    >>> body = join_lines(read_text_lines("确定41个区(市、县)为第三批试点单位。").lines)
    >>> [(count.of, count.n) for count in read_stated_counts(3, body, "", "province")]
    [('区(市、县)', 41)]
    """
    counts = [
        StatedCount(
            m.group(2), int(m.group(1)), _area_before(title, m.start()), *m.span(1), "title"
        )
        for m in _TITLE_COUNT.finditer(fold_width(title))
    ]
    folded = fold_width(body.text)
    for sentence in _SENTENCE.finditer(folded):
        text = sentence.group()
        batches = {number for number, *_ in find_batches(text)}
        told = _CHOOSING.search(text) and not _ELSEWHERE.search(text)
        if batch not in batches and (batches or not told):
            continue
        counts += [
            StatedCount(
                noun,
                number,
                _scope_of(text[max(0, start - _CLAUSE) : start], whole),
                sentence.start() + start,
                sentence.start() + end,
            )
            for noun, number, start, end in _read_counts(text)
        ]
    # The same statement is often printed twice, in lead and summary.
    unique = {(c.of, c.n, c.scope): c for c in reversed(counts)}
    return tuple(sorted(unique.values(), key=lambda c: (c.field == "title", c.span_start)))


def _scope_of(before: str, whole: str) -> str:
    """What a count speaks of: the area that its clause names (我市), else the whole list."""
    local = _LOCAL.search(before.rpartition(",")[2])
    # A province's own list is no part of it.
    is_part = local is not None and not (local.group().endswith("省") and whole != "national")
    return local.group() if local and is_part else whole


def _area_before(title: str, end: int) -> str | None:
    """The place whose share a title counts: 嘉兴市 in 嘉兴市4地入选."""
    place = split_name(title[:end], Parts())
    return place.full if place else None


def _read_counts(text: str) -> Iterator[tuple[str, int, int, int]]:
    """Counts of units in a sentence as (noun, number, start, end of the number)."""
    for match in _COUNT.finditer(text):
        before = text[max(0, match.start() - 4) : match.start()]
        if _APART.search(text[max(0, match.start() - 8) : match.start()]):
            continue
        if not (_APPROXIMATE.match(text, match.end(1)) or before.endswith(_DIRECT)):
            yield match.group(2), int(match.group(1)), *match.span(1)
    for pattern in (_COUNT_BEHIND, _COUNT_AFTER_NOUN):
        for match in pattern.finditer(text):
            yield match.group("of"), int(match.group("n")), *match.span("n")
