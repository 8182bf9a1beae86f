"""Parses the pages of an archive, in this process or in a pool that outlives a dying worker."""

import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from threading import current_thread, main_thread
from traceback import extract_tb
from typing import Literal
from urllib.parse import unquote, urlsplit

from datasets.archive import read_payload
from datasets.index import Entry, file_key
from datasets.office import convert_file
from datasets.payload import PayloadError
from datasets.privacy import Pseudonymizer
from datasets.rows import Origin, page_rows
from datasets.schema import to_arrow
from datasets.time_limit import OutOfTimeError, time_limit
from extract.page import FindFile, Page
from extract.records import PageRecords
from extract.source import Source
from normalize.ids import make_id

ParsePage = Callable[[Page, Source | None, FindFile], PageRecords]

PAGE_SECONDS = 120.0
"""Seconds that one page may take: a hundred times what the largest real pages need."""
CHUNK = 32
"""Pages a worker is given at a time."""
NOBODY = Pseudonymizer(bytes(32))


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """What became of one page."""

    records: PageRecords | None
    """Its records, None when it could not be parsed."""
    fingerprint: str = ""
    """Digest of title, text, comments and units: what makes a new version of a page."""
    code: str = ""
    """Short name of what went wrong. Example: `extraction_failed`"""
    message: str = ""
    """One sentence about it, without any text of the page."""
    asked: tuple[str, ...] = ()
    """Addresses of the attachments that its parser asked for, fetched or not, in that order."""


@dataclass(frozen=True, slots=True)
class PageReader:
    """All a worker needs to parse pages of one data folder."""

    data: Path
    """The data folder."""
    parse: ParsePage | None = None
    """What turns a page to records; `extract.parse.parse_page` when None."""
    keywords: bool = False
    """Whether documents and comments are given their keywords."""
    nouns: Literal["rule", "full"] = "rule"
    """How `extract.parse.parse_page` finds the nouns that figures count."""
    files: Mapping[bytes, tuple[str, int]] = field(default_factory=dict)
    """WARC file and offset of each attachment by `file_key` of its address."""
    seconds: float = PAGE_SECONDS
    """Seconds that one page may take."""

    def read(self, entry: Entry) -> ParsedPage:
        """Parse one page; whatever is wrong with it becomes a code and a message.

        >>> from datasets.archive import UNDATED, Fetch
        >>> fetch = Fetch("http://a.cn/", "response", 200, None, None, None, UNDATED, b"", None,
        ...     0, 0, 1, "", None)
        >>> reader = PageReader(Path("/nowhere"), lambda page, source, files: None)
        >>> reader.read(Entry("", fetch, "a.warc.gz", "demo", None)).message
        'parsing failed with FileNotFoundError in archive.py, read_payload'
        """
        fetch, parse = entry.fetch, self.parse or _default_parse(self.nouns)
        asked: dict[str, None] = {}

        def find_file(url: str) -> bytes | None:
            asked[url] = None
            return self.find_file(url)

        try:
            payload = read_payload(self.data / entry.warc_file, fetch.offset)
            page = Page(payload, fetch.url, fetch.media_type, fetch.charset, fetch.fetched_at)
            with time_limit(self.seconds):
                records = parse(page, entry.source, find_file)
                records = _add_keywords()(records) if self.keywords else records
            # Records that do not fit the tables must cost this page only, so they fail here.
            for table, rows in page_rows(records, Origin(entry.source_id), NOBODY).items():
                if rows:
                    to_arrow(table, rows)
        except PayloadError as error:
            return ParsedPage(None, code=error.code, message=str(error))
        except OutOfTimeError as error:
            return ParsedPage(None, code="extraction_timeout", message=f"parsing: {error}")
        except Exception as error:
            return ParsedPage(None, code="extraction_failed", message=_where(error))
        return ParsedPage(records, fingerprint(records), asked=tuple(asked))

    def find_file(self, url: str) -> bytes | None:
        """Read the attachment at an address, None where it was not fetched or cannot be read.

        Documents in Word's old formats come converted where a converter is installed; raises
        AttachmentError when that fails.

        >>> PageReader(Path("/nowhere")).find_file("http://a.cn/1.docx") is None
        True
        """
        place = self.files.get(file_key(url))
        if place is None:
            return None
        warc_file, offset = place
        try:
            data = read_payload(self.data / warc_file, offset)
        except PayloadError:
            return None
        return convert_file(data, unquote(urlsplit(url).path.rpartition("/")[2]))

    def read_chunk(self, entries: Sequence[Entry]) -> list[ParsedPage]:
        """Parse some pages, in their order.

        >>> PageReader(Path("/nowhere")).read_chunk([])
        []
        """
        return [self.read(entry) for entry in entries]


