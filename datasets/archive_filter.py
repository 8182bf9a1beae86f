"""The part of a foreign archive that is wanted, its records byte for byte as they were."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, BinaryIO

from datasets.archive import ArchiveIssue, Fetch, read_archive

WARC_SUFFIXES = (".warc", ".warc.gz")
"""Endings of archives."""

_LONGEST_HEAD = 1 << 16
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept of an archive."""

    path: Path | None
    """The new file; None when nothing was wanted."""
    kept: int
    """Records that were wanted."""
    records: int
    """Records of answers that the archive holds."""
    issues: tuple[ArchiveIssue, ...]
    """What could not be read."""


def filter_archive(
    path: Path,
    folder: Path,
    wants: Callable[[str], bool],
    on_bytes: Callable[[int], None] = lambda _: None,
) -> Kept:
    """Copy the records whose address is wanted to a new file of `folder`, unchanged.

    What the archive says of itself comes along. A second pass over the same archive makes no
    second file. `on_bytes` hears how far the archive was read. Raises OSError when a file cannot
    be read or written.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     filter_archive(Path("/dev/null"), Path(folder), lambda url: True).records
    0
    """
    kept = records = 0
    issues = []
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("rb") as archive, NamedTemporaryFile(dir=folder, delete=False) as part:
        try:
            for item in read_archive(path, payloads=False):
                if isinstance(item, ArchiveIssue):
                    issues.append(item)
                elif isinstance(item, Fetch):
                    if not records and item.offset <= _LONGEST_HEAD:
                        _copy(archive, part, 0, item.offset)  # its warcinfo
                    records += 1
                    if wants(item.url):
                        kept += 1
                        _copy(archive, part, item.offset, item.length)
                    on_bytes(item.offset + item.length)
            part.close()
            target = name_by_content(path, Path(part.name), folder) if kept else None
            if target is not None:
                Path(part.name).rename(target)
        finally:
            with suppress(FileNotFoundError):
                Path(part.name).unlink()
    return Kept(target, kept, records, tuple(issues))


def name_by_content(path: Path, content: Path, folder: Path) -> Path:
    """Name a copy of an archive after its content, so that the same content has one name.

    Takes the archive, the file whose content counts and the folder of the copy.

    >>> name_by_content(Path("cc/a.warc.gz"), Path("/dev/null"), Path("warc")).as_posix()
    'warc/a-e3b0c44298fc1c14.warc.gz'
    """
    with content.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()[:16]
    suffix = next(s for s in reversed(WARC_SUFFIXES) if path.name.endswith(s))
    return folder / f"{path.name.removesuffix(suffix)}-{digest}{suffix}"


def _copy(archive: BinaryIO, part: IO[bytes], start: int, length: int) -> None:
    archive.seek(start)
    while length and (piece := archive.read(min(length, _CHUNK))):
        part.write(piece)
        length -= len(piece)
