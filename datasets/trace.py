"""Where a row comes from: its words in the text, what was printed, the record in the archive."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from datasets.archive import read_payload
from datasets.edits import FindCleaning, Passage, Printed, find_printed
from datasets.index import DRESSING, PARSED_TYPES, file_key
from datasets.pages import PageReader
from datasets.payload import PayloadError
from datasets.read import Snapshot
from datasets.schema import SEPARATOR, Row, get_table
from datasets.tracing_rows import find_row, read_row, read_rows_where
from extract.attached import FILES, name_file
from extract.attachments.contents import AttachmentError
from extract.attachments.read import read_attachment
from extract.lines import read_html_lines
from extract.page import Page
from extract.page_lines import read_page_lines
from extract.records import Attachment
from extract.source import Source, find_source
from normalize.clean import CleanLines, clean_lines

_PRINTED = {"text": "text_original", "title": "title_raw"}


@dataclass(frozen=True, slots=True)
class FilePlace:
    """Where in an attached file a row stands."""

    name: str
    """Name of the file, with that of the archive it lay in. Example: `附件.zip/名单.xlsx`"""
    place: str
    """Place as the reader of the file gives it. Example: `名单!12`"""
    sheet: str | None
    """Sheet of a workbook. Example: `名单`"""
    row: str | None
    """Row of the sheet. Example: `12`"""
    column: int
    """Number of the cell in the row that the span begins in, from 1."""
    url: str | None
    """Address of the file. Example: `http://mzt.example.cn/files/list.xlsx`"""


@dataclass(frozen=True, slots=True)
class RowTrace:
    """All that leads from one row to the bytes it was read from."""

    snapshot: str
    """Id of the snapshot the row stands in."""
    table: str
    """Its table."""
    row_id: str
    """Its key, in full."""
    row: Row
    """Its cells."""
    passage: Passage | None = None
    """Text with the span, None for a row that no words of a text stand for."""
    printed: Printed | None = None
    """What was printed there, and the edits."""
    document: Row | None = None
    """Row of the document."""
    file: FilePlace | None = None
    """Attached file that the row stands in."""
    fetches: tuple[Row, ...] = ()
    """Fetches that gave the bytes: of the page, then of the attached file."""
    notes: tuple[str, ...] = field(default=())
    """What else a reader must know: corrections of the row, an archive that is gone."""


def trace_row(snapshot: Snapshot, data: Path, spec: str, sources: Mapping[str, Source]) -> RowTrace:
    """Follow a row back to the archive; `spec` is its id, the beginning of one, or `TABLE/ID`.

    `sources` are the declarations that the tables were built with. The page is read again from
    the archive only when cleaning has changed the line the row stands in. Raises GongshiError when
    there is no such row, with the nearest ids, or several.

    >>> from tempfile import TemporaryDirectory
    >>> from datasets.read import open_snapshot
    >>> with TemporaryDirectory() as folder:
    ...     trace_row(open_snapshot(Path(folder)), Path(folder), "7d79", {})
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: data folder '...' has no tables yet: ...
    """
    table, row_id = find_row(snapshot, spec)
    return _Tracer(snapshot, data, sources).trace(table, row_id)


class _Tracer:
    """Reads what one trace needs."""

    def __init__(self, snapshot: Snapshot, data: Path, sources: Mapping[str, Source]) -> None:
        self.snapshot = snapshot
        self.data = data
        self.sources = sources
        self.notes: list[str] = []

    def trace(self, table: str, row_id: str) -> RowTrace:
        row = read_row(self.snapshot, table, row_id)
        assert row is not None
        document = row if table == "documents" else self._one("documents", row.get("doc_id"))
        passage = self._find_passage(table, row, document)
        fetches = self._find_fetches(table, row, document)
        file = self._find_file(row, document, passage, fetches)
        if file and file.url:
            fetches += tuple(self._fetched_files([file.url]).values())
        self.notes += self._corrections(table, row_id)
        printed = None
        if passage:
            printed = find_printed(passage, self._cleanings(document, file, fetches))
        return RowTrace(
            self.snapshot.id,
            table,
            row_id,
            row,
            passage,
            printed,
            document,
            file,
            fetches,
            tuple(self.notes),
        )

    def _one(self, table: str, row_id: str | None) -> Row | None:
        return read_row(self.snapshot, table, row_id) if row_id else None

    def _find_passage(self, table: str, row: Row, document: Row | None) -> Passage | None:
        if table in ("comments", "mentions"):
            comment = row if table == "comments" else self._one("comments", row["comment_id"])
            return _cut("comments", comment, "text", row) if comment else None
        if document is None:
            return None
        if table == "threads" or row.get("field") == "title":
            return _cut("documents", document, "title", row)
        if table != "documents" and row.get("span_start", row.get("start")) is None:
            return None
        return _cut("documents", document, "text", row)

    def _find_fetches(self, table: str, row: Row, document: Row | None) -> tuple[Row, ...]:
        if table == "fetches":
            return (row,)
        if document:
            found = self._one("fetches", document["fetch_id"])
            return (found,) if found else ()
        if table == "issues" and row["url"]:
            return tuple(read_rows_where(self.snapshot, "fetches", "url", row["url"])[-1:])
        return ()

    def _corrections(self, table: str, row_id: str) -> list[str]:
        told = (
            row
            for code in ("corrected", "correction_refused")
            for row in read_rows_where(self.snapshot, "issues", "code", code)
        )
        return [
            f"{row['code'].replace('_', ' ')}: {row['message']}"
            for row in told
            if row["message"].startswith(f"{table} {row_id},")
        ]

    def _find_file(
        self, row: Row, document: Row | None, passage: Passage | None, fetches: tuple[Row, ...]
    ) -> FilePlace | None:
        src = row.get("src") or ""
        if not src.startswith(FILES) or document is None or passage is None:
            return None
        name, _, place = src.removeprefix(FILES).rpartition("#")
        sheet, _, number = place.rpartition("!")
        before = passage.text[: passage.start]
        column = before[before.rfind("\n") + 1 :].count("\t") + 1
        url = next((link.url for link in self._links(document, name, fetches)), None)
        return FilePlace(name, place, sheet or None, number if sheet else None, column, url)

    def _links(self, document: Row, name: str, fetches: tuple[Row, ...]) -> Iterator[Attachment]:
        """Links to the file of that name: by address, else by the words the page links it with."""
        urls = filter(None, document["attachments"].split(SEPARATOR))
        links = [Attachment(url, "") for url in urls]
        yield from (link for link in links if _is_of(name_file(link), name))
        if (page := self._read_page(fetches)) and fetches:
            entry_source = self._source(fetches[0])
            from extract.parse import parse_document  # noqa: PLC0415  (brings dictionaries along)

            found = parse_document(page, entry_source).attachments
            yield from (link for link in found if _is_of(name_file(link), name))

    def _source(self, fetch: Row) -> Source | None:
        return self.sources.get(fetch["source_id"]) or find_source(fetch["url"], self.sources)

    def _read_page(self, fetches: tuple[Row, ...]) -> Page | None:
        if not fetches:
            return None
        fetch = fetches[0]
        try:
            body = read_payload(self.data / fetch["warc_file"], fetch["warc_offset"])
        except (OSError, PayloadError) as error:
            note = f"the archived page cannot be read ({error}); edits are found from the tables"
            self.notes += [note] if note not in self.notes else []
            return None
        return Page(body, fetch["url"], fetch["media_type"], fetch["charset"], fetch["fetched_at"])

    def _cleanings(
        self, document: Row | None, file: FilePlace | None, fetches: tuple[Row, ...]
    ) -> Iterator[FindCleaning]:
        if file and file.url:
            yield from self._file_cleanings(file.url)
        if fetches:
            yield partial(self._page_cleaning, fetches)
        if document and document["page_type"] == "thread":
            yield partial(self._posts_cleaning, document)
        if document:
            for url in filter(None, document["attachments"].split(SEPARATOR)):
                yield from self._file_cleanings(url)

    def _page_cleaning(self, fetches: tuple[Row, ...]) -> CleanLines:
        page = self._read_page(fetches)
        return (
            read_page_lines(page, self._source(fetches[0])).lines.clean if page else clean_lines([])
        )

    def _posts_cleaning(self, document: Row) -> CleanLines:
        """Posts of a page are cleaned together, title first."""
        comments = read_rows_where(self.snapshot, "comments", "doc_id", document["doc_id"])
        texts = [document["title_raw"] or document["title"]]
        texts += [row["text_original"] or row["text"] for row in (document, *comments)]
        return clean_lines([line for text in texts for line in text.split("\n")])

    def _file_cleanings(self, url: str) -> Iterator[FindCleaning]:
        fetched = self._fetched_files([url])
        places = {key: (row["warc_file"], row["warc_offset"]) for key, row in fetched.items()}
        name = name_file(Attachment(url, ""))
        try:
            content = PageReader(self.data, files=places).find_file(url)
            texts = read_attachment(content, name) if content else ()
        except (AttachmentError, OSError):
            return
        for text in texts:
            yield partial(lambda root: read_html_lines(root).clean, text.root)

    def _fetched_files(self, urls: list[str]) -> dict[bytes, Row]:
        """The last fetch of each file, as a build takes them."""
        wanted = {file_key(url) for url in urls}
        names = self.snapshot.table("fetches", ["url"])["url"].to_pylist()
        found: dict[bytes, Row] = {}
        for url in dict.fromkeys(name for name in names if file_key(name) in wanted):
            rows = read_rows_where(self.snapshot, "fetches", "url", url)
            found |= {file_key(url): row for row in rows if _is_file(row)}
        return found


def _cut(table: str, row: Row, name: str, spanned: Row) -> Passage:
    """A text of a row with the span of another, or of all of it."""
    text = row[name]
    start = spanned.get("span_start", spanned.get("start"))
    end = spanned.get("span_end", spanned.get("end"))
    start, end = (0, len(text)) if start is None or end is None else (start, end)
    end = min(end, len(text))
    owner = f"{table}/{row[get_table(table).key]}"
    return Passage(name, text, row[_PRINTED[name]] or text, min(start, end), end, owner)


def _is_of(name: str, wanted: str) -> bool:
    return wanted == name or wanted.startswith(f"{name}/")


def _is_file(fetch: Row) -> bool:
    kind = fetch["media_type"]
    answered = fetch["reason"] is None and fetch["status"] in (0, 200)
    return answered and kind not in PARSED_TYPES and not str(kind).startswith(DRESSING)
