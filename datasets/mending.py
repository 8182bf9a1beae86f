"""What a build does about a disk that fails, and about files that somebody has deleted."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from datasets.integrity import describe_failure, find_odd, refuse_foreign
from datasets.manifest import Part, parts_of
from datasets.objects import find_object, is_stored
from datasets.store import LATEST, MANIFEST, latest_id, link_part, read_manifest, sweep_leftovers
from normalize.errors import GongshiError


@contextmanager
def telling_failures(data: Path) -> Iterator[None]:
    """Turn what goes wrong with a disk in the block to one GongshiError, and clear what was begun.

    The published tables are not touched: nothing of a commit is visible before its end.

    >>> with telling_failures(Path("/nowhere")):
    ...     raise OSError(28, "No space left on device")
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: data folder '/nowhere' cannot be written (No space left on ...
    """
    try:
        yield
    except OSError as error:
        with suppress(OSError):  # what cannot be cleared now is swept by the next commit
            sweep_leftovers(data)
        raise describe_failure(data, error) from error


def mend_latest(data: Path) -> None:
    """Link files again that somebody deleted from the published snapshot, as far as objects last.

    Raises GongshiError when the snapshot holds a foreign file, or has lost one with its object.

    >>> mend_latest(Path("/nowhere"))
    """
    latest = latest_id(data)
    if latest is None:
        return
    folder = data / "snapshots" / latest
    for part in find_lost(data, latest, parts_of(read_manifest(data, latest))):
        (folder / part.table).mkdir(exist_ok=True)
        link_part(find_object(data, part), folder / part.path)


def find_lost(data: Path, snapshot: str, parts: Sequence[Part]) -> tuple[Part, ...]:
    """Find the parts of the published snapshot that are gone from it and can be linked again.

    Raises GongshiError when the snapshot holds a foreign file, or has lost one with its object.

    >>> find_lost(Path("/nowhere"), "20220406T111500000000Z-00000000", [])
    ()
    """
    folder = data / "snapshots" / snapshot
    odd = find_odd(folder, parts, (MANIFEST,))
    refuse_foreign(folder, odd)
    gone = next((part for part in odd.lost if not is_stored(data, part)), None)
    if gone:
        raise GongshiError(
            f"snapshot {snapshot} has lost '{gone.path}' for good: remove the link "
            f"'{data / LATEST}', then build all tables from the archive"
        )
    return odd.lost
