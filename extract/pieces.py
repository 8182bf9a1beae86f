"""The pieces of a line: what its inline elements hold, which a page shows apart but never blanks.

Pages put 来源, date and counters of one line into spans without a blank between them and set them
apart by style alone: `<span>四川日报</span><span>2014-03-06</span>`.
"""

import re
from collections.abc import Iterator
from itertools import accumulate

from lxml.html import HtmlElement

from extract.lines import Line

_BLANKS = re.compile(r"\s+")
_MOST_PIECES = 200
_UNSEEN = frozenset(("script", "style", "noscript", "template", "select", "button"))


def read_pieces(line: Line) -> tuple[str, ...]:
    """Read the texts of a line's inline elements, in order; the whole line where there are none.

    >>> from extract.lines import read_html_lines
    >>> from extract.page import parse_tree
    >>> page = parse_tree("<p><span>四川日报</span><a>范小青</a><i>2014-03-06</i></p>")
    >>> read_pieces(read_html_lines(page).lines[0])
    ('四川日报', '范小青', '2014-03-06')
    """
    if line.element is None or line.row is not None or not len(line.element):
        return (line.text,)
    texts: list[str] = []
    for text in _iterate_texts(line.element):
        if piece := " ".join(text.split()):
            texts.append(piece)
            if len(texts) > _MOST_PIECES:
                return (line.text,)
    found = _cut_out(texts, _BLANKS.sub("", line.printed)) if len(texts) > 1 else ()
    if len(found) < 2:
        return (line.text,)
    if line.text == line.printed:
        return found
    # Cleaning mostly replaces characters one by one: cut the clean text at the same places.
    clean = _BLANKS.sub("", line.text)
    ends = list(accumulate(len(_BLANKS.sub("", text)) for text in found))
    if ends[-1] != len(clean):
        return (line.text,)
    return tuple(clean[start:end] for start, end in zip((0, *ends), ends, strict=False))


def space_pieces(line: Line) -> str:
    """Give the text of a line with a blank between its inline elements.

    >>> from extract.lines import read_html_lines
    >>> from extract.page import parse_tree
    >>> page = parse_tree("<p><span>四川日报</span><i>2014-03-06</i></p>")
    >>> space_pieces(read_html_lines(page).lines[0])
    '四川日报 2014-03-06'
    """
    return " ".join(read_pieces(line))


def _iterate_texts(element: HtmlElement) -> Iterator[str]:
    for node in element.iter():
        if node.text and isinstance(node.tag, str) and node.tag not in _UNSEEN:
            yield node.text
        if node.tail and node is not element:
            yield node.tail


def _cut_out(texts: list[str], wanted: str) -> tuple[str, ...]:
    """Find the consecutive texts that together make up a line."""
    bare = [_BLANKS.sub("", text) for text in texts]
    for first, text in enumerate(bare):
        if not wanted.startswith(text):
            continue
        length, last = 0, first
        while last < len(bare) and wanted.startswith(bare[last], length):
            length += len(bare[last])
            last += 1
            if length == len(wanted):
                return tuple(texts[first:last])
    return ()
