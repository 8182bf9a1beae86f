"""Remarks (点评) below a Discuz! post: one line each, without a floor of their own."""

import re

from lxml.html import HtmlElement

from extract.lines import Line, read_html_lines
from extract.thread_post import PrintedPost, read_username

_CLASSES = "concat(' ', normalize-space(@class), ' ')"
_REMARKS = (
    f"./div[contains({_CLASSES}, ' pstl ')][div[contains({_CLASSES}, ' psti ')]]"
    " | ./div[starts-with(@id, 'commentdetail_')]"
)
_AUTHOR = (
    f"./div[contains({_CLASSES}, ' psta ')]/a | .//li[contains({_CLASSES}, ' mtit ')]"
    f"/span[contains({_CLASSES}, ' z ')]/a"
)
_TEXT = f"./div[contains({_CLASSES}, ' psti ')] | .//li[contains({_CLASSES}, ' mtxt ')]"
_TIME = f"./span[contains({_CLASSES}, ' xg1 ')]"
_TOUCH_TIME = f".//li[contains({_CLASSES}, ' mtime ')]"
_POSTED = re.compile(r"(?:发表于|發表於)\s*(.{4,40}?)(?:\s+IP:|\s*$)")


def read_remarks(holder: HtmlElement, post_no: str) -> tuple[PrintedPost, ...]:
    """Read the remarks in the element `comment_<post number>` of the usual or the touch view.

    Each answers the post `post_no`. A remark that is a post of the thread as well, which has a
    link to it (详情), is left out.

    >>> from extract.page import parse_tree
    >>> remark = ("<div class='pstl xs1 cl'><div class='psta vm'><a class=xi2>山里人</a></div>"
    ...           "<div class=psti>同意<span class=xg1>发表于 2022-4-6 12:45</span></div></div>")
    >>> page = parse_tree(f"<div id=comment_81>{remark}</div>")
    >>> [post.author for post in read_remarks(page.get_element_by_id("comment_81"), "81")]
    ['山里人']
    """
    return tuple(
        post
        for remark in holder.xpath(_REMARKS)
        if (post := _read_remark(remark, post_no)) is not None
    )


def _read_remark(remark: HtmlElement, post_no: str) -> PrintedPost | None:
    texts = remark.xpath(_TEXT)
    if not texts or any("findpost" in (a.get("href") or "") for a in texts[0].iter("a")):
        return None
    names = [link.text_content().strip() for link in remark.xpath(_AUTHOR)]
    author = read_username(next((name for name in names if name), None))
    lines: tuple[Line, ...] = read_html_lines(texts[0], (_TIME,)).lines
    times = texts[0].xpath(_TIME) or remark.xpath(_TOUCH_TIME)
    return PrintedPost(
        author=author,
        posted_raw=_read_time(times[0]) if times else None,
        lines=lines,
        quoted_post_no=post_no,
        flags=("remark",) if author else ("remark", "anonymous"),
    )


def _read_time(element: HtmlElement) -> str | None:
    titles = element.xpath("./span/@title")
    printed = " ".join(element.text_content().split())
    posted = _POSTED.search(printed)
    return str(titles[0]) if titles else posted.group(1).strip() if posted else None
