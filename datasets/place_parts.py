"""The files of the table of places, most of which are the same from build to build."""

from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import pyarrow as pa

from datasets.manifest import Part, parts_of
from datasets.objects import is_stored, store_part
from datasets.place_rows import division_rows
from datasets.schema import Row, arrow_schema, get_table
from datasets.store import encode_parts, write_parts

_MADE_FROM = ("datasets", "normalize", "normalize/data")
"""Folders of code and lists that decide what the files of divisions hold."""


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
    """Digest what decides the files of divisions: lists, code, schema and the version of Arrow.

    >>> len(divisions_digest())
    64
    """
    digest = sha256(arrow_schema("places").serialize())
    digest.update(pa.__version__.encode())
    for folder in _MADE_FROM:
        package, *below = folder.split("/")
        for file in sorted(resources.files(package).joinpath(*below).iterdir(), key=_name_of):
            if file.is_file():
                digest.update(f"{folder}/{file.name}".encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def _name_of(file: Traversable) -> str:
    return file.name


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
