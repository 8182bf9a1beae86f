"""`gongshi ingest`: take saved pages or WARC files and build the tables."""

from pathlib import Path
from typing import Any

import click

from gongshi.commands.options import build_options, data_option


@click.command(
    "ingest",
    epilog="\b\nExamples:\n  gongshi ingest saved_pages/\n"
    "  gongshi ingest thread.html --source xishu_bbs\n"
    "  gongshi ingest CC-MAIN-20240226.warc.gz --source xishu_bbs\n"
    "  gongshi ingest archives/ --engine dask --scheduler tcp://10.0.0.7:8786",
)
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH..."
)
@click.option("--source", "source_id", default=None, help="Source that the pages belong to.")
@click.option(
    "--filter/--no-filter",
    "filtered",
    default=None,
    help="Take of WARC files only what declared sources want, by their hosts and patterns.  "
    "[default: of files named CC-MAIN*, as Common Crawl does]",
)
@data_option
@build_options
def command(
    paths: tuple[Path, ...],
    source_id: str | None,
    filtered: bool | None,
    data: Path,
    wishes: dict[str, Any],
) -> int:
    """Archive saved pages (.html, .txt, .warc, .warc.gz; folders too) and build the tables.

    WARC files of other crawlers are taken as they are, record for record; those of Common Crawl,
    which hold pages of the whole web, only as far as a declared source wants them. A file that
    cannot be read is named and left out, the others are taken in; the command then ends with 2.
    """
    from gongshi.declared import read_declared
    from gongshi.ingest import IngestWishes, ingest
    from gongshi.tables import BuildWishes, build_tables

    declared = read_declared()
    taken = ingest(paths, data, IngestWishes(source_id, filtered), declared)
    built = build_tables(data, BuildWishes(**wishes), declared) if taken.files else 0
    return built or (2 if taken.problems else 0)
