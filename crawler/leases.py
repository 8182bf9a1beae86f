"""Rows of the queue on their way: what is wanted, what is handed out, what became of it."""

import json
from dataclasses import dataclass, replace
from typing import Literal

from crawler.answers import RecordPlace

State = Literal["pending", "leased", "done", "failed"]
Kind = Literal["listing", "item", "attachment"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """An address that a page or the source asks for."""

    url: str
    """The address."""
    key: bytes
    """Its `address_key`."""
    kind: Kind
    """What it leads to."""
    request: str
    """What is to be sent and done with the answer, as JSON."""
    page: int = 1
    """Page of the item or listing."""
    refused: str | None = None
    """Why it must not be asked for. Example: `trap_calendar`"""

    def with_known(self, known: int) -> "Wanted":
        """Note on a listing how many known items in a row stand before it.

        >>> Wanted("http://a.cn/", b"", "listing", "{}").with_known(3).request
        '{"known": 3}'
        """
        return replace(self, request=json.dumps(json.loads(self.request) | {"known": known}))


@dataclass(frozen=True, slots=True)
class Leased:
    """A request that was handed out, with what is known of the page."""

    id: int
    """Number of its row."""
    url: str
    """The address."""
    kind: Kind
    """What it leads to."""
    page: int
    """Page of the item or listing."""
    root: int | None
    """Row of the first page of the same item, on later ones."""
    request: str
    """What is to be sent and done with the answer, as JSON."""
    failures: int
    """Failures in a row so far."""
    referrer: str | None
    """Address of the page that led here."""
    span: float | None
    """Seconds between visits so far; None for a page that was never seen."""
    etag: str | None
    """ETag of the archived answer, as sent."""
    modified: str | None
    """Last-Modified of the archived answer, as sent."""
    media_type: str | None
    """Content-Type of the archived answer, as sent."""
    digest: str | None
    """Digest of the archived payload. Example: `sha256:e3b0c44298fc1c14…`"""
    warc_file: str | None
    """Name of the archive file that holds it."""
    fetched_at: float | None
    """When the page was seen last, in seconds since 1970."""


EXAMPLE = Leased(1, "http://mzt.example.cn/1.html", "item", 1, None, "{}", 0, *(None,) * 8)
"""A page that was never seen, for documentation and tests."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a leased request."""

    state: State
    """done or failed."""
    now: float
    """Time of the answer, in seconds since 1970."""
    due: float
    """When it is wanted again."""
    span: float | None = None
    """Seconds until then."""
    status: int | None = None
    """Status of the answer."""
    reason: str | None = None
    """Why there is no page. Example: `timeout`"""
    changed: bool = False
    """Whether the page is new or another one than before."""
    is_tail: bool | None = None
    """Whether it is an item's last page; None leaves what is known."""
    place: RecordPlace | None = None
    """Where the answer lies; None leaves the place that is known."""
    etag: str | None = None
    """ETag of the answer."""
    modified: str | None = None
    """Last-Modified of the answer."""
    media_type: str | None = None
    """Content-Type of the answer."""
    listed: int | None = None
    """Items that a listing linked."""
    layout: str | None = None
    """Hash of what surrounds the links of a listing."""


@dataclass(frozen=True, slots=True)
class Added:
    """How many of some addresses were new, known from an earlier round, or refused."""

    new: tuple[Wanted, ...] = ()
    """Addresses that are queued and were not fetched in an earlier round."""
    known: int = 0
    """How many were known from an earlier round."""
    refused: tuple[Wanted, ...] = ()
    """Addresses that are refused, for the first time."""
