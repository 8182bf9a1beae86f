"""Digests of the code and the lists that something was made by: does it have to be made again?"""

import sys
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable
from operator import attrgetter


@cache
def digest_packages(*packages: str) -> str:
    """Digest this Python and all files of some packages, data included; 64 hex digits.

    >>> digest_packages("normalize") == digest_packages("normalize", "extract")
    False
    """
    digest = sha256(sys.version.encode())
    for package in packages:
        for file in _iter_files(resources.files(package)):
            digest.update(f"{package}/{file.name}\0".encode())
            digest.update(sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _iter_files(folder: Traversable) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=attrgetter("name")):
        if entry.is_file():
            yield entry
        elif entry.name != "__pycache__":
            yield from _iter_files(entry)
