"""What something was made by, code, lists and libraries: does it have to be made again?"""

import sys
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.metadata import requires
from importlib.resources.abc import Traversable
from operator import attrgetter

from packaging.requirements import Requirement


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


def read_requirements() -> list[Requirement]:
    """Read which distributions gongshi cannot do without, as it says where it is installed.

    Raises PackageNotFoundError where it is not.

    >>> "lxml" in {requirement.name for requirement in read_requirements()}
    True
    """
    wanted = map(Requirement, requires("gongshi") or ())
    return [one for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]


def _iter_files(folder: Traversable) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=attrgetter("name")):
        if entry.is_file():
            yield entry
        elif entry.name != "__pycache__":
            yield from _iter_files(entry)
