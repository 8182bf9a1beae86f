"""Access pattern: boards that list threads, which have pages of their own."""

from collections.abc import Iterator

from scrapy import Request

from crawler.links import PageLinks
from crawler.spiders.listing import ListingSpider


class ThreadSpider(ListingSpider):
    """Goes through the pages of a board and fetches every page of the threads they list."""

    def follow_item(self, links: PageLinks, page: int) -> Iterator[Request]:
        """Follow the attachments of a thread's page and its next page."""
        yield from super().follow_item(links, page)
        following = links.next_page()
        if following is not None and page < self.source.crawl.max_pages:
            yield Request(following, self.parse_item, cb_kwargs={"page": page + 1})
