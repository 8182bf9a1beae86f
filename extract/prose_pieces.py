"""The pieces of a sentence that name units: 我市|嘉善县|、|海盐县澉浦镇|等2地."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extract.listed_names import read_remarked
from extract.listing_records import Parts
from extract.organisations import ORGANISATION_KINDS
from extract.taiwan_names import TAIWAN
from extract.unit_names import ZONE_NAME, UnitName
from normalize.gazetteer import load_gazetteer
from normalize.vocabulary import SELECTION_VERB

_SEPARATOR = re.compile(r"[、,;:]|以及|及|和|与")
_UNIT_ENDS = tuple("县区市旗镇乡村道团连场校馆司院局会里寨屯庄")
# What follows the last name of a list within its piece.
_TAIL = re.compile(
    r"等(?=$|\d|[在共一二两三四五六七八九十均都也全地多被成获入])"
    rf"|(?:均|都|也|则|分别|双双|成功|一并|同时|全部|共|共计)*(?:{SELECTION_VERB.pattern})"
    r"|(?:共计?|这)?[\d一二两三四五六七八九十百]{1,4}(?:个|家|名|处|所)(?=[一-龥])"
    r"|(?:共计?)?[\d一二两三四五六七八九十]{1,3}(?:地|县|区|镇|村|社区|街道|乡镇)(?=均|都|被|入选|上榜|榜上|成功|获|位列|名列)"
    r"|(?:作)?为(?=第|全|省|国|中|20|示|试|[“\"])|称号|的?名单$|“|\"|授牌|挂牌|以[一-龥]{4,}|凭借?[一-龥]{3,}"
)
# Copy sites put words of the title between the names of a list.
_NOISE = re.compile(r"^(?:全[省市区县国]|名单|入选|我[省市区县])+(?=[一-龥]{4})")
# Words that lead into a list; what stands behind them may be its first name.
_LEAD = re.compile(
    r"^.*?(?:其中|[我全本][省市区县州]的?|包括|包含|涵盖|分别[为是有]?|依次[为是]|名单[为是]?|即|共?有|是|为|将|对|由|把|授予|命名|确定|认定"
    r"|同意|公布|撤销|取消|推荐的?|推荐|来自|位于|以及|还有|另有?|如|→|—|-|>|的)"
)
_MOST_LEADS = 12
_MOST_TAILS = 4
_BARE = re.compile(r"^[一-龥A-Za-z0-9·]{1,8}(?:社区|村|社区居委会|嘎查|里)$")
_BARE_REFUSED = re.compile(
    r"^(?:等|该|各|本|这|那|每|两|其他|全|我|多个|所有|一些|部分|农|乡|山|古|城中|行政|自然|新|老|小)(?:村|社区)$|"
    r"\d|[个余是为有]|分别|建设|美丽|示范|文明|试点|和谐|幸福|先进|优秀|未来|传统|最美|乡村$|农村|各村|到村|进村|入村|(?:^|[部员导门心])联村|驻村"
)
_SHARED_SUFFIX = re.compile(r"[^,;:。]*?等[\d一二两三四五六七八九十]{1,3}个?社区")
_TAIWAN_TOWN = re.compile(r"[一-龥]{1,2}[乡镇市区](?!级)[一-龥]{2,4}等")
_VERBS_WITH_AND = ("普", "涉", "以", "顾", "波")
_OTHERS = re.compile(r"等(?=[\d一二两三四五六七八九十])")
_WHOLE_NAME = ("社区", "里", "村", "部落", "协会")
_LONGEST_PIECE = 120
_LONGEST_ORGANISATION = 24
_AWARDED = re.compile(r"(?:\(?[一二三四五六七八九十\d]{1,3}[)、.])?\s*授予.*称号")
_LOCAL_OFFICE = re.compile(r"(?!授予)[一-龥]{2,20}")
_NO_ORGANISATION = re.compile(r"[等该各本其相限省市县区我全]|有关|多[家个所]|两[家个所]")


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of a sentence between two separators."""

    start: int
    """Start in the sentence."""
    end: int
    """End in the sentence."""
    mark: str
    """Separator behind it, empty at the end of the sentence."""


@dataclass(frozen=True, slots=True)
class NamedPiece:
    """A name that a piece holds."""

    printed: str
    """Name as it stands in the folded sentence, without its remark."""
    start: int
    """Start in the sentence."""
    end: int
    """End in the sentence; the remark stands behind it."""
    name: UnitName
    """The name by level."""
    remark: str | None
    """Remark in brackets behind the name."""
    is_bare: bool
    """Whether nothing but its ending tells that it is a place."""
    after: int
    """Where the rest of the piece begins: behind name and remark."""


def cut_pieces(sentence: str) -> Iterator[Piece]:
    """Cut a folded sentence at 、 , ; : and at the words for and, where these separate names.

    >>> [sentence[p.start : p.end] for sentence in ["和平区和海盐县、嘉善县"]
    ...  for p in cut_pieces(sentence)]
    ['和平区', '海盐县', '嘉善县']
    """
    cursor = depth_end = 0
    for match in _SEPARATOR.finditer(sentence):
        # Marks inside brackets belong to a remark or a level word: 县(市、区).
        if match.start() < depth_end:
            continue
        opening = sentence.find("(", cursor, match.start())
        if opening >= 0:
            closing = sentence.find(")", opening)
            if match.start() < closing <= opening + 40:
                depth_end = closing + 1
                continue
        if match.group() in "及和与以及" and not _may_separate(sentence, match):
            continue
        yield Piece(cursor, match.start(), match.group())
        cursor = match.end()
    yield Piece(cursor, len(sentence), "")


