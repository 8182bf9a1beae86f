"""Records of pages parsed before, kept for as long as all that they depend on stays the same."""

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from datasets.code_version import describe_parser
from datasets.index import Entry, file_key
from datasets.office import find_converter
from datasets.pages import PageReader, ParsedPage
from extract.records import PageRecords
from extract.source import CrawlRules, Source

CACHE_FILE = "cache/parsed.sqlite"
"""Where it lies in the data folder; it may be deleted at any time."""

_TABLE = """
CREATE TABLE IF NOT EXISTS pages (
  key BLOB PRIMARY KEY,  -- digest of all that is known before a page is parsed
  asked TEXT NOT NULL,   -- addresses of the files that its parser asked for, as a JSON list
  files BLOB NOT NULL,   -- digest of where these lay
  fingerprint TEXT NOT NULL,
  records BLOB NOT NULL  -- JSON, compressed
) WITHOUT ROWID
"""
_PAGES_PER_COMMIT = 64
_PASSING = frozenset({"attachment_not_converted"})
"""Codes of issues that may be gone the next time: a converter may just have been out of time."""
_ANY_CRAWL = CrawlRules("single", ())


class ParseCache:
    """Parsed pages of one data folder, in SQLite, for builds with one reader.

    A page is found again only while its bytes, its address and headers, the declaration of its
    source, the attachments it asked for, the code and the libraries are what they were. What was
    kept survives a build that is killed. The file is worth nothing but time: when it cannot be
    read or written it is removed, and the build goes on without. What a parser of the reader's own
    makes is not kept, since nobody knows what it depends on.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with ParseCache(Path(folder), PageReader(Path(folder))) as cache:
    ...         cache.forget_others()
    """

    def __init__(self, data: Path, reader: PageReader) -> None:
        self._reader = reader
        self._path = data / CACHE_FILE
        setup = (describe_parser(), find_converter(), reader.keywords, reader.nouns)
        self._setup = _digest(setup)
        self._decoder = msgspec.json.Decoder(PageRecords)
        self._encoder = msgspec.json.Encoder()
        self._used: set[bytes] = set()
        self._unsaved = 0
        self._database: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        """Open the file, or make it."""
        if self._reader.parse is not None:
            return self
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._database = sqlite3.connect(self._path)
            # It need not survive a power cut: what is torn by one shows when it is unpacked.
            self._database.executescript(
                f"PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; {_TABLE};"
            )
        except (OSError, sqlite3.Error):
            self._give_up()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Save what was kept, also of a build that failed."""
        self._execute(sqlite3.Connection.commit)
        if self._database is not None:
            self._database.close()

    def find(self, entry: Entry) -> ParsedPage | None:
        """Give what a page was parsed into, None when that is not known."""
        key = self._key(entry)
        query = "SELECT asked, files, fingerprint, records FROM pages WHERE key = ?"
        row = self._execute(lambda database: database.execute(query, (key,)).fetchone())
        if row is None:
            return None
        try:
            asked = tuple(map(str, json.loads(row[0])))
            if self._digest_files(asked) != row[1]:
                return None
            records = self._decoder.decode(zlib.decompress(row[3]))
        except (ValueError, zlib.error, msgspec.DecodeError):
            return None
        self._used.add(key)
        return ParsedPage(records, row[2], asked=asked)

    def keep(self, entry: Entry, page: ParsedPage) -> None:
        """Remember what a page was parsed into; failures are tried again by the next build."""
        if page.records is None or any(i.code in _PASSING for i in page.records.issues):
            return
        key = self._key(entry)
        row = (
            key,
            json.dumps(page.asked),
            self._digest_files(page.asked),
            page.fingerprint,
            zlib.compress(self._encoder.encode(page.records), 1),
        )
        self._used.add(key)
        self._unsaved += 1
        self._execute(
            lambda database: database.execute(
                "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?)", row
            )
        )
        if self._unsaved >= _PAGES_PER_COMMIT:
            self._execute(sqlite3.Connection.commit)
            self._unsaved = 0

    def forget_others(self) -> None:
        """Remove all pages that were neither found nor kept since it was opened."""

        def forget(database: sqlite3.Connection) -> None:
            database.execute("CREATE TEMP TABLE used (key BLOB PRIMARY KEY) WITHOUT ROWID")
            database.executemany("INSERT INTO used VALUES (?)", ((key,) for key in self._used))
            database.execute("DELETE FROM pages WHERE key NOT IN used")

        self._execute(forget)

    def _execute(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        if self._database is None:
            return None
        try:
            return work(self._database)
        except sqlite3.Error:
            self._give_up()
            return None

    def _give_up(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None
        for ending in ("", "-wal", "-shm"):
            with suppress(OSError):
                self._path.with_name(self._path.name + ending).unlink()

    def _key(self, entry: Entry) -> bytes:
        fetch = entry.fetch
        # How a page was reached does not change what it says.
        source: Source | None = entry.source and replace(
            entry.source, crawl=_ANY_CRAWL, verified=False, note=""
        )
        told = (fetch.url, fetch.payload_digest, fetch.media_type, fetch.charset, fetch.fetched_at)
        return _digest((self._setup, *told, source))

    def _digest_files(self, asked: Iterable[str]) -> bytes:
        return _digest(self._reader.files.get(file_key(url)) for url in asked)


def _digest(parts: Iterable[object]) -> bytes:
    digest = blake2b(digest_size=20)
    for part in parts:
        digest.update(repr(part).encode("utf-8", "backslashreplace") + b"\0")
    return digest.digest()
