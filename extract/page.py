"""A fetched page: its bytes, decoded and parsed once."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from lxml import etree
from lxml.html import HtmlComment, HtmlElement, HtmlEntity, HtmlProcessingInstruction

from normalize.encoding import Decoded, decode_bytes

MAX_PAGE_BYTES = 32 * 1024 * 1024
"""Bytes of a page that are read; what follows is cut off and flagged."""

# Letters in brackets are found several times as fast as with re.IGNORECASE.
_CLOSING = re.compile(r"</(?:[Hh][Tt][Mm][Ll]|[Bb][Oo][Dd][Yy])\s*>")
_EMPTY = "<html><body></body></html>"
_NUL = re.compile("\x00")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_LOOKS_LIKE_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|div|p|table|span|meta)\b", re.IGNORECASE
)


FindFile = Callable[[str], bytes | None]
"""Gives the bytes of the file at an address that a page links to, None where there is none."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was fetched or saved."""

    body: bytes
    """Bytes after content decoding."""
    url: str
    """Address the bytes came from. Example: `http://mzt.example.cn/notice/3.html`"""
    media_type: str | None
    """Media type of the header, if any. Example: `text/html`"""
    charset: str | None
    """Charset of the header, if any. Example: `gbk`"""
    fetched_at: datetime
    """Time of the fetch, with zone: the anchor for dates without a year."""

    @property
    def is_plain_text(self) -> bool:
        """Whether the page is the text of a page rather than its HTML.

        >>> from datetime import UTC, datetime
        >>> now = datetime.now(UTC)
        >>> Page("全文".encode(), "file:///1.txt", "text/plain", None, now).is_plain_text
        True
        """
        if self.media_type == "text/plain":
            return _LOOKS_LIKE_HTML.search(self.body, 0, 4096) is None
        return False


def decode_page(page: Page) -> Decoded:
    """Decode a page's bytes, the first `MAX_PAGE_BYTES` of them.

    >>> from datetime import UTC, datetime
    >>> now = datetime.now(UTC)
    >>> page = Page("社区".encode("gbk"), "file:///1.txt", "text/plain", None, now)
    >>> decode_page(page).encoding
    'gb18030'
    """
    return decode_bytes(page.body[:MAX_PAGE_BYTES], page.charset)


def parse_tree(html: str) -> HtmlElement:
    """Parse HTML text into one lxml tree, whatever its state.

    Closing tags of `html` and `body` but the last are dropped: pages glued from two templates
    close themselves early, and a parser would leave the rest outside. An empty page gives an
    empty body.

    >>> parse_tree("<p>一</html><p>二</html>").text_content()
    '一二'
    """
    text = _drop_early_closings(_XML_DECLARATION.sub("", _NUL.sub("", html), count=1))
    if text.startswith("<?xml"):
        # A second or broken declaration; at the very beginning the parser would refuse it.
        text = " " + text
    try:
        root = etree.fromstring(text or _EMPTY, _load_parser())
    except (etree.ParserError, etree.XMLSyntaxError):
        root = None
    return root if root is not None else etree.fromstring(_EMPTY, _load_parser())


def _drop_early_closings(text: str) -> str:
    closings = list(_CLOSING.finditer(text))
    if len(closings) < 2:
        return text
    # Almost every page ends with one of each and needs no copy.
    last = closings[-1].start()
    if _CLOSING.sub("", text[closings[0].start() :]).strip() == "":
        return text
    return _CLOSING.sub("", text[:last]) + text[last:]


@cache
def _load_parser() -> etree.HTMLParser:
    """Make a parser whose elements are plain: `lxml.html` chooses a class for each in Python.

    Walking a page costs a third less so; forms and labels have no methods of their own.
    """
    parser = etree.HTMLParser()
    parser.set_element_class_lookup(
        etree.ElementDefaultClassLookup(
            element=HtmlElement,
            comment=HtmlComment,
            pi=HtmlProcessingInstruction,
            entity=HtmlEntity,
        )
    )
    return parser
