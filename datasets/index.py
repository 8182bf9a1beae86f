"""The first, cheap pass over all WARC files: what was fetched, where it lies, whose it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_to_bytes

from datasets.archive import ArchiveIssue, Fetch, Run, list_warcs, read_archive
from extract.discuz_address import forget_way
from extract.source import Source, find_source
from normalize.ids import make_id

PARSED_TYPES = frozenset({None, "text/html", "application/xhtml+xml", "text/plain"})
"""Media types of pages; a page without any is taken for HTML, as browsers do."""

DRESSING = ("image/", "audio/", "video/", "font/", "text/css", "text/javascript")
"""Beginnings of media types that only dress a page and are no attachments."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One fetch and its place in the archive."""

    fetch_id: str
    """Row id over file and offset."""
    fetch: Fetch
    """The fetch without its payload."""
    warc_file: str
    """File relative to the data folder."""
    source_id: str
    """Source it counts for; the name of its folder when no source is declared for it."""
    source: Source | None
    """That source's declaration, if there is one."""

    @property
    def is_page(self) -> bool:
        """Whether it holds a page that can be parsed."""
        return (
            self._is_answer
            and self.fetch.media_type in PARSED_TYPES
            and not self.fetch.url.endswith("/robots.txt")
        )

    @property
    def is_attachment(self) -> bool:
        """Whether it holds a file that is no page and no dressing of one."""
        kind = self.fetch.media_type
        return self._is_answer and kind not in PARSED_TYPES and not str(kind).startswith(DRESSING)

    @property
    def is_unchanged(self) -> bool:
        """Whether the site said that its page is still the same."""
        return self.fetch.kind == "revisit" or self.fetch.status == 304

    @property
    def _is_answer(self) -> bool:
        fetch = self.fetch
        answered = fetch.kind == "resource" or (fetch.kind == "response" and fetch.status == 200)
        return answered and fetch.reason is None


@dataclass(slots=True)
class Index:
    """All that the archive of a data folder holds, without payloads."""

    runs: list[tuple[Run, str, str]] = field(default_factory=list)
    """Runs with their source id and WARC file."""
    entries: list[Entry] = field(default_factory=list)
    """Fetches by time, then by file and offset."""
    issues: list[tuple[ArchiveIssue, str, str]] = field(default_factory=list)
    """What could not be read, with source id and WARC file."""

    @property
    def files(self) -> dict[bytes, tuple[str, int]]:
        """WARC file and offset of each attachment by `file_key`; the last fetch counts.

        >>> Index().files
        {}
        """
        fetched = (entry for entry in self.entries if entry.is_attachment)
        return {
            file_key(entry.fetch.url): (entry.warc_file, entry.fetch.offset) for entry in fetched
        }


def file_key(url: str) -> bytes:
    """Address without percent signs, which requests have to write and links need not.

    The time of a visit, which Discuz! writes into the address of a file, does not count.

    >>> file_key("http://a.cn/%E5%90%8D.xls") == file_key("http://a.cn/名.xls")
    True
    """
    head, mark, query = url.partition("?")
    if mark and "mod=attachment" in query:
        url = f"{head}?{'&'.join(forget_way('', query.split('&'))[1])}"
    return unquote_to_bytes(url.encode("utf-8", "replace"))


def index_archive(
    data: Path, sources: Mapping[str, Source], on_file: Callable[[int, int], None]
) -> Index:
    """Read all WARC files of a data folder; `on_file` hears how many of how many are done.

    >>> index_archive(Path("/nowhere"), {}, print).entries
    []
    """
    index = Index()
    paths = list_warcs(data)
    for done, path in enumerate(paths, 1):
        _index_file(index, path, path.relative_to(data).as_posix(), sources)
        on_file(done, len(paths))
    index.entries.sort(key=lambda e: (e.fetch.fetched_at, e.warc_file, e.fetch.offset))
    return index


def _index_file(index: Index, path: Path, name: str, sources: Mapping[str, Source]) -> None:
    folder = path.parent.name
    runs: dict[str, Run] = {}
    for item in read_archive(path, payloads=False):
        match item:
            case Run():
                runs[item.run_id] = item
            case ArchiveIssue():
                index.issues.append((item, folder, name))
            case Fetch():
                source = _find_source(item, folder, sources)
                source_id = source.id if source else item.source_id or folder
                fetch_id = make_id("fetch", name, item.offset)
                index.entries.append(Entry(fetch_id, item, name, source_id, source))
                if item.run_id not in runs:
                    runs[item.run_id] = Run(item.run_id, "foreign", item.source_id, None, None)
    index.runs += [(run, run.source_id or folder, name) for run in runs.values()]


def _find_source(fetch: Fetch, folder: str, sources: Mapping[str, Source]) -> Source | None:
    """The source that made the fetch, or that declares its host when another crawler made it."""
    for source_id in (fetch.source_id, folder):
        if source_id and source_id in sources:
            return sources[source_id]
    return find_source(fetch.url, sources)
