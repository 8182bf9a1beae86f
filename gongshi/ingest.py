"""Taking in saved pages and archives from elsewhere."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path, PurePosixPath

from crawler.archive import WarcWriter
from crawler.loader import Declared
from datasets.archive_filter import filter_archive, name_by_content
from extract.parse import UNDECLARED_SOURCE
from extract.source import Source
from gongshi.declared import choose_sources
from gongshi.saved_pages import (
    files_beside,
    find_saved,
    media_type_of,
    name_of,
    saved_at,
)
from gongshi.terminal import Steps, say, show_steps


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken in."""

    files: int
    """Pages and archives that are in the data folder now."""
    problems: tuple[str, ...]
    """One sentence per path that could not be taken in."""


@dataclass(frozen=True, slots=True)
class IngestWishes:
    """How files are to be taken in."""

    source_id: str | None = None
    """Source they belong to; when None, each page's host tells."""
    filter: bool | None = None
    """Whether to take of archives only what declared sources want; when None, of those of Common
    Crawl, which hold pages of the whole web."""


def ingest(paths: Sequence[Path], data: Path, wishes: IngestWishes, declared: Declared) -> Taken:
    """Archive saved pages in a new WARC file and copy WARC files or what is wanted of them.

    Paths that cannot be taken in are named on stderr. Raises GongshiError for an undeclared
    or broken source.
    """
    wanting = list(declared.sources.values())
    if wishes.source_id is not None:
        wanting = choose_sources([wishes.source_id], declared)
    saved = find_saved(paths)
    problems = list(saved.problems)
    files = 0
    source = wishes.source_id or UNDECLARED_SOURCE
    with show_steps() as steps:
        if saved.pages:
            with WarcWriter(data, source, "ingest") as writer:
                for done, path in enumerate(saved.pages, start=1):
                    try:
                        files += _archive_page(path, writer)
                    except OSError as error:
                        problems.append(f"'{path}' cannot be read ({error.strerror}); check it")
                        continue
                    steps.show("archiving pages", done, len(saved.pages))
        for done, path in enumerate(saved.archives, start=1):
            if _is_filtered(path, wishes):
                problem = _take_wanted(path, data / "warc" / source, wanting, steps)
            else:
                problem = _copy_archive(path, data / "warc" / source)
            if problem:
                problems.append(problem)
            else:
                files += 1
            steps.show("copying archives", done, len(saved.archives))
    for problem in problems:
        say(f"gongshi: {problem}")
    say(f"took in {files} files")
    return Taken(files, tuple(problems))


def _archive_page(path: Path, writer: WarcWriter) -> int:
    """Archive a page and the files it links to in its folder; return how many files that is."""
    body = path.read_bytes()
    beside = files_beside(path, body)
    # The names of files have the folder of the page in front, as its links resolve.
    folder = PurePosixPath(name_of(path)).parent
    for file in beside:
        name = folder / file.relative_to(path.parent.resolve()).as_posix()
        media_type = guess_type(file.name)[0] or "application/octet-stream"
        writer.write_resource(str(name), file.read_bytes(), media_type, saved_at(file))
    writer.write_resource(name_of(path), body, media_type_of(path), saved_at(path))
    return 1 + len(beside)


def _is_filtered(path: Path, wishes: IngestWishes) -> bool:
    return path.name.startswith("CC-MAIN") if wishes.filter is None else wishes.filter


def _take_wanted(path: Path, folder: Path, sources: Sequence[Source], steps: Steps) -> str | None:
    """Copy what the sources want of an archive; return what went wrong."""
    size = path.stat().st_size

    def wants(url: str) -> bool:
        return any(source.wants(url) for source in sources)

    def show(done: int) -> None:
        steps.show(path.name, done, size)

    try:
        found = filter_archive(path, folder, wants, show)
    except OSError as error:
        return f"'{path}' cannot be taken in ({error.strerror}); check it and the disk"
    for issue in found.issues:
        say(f"gongshi: {issue.message}")
    if found.path is None:
        return (
            f"'{path}' holds no page that a declared source wants, of {found.records}; declare a "
            "source with its host, or take all of it with --no-filter"
        )
    say(f"kept {found.kept} of {found.records} records of {path.name}")
    return None


def _copy_archive(path: Path, folder: Path) -> str | None:
    """Copy a WARC file as it is, once; return what went wrong."""
    try:
        target = name_by_content(path, path, folder)
        if not target.exists():
            folder.mkdir(parents=True, exist_ok=True)
            part = target.with_name(target.name + ".part")
            shutil.copyfile(path, part)
            part.rename(target)
    except OSError as error:
        return f"'{path}' cannot be taken in ({error.strerror}); check it and the disk"
    return None
