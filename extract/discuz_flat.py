"""Discuz! thread pages that print posts one below the other: print view, its text, archiver."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from extract.discuz_markup import (
    ATTACHED_NOISE,
    find_address,
    read_quoted_post_no,
    without_quote_head,
)
from extract.lines import Line, read_html_lines
from extract.thread_address import read_thread_address
from extract.thread_post import (
    PrintedPost,
    PrintedThread,
    fill_floors,
    is_edit_note,
    read_notice,
    read_username,
)

_TIME = r"[0-9半昨前刚剛][0-9年月日时時分秒天小钟鐘前刚剛昨上下午半AMPamp:/\s.-]{1,24}"
_HEAD = re.compile(rf"作者[:\uff1a]\s*(?P<author>.*?)\s*(?:时间|時間)[:\uff1a]\s*(?P<time>{_TIME})")
_TITLE = re.compile(r"(?:标题|標題)[:\uff1a]\s*(?P<title>.+)")
_PRINT_LINK = re.compile(r"\s*\[(?:打印本页|打印|列印本頁|列印)\]$")
_FOOTER = re.compile(r"(?:欢迎光临|歡迎光臨)\s*(?P<site>.+?)\s*\((?P<url>https?://[^)\s]+)\).*")
_POWERED = re.compile(r"Powered by Discuz!.{0,20}")
_SITE_AND_FORUM = re.compile("..+网(?P<forum>.{2,}(?:论坛|社区))")
_ATTACHMENT = re.compile(
    r".*\([0-9.]+ (?:Bytes|KB|MB),\s*下载次数: [0-9]+\)"
    r"|下载附件(?: \(.{1,40}\))?|保存到相册|[0-9-]{8,10} [0-9:]{4,8} 上传"
)
_NOTICE = re.compile(
    r"(?:提示[:\uff1a]\s*)?(?:作者被禁止或[删刪]除\s*[内內]容自[动動]屏蔽|[该該]帖被管理[员員]或版主屏蔽"
    r"|此帖[仅僅]作者可[见見]|[该該]帖已被[删刪]除)"
    r"|.{1,30}[,\uff0c]如果您要查看本帖隐藏内容请回复|\*{4} Hidden Message \*{5}"
    r"|.{1,30}[,\uff0c]本帖隐藏的内容需要积分高于 [0-9]{1,9} 才可浏览.{0,40}"
    r"|本主[题題]需向作者支付 .{1,30} 才能[浏瀏][览覽].{0,10}|无效楼层[,\uff0c]该帖已经被删除"
)
_QUOTE_HEAD = re.compile(r"(?P<author>\S.{0,60}) (?:发表于|發表於) (?P<time>.{4,40})")
_ANSWER_LINE = re.compile(r"回[复復] [0-9]{1,7} ?# \S.{0,40}")
_ARCHIVE_TIME = re.compile(".*(?:发表于|發表於)")
_CUT = re.compile(r"\s*(?:\.{3,}|…+)$")
_LONGEST_FOOTER = 6
_LONGEST_QUOTE = 40


@dataclass(frozen=True, slots=True)
class _Post:
    """The head of a post and the lines below it."""

    author: str
    posted_raw: str
    lines: list[Line]
    is_blocked: bool = False


def read_print_text(lines: Sequence[Line], url: str, trusted: bool) -> PrintedThread | None:
    """Read the lines of a saved text of the print view, or None when they are no such text.

    A text is taken for one when it names its title before the first post and ends with the
    forum's footer or holds several posts; with `trusted`, for a source known to hold threads,
    the first post's head is enough.

    >>> from extract.lines import read_text_lines
    >>> text = "标题: 试点名单 [打印本页]\\n作者: 山里人 时间: 2022-4-6 11:15\\n看看\\n"
    >>> text += "作者: 匿名 时间: 2022-4-6 12:22\\n好事"
    >>> thread = read_print_text(read_text_lines(text).lines, "file:///1.txt", trusted=False)
    >>> [(post.floor, post.author, post.posted_raw) for post in thread.posts]
    [(1, '山里人', '2022-4-6 11:15'), (2, None, '2022-4-6 12:22')]
    """
    body, footer = _cut_footer(lines)
    posts: list[_Post] = []
    front: list[Line] = []
    for line in body:
        head = _HEAD.fullmatch(line.printed)
        if head:
            posts.append(_Post(head["author"], head["time"].strip(), []))
        else:
            (posts[-1].lines if posts else front).append(line)
    title = _read_title(front)
    is_print_view = title is not None and (footer is not None or len(posts) > 1)
    if not posts or not (is_print_view or trusted):
        return None
    return _print_thread(posts, front, footer, url)


def read_print_html(root: HtmlElement, url: str) -> PrintedThread | None:
    """Read the HTML of the print view (`action=printable`), or None when it is no such page.

    Only heads that the forum set, a bold label below a rule, begin a post: a post that quotes
    such a head as text does not.

    >>> from extract.page import parse_tree
    >>> page = parse_tree("<b>标题: </b>试点名单<br><hr><b>作者: </b>山里人 <b>时间: </b>"
    ...                   "2022-4-6 11:15<br><b>标题: </b>试点名单<br>看看")
    >>> [line.text for line in read_print_html(page, "http://bbs.example.cn/").posts[0].lines]
    ['看看']
    """
    heads = [head for label in root.iter("b") if (head := _read_bold_head(label))]
    if not heads:
        return None
    lines, footer = _cut_footer(read_html_lines(root, (ATTACHED_NOISE,)).lines)
    posts: list[_Post] = []
    front: list[Line] = []
    for line in lines:
        if len(posts) < len(heads) and line.printed == heads[len(posts)][0]:
            posts.append(_Post(*heads[len(posts)][1:], []))
        else:
            (posts[-1].lines if posts else front).append(line)
    if not posts:
        return None
    return _print_thread(posts, front, footer, url)


def read_archiver(root: HtmlElement, url: str) -> PrintedThread | None:
    """Read a page of the archiver (`archiver/?tid-7.html`), or None when it is no such page.

    >>> from extract.page import parse_tree
    >>> page = parse_tree("<div id=content><p class=author><strong>山里人</strong> 发表于 "
    ...                   "2022-4-6 11:15</p>看看</div>")
    >>> [post.author for post in read_archiver(page, "http://bbs.example.cn/").posts]
    ['山里人']
    """
    contents = root.xpath("//div[@id='content'][p[@class='author']/strong]")
    if not contents:
        return None
    titles = root.xpath("//div[@id='end']//a//strong")
    title = titles[0].text_content().strip() if titles else root.findtext(".//title") or ""
    boards = root.xpath("//div[@id='nav']//a[contains(@href, 'fid-')]")
    posts = _split_archive(contents[0], title)
    if not posts:
        return None
    address = find_address(root, url)
    return PrintedThread(
        title=title if titles else title.split(" - ", 1)[0].strip(),
        posts=_read_posts(posts, fill_floors([None] * len(posts), address)),
        address=address,
        board=boards[-1].text_content().strip() if boards else None,
    )


def _split_archive(content: HtmlElement, title: str) -> list[_Post]:
    posts: list[_Post] = []
    noise = f"{ATTACHED_NOISE} | ./div[@class='page']"
    for line in read_html_lines(content, (noise,)).lines:
        element = line.element
        if element is not None and element.tag == "p" and element.get("class") == "author":
            name = element.findtext("strong") or ""
            exact = [span.get("title") for span in element.iter("span") if span.get("title")]
            time = exact[0] if exact else _ARCHIVE_TIME.sub("", line.printed)
            posts.append(_Post(name, time.strip(), [], _is_blocked(element)))
        elif posts and not (line.kind == "heading" and _is_subject(element, title)):
            posts[-1].lines.append(line)
    return posts


def _is_subject(heading: HtmlElement | None, title: str) -> bool:
    """Tell the subject that the archiver prints above every post, mostly an empty one."""
    if heading is None:
        return False
    before = heading.getprevious()
    is_first = before is not None and (before.tag, before.get("class")) == ("p", "author")
    return is_first or " ".join(heading.text_content().split()) == title


def _is_blocked(head: HtmlElement) -> bool:
    """Tell a post that a moderator blocked, of which the archiver prints the head alone."""
    after = head.getnext()
    if (head.tail or "").strip():
        return False
    return after is None or (after.tag, after.get("class")) in {("p", "author"), ("div", "page")}


def _print_thread(
    posts: Sequence[_Post], front: Sequence[Line], footer: re.Match[str] | None, url: str
) -> PrintedThread:
    address = replace(read_thread_address(url), page=1)
    if footer and not address.host:
        address = replace(address, host=read_thread_address(footer["url"]).host)
    has_site = len(front) > 1 and not _TITLE.fullmatch(front[0].printed)
    site = footer["site"] if footer else front[0].printed if has_site else None
    return PrintedThread(
        title=_read_title(front) or _read_title(posts[0].lines[:1]) or "",
        posts=_read_posts(posts, fill_floors([None] * len(posts), address)),
        address=address,
        board=_forum_of(site) if site else None,
    )


def _forum_of(site: str) -> str:
    """Cut the site's name from a name like 甲网甲论坛, which the print view shows as one."""
    both = _SITE_AND_FORUM.fullmatch(site)
    return both["forum"] if both else site


