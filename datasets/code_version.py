"""Tells apart what pages are parsed by: code, word lists and libraries."""

import sys
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.metadata import requires, version
from importlib.resources.abc import Traversable
from operator import attrgetter

from packaging.requirements import Requirement

PARSERS = ("normalize", "extract", "datasets")
"""Packages that have a part in the records of a page."""


@cache
def describe_parser() -> str:
    """Name the versions of gongshi and Python, with a digest of all that parses pages.

    Raises PackageNotFoundError where a distribution that gongshi needs is not installed.

    >>> describe_parser().startswith(f"gongshi {version('gongshi')} (")
    True
    """
    libraries = sorted((one.name, version(one.name)) for one in read_requirements())
    digest = sha256(f"{digest_packages(*PARSERS)} {libraries}".encode()).hexdigest()
    major, minor = sys.version_info[:2]
    return f"gongshi {version('gongshi')} ({digest[:16]}) on Python {major}.{minor}"


@cache
def digest_packages(*packages: str) -> str:
    """Digest all files of some packages, code and data; 64 hex digits.

    >>> digest_packages("normalize") == digest_packages("normalize", "extract")
    False
    """
    digest = sha256()
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
