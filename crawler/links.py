"""The links of a page that a source's rules follow: items, attachments and the next page."""

import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml.html import HtmlElement
from w3lib.url import safe_url_string

from crawler.addresses import layout_hash
from extract.article_parts import find_next_part
from extract.page import parse_tree
from extract.source import Source
from normalize.encoding import decode_bytes

logger = logging.getLogger(__name__)

_LINKS_FOR_LAYOUT = 300
_MOST_LINKS = 10_000
"""Links of a page that are followed; each costs time in which no other source is served."""
_ATTACHMENT_CARRIERS = "//a[@href] | //iframe[@src] | //embed[@src]"


@dataclass(frozen=True, slots=True)
class PageLinks:
    """A parsed page, ready to be asked for its links; build one with `read_links`."""

    source: Source
    """The source whose rules hold."""
    url: str
    """Address of the page; a link to itself is no link."""
    tree: HtmlElement
    """The page's tree."""
    encoding: str
    """Encoding of the page, which is also that of Chinese characters in its queries."""
    hosts: tuple[str, ...]
    """Hosts of the source; links elsewhere are no links."""

    def items(self) -> tuple[str, ...]:
        """Addresses of items the page lists, in its order, attachments not among them.

        >>> from extract.source import EXAMPLE, read_source
        >>> source = read_source("demo_site", EXAMPLE)
        >>> page = "<a href='1.html'>公示</a><a href='1.pdf'>附件</a>".encode()
        >>> read_links(page, "http://mzt.example.cn/tzgg/", None, source).items()
        ('http://mzt.example.cn/tzgg/1.html',)
        """
        rules = self.source.crawl
        wanted = re.compile(rules.item_pattern or "")
        attachment = re.compile(rules.attachment_pattern, re.IGNORECASE)
        return tuple(
            address
            for address in self._addresses(rules.item_links)
            if wanted.search(address) and not attachment.search(address)
        )

    def attachments(self, xpath: str = _ATTACHMENT_CARRIERS) -> tuple[str, ...]:
        """Addresses of attachments among the links an XPath finds; all of the page by default.

        >>> from extract.source import EXAMPLE, read_source
        >>> source = read_source("demo_site", EXAMPLE)
        >>> page = "<a href='名单.pdf'>附件</a>".encode("gbk")
        >>> read_links(page, "http://mzt.example.cn/", None, source).attachments()
        ('http://mzt.example.cn/%E5%90%8D%E5%8D%95.pdf',)
        """
        attachment = re.compile(self.source.crawl.attachment_pattern, re.IGNORECASE)
        return tuple(a for a in self._addresses(xpath) if attachment.search(a))

    def next_page(self) -> str | None:
        """Address of the next page of a listing or thread; None on the last one.

        >>> from extract.source import EXAMPLE, read_source
        >>> rule = '''next_links = "//a[contains(., '下一页')]"'''
        >>> source = read_source("demo_site", EXAMPLE + rule)
        >>> page = "<a href='2.html'>下一页</a>".encode("gbk")
        >>> read_links(page, "http://mzt.example.cn/", "utf-8", source).next_page()
        'http://mzt.example.cn/2.html'
        """
        xpath = self.source.crawl.next_links
        return next(iter(self._addresses(xpath)), None) if xpath else None

    def layout(self) -> str | None:
        """Hash of the elements around the links to items, None when there are none.

        It is that of the commonest surroundings, so that a link in the margin does not count.

        >>> from extract.source import EXAMPLE, read_source
        >>> source = read_source("demo_site", EXAMPLE)
        >>> pages = (f"<ul class={name}><li><a href=1.html>1</a></ul>".encode() for name in "ab")
        >>> first, second = (read_links(p, "http://mzt.example.cn/", None, source) for p in pages)
        >>> first.layout() == second.layout()
        False
        """
        items = set(self.items())
        found = self.tree.xpath(self.source.crawl.item_links)
        base = self._base()
        paths = Counter(
            _describe_path(link)
            for link in (found if isinstance(found, list) else [])[:_LINKS_FOR_LAYOUT]
            if isinstance(link, HtmlElement)
            and self._complete(base, link.get("href") or "") in items
        )
        return layout_hash(paths.most_common(1)[0][0]) if paths else None

    def next_part(self) -> str | None:
        """Address of the next page of the same article, on a host of the source.

        >>> from extract.source import EXAMPLE, read_source
        >>> page = "<p>正文<p><a href='3_2.html'>下一页</a>".encode()
        >>> source = read_source("demo_site", EXAMPLE)
        >>> read_links(page, "http://mzt.example.cn/3.html", "utf-8", source).next_part()
        'http://mzt.example.cn/3_2.html'
        """
        address = find_next_part(self.tree, self.url)
        return self._complete(self.url, address) if address else None

    def _addresses(self, xpath: str) -> tuple[str, ...]:
        found = self.tree.xpath(xpath)
        links = found if isinstance(found, list) else [found]
        if len(links) > _MOST_LINKS:
            logger.warning("%s has %d links; the first %d count", self.url, len(links), _MOST_LINKS)
        return tuple(dict.fromkeys(self._read_addresses(links[:_MOST_LINKS])))

    def _read_addresses(self, links: list[object]) -> Iterator[str]:
        base = self._base()
        for link in links:
            printed = link.get("href") or link.get("src") if isinstance(link, HtmlElement) else link
            if not isinstance(printed, str):
                continue
            address = self._complete(base, printed)
            if address is not None and address != self.url:
                yield address

    def _base(self) -> str:
        found = self.tree.xpath("string(//base/@href)")
        try:
            return urljoin(self.url, str(found).strip())
        except ValueError:
            return self.url

    def _complete(self, base: str, printed: str) -> str | None:
        printed = printed.strip()
        if printed.startswith(("http://", "https://")):
            base = ""
        elif printed.startswith("/") and not printed.startswith("//"):
            # The navigation is the same on every page: its links are completed only once.
            base = "/".join(base.split("/", 3)[:3]) + "/"
        # Queries of pages in UTF-16 or UTF-32 are sent in UTF-8, as browsers do.
        encoding = "utf-8" if self.encoding.startswith("utf-") else self.encoding
        return _complete_address(base, printed, encoding, self.hosts)


