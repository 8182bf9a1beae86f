"""Parquet files by the digest of their content, written once and for good."""

import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from datasets.manifest import Part


def encode_table(table: pa.Table) -> pa.Buffer:
    """Encode rows as a Parquet file; the same rows give the same bytes.

    >>> encode_table(pa.table({"unit_id": ["7d793037a0760186"]})).to_pybytes()[:4]
    b'PAR1'
    """
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", compression_level=3)
    return sink.getvalue()


def describe_part(table: str, name: str, rows: int, content: pa.Buffer) -> Part:
    """Describe a part by its content, without storing it.

    >>> describe_part("units", "empty", 0, pa.py_buffer(b"PAR1")).size
    4
    """
    return Part(table, name, sha256(content).hexdigest(), rows, content.size)


def store_part(data: Path, part: Part, content: pa.Buffer) -> None:
    """Store the content of a part as an object, unless it is there. Call it as the one writer.

    >>> from tempfile import TemporaryDirectory
    >>> content = pa.py_buffer(b"PAR1")
    >>> part = describe_part("units", "empty", 0, content)
    >>> with TemporaryDirectory() as folder:
    ...     store_part(Path(folder), part, content)
    ...     is_stored(Path(folder), part)
    True
    """
    if not is_stored(data, part):
        target = find_object(data, part)
        target.parent.mkdir(parents=True, exist_ok=True)
        write_durably(target, content)


def is_stored(data: Path, part: Part) -> bool:
    """Whether the object of a part is there and whole.

    >>> is_stored(Path("/nowhere"), Part("units", "empty", "2c26b46b68ffc68f", 0, 900))
    False
    """
    target = find_object(data, part)
    return target.exists() and target.stat().st_size == part.size


def find_object(data: Path, part: Part) -> Path:
    """Give the path of a part's object.

    >>> find_object(Path("data"), Part("units", "a", "2c26b46b68ffc68f", 3, 900)).as_posix()
    'data/objects/2c/2c26b46b68ffc68f.parquet'
    """
    return data / "objects" / part.digest[:2] / f"{part.digest}.parquet"


def write_durably(target: Path, content: Any) -> None:
    """Write a file so that it is there as a whole or not at all, after a crash too.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_durably(Path(folder) / "a", b"PAR1")
    ...     (Path(folder) / "a").read_bytes()
    b'PAR1'
    """
    temporary = target.with_name(f"{target.name}.tmp")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.chmod(0o444)
    temporary.replace(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable.

    >>> sync_folder(Path("/tmp"))
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