def parse_pages(
    entries: Sequence[Entry], reader: PageReader, jobs: int
) -> Iterator[tuple[Entry, ParsedPage]]:
    """Parse pages with `jobs` processes, in any order; with one job in this process.

    A page that kills its worker is given back as failed with the code `extraction_died`.

    >>> list(parse_pages([], PageReader(Path("/nowhere")), jobs=1))
    []
    """
    if jobs == 1:
        for entry in entries:
            yield entry, reader.read(entry)
        return
    # Pages that lie together are read together.
    ordered = sorted(entries, key=lambda e: (e.warc_file, e.fetch.offset))
    starts = range(0, len(ordered), CHUNK)
    chunks: list[Sequence[Entry]] = [ordered[start : start + CHUNK] for start in reversed(starts)]
    while chunks:
        suspects: list[Sequence[Entry]] = []
        yield from _run_pool(chunks, reader, jobs, suspects)
        for chunk in suspects:
            yield from _read_alone(chunk, reader)


def fingerprint(records: PageRecords) -> str:
    """Digest what makes a new version of a page: title, text, comments and units.

    >>> from extract.records import Document
    >>> page = PageRecords(Document("9f86d081884c7d65", "", "http://a.cn/", "", "article", "", ""))
    >>> len(fingerprint(page))
    16
    """
    document = records.document
    comments = [(c.comment_id, c.text, c.quoted_text, c.flags) for c in records.comments]
    units = [
        (u.name_raw, u.category_path, u.status, u.batch, u.remark, u.award) for u in records.units
    ]
    return make_id(document.title, document.text, comments, units)


def _run_pool(
    chunks: list[Sequence[Entry]],
    reader: PageReader,
    jobs: int,
    suspects: list[Sequence[Entry]],
) -> Iterator[tuple[Entry, ParsedPage]]:
    """Take chunks from the end of the list until it is empty or a worker dies.

    Then the chunks that were under way are put to the suspects.
    """
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        running: dict[Future[list[ParsedPage]], Sequence[Entry]] = {}
        while (chunks and not suspects) or running:
            while chunks and not suspects and len(running) < 2 * jobs:
                chunk = chunks.pop()
                try:
                    with _deaf_to_interrupts():
                        running[pool.submit(reader.read_chunk, chunk)] = chunk
                except BrokenProcessPool:
                    suspects.append(chunk)
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                chunk = running.pop(future)
                try:
                    pages = future.result()
                except BrokenProcessPool:
                    suspects.append(chunk)
                else:
                    yield from zip(chunk, pages, strict=True)


def _read_alone(entries: Sequence[Entry], reader: PageReader) -> Iterator[tuple[Entry, ParsedPage]]:
    """Parse page by page, so that it shows which of them kills a worker."""
    left = list(entries)
    while left:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            while left:
                entry = left.pop(0)
                try:
                    with _deaf_to_interrupts():
                        parsing = pool.submit(reader.read, entry)
                    yield entry, parsing.result()
                except BrokenProcessPool:
                    message = "the process that parsed this page died"
                    yield entry, ParsedPage(None, code="extraction_died", message=message)
                    break


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let workers that start in the block ignore Ctrl-C: the parent alone ends the build."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@cache
def _default_parse(nouns: Literal["rule", "full"]) -> ParsePage:
    # Imported by the workers only: the parser brings its dictionaries along.
    return partial(import_module("extract.parse").parse_page, nouns=nouns)


@cache
def _add_keywords() -> Callable[[PageRecords], PageRecords]:
    # Imported when asked for only: it brings jieba along.
    add: Callable[[PageRecords], PageRecords] = import_module("extract.keywords").add_keywords
    return add


def _where(error: Exception) -> str:
    # The message of an exception may quote the page, usernames included: only its place is told.
    rooms = Path(__file__).parents[1]
    ours = [
        frame
        for frame in extract_tb(error.__traceback__)
        if Path(frame.filename).parent.parent == rooms
    ]
    place = f" in {Path(ours[-1].filename).name}, {ours[-1].name}" if ours else ""
    return f"parsing failed with {type(error).__name__}{place}"
