"""What is known of a page before its announcements are read."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PageContext:
    """What is known of a page before its announcements are read."""

    title: str
    """Clean title."""
    published_at: datetime | None
    """Printed publish time."""
    published_raw: str | None
    """Publish time as printed."""
    site: str | None
    """Name of the site."""
    area: str | None
    """Area of the source declaration, as a path."""
    source: str | None = None
    """来源 of the page. Example: `淮安日报`"""
