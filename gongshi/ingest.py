"""Taking in saved pages and archives from elsewhere."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import file_digest
from mimetypes import guess_type
from pathlib import Path, PurePosixPath

from crawler.archive import WarcWriter
from crawler.loader import Declared
from extract.parse import UNDECLARED_SOURCE
from gongshi.declared import choose_sources
from gongshi.saved_pages import (
    WARC_SUFFIXES,
    files_beside,
    find_saved,
    media_type_of,
    name_of,
    saved_at,
)
from gongshi.terminal import say, show_steps


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken in."""

    files: int
    """Pages and archives that are in the data folder now."""
    problems: tuple[str, ...]
    """One sentence per path that could not be taken in."""


def ingest(paths: Sequence[Path], data: Path, source_id: str | None, declared: Declared) -> Taken:
    """Archive saved pages in a new WARC file and copy WARC files as they are.

    Paths that cannot be taken in are named on stderr. Raises GongshiError for an undeclared
    or broken source.
    """
    if source_id is not None:
        choose_sources([source_id], declared)
    saved = find_saved(paths)
    problems = list(saved.problems)
    files = 0
    source = source_id or UNDECLARED_SOURCE
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
            copy_archive(path, data / "warc" / source)
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


def copy_archive(path: Path, folder: Path) -> Path:
    """Copy a WARC file under a name that its content decides, so that a second copy is none."""
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()[:16]
    suffix = next(s for s in reversed(WARC_SUFFIXES) if path.name.endswith(s))
    target = folder / f"{path.name.removesuffix(suffix)}-{digest}{suffix}"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        shutil.copyfile(path, part)
        part.rename(target)
    return target
