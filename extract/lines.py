"""The visible lines of a page, in order, with what their markup says about them.

Both HTML and saved plain text come out as the same lines, so that every later step, from the
title to the last unit, is written once.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from lxml import etree
from lxml.html import HtmlElement

from normalize.clean import CleanLines, clean_lines

LineKind = Literal["paragraph", "heading", "list_item", "table_row", "caption"]

# What a tag, or a style, means for the lines around it; an element may have several traits.
_BLOCK, _CELL, _BREAK, _ROW, _LINK, _BOLD, _CENTRED, _SKIPPED = (1 << bit for bit in range(8))
_TAGS = {
    _SKIPPED: "script style noscript template iframe object embed select option svg button "
    "textarea head audio video canvas map img input link meta base col param",
    _BLOCK: "address article aside blockquote body dd details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section "
    "summary table tbody tfoot thead ul",
    _BLOCK | _CENTRED: "center",
    _BLOCK | _ROW: "tr",
    _CELL: "td th",
    _BREAK: "br",
    _LINK: "a",
    _BOLD: "b strong",
}
_TRAITS: dict[object, int] = {
    **{tag: traits for traits, tags in _TAGS.items() for tag in tags.split()},
    **dict.fromkeys((etree.Comment, etree.ProcessingInstruction, etree.Entity), _SKIPPED),
}
_BREAKING = _BLOCK | _CELL | _BREAK
_KINDS: dict[object, LineKind] = {
    **dict.fromkeys("h1 h2 h3 h4 h5 h6".split(), "heading"),
    **dict.fromkeys("li dd dt".split(), "list_item"),
    **dict.fromkeys("figcaption caption".split(), "caption"),
}
_CELLS = frozenset(("td", "th"))
_LAYOUT = ("table", "form", "h1", "h2", "ul", "ol", "blockquote")
_LONGEST_ROW = 600
_BLANKS = " \t\r\n\f\v\xa0"
_BLANK = re.compile(f"[{_BLANKS}]+")
_EDGES = f"{_BLANKS}\u3000"
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_CENTRED_STYLE = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_JAMMER = re.compile(r"(?:^|\s)jammer(?:\s|$)")


# A page holds some hundred lines, and to freeze one costs eight times as much as to make it.
@dataclass(slots=True, unsafe_hash=True)
class Line:
    """One visible block of a page; never changed once it is made."""

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

    def stands_in(self, elements: Collection[HtmlElement]) -> bool:
        """Whether the line's element or one around it is among `elements`.

        >>> Line("一", "一", "paragraph", None).stands_in(())
        False
        """
        element = self.element if elements else None
        while element is not None and element not in elements:
            element = element.getparent()
        return element is not None


@dataclass(frozen=True, slots=True)
class PageLines:
    """All lines of a page and what cleaning did to them."""

    lines: tuple[Line, ...]
    """The lines in page order."""
    clean: CleanLines
    """Script, repairs and losses of the page."""


def read_html_lines(
    root: HtmlElement, drop: Sequence[str] = (), *, may_jam: bool = True
) -> PageLines:
    """Read the visible lines of a tree or subtree.

    `drop` names XPaths whose elements are skipped. Script, hidden elements and jammers never
    show; `visibility:hidden` does, because WeChat hides its content until a script ran. Where
    the page is known to hold no jammer, `may_jam` saves reading the class of every element.

    >>> from extract.page import parse_tree
    >>> page = parse_tree("<div>绵阳市<br><b>三台县</b></div><table><tr><td>1<td>潼川镇</table>")
    >>> [(line.text, line.kind) for line in read_html_lines(page).lines]
    [('绵阳市', 'paragraph'), ('三台县', 'paragraph'), ('1\\t潼川镇', 'table_row')]
    """
    dropped = {element for xpath in drop for element in root.xpath(xpath)}
    return _clean(_LineWalk(root, dropped, may_jam).lines())


def read_text_lines(text: str) -> PageLines:
    """Read the lines of a saved plain text page; empty lines are left out.

    >>> [line.text for line in read_text_lines("一\\n\\n 二 ").lines]
    ['一', '二']
    """
    printed = (_BLANK.sub(" ", line).strip(" \u3000") for line in text.splitlines())
    return _clean([Line(p, p, "paragraph", None) for p in printed if p])


def _clean(lines: list[Line]) -> PageLines:
    printed = [line.printed for line in lines]
    clean = clean_lines(printed)
    read = lines
    if list(clean.lines) != printed:
        pairs = zip(lines, clean.lines, strict=True)
        read = [line if line.text == text else replace(line, text=text) for line, text in pairs]
    return PageLines(tuple(line for line in read if line.text.strip()), clean)


class _Styles(dict[str, int]):
    """Traits of the styles met on a page: most are printed again and again."""

    def __missing__(self, style: str) -> int:
        traits = _SKIPPED if _HIDDEN.search(style) else 0
        if _BOLD_STYLE.search(style):
            traits |= _BOLD
        if _CENTRED_STYLE.search(style):
            traits |= _CENTRED
        self[style] = traits
        return traits


class _LineWalk:
    """One pass over a tree that cuts its text into lines.

    Pages hold some thousand elements and each attribute asked for is a call, so that an element
    is asked for its style alone and walked into only when it has children.
    """

    def __init__(self, root: HtmlElement, dropped: set[HtmlElement], may_jam: bool) -> None:
        self._root = root
        self._dropped = dropped
        self._may_jam = may_jam
        self._found: list[Line] = []
        self._styles = _Styles()
        self._pieces: list[str] = []
        self._linked: list[str] = []
        self._bolded: list[str] = []
        self._links = self._bold = 0
        self._blocks: list[tuple[HtmlElement, bool]] = []
        self._rows: list[HtmlElement] = []

    def lines(self) -> list[Line]:
        root = self._root
        traits = _TRAITS.get(root.tag, 0) | self._styles[root.get("style") or ""]
        if root in self._dropped or _TRAITS.get(root.tag, 0) & _SKIPPED:
            return []
        self._blocks.append((root, traits & _CENTRED > 0))
        self._enter(root, traits)
        if root.text:
            self._add(root.text)
        self._read_inside(root)
        self._leave(root, traits)
        self._flush("paragraph")
        return self._found

    def _read_inside(self, root: HtmlElement) -> None:
        pieces, find_traits, styles = self._pieces, _TRAITS.get, self._styles
        add, enter, leave = self._add, self._enter, self._leave
        is_left_out = self._is_left_out if self._may_jam or self._dropped else None
        outer: list[tuple[HtmlElement, int]] = []
        child: HtmlElement | None = root[0] if len(root) else None
        while outer or child is not None:
            if child is None:
                child, traits = outer.pop()
            else:
                traits = find_traits(child.tag, 0)
                if traits < _SKIPPED and (style := child.get("style")):
                    traits |= styles[style]
                if traits >= _SKIPPED or (is_left_out and is_left_out(child)):
                    traits = 0
                else:
                    if traits:
                        enter(child, traits)
                    text = child.text
                    if text and (pieces or text.strip(_EDGES)):
                        add(text)
                    if len(child):
                        outer.append((child, traits))
                        child = child[0]
                        continue
            if traits:
                leave(child, traits)
            tail = child.tail
            if tail and (pieces or tail.strip(_EDGES)):
                add(tail)
            child = child.getnext()

    def _is_left_out(self, element: HtmlElement) -> bool:
        if element in self._dropped:
            return True
        classes = element.get("class") if self._may_jam else None
        return classes is not None and "jammer" in classes and bool(_JAMMER.search(classes))

    def _enter(self, element: HtmlElement, traits: int) -> None:
        if traits & _BREAKING:
            if self._rows and not traits & _ROW:
                # Inside a row, cells are joined and inner blocks only separated.
                if not traits & _CELL:
                    self._pieces.append(" ")
                elif element.getprevious() is not None:
                    self._pieces.append("\t")
            elif self._pieces and not traits & _CELL:
                self._flush("paragraph")
            if traits & _BLOCK and not self._rows:
                self._blocks.append((element, traits & _CENTRED > 0))
            if traits & _ROW and _is_data_row(element):
                self._rows.append(element)
        if traits & _LINK:
            self._links += 1
        if traits & _BOLD:
            self._bold += 1

    def _leave(self, element: HtmlElement, traits: int) -> None:
        if traits & _LINK:
            self._links -= 1
        if traits & _BOLD:
            self._bold -= 1
        if not traits & _BLOCK:
            return
        if self._rows and self._rows[-1] is element:
            self._flush("table_row", element)
            self._rows.pop()
        elif self._pieces and not self._rows:
            self._flush(_KINDS.get(element.tag, "paragraph"))
        if not self._rows and self._blocks[-1][0] is element:
            self._blocks.pop()

    def _add(self, text: str) -> None:
        self._pieces.append(text.replace("\t", " ") if self._rows else text)
        if self._links:
            self._linked.append(text)
        if self._bold:
            self._bolded.append(text)

    def _flush(self, kind: LineKind, row: HtmlElement | None = None) -> None:
        pieces = self._pieces
        chars = _count_bare(pieces)
        text = "".join(pieces)
        link_chars = bold_chars = 0
        if self._linked:
            # Most lines with a link are nothing but that link.
            link_chars = chars if len(self._linked) == len(pieces) else _count_bare(self._linked)
            self._linked.clear()
        if self._bolded:
            bold_chars = _count_bare(self._bolded)
            self._bolded.clear()
        pieces.clear()
        if not chars:
            return
        block, is_centred = self._blocks[-1]
        printed = _print(text) if row is None else "\t".join(map(_print, text.split("\t")))
        self._found.append(
            Line(
                printed,
                printed,
                kind,
                block,
                link_chars,
                chars == bold_chars,
                is_centred or block.get("align") == "center",
                row,
            )
        )


def _count_bare(pieces: Sequence[str]) -> int:
    if len(pieces) == 1:
        return len(pieces[0].strip())
    return sum(map(len, map(str.strip, pieces)))


def _print(text: str) -> str:
    """Collapse the blanks of a text and strip it."""
    bare = text.strip(_EDGES)
    # Only a space is both a blank and printable.
    if bare.isprintable() and "  " not in bare:
        return bare
    return _BLANK.sub(" ", bare)


def _is_data_row(row: HtmlElement) -> bool:
    """Tell a row of data from a row that only lays out the page."""
    if next(row.iterdescendants(*_LAYOUT), None) is not None:
        return False
    cells = [child for child in row if child.tag in _CELLS]
    return (len(cells) > 1 or any(cell.get("colspan") for cell in cells)) and len(
        row.text_content()
    ) <= _LONGEST_ROW
