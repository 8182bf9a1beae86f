"""The version of the code that runs, wherever it was put."""

from importlib.metadata import distributions, version
from pathlib import Path


def own_version() -> str:
    """Read the version of this project from its metadata, also when it runs from an egg.

    scrapyd names an egg after the time of its deployment, and `importlib.metadata` takes the name
    of a distribution from the name of its egg, so it would find another installation or none.

    >>> own_version() == version("gongshi")
    True
    """
    root = Path(__file__).parents[1]
    if root.suffix != ".egg":
        return version("gongshi")
    (egg,) = distributions(path=[str(root)])
    return egg.version
