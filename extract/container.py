"""Find the element that holds the body of a page, by one pass over weighed lines."""

from collections.abc import Iterable, Iterator, Sequence
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


@dataclass(slots=True)
class _Sum:
    """Lines of one subtree, added up."""

    weight: float = 0.0
    chars: int = 0
    lines: int = 0
    children: list[HtmlElement] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of all lines of a page."""

    lines: tuple[float, ...]
    """Weight of each line, in line order."""

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
    framed: dict[HtmlElement, bool] = {}
    titled = [line for line in lines if not line.link_chars and is_title_line(line, page_title)]
    if titled and titled[0].element is not None:
        framed = dict.fromkeys(_upwards(titled[0].element), False)
    weights = []
    for line in lines:
        weight = weigh_line(line)
        if weight and line.element is not None and _in_frame(line.element, framed):
            weight *= _FRAME_FACTOR
        weights.append(weight)
    return Weights(tuple(weights))


def find_container(lines: Sequence[Line], weights: Weights) -> HtmlElement | None:
    """Find the innermost element that holds the body; None when no line weighs anything.

    Walks down from the root as long as one child holds most of the weight.

    >>> from extract.lines import read_html_lines
    >>> from extract.page import parse_tree
    >>> page = parse_tree("<div>首页</div><div id=b><p>全市新增社区四十二个,治理提升。")
    >>> lines = read_html_lines(page).lines
    >>> find_container(lines, weigh_lines(lines)).get("id")
    'b'
    """
    sums, top = _add_up(lines, weights)
    if top is None:
        return None
    node = top
    for _ in range(_DEEPEST):
        child = _heaviest(node, sums)
        if child is None or not _holds_body(child, node, sums):
            break
        node = child
    # One paragraph is no container: its siblings belong to the body as well.
    while node.tag in {"p", "span", "font", "li", "h1", "h2", "h3", "tr"}:
        parent = node.getparent()
        if parent is None or parent not in sums:
            break
        node = parent
    return node


def _add_up(
    lines: Sequence[Line], weights: Weights
) -> tuple[dict[HtmlElement, _Sum], HtmlElement | None]:
    sums: dict[HtmlElement, _Sum] = {}
    parents: list[tuple[_Sum, _Sum]] = []
    top: HtmlElement | None = None
    for line, weight in zip(lines, weights.lines, strict=True):
        if line.element is None:
            continue
        if line.element not in sums:
            opened = _register(line.element, sums, parents)
            top = top if opened is None else opened
        total = sums[line.element]
        total.weight += weight
        total.chars += count_chars(line.text)
        total.lines += weight > 0
    # Parents were registered before their children, so that one pass backwards adds up the tree.
    for child, parent in reversed(parents):
        parent.weight += child.weight
        parent.chars += child.chars
        parent.lines += child.lines
    return sums, top if top is not None and sums[top].weight > 0 else None


def _register(
    element: HtmlElement, sums: dict[HtmlElement, _Sum], parents: list[tuple[_Sum, _Sum]]
) -> HtmlElement | None:
    """Open sums for an element and those above it that have none; return a new topmost one."""
    path = []
    above: HtmlElement | None = None
    for node in _upwards(element):
        if node in sums:
            above = node
            break
        path.append(node)
    found = None if above is not None else path[-1]
    for node in reversed(path):
        sums[node] = _Sum()
        if above is not None:
            sums[above].children.append(node)
            parents.append((sums[node], sums[above]))
        above = node
    return found


def _upwards(element: HtmlElement) -> Iterator[HtmlElement]:
    node: HtmlElement | None = element
    for _ in range(_DEEPEST):
        if node is None:
            return
        yield node
        node = node.getparent()


def _heaviest(node: HtmlElement, sums: dict[HtmlElement, _Sum]) -> HtmlElement | None:
    return max(sums[node].children, key=lambda child: sums[child].weight, default=None)


def _holds_body(child: HtmlElement, node: HtmlElement, sums: dict[HtmlElement, _Sum]) -> bool:
    inner, outer = sums[child], sums[node]
    share = inner.weight / outer.weight if outer.weight else 0.0
    if share >= _CLEAR_SHARE:
        return inner.lines > 1 or share >= 0.95 or outer.lines == 1
    if inner.lines < 3:
        return False
    rest_chars = outer.chars - inner.chars
    rest = (outer.weight - inner.weight) / rest_chars if rest_chars else 0.0
    quality = inner.weight / inner.chars
    return any(share >= least and rest < part * quality for least, part in _FAIR_SHARES)


def _in_frame(element: HtmlElement, names: dict[HtmlElement, bool]) -> bool:
    path = []
    found = False
    for node in _upwards(element):
        known = names.get(node)
        if known is not None:
            found = known
            break
        path.append(node)
    for node in reversed(path):
        if not found and node.tag not in {"html", "body"}:
            found = node.tag in {"nav", "footer", "aside"} or is_frame_name(_names(node))
        names[node] = found
    return found


def _names(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def stands_in(element: HtmlElement, inside: dict[HtmlElement, bool]) -> bool:
    """Tell whether an element stands in one that `inside` says yes of; answers are remembered.

    >>> from extract.page import parse_tree
    >>> page = parse_tree("<div><p>一</p></div>")
    >>> stands_in(page.find(".//p"), {page.find(".//div"): True})
    True
    """
    path = []
    answer = False
    for node in _upwards(element):
        known = inside.get(node)
        if known is not None:
            answer = known
            break
        path.append(node)
    inside.update(dict.fromkeys(path, answer))
    return answer


def spread(lines: Sequence[Line], container: Iterable[HtmlElement]) -> tuple[int, int] | None:
    """Find the first and last line whose block stands in one of the elements.

    >>> from extract.lines import read_html_lines
    >>> from extract.page import parse_tree
    >>> page = parse_tree("<div>一</div><div id=b><p>二<p>三</div>")
    >>> spread(read_html_lines(page).lines, [page.get_element_by_id("b")])
    (1, 2)
    """
    inside: dict[HtmlElement, bool] = dict.fromkeys(container, True)
    found = []
    for index, line in enumerate(lines):
        if line.element is not None and stands_in(line.element, inside):
            found.append(index)
    return (found[0], found[-1]) if found else None
