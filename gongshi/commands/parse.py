"""`gongshi parse`: print the records of saved pages; nothing is stored."""

from pathlib import Path
from typing import Any

import click

from gongshi.commands.options import (
    data_option,
    json_option,
    keywords_option,
    nouns_option,
)


@click.command(
    "parse",
    epilog="\b\nExamples:\n  gongshi parse page.html\n"
    "  gongshi parse saved/*.txt --json | jq .units\n",
)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
@click.option("--source", "source_id", default=None, help="Source that the pages belong to.")
@keywords_option
@nouns_option
@json_option
@data_option
def command(files: tuple[Path, ...], data: Path, **options: Any) -> int:
    """Print the records of saved pages (.html, .txt, .warc, .warc.gz); nothing is stored.

    With --json one object per page and line: document, thread, announcements, units, figures,
    comments, mentions, issues. Usernames are printed as keyed hashes. A page that `gongshi record`
    has kept is read with its address and header. --data is accepted for uniformity and not touched.
    """
    from gongshi.pages import PrintOptions, print_pages

    return print_pages(files, PrintOptions(**options))
