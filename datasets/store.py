"""The snapshot store: content-addressed Parquet files, hard-linked snapshots, one atomic link."""

import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fcntl import LOCK_EX, LOCK_NB, flock
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa

from datasets.integrity import describe_failure, find_odd, refuse_foreign
from datasets.manifest import FORMAT, Part, describe_snapshot, dump_manifest, parts_of
from datasets.objects import (
    describe_part,
    encode_table,
    find_object,
    store_part,
    sync_folder,
    write_durably,
)
from datasets.schema import Row, Table, load_tables, to_arrow
from normalize.errors import GongshiError
from normalize.ids import make_id

LATEST = "latest"
MANIFEST = "datapackage.json"
STAGING = ".staging-"
TRASH = ".trash-"
STAMP = "%Y%m%dT%H%M%S%fZ"
SAFE_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,79}")


@dataclass(frozen=True, slots=True)
class Commit:
    """What one commit did."""

    snapshot: str
    """Id of the snapshot that holds the tables now: a new one, or `latest` when unchanged."""
    changed: bool
    """Whether a new snapshot was written."""
    published: bool
    """Whether `latest` points to it."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What `gc` removed."""

    snapshots: tuple[str, ...]
    """Ids of the snapshots."""
    objects: int
    """Number of files no snapshot holds any more."""
    freed: int
    """Their bytes."""


@contextmanager
def writer_lock(data: Path) -> Iterator[None]:
    """Hold the only right to write snapshots of a data folder; GongshiError says who else has it.

    The lock dies with its process, so a killed build leaves none behind. Raises GongshiError, too,
    when the folder cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, writer_lock(Path(folder)):
    ...     (Path(folder) / "writer.lock").read_text().startswith("process ")
    True
    """
    with ExitStack() as stack:
        try:
            data.mkdir(parents=True, exist_ok=True)
            file = stack.enter_context((data / "writer.lock").open("a+", encoding="utf-8"))
        except OSError as error:
            raise describe_failure(data, error) from error
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except OSError as error:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise GongshiError(
                f"data folder '{data}' is being written by {holder}: wait until it has ended"
            ) from error
        with suppress(OSError):  # who holds it is told where the disk has room for it
            file.truncate(0)
            file.write(f"process {os.getpid()} on {os.uname().nodename} since {_now():%F %T} UTC")
            file.flush()
        yield


def write_parts(data: Path, table: Table, rows: Sequence[Row]) -> tuple[Part, ...]:
    """Sort the rows, split them to parts and store each as an object; the same rows give the same
    bytes. An empty table gives one part without rows, so that its folder can always be read.

    Call it inside `writer_lock`.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     [(p.name, p.rows) for p in write_parts(Path(folder), load_tables()["issues"], [])]
    [('empty', 0)]
    """
    parts = []
    for part, content in encode_parts(table, rows):
        store_part(data, part, content)
        parts.append(part)
    return tuple(parts)


def encode_parts(table: Table, rows: Sequence[Row]) -> Iterator[tuple[Part, pa.Buffer]]:
    """Sort the rows, split them to parts and encode each, without storing anything.

    >>> [part.rows for part, _ in encode_parts(load_tables()["issues"], [])]
    [0]
    """
    if not rows:
        yield _encode_part(table, "empty", [])
    keyed = [((part_name(table, row), *_reading_order(table, row)), row) for row in rows]
    keyed.sort(key=itemgetter(0))
    for name, group in groupby(keyed, key=lambda pair: pair[0][0]):
        yield _encode_part(table, name, [row for _, row in group])


def part_name(table: Table, row: Row) -> str:
    """Name the part a row is in, for people and file systems.

    >>> part_name(load_tables()["comments"], {"source_id": "xishu_bbs", "posted_at": None})
    'xishu_bbs-none'
    """
    names = [_part_value(row, rule) for rule in table.part]
    name = "-".join(names) or "all"
    return name if SAFE_PART.fullmatch(name) else make_id(*names)


