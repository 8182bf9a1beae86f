"""Read the links of an article to files: documents, tables, archives."""

from collections.abc import Iterable, Iterator
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from extract.article import Article
from extract.boilerplate import is_attachment_url
from extract.records import Attachment

_MOST_ATTACHMENTS = 200
"""Links that are read at most; a page with more is an index of files."""
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
    if root is None or not article.lines:
        return ()
    inside = {line.element for line in (*article.lines, *article.tail) if line.element is not None}
    if not _may_link_files(inside):
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
