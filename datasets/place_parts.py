"""The files of the table of places, most of which are the same from build to build."""

from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa

from datasets.code_version import digest_packages
from datasets.manifest import Part, parts_of
from datasets.objects import is_stored, store_part
from datasets.place_rows import division_rows
from datasets.schema import Row, get_table
from datasets.store import encode_parts, write_parts


def write_places(
    data: Path, villages: Sequence[Row], previous: Mapping[str, Any]
) -> tuple[Part, ...]:
    """Store the divisions above the village, and the villages given, as parts of `places`.

    `previous` is the manifest of the snapshot before, empty when there is none: when it was made
    from the same lists by the same code, its files are taken as they are. Call it inside
    `writer_lock`.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     [part.name for part in write_places(Path(folder), [], {})]
    ['city', 'county', 'province', 'town']
    """
    named = write_parts(data, get_table("places"), villages) if villages else ()
    return (*(_find_divisions(data, previous) or _write_divisions(data)), *named)


@cache
def divisions_digest() -> str:
    """Digest what decides the files of divisions: lists, code with the schema, and Arrow.

    >>> len(divisions_digest())
    64
    """
    made_by = f"{digest_packages('normalize', 'datasets')} pyarrow {pa.__version__}"
    return sha256(made_by.encode()).hexdigest()


def _find_divisions(data: Path, previous: Mapping[str, Any]) -> tuple[Part, ...]:
    """The parts of the snapshot before, none when they were made otherwise or are damaged."""
    if previous.get("divisions") != divisions_digest():
        return ()
    parts = [p for p in parts_of(previous) if p.table == "places" and p.name != "village"]
    return tuple(parts) if all(is_stored(data, part) for part in parts) else ()


def _write_divisions(data: Path) -> tuple[Part, ...]:
    for part, content in _encode_divisions():
        store_part(data, part, content)
    return tuple(part for part, _ in _encode_divisions())


@cache
def _encode_divisions() -> tuple[tuple[Part, pa.Buffer], ...]:
    return tuple(encode_parts(get_table("places"), division_rows()))
