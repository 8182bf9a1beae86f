"""`gongshi refresh`: crawl, build and report in one go."""

from pathlib import Path
from typing import Any

import click

from gongshi.commands.options import build_options, data_option


@click.command(
    "refresh",
    epilog="\b\nExamples:\n  gongshi refresh sichuan_mzt_notices xishu_bbs\n"
    "  gongshi refresh xishu_bbs --engine dask --scheduler tcp://10.0.0.7:8786",
)
@click.argument("source_ids", nargs=-1, required=True, metavar="SOURCE...")
@data_option
@build_options
def command(source_ids: tuple[str, ...], data: Path, wishes: dict[str, Any]) -> int:
    """Crawl sources, build the tables and write the report.

    Ends with 3 when a source gave no page, with 2 when a check held the new tables back; whatever
    could be fetched is built all the same.
    """
    from gongshi.refresh import refresh
    from gongshi.tables import BuildWishes

    return refresh(source_ids, data, BuildWishes(**wishes))