def _part_value(row: Row, rule: str) -> str:
    column, _, cut = rule.partition(":")
    value = row[column]
    if value is None:
        return "none"
    return f"{value:%Y-%m}" if cut == "month" else str(value)


def _reading_order(table: Table, row: Row) -> tuple[Any, ...]:
    # Nulls come last; a pair per column keeps None from being compared with a value.
    return tuple(
        (row[name] is None, "" if row[name] is None else row[name])
        for name in (*table.sort, table.key)
    )


def _encode_part(table: Table, name: str, rows: list[Row]) -> tuple[Part, pa.Buffer]:
    content = encode_table(to_arrow(table.name, rows))
    return describe_part(table.name, name, len(rows), content), content


def commit(
    data: Path, parts: Iterable[Part], note: Mapping[str, Any], held: Sequence[str] = ()
) -> Commit:
    """Make a snapshot of stored parts and point `latest` to it, unless nothing has changed.

    `note` goes into the manifest; with reasons in `held` the snapshot is written aside and
    `latest` stays. Call it inside `writer_lock`.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     data = Path(folder)
    ...     parts = [p for t in load_tables().values() for p in write_parts(data, t, [])]
    ...     commit(data, parts, {}).changed, commit(data, parts, {}).changed
    (True, False)
    """
    parts = tuple(sorted(parts, key=lambda part: (part.table, part.name)))
    sweep_leftovers(data)
    parent = latest_id(data)
    if parent and set(parts) == set(parts_of(read_manifest(data, parent))):
        _drop_held(data)
        return Commit(parent, changed=False, published=True)
    _drop_held(data)
    snapshot = _new_id(parts, parent)
    staging = data / "snapshots" / f"{STAGING}{snapshot}"
    for table in {part.table for part in parts}:
        (staging / table).mkdir(parents=True)
    for part in parts:
        link_part(find_object(data, part), staging / part.path)
    manifest = describe_snapshot(snapshot, parts, parent, {**note, "held": list(held)})
    write_durably(staging / MANIFEST, dump_manifest(manifest).encode())
    for folder in (*(staging / name for name in load_tables()), staging):
        sync_folder(folder)
    staging.rename(data / "snapshots" / snapshot)
    sync_folder(data / "snapshots")
    if not held:
        _point_latest(data, snapshot)
    return Commit(snapshot, changed=True, published=not held)


def latest_id(data: Path) -> str | None:
    """Id of the published snapshot, None before the first one.

    >>> latest_id(Path("/nowhere")) is None
    True
    """
    try:
        snapshot = (data / LATEST).readlink().name
    except OSError:
        return None
    return snapshot if (data / "snapshots" / snapshot / MANIFEST).exists() else None


def dangling_id(data: Path) -> str | None:
    """Id of a snapshot that `latest` points to but that is gone, None when all is well.

    >>> dangling_id(Path("/nowhere")) is None
    True
    """
    link = data / LATEST
    return link.readlink().name if link.is_symlink() and latest_id(data) is None else None


def list_snapshots(data: Path) -> tuple[str, ...]:
    """Ids of all whole snapshots, oldest first, those held aside included.

    >>> list_snapshots(Path("/nowhere"))
    ()
    """
    return tuple(sorted(path.parent.name for path in data.glob(f"snapshots/[!.]*/{MANIFEST}")))


def read_manifest(data: Path, snapshot: str) -> dict[str, Any]:
    """Read the manifest of a snapshot.

    Raises FileNotFoundError when there is no such snapshot, GongshiError for one that a newer
    program has laid out in a way this one does not know.

    >>> read_manifest(Path("/nowhere"), "20220406T111500000000Z-00000000")
    Traceback (most recent call last):
    ...
    FileNotFoundError: ...
    """
    text = (data / "snapshots" / snapshot / MANIFEST).read_text(encoding="utf-8")
    manifest: dict[str, Any] = json.loads(text)
    if manifest.get("format", FORMAT) > FORMAT:
        raise GongshiError(
            f"snapshot {snapshot} was written by a newer gongshi (format {manifest['format']}, not "
            f"{FORMAT}): update gongshi; any Parquet reader still opens its tables"
        )
    return manifest


