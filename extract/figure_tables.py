"""Numbers in table rows of a text: cells take unit and noun from header and row label."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from extract.figure_lexicon import Lexicon, Unit
from extract.figure_numbers import Amount, read_amount
from normalize.numerals import read_numeral

_ROWS = re.compile(r"(?:^[^\n\t]*\t[^\n]*(?:\n|\Z))+", re.MULTILINE)
_PLAIN = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d{1,15}(?:\.\d{1,8})?", re.ASCII)
_YEAR = re.compile(r"((?:19|20)\d{2})年?", re.ASCII)
_TIMES = re.compile("[十百千万亿]{0,2}")
_NOTED = re.compile(
    r"\s?[(/:]\s?(?:单位\s?:?\s?)?(?P<noted>[^()/:]{1,8})(?:(?<!/.)(?<!/..)/[^()/:]{1,6})?\)?$"
)
_UNIT_LINE = re.compile(r"单位\s?:\s?(?P<noted>[^\s,，;。()]{1,6})\)?\s*\n?\Z")
_UNIT_LINE_REACH = 24
_UNIT_COLUMN = frozenset(("单位", "计量单位"))
_TOTAL = re.compile(r"(?:合|总|小|共)\s?计|总数|合计数")
_COUNTED = MappingProxyType(
    {"户数": "户", "人数": "人", "人口": "人", "人口数": "人", "总人口": "人", "总人数": "人"}
)
_COUNTS = re.compile(
    r".*(?:数|数量|总量|金额|总额|面积|产量|人口|合计|总计|小计|规模|投资|资金|得分|分数|票数)$"
)
_ROLES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"序号|排序|行次|No\.?$"), "index"),
    (re.compile(r"年份|年度|日期|时间|年月"), "date"),
    (re.compile(r"排名|名次|位次|批次"), "ordinal"),
    (
        re.compile(r"编号|电话|手机|邮编|代码|文号|证号|号码|账号|传真|编码|门牌|学号|房号|楼号"),
        "identifier",
    ),
)


@dataclass(frozen=True, slots=True)
class TableNumber:
    """A plain number in a cell, and what header and row label say of it."""

    start: int
    """Start of the number."""
    end: int
    """End of the number."""
    amount: Amount
    """Value in base units."""
    unit: Unit | None
    """Unit of the column, row or table."""
    measured: tuple[int, int] | None
    """Span of what is counted."""
    scope: tuple[int, int] | None
    """Span of the row's label when the column says what is counted."""
    time: str | None
    """Year of a column such as 2021年."""
    role: str
    """`figure`, or what the column holds instead."""
    rule: str
    """table, or table_total for sums."""


@dataclass(frozen=True, slots=True)
class _Cell:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Column:
    """What the header cell says."""

    header: _Cell | None = None
    noun: tuple[int, int] | None = None
    times: Decimal = Decimal(1)
    unit: Unit | None = None
    year: str | None = None
    role: str = ""
    holds_unit: bool = False
    total: bool = False


def find_table_numbers(folded: str, lexicon: Lexicon) -> Mapping[int, TableNumber]:
    """Find the plain numbers of table rows in folded text, by their start.

    Rows are lines with tabs; the lines before the first row of numbers are the header. A number
    whose column, row and table name neither a unit nor a count is left out.

    >>> from extract.figure_lexicon import load_lexicon
    >>> text = "镇\\t金额(万元)\\n潼川\\t12"
    >>> [cell.amount.value for cell in find_table_numbers(text, load_lexicon()).values()]
    [Decimal('120000')]
    """
    if "\t" not in folded:
        return {}
    numbers: dict[int, TableNumber] = {}
    for block in _ROWS.finditer(folded):
        line = folded[max(0, block.start() - _UNIT_LINE_REACH) : block.start()]
        noted = _UNIT_LINE.search(line)
        above = _read_unit(noted["noted"], lexicon) if noted else None
        for number in _read_block(folded, block.span(), above, lexicon):
            numbers[number.start] = number
    return numbers


def _read_block(
    folded: str, span: tuple[int, int], above: tuple[Decimal, Unit] | None, lexicon: Lexicon
) -> Iterator[TableNumber]:
    columns: list[_Column] = []
    for row in _split_rows(folded, span):
        if _is_header(row, first=not columns):
            columns = [_read_header(cell, lexicon) for cell in row]
            continue
        if len(columns) == len(row):
            yield from _read_row(row, columns, above, lexicon)


