"""What a sentence says of the units it names: chosen or not, and as what."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extract.prose_runs import Run
from normalize.numerals import read_numeral
from normalize.vocabulary import PROGRAMME_NOUN, SELECTION_VERB

_TALLY = (
    r"(?:等)?(?:在内的?)?(?:共|共计|这)*(?P<n>[\d一二两三四五六七八九十百]{1,4})"
    r"(?:个|家|名|处|所|支)?(?P<of>[一-龥]{0,10}?(?:\([^()]{1,12}\))?[一-龥、]{0,6}?)"
)
_CLOSE = re.compile(
    rf"^[)\"”]*(?:以[^,;]{{2,16}},)?(?:{_TALLY})?等?(?:单位|地区|地方|地|村|社区)?,?"
    r"(?:也|则|均|都|全部|分别|双双|一并|同时|成功|顺利|正式|一举|榜上有名|,)*"
    rf"(?:(?:{SELECTION_VERB.pattern})(?:为|成为|了)*|进入|由.{{2,24}}?(?:降|转|升|调整|更名)为"
    r"|予以|撤销|取消|摘牌|收回)"
    r"(?P<what>[^,;。]{0,60})"
)
_SHARE = re.compile(
    r"^(?:共|有|共有)*(?P<n>[\d一两二三四五六七八九十百]{1,4})(?:个|家|地|村|社区|处)"
)
_EXEMPLAR = re.compile(rf"^[)\"”]*等(?:在内的?)?(?:{_TALLY})")
_MADE = re.compile(rf"^(?:{_TALLY})?[^,;]{{0,12}}?(?:作)?为(?P<what>[^,;。]{{2,60}})")
# 授予网岭镇4个镇“先进镇街”称号
_HONOUR = re.compile(
    rf"^(?:{_TALLY})?[^,;“\"]{{0,12}}[“\"](?P<what>[^”\"]{{2,40}})[”\"](?:荣誉|光荣)?称号"
)
_LISTING_LEAD = re.compile(
    r"(?:分别|依次|具体)?(?:是|为|有|包括|包含|涵盖|涉及|即|如下|名单|公布)[:,]?$|[:→>]$"
)
_CHOOSING_LEAD = re.compile(
    r"(?:命名|确定|认定|同意|授予|表彰|撤销|取消|保留|公布|批准|确认|评定|列入|推荐|评选|选定|将|对|拟)了?$"
)
_CHOICE = re.compile(
    rf"奖|入选|获评|上榜|{SELECTION_VERB.pattern}|名单|命名|认定|确定|公布|授予|撤销|摘牌|公示|推荐|入围"
    r"|[\d一二两三四五六七八九十]个"
)
_NEGATIVE = re.compile(
    r"未(?:能)?(?:入选|获评|上榜|通过)|没有入选|落选|去年|此前|在此之前|早在|曾|先后|前[两二三四五]批|上一?批"
    r"|往年|早些年"
    r"|已(?:成功|正式|先后|有)?(?:入选|获评|获批|被|获)|之前(?:已|,)"
)
_BEFORE_LABEL = re.compile(
    r"(?P<label>[^,;:、]{2,30}?)(?:名单|的|则)?"
    r"(?:(?:\(?(?:共|共计)?[\d一二两三四五六七八九十百]{1,4}[个家名处]\)?)[,:]?(?:分别|依次|具体)?"
    r"(?:是|为|有|包括|即)?:?"
    r"|[,:]?(?:分别|依次|具体)(?:是|为|有)?:?|(?:是|为|有|包括|即):?|:)$"
)
_LABEL_LEAD = re.compile(
    r"^.*?(?:其中|[我全本][省市区县州]的?|共有|入选的?|获评的?|上榜的?|荣获|获得?|和|以及|及|,|记者|公布的?"
    r"|确定的?)"
)


_LABEL_TRIM = re.compile(
    r"^(?:为|成为|了|第[一二三四五六七八九十\d]+批次?的?|首批|(?:19|20)\d{2}年?度?)+"
    r"|(?:名单|称号|的?行列|,.*)$"
)
_SEMICOLON = re.compile(r"[;；]")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of a list of units."""

    what: str
    """What they have become; empty when it is unsaid."""
    words: tuple[str, str]
    """The clause behind the list and the one in front of it."""
    by_lead: bool
    """Whether a verb in front says it (命名A、B), which holds for the lists behind a ; too."""


