"""Taking in saved pages and archives from elsewhere."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from crawler.archive import WarcWriter
from crawler.loader import Declared
from extract.parse import UNDECLARED_SOURCE
from gongshi.declared import choose_sources
from gongshi.saved_pages import WARC_SUFFIXES, find_saved, media_type_of, name_of, saved_at
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
                        body = path.read_bytes()
                    except OSError as error:
                        problems.append(f"'{path}' cannot be read ({error.strerror}); check it")
                        continue
                    writer.write_resource(name_of(path), body, media_type_of(path), saved_at(path))
                    files += 1
                    steps.show("archiving pages", done, len(saved.pages))
        for done, path in enumerate(saved.archives, start=1):
            copy_archive(path, data / "warc" / source)
            files += 1
            steps.show("copying archives", done, len(saved.archives))
    for problem in problems:
        say(f"gongshi: {problem}")
    say(f"took in {files} files")
    return Taken(files, tuple(problems))


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
