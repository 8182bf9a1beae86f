"""Articles that a site cuts into several pages: the address of the next part."""

import re
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml.html import HtmlElement

_WORDS = ("下一页", "下页", "后一页", "后页", "余下全文", "阅读全文")
_NEXT = re.compile(rf"^[\[【(（<]*(?:{'|'.join(_WORDS)})[\]】)）>»]*$")
_PATH_NUMBER = re.compile(r"[_-](\d{1,2})(?=(?:\.[a-z]{3,5})?$)", re.IGNORECASE)
_QUERY_NUMBER = re.compile(r"(?:^|&)(?:page|p|pn|pageno|index)=(\d{1,2})(?=&|$)", re.IGNORECASE)
_MOST_LINKS = 5000


def find_next_part(root: HtmlElement, url: str) -> str | None:
    """Find the address of the next part of an article, None on the last or only one.

    A link counts when it is called 下一页 or the like and its address is that of the page with the
    next number: 下一页 of a list or the next article is none. Parts are numbered from 1, or from 0
    where the first has no number.

    >>> from extract.page import parse_tree
    >>> page = parse_tree("<p>正文<p><a href=3_2.html>下一页</a>")
    >>> find_next_part(page, "http://a.cn/n/3.html")
    'http://a.cn/n/3_2.html'
    >>> find_next_part(page, "http://a.cn/n/4.html") is None
    True
    """
    for number, link in enumerate(root.iter("a")):
        if number >= _MOST_LINKS:
            break
        # Most links are passed over by their first piece of text, without a walk below them.
        named = link.text or (len(link) and link.text_content()) or ""
        if _NEXT.match(named.strip()[:20]):
            address = _resolve(url, link.get("href") or "")
            if address and _follows(url, address):
                return address
    return None


def names_next_part(html: str) -> bool:
    """Tell whether a page says 下一页 or the like at all: most do not, and need no look at links.

    >>> names_next_part("<a href=3_2.html>下一页</a>"), names_next_part("<a href=4.html>下一篇</a>")
    (True, False)
    """
    return any(word in html for word in _WORDS)


def _resolve(url: str, href: str) -> str | None:
    try:
        address = urldefrag(urljoin(url, href.strip())).url
        return address if urlsplit(address).scheme in {"http", "https", "file"} else None
    except ValueError:
        return None


def _follows(url: str, address: str) -> bool:
    """Whether an address is that of the page with the next number."""
    stem, number = _split(address)
    if number is None:
        return False
    # t20220406_88.htm ends in a number, but the first part of an article has none.
    whole = urlsplit(url)
    if stem == (whole.netloc, whole.path, whole.query):
        return number in {1, 2}
    own_stem, own_number = _split(url)
    return own_number is not None and stem == own_stem and number == own_number + 1


def _split(url: str) -> tuple[tuple[str, str, str], int | None]:
    """Cut the number of a part out of an address."""
    parts = urlsplit(url)
    for text, pattern in ((parts.query, _QUERY_NUMBER), (parts.path, _PATH_NUMBER)):
        found = pattern.search(text)
        if found:
            rest = text[: found.start()] + text[found.end() :]
            path, query = (rest, parts.query) if text is parts.path else (parts.path, rest)
            return (parts.netloc, path, query), int(found[1])
    return (parts.netloc, parts.path, parts.query), None
