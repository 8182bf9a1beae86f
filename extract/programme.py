"""Programme and batch: what a title, heading or sentence names, and which names belong together."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from normalize.numerals import read_numeral
from normalize.vocabulary import PROGRAMME_NOUN
from normalize.width import fold_width

_NUMBER = r"[一二三四五六七八九十百零〇\d]{1,4}"
_BATCH = re.compile(rf"第({_NUMBER})批次?|首批|第({_NUMBER})届")
_BREAK = '[^,。;:!?、\\s《》"“”]'
_AFTER = re.compile(rf"^(?:次)?({_BREAK}{{2,40}}(?:\([^()]{{1,12}}\))?{_BREAK}{{0,12}})")
_BEFORE = re.compile(rf"({_BREAK}{{4,40}})\($")
_NO_BATCH = re.compile(
    r"(?:公布|命名|认定|确定|公示|拟命名|表彰)(?:了)?(?:\d{4}年度?)?(.{3,40}?)(?:名单|的(?:通知|公告|公示|决定|通报))"
)
_CUTS = re.compile(
    r"名单|名录|的(?:通知|公示|公告|决定|通报|批复)|公示|评选|申报|开展|工作(?:$|的)|入选|出炉|公布|认定|已经|正在|进行|任务|去年|此前|近日|日前|已|曾"
)
_LEVEL_NOUN = re.compile(
    r"(?:(?:区|县|市|县级|街道|乡镇|镇|社区|村|单位)(?:\([^()]{1,8}\))?|和|、|与|\([^()]{1,8}\))+$"
)
_YEAR_LEAD = re.compile(r"^\d{4}年度?")
_PAST = re.compile(r"去年|此前|上一?批|曾|已(?:成功|经)|目前")
_ANNOUNCING = re.compile(r"公布|印发|名单|公示|确定|命名|认定|入选|上榜|通报|表彰")
_SHORTEST_CORE = 5
_LONGEST_SENTENCE = 2000
_REACH = 80
_MOST_MENTIONS = 500

Where = Literal["title", "list_title", "text"]


@dataclass(frozen=True, slots=True)
class ProgrammeMention:
    """One place where a text names a programme with its batch."""

    programme: str
    """Name as printed, without 名单 and 单位. Example: `省级社区治理和服务创新实验区`"""
    batch: int | None
    """Number of the batch. Example: `2`"""
    batch_raw: str | None
    """Batch as printed. Example: `第二批`"""
    start: int
    """Start of the mention in its text."""
    end: int
    """End of the mention."""
    where: Where
    """What the mention stands in."""
    weight: int
    """How much the place speaks for an announcement of this batch."""


def find_batches(text: str) -> list[tuple[int, str, int, int]]:
    """Find batches in folded text as (number, printed, start, end).

    >>> find_batches("首批和第三批")
    [(1, '首批', 0, 2), (3, '第三批', 3, 6)]
    """
    found = []
    for match in _BATCH.finditer(text):
        digits = match.group(1) or match.group(2)
        try:
            number = int(read_numeral(digits)) if digits else 1
        except ValueError:
            continue
        found.append((number, match.group(), match.start(), match.end()))
    return found


def find_mentions(text: str, where: Where) -> list[ProgrammeMention]:
    """Find the programmes a title, list title or sentence names together with their batch.

    >>> mention = find_mentions("省民政厅公布第二批省级社区治理创新实验区名单", "title")[0]
    >>> mention.programme, mention.batch
    ('省级社区治理创新实验区', 2)
    """
    # Nobody writes a longer sentence; glued text must not cost more than its size.
    folded = fold_width(text[:_LONGEST_SENTENCE])
    weight = _weigh(folded, where)
    mentions = [
        ProgrammeMention(programme, number, printed, start, end, where, weight)
        for number, printed, start, end in find_batches(folded)
        if (programme := _name_beside(folded, start, end))
    ]
    if mentions or where == "text":
        return mentions
    match = _NO_BATCH.search(folded)
    programme = _trim(match.group(1)) if match else None
    if match is None or programme is None:
        return []
    return [ProgrammeMention(programme, None, None, match.start(), match.end(), where, weight)]


def group_mentions(
    mentions: Iterable[ProgrammeMention],
) -> dict[tuple[str, int | None], list[ProgrammeMention]]:
    """Group mentions that name the same programme and batch, the strongest group first.

    Names that differ only in their level words or that contain each other are the same programme.
    The first 500 mentions are read.

    >>> mentions = [
    ...     *find_mentions("公布第二批省级社区治理创新实验区名单", "title"),
    ...     *find_mentions("首批社区治理创新实验区去年已入选", "text"),
    ... ]
    >>> list(group_mentions(mentions))
    [('社区治理创新实验区', 2), ('社区治理创新实验区', 1)]
    """
    groups: defaultdict[tuple[str, int | None], list[ProgrammeMention]] = defaultdict(list)
    ordered = sorted(
        islice(mentions, _MOST_MENTIONS), key=lambda m: (len(core_of(m.programme)), m.where)
    )
    for mention in ordered:
        core = core_of(mention.programme)
        known = next(
            (key for key in groups if key[1] == mention.batch and key[0] in core),
            (core, mention.batch),
        )
        groups[known].append(mention)
    ranked = sorted(groups.items(), key=lambda item: -sum(m.weight for m in item[1]))
    return dict(ranked)


def core_of(programme: str) -> str:
    """Name without level words and year, for comparison.

    >>> core_of("2022年省级城乡社区治理试点")
    '城乡社区治理试点'
    """
    name = _YEAR_LEAD.sub("", programme)
    return re.sub(r"^(?:[一-龥]{2,3}省|省级|全省|市级|全市|我省|我市)", "", name)


def _name_beside(text: str, start: int, end: int) -> str | None:
    after = _AFTER.match(text[end : end + _REACH])
    name = _trim(after.group(1)) if after else None
    if name:
        return name
    before = _BEFORE.search(text[max(0, start - _REACH) : start])
    return _trim(before.group(1)) if before else None


def _trim(name: str) -> str | None:
    """Cut a phrase down to the programme's name; None when no programme is in it."""
    cut = _CUTS.search(name)
    name = _YEAR_LEAD.sub("", name[: cut.start()] if cut else name)
    name = re.sub(r"等?\d+个.*$|[的了在为]+$", "", name)
    nouns = list(PROGRAMME_NOUN.finditer(name))
    if not nouns:
        return None
    noun = nouns[-1]
    tail = name[noun.end() :]
    # 试点单位, 试点区(市、县) and 试点街道 are levels of one programme, not its name.
    if noun.group() == "试点" and (not tail or _LEVEL_NOUN.fullmatch(tail)):
        name = name[: noun.end()]
    else:
        name = name.removesuffix("单位")
    return name if len(core_of(name)) >= _SHORTEST_CORE else None


def _weigh(text: str, where: str) -> int:
    weight = {"title": 3, "list_title": 3, "text": 0}[where]
    weight += 2 if _ANNOUNCING.search(text) else 0
    return weight - (4 if _PAST.search(text) else 0)