def _split_rows(folded: str, span: tuple[int, int]) -> Iterator[list[_Cell]]:
    position, last = span
    while position < last:
        end = folded.find("\n", position, last)
        end = last if end < 0 else end
        row = []
        for piece in folded[position:end].split("\t"):
            lead = len(piece) - len(piece.lstrip())
            text = piece.strip()
            row.append(_Cell(position + lead, position + lead + len(text), text))
            position += len(piece) + 1
        yield row
        position = end + 1


def _is_header(row: list[_Cell], *, first: bool) -> bool:
    """Tell whether no cell is a number, or, in the first row, all numbers are years."""
    plain = [cell for cell in row if _PLAIN.fullmatch(cell.text)]
    if not plain:
        # a row of text below the header is one whose cells carry their own units
        return first or not any(character.isdigit() for cell in row for character in cell.text)
    return first and all(_YEAR.fullmatch(cell.text) for cell in plain)


def _read_header(cell: _Cell, lexicon: Lexicon) -> _Column:
    text = cell.text
    if year := _YEAR.fullmatch(text):
        return _Column(cell, year=year[1])
    if text in _UNIT_COLUMN:
        return _Column(cell, holds_unit=True)
    for pattern, role in _ROLES:
        if pattern.search(text):
            return _Column(cell, role=role)
    noted = _NOTED.search(text)
    found = _read_unit(noted["noted"], lexicon) if noted else None
    name = text[: noted.start()] if noted and found else text
    span = (cell.start, cell.start + len(name)) if name else None
    times, unit = found or (Decimal(1), None)
    if unit is None and (counted := _COUNTED.get(name.removesuffix("数")) or _COUNTED.get(name)):
        unit = lexicon.units[counted]
    return _Column(cell, span, times, unit, total=bool(_TOTAL.search(name)))


def _read_unit(text: str, lexicon: Lexicon) -> tuple[Decimal, Unit] | None:
    """Read 万元: what the numbers are multiplied with, and the unit."""
    whole = lexicon.units.get(text)
    if whole:
        return Decimal(1), whole
    times = _TIMES.match(text)
    # 亿千瓦时 is 亿 of 千瓦时, not 亿千 of 瓦时.
    for cut in range(1, (times.end() if times else 0) + 1):
        if unit := lexicon.units.get(text[cut:]):
            return Decimal(read_numeral(f"一{text[:cut]}")), unit
    return None


def _read_row(
    row: list[_Cell],
    columns: list[_Column],
    above: tuple[Decimal, Unit] | None,
    lexicon: Lexicon,
) -> Iterator[TableNumber]:
    own = above
    for cell, column in zip(row, columns, strict=True):
        if column.holds_unit:
            own = _read_unit(cell.text, lexicon) or own
    label = _find_label(row, columns)
    noted = _NOTED.search(label.text) if label else None
    if noted and (found := _read_unit(noted["noted"], lexicon)):
        own = found
        label = (
            _Cell(label.start, label.start + noted.start(), label.text[: noted.start()])
            if label
            else None
        )
    for cell, column in zip(row, columns, strict=True):
        if _PLAIN.fullmatch(cell.text) and (number := _read_cell(cell, column, label, own)):
            yield number


def _find_label(row: list[_Cell], columns: list[_Column]) -> _Cell | None:
    for cell, column in zip(row, columns, strict=True):
        if cell.text and not column.role and not _PLAIN.fullmatch(cell.text):
            return cell
    return None


def _read_cell(
    cell: _Cell, column: _Column, label: _Cell | None, own: tuple[Decimal, Unit] | None
) -> TableNumber | None:
    negative = cell.text.startswith("-")
    amount = read_amount(cell.text.removeprefix("-"))
    if amount is None:
        return None
    if column.role:
        return TableNumber(
            cell.start, cell.end, amount, None, None, None, None, column.role, "table"
        )
    times, unit = (column.times, column.unit) if column.unit else own or (Decimal(1), None)
    name = column.header.text if column.header else ""
    if unit is None and not _COUNTS.fullmatch(name):
        return None
    factor = times * (unit.factor if unit else 1) * (-1 if negative else 1)
    labelled = (label.start, label.end) if label else None
    dated = column.year is not None or column.noun is None
    total = column.total or bool(label and _TOTAL.search(label.text))
    return TableNumber(
        cell.start,
        cell.end,
        amount.times(factor),
        unit,
        labelled if dated else column.noun,
        None if dated else labelled,
        column.year,
        "figure",
        "table_total" if total else "table",
    )
