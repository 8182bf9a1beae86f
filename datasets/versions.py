"""Fetches and parsed pages -> the content versions of every page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from datasets.index import Entry
from datasets.pages import ParsedPage
from datasets.rows import Origin
from extract.records import PageRecords

PageKey = tuple[str, str | None, str | None, str | None]


@dataclass(slots=True)
class Version:
    """One content of one page, however often it was seen."""

    records: PageRecords
    """What its first fetch was parsed into."""
    entry: Entry
    """The first fetch that showed it."""
    number: int
    """Number among the versions of its address, from 1."""
    last_seen: datetime
    """The last fetch that showed it."""
    is_current: bool = False
    """Whether no other version of its address was seen later."""

    @property
    def doc_id(self) -> str:
        """Id of its row in `documents`.

        >>> Version.doc_id.fget.__name__
        'doc_id'
        """
        return self.records.document.doc_id

    @property
    def origin(self) -> Origin:
        """What its rows say of where they come from.

        >>> Version.origin.fget.__annotations__["return"].__name__
        'Origin'
        """
        return Origin(
            self.entry.source_id,
            self.entry.fetch_id,
            self.number,
            self.is_current,
            self.entry.fetch.fetched_at,
            self.last_seen,
        )


@dataclass(slots=True)
class History:
    """The versions of all pages and which of them each fetch showed."""

    versions: list[Version] = field(default_factory=list)
    """All versions in the order they were first seen."""
    doc_ids: dict[str, str] = field(default_factory=dict)
    """Document of each fetch that showed one, by fetch id."""

    @property
    def current(self) -> list[Version]:
        """The version of each page that was seen last.

        >>> History().current
        []
        """
        return [version for version in self.versions if version.is_current]


def page_key(entry: Entry) -> PageKey:
    """Say what a page is parsed from: fetches that share it are parsed only once.

    >>> page_key.__annotations__["return"] == PageKey
    True
    """
    fetch = entry.fetch
    return fetch.url, fetch.payload_digest, fetch.media_type, fetch.charset


def merge_versions(entries: Iterable[Entry], pages: Mapping[PageKey, ParsedPage]) -> History:
    """Follow the fetches in time and tell the versions of each page apart.

    A fetch begins a new version only when title, text, comments or units are new for its page;
    a content that comes back is the old version again. An answer 304 or a revisit shows the
    version of the fetch before it.

    >>> merge_versions([], {}).versions
    []
    """
    history = History()
    by_content: dict[tuple[str, str], Version] = {}
    by_url: dict[str, list[Version]] = {}
    last: dict[str, Version] = {}
    for entry in entries:
        url = entry.fetch.url
        page = pages.get(page_key(entry)) if entry.is_page else None
        if page and page.records:
            last[url] = _find_version(page, entry, by_content, by_url)
        elif not (entry.is_unchanged and url in last):
            continue
        version = last[url]
        version.last_seen = entry.fetch.fetched_at
        for other in by_url[version.records.document.url]:
            other.is_current = other is version
        history.doc_ids[entry.fetch_id] = version.doc_id
    history.versions = [version for versions in by_url.values() for version in versions]
    return history


def _find_version(
    page: ParsedPage,
    entry: Entry,
    by_content: dict[tuple[str, str], Version],
    by_url: dict[str, list[Version]],
) -> Version:
    assert page.records is not None
    document = page.records.document
    known = by_url.setdefault(document.url, [])
    # The same bytes under another charset header give other text but the same id: one version.
    keys = [(document.url, page.fingerprint), (document.url, document.doc_id)]
    found = next((by_content[key] for key in keys if key in by_content), None)
    if found is None:
        found = Version(page.records, entry, len(known) + 1, entry.fetch.fetched_at)
        known.append(found)
    for key in keys:
        by_content.setdefault(key, found)
    return found
