"""What people see: progress on stderr, tables on stdout."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

_WIDE = 200
"""Columns when the output is no terminal: nothing is cut for a reader that is a program."""


def say(message: str) -> None:
    """Tell a step on stderr."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(message, markup=False)


def print_table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table on stdout, Chinese characters aligned."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for header in headers:
        # On a narrow terminal a cell goes on in the next line; nothing is cut.
        table.add_column(header, overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    width = None if sys.stdout.isatty() else _WIDE
    Console(width=width, highlight=False, markup=False, emoji=False).print(table)


class Steps:
    """Progress of several steps; silent where stderr is no terminal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, int] = {}

    def show(self, name: str, done: int, total: int | None, note: str = "") -> None:
        """Show how far a step is; `total` None when that is not known."""
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(name, total=total, note="")
        self._progress.update(self._tasks[name], completed=done, total=total, note=note)  # type: ignore[arg-type]


@contextmanager
def show_steps() -> Iterator[Steps]:
    """Show progress bars on stderr while the block runs, if it is a terminal."""
    console = Console(stderr=True)
    progress = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}"),
        console=console,
        disable=not console.is_terminal,
    )
    with progress:
        yield Steps(progress)