def _read_title(lines: Iterable[Line]) -> str | None:
    for line in lines:
        title = _TITLE.fullmatch(line.printed)
        if title:
            return _PRINT_LINK.sub("", title["title"])
    return None


def _cut_footer(lines: Sequence[Line]) -> tuple[Sequence[Line], re.Match[str] | None]:
    """Cut the forum's footer off, which would otherwise end the last post."""
    for index in range(max(0, len(lines) - _LONGEST_FOOTER), len(lines)):
        printed = lines[index].printed.replace("\t", " ")
        footer = _FOOTER.fullmatch(printed)
        if footer or _POWERED.fullmatch(printed):
            return lines[:index], footer
    return lines, None


def _read_bold_head(label: HtmlElement) -> tuple[str, str, str] | None:
    """Read the head that begins with the bold 作者 label: its line, author and time."""
    rule, time_label = label.getprevious(), label.getnext()
    if rule is None or rule.tag != "hr" or time_label is None or time_label.tag != "b":
        return None
    names = [" ".join((b.text or "").split()) for b in (label, time_label)]
    author = " ".join((label.tail or "").split())
    after = time_label.getnext()
    titled = after is not None and after.tag == "span"
    shown = (time_label.tail or "") + (after.text_content() if after is not None and titled else "")
    shown = " ".join(shown.split())
    exact = (after.get("title") if after is not None and titled else None) or shown
    line = " ".join(part for part in (names[0], author, names[1], shown) if part)
    return (line, author, exact) if _HEAD.fullmatch(line) else None


