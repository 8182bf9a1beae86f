"""Parses pages of an archive; whatever is wrong with one becomes a code and a message."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from importlib import import_module
from pathlib import Path
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


DIED = ParsedPage(None, code="extraction_died", message="the process that parsed this page died")
"""What becomes of a page that kills the process that parses it, again and again."""


@dataclass(frozen=True, slots=True)
class PageReader:
    """All a worker needs to parse pages of one data folder."""

    data: Path | str
    """The data folder, or its address as fsspec knows it. Example: `s3://bucket/data`"""
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
            payload = read_payload(self._place(entry.warc_file), fetch.offset)
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
            data = read_payload(self._place(warc_file), offset)
        except PayloadError:
            return None
        return convert_file(data, unquote(urlsplit(url).path.rpartition("/")[2]))

    def read_chunk(self, entries: Sequence[Entry]) -> list[ParsedPage]:
        """Parse some pages, in their order.

        >>> PageReader(Path("/nowhere")).read_chunk([])
        []
        """
        return [self.read(entry) for entry in entries]

    def _place(self, warc_file: str) -> Path | str:
        """Where a WARC file lies."""
        if isinstance(self.data, Path):
            return self.data / warc_file
        return f"{self.data}/{warc_file}"


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
