"""Access pattern: single pages, each with its attachments."""

from crawler.spiders.base import SourceSpider


class SingleSpider(SourceSpider):
    """Fetches the start addresses and their attachments."""
