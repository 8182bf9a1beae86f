"""Putting a finished file or folder where a person wants it: whole or not at all."""

import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from normalize.errors import GongshiError

PART = ".part"


def refuse_target(path: Path, *, folder: bool, ours: Collection[str], force: bool) -> None:
    """Raise GongshiError unless a file, or a folder of files named as in `ours`, may be put there.

    What exists is replaced with `force` only, and a folder only when it holds nothing else.

    >>> refuse_target(Path("/tmp"), folder=False, ours=(), force=True)
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: '/tmp' is a folder: name a file
    """
    if not path.exists():
        return
    if path.is_dir() and not folder:
        raise GongshiError(f"'{path}' is a folder: name a file")
    if not path.is_dir() and folder:
        raise GongshiError(f"'{path}' is a file: name a folder")
    if path.is_dir():
        foreign = sorted(entry.name for entry in path.iterdir() if entry.name not in ours)
        if foreign:
            raise GongshiError(
                f"folder '{path}' holds more than an export ('{foreign[0]}'): name a new one"
            )
        if not any(path.iterdir()):
            return
    if not force:
        raise GongshiError(f"'{path}' exists: name another path, or replace it with --force")


def refuse_inside(path: Path, folders: Collection[Path]) -> None:
    """Raise GongshiError when a path lies in one of some folders that only the program writes to.

    >>> refuse_inside(Path("data/latest/units/a.csv"), [Path("data/latest")])
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: 'data/latest/units/a.csv' lies in 'data/latest', ...
    """
    for folder in folders:
        if path.resolve().is_relative_to(folder.resolve()):
            raise GongshiError(
                f"'{path}' lies in '{folder}', where readers expect tables only: name another path"
            )


@contextmanager
def stage(target: Path) -> Iterator[Path]:
    """Give a folder beside the target to work in, and remove it afterwards whatever happens.

    What a killed process left of an earlier one is removed too.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with stage(Path(folder) / "a.csv") as work:
    ...         _ = (work / "a.csv").write_text("name")
    ...     list(Path(folder).iterdir())
    []
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    _sweep(target)
    work = target.parent / f".{target.name}.{os.getpid()}{PART}"
    work.mkdir()
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _sweep(target: Path) -> None:
    for left in target.parent.glob(f".{_escape(target.name)}.*{PART}"):
        process = left.name.removesuffix(PART).rpartition(".")[2]
        if process.isdecimal() and not _lives(int(process)):
            shutil.rmtree(left, ignore_errors=True)


def _escape(name: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)


def _lives(process: int) -> bool:
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def place(made: Path, target: Path) -> None:
    """Move what was made in a staging folder to its target, in the place of what is there.

    A file is replaced in one step. A folder is moved aside first: for a moment there is none.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with stage(Path(folder) / "a.csv") as work:
    ...         _ = (work / "b").write_text("name")
    ...         place(work / "b", Path(folder) / "a.csv")
    ...     (Path(folder) / "a.csv").read_text()
    'name'
    """
    for path in [made, *made.rglob("*")] if made.is_dir() else [made]:
        _sync(path)
    if made.is_dir() and target.is_dir():
        aside = made.with_name("replaced")
        target.rename(aside)
        try:
            made.rename(target)
        except OSError:
            aside.rename(target)
            raise
    else:
        made.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    # Some file systems cannot sync a folder; the files are then as safe as they get.
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
