"""`gongshi demo`: crawl three small sites on this machine and show the result."""

from pathlib import Path

import click

from gongshi.commands.options import jobs_option


@click.command("demo", epilog="\b\nExamples:\n  gongshi demo\n  gongshi demo --data /tmp/try")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo-data"),
    show_default=True,
    help="Data folder of the demo; made anew each time.",
)
@jobs_option
def command(data: Path, jobs: int | None) -> int:
    """Crawl three small sites on this machine and show what comes of it.

    A province's announcements, a local newspaper and a forum are served on 127.0.0.1, crawled
    into WARC, parsed into tables, compared and reported. Nothing leaves this machine.
    """
    from gongshi.demo.run import run_demo

    return run_demo(data, jobs)
