"""Access pattern: listing pages that link to items, which may have attachments."""

from collections.abc import Iterator

from scrapy import Request
from scrapy.http import Response

from crawler.spiders.base import SourceSpider


class ListingSpider(SourceSpider):
    """Goes through the pages of a listing and fetches what they list."""

    def parse(self, response: Response, page: int = 1) -> Iterator[Request]:
        """Follow the items of a listing page, attachments it lists itself, and its next page."""
        links = self.links(response)
        if links is None:
            return
        rules = self.source.crawl
        for address in links.items():
            yield Request(address, self.parse_item)
        yield from self.attachments(links.attachments(rules.item_links))
        following = links.next_page()
        if following is not None and page < rules.max_pages:
            yield Request(following, self.parse, cb_kwargs={"page": page + 1})
