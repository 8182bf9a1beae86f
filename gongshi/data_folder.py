"""Whether a data folder is whole and can be written; nothing in it is changed."""

import os
import shutil
from collections.abc import Sequence
from fcntl import LOCK_NB, LOCK_SH, flock
from pathlib import Path
from tempfile import TemporaryDirectory

from datasets.archive import list_warcs
from datasets.integrity import Odd, describe_failure, refuse_lost
from datasets.manifest import Part, parts_of
from datasets.members import find_whole_end
from datasets.mending import find_lost
from datasets.payload import LIMIT
from datasets.privacy import KEY_VARIABLE, find_key_file, load_key, refuse_key_inside
from datasets.store import LATEST, dangling_id, latest_id, read_manifest
from gongshi.check_result import CheckResult
from normalize.errors import GongshiError

_OTHERS = 0o077
"""Rights of everybody but the owner."""


def check_writing(data: Path) -> CheckResult:
    """Check that files can be written and linked, with some that are removed at once.

    >>> from tempfile import gettempdir
    >>> check_writing(Path(gettempdir())).verdict
    'ok'
    """
    try:
        with TemporaryDirectory(dir=data, prefix=".doctor-") as folder:
            file = Path(folder) / "file"
            file.write_bytes(b"PAR1")
            (Path(folder) / "symbolic").symlink_to(file)
            try:
                os.link(file, Path(folder) / "hard")
            except OSError:
                return CheckResult(
                    f"the file system of '{data}' knows no hard links: every snapshot is a whole "
                    "copy; put the folder on another disk to save space",
                    "note",
                )
    except OSError as error:
        raise describe_failure(data, error) from error
    return CheckResult("it can be written, and hard links work")


def check_space(data: Path) -> CheckResult:
    """Check that the largest page a crawl takes and all tables anew have room.

    >>> from tempfile import gettempdir
    >>> check_space(Path(gettempdir())).verdict
    'ok'
    """
    tables = sum(path.stat().st_size for path in data.glob(f"{LATEST}/*/*.parquet"))
    free, wanted = shutil.disk_usage(data).free, LIMIT + tables
    if free < wanted:
        raise GongshiError(
            f"'{data}' has {free:,} bytes free, and the next crawl and build may need {wanted:,}: "
            "free some space, for example with `gongshi gc`"
        )
    return CheckResult(f"{free:,} bytes are free")


def check_locks(data: Path) -> CheckResult:
    """Check whether a crawl, build or refresh is under way.

    >>> check_locks(Path("/nowhere")).message
    'nothing is under way'
    """
    locks = sorted((*data.glob("*.lock"), *data.glob("frontier/*.lock")))
    held = [f"'{path}' is held by {holder}" for path in locks if (holder := _find_holder(path))]
    if held:
        return CheckResult(f"{'; '.join(held)}: wait until that has ended", "note")
    return CheckResult("nothing is under way")


def _find_holder(path: Path) -> str | None:
    with path.open(encoding="utf-8") as lock:
        try:
            flock(lock, LOCK_SH | LOCK_NB)  # let go of at once
        except BlockingIOError:
            holder = lock.read().strip()
            return f"process {holder}" if holder.isdigit() else holder or "another process"
    return None


def check_latest(data: Path) -> CheckResult:
    """Check that the published tables have all their files, and no other.

    >>> check_latest(Path("/nowhere")).verdict
    'note'
    """
    latest = latest_id(data)
    if latest is None:
        gone = dangling_id(data)
        if gone is not None:
            raise GongshiError(
                f"snapshot {gone}, which '{data / LATEST}' points to, is gone: run `gongshi build`"
            )
        return CheckResult("there are no tables yet: run `gongshi build`", "note")
    folder = data / "snapshots" / latest
    try:
        parts = parts_of(read_manifest(data, latest))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _refuse_latest(folder, f"the manifest of snapshot {latest} is damaged") from error
    refuse_lost(folder, Odd(find_lost(data, latest, parts), ()))
    _refuse_cut(folder, parts)
    return CheckResult(f"snapshot {latest} has all of its {len(parts)} files")


def _refuse_cut(folder: Path, parts: Sequence[Part]) -> None:
    for part in parts:
        size = (folder / part.path).stat().st_size
        if size != part.size:
            told = f"'{folder / part.path}' has {size:,} bytes instead of {part.size:,}"
            raise _refuse_latest(folder, told)


def _refuse_latest(folder: Path, told: str) -> GongshiError:
    return GongshiError(
        f"{told}: remove the folder '{folder}', then run `gongshi build`, which makes all tables "
        "anew from the archive"
    )


def check_archives(data: Path) -> CheckResult:
    """Check that every archive file ends with a whole record; what is before it is not read.

    >>> check_archives(Path("/nowhere")).message
    '0 archive files end with a whole record'
    """
    warcs = list_warcs(data)
    torn = [told for path in warcs if (told := _find_tear(path))]
    if torn:
        more = f" (and {len(torn) - 1} more files)" if len(torn) > 1 else ""
        raise GongshiError(
            f"{torn[0]}{more}: crawl its source again, which cuts off what a killed crawl left, "
            "or copy an archive from elsewhere once more; builds leave it out"
        )
    return CheckResult(f"{len(warcs)} archive files end with a whole record")


def _find_tear(path: Path) -> str | None:
    with path.open("rb") as file:
        size = path.stat().st_size
        end = find_whole_end(file, size)
    if size in {0, end}:
        return None
    where = "where its last record ends" if end is None else f"behind byte {end:,} of {size:,}"
    return f"'{path}' cannot be read {where}"


def check_key(data: Path) -> CheckResult:
    """Check that the key of usernames is there, sound, and not among the data.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     check_key(Path(folder)).verdict in {"ok", "note"}
    True
    """
    path = find_key_file()
    refuse_key_inside(path, data)
    if not path.exists():
        if latest_id(data) is not None:
            raise GongshiError(
                f"key file '{path}' is gone, which the pseudonyms of the tables were made with: "
                f"bring it back or name it in {KEY_VARIABLE}, since a new key gives other ones"
            )
        return CheckResult(f"key file '{path}' is not there yet; its first use makes it", "note")
    load_key(path)
    if path.stat().st_mode & _OTHERS:
        return CheckResult(f"others can use key file '{path}': run `chmod 600 '{path}'`", "note")
    return CheckResult(f"key file '{path}' is there, outside of the data")
