"""`gongshi crawl`: fetch the pages of sources into WARC."""

from pathlib import Path

import click

from gongshi.commands.options import data_option


@click.command(
    "crawl",
    epilog="\b\nExamples:\n  gongshi crawl sichuan_mzt_notices\n"
    "  gongshi crawl xishu_bbs --data ~/notices",
)
@click.argument("source_ids", nargs=-1, required=True, metavar="SOURCE...")
@data_option
def command(source_ids: tuple[str, ...], data: Path) -> int:
    """Fetch the pages of sources into WARC; tables are built by `gongshi build`.

    Sources are listed by `gongshi sources`. All given sources are crawled at once, each at its own
    pace. Ends with 3 when a source gave no page at all; the others are kept.
    """
    from gongshi.collect import crawl_sources

    return crawl_sources(source_ids, data)
