"""Options that several commands share."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

Command = Callable[..., Any]


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


_BUILD_OPTIONS = {
    "jobs": jobs_option,
    "accept": accept_option,
    "keywords": keywords_option,
    "nouns": nouns_option,
    "reparse": reparse_option,
}


def build_options(command: Command) -> Command:
    """Add the options of a build, `--jobs` and so on; the command gets them as dict `wishes`."""

    @wraps(command)
    def collect(**given: Any) -> Any:
        wishes = {name: given.pop(name) for name in _BUILD_OPTIONS}
        return command(**given, wishes=wishes)

    built: Command = collect
    for add_option in reversed(_BUILD_OPTIONS.values()):
        built = add_option(built)
    return built


def json_option(command: Command) -> Command:
    """Add `--json`, output for programs."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout.")(command)
