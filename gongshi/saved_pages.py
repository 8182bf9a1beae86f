"""Saved pages on disk: finding them, and reading each as a page."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, unquote, urljoin

from datasets.archive_filter import WARC_SUFFIXES
from datasets.office import convert_file
from extract.attachments.bounds import MAX_FILE_BYTES
from extract.boilerplate import is_attachment_url
from extract.page import FindFile, Page, decode_page, parse_tree
from gongshi.fixtures import read_recorded

_MEDIA_TYPES = {".html": "text/html", ".htm": "text/html", ".txt": "text/plain"}


@dataclass(frozen=True, slots=True)
class SavedFiles:
    """What a list of paths leads to."""

    pages: tuple[Path, ...]
    """Saved pages."""
    archives: tuple[Path, ...]
    """WARC files."""
    problems: tuple[str, ...]
    """One sentence per path that cannot be used."""


def find_saved(paths: Iterable[Path]) -> SavedFiles:
    """Find the saved pages and archives that files and folders hold, each once, in order.

    In folders other kinds of files are passed over; a file named outright must be of a known kind.
    """
    pages: dict[Path, None] = {}
    archives: dict[Path, None] = {}
    problems = []
    for path in paths:
        if not path.exists():
            problems.append(f"'{path}' does not exist; check the path")
            continue
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        known = 0
        for file in files:
            if file.name.endswith(WARC_SUFFIXES):
                archives[file] = None
            elif file.suffix.lower() in _MEDIA_TYPES:
                pages[file] = None
            else:
                continue
            known += 1
        if not known:
            kinds = ", ".join((*_MEDIA_TYPES, *WARC_SUFFIXES))
            problems.append(f"'{path}' holds no saved page; gongshi reads {kinds}")
    return SavedFiles(tuple(pages), tuple(archives), tuple(problems))


def name_of(path: Path) -> str:
    """Name of a saved page in addresses: its path from here, without what lies above.

    The whole path of a machine is nobody's business; two files of one name in different folders
    must still keep apart.

    >>> name_of(Path("../pages/county/1.html"))
    'pages/county/1.html'
    """
    relative = Path(os.path.relpath(path))
    return "/".join(part for part in relative.parts if part not in {"..", "/", "."})


def media_type_of(path: Path) -> str:
    """Media type of a saved page by its ending.

    >>> media_type_of(Path("1.HTM"))
    'text/html'
    """
    return _MEDIA_TYPES[path.suffix.lower()]


def saved_at(path: Path) -> datetime:
    """When a page was saved: the anchor for dates without a year."""
    return datetime.fromtimestamp(int(path.stat().st_mtime), UTC)


def read_saved(path: Path) -> Page:
    """Read a saved page, with its address and header where `gongshi record` has put them beside it.

    Raises OSError when it cannot be read.
    """
    return read_recorded(path) or Page(
        body=path.read_bytes(),
        url="file:///" + quote(name_of(path)),
        media_type=media_type_of(path),
        charset=None,
        fetched_at=saved_at(path),
    )


def find_beside(page: Path) -> FindFile:
    """Make what finds the files that a saved page links to: in its folder and below, never outside.

    Documents in Word's old formats come converted, as `PageReader.find_file` gives them.

    >>> find_beside(Path("saved/1.html"))("file:///etc/passwd") is None
    True
    """

    def find(url: str) -> bytes | None:
        beside = path_beside(page, url)
        try:
            data = beside.read_bytes() if beside else None
        except OSError:
            return None
        return convert_file(data, beside.name) if beside and data is not None else None

    return find


def files_beside(page: Path, body: bytes) -> list[Path]:
    """Paths of the files that a saved HTML page links to and that lie beside it, each once.

    >>> files_beside(Path("1.html"), b"<a href=missing.docx>")
    []
    """
    if media_type_of(page) != "text/html":
        return []
    url = "file:///" + quote(name_of(page))
    saved = Page(body, url, "text/html", None, datetime.now(UTC))
    links = (link.get("href") or "" for link in parse_tree(decode_page(saved).text).iter("a"))
    found = (
        path_beside(page, urljoin(url, href.strip())) for href in links if is_attachment_url(href)
    )
    return list(dict.fromkeys(path for path in found if path))


def path_beside(page: Path, url: str) -> Path | None:
    """Path of the file that a saved page links to by an address, None where none may be read.

    >>> path_beside(Path("saved/1.html"), "file:///saved/../secret.docx") is None
    True
    """
    folders, slash, _ = name_of(page).rpartition("/")
    base = f"file:///{folders}{slash}"
    url = unquote(url)
    if not url.startswith(base):
        return None
    folder = page.parent.resolve()
    try:
        target = (folder / url.removeprefix(base)).resolve()
        # A link may climb, and a file may be a link: neither leads outside the folder.
        readable = target.is_relative_to(folder) and target.is_file()
        return target if readable and target.stat().st_size <= MAX_FILE_BYTES else None
    except (OSError, ValueError):
        return None


def read_archived(path: Path) -> Iterator[Page]:
    """Read the pages of a WARC file; what is no page or cannot be read is passed over."""
    from datasets.archive import read_fetches

    for fetch in read_fetches(path):
        readable = fetch.media_type in {None, "text/html", "application/xhtml+xml", "text/plain"}
        if fetch.payload and fetch.status in {0, 200} and readable:
            yield Page(fetch.payload, fetch.url, fetch.media_type, fetch.charset, fetch.fetched_at)