def _may_separate(sentence: str, separator: re.Match[str]) -> bool:
    """和 stands in names as well (和平区, 和顺县): it separates only behind the end of a unit."""
    before = sentence[max(0, separator.start() - 2) : separator.start()]
    if separator.group() == "及" and _TAIWAN_TOWN.match(sentence, separator.end()):
        # 水林鄉蘇秦及大埤鄉豐岡等7個社區: a name without its suffix stands in front.
        return not before.endswith(_VERBS_WITH_AND)
    if not before.endswith((*_UNIT_ENDS, "社区", "嘎查", "苏木", ")")):
        return False
    begun = load_gazetteer().forms_at(sentence, separator.start())
    return not any(form == division.name for form, division in begun)


def read_piece(sentence: str, piece: Piece, context: Parts, starts_list: bool) -> NamedPiece | None:
    """Read the unit that a piece names, cutting the words that lead into a list or close it.

    Lead words are only looked for where a list may begin.

    >>> piece = next(cut_pieces("其中我市海盐县澉浦镇成功入选"))
    >>> named = read_piece("其中我市海盐县澉浦镇成功入选", piece, Parts(city="嘉兴市"), True)
    >>> named.printed if named else None
    '海盐县澉浦镇'
    """
    if piece.end - piece.start > _LONGEST_PIECE:
        return None
    text = sentence[piece.start : piece.end]
    if context.province == TAIWAN and _SHARED_SUFFIX.match(sentence, piece.start):
        named = _read_without_suffix(sentence, piece, context)
        if named is not None:
            return named
    ends = [match.start() for match in _TAIL.finditer(text) if match.start()]
    for end in (*ends[:_MOST_TAILS], len(text)):
        named = _read_until(sentence, piece, end, context, starts_list)
        if named is not None:
            return named
    return None


def _read_without_suffix(sentence: str, piece: Piece, context: Parts) -> NamedPiece | None:
    """Read 善化区溪美 in 善化区溪美、关庙区东势等2个社区: the suffix stands once for all."""
    text = sentence[piece.start : piece.end]
    listed = _OTHERS.split(text)[0]
    if listed.endswith(_WHOLE_NAME):
        return None
    for lead in (0, *_lead_ends(listed)):
        bare = listed[lead:]
        read = read_remarked(bare + "社区", context) if bare else None
        if read is not None and read[0].kind == "tw_community":
            start = piece.start + lead
            return NamedPiece(
                bare, start, start + len(bare), read[0], None, False, start + len(bare)
            )
    return None


def _read_until(
    sentence: str, piece: Piece, end: int, context: Parts, starts_list: bool
) -> NamedPiece | None:
    text = sentence[piece.start : piece.start + end].rstrip()
    leads = [0, *(_lead_ends(text) if starts_list else ())]
    if not starts_list and (noise := _NOISE.match(text)):
        leads.append(noise.end())
    for may_be_bare in (False, True):
        for lead in leads:
            candidate = text[lead:].strip("“”\"'「」『』 ")
            read = read_remarked(candidate, context) if len(candidate) > 1 else None
            if read is None or _is_sure(read[0], context) == may_be_bare:
                continue
            name, length, remark = read
            awarded = bool(_AWARDED.match(sentence))
            if may_be_bare and not _may_be_unit(candidate[:length], name, awarded):
                continue
            start = piece.start + text.index(candidate, lead)
            printed = candidate[:length]
            after = piece.start + len(text)
            return NamedPiece(printed, start, start + length, name, remark, may_be_bare, after)
    return None


def _may_be_unit(text: str, name: UnitName, awarded: bool) -> bool:
    """Whether the ending of a name without a known place tells what it is.

    县财政局 is an office that acts, unless the sentence begins with what it is given.
    """
    if name.kind in ORGANISATION_KINDS:
        if awarded:
            return bool(_LOCAL_OFFICE.fullmatch(text))
        return len(text) <= _LONGEST_ORGANISATION and not _NO_ORGANISATION.match(text)
    return is_bare_name(text)


def is_bare_name(text: str) -> bool:
    """Tell whether a text may be the name of a village by its ending alone.

    >>> is_bare_name("长埭村"), is_bare_name("每个村"), is_bare_name("未来社区")
    (True, False, False)
    """
    return _BARE.match(text) is not None and _BARE_REFUSED.search(text) is None


def _is_sure(name: UnitName, context: Parts) -> bool:
    """In prose a unit must be known, or lie below a known place, and not be the page's own area."""
    if name.kind in {"prefecture", "county"}:
        is_area = name.kind == "prefecture" and name.parts == context
        return name.place.status == "ok" and not is_area
    zoned = name.parts.county is not None and ZONE_NAME.fullmatch(name.parts.county)
    if zoned and name.parts.town and "county" not in name.inherited:
        return True
    return bool(name.place.steps) or name.kind.startswith(("corps", "tw_"))


def _lead_ends(text: str) -> Iterator[int]:
    """Ends of lead words, outermost first: ……其中|我市|嘉善县."""
    cursor = 0
    for _ in range(_MOST_LEADS):
        match = _LEAD.match(text[cursor:])
        if match is None:
            return
        cursor += match.end()
        yield cursor