def judge_list(runs: Sequence[Run], total: int, previous: str, carried: bool) -> Judgement | None:
    """Judge whether a list of names, given as joined runs, tells of a choice; None if not.

    `total` is the number of all names in the sentence, `previous` the sentence before; `carried`
    says that a verb in front of an earlier list of the sentence goes on.

    >>> from extract.listing_records import Parts
    >>> from extract.prose_runs import find_runs
    >>> runs = find_runs("嘉善县、海盐县澉浦镇被命名为示范县镇", Parts(city="嘉兴市"))
    >>> judgement = judge_list(runs, 0, "", carried=False)
    >>> judgement.what if judgement else None
    '示范县镇'
    """
    before, after = runs[0].before, runs[-1].after
    closing = _CLOSE.match(after)
    is_lone = _is_lone_word(runs, closing is not None)
    if is_lone or _is_past(before, after) or _is_exemplar(runs, total):
        return None
    words = _SEMICOLON.split(after)[0], _SEMICOLON.split(before)[-1]
    if closing:
        return Judgement(clean_label(closing["what"]), words, by_lead=False)
    made = _HONOUR.match(after) or _MADE.match(after)
    if _CHOOSING_LEAD.search(before):
        return Judgement(clean_label(made["what"]) if made else "", words, by_lead=True)
    if _LISTING_LEAD.search(before) and (_CHOICE.search(before) or _CHOICE.search(previous)):
        return Judgement("", words, by_lead=False)
    if carried and made:
        # 命名A为甲;B为乙: the verb stands once for all.
        return Judgement(clean_label(made["what"]), words, by_lead=True)
    return None


def _is_past(before: str, after: str) -> bool:
    """Whether the words around a list deny a choice or speak of an earlier one."""
    return bool(_NEGATIVE.search(before) or _NEGATIVE.match(after.lstrip(",")))


def _is_exemplar(runs: Sequence[Run], total: int) -> bool:
    """Whether the names only stand for more (温江区等41个区), or for the area of others."""
    named, after = sum(len(run.named) for run in runs), runs[-1].after
    share = _SHARE.match(after)
    if named == 1 and share and _number(share["n"]) != 1:
        # 荆州3个村 speaks of an area, not of a unit.
        return True
    exemplar = _EXEMPLAR.match(after)
    return exemplar is not None and _number(exemplar["n"]) not in {named, total}


def _is_lone_word(runs: Sequence[Run], is_closed: bool) -> bool:
    """Whether a list is one word whose ending alone looks like a unit."""
    named = [piece for run in runs for piece in run.named]
    if len(named) > 1 or not named[0].is_bare:
        return False
    return not (is_closed and named[0].name.parts.unit)


def read_label_before(before: str) -> str:
    """Read the category that the words in front of a list name; empty when they name none.

    >>> read_label_before("其中,示范镇有"), read_label_before("记者获悉,")
    ('示范镇', '')
    """
    match = _BEFORE_LABEL.search(before)
    if match is None:
        return ""
    label = match["label"]
    while lead := _LABEL_LEAD.match(label):
        label = label[lead.end() :]
    is_award = label.endswith(("奖", "名", "优等", "特优", "甲等", "乙等"))
    is_category = (is_award or PROGRAMME_NOUN.search(label)) and not SELECTION_VERB.search(label)
    return clean_label(label) if is_category else ""


def clean_label(text: str) -> str:
    """Take batch, year, quotes and 名单 off the name of a category.

    >>> clean_label("第二批“书香校园”名单"), clean_label("“便民服务型”试点社区")
    ('书香校园', '“便民服务型”试点社区')
    """
    label = text.strip(" :,、")
    while (shorter := _LABEL_TRIM.sub("", label)) != label:
        label = shorter.strip()
    if label[:1] in "“「『" and label[-1:] in "”」』":
        label = label[1:-1]
    return label if len(label) > 1 else ""


def _number(text: str) -> int:
    try:
        return int(read_numeral(text))
    except ValueError:
        return -1
