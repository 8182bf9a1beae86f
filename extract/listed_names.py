"""Names of units on one line of a list: one, several, with remarks, short ones that inherit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from extract.list_lines import ListLine
from extract.listing_records import PART_LEVELS, Parts
from extract.organisations import ORGANISATION_KINDS
from extract.unit_names import ZONE_NAME, UnitName, split_name
from normalize.vocabulary import AUTHORITY

# Marks within brackets belong to a remark.
_PIECE = re.compile(r"(?:\([^()]{0,40}\)|[^、,;\s(]|\()+")
_AND = re.compile(r"(?<=[村区镇乡道县市查])(?:和|及|以及|与)(?=[一-龥]{2})")
_REMARK = re.compile(r"\(([^()]{1,30})\)$")
_INNER_REMARK = re.compile(r"\(([^()]{1,16})\)")
_TOWN_REMARK = re.compile(r"(?:街道|镇|乡镇|乡)(?:级|建制)")
_TALLY = re.compile(r"(?:共|计)*\d{1,5}(?:个|家|处|名|$)")
_NAME_SIGNS = re.compile(r"^[\w·\-—“”\"'()〇○●.&]+$")
_UNIT_ENDS = tuple("县区市旗镇乡村道团连场校学馆司院局会里寨屯庄所站店厂)")
_SUFFIXES = tuple("区县市镇乡村")
_ISSUER = re.compile(AUTHORITY)
# Words for levels; a few divisions bear such a name, but in a list they are headings.
_LEVEL_WORD = re.compile(
    r"街道|社区|[村镇乡县区市旗]|乡镇|镇街|村镇|街镇|市区|城区|郊区|社区居委会|行政村"
)
# A bare name without any place in it is only taken when none of these words stand in it.
_NO_NAME = re.compile(
    r"的|试点|示范|名单|任务|工作|建设|单位|以及|入选|公布|各[县市区镇乡街]|全[省市国县区]|我[省市区县]|治理|服务"
    r"|第[一二三四五六七八九十\d]+批|首批|\d{4}年|中国|国家|历史文化|特色|旅游|休闲|命名|推荐|创建|宜居|^(?:农村|城镇|城市|乡村)社区|^省(?:级|卫生|文明)"
    r"|本市|社区\(|管理|创新|参与|组织|活动|和谐|幸福|美丽乡村|民主|文明|先进"
)
_NO_ORGANISATION = re.compile(r"国家级|全国|中国|省级|市级|县级|试点|示范|名单|第.批|首批|各|的")
# What a known place is followed by in prose, but never within a unit's name.
_NO_REST = re.compile(
    r"的|获评|入选|被|上榜|获得|荣获|共有|\d+个|等\d|[一二三四五六七八九十]个|位于|坐落|首批|第.批"
)
# 鼓楼区的温泉街道汤边社区: prose may link the levels of a name.
_LINK = re.compile(r"(?<=[县区市旗镇乡道])的(?=[一-龥]{3})")


@dataclass(frozen=True, slots=True)
class ListedName:
    """One name on a line."""

    printed: str
    """Name as it stands, without the remark behind it."""
    start: int
    """Start in the body's text."""
    end: int
    """End in the body's text."""
    name: UnitName
    """The name by level."""
    remark: str | None
    """Remark in brackets behind the name or within it."""


def read_names(
    line: ListLine, offset: int, context: Parts, trusted: bool = False
) -> list[ListedName]:
    """Read a line as a sequence of units; empty unless all of it is units.

    Within a line short names inherit from the item before them; the next line starts afresh.
    `trusted` says that the context is that of a heading above the line.

    >>> from extract.lines import read_text_lines
    >>> text = "三台县潼川镇、古城镇"
    >>> line = ListLine(text, text, 0, read_text_lines(text).lines[0], None)
    >>> [name.name.full for name in read_names(line, 0, Parts(city="绵阳市"))]
    ['绵阳市三台县潼川镇', '绵阳市三台县古城镇']
    """
    if line.is_signature:
        return []
    text = line.text.rstrip("。;,. ")
    names: list[ListedName] = []
    above = context
    for start, end in _cut(text, offset, context):
        read = read_remarked(text[start:end], above, trusted and above is context)
        if read is None:
            return []
        name, length, remark = read
        absolute = line.start + start
        printed = line.printed[start : start + length]
        names.append(ListedName(printed, absolute, absolute + length, name, remark))
        above = _parent(name, context)
    return names


def read_remarked(
    text: str, context: Parts, trusted: bool = False
) -> tuple[UnitName, int, str | None] | None:
    """Read a name with a remark in brackets: the name, its length in the text, the remark.

    A bracket at the end is no part of the name, one within it is passed over.

    >>> name, length, remark = read_remarked("三台县潼川镇(原北坝镇)", Parts())
    >>> name.full, length, remark
    ('三台县潼川镇', 6, '原北坝镇')
    """
    remark = _REMARK.search(text)
    bare = text[: remark.start()] if remark else text
    if remark and _TALLY.match(remark.group(1)):
        # 省卫生村(4个) counts what follows.
        return None
    name = read_unit(bare, context, trusted)
    note = remark.group(1) if remark else None
    inner = None if name else _INNER_REMARK.search(bare)
    if inner and (name := _read_bracketed_level(bare, inner, context)):
        # 上犹县(营前镇)下湾村: the bracket holds a level of the name.
        return name, len(bare), note
    if inner and _TOWN_REMARK.fullmatch(inner.group(1)):
        # 方兴社区(街道级)时代城社区: the bracket says that the first stands for a town.
        above = replace(context, town=bare[: inner.start()])
        name = read_unit(bare[inner.end() :], above)
    elif inner:
        name = read_unit(bare[: inner.start()] + bare[inner.end() :], context)
        note = note or inner.group(1)
    return (name, len(bare), note) if name else None


