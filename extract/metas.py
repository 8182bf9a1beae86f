"""The meta elements of a page."""

from collections.abc import Iterable, Sequence

from lxml.html import HtmlElement


def read_metas(root: HtmlElement | None) -> list[tuple[str, str]]:
    """Read the named meta elements of a page as pairs of name and content.

    >>> from extract.page import parse_tree
    >>> read_metas(parse_tree("<meta name=PubDate content=2022-03-10><p>一"))
    [('PubDate', '2022-03-10')]
    """
    if root is None:
        return []
    pairs = []
    for element in root.iter("meta"):
        name = element.get("name") or element.get("property") or element.get("itemprop")
        if name and element.get("content"):
            pairs.append((name, element.get("content", "")[:500]))
    return pairs


def find_meta(metas: Sequence[tuple[str, str]], names: Iterable[str]) -> str | None:
    """Find the content of the first named meta element that has any; case does not matter.

    >>> find_meta([("PubDate", "2022-03-10")], ["date", "pubdate"])
    '2022-03-10'
    """
    known = {name.lower(): value.strip() for name, value in reversed(metas) if value.strip()}
    return next((known[name.lower()] for name in names if name.lower() in known), None)
