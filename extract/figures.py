"""Finds every number of a text: figures with unit, bounds and noun, and what is no figure."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from extract.figure_context import find_modality, find_per, find_scope, find_time
from extract.figure_gate import is_figure
from extract.figure_grammar import read_quantities
from extract.figure_lexicon import Lexicon, load_lexicon
from extract.figure_marks import find_mark_after, find_mark_before
from extract.figure_nouns import find_noun_after, find_noun_before
from extract.figure_numbers import NUMBER, NUMBER_START, read_amount
from extract.figure_quantity import Quantity
from extract.figure_records import Figure
from extract.figure_roles import find_article, find_plain_word, find_role, guess_role
from extract.figure_tables import TableNumber, find_table_numbers
from extract.figure_text import Layout, read_layout
from extract.figure_token import Role, Token
from extract.figure_words import find_noun_by_words

NounMethod = Literal["rule", "full"]
"""How measured nouns are found: by the light rule, or with segmentation where it fails."""

_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]++", re.ASCII)
_ROW_END = re.compile(r"[，。;!?\n]")


@dataclass(slots=True)
class _Scan:
    """A text and what every rule needs to read it."""

    text: str
    layout: Layout
    lexicon: Lexicon
    places: tuple[tuple[int, int], ...]
    starts: tuple[int, ...]
    nouns: NounMethod | None
    folded: str


@dataclass(slots=True)
class _Bounds:
    """The words of a quantity with its comparators, and what these say."""

    start: int
    end: int
    comparator: str
    marker: str | None


def find_figures(
    text: str,
    *,
    places: Sequence[tuple[int, int]] | None = None,
    nouns: NounMethod | None = "rule",
) -> list[Figure]:
    """Find every number of a text, in text order.

    `places` are spans of place names, whose numbers are names, besides the names like 三台县 that
    are known by rule. Spans are code points of the text given. Numbers that count nothing come with
    the role they have instead. Conventions of values: 余 and 多 give `>`, 几十 is 20 to 90.

    >>> [figure] = find_figures("投入资金超过6.7亿元")
    >>> figure.surface, str(figure.value.normalize()), figure.unit, figure.comparator
    ('6.7亿', '6.7E+8', '元', '>')
    """
    spans = tuple(sorted(places or ()))
    starts = tuple(start for start, _ in spans)
    layout = read_layout(text)
    scan = _Scan(text, layout, load_lexicon(), spans, starts, nouns, layout.folded)
    figures = list(_scan_numbers(scan))
    return _share_nouns(figures, scan.folded) if nouns else figures


def _share_nouns(figures: list[Figure], folded: str) -> list[Figure]:
    """Give 60%、80%、90%的村 one noun: shares in a row speak of the same thing."""
    shared: list[Figure] = []
    following: Figure | None = None
    for figure in reversed(figures):
        if figure.role != "figure":
            shared.append(figure)
            continue
        shares = following is not None and figure.kind == following.kind == "percent"
        if following and shares and figure.measured is None:
            between = folded[figure.end : following.start]
            if "、" in between and not _ROW_END.search(between):
                noun, method = following.measured, following.measured_method
                following = replace(figure, measured=noun, measured_method=method)
                shared.append(following)
                continue
        following = figure
        shared.append(following)
    return shared[::-1]


def _scan_numbers(scan: _Scan) -> Iterator[Figure]:
    folded, position = scan.folded, 0
    addresses = [match.span() for match in _ADDRESS.finditer(folded)]
    addresses.reverse()
    cells = find_table_numbers(folded, scan.lexicon)
    while gate := NUMBER_START.search(folded, position):
        start = gate.start()
        if cells and (cell := cells.get(start) or cells.get(start - 1)):
            yield _make_cell(scan, cell)
            position = cell.end
            continue
        while addresses and addresses[-1][1] <= start:
            addresses.pop()
        if addresses and addresses[-1][0] <= start:
            position = addresses[-1][1]
            continue
        if role := _find_name_or_word(scan, start):
            yield _make_role(scan, role)
            position = start + 1
            continue
        found = NUMBER.match(folded, start)
        if found is None:
            position = start + 1
            continue
        position = found.end()
        if folded.startswith("零下", start) and NUMBER.match(folded, start + 2):
            position = start + 1
            continue
        for figure in _read_number(scan, found):
            yield figure
            # the 百 of 个百分点 is no number of its own
            position = max(position, figure.end + len(figure.unit_raw or ""))


def _read_number(scan: _Scan, found: re.Match[str]) -> list[Figure]:
    token = Token(scan.folded, *found.span())
    role = (
        (scan.starts and _find_place(scan, token))
        or find_article(token, scan.lexicon)
        or find_role(token, scan.lexicon)
    )
    if role:
        return [_make_role(scan, role)]
    quantities = read_quantities(scan.folded, found, scan.lexicon)
    if quantities and is_figure(scan.folded, quantities[-1], scan.lexicon):
        return [_make_figure(scan, quantity) for quantity in quantities]
    return [_make_role(scan, guess_role(token))]


def _find_name_or_word(scan: _Scan, start: int) -> Role | None:
    """Know at a glance what is no number, unless it stands in a place name."""
    if scan.starts and _find_place(scan, Token(scan.folded, start, start + 1)):
        return None
    return find_plain_word(scan.folded, start, scan.lexicon)


def _find_place(scan: _Scan, token: Token) -> Role | None:
    index = bisect_right(scan.starts, token.start) - 1
    if index >= 0 and scan.places[index][1] > token.start:
        return token.as_role("name", "gazetteer")
    return None


def _make_role(scan: _Scan, role: Role) -> Figure:
    surface = scan.text[role.start : role.end]
    amount = read_amount(scan.folded[role.start : role.end]) if role.name == "ordinal" else None
    first, last = scan.layout.sentence(role.start, role.end)
    return Figure(
        role.start,
        role.end,
        surface,
        amount.value if amount else None,
        role=role.name,
        rule=role.rule,
        sentence=scan.layout.print_sentence(scan.text, first, last),
    )


def _make_figure(scan: _Scan, quantity: Quantity) -> Figure:
    amount, unit, folded = quantity.amount, quantity.unit, scan.folded
    bounds = _read_bounds(scan, quantity)
    first, last = scan.layout.sentence(quantity.start, bounds.end)
    head = folded[first : quantity.start]
    clause = max(head.rfind("，"), head.rfind(":")) + 1
    time = find_time(head)
    per = find_per(head[clause:], folded[bounds.end : bounds.end + 6])
    noun, method = _find_noun(scan, quantity, bounds) if scan.nouns else (None, None)
    return Figure(
        start=quantity.start,
        end=quantity.end,
        surface=scan.text[quantity.start : quantity.end],
        value=amount.value,
        low=amount.low,
        high=amount.high,
        comparator=bounds.comparator,
        marker=bounds.marker,
        unit_raw=_print_unit(scan, quantity),
        unit=unit.base if unit else None,
        currency=unit.currency if unit else None,
        kind=_name_kind(quantity),
        measured=scan.text[noun[0] : noun[1]] if noun else None,
        measured_method=method,
        scope=find_scope(head),
        time=time,
        per=per,
        modality=find_modality(
            head, bounds.comparator, periodic=bool(per and time and "/" in time)
        ),
        rule=quantity.rule,
        sentence=scan.layout.print_sentence(scan.text, first, last),
    )


def _make_cell(scan: _Scan, cell: TableNumber) -> Figure:
    first, last = scan.layout.sentence(cell.start, cell.end)
    unit, is_figure_cell = cell.unit, cell.role == "figure"
    measured = scan.text[slice(*cell.measured)] if cell.measured else None
    return Figure(
        start=cell.start,
        end=cell.end,
        surface=scan.text[cell.start : cell.end],
        value=cell.amount.value if is_figure_cell else None,
        unit_raw=unit.raw if unit else None,
        unit=unit.base if unit else None,
        currency=unit.currency if unit else None,
        kind=unit.kind if unit and unit.kind != "place" else "count",
        role=cell.role,
        measured=measured,
        measured_method="header" if measured else None,
        scope=scan.text[slice(*cell.scope)] if cell.scope else None,
        time=cell.time,
        rule=cell.rule,
        sentence=scan.layout.print_sentence(scan.text, first, last),
    )


def _print_unit(scan: _Scan, quantity: Quantity) -> str | None:
    if quantity.unit is None:
        return None
    size = len(quantity.unit.raw)
    return scan.text[quantity.unit_end - size : quantity.unit_end] or None


def _name_kind(quantity: Quantity) -> str:
    if quantity.rule == "ratio":
        return "ratio"
    if quantity.unit is None or quantity.unit.kind == "place":
        return "count"
    return quantity.unit.kind


def _read_bounds(scan: _Scan, quantity: Quantity) -> _Bounds:
    """Weigh the comparator inside the number against those around it."""
    amount, folded = quantity.amount, scan.folded
    before = find_mark_before(folded, quantity.start, amount, quantity.unit, scan.lexicon)
    after = find_mark_after(folded, quantity.unit_end, quantity.unit, scan.lexicon)
    start = before.end - len(before.word) if before else quantity.start
    end = after.end if after else quantity.unit_end
    mark = before or after
    if mark and amount.value is None and mark.comparator != "~":
        # 最高可获30至50万元: both bounds are printed
        mark = None
    if mark is None or (amount.comparator != "=" and mark.comparator == "~"):
        return _Bounds(start, end, amount.comparator, amount.marker)
    marker = scan.text[mark.end - len(mark.word) : mark.end]
    return _Bounds(start, end, mark.comparator, marker)


def _find_noun(
    scan: _Scan, quantity: Quantity, bounds: _Bounds
) -> tuple[tuple[int, int] | None, str | None]:
    """Give the noun's span and how it was found."""
    noun = _find_noun_by_rule(scan, quantity, bounds)
    if noun or scan.nouns != "full":
        return noun, "rule" if noun else None
    clause = scan.layout.clause(quantity.start, bounds.end)
    noun = find_noun_by_words(scan.folded, clause, (bounds.start, bounds.end))
    return noun, "segmentation" if noun else None


def _find_noun_by_rule(scan: _Scan, quantity: Quantity, bounds: _Bounds) -> tuple[int, int] | None:
    folded, lexicon = scan.folded, scan.lexicon
    kind = quantity.unit.kind if quantity.unit else "count"
    linked = folded[bounds.end : bounds.end + 1] == "的"
    # a verb follows a bare span of time (两年覆盖), not what it measures
    if kind != "duration" or linked:
        noun = find_noun_after(folded, bounds.end, lexicon)
        if noun or linked:
            return noun
    spaced = folded[bounds.start - 1 : bounds.start].isspace()
    if kind == "place" or (kind == "duration" and spaced):
        return None
    return find_noun_before(folded, bounds.start, lexicon)
