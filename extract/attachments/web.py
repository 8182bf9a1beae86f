"""Reads pages that are attached as files; many systems write them under the names .doc and .xls."""

from extract.attachments.contents import PLACE, Writer
from extract.page import parse_tree
from normalize.encoding import decode_bytes

_PLACED = ("p", "div", "li", "dd", "h1", "h2", "h3", "h4", "td", "tr", "pre", "blockquote")


def read_html(data: bytes, _name: str, writer: Writer) -> None:
    """Read a page into a tree; the place of a block is its number among the blocks.

    >>> writer = Writer()
    >>> read_html("<p>名单<table><tr><td>潼川镇</table>".encode(), "a.doc", writer)
    >>> writer.root.xpath("//tr/@data-place")
    ['2']
    """
    root = parse_tree(decode_bytes(data, None).text)
    for number, block in enumerate(root.iter(*_PLACED), 1):
        block.set(PLACE, str(number))
    writer.root = root