def gc(data: Path, keep: int) -> Swept:
    """Remove all but the newest `keep` published snapshots, and the objects nobody links to.

    The snapshot `latest` points to always stays. Call it inside `writer_lock`.

    >>> gc(Path("/nowhere"), keep=3).objects
    0
    """
    if keep < 1:
        raise GongshiError(f"cannot keep {keep} snapshots: keep 1 or more")
    sweep_leftovers(data)
    latest = latest_id(data)
    published = [s for s in list_snapshots(data) if latest and s <= latest]
    doomed = tuple(snapshot for snapshot in published[:-keep] if snapshot != latest)
    for snapshot in doomed:
        _remove_snapshot(data, snapshot)
    loose = [path for path in data.glob("objects/*/*.parquet") if path.stat().st_nlink == 1]
    freed = sum(path.stat().st_size for path in loose)
    for path in loose:
        path.unlink()
    return Swept(doomed, len(loose), freed)


def sweep_leftovers(data: Path) -> None:
    """Clear what a killed build left behind; nothing of it was ever visible to readers.

    >>> sweep_leftovers(Path("/nowhere"))
    """
    for pattern in (f"snapshots/{STAGING}*", f"snapshots/{TRASH}*"):
        for folder in data.glob(pattern):
            shutil.rmtree(folder)
    for path in data.glob("objects/*/*.tmp"):
        path.unlink()
    (data / f"{LATEST}.tmp").unlink(missing_ok=True)


def _drop_held(data: Path) -> None:
    """Remove snapshots that were written aside: this commit takes their place."""
    latest = latest_id(data) or ""
    for snapshot in list_snapshots(data):
        # Those before the published one are history: a held one never outlives the next commit.
        if snapshot > latest and read_manifest(data, snapshot)["held"]:
            _remove_snapshot(data, snapshot)


def _remove_snapshot(data: Path, snapshot: str) -> None:
    folder = data / "snapshots" / snapshot
    parts = parts_of(read_manifest(data, snapshot))
    refuse_foreign(folder, find_odd(folder, parts, (MANIFEST,)))
    # Renamed first, so that nobody ever sees a snapshot that has lost some of its files.
    trash = data / "snapshots" / f"{TRASH}{snapshot}"
    folder.rename(trash)
    shutil.rmtree(trash)


def _new_id(parts: Sequence[Part], parent: str | None) -> str:
    """An id that sorts after its parent's even when the clock was set back."""
    now = _now()
    if parent:
        before = datetime.strptime(parent.partition("-")[0], STAMP).replace(tzinfo=UTC)
        now = max(now, before + timedelta(microseconds=1))
    return f"{now:{STAMP}}-{make_id(*(part.digest for part in parts))[:8]}"


def _now() -> datetime:
    return datetime.now(UTC)


def link_part(source: Path, target: Path) -> None:
    """Put an object into a snapshot under a name of its own.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     source, target = Path(folder) / "object", Path(folder) / "all.parquet"
    ...     _ = source.write_bytes(b"PAR1")
    ...     link_part(source, target)
    ...     target.samefile(source)
    True
    """
    try:
        os.link(source, target)
    except OSError:
        # Some file systems know no hard links: a copy reads the same and only costs space.
        shutil.copyfile(source, target)


def _point_latest(data: Path, snapshot: str) -> None:
    temporary = data / f"{LATEST}.tmp"
    temporary.symlink_to(Path("snapshots") / snapshot)
    if (data / LATEST).is_dir() and not (data / LATEST).is_symlink():
        raise GongshiError(f"'{data / LATEST}' is a folder, not a link: move it away")
    temporary.replace(data / LATEST)
    sync_folder(data)
