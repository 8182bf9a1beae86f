"""Whether a snapshot's folder still holds what its manifest says: nothing lost, nothing foreign."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from datasets.manifest import Part
from normalize.errors import GongshiError


@dataclass(frozen=True, slots=True)
class Odd:
    """What is not as the manifest says, as paths within the snapshot."""

    lost: tuple[Part, ...]
    """Parts whose file is gone."""
    foreign: tuple[str, ...]
    """Files beside them that no build has put there; hidden ones do not count."""


def find_odd(folder: Path, parts: Iterable[Part], known: Collection[str] = ()) -> Odd:
    """Compare the folder of a snapshot with its parts; `known` names further files of it.

    >>> find_odd(Path("/nowhere"), [Part("units", "a", "2c26b46b68ffc68f", 3, 900)]).foreign
    ()
    """
    expected = {part.path: part for part in parts}
    found = {
        path.relative_to(folder).as_posix()
        for pattern in ("*", "*/*")
        for path in folder.glob(pattern)
        if not path.name.startswith(".")
    }
    tables = {path.partition("/")[0] for path in expected} | set(known)
    foreign = sorted(path for path in found - expected.keys() if path not in tables)
    return Odd(tuple(part for path, part in expected.items() if path not in found), tuple(foreign))


def refuse_foreign(folder: Path, odd: Odd) -> None:
    """Raise GongshiError when the folder of a snapshot holds a file that is none of its own.

    Readers of the whole folder would take it for data, and a sweep would delete it.

    >>> refuse_foreign(Path("data/snapshots/s"), Odd((), ("units/mine.csv",)))
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: 'data/snapshots/s/units/mine.csv' is none of the files of ...
    """
    if odd.foreign:
        more = f" (and {len(odd.foreign) - 1} more)" if len(odd.foreign) > 1 else ""
        raise GongshiError(
            f"'{folder / odd.foreign[0]}'{more} is none of the files of this snapshot: move it "
            "away, since readers of the folder take it for data"
        )


def refuse_lost(folder: Path, odd: Odd) -> None:
    """Raise GongshiError when a file of a snapshot is gone.

    >>> refuse_lost(Path("s"), Odd((Part("units", "a", "2c26b46b68ffc68f", 3, 900),), ()))
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: snapshot s has lost 'units/a-2c26b46b68ff.parquet': ...
    """
    if odd.lost:
        more = f" and {len(odd.lost) - 1} files more" if len(odd.lost) > 1 else ""
        raise GongshiError(
            f"snapshot {folder.name} has lost '{odd.lost[0].path}'{more}: run `gongshi build`, "
            "which puts them back"
        )


def describe_failure(data: Path, error: OSError) -> GongshiError:
    """Tell in one sentence that a data folder cannot be written.

    >>> print(describe_failure(Path("data"), OSError(28, "No space left on device")))
    data folder 'data' cannot be written (No space left on device): free some space or mend its ...
    """
    return GongshiError(
        f"data folder '{data}' cannot be written ({error.strerror or error}): free some space or "
        "mend its rights; the published tables are as they were"
    )
