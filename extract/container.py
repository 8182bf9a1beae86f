"""Find the element that holds the body of a page, by one pass over weighed lines.

The elements around the lines are numbered once, those above before those in them, so that sums
and marks go up and down the page as plain lists.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from extract.boilerplate import count_chars, is_frame_name, weigh_line
from extract.lines import Line
from extract.title import is_title_line

_DEEPEST = 300
"""Levels that are looked at; the parser itself stops at 256."""
_CLEAR_SHARE = 0.8
"""A child with this share of the weight holds the body for certain."""
_FAIR_SHARES = ((0.5, 0.6), (0.3, 0.3))
"""A child with the first share holds the body when a character of what stands beside it weighs
at most the second part of one of its own."""
_FRAME_FACTOR = 0.1
"""What lines weigh in an element that is named after comments, navigation and the like."""
_NO_CONTAINER = frozenset(("p", "span", "font", "li", "h1", "h2", "h3", "tr"))


class Outline:
    """The elements around the lines of a page by number, each after the one it stands in."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self.elements: list[HtmlElement] = []
        """The elements, by number."""
        self.parents: list[int] = []
        """Number of the element each stands in; -1 for none."""
        self._numbers: dict[HtmlElement, int] = {}
        self.of_lines: list[int] = []
        """Number of each line's element; -1 on plain text pages."""
        for line in lines:
            element = line.element
            number = -1 if element is None else self._numbers.get(element)
            self.of_lines.append(self._add(element) if number is None else number)

    def _add(self, element: HtmlElement) -> int:
        numbers = self._numbers
        known: int | None = None
        path = [element]
        node = element.getparent()
        while node is not None and (known := numbers.get(node)) is None:
            path.append(node)
            node = node.getparent()
        above = -1 if known is None else known
        for node in reversed(path):
            self.parents.append(above)
            above = numbers[node] = len(self.elements)
            self.elements.append(node)
        return above

    def mark_inside(self, chosen: Iterable[HtmlElement]) -> list[bool]:
        """Tell of each line whether it stands in one of the chosen elements.

        >>> from extract.lines import read_html_lines
        >>> from extract.page import parse_tree
        >>> page = parse_tree("<div>一</div><div id=b><p>二</div>")
        >>> Outline(read_html_lines(page).lines).mark_inside([page.get_element_by_id("b")])
        [False, True]
        """
        inside = [False] * len(self.elements)
        for element in chosen:
            first = self._numbers.get(element)
            if first is not None and not inside[first]:
                # All that stands in an element was numbered before anything behind it.
                parents, last = self.parents, first + 1
                while last < len(parents) and parents[last] >= first:
                    last += 1
                inside[first:last] = [True] * (last - first)
        return [number >= 0 and inside[number] for number in self.of_lines]


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of all lines of a page."""

    lines: tuple[float, ...]
    """Weight of each line, in line order."""
    chars: tuple[int, ...] = ()
    """Characters of each line without blanks, in line order."""
    outline: Outline = field(default_factory=lambda: Outline(()))
    """The elements around the lines."""

    def within(self, first: int, last: int) -> float:
        """Add up the weights of the lines `first` to `last`, both included.

        >>> Weights((1.0, 2.0, 4.0)).within(1, 2)
        6.0
        """
        return sum(self.lines[first : last + 1])


def weigh_lines(lines: Sequence[Line], page_title: str = "") -> Weights:
    """Weigh the lines of a page; lines in elements named as frame weigh little.

    An element around the printed title is no frame, whatever its name.

    >>> from extract.lines import read_text_lines
    >>> weigh_lines(read_text_lines("首页").lines).lines
    (0.0,)
    """
    outline = Outline(lines)
    frames = _Frames(outline)
    numbered = zip(outline.of_lines, lines, strict=True)
    frames.clear(next((number for number, line in numbered if _titles(line, page_title)), -1))
    chars = tuple(count_chars(line.text) for line in lines)
    weights = []
    for line, count, number in zip(lines, chars, outline.of_lines, strict=True):
        weight = weigh_line(line, count)
        if weight and frames.holds(number):
            weight *= _FRAME_FACTOR
        weights.append(weight)
    return Weights(tuple(weights), chars, outline)


def _titles(line: Line, page_title: str) -> bool:
    return not line.link_chars and is_title_line(line, page_title)


class _Frames:
    """Which elements stand around an article, told when asked."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._known: list[bool | None] = [None] * len(outline.elements)

    def clear(self, number: int) -> None:
        """Take an element and all it stands in for no frame."""
        while number >= 0:
            self._known[number] = False
            number = self._outline.parents[number]

    def holds(self, number: int) -> bool:
        """Tell whether an element is a frame or stands in one."""
        known, parents = self._known, self._outline.parents
        path = []
        while number >= 0 and known[number] is None:
            path.append(number)
            number = parents[number]
        found = number >= 0 and bool(known[number])
        for number in reversed(path):
            found = found or _is_frame(self._outline.elements[number])
            known[number] = found
        return found


