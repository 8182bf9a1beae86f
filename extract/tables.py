"""HTML tables as grids: every cell that a row shows, also those that reach down from above."""

from dataclasses import dataclass

from lxml.html import HtmlElement

from normalize.clean import clean_lines

_MOST_COLUMNS = 60
_MOST_SPAN = 2000


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as a row shows it."""

    text: str
    """Simplified text without blanks at its ends."""
    own: bool
    """Whether the cell begins in this row, rather than reaching down from one above."""


Grid = dict[HtmlElement, tuple[Cell, ...]]
"""Cells of each row of a table, by row element."""


class TableGrids:
    """The grids of a page's tables, each laid out once."""

    def __init__(self) -> None:
        self._grids: dict[HtmlElement, Grid] = {}

    def cells_of(self, row: HtmlElement | None, text: str) -> tuple[Cell, ...]:
        """Cells of a row; of a row without a tree, the pieces of its text between tabs.

        >>> [cell.text for cell in TableGrids().cells_of(None, "1\\t绵阳市")]
        ['1', '绵阳市']
        """
        table = next(row.iterancestors("table"), None) if row is not None else None
        if row is None or table is None:
            return tuple(Cell(piece, own=True) for piece in text.split("\t"))
        if table not in self._grids:
            self._grids[table] = read_grid(table)
        return self._grids[table].get(row, ())


def read_grid(table: HtmlElement) -> Grid:
    """Lay out a table so that each row has all cells it shows; spans are bounded.

    >>> from lxml.html import fromstring
    >>> table = fromstring("<table><tr><td rowspan=2>绵阳市<td>三台县<tr><td>平武县</table>")
    >>> [[cell.text for cell in row] for row in read_grid(table).values()]
    [['绵阳市', '三台县'], ['绵阳市', '平武县']]
    """
    grid: Grid = {}
    reaching: dict[int, tuple[str, int]] = {}
    rows_of_cells = [(row, _cells_in(row)) for row in table.iterdescendants("tr")]
    printed = [
        " ".join(e.text_content().split()) for _, elements in rows_of_cells for e in elements
    ]
    texts = iter(clean_lines(printed).lines)
    for row, elements in rows_of_cells:
        cells: list[Cell] = []
        left: dict[int, tuple[str, int]] = {}
        for element in elements:
            _fill_from_above(cells, reaching, left)
            text = next(texts)
            for _ in range(_span(element, "colspan", _MOST_COLUMNS)):
                height = _span(element, "rowspan", _MOST_SPAN)
                if height > 1:
                    left[len(cells)] = (text, height - 1)
                if len(cells) < _MOST_COLUMNS:
                    cells.append(Cell(text, own=True))
        _fill_from_above(cells, reaching, left)
        reaching = left
        grid[row] = tuple(cells)
    return grid


def _cells_in(row: HtmlElement) -> list[HtmlElement]:
    return [child for child in row if child.tag in {"td", "th"}]


def _fill_from_above(
    cells: list[Cell], reaching: dict[int, tuple[str, int]], left: dict[int, tuple[str, int]]
) -> None:
    while len(cells) in reaching:
        text, rows = reaching.pop(len(cells))
        if rows > 1:
            left[len(cells)] = (text, rows - 1)
        cells.append(Cell(text, own=False))


def _span(element: HtmlElement, name: str, most: int) -> int:
    digits = (element.get(name) or "").strip()
    return max(1, min(int(digits[:6]), most)) if digits.isdecimal() else 1
