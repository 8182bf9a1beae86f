"""Who parses the pages of a build: this process, a pool of processes, or a Dask cluster."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from datasets.engines import Engine, local_engine
from normalize.errors import GongshiError


@dataclass(frozen=True, slots=True)
class EngineWishes:
    """What a person asks of the engine."""

    jobs: int | None = None
    """Processes of this machine that parse pages; one per core when None."""
    engine: Literal["local", "dask"] = "local"
    """Whether this machine parses, or a Dask cluster."""
    scheduler: str = ""
    """Address of the cluster's scheduler. Example: `tcp://10.0.0.7:8786`"""
    archive: str | None = None
    """The data folder as the workers see it, a path or a URL; its own path when None."""


@contextmanager
def open_engine(wishes: EngineWishes, data: Path) -> Iterator[Engine]:
    """Give the engine that a person wants, for the time of the block.

    Raises GongshiError when the extra `dask` is not installed or the cluster cannot be used; see
    `datasets.dask_engine.open_cluster`.

    >>> from datasets.engines import parse_here
    >>> with open_engine(EngineWishes(jobs=1), Path("data")) as engine:
    ...     engine is parse_here
    True
    """
    if wishes.engine == "local":
        yield local_engine(wishes.jobs or os.cpu_count() or 1)
        return
    try:
        from datasets.dask_engine import open_cluster
    except ModuleNotFoundError as error:
        raise GongshiError(
            f"the Python package '{error.name}' is missing, which --engine dask needs; install it "
            "with: pip install -e '.[dask]' in the checkout"
        ) from error
    with open_cluster(wishes.scheduler, find_archive(wishes, data)) as engine:
        yield engine


def find_archive(wishes: EngineWishes, data: Path) -> Path | str:
    """Tell where workers find the data folder: a path, or an address for fsspec.

    >>> find_archive(EngineWishes(archive="s3://bucket/data/"), Path("data"))
    's3://bucket/data'
    >>> find_archive(EngineWishes(archive="/mnt/data"), Path("data")).as_posix()
    '/mnt/data'
    """
    if wishes.archive is None:
        return data.resolve()
    if "://" in wishes.archive:
        return wishes.archive.rstrip("/")
    return Path(wishes.archive)
