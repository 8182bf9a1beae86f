"""Reading the elements all HTML views of Discuz! share: messages, quotes, links, page numbers."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from urllib.parse import urljoin

from lxml.html import HtmlElement

from extract.lines import Line, read_html_lines
from extract.records import Attachment
from extract.thread_address import ThreadAddress, read_thread_address
from extract.thread_post import is_edit_note

_CLASSES = "concat(' ', normalize-space(@class), ' ')"
_REPLY_LINE = (
    "((self::b or self::strong) and starts-with(normalize-space(), '回复')"
    " and .//a[contains(@href, 'findpost')])"
)
_NOISE = f"""self::ignore_js_op or contains({_CLASSES}, ' attach_nopermission ')
  or contains({_CLASSES}, ' sign ') or contains({_CLASSES}, ' a_pr ')
  or contains({_CLASSES}, ' a_pt ') or contains({_CLASSES}, ' a_pb ')
  or contains({_CLASSES}, ' attach ') or (self::span and contains({_CLASSES}, ' quote '))
  or (self::h2 and parent::*[contains({_CLASSES}, ' message ')])
  or (self::a and contains(@href, 'mod=mobile'))
  or (self::em and contains(@onclick, 'copycode'))
  or (self::h4 and parent::*[contains({_CLASSES}, ' showhide ')])
  or (self::div and starts-with(@id, 'post_')) or {_REPLY_LINE}"""
ATTACHED_NOISE = f"descendant::*[{_NOISE}]"
"""XPath of what stands inside a message and is none of its text: attachments, advertisements,
tips, the post's own subject, the client's name, a post that an unclosed element swallowed, and the
line `回复 3# 某人`."""
_MESSAGE_NOISE = (
    f"descendant::*[{_NOISE} or contains({_CLASSES}, ' pstatus ')"
    f" or contains({_CLASSES}, ' locked ')]"
)
"""The same with edit notes and notices, which become flags."""

_QUOTES = (
    f"descendant::div[contains({_CLASSES}, ' quote ')]"
    f"[not(ancestor::div[contains({_CLASSES}, ' quote ')])]"
)
_QUOTE_HEAD = re.compile(r"\S.{0,60}\s(?:发表于|發表於)\s.{4,40}")
_QUOTED_NO = re.compile("[?&]pid=([0-9]{1,12})")
_PAGES = re.compile(r"/\s*([0-9]{1,6})\s*[页頁]|共\s*([0-9]{1,6})\s*[页頁]")
_NUMBER = re.compile("[0-9]{1,6}")
_LINKS_TRIED = 9
_ATTACHED = re.compile(
    "mod=attachment&|action=attachpay&|job[.]php[?]action=download&|c=attach&a=download"
)
_NO_NAMES = frozenset(("下载附件", "下載附件", "下载", "下載", "购买", "購買"))


def read_message(message: HtmlElement, quotes: Sequence[HtmlElement]) -> tuple[Line, ...]:
    """Read the lines of a message without `quotes` and without what is none of its text.

    >>> from extract.page import parse_tree
    >>> page = parse_tree("<div id=m><i class=pstatus>本帖最后由 甲 编辑</i><br>支持试点</div>")
    >>> [line.text for line in read_message(page.get_element_by_id("m"), ())]
    ['支持试点']
    """
    lines = read_html_lines(message, (_MESSAGE_NOISE,)).lines
    dropped = set(quotes)
    return tuple(line for line in lines if not line.stands_in(dropped))


def find_quotes(message: HtmlElement, posts_only: bool) -> list[HtmlElement]:
    """Find the quotes in a message, with `posts_only` those that link to a post.

    An opening post often holds the news itself as a quote, which is no quote of a post.

    >>> from extract.page import parse_tree
    >>> page = parse_tree("<div><div class=quote><blockquote>名单</blockquote></div></div>")
    >>> len(find_quotes(page, posts_only=False)), find_quotes(page, posts_only=True)
    (1, [])
    """
    quotes: list[HtmlElement] = message.xpath(_QUOTES)
    return [quote for quote in quotes if not posts_only or read_quoted_post_no(quote)]


def read_quote(quote: HtmlElement) -> tuple[Line, ...]:
    """Read the lines of a quote without the line that says whom and when it quotes.

    >>> from extract.page import parse_tree
    >>> quote = parse_tree("<blockquote>山里人 发表于 2022-4-6 12:45<br>好事</blockquote>")
    >>> [line.text for line in read_quote(quote)]
    ['好事']
    """
    return without_quote_head(read_html_lines(quote, (_MESSAGE_NOISE,)).lines)


def without_quote_head(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Leave out the line that says whom and when a quote quotes, if it begins with one.

    >>> from extract.lines import read_text_lines
    >>> quote = read_text_lines("山里人 发表于 2022-4-6 12:45\\n好事").lines
    >>> [line.text for line in without_quote_head(quote)]
    ['好事']
    """
    has_head = lines and _QUOTE_HEAD.fullmatch(lines[0].printed)
    return tuple(lines[1:] if has_head else lines)


