"""Units in the rows of a table: the neighbouring cells that spell one name."""

import re
from collections.abc import Sequence
from dataclasses import replace

from extract.list_lines import ListLine
from extract.listed_names import ListedName, read_remarked
from extract.listing_records import PART_LEVELS, Parts
from extract.tables import Cell
from extract.unit_names import UnitName
from normalize.width import fold_width

_INDEX_CELL = re.compile(r"^\d{0,5}$")
_COUNT = re.compile(r"\s*\((?:共)?\d{1,4}[个家名处]?\)$")
_NOTES = re.compile(r"备注|说明|变更说明|情况说明|备注说明|复核情况|主要事迹|入选理由")
_MOST_LEVELS = 7


def find_note_columns(cells: Sequence[Cell]) -> frozenset[int]:
    """Columns that a table's header sets aside for remarks.

    >>> find_note_columns([Cell("村名", own=True), Cell("备注", own=True)])
    frozenset({1})
    """
    return frozenset(
        index for index, cell in enumerate(cells) if _NOTES.fullmatch(fold_width(cell.text).strip())
    )


def read_row(
    line: ListLine, cells: Sequence[Cell], context: Parts, notes: frozenset[int] = frozenset()
) -> ListedName | None:
    """Read the unit of a row: the longest run of cells, own ones at its end, that is one name.

    What stands in the columns `notes` is a remark, whatever it looks like. Cells that reach down
    from above are inherited, not printed.

    >>> from extract.lines import read_text_lines
    >>> text = "1\\t绵阳市\\t三台县"
    >>> line = ListLine(text, text, 0, read_text_lines(text).lines[0], None)
    >>> cells = [Cell(piece, own=True) for piece in text.split("\\t")]
    >>> read_row(line, cells, Parts()).printed
    '绵阳市\\t三台县'
    """
    best = _best_run([cell for at, cell in enumerate(cells) if at not in notes], context)
    if best is None:
        return None
    run, name, remark = best
    noted = (cells[at].text.strip() for at in sorted(notes) if at < len(cells))
    remark = remark or next((text for text in noted if text), None)
    # A row shows its own cells only: what reaches down from above is inherited.
    printed = [cell.text for cell in run if cell.own]
    inherited = tuple(
        level
        for level in PART_LEVELS
        if (value := getattr(name.parts, level)) and not any(value in text for text in printed)
    )
    end = line.printed.rfind(printed[-1]) + len(printed[-1])
    starts = [start for text in printed if (start := line.printed.find(text)) >= 0]
    if not starts or end <= min(starts):
        return None
    start = min(starts)
    return ListedName(
        line.printed[start:end],
        line.start + start,
        line.start + end,
        replace(name, inherited=inherited),
        remark,
    )


def _join(run: Sequence[Cell]) -> str:
    """Text of neighbouring cells; 剑川县 before 剑川县木雕公司 is not said twice."""
    texts = [_name_in(cell) for cell in run]
    kept = [
        text
        for text, following in zip(texts, [*texts[1:], ""], strict=True)
        if not following.startswith(text)
    ]
    return "".join(kept)


def _name_in(cell: Cell) -> str:
    """Text of a cell without the count of its group: 福州市(5个)."""
    return _COUNT.sub("", fold_width(cell.text)).strip()


def _best_run(
    cells: Sequence[Cell], context: Parts
) -> tuple[list[Cell], UnitName, str | None] | None:
    named = [cell for cell in cells if not _INDEX_CELL.match(fold_width(cell.text))]
    for length in range(min(len(named), _MOST_LEVELS), 0, -1):
        for start in range(len(named) - length + 1):
            run = named[start : start + length]
            if not run[-1].own:
                continue
            read = read_remarked(_join(run), context)
            if read is None:
                continue
            name, _, remark = read
            if length > 1 or name.place.steps or context != Parts():
                return run, name, remark
    return None
