"""Programme and batch: what a title, heading or sentence names, and which names belong together."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Literal

from normalize.gazetteer import load_gazetteer
from normalize.numerals import read_numeral
from normalize.programmes import fold_programme, stem_of_canon
from normalize.vocabulary import PROGRAMME_NOUN
from normalize.width import fold_width

_NUMBER = r"[一二三四五六七八九十百零〇\d]{1,4}"
_BATCH = re.compile(rf"第({_NUMBER})批次?|首批次?|第({_NUMBER})届")
# 第一批至第八批 and 前两批 speak of several batches, so of none.
_BATCH_RANGE = re.compile(
    rf"第{_NUMBER}(?:批)?(?:至|到|-|—|~|、|和){{1,2}}第?{_NUMBER}批(?:次)?|前{_NUMBER}批"
)
_BREAK = '[^,。;:!?、\\s《》<>"“”「」『』]'
_QUOTED = '["“「『][^"“”「」『』,。;:!?]{1,14}["”」』]'
_OPENING = '["“「『《<]'
_CLOSING = '["”」』》>]'
_AFTER = re.compile(
    rf"^(?:次|的)?(?:{_OPENING}?(?P<name>(?:{_BREAK}|{_QUOTED}){{2,40}}(?:\([^()]{{1,12}}\))?{_BREAK}{{0,12}}))"
)
_BEFORE = re.compile(rf"((?:{_BREAK}|{_QUOTED}){{4,40}}){_CLOSING}?\(?$")
_IN_QUOTES = re.compile(rf"{_OPENING}((?:{_BREAK}|{_QUOTED}){{4,40}}){_CLOSING}")
_LED = (
    r"(?:全国|中国|国家级?|省级|全省|我省|市级|全市|我市|自治区级?|{provinces})"
    r"(?:{piece}){{4,40}}"
)
_NO_BATCH = re.compile(
    r"(?:公布|命名|认定|确定|公示|拟命名|表彰|表扬|授予|通报|揭晓|评选出?|获评|入选|获得|荣获|上榜|成为|列为|评为|确认为|认定为)"
    r"(?:了|为)?(?:\d{4}年?度?)?"
    r"(.{3,40}?)(?:名单|名录|称号|的(?:通知|公告|公示|决定|通报)|[,。!;:]|$)"
)
_LIST_OF = re.compile(
    r"(?:^|[,:!?\s]|年度?)([^,。;:!?\s]{4,40}?)(?:拟创建|拟推荐|拟命名|拟确定)?(?:名单|名录)"
)
_TITLE_CLAUSE = re.compile(r"[^\s,!:;?。(]{5,40}")
_NAMED_IN_QUOTES = re.compile(
    r"(?:命名为|获评|授予|评为|荣获|年度?|全[省国市]|级)[“\"「][^”\"」]{4,20}|[“\"「][^“”\"」]{4,20}[”\"」](?:名单|称号)"
)
_CUTS = re.compile(
    r"共(?=$|计|有|推介|认定|评选|评出|遴选|公布|选出|\d)"
    r"|名单|名录|称号|的(?:通知|公示|公告|决定|通报|批复)|公示|评选|申报|开展|工作(?:$|的)|入选|出炉|公布|认定|已经"
    r"|正在|进行|任务|去年|此前|近日|日前|已|曾|命名|授予|获评|荣获|上榜|建设工作|结果|成绩|揭晓|汇总|的[是为有]|的分别|和第|及第|与第|以及"
)
_NO_PROGRAMME = re.compile(
    r"持续|推进|打造|落实|加强|建成|培育了|为抓手|共有|共确定|其中|记者|获悉|承担|任务|投入|资金|计划|\d元"
)
_LEVEL_NOUN = re.compile(
    r"(?:(?:区|县|市|县级|街道|乡镇|镇|社区|村|单位)(?:\([^()]{1,8}\))?|和|、|与|\([^()]{1,8}\))+$"
)
_LEAD = re.compile(r"^(?:拟|新|被)?(?:列入|入选|命名|认定|推荐|确定|公布|表彰|纳入)?的?")
_COUNTED = re.compile(r"^[^\d]{0,8}?\d{1,5}(?:个|家|名|所)(?=[一-龥]{4})")
_TAIL = re.compile(
    r"等?\d+个.*$|\d+(?:社区|村|镇|街道|地|家)获奖$|拟(?:命名|推荐|确定|入选|创建|表彰)?$|[的了在为(]+$"
)
_YEAR_LEAD = re.compile(r"^\d{4}年?(?:度|第)?")
# 云林县111年度社区发展工作评鉴: the year stands behind the county
_YEAR_WITHIN = re.compile(r"(?<=[市县区省])(?:\d{4}|1\d\d)年度?")
_PAST = re.compile(
    r"去年|此前|在此之前|上一?批|前[两二三四]批|曾|先后|已(?:成功|经(?!公布|出炉|发布|确定|揭晓)|获)|目前|以来"
)
_ANNOUNCING = re.compile(
    r"公布|印发|名单|揭晓|出炉|公示|确定|确认|命名|认定|入选|上榜|榜上有名|通报|表彰|授予|获评|继续保留|撤销|摘牌"
)
_NAMES_COUNTY = re.compile(
    r"^(?:[一-龥]{2,8}(?:省|自治区))?(?:[一-龥]{2,9}[市州盟])?[一-龥]{1,9}[市县区旗][一-龥]{2}"
)
_SHORTEST_NAME = 5
_LONGEST_SENTENCE = 2000
_REACH = 80
_MOST_MENTIONS = 500
_LONGEST_NAME_LINE = 45

Where = Literal["title", "list_title", "text"]
_WEIGHTS: dict[Where, int] = {"title": 3, "list_title": 3, "text": 0}


@dataclass(frozen=True, slots=True)
class ProgrammeMention:
    """One place where a text names a programme, mostly with its batch."""

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
    """Find batches in folded text as (number, printed, start, end); ranges of batches are none.

    >>> find_batches("首批和第三批")
    [(1, '首批', 0, 2), (3, '第三批', 3, 6)]
    >>> find_batches("第一批至第八批")
    []
    """
    ranges = [match.span() for match in _BATCH_RANGE.finditer(text)]
    found = []
    for match in _BATCH.finditer(text):
        digits = match.group(1) or match.group(2)
        if any(start <= match.start() < end for start, end in ranges):
            continue
        try:
            number = int(read_numeral(digits)) if digits else 1
        except ValueError:
            continue
        found.append((number, match.group(), match.start(), match.end()))
    return found


def find_mentions(text: str, where: Where) -> list[ProgrammeMention]:
    """Find the programmes that a title, list title or sentence names, with their batch.

    Programmes without a batch are taken where a text quotes them (“全国文明村镇”), puts their
    level in front (全国…, 省级…) or publishes them (公布…名单).

    >>> mention = find_mentions("省民政厅公布第二批省级社区治理创新实验区名单", "title")[0]
    >>> mention.programme, mention.batch
    ('省级社区治理创新实验区', 2)
    >>> find_mentions("三村获评“全国民主法治示范村(社区)”", "title")[0].programme
    '全国民主法治示范村(社区)'
    """
    # Nobody writes a longer sentence; glued text must not cost more than its size.
    folded = fold_width(text[:_LONGEST_SENTENCE])
    weight = _weigh(folded, where)
    mentions = [
        ProgrammeMention(programme, number, printed, start, end, where, weight)
        for number, printed, start, end in find_batches(folded)
        if (programme := _name_beside(folded, start, end))
    ]
    # Without a batch a sentence says less: it may speak of the programme in general.
    lighter = weight - 1 if where == "text" else weight
    for start, end, name in _find_names(folded):
        if not any(m.start - _REACH <= start <= m.end + _REACH for m in mentions):
            mentions.append(ProgrammeMention(name, None, None, start, end, where, lighter))
    if where == "title" and not mentions:
        # A title may name a programme by itself: 金卓越社区选拔结果揭晓.
        for match in _TITLE_CLAUSE.finditer(folded):
            titled = _trim(match.group())
            if titled is not None:
                mentions.append(ProgrammeMention(titled, None, None, *match.span(), where, 1))
    return mentions


def names_only_programme(text: str) -> bool:
    """Tell a line that is nothing but the name of a programme, with or without its batch.

    >>> names_only_programme("国家森林乡村(第二批)"), names_only_programme("我市入选国家森林乡村")
    (True, False)
    """
    if len(text) > _LONGEST_NAME_LINE:
        return False
    rest = fold_width(text)
    for mention in find_mentions(rest, "list_title"):
        rest = rest.replace(mention.programme, "").replace(mention.batch_raw or "\n", "")
    if len(re.sub(r"[\W\d_年度]|名单", "", rest)) > 2 or len(rest) == len(text):
        return False
    # 湖北省恩施州利川市苏马荡森林康养基地 is a unit, not a programme.
    return bool(_BATCH.search(text)) or not _NAMES_COUNTY.search(fold_width(text))


def group_mentions(
    mentions: Iterable[ProgrammeMention],
) -> dict[tuple[str, int | None], list[ProgrammeMention]]:
    """Group mentions that name the same programme and batch, the strongest group first.

    Names that differ only in their level words or that contain each other are the same programme;
    where a batch is known, mentions without one belong to it. The first 500 mentions are read.

    >>> mentions = [
    ...     *find_mentions("公布第二批省级社区治理创新实验区名单", "title"),
    ...     *find_mentions("首批社区治理创新实验区去年已入选", "text"),
    ... ]
    >>> list(group_mentions(mentions))
    [('社区治理创新实验区', 2), ('社区治理创新实验区', 1)]
    """
    groups: defaultdict[tuple[str, int | None], list[ProgrammeMention]] = defaultdict(list)
    ordered = sorted(
        islice(mentions, _MOST_MENTIONS),
        key=lambda m: (m.batch is None, len(core_of(m.programme)), m.where),
    )
    for mention in ordered:
        core = core_of(mention.programme)
        same = [
            key
            for key, group in groups.items()
            if is_same_core(key[0], core) and _agree(mention, group)
        ]
        if mention.batch is not None:
            same = [key for key in same if key[1] == mention.batch]
        elif len(same) > 1:
            same.sort(key=lambda key: -weigh_mentions(groups[key]))
        groups[same[0] if same else (core, mention.batch)].append(mention)
    return dict(sorted(groups.items(), key=lambda item: -weigh_mentions(item[1])))


def weigh_mentions(mentions: Sequence[ProgrammeMention]) -> int:
    """Sum what speaks for an announcement; looking back elsewhere on the page takes nothing off.

    >>> weigh_mentions(find_mentions("去年入选第八批全国民主法治示范村", "text"))
    -2
    """
    for_it = [m.weight for m in mentions if m.weight > 0]
    return sum(for_it) if for_it else max(m.weight for m in mentions)


def _agree(mention: ProgrammeMention, group: Sequence[ProgrammeMention]) -> bool:
    """Whether no name of a group has another level: 省级示范村 is not 全国示范村."""
    marks = {level_mark(m.programme) for m in group} | {level_mark(mention.programme)}
    return not {"national", "local"} <= marks


def is_same_core(known: str, core: str) -> bool:
    """Tell whether two folded names without level words mean one programme.

    >>> is_same_core("城乡社区治理试点", "省城乡社区治理试点"), is_same_core("文明村", "文明镇")
    (True, False)
    """
    return known in core or core in known


def level_mark(programme: str) -> str:
    """Level that a programme's name itself tells: national, local, or empty.

    >>> level_mark("全国文明村镇"), level_mark("省级文明村镇"), level_mark("文明村镇")
    ('national', 'local', '')
    """
    if programme.startswith(("全国", "国家", "中国", "中华")):
        return "national"
    local = re.match(
        r"(?:[一-龥]{2,3}省|省级|全省|市级|全市|我省|我市|自治区级|县级|区级)", programme
    )
    return "local" if local else ""


def core_of(programme: str) -> str:
    """Canonical name without level words, year, brackets and quotes, for comparison.

    >>> core_of("2022年省级城乡社区治理试点"), core_of("中国历史文化名村")
    ('城乡社区治理试点', '历史文化名镇名村')
    """
    return printed_core_of(stem_of_canon(_YEAR_LEAD.sub("", programme)))


def printed_core_of(programme: str) -> str:
    """Name as printed without level words, year, brackets and quotes.

    >>> printed_core_of("全国乡村旅游重点镇(乡)")
    '乡村旅游重点镇'
    """
    name = _YEAR_LEAD.sub("", programme)
    name = re.sub(r"^(?:[一-龥]{2,3}省|省级|全省|市级|全市|我省|我市|全国|国家级?|中国)", "", name)
    return fold_programme(name)


def _find_names(text: str) -> Iterator[tuple[int, int, str]]:
    """Programmes without a batch, as (start, end, name), each place once."""
    taken: list[tuple[int, int]] = []
    patterns = ((_IN_QUOTES, 1), (_led_by_level(), 0), (_NO_BATCH, 1), (_LIST_OF, 1))
    for pattern, group in patterns:
        for match in pattern.finditer(text):
            start, end = match.span(group)
            if any(start < other_end and other < end for other, other_end in taken):
                continue
            name = _trim(match.group(group))
            if (
                name is None
                and pattern is _IN_QUOTES
                and _NAMED_IN_QUOTES.search(text, max(0, start - 8), end + 4)
            ):
                # Whatever a quoted honour is called: “枫桥式公安派出所”名单.
                name = match.group(group)
            if name:
                taken.append((start, end))
                yield start, end, name


@cache
def _led_by_level() -> re.Pattern[str]:
    """Names that begin with a level: 全国…, 省级…, 四川省…."""
    divisions = load_gazetteer().divisions
    provinces = "|".join(division.name for division in divisions if division.level == "province")
    return re.compile(_LED.format(provinces=provinces, piece=f"{_BREAK}|{_QUOTED}"))


def _name_beside(text: str, start: int, end: int) -> str | None:
    after = _AFTER.match(text[end : end + _REACH])
    name = _trim(after["name"]) if after else None
    if name:
        return name
    before = _BEFORE.search(text[max(0, start - _REACH) : start])
    return _trim(before.group(1)) if before else None


def _trim(name: str) -> str | None:
    """Cut a phrase down to the programme's name; None when no programme is in it."""
    name = _COUNTED.sub("", _YEAR_WITHIN.sub("", name.rpartition("关于")[2]))
    for lead in (_YEAR_LEAD, _LEAD, _YEAR_LEAD):
        name = lead.sub("", name)
    cut = _CUTS.search(name)
    name = name[: cut.start()] if cut else name
    name = _TAIL.sub("", name)
    name = name[: name.rfind("(")] if name.count("(") > name.count(")") else name
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
    stem = name.removeprefix("省级").removeprefix("市级")
    # 传统村落 is a whole name, 示范村 is none.
    is_long = len(stem) >= _SHORTEST_NAME or len(noun.group()) == len(stem) > 3
    return name if is_long and not _NO_PROGRAMME.search(name) else None


def _weigh(text: str, where: Where) -> int:
    weight = _WEIGHTS[where] + (2 if _ANNOUNCING.search(text) else 0)
    return weight - (4 if where == "text" and _PAST.search(text) else 0)
