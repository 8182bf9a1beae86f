"""From the lines of a body to list entries: a small state machine over headings and names.

Each line is, in this order: the title of a list, a heading (numbered, grouping or geographic),
one or more entries, or prose. Headings set the category path, geographic headings the levels
that short names inherit.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extract.body import Block, Body
from extract.listing_records import PART_LEVELS, Parts
from extract.outline import Heading, Outline, is_list_title, read_heading, read_numbering
from extract.tables import Cell, TableGrids
from extract.unit_names import UnitName, split_name
from normalize.vocabulary import AUTHORITY
from normalize.width import fold_width

_PIECE = re.compile(r"[^、,;\s]+")
_SENTENCE = re.compile(r"[。!?]")
_REMARK = re.compile(r"\(([^()]{1,30})\)$")
_INDEX_CELL = re.compile(r"^\d{0,5}$")
_LONGEST_LINE = 400
_MOST_LEVELS = 7
_LONGEST_LABEL = 30
_GROUP_RANK = 7
_ISSUER = re.compile(AUTHORITY)
# Words for levels; a few divisions bear such a name, but in a list they are headings.
_LEVEL_WORD = re.compile(
    r"街道|社区|[村镇乡县区市旗]|乡镇|镇街|村镇|街镇|市区|城区|郊区|社区居委会|行政村"
)
# A bare name without any place in it is only taken when none of these words stand in it.
_NO_NAME = re.compile(
    r"的|试点|示范|名单|任务|工作|建设|单位|以及|入选|公布|各[县市区镇乡街]|全[省市国县区]|我[省市区县]|治理|服务"
    r"|第[一二三四五六七八九十\d]+批|\d{4}年|中国|国家|历史文化|特色|旅游|休闲|命名"
    r"|本市|社区\(|管理|创新|参与|组织|活动|和谐|幸福|美丽乡村|民主|文明|先进"
)


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


@dataclass(frozen=True, slots=True)
class _State:
    outline: Outline
    context: Parts
    geography: Heading | None


@dataclass(frozen=True, slots=True)
class _Piece:
    printed: str
    start: int
    end: int
    name: UnitName
    remark: str | None


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
    state = _State(Outline(), context, None)
    entries: list[Entry] = []
    grids = TableGrids()
    for index, block in enumerate(body.blocks):
        text = fold_width(block.text)
        if is_list_title(text) and not _pieces(block, 0, state.context):
            state = _State(state.outline.titled(_title_of(body, index)), context, None)
            continue
        if block.line.kind == "table_row":
            found, state = _read_row(block, state, grids)
            entries += found
            continue
        if len(text) > _LONGEST_LINE or _SENTENCE.search(text):
            continue
        numbering = read_numbering(text)
        offset = numbering.length if numbering else 0
        state, offset = _read_label(block, offset, state)
        pieces = _pieces(block, offset, state.context)
        if pieces and not (len(pieces) == 1 and _heads_next(body, index, pieces[0])):
            entries += (_entry(piece, state, "body") for piece in pieces)
        else:
            state = _read_heading_line(body, index, state, pieces)
    return entries


def _title_of(body: Body, index: int) -> str:
    """A list title together with the line before it when that only names the batch."""
    title = body.blocks[index].text.strip()
    if index and fold_width(body.blocks[index - 1].text).strip().endswith("批"):
        return body.blocks[index - 1].text.strip() + title
    return title


def _read_label(block: Block, offset: int, state: _State) -> tuple[_State, int]:
    """Read a heading that stands on the line of its entries: 绵阳市(5个):A、B."""
    text = fold_width(block.text)
    colon = text.find(":", offset, offset + _LONGEST_LABEL)
    if colon < 0 or not _pieces(block, colon + 1, state.context):
        return state, offset
    heading = read_heading(block.text[offset : colon + 1], _GROUP_RANK)
    return _under(state, heading, split_name(heading.label, state.context)), colon + 1


def _read_heading_line(body: Body, index: int, state: _State, pieces: list[_Piece]) -> _State:
    """Read a line that is no entry: a heading, or prose that changes nothing."""
    block = body.blocks[index]
    text = fold_width(block.text)
    numbering = read_numbering(text)
    rank = numbering.rank if numbering else _GROUP_RANK
    heading = read_heading(block.text[numbering.length if numbering else 0 :], rank)
    if pieces:
        return _under(state, heading, pieces[0].name)
    closed = text.rstrip().endswith(":")
    place = split_name(heading.label, state.context)
    if place is not None and place.place.status == "ok" and (closed or heading.stated is not None):
        return _under(state, heading, place)
    marked = numbering is not None or heading.stated is not None
    if closed and not marked:
        # A salutation ends with a colon as well; only what stands right above units is a heading.
        following = body.blocks[index + 1 : index + 2]
        marked = any(_pieces(b, _offset(b), state.context) for b in following)
    if marked and 0 < len(heading.label) <= 2 * _LONGEST_LABEL:
        return _under(state, heading, None)
    return state


def _under(state: _State, heading: Heading, place: UnitName | None) -> _State:
    """State below a heading; geography changes the context, everything else the outline."""
    if place is not None and place.kind in {"prefecture", "county", "street", "town", "township"}:
        return replace(state, context=place.parts, geography=heading)
    return replace(state, outline=state.outline.under(heading), geography=None)


def _heads_next(body: Body, index: int, piece: _Piece) -> bool:
    """Tell a geographic heading from an entry: the next line is a unit that lies below it."""
    text = fold_width(body.blocks[index].text).strip()
    if piece.name.place.status != "ok" or index + 1 >= len(body.blocks):
        return False
    if text.endswith(":") or read_heading(text, 0).stated is not None:
        return True
    below = _pieces(body.blocks[index + 1], _offset(body.blocks[index + 1]), piece.name.parts)
    if not below:
        return False
    levels = set(piece.name.inherited) | {
        level
        for level in ("province", "city", "county", "town")
        if getattr(piece.name.parts, level)
    }
    same_depth = below[0].name.kind == piece.name.kind
    return not same_depth and levels <= set(below[0].name.inherited)


def _offset(block: Block) -> int:
    numbering = read_numbering(fold_width(block.text))
    return numbering.length if numbering else 0


def _entry(piece: _Piece, state: _State, src: str) -> Entry:
    headings = state.outline.headings
    counted = next((h for h in reversed(headings) if h.stated is not None), None)
    return Entry(
        piece.printed,
        piece.start,
        piece.end,
        piece.name,
        state.outline,
        state.geography or counted,
        piece.remark,
        src,
    )


def _pieces(block: Block, offset: int, context: Parts) -> list[_Piece]:
    """Read a line as a sequence of units; empty unless all of it is units.

    Within a line short names inherit from the item before them; the next line starts afresh.
    """
    text = fold_width(block.text).rstrip("。;,.")
    pieces: list[_Piece] = []
    above = context
    for start, end in _cut(text, offset, context):
        printed = text[start:end]
        remark = _REMARK.search(printed)
        bare = printed[: remark.start()] if remark else printed
        name = read_unit(bare, above)
        if name is None:
            return []
        source = block.text[start : start + len(bare)]
        absolute = block.start + start
        pieces.append(
            _Piece(source, absolute, absolute + len(bare), name, remark and remark.group(1))
        )
        above = _parent(name, context)
    return pieces


def _cut(text: str, offset: int, context: Parts) -> Iterator[tuple[int, int]]:
    """Cut at separators; blanks separate only when the whole is not one spaced name (望 城 区)."""
    whole = text[offset:]
    stripped = whole.strip()
    if stripped and " " in stripped and "、" not in stripped and read_unit(stripped, context):
        start = offset + whole.index(stripped)
        yield start, start + len(stripped)
        return
    for match in _PIECE.finditer(text, offset):
        yield match.span()


def read_unit(text: str, context: Parts) -> UnitName | None:
    """Read a piece of a list as a unit, None when it is none.

    A name that begins with a known place is trusted; a bare one must be free of words that
    headings and prose are made of. The office that signs a list is never on it.

    >>> read_unit("承担试点工作任务的社区", Parts()) is None
    True
    """
    name = split_name(text, context)
    if name is None or _ISSUER.fullmatch(text.strip()) or _LEVEL_WORD.fullmatch(text.strip()):
        return None
    if not name.place.steps and _NO_NAME.search(text):
        return None
    rest = name.place.rest if name.place.steps else ""
    return None if rest and "的" in rest else name


def _parent(name: UnitName, context: Parts) -> Parts:
    """Context for the next item on the line: the same place without its last level."""
    levels = ("province", "city", "county", "town")
    present = [level for level in levels if getattr(name.parts, level)]
    is_place = not (name.parts.village or name.parts.unit)
    kept = present[:-1] if is_place else present
    if not kept:
        return context
    return Parts(**{level: getattr(name.parts, level) for level in kept})


def _read_row(block: Block, state: _State, grids: TableGrids) -> tuple[list[Entry], _State]:
    """Read a table row: the neighbouring cells that spell one name, reaching cells included.

    A row of one wide cell is the heading of the rows below it.
    """
    cells = grids.cells_of(block.line.row, block.text)
    own = [cell.text for cell in cells if cell.own and cell.text]
    if len(set(own)) == 1:
        heading = read_heading(own[0], _GROUP_RANK)
        return [], _under(state, heading, split_name(heading.label, state.context))
    best = _best_run(cells, state.context)
    if best is None:
        return [], state
    run, name = best
    # A row shows its own cells only: what reaches down from above is inherited.
    printed = [cell.text for cell in run if cell.own]
    inherited = tuple(
        level
        for level in PART_LEVELS
        if (value := getattr(name.parts, level)) and not any(value in text for text in printed)
    )
    start = block.text.find(printed[0])
    end = block.text.find(printed[-1], start) + len(printed[-1])
    if start < 0 or end <= start:
        return [], state
    piece = _Piece(
        block.text[start:end],
        block.start + start,
        block.start + end,
        replace(name, inherited=inherited),
        None,
    )
    return [_entry(piece, state, "table")], state


def _best_run(cells: Sequence[Cell], context: Parts) -> tuple[list[Cell], UnitName] | None:
    """The longest run of neighbouring cells, own ones at its end, that reads as one unit."""
    named = [cell for cell in cells if not _INDEX_CELL.match(fold_width(cell.text))]
    for length in range(min(len(named), _MOST_LEVELS), 0, -1):
        for start in range(len(named) - length + 1):
            run = named[start : start + length]
            if not run[-1].own:
                continue
            name = read_unit("".join(fold_width(cell.text) for cell in run), context)
            if name is not None and (length > 1 or name.place.steps or context != Parts()):
                return run, name
    return None