@lru_cache(maxsize=4096)
def _complete_address(base: str, printed: str, encoding: str, hosts: tuple[str, ...]) -> str | None:
    try:
        address = urldefrag(urljoin(base, printed)).url
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or parts.hostname not in hosts:
            return None
        return safe_url_string(address, encoding=encoding)
    except ValueError:
        # Brackets that are no IPv6 address, or characters the page's encoding does not have.
        return None


def accept_addresses(
    addresses: Iterable[str], base: str, source: Source, pattern: str | None
) -> tuple[str, ...]:
    """Complete the addresses of a feed; those elsewhere or without the pattern are left out.

    >>> from extract.source import EXAMPLE, read_source
    >>> source = read_source("demo_site", EXAMPLE)
    >>> accept_addresses(("/1.html", "http://b.cn/"), "http://mzt.example.cn/", source, None)
    ('http://mzt.example.cn/1.html',)
    """
    hosts = source.hosts
    completed = (_complete_address(base, one, "utf-8", hosts) for one in addresses)
    wanted = re.compile(pattern or "")
    return tuple(one for one in completed if one is not None and wanted.search(one))


def _describe_path(link: HtmlElement) -> str:
    return "/".join(f"{e.tag}.{e.get('class', '').strip()}" for e in link.iterancestors())


def read_links(body: bytes, url: str, charset: str | None, source: Source) -> PageLinks:
    """Parse a page for its links.

    Takes the unpacked bytes, the page's address, the charset of the HTTP header and the source
    whose rules hold. Never raises, whatever the bytes.

    >>> from extract.source import EXAMPLE, read_source
    >>> read_links(b"", "http://a.cn/", None, read_source("demo_site", EXAMPLE)).items()
    ()
    """
    decoded = decode_bytes(body, charset)
    return PageLinks(source, url, parse_tree(decoded.text), decoded.encoding, source.hosts)
