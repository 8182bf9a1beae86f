"""`gongshi record`: fetch one page of a source and keep it as a fixture."""

from pathlib import Path
from typing import Any

import click

from gongshi.commands.options import data_option


@click.command(
    "record",
    epilog="\b\nExamples:\n"
    "  gongshi record my_county http://www.example.cn/notice/3.html\n"
    "  gongshi record my_county --accept\n"
    "  gongshi record my_county http://www.example.cn/notice/4.html --case list --into private/",
)
@click.argument("source_id", metavar="SOURCE")
@click.argument("url", required=False)
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Folder of recorded pages, by source.  [default: tests/pages of the checkout]",
)
@click.option("--case", default="page_1", show_default=True, help="Name of the page's folder.")
@click.option(
    "--accept",
    is_flag=True,
    help="Write expected.json of a recorded page from what the parser finds on it.",
)
@data_option
def command(source_id: str, url: str | None, accept: bool, data: Path, **place: Any) -> int:
    """Fetch one page of a source and keep it as a fixture, then show what is found on it.

    The page is fetched as a crawl fetches it: robots.txt, delays and the hosts of the source
    hold. What was sent, unpacked, lies as page.html or page.txt beside its address and header
    (page.json) in <folder>/<source>/<case>/. Nothing is overwritten. With --accept, and without
    an address, the records that you have read are written to expected.json; authors of posts are
    left out.

    A page of somebody else must not be committed to this project: keep it in a folder of your
    own, or take it as the model of a page in your own words. --data is accepted for uniformity
    and not touched.
    """
    from gongshi.record import RecordWishes, record_page

    if accept == (url is not None):
        raise click.UsageError("Give either the address of a page or --accept.")
    return record_page(RecordWishes(source_id, url, **place))
