"""From the lines of a body to list entries: a small state machine over headings and names.

Each line is, in this order: the title of a list, a row of a table, a heading (numbered, grouping
or geographic), one or more entries, or prose. Headings set the category path, geographic headings
the levels that short names inherit.
"""

import re
from dataclasses import dataclass, replace

from extract.body import Body
from extract.entry_rows import find_note_columns, read_row
from extract.list_lines import ListLine, cut_list_lines
from extract.listed_names import ListedName, read_names
from extract.listing_records import PART_LEVELS, Parts
from extract.outline import Heading, Outline, is_list_title, read_heading, read_numbering
from extract.programme import find_mentions
from extract.tables import TableGrids
from extract.unit_names import NOWHERE, ZONE_NAME, UnitName, split_name
from normalize.vocabulary import SELECTION_VERB, province_of
from normalize.width import fold_width

_SENTENCE = re.compile(r"[。!?]")
_CLAUSE = re.compile(r"[,;。!?]")
_LINE_ENDS = "。; "
_LONGEST_LINE = 400
_LONGEST_LABEL = 30
_GROUP_RANK = 7
_AREA_KINDS = frozenset(("prefecture", "county", "street", "town", "township"))
_KNOWN = frozenset(("ok", "approx"))
_AREA_LEVELS = ("province", "city", "county", "town")
_BATCH_LINE = re.compile(r"^(?:第[一二三四五六七八九十\d]{1,3}批|首批)(?:$|[(:,名])")
_LEADING_INTO = ("是", "为", "如下", "有", "名单")
_NO_GROUP = re.compile(
    r"^(?:tags?|标签|关键[词字]|本文关键词|相关|猜你喜欢|(?:素材)?来源|编辑|责编|责任编辑|作者|记者|联系人|地址)",
    re.IGNORECASE,
)
# Lines that are categories though nothing marks them.
_CATEGORY = re.compile(
    r"^(?:城市|城镇|农村|乡村|国家级|省级|市级|县级|示范|试点|创建|特色|先进|优秀|[一二三甲乙丙]类|[甲乙]等|[一二三四五]星级?)"
    r"[一-龥]{0,8}(?:\([^()]{1,12}\))?$"
)
_TOTAL = re.compile(r"^(?:合计|总计|小计|共计|序号|名称|单位名称|备注)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One listed unit with all that its place in the list says."""

    printed: str
    """Name as it stands in the body's text."""
    start: int
    """Start in the body's text."""
    end: int
    """End in the body's text."""
    name: UnitName
    """The name by level."""
    outline: Outline
    """Headings and list title in force."""
    group: Heading | None
    """Nearest geographic heading or heading with a count."""
    remark: str | None
    """Remark in brackets behind the name."""
    src: str
    """`body` or `table`."""
    told: tuple[str, ...] = ()
    """What a sentence says of the unit, the nearest words first; empty for lines and tables."""


def find_entries(body: Body, context: Parts) -> list[Entry]:
    """Find the listed units of a body, in text order.

    `context` holds the levels that title, authority or source imply. Lines before the first list
    title or heading count as well, since many lists begin without one; the caller decides whether
    the page announces anything at all.

    >>> from extract.body import join_lines
    >>> from extract.lines import read_text_lines
    >>> body = join_lines(read_text_lines("一、社区(1个)\\n绵阳市三台县潼川镇草堂社区").lines)
    >>> [(e.name.full, e.outline.path) for e in find_entries(body, Parts())]
    [('绵阳市三台县潼川镇草堂社区', ('社区',))]
    """
    return _ListReader(body, context).read()


class _ListReader:
    """The state machine: outline, context and group in force at a line."""

    def __init__(self, body: Body, context: Parts) -> None:
        self._lines = cut_list_lines(body)
        self._base = context
        self._context = context
        self._outline = Outline()
        self._geography: Heading | None = None
        self._grids = TableGrids()
        self._notes: frozenset[int] = frozenset()
        self._entries: list[Entry] = []
        self._read: dict[tuple[int, int, Parts], list[ListedName]] = {}

    def read(self) -> list[Entry]:
        for index, line in enumerate(self._lines):
            if self._titles_list(index):
                self._begin_list(index)
            elif line.is_row:
                self._read_row(line)
            elif len(line.text) <= _LONGEST_LINE and not _SENTENCE.search(
                line.text.rstrip(_LINE_ENDS), line.offset
            ):
                self._read_line(index)
        return self._entries

    def _names(self, index: int, offset: int, context: Parts) -> list[ListedName]:
        """Names of a line; looked ahead at and read again, so each reading is kept."""
        key = (index, offset, context)
        if key not in self._read:
            trusted = context is self._context and self._geography is not None
            self._read[key] = read_names(self._lines[index], offset, context, trusted)
        return self._read[key]

    def _names_next(self, index: int, context: Parts) -> list[ListedName]:
        if index + 1 >= len(self._lines):
            return []
        return self._names(index + 1, self._lines[index + 1].offset, context)

    def _titles_list(self, index: int) -> bool:
        """Tell the title of a list: 名单 at its end, or a programme's name right above units."""
        line = self._lines[index]
        if line.is_row:
            return False
        if is_list_title(line.text):
            return not self._names(index, 0, self._context)
        if len(line.text) > _LONGEST_LABEL or line.numbering or _SENTENCE.search(line.text):
            return False
        if _BATCH_LINE.match(line.text) and self._names_next(index, self._context):
            return True
        if not find_mentions(line.text, "list_title") or self._names(index, 0, self._context):
            return False
        following = self._lines[index + 1 : index + 2]
        is_table = any(other.is_row for other in following)
        return is_table or bool(self._names_next(index, self._context))

    def _begin_list(self, index: int) -> None:
        """A list title, with the line before it when that only names the batch."""
        title = self._lines[index].printed.strip()
        if index and self._lines[index - 1].text.strip().endswith("批"):
            title = self._lines[index - 1].printed.strip() + title
        self._outline, self._notes = self._outline.titled(title), frozenset()
        self._context, self._geography = self._base, None

    def _read_line(self, index: int) -> None:
        line = self._lines[index]
        offset = self._read_label(index)
        names = self._names(index, offset, self._context)
        if names and not (len(names) == 1 and self._heads_next(index, names[0])):
            self._entries += (self._entry(name, "body") for name in names)
        elif not line.is_signature:
            self._read_heading(index, names)

    def _read_label(self, index: int) -> int:
        """Read a heading on the line of its entries (绵阳市(5个):A、B); gives where they begin."""
        line = self._lines[index]
        colon = line.text.find(":", line.offset, line.offset + _LONGEST_LABEL)
        if colon < 0 or _NO_GROUP.match(line.text):
            return line.offset
        heading = read_heading(line.printed[line.offset : colon + 1], _GROUP_RANK)
        place = self._place_of(heading)
        inside = place.parts if place is not None and _is_area(place) else self._context
        if not self._names(index, colon + 1, inside):
            return line.offset
        self._put_under(heading, place)
        return colon + 1

    def _read_heading(self, index: int, names: list[ListedName]) -> None:
        """Read a line that is no entry: a heading, or prose that changes nothing."""
        line = self._lines[index]
        rank = line.numbering.rank if line.numbering else _GROUP_RANK
        heading = read_heading(line.printed[line.offset :], rank)
        if names:
            self._put_under(heading, self._place_of(heading) or names[0].name)
            return
        following = self._lines[index + 1].numbering if index + 1 < len(self._lines) else None
        if line.numbering and following and following.rank == rank and heading.stated is None:
            # One of several items, though not one that can be read.
            return
        closed = line.text.rstrip().endswith(":")
        place = self._place_of(heading)
        if place is not None and (closed or heading.stated is not None or line.numbering):
            self._put_under(heading, place)
            return
        if _CLAUSE.search(line.text, line.offset, len(line.text.rstrip(_LINE_ENDS))):
            return
        marked = line.numbering is not None or heading.stated is not None
        if closed and not marked:
            # A salutation ends with a colon as well; only what stands right above units is a
            # heading.
            marked = bool(self._names_next(index, self._context))
        if _CATEGORY.match(line.text) and not marked:
            marked = bool(self._names_next(index, self._context)) or self._labels_next(index)
        above_table = index + 1 < len(self._lines) and self._lines[index + 1].is_row
        if above_table and len(heading.label) <= _LONGEST_LABEL and not line.is_row:
            marked = True
        if not marked or not 0 < len(heading.label) <= 2 * _LONGEST_LABEL:
            return
        if SELECTION_VERB.search(heading.label) or heading.label.endswith(_LEADING_INTO):
            # 入选第六批示范村的分别是: tells of the list, but is no category.
            self._outline = self._outline.titled(line.printed.strip())
        else:
            self._put_under(heading, None)

    def _place_of(self, heading: Heading) -> UnitName | None:
        """The known place that a heading names, a province too."""
        if len(heading.label) > _LONGEST_LABEL:
            return None
        context = self._context
        if context.county and ZONE_NAME.fullmatch(heading.label):
            # A zone beside the counties of a list, not within the one before it.
            context = replace(context, county=None, town=None)
        place = split_name(heading.label, context)
        if place is None or place.place.status not in _KNOWN:
            # 市中区 lies beside the county of the group before, not in it.
            beside = split_name(heading.label, replace(context, county=None, town=None))
            place = beside if beside and beside.place.status in _KNOWN else place
        province = province_of(heading.label) if place is None else None
        if province and province.startswith(heading.label):
            return UnitName(Parts(province=province), (), "province", NOWHERE)
        is_known = place is not None and (
            place.place.status in _KNOWN or bool(ZONE_NAME.fullmatch(heading.label))
        )
        return place if is_known and place is not None and not place.parts.unit else None

    def _put_under(self, heading: Heading, place: UnitName | None) -> None:
        """Go below a heading; geography changes the context, everything else the outline."""
        if place is not None and _is_area(place):
            self._context, self._geography = place.parts, heading
        else:
            self._outline = self._outline.under(heading)
            self._geography = None

    def _heads_next(self, index: int, named: ListedName) -> bool:
        """Tell a geographic heading from an entry: the next line is a unit that lies below it."""
        line = self._lines[index]
        if line.text.rstrip().endswith(":") or read_heading(line.text, 0).stated is not None:
            return True
        if named.name.place.status != "ok" or index + 1 >= len(self._lines):
            return False
        following = self._lines[index + 1]
        ranks = line.numbering, following.numbering
        if ranks[0] and ranks[1] and ranks[1].rank <= ranks[0].rank:
            return False
        below = self._names_next(index, named.name.parts)
        if not below:
            return self._labels_group(index + 1, named.name.parts)
        levels = set(named.name.inherited) | {
            level for level in _AREA_LEVELS if getattr(named.name.parts, level)
        }
        same_depth = below[0].name.kind == named.name.kind
        return not same_depth and levels <= set(below[0].name.inherited)

    def _labels_next(self, index: int) -> bool:
        """Whether the next line groups units by its label (历下区:A、B)."""
        return index + 1 < len(self._lines) and self._labels_group(index + 1, self._base)

    def _labels_group(self, index: int, context: Parts) -> bool:
        """Whether a line groups units (雨城区:A、B) of a place within the context."""
        line = self._lines[index]
        colon = line.text.find(":", line.offset, line.offset + _LONGEST_LABEL)
        place = split_name(line.text[line.offset : colon], context) if colon > 0 else None
        if place is None or place.place.status != "ok" or not _is_area(place):
            return False
        below = all(
            getattr(context, level) in {None, getattr(place.parts, level)} for level in PART_LEVELS
        )
        deeper = place.parts != context
        return below and deeper and bool(self._names(index, colon + 1, place.parts))

    def _read_row(self, line: ListLine) -> None:
        """Read a table row; one of a single wide cell is the heading of the rows below it."""
        cells = self._grids.cells_of(line.line.row, line.printed)
        own = [cell.text for cell in cells if cell.own and cell.text]
        self._notes = find_note_columns(cells) or self._notes
        if not own or _TOTAL.match(own[0]):
            return
        named = read_row(line, cells, self._context, self._notes)
        if len({cell.text for cell in cells if cell.text}) == 1:
            # A cell that spans the row says the same in each column.
            numbering = read_numbering(fold_width(own[0]))
            rank = numbering.rank if numbering else _GROUP_RANK
            heading = read_heading(own[0][numbering.length if numbering else 0 :], rank)
            place = self._place_of(heading)
            is_name = named is not None and len(own) == 1 and bool(named.name.place.steps)
            if not is_name or (place is not None and _is_area(place)):
                self._put_under(heading, place)
                return
        if named is not None:
            self._entries.append(self._entry(named, "table"))

    def _entry(self, named: ListedName, src: str) -> Entry:
        counted = next((h for h in reversed(self._outline.headings) if h.stated is not None), None)
        return Entry(
            named.printed,
            named.start,
            named.end,
            named.name,
            self._outline,
            self._geography or counted,
            named.remark,
            src,
        )


def _is_area(place: UnitName) -> bool:
    return place.kind in _AREA_KINDS or place.kind == "province"
