"""Tells the code that parses pages apart from any other."""

import sys
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("datasets", "extract", "normalize")
"""What has a part in the records of a page."""


@cache
def describe_code() -> str:
    """Name the version of gongshi and of Python, with a digest of all code and data that parse.

    >>> describe_code().startswith(f"gongshi {version('gongshi')} (")
    True
    """
    digest = sha256()
    rooms = Path(__file__).parents[1]
    for path in sorted(file for name in PACKAGES for file in (rooms / name).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(rooms).as_posix().encode() + b"\0")
            digest.update(sha256(path.read_bytes()).digest())
    major, minor = sys.version_info[:2]
    return f"gongshi {version('gongshi')} ({digest.hexdigest()[:8]}) on Python {major}.{minor}"
