"""One run from the network to the report."""

from collections.abc import Sequence
from pathlib import Path

import click

from gongshi.collect import print_summaries, run_crawl
from gongshi.declared import choose_sources, read_declared
from gongshi.tables import BuildWishes, build_tables, write_report_file
from gongshi.terminal import say


def refresh(source_ids: Sequence[str], data: Path, wishes: BuildWishes) -> int:
    """Crawl sources, build the tables and write the report; return the exit code.

    A failed check (2) tells more than a source that gave nothing (3), so it comes first.
    """
    declared = read_declared()
    summaries = run_crawl(choose_sources(source_ids, declared), data)
    print_summaries(summaries)
    say("building the tables")
    built = build_tables(data, wishes, declared)
    click.echo(f"report: {write_report_file(data, (), 'zh')}")
    return built or (0 if all(summary.ok for summary in summaries) else 3)
