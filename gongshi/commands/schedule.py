"""`gongshi schedule`: print what makes systemd, cron or scrapyd visit sources."""

from pathlib import Path

import click

from gongshi.commands.options import data_option


@click.command(
    "schedule",
    epilog="\b\nExamples:\n  gongshi schedule sichuan_mzt_notices --every 6h\n"
    "  gongshi schedule xishu_bbs --every 1d --data ~/notices",
)
@click.argument("source_ids", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--every", default="1d", show_default=True, help="Interval: 30min, 6h, 1d.")
@data_option
def command(source_ids: tuple[str, ...], every: str, data: Path) -> int:
    """Print a systemd timer, a cron line and scrapyd calls for sources; nothing is installed.

    Timer and cron line run `gongshi refresh`; scrapyd only crawls, once `scrapyd-deploy` has
    brought the project there. Two refreshes of one folder never run at once, nor two crawls of
    one source into it: the second names the first and leaves.
    """
    from gongshi.schedule import print_schedule

    return print_schedule(source_ids, every, data)
