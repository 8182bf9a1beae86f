"""Names of units on one line of a list: one, several, with remarks, short ones that inherit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from extract.list_lines import ListLine
from extract.listing_records import PART_LEVELS, Parts
from extract.unit_names import UnitName, split_name
from normalize.vocabulary import AUTHORITY

_PIECE = re.compile(r"[^、,;\s]+")
_REMARK = re.compile(r"\(([^()]{1,30})\)$")
_INNER_REMARK = re.compile(r"\(([^()]{1,16})\)")
_TOWN_REMARK = re.compile(r"(?:街道|镇|乡镇|乡)(?:级|建制)")
_NAME_SIGNS = re.compile(r"^[\w·\-—“”\"'()〇○●.&]+$")
_ISSUER = re.compile(AUTHORITY)
# Words for levels; a few divisions bear such a name, but in a list they are headings.
_LEVEL_WORD = re.compile(
    r"街道|社区|[村镇乡县区市旗]|乡镇|镇街|村镇|街镇|市区|城区|郊区|社区居委会|行政村"
)
# A bare name without any place in it is only taken when none of these words stand in it.
_NO_NAME = re.compile(
    r"的|试点|示范|名单|任务|工作|建设|单位|以及|入选|公布|各[县市区镇乡街]|全[省市国县区]|我[省市区县]|治理|服务"
    r"|第[一二三四五六七八九十\d]+批|首批|\d{4}年|中国|国家|历史文化|特色|旅游|休闲|命名|推荐|创建|宜居"
    r"|本市|社区\(|管理|创新|参与|组织|活动|和谐|幸福|美丽乡村|民主|文明|先进"
)
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
    ('绵阳市三台县潼川镇', 7, '原北坝镇')
    """
    remark = _REMARK.search(text)
    bare = text[: remark.start()] if remark else text
    name = read_unit(bare, context, trusted)
    note = remark.group(1) if remark else None
    inner = None if name else _INNER_REMARK.search(bare)
    if inner and _TOWN_REMARK.fullmatch(inner.group(1)):
        # 方兴社区(街道级)时代城社区: the bracket says that the first stands for a town.
        above = replace(context, town=bare[: inner.start()])
        name = read_unit(bare[inner.end() :], above)
    elif inner:
        name = read_unit(bare[: inner.start()] + bare[inner.end() :], context)
        note = note or inner.group(1)
    return (name, len(bare), note) if name else None


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
        return None if _NO_NAME.search(text) else name
    printed_levels = "".join(step.form for step in name.place.steps)
    below = text[len(printed_levels) :] if text.startswith(printed_levels) else name.place.rest
    return None if _NO_REST.search(below) else name


def _cut(text: str, offset: int, context: Parts) -> Iterator[tuple[int, int]]:
    """Cut at separators; blanks separate only when the whole is not one spaced name (望 城 区)."""
    whole = text[offset:]
    stripped = whole.strip()
    if stripped and " " in stripped and "、" not in stripped and _is_one(stripped, context):
        start = offset + whole.index(stripped)
        yield start, start + len(stripped)
        return
    for match in _PIECE.finditer(text, offset):
        yield match.span()


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
            # 望 and 城 are no names.
            return True
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
    is_place = not (name.parts.village or name.parts.unit)
    kept = present[:-1] if is_place else present
    if not kept:
        return context
    return Parts(**{level: getattr(name.parts, level) for level in kept})
