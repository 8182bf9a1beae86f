"""`gongshi sources`: list the declared sources."""

from pathlib import Path

import click

from gongshi.commands.options import data_option, json_option


@click.command("sources", epilog="\b\nExamples:\n  gongshi sources\n  gongshi sources --json")
@json_option
@data_option
def command(as_json: bool, data: Path) -> int:
    """List the declared sources, and whether their rules were tried on the live site.

    Declarations are the files of crawler/sources and of the folder that GONGSHI_SOURCES names.
    """
    from gongshi.collect import print_sources

    return print_sources(as_json)
