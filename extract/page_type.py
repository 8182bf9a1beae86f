"""Tell what a page without an article is: a list, an empty shell, an error."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from extract.boilerplate import count_chars, has_date
from extract.lines import Line

EmptyPageType = Literal["list", "shell", "error"]
"""What a page without an article can be."""

_ERROR = re.compile(
    r"(?:^|\b)(?:404|403|50[0234])(?:\b|$)|not found|forbidden|"
    r"页面(?:不存在|无法访问|找不到|已删除|被删除)|"
    r"(?:文章|内容|信息|帖子|主题)(?:不存在|已删除|已?被.{0,6}删除|已下线)|访问的(?:页面|网页|文章|内容)|"
    r"服务器错误|出错了|拒绝访问|内容无法查看|此帐号已",
    re.IGNORECASE,
)
_GALLERY = re.compile(r"^\d{1,3}\s*/\s*\d{1,3}\s")
_MORE = re.compile(
    r"(?:\.{3}|…|\[?(?:详细|详情|全文|阅读全文|查看更多|查看详情|more)\]?[>»]*)$", re.IGNORECASE
)
_LONGEST_ERROR = 1500
_FEWEST_ITEMS = 3
_FEWEST_LINKS = 4
_SHORTEST_LINK = 6
_SHORTEST_LIST = 200
_LONGEST_DATE_LINE = 60


def is_gallery_line(line: Line) -> bool:
    """Tell whether a line is the caption of a picture in a numbered row.

    >>> from extract.lines import read_text_lines
    >>> is_gallery_line(read_text_lines("1/8 五花海的倒影").lines[0])
    True
    """
    return _GALLERY.match(line.text) is not None


def is_summary_list(lines: Sequence[Line]) -> bool:
    """Tell whether lines are entries of a list: linked titles, each with a summary and a date.

    >>> from extract.lines import read_html_lines
    >>> from extract.page import parse_tree
    >>> entry = "<h3><a href=1>桂花公园新增步道</a></h3><p>步道全长三公里。</p><p>2023-05-01</p>"
    >>> is_summary_list(read_html_lines(parse_tree(entry * 3)).lines)
    True
    """
    titles = [
        index
        for index, line in enumerate(lines[:-1])
        if line.link_chars >= _SHORTEST_LINK and _is_link(line) and not _is_link(lines[index + 1])
    ]
    if len(titles) < _FEWEST_ITEMS:
        return False
    marks = sum(
        not _is_link(line)
        and (
            (len(line.text) <= _LONGEST_DATE_LINE and has_date(line.text))
            or _MORE.search(line.text) is not None
        )
        for line in lines
    )
    marks += sum(_is_link(line) and _MORE.search(line.text) is not None for line in lines)
    return marks >= _FEWEST_ITEMS


def _is_link(line: Line) -> bool:
    return 2 * line.link_chars > count_chars(line.text)


def says_error(texts: Iterable[str]) -> bool:
    """Tell whether one of some texts says that the page is gone or refused.

    >>> says_error(["某某网", "该内容已被发布者删除"])
    True
    """
    return any(_ERROR.search(text) for text in texts)


def name_empty_page(lines: Sequence[Line], title: str) -> EmptyPageType:
    """Name the type of a page that holds no article.

    >>> from extract.lines import read_text_lines
    >>> name_empty_page(read_text_lines("404\\n您访问的页面不存在").lines, "")
    'error'
    """
    text = sum(count_chars(line.text) for line in lines)
    linked = sum(line.link_chars for line in lines)
    if text < _LONGEST_ERROR and says_error((title, *(line.text for line in lines[:40]))):
        return "error"
    if any(is_gallery_line(line) for line in lines):
        return "list"
    links = sum(line.link_chars >= _SHORTEST_LINK for line in lines)
    if links >= _FEWEST_LINKS and (text < _SHORTEST_LIST or 3 * linked >= text):
        return "list"
    if text >= _SHORTEST_LIST and (text >= 800 or 2 * linked >= text):
        return "list"
    return "list" if is_summary_list(lines) else "shell"