def _read_posts(posts: Sequence[_Post], floors: Sequence[int | None]) -> tuple[PrintedPost, ...]:
    read: list[PrintedPost] = []
    by_head: dict[tuple[str, str], list[Line]] = {}
    for post, floor in zip(posts, floors, strict=True):
        read.append(_read_post(post, floor, by_head))
        by_head.setdefault((post.author, post.posted_raw), post.lines)
    return tuple(read)


def _read_post(
    post: _Post, floor: int | None, by_head: dict[tuple[str, str], list[Line]]
) -> PrintedPost:
    lines = post.lines
    for head in (_TITLE, _ANSWER_LINE):
        if lines and head.fullmatch(lines[0].printed):
            lines = lines[1:]
    author = read_username(post.author)
    flags = [*(() if author else ("anonymous",)), *(("locked",) if post.is_blocked else ())]
    kept: list[Line] = []
    quote: list[Line] = []
    quoted_no = None
    for line in lines:
        holder = _find_around(line, "quote")
        if holder is not None and (floor != 1 or read_quoted_post_no(holder)):
            begins = not quote or _find_around(quote[-1], "quote") is not holder
            quote += without_quote_head([line]) if begins else (line,)
            quoted_no = quoted_no or read_quoted_post_no(holder)
        elif is_edit_note(line.printed):
            flags.append("edited")
        elif _find_around(line, "locked") is not None:
            flags += filter(None, [read_notice(line.printed)])
        elif _NOTICE.fullmatch(line.printed):
            flags.append(read_notice(line.printed) or "reply_to_see")
        elif not _ATTACHMENT.fullmatch(line.printed):
            kept.append(line)
    if not quote:
        size = _quote_size(kept, by_head)
        kept, quote = kept[size:], kept[:size]
    return PrintedPost(
        author=author,
        posted_raw=post.posted_raw,
        lines=tuple(kept),
        floor=floor,
        quote=without_quote_head(quote),
        quoted_post_no=quoted_no,
        flags=tuple(dict.fromkeys(flags)),
    )


def _find_around(line: Line, name: str) -> HtmlElement | None:
    """Find the element with a class that a line stands in."""
    element = line.element
    if element is None:
        return None
    for outer in (element, *element.iterancestors()):
        if name in (outer.get("class") or "").split():
            return outer
    return None


def _quote_size(lines: Sequence[Line], by_head: dict[tuple[str, str], list[Line]]) -> int:
    """Count the first lines of a text post that repeat an earlier post under its head.

    Saved text does not mark where a quote ends; only lines that the named post really holds are
    taken for the quote.
    """
    head = _QUOTE_HEAD.fullmatch(lines[0].printed) if lines else None
    quoted = by_head.get((head["author"], head["time"].strip())) if head else None
    if quoted is None:
        return 0
    held = [line.printed for line in quoted[:_LONGEST_QUOTE]]
    size = 1
    for line in lines[1 : _LONGEST_QUOTE + 1]:
        cut = _CUT.sub("", line.printed)
        is_cut = cut and cut != line.printed
        if line.printed not in held and not (is_cut and any(h.startswith(cut) for h in held)):
            break
        size += 1
    return size