def _is_frame(element: HtmlElement) -> bool:
    tag = element.tag
    if tag in {"html", "body"}:
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return tag in {"nav", "footer", "aside"} or is_frame_name(names)


def find_container(weights: Weights) -> HtmlElement | None:
    """Find the innermost element that holds the body; None when no line weighs anything.

    Walks down from the root as long as one child holds most of the weight.

    >>> from extract.lines import read_html_lines
    >>> from extract.page import parse_tree
    >>> page = parse_tree("<div>首页</div><div id=b><p>全市新增社区四十二个,治理提升。")
    >>> find_container(weigh_lines(read_html_lines(page).lines)).get("id")
    'b'
    """
    outline = weights.outline
    sums = _Sums(weights)
    if not sums.weights or sums.weights[0] <= 0:
        return None
    node = 0
    for _ in range(_DEEPEST):
        child = sums.heaviest[node]
        if child < 0 or not sums.holds_body(child, node):
            break
        node = child
    # One paragraph is no container: its siblings belong to the body as well.
    while outline.elements[node].tag in _NO_CONTAINER and outline.parents[node] >= 0:
        node = outline.parents[node]
    return outline.elements[node]


class _Sums:
    """Weights, characters and lines of each element and all that stands in it."""

    def __init__(self, weights: Weights) -> None:
        parents, of_lines = weights.outline.parents, weights.outline.of_lines
        count = len(parents)
        sums, chars, lines = [0.0] * count, [0] * count, [0] * count
        for number, weight, length in zip(of_lines, weights.lines, weights.chars, strict=True):
            if number >= 0:
                chars[number] += length
                if weight > 0:
                    sums[number] += weight
                    lines[number] += 1
        for number in range(count - 1, 0, -1):
            parent = parents[number]
            chars[parent] += chars[number]
            if lines[number]:
                sums[parent] += sums[number]
                lines[parent] += lines[number]
        heaviest = [-1] * count
        for number in range(1, count):
            parent = parents[number]
            best = heaviest[parent]
            if best < 0 or sums[number] > sums[best]:
                heaviest[parent] = number
        self.weights, self._chars, self._lines = sums, chars, lines
        self.heaviest = heaviest
        """Number of the child with the most weight, the first of several; -1 without children."""

    def holds_body(self, inner: int, outer: int) -> bool:
        """Tell whether an element holds the body as surely as the one around it."""
        whole, part = self.weights[outer], self.weights[inner]
        share = part / whole if whole else 0.0
        if share >= _CLEAR_SHARE:
            return self._lines[inner] > 1 or share >= 0.95 or self._lines[outer] == 1
        if self._lines[inner] < 3:
            return False
        rest_chars = self._chars[outer] - self._chars[inner]
        rest = (whole - part) / rest_chars if rest_chars else 0.0
        quality = part / self._chars[inner]
        return any(share >= least and rest < most * quality for least, most in _FAIR_SHARES)


def spread(inside: Sequence[bool]) -> tuple[int, int] | None:
    """Give the first and last of the lines that are marked, or None without any.

    >>> spread([False, True, False, True])
    (1, 3)
    """
    found = [index for index, is_inside in enumerate(inside) if is_inside]
    return (found[0], found[-1]) if found else None
