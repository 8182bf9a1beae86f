"""Tells whether the list that a page announces stands in a picture."""

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from extract.lines import Line

_SHOWS = re.compile(
    r"名单(?:如下|来了|在此|见图|公布)|如下|点击(?:图片|放大|查看)|(?:完整|具体|详细)名单|看看有没有|快来看|一起来?看|长按|见下图|见图"
)
_NO_LIST = re.compile(
    r"logo|icon|qr_?code|ewm|weixin|avatar|share|banner|button|blank|spacer|\.gif", re.IGNORECASE
)
_SMALLEST = 200
_MOST_IMAGES = 400


def shows_list_in_image(lines: Sequence[Line], title: str) -> bool:
    """Tell whether an article promises a list and shows pictures among its lines.

    Only for articles in which no list was found: a photo beside a list is none.

    >>> from extract.lines import read_html_lines
    >>> from extract.page import parse_tree
    >>> page = parse_tree("<div><p>名单如下:</p><p><img src=a.jpg width=640></p><p>完</p></div>")
    >>> shows_list_in_image(read_html_lines(page).lines, "")
    True
    """
    if not _SHOWS.search(title) and not any(_SHOWS.search(line.text) for line in lines):
        return False
    root = _common_ancestor([line.element for line in lines if line.element is not None])
    if root is None:
        return False
    images = (image for _, image in zip(range(_MOST_IMAGES), root.iter("img"), strict=False))
    return any(map(_may_hold_list, images))


def _common_ancestor(elements: Sequence[HtmlElement]) -> HtmlElement | None:
    """The innermost element that holds the first and the last line."""
    if not elements:
        return None
    above = [elements[0], *elements[0].iterancestors()]
    last = {elements[-1], *elements[-1].iterancestors()}
    common = next((element for element in above if element in last), None)
    # A paragraph alone is no article: its pictures stand in the paragraphs beside it.
    if common is not None and common.tag in {"p", "span", "section", "strong"}:
        return common.getparent()
    return common


def _may_hold_list(image: HtmlElement) -> bool:
    """Whether a picture may be large enough for a list, as far as its markup tells."""
    address = image.get("data-src") or image.get("src") or ""
    if not address or _NO_LIST.search(address):
        return False
    sizes = (image.get(name, "").removesuffix("px") for name in ("width", "height"))
    return all(int(size[:6]) >= _SMALLEST for size in sizes if size.isdecimal())
