"""Read the column path of a page: 首页 > 新闻中心 > 社会."""

import re
from collections.abc import Sequence

from extract.boilerplate import is_link_line
from extract.lines import Line

_LONGEST_LINE = 160
_LONGEST_CRUMB = 20
_LABEL = re.compile(r"^.{0,10}?(?:当前|所在|现在|本页)?(?:的)?位置\s*(?:是|为)?\s*[:：]?\s*")
_SPLIT = re.compile(r"\s*(?:-*>>|»|[-—]*>|›|→|＞|/(?=\s))\s*")
_ARROW = re.compile(r"[>»›→＞]")
_END = re.compile(r"\s*(?:正文|文章详情|详细内容|内容|详情|浏览文章)$")
_NAMED = re.compile(r"crumb|bread|weizhi|position", re.IGNORECASE)


def read_breadcrumb(lines: Sequence[Line], title: str) -> tuple[str, ...]:
    """Read the first column path among the lines of a page, outermost first.

    >>> from extract.lines import read_text_lines
    >>> read_breadcrumb(read_text_lines("您的位置:首页 > 新闻 > 本地 > 正文").lines, "")
    ('新闻', '本地')
    """
    for line in lines:
        text = line.text
        if len(text) > _LONGEST_LINE or not _SPLIT.search(text):
            continue
        labelled = "位置" in text[:12]
        if not labelled and not _looks_like_path(line):
            continue
        bare = _END.sub("", _LABEL.sub("", text) if labelled else text)
        parts = [part.strip(" 　:：|") for part in _SPLIT.split(bare)]
        crumbs = [part for part in parts if part and part not in {"首页", "正文", title}]
        if crumbs and all(len(part) <= _LONGEST_CRUMB for part in crumbs):
            return tuple(crumbs)
    return ()


def _looks_like_path(line: Line) -> bool:
    """Tell whether a line without a label is a path: from 首页, to 正文, or links and arrows."""
    text = line.text
    if text.lstrip().startswith("首页"):
        return True
    if "|" in text:
        return False
    if _END.search(text):
        return True
    if not is_link_line(line) or line.element is None:
        return False
    names = f"{line.element.get('class') or ''} {line.element.get('id') or ''}"
    return len(_ARROW.findall(text)) > 1 or _NAMED.search(names) is not None
