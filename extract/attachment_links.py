"""Read the links of an article to files: documents, tables, archives."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, takewhile
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from extract.article import Article
from extract.boilerplate import (
    has_date,
    is_attachment_line,
    is_attachment_url,
    is_control,
    is_frame_name,
    is_info_line,
)
from extract.lines import Line
from extract.records import Attachment
from extract.title import is_title_line, read_page_title

_MOST_ATTACHMENTS = 200
"""Links that are read at most; a page with more is an index of files."""
MOST_FILES = 10
"""Links to files on a page that is about them; one with more is an index of files."""
_MOST_OTHER_LINKS = 3
"""Other links between the title of such a page and its last file."""
_FEWEST_DATED = 2
"""Links with a date each that make a list."""
_LONGEST_DATE = 20
_FOOTERS = frozenset(("footer", "foot", "bottom"))
_LONGEST_HEAD = 60
_LONGEST_TAIL = 15
_LONGEST_TITLE_BLOCK = 25
"""Lines from a title to its date."""
_MOST_LOOKED = 500
"""Links of the article's own blocks, which hold each other, that are looked at beforehand."""


def read_attachment_links(
    article: Article, root: HtmlElement | None, url: str
) -> tuple[Attachment, ...]:
    """Read the links to files that stand in the body of an article or just below it.

    Gives absolute addresses, http and https, of a saved page also of files, each once; `url` is the
    address of the page.

    >>> from extract.article import find_article
    >>> from extract.lines import read_html_lines
    >>> from extract.page import parse_tree
    >>> text = "试点名单已经市政府同意，现予公布，请各县市区对照执行，有关情况按季度报送市民政局。"
    >>> page = parse_tree(f"<div><p>{text * 2}<p><a href=list.docx>附件</a></div>")
    >>> article = find_article(read_html_lines(page), page)
    >>> read_attachment_links(article, page, "http://mzt.example.cn/n/3.html")[0].url
    'http://mzt.example.cn/n/list.docx'
    """
    lines = (*article.lines, *article.tail) if article.lines else ()
    return _read_links([line for line in lines if not _is_in_footer(line)], root, url)


def read_post_links(
    lines: Sequence[Line], attachments: Sequence[Attachment], root: HtmlElement | None, url: str
) -> tuple[Attachment, ...]:
    """Read the files of an opening post: those it carries and those its text links to, each once.

    `lines` are those of the post, `attachments` what the forum's own markup says it carries.

    >>> from extract.lines import read_html_lines
    >>> from extract.page import parse_tree
    >>> page = parse_tree("<div><p>名单在这里：<a href=f/list.xlsx>下载</a></div>")
    >>> lines = read_html_lines(page).lines
    >>> [file.url for file in read_post_links(lines, (), page, "http://bbs.cn/thread-7-1-1.html")]
    ['http://bbs.cn/f/list.xlsx']
    """
    files = {file.url: file for file in (*attachments, *_read_links(lines, root, url))}
    return tuple(files.values())


def keep_file_lines(article: Article, lines: Sequence[Line], root: HtmlElement | None) -> Article:
    """Take the links to files for the body of a page that has a title, and files, and no text.

    `lines` are all lines of the page. A page with more than `MOST_FILES` links to files, or with
    its files in a list of dated links, is an index and stays what it was.

    >>> from extract.article import find_article
    >>> from extract.lines import read_html_lines
    >>> from extract.page import parse_tree
    >>> title = "<title>试点社区名单</title><h1>试点社区名单</h1>"
    >>> page = parse_tree(f"{title}<div><p>附件：<a href=1.docx>名单.docx</a></div>")
    >>> lines = read_html_lines(page)
    >>> article = keep_file_lines(find_article(lines, page), lines.lines, page)
    >>> article.page_type, [line.text for line in article.lines]
    ('article', ['附件：名单.docx'])
    """
    if article.lines or root is None or article.page_type == "error":
        return article
    files = _find_file_lines(lines)
    if not files:
        return article
    title = read_page_title(root)
    near = range(max(0, files[0] - _LONGEST_HEAD), files[0])
    above = [n for n in near if not lines[n].link_chars]
    titled = [n for n in above if is_title_line(lines[n], title)]
    head = titled + [n for n in above if is_info_line(lines[n])]
    if not head or _is_index(lines, files, max(head)):
        return article
    listed = set(files)
    kept = [n for n in range(max(head) + 1, files[-1] + 1) if n in listed or _is_text(lines[n])]
    block = (n for n in titled if max(head) - n <= _LONGEST_TITLE_BLOCK)
    start = min(block, default=max(head))
    return replace(
        article,
        lines=tuple(lines[n] for n in kept),
        page_type="article",
        first=kept[0],
        last=kept[-1],
        head=tuple(lines[start : kept[0]]),
        # The footer of a page may link to files of its own.
        tail=tuple(takewhile(_is_unframed, lines[kept[-1] + 1 : kept[-1] + 1 + _LONGEST_TAIL])),
    )