def read_quoted_post_no(element: HtmlElement) -> str | None:
    """Read the number of the post that the first link back to a post in an element names.

    >>> from extract.page import parse_tree
    >>> read_quoted_post_no(parse_tree("<p><a href='?goto=findpost&amp;pid=81&amp;ptid=7'>甲</a>"))
    '81'
    """
    for link in element.iter("a"):
        href = link.get("href") or ""
        number = _QUOTED_NO.search(href) if "findpost" in href else None
        if number:
            return number.group(1)
    return None


def find_answered_post_no(message: HtmlElement) -> str | None:
    """Find the number of the post that a line `回复 3# 某人` answers without quoting it.

    >>> from extract.page import parse_tree
    >>> line = "<p><b>回复 <a href='?goto=findpost&amp;pid=81'>3#</a> 山里人</b><br>同意"
    >>> find_answered_post_no(parse_tree(line))
    '81'
    """
    lines = message.xpath(f"descendant::*[{_REPLY_LINE}]")
    return read_quoted_post_no(lines[0]) if lines else None


def is_edited(message: HtmlElement) -> bool:
    """Tell whether a message carries an edit note.

    >>> from extract.page import parse_tree
    >>> is_edited(parse_tree("<p><i class=pstatus>本帖最后由 甲 于 2022-4-6 13:01 编辑</i>"))
    True
    """
    return any(is_edit_note(note.text_content()) for note in message.iter("i"))


def read_attachments(holder: HtmlElement, url: str) -> tuple[Attachment, ...]:
    """Read the files a post carries, each once, with their names.

    >>> from extract.page import parse_tree
    >>> post = "<p><a href='forum.php?mod=attachment&amp;aid=MTE'>名单.docx</a> (21 KB)</p>"
    >>> read_attachments(parse_tree(post), "http://bbs.example.cn/thread-7-1-1.html")
    (Attachment(url='http://bbs.example.cn/forum.php?mod=attachment&aid=MTE', text='名单.docx'),)
    """
    base = holder.getroottree().getroot().xpath("string(//base/@href)")
    found: dict[str, Attachment] = {}
    for link in holder.iter("a"):
        href, text = link.get("href") or "", " ".join(link.text_content().split())
        if _ATTACHED.search(href) and text and text not in _NO_NAMES:
            with suppress(ValueError):
                address = urljoin(urljoin(url, str(base)), href)
                found.setdefault(text, Attachment(address, text))
    return tuple(found.values())


def find_address(root: HtmlElement, url: str) -> ThreadAddress:
    """Find where a thread page stands, from its address, its page bar and its own links.

    The links count for a page that was saved without its address.

    >>> from extract.page import parse_tree
    >>> page = parse_tree("<link rel=canonical href='http://bbs.example.cn/thread-7-1-1.html'>"
    ...                   "<div class=pg><strong>2</strong><a>3</a><span>/ 14 页</span></div>")
    >>> address = find_address(page, "file:///saved.html")
    >>> address.thread_no, address.page, address.pages
    ('7', 2, 14)
    """
    address = read_thread_address(url)
    page, pages = _read_page_bar(root)
    address = replace(address, page=address.page or page or 1, pages=pages)
    if address.thread_no:
        return address
    hrefs = root.xpath(
        "//link[@rel='canonical']/@href | //a[starts-with(@id, 'postnum')]/@href"
        " | //div[@id='end']//a/@href"
    )
    for href in hrefs[:_LINKS_TRIED]:
        found = read_thread_address(href)
        if found.thread_no:
            first_page = found.first_page if found.host else url
            host = address.host or found.host
            return replace(address, host=host, thread_no=found.thread_no, first_page=first_page)
    return address


def _read_page_bar(root: HtmlElement) -> tuple[int | None, int | None]:
    """Read the page number and the number of pages a page bar prints."""
    bars = root.xpath(
        f"//div[contains({_CLASSES}, ' pg ')]"
        f"[not(ancestor::div[@id='postlist' or starts-with(@id, 'comment_')])]"
        f" | //div[@id='content']//div[contains({_CLASSES}, ' page ')]"
    )
    if not bars:
        return None, None
    current = next((_NUMBER.search(e.text_content()) for e in bars[0].iter("strong")), None)
    page = int(current.group()) if current else None
    stated = _PAGES.search(bars[0].text_content())
    if stated:
        return page, int(stated.group(1) or stated.group(2))
    numbers = (_NUMBER.search(e.text_content()) for e in bars[0].iter("a", "strong"))
    return page, max((int(number.group()) for number in numbers if number), default=None)
