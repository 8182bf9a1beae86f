"""Access pattern: listing pages, sitemaps or feeds that lead to items with their attachments."""

from collections.abc import Iterator

from scrapy import Request
from scrapy.http import Response

from crawler.feeds import Feed, read_feed
from crawler.links import accept_addresses
from crawler.spiders.base import LAYOUT, SourceSpider


class ListingSpider(SourceSpider):
    """Goes through the pages of a listing and fetches what they list."""

    def parse(self, response: Response, page: int = 1) -> Iterator[Request]:
        """Follow the items of a listing page, attachments it lists itself, and its next page."""
        feed = read_feed(response.body)
        if feed is not None:
            yield from self.follow_feed(feed, response.url, page)
            return
        links = self.links(response)
        if links is None:
            return
        response.meta[LAYOUT] = links.layout()
        rules = self.source.crawl
        for address in links.items():
            yield Request(address, self.parse_item)
        yield from self.attachments(links.attachments(rules.item_links))
        following = links.next_page()
        if following is not None and page < rules.max_pages:
            yield Request(following, self.parse, cb_kwargs={"page": page + 1})

    def follow_feed(self, feed: Feed, url: str, page: int) -> Iterator[Request]:
        """Follow the items of a sitemap or feed, and the sitemaps that it names."""
        rules = self.source.crawl
        for address in accept_addresses(feed.pages, url, self.source, rules.item_pattern):
            yield Request(address, self.parse_item)
        if page < rules.max_pages:
            for address in accept_addresses(feed.feeds, url, self.source, None)[: rules.max_pages]:
                yield Request(address, self.parse, cb_kwargs={"page": page + 1})