def _find_file_lines(lines: Sequence[Line]) -> list[int]:
    """Lines that link to files outside the page's frame; none when there are too many links."""
    found: list[int] = []
    links: set[HtmlElement] = set()
    for number, line in enumerate(lines):
        if not line.link_chars or line.element is None or not is_attachment_line(line):
            continue
        own = set(islice(_iter_file_links(line.element), MOST_FILES + 1))
        if own and _is_unframed(line):
            found.append(number)
            links |= own
        if len(links) > MOST_FILES:
            return []
    return found


def _iter_file_links(element: HtmlElement) -> Iterator[HtmlElement]:
    return (a for a in element.iter("a") if is_attachment_url((a.get("href") or "").strip()))


def _is_unframed(line: Line) -> bool:
    for node in _with_ancestors(line.element) if line.element is not None else ():
        if node.tag in {"body", "html"}:
            break
        names = f"{node.get('class') or ''} {node.get('id') or ''}"
        if node.tag in {"nav", "footer", "aside"} or is_frame_name(names):
            return False
    return True


def _is_in_footer(line: Line) -> bool:
    """Tell whether a line stands in the footer, whose files are the site's."""
    return line.element is not None and any(
        node.tag == "footer"
        or not _FOOTERS.isdisjoint(f"{node.get('class')} {node.get('id')}".lower().split())
        for node in _with_ancestors(line.element)
    )


def _is_index(lines: Sequence[Line], files: Sequence[int], head: int) -> bool:
    """Tell whether the files stand in a list of links: links between them, or dates beside them."""
    listed = set(files)
    between = [lines[n] for n in range(head + 1, files[-1]) if n not in listed]
    if sum(line.link_chars > 0 and not is_control(line) for line in between) > _MOST_OTHER_LINKS:
        return True
    element = lines[files[0]].element
    block = element.getparent() if element is not None else None
    blocks = () if block is None else (block,)
    around = [line for line in lines[head + 1 :] if line.stands_in(blocks)]
    linked = [line for line in around if line.link_chars]
    beside = [
        line
        for line, after in zip(around, [*around[1:], None], strict=True)
        if line.link_chars
        and (has_date(line.text) or (after and not after.link_chars and _is_date(after)))
    ]
    return len(beside) >= _FEWEST_DATED or len(linked) > MOST_FILES + _MOST_OTHER_LINKS


def _is_date(line: Line) -> bool:
    return len(line.text) <= _LONGEST_DATE and has_date(line.text)


def _is_text(line: Line) -> bool:
    return not line.link_chars and not is_control(line) and not is_info_line(line)


def _read_links(
    lines: Sequence[Line], root: HtmlElement | None, url: str
) -> tuple[Attachment, ...]:
    inside = {line.element for line in lines if line.element is not None}
    if root is None or not _may_link_files(inside):
        return ()
    base = root.xpath("string(//base/@href)")
    files: dict[str, Attachment] = {}
    for link in root.iter("a"):
        href = (link.get("href") or "").strip()
        if not is_attachment_url(href) or not any(node in inside for node in _with_ancestors(link)):
            continue
        address = _resolve(url, str(base), href)
        if address and len(files) < _MOST_ATTACHMENTS:
            text = " ".join(link.text_content().split())
            files.setdefault(address, Attachment(address, text))
    return tuple(files.values())


def _may_link_files(elements: Iterable[HtmlElement]) -> bool:
    """Tell whether to look through all links of the page: most articles link to no file."""
    looked = 0
    for element in elements:
        for link in element.iter("a"):
            looked += 1
            if looked > _MOST_LOOKED or is_attachment_url((link.get("href") or "").strip()):
                return True
    return False


def _resolve(url: str, base: str, href: str) -> str | None:
    try:
        address = urljoin(urljoin(url, base), href)
        scheme = urlsplit(address).scheme
    except ValueError:
        return None
    # The files of a saved page lie beside it.
    known = {"http", "https"} if not url.startswith("file:") else {"http", "https", "file"}
    return address if scheme in known else None


def _with_ancestors(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    yield from element.iterancestors()
