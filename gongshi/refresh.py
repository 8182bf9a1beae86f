"""One run from the network to the report."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from gongshi.collect import print_summaries, run_crawl, tell_health
from gongshi.declared import choose_sources, read_declared
from gongshi.reporting import write_report_file
from gongshi.tables import BuildWishes, build_tables
from gongshi.terminal import say
from normalize.errors import GongshiError


def refresh(source_ids: Sequence[str], data: Path, wishes: BuildWishes) -> int:
    """Crawl sources, build the tables and write the report; return the exit code.

    A failed check (2) tells more than a source that gave nothing (3), so it comes first. Raises
    GongshiError when another refresh of the folder is under way.
    """
    declared = read_declared()
    sources = choose_sources(source_ids, declared)
    with refresh_lock(data):
        summaries = run_crawl(sources, data)
        print_summaries(summaries)
        healthy = tell_health(summaries, data)
        say("building the tables")
        built = build_tables(data, wishes, declared)
        click.echo(f"report: {write_report_file(data, (), 'zh')}")
    return built or (0 if healthy and all(summary.ok for summary in summaries) else 3)


@contextmanager
def refresh_lock(data: Path) -> Iterator[None]:
    """Keep other refreshes of a data folder out; the lock goes with the process that holds it.

    Raises GongshiError that names the process when there is one.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with refresh_lock(folder):
    ...     (folder / "refresh.lock").read_text() == str(os.getpid())
    True
    """
    data.mkdir(parents=True, exist_ok=True)
    with (data / "refresh.lock").open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise GongshiError(
                f"'{data}' is being refreshed by process {holder}; wait for it to end"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
