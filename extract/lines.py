"""The visible lines of a page, in order, with what their markup says about them.

Both HTML and saved plain text come out as the same lines, so that every later step, from the
title to the last unit, is written once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from lxml import etree
from lxml.html import HtmlElement

from normalize.clean import CleanLines, clean_lines

LineKind = Literal["paragraph", "heading", "list_item", "table_row", "caption"]

_SKIPPED = frozenset(
    "script style noscript template iframe object embed select option svg button textarea head "
    "audio video canvas map".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section "
    "summary table tbody tfoot thead tr ul".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_CELLS = frozenset(("td", "th"))
_LAYOUT = ("table", "form", "h1", "h2", "ul", "ol", "blockquote")
_LONGEST_ROW = 600
_EMPHASIS = frozenset(("b", "strong"))
_BLANK = re.compile(r"[ \t\r\n\f\v\xa0]+")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_CENTRED = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_JAMMER = re.compile(r"(?:^|\s)jammer(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Line:
    """One visible block of a page."""

    text: str
    """Clean text, blanks collapsed; the cells of a table row are joined with a tab."""
    printed: str
    """Text as printed, blanks collapsed."""
    kind: LineKind
    """What the markup says the block is."""
    element: HtmlElement | None
    """Innermost block element around the text; None on plain text pages."""
    link_chars: int = 0
    """Characters of the line that stand in links."""
    emphasis: bool = False
    """Whether the whole line is bold."""
    centred: bool = False
    """Whether the line is centred."""
    row: HtmlElement | None = None
    """Table row the line was made from."""


@dataclass(slots=True)
class _Open:
    """The line being gathered."""

    pieces: list[str] = field(default_factory=list)
    chars: int = 0
    link_chars: int = 0
    bold_chars: int = 0


@dataclass(frozen=True, slots=True)
class PageLines:
    """All lines of a page and what cleaning did to them."""

    lines: tuple[Line, ...]
    """The lines in page order."""
    clean: CleanLines
    """Script, repairs and losses of the page."""


def read_html_lines(root: HtmlElement, drop: Sequence[str] = ()) -> PageLines:
    """Read the visible lines of a tree or subtree.

    `drop` names XPaths whose elements are skipped. Script, hidden elements and jammers never
    show; `visibility:hidden` does, because WeChat hides its content until a script ran.

    >>> from extract.page import parse_tree
    >>> page = parse_tree("<div>绵阳市<br><b>三台县</b></div><table><tr><td>1<td>潼川镇</table>")
    >>> [(line.text, line.kind) for line in read_html_lines(page).lines]
    [('绵阳市', 'paragraph'), ('三台县', 'paragraph'), ('1\\t潼川镇', 'table_row')]
    """
    skipped = {element for xpath in drop for element in root.xpath(xpath)}
    return _clean(_LineWalk(root, skipped).lines())


def read_text_lines(text: str) -> PageLines:
    """Read the lines of a saved plain text page; empty lines are left out.

    >>> [line.text for line in read_text_lines("一\\n\\n 二 ").lines]
    ['一', '二']
    """
    printed = (_BLANK.sub(" ", line).strip(" \u3000") for line in text.splitlines())
    return _clean([Line(p, p, "paragraph", None) for p in printed if p])


def _clean(lines: list[Line]) -> PageLines:
    clean = clean_lines([line.printed for line in lines])
    read = (
        line if line.text == text else replace(line, text=text)
        for line, text in zip(lines, clean.lines, strict=True)
    )
    return PageLines(tuple(line for line in read if line.text.strip()), clean)


class _LineWalk:
    """One pass over a tree that cuts its text into lines."""

    def __init__(self, root: HtmlElement, skipped: set[HtmlElement]) -> None:
        self._root = root
        self._skipped = skipped
        self._found: list[Line] = []
        self._line = _Open()
        self._links = 0
        self._bold = 0
        self._blocks: list[HtmlElement] = [root]
        self._rows: list[HtmlElement] = []

    def lines(self) -> list[Line]:
        root = self._root
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        left_out: HtmlElement | None = None
        for event, element in walk:
            if event == "start":
                if self._is_skipped(element):
                    walk.skip_subtree()
                    left_out = element
                else:
                    self._enter(element)
                continue
            if element is left_out:
                left_out = None
            elif event == "end":
                self._leave(element)
            if element.tail and element is not root:
                self._add(element.tail)
        self._flush("paragraph")
        return self._found

    def _is_skipped(self, element: HtmlElement) -> bool:
        if element.tag in _SKIPPED or (self._skipped and element in self._skipped):
            return True
        style, classes = element.get("style"), element.get("class")
        if not style and not classes:
            return False
        return bool(
            (style and _HIDDEN.search(style)) or (classes and _JAMMER.search(classes))
        ) and (element is not self._root)

    def _enter(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag in _BLOCKS or tag in _CELLS or tag == "br":
            self._enter_block(element)
        elif tag == "a":
            self._links += 1
        if _is_bold(element):
            self._bold += 1
        if element.text:
            self._add(element.text)

    def _enter_block(self, element: HtmlElement) -> None:
        tag = element.tag
        if self._rows and tag != "tr":
            # Inside a row, cells are joined and inner blocks only separated.
            if tag not in _CELLS:
                self._line.pieces.append(" ")
            elif element.getprevious() is not None:
                self._line.pieces.append("\t")
        elif tag not in _CELLS:
            self._flush("paragraph")
        if tag in _BLOCKS and not self._rows:
            self._blocks.append(element)
        if tag == "tr" and _is_data_row(element):
            self._rows.append(element)

    def _leave(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag == "a":
            self._links -= 1
        if _is_bold(element):
            self._bold -= 1
        if tag not in _BLOCKS:
            return
        if self._rows and self._rows[-1] is element:
            self._flush("table_row", element)
            self._rows.pop()
        elif not self._rows:
            self._flush(_kind_of(element))
        if not self._rows and self._blocks[-1] is element:
            self._blocks.pop()

    def _add(self, text: str) -> None:
        line = self._line
        line.pieces.append(text if not self._rows else text.replace("\t", " "))
        length = len(text.strip())
        line.chars += length
        if self._links:
            line.link_chars += length
        if self._bold:
            line.bold_chars += length

    def _flush(self, kind: LineKind, row: HtmlElement | None = None) -> None:
        line = self._line
        if not line.pieces:
            return
        self._line = _Open()
        if not line.chars:
            return
        text = "".join(line.pieces)
        if row is not None:
            printed = "\t".join(_BLANK.sub(" ", cell).strip(" \u3000") for cell in text.split("\t"))
        else:
            printed = _BLANK.sub(" ", text).strip(" \u3000")
        if not printed.strip():
            return
        block = self._blocks[-1]
        self._found.append(
            Line(
                text=printed,
                printed=printed,
                kind=kind,
                element=block,
                link_chars=line.link_chars,
                emphasis=0 < line.chars == line.bold_chars,
                centred=_is_centred(block),
                row=row,
            )
        )


def _is_data_row(row: HtmlElement) -> bool:
    """Tell a row of data from a row that only lays out the page."""
    if next(row.iterdescendants(*_LAYOUT), None) is not None:
        return False
    cells = [child for child in row if child.tag in _CELLS]
    return (len(cells) > 1 or any(cell.get("colspan") for cell in cells)) and len(
        row.text_content()
    ) <= _LONGEST_ROW


def _is_bold(element: HtmlElement) -> bool:
    style = element.get("style")
    return element.tag in _EMPHASIS or bool(style and _BOLD.search(style))


def _is_centred(element: HtmlElement) -> bool:
    style = element.get("style")
    return (
        element.tag == "center"
        or element.get("align") == "center"
        or bool(style and _CENTRED.search(style))
    )


def _kind_of(element: HtmlElement) -> LineKind:
    tag = element.tag
    if tag in _HEADINGS:
        return "heading"
    if tag in {"li", "dd", "dt"}:
        return "list_item"
    return "caption" if tag in {"figcaption", "caption"} else "paragraph"
