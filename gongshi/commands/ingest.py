"""`gongshi ingest`: take saved pages or WARC files and build the tables."""

from pathlib import Path
from typing import Any

import click

from gongshi.commands.options import build_options, data_option


@click.command(
    "ingest",
    epilog="\b\nExamples:\n  gongshi ingest saved_pages/\n"
    "  gongshi ingest thread.html --source xishu_bbs\n  gongshi ingest CC-MAIN.warc.gz",
)
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH..."
)
@click.option("--source", "source_id", default=None, help="Source that the pages belong to.")
@data_option
@build_options
def command(
    paths: tuple[Path, ...], source_id: str | None, data: Path, wishes: dict[str, Any]
) -> int:
    """Archive saved pages (.html, .txt, .warc, .warc.gz; folders too) and build the tables.

    A file that cannot be read is named and left out, the others are taken in; the command then
    ends with 2.
    """
    from gongshi.declared import read_declared
    from gongshi.ingest import ingest
    from gongshi.tables import BuildWishes, build_tables

    declared = read_declared()
    taken = ingest(paths, data, source_id, declared)
    built = build_tables(data, BuildWishes(**wishes), declared) if taken.files else 0
    return built or (2 if taken.problems else 0)
