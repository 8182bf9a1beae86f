"""What every access pattern shares: its source, its first requests and the links of a response."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any, ClassVar, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse

from crawler.browser import check_browser
from crawler.links import PageLinks, read_links
from crawler.recording import ITEMS
from extract.source import Source

LAYOUT = "gongshi_layout"
"""Key of a response's meta: hash of what surrounds the links of a listing."""
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_:.-]+)", re.IGNORECASE)


class SourceSpider(Spider):
    """Spider of one source; the archive is its output, so it yields requests and nothing else."""

    source: ClassVar[Source]
    """The declaration the spider was made of."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider; raises GongshiError when its source wants a browser and has none."""
        check_browser(cls.source)
        spider: Self = super().from_crawler(crawler, *args, **kwargs)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Yield a request for every start address; one that is an item itself is taken as one."""
        item = self.source.crawl.item_pattern
        for url in self.source.crawl.start_urls:
            is_item = item is not None and re.search(item, url) is not None
            yield Request(url, self.parse_item if is_item else self.parse)

    def parse(self, response: Response, page: int = 1) -> Iterator[Request]:
        """Follow a start page; the access patterns say how. Here: it is an item itself."""
        yield from self.parse_item(response, page)

    def parse_item(self, response: Response, page: int = 1) -> Iterator[Request]:
        """Count an item's first page and follow its links."""
        if page == 1:
            self.crawler.stats.inc_value(ITEMS)
        links = self.links(response)
        if links is not None:
            yield from self.follow_item(links, page)

    def follow_item(self, links: PageLinks, page: int) -> Iterator[Request]:
        """Follow the links of an item's page, the first being 1: attachments and the next part."""
        yield from self.attachments(links.attachments())
        following = links.next_part()
        if following is not None and page < self.source.crawl.max_pages:
            yield Request(following, self.parse_item, cb_kwargs={"page": page + 1})

    def attachments(self, addresses: tuple[str, ...]) -> Iterator[Request]:
        """Request attachments; they end in the archive."""
        for address in addresses:
            yield Request(address, self.parse_attachment)

    def parse_attachment(self, response: Response) -> None:
        """Do nothing: an attachment is in the archive and leads nowhere."""

    def links(self, response: Response) -> PageLinks | None:
        """Read the links of a response; None when it is no text."""
        if not isinstance(response, TextResponse):
            return None
        charset = _CHARSET.search(response.headers.get("Content-Type") or b"")
        return read_links(
            response.body,
            response.url,
            charset.group(1).decode("ascii") if charset else None,
            self.source,
        )