def _read_bracketed_level(bare: str, inner: re.Match[str], context: Parts) -> UnitName | None:
    """Read a name one of whose levels stands in brackets, if a known place does."""
    level = split_name(inner.group(1), context)
    if level is None or level.place.status != "ok":
        return None
    return read_unit(bare.replace("(", "").replace(")", ""), context)


def read_unit(text: str, context: Parts, trusted: bool = False) -> UnitName | None:
    """Read a piece of a list as a unit, None when it is none.

    A name that begins with a known place is trusted; a bare one must be free of words that
    headings and prose are made of. The office that signs a list is never on it.

    >>> read_unit("承担试点工作任务的社区", Parts()) is None
    True
    """
    text = _LINK.sub("", text)
    if not _NAME_SIGNS.match(text.replace(" ", "")):
        return None
    name = split_name(text, context, trusted)
    if name is None or _LEVEL_WORD.fullmatch(text.strip()):
        return None
    if name.parts.county is None and _ISSUER.fullmatch(text.strip()):
        return None
    if not name.place.steps:
        is_named = name.kind in ORGANISATION_KINDS and name.kind != "agency"
        refused = _NO_ORGANISATION if is_named or _is_zone(name) else _NO_NAME
        return None if refused.search(text) else name
    printed_levels = "".join(step.form for step in name.place.steps)
    below = text[len(printed_levels) :] if text.startswith(printed_levels) else name.place.rest
    return None if _NO_REST.search(below) else name


def _is_zone(name: UnitName) -> bool:
    """Whether a name prints a zone with something below it: 回龙圩管理区回龙圩镇."""
    county = name.parts.county
    is_printed = county is not None and "county" not in name.inherited
    return is_printed and bool(name.parts.town) and bool(ZONE_NAME.fullmatch(county or ""))


def _cut(text: str, offset: int, context: Parts) -> Iterator[tuple[int, int]]:
    """Cut at separators; blanks separate only when the whole is not one spaced name (望 城 区)."""
    whole = text[offset:]
    stripped = whole.strip()
    if stripped and " " in stripped and "、" not in stripped and _is_one(stripped, context):
        start = offset + whole.index(stripped)
        yield start, start + len(stripped)
        return
    if " " in stripped and "、" not in stripped:
        yield from _join_blanks(text, offset, context)
        return
    for match in _PIECE.finditer(text, offset):
        yield from _cut_at_and(text, *match.span(), context)


def _cut_at_and(text: str, start: int, end: int, context: Parts) -> Iterator[tuple[int, int]]:
    """Cut a piece at 和 where both sides are names and the whole is none (和平区)."""
    middle = _AND.search(text, start, end)
    whole = read_unit(text[start:end], context) if middle else None
    if middle and not (whole and _lies_in_town(whole)):
        sides = text[start : middle.start()], text[middle.end() : end]
        if (whole is None or not whole.place.steps) and all(read_unit(s, context) for s in sides):
            yield start, middle.start()
            start = middle.end()
    yield start, end


def _lies_in_town(whole: UnitName) -> bool:
    """Whether a name goes on below its town with 和: 三桥街道和平社区 is one."""
    below = (whole.parts.village or "")[:1]
    return bool(below) and below in "和与及" and bool(whole.parts.town)


def _join_blanks(text: str, offset: int, context: Parts) -> Iterator[tuple[int, int]]:
    """Join what blanks within names cut: 望 城 区月亮岛街道 长沙县星沙街道 are two names."""
    begin = -1
    pieces = [match.span() for match in _PIECE.finditer(text, offset)]
    for number, (start, end) in enumerate(pieces):
        begin = start if begin < 0 else begin
        following = text[pieces[number + 1][0] :][:1] if number + 1 < len(pieces) else ""
        is_whole = text[start:end].endswith(_UNIT_ENDS) and following not in _SUFFIXES
        if not following or (is_whole and read_remarked(text[begin:end], context)):
            yield begin, end
            begin = -1


def _is_one(text: str, context: Parts) -> bool:
    """Tell a name printed with blanks from several names between blanks.

    三台县 潼川镇 goes down from piece to piece; 新天地社区 夏雷社区 does not.
    """
    if read_unit(text, context) is None:
        return False
    last = -1
    for piece in text.split():
        name = split_name(piece, context)
        if name is None:
            if last >= 0:
                return False
            # 望 and 城 are no names.
            continue
        printed = [
            index
            for index, level in enumerate(PART_LEVELS)
            if getattr(name.parts, level) and level not in name.inherited
        ]
        if not printed or printed[0] <= last:
            return False
        last = printed[-1]
    return True


def _parent(name: UnitName, context: Parts) -> Parts:
    """Context for the next item on the line: the same place without its last level."""
    levels = ("province", "city", "county", "town")
    present = [level for level in levels if getattr(name.parts, level)]
    if name.parts.unit:
        # The address of a school is not that of the next.
        return context
    is_place = not name.parts.village
    kept = present[:-1] if is_place else present
    if not kept:
        return context
    return Parts(**{level: getattr(name.parts, level) for level in kept})
