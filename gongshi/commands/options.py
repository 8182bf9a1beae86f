"""Options that several commands share."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

Command = Callable[..., Any]

_WISHES = ("jobs", "engine", "scheduler", "archive", "accept", "keywords", "nouns", "reparse")


def data_option(command: Command) -> Command:
    """Add `--data DIR`, the data folder."""
    return click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("data"),
        show_default=True,
        envvar="GONGSHI_DATA",
        show_envvar=True,
        help="Data folder.",
    )(command)


def jobs_option(command: Command) -> Command:
    """Add `--jobs N`, the number of processes that extract."""
    return click.option(
        "--jobs",
        type=click.IntRange(min=1),
        default=None,
        help="Processes that extract.  [default: one per core]",
    )(command)


def accept_option(command: Command) -> Command:
    """Add `--accept`, which publishes tables that a check holds back."""
    return click.option(
        "--accept", is_flag=True, help="Publish the tables even when a check fails."
    )(command)


def keywords_option(command: Command) -> Command:
    """Add `--keywords`, which gives documents and comments their keywords."""
    return click.option(
        "--keywords/--no-keywords",
        default=False,
        envvar="GONGSHI_KEYWORDS",
        show_envvar=True,
        help="Find the keywords of documents and comments; slow.",
    )(command)


def nouns_option(command: Command) -> Command:
    """Add `--nouns`, which chooses how the measured nouns of figures are found."""
    return click.option(
        "--nouns",
        type=click.Choice(["rule", "full"]),
        default="rule",
        envvar="GONGSHI_NOUNS",
        show_default=True,
        help="Find what figures count by a light rule, or by segmentation too; slow.",
    )(command)


def reparse_option(command: Command) -> Command:
    """Add `--reparse`, which parses pages anew whose records are known."""
    return click.option(
        "--reparse", is_flag=True, help="Parse all pages anew, also those that are as they were."
    )(command)


def engine_options(command: Command) -> Command:
    """Add `--jobs`, `--engine`, `--scheduler` and `--archive`: who extracts."""
    engine = click.option(
        "--engine",
        type=click.Choice(["local", "dask"]),
        default="local",
        show_default=True,
        help="Extract on this machine, or on the workers of a Dask cluster.",
    )
    scheduler = click.option(
        "--scheduler",
        metavar="ADDRESS",
        default="",
        help="Scheduler of the cluster, as in tcp://HOST:8786.",
    )
    archive = click.option(
        "--archive",
        metavar="URL",
        help="Data folder as the workers see it: a path, or a URL for fsspec.  [default: DATA]",
    )
    return jobs_option(engine(scheduler(archive(command))))


def build_options(command: Command) -> Command:
    """Add the options of a build, `--jobs` and so on; the command gets them as dict `wishes`.

    Raises click.UsageError for options of one engine with the other.
    """

    @wraps(command)
    def collect(**given: Any) -> Any:
        wishes = {name: given.pop(name) for name in _WISHES}
        _check_engine(wishes)
        return command(**given, wishes=wishes)

    return engine_options(accept_option(keywords_option(nouns_option(reparse_option(collect)))))


def _check_engine(wishes: dict[str, Any]) -> None:
    if wishes["engine"] == "local":
        if wishes["scheduler"] or wishes["archive"]:
            raise click.UsageError("--scheduler and --archive need --engine dask; add it.")
    elif not wishes["scheduler"]:
        raise click.UsageError("--engine dask needs --scheduler, as in tcp://HOST:8786; add it.")
    elif wishes["jobs"]:
        raise click.UsageError("--jobs is for this machine; leave it out with --engine dask.")


def json_option(command: Command) -> Command:
    """Add `--json`, output for programs."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout.")(command)
