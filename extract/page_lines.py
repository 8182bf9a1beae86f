"""From the bytes of a page to its lines: the first step of every reading."""

from dataclasses import dataclass

from lxml.html import HtmlElement

from extract.lines import PageLines, read_html_lines, read_text_lines
from extract.page import Page, decode_page, parse_tree
from extract.source import Source
from normalize.annotations import restore_markup
from normalize.encoding import Decoded


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page after decoding and cleaning."""

    decoded: Decoded
    """Its text and how the bytes were read."""
    root: HtmlElement | None
    """Its tree; None for a page of plain text."""
    lines: PageLines
    """Its visible lines and what cleaning did to them."""


def read_page_lines(page: Page, source: Source | None) -> ReadPage:
    """Decode a page and read its lines, without those the source's rules drop.

    >>> from datetime import UTC, datetime
    >>> page = Page("社區".encode(), "file:///1.txt", "text/plain", None, datetime.now(UTC))
    >>> read_page_lines(page, None).lines.clean.lines
    ('社区',)
    """
    decoded = decode_page(page)
    if page.is_plain_text:
        return ReadPage(decoded, None, read_text_lines(decoded.text))
    root = parse_tree(restore_markup(decoded.text))
    drop = source.parse.drop if source else ()
    return ReadPage(decoded, root, read_html_lines(root, drop, may_jam="jammer" in decoded.text))
