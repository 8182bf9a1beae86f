"""Texts that make systemd, cron or scrapyd visit sources on a schedule."""

import re
import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from gongshi.declared import choose_sources, read_declared
from normalize.errors import GongshiError

_EVERY = re.compile(r"(?P<count>[1-9]\d{0,3})(?P<unit>min|h|d)")
_MINUTES = {"min": 1, "h": 60, "d": 24 * 60}
_HOUR, _DAY, _WEEK = 60, 24 * 60, 7 * 24 * 60
_SHORTEST = 15
"""Minutes between two refreshes at the least: sources are not to be pressed."""
_SCRAPYD = "http://localhost:6800/"
_PROJECT = "gongshi"


def print_schedule(source_ids: Sequence[str], every: str, data: Path) -> int:
    """Print a systemd service with its timer, a cron line, and calls of scrapyd, for sources.

    Nothing is installed. Raises GongshiError for an unknown source or an interval that cannot be
    read.
    """
    minutes = read_interval(every)
    choose_sources(source_ids, read_declared())
    folder = data.expanduser().resolve()
    command = shlex.join([_find_program(), "refresh", *source_ids, "--data", str(folder)])
    click.echo(write_systemd(command, source_ids, minutes))
    click.echo(write_cron(command, every, minutes))
    click.echo()
    click.echo(write_scrapyd(source_ids, folder))
    return 0


def read_interval(every: str) -> int:
    """Read an interval such as 30min, 6h or 1d in minutes; raises GongshiError.

    >>> read_interval("6h")
    360
    """
    found = _EVERY.fullmatch(every)
    minutes = int(found["count"]) * _MINUTES[found["unit"]] if found else 0
    if minutes < _SHORTEST:
        raise GongshiError(
            f"interval '{every}' cannot be used; write at least 15min, as in 30min, 6h or 1d"
        )
    return minutes


def write_systemd(command: str, source_ids: Sequence[str], minutes: int) -> str:
    """Write a service and a timer for systemd, each under the name of its file.

    The timer wakes up to ten minutes late, at random, so that not all timers of a site's readers
    strike at once; a refresh that was missed while the machine slept is made up for.

    >>> "OnUnitActiveSec=360min" in write_systemd("gongshi refresh demo_site", ["demo_site"], 360)
    True
    """
    # In a unit file a percent sign begins a specifier and a dollar sign a variable.
    escaped = command.replace("%", "%%").replace("$", "$$")
    return f"""\
# ~/.config/systemd/user/gongshi.service
[Unit]
Description=Refresh the gongshi datasets of {", ".join(source_ids)}
After=network-online.target

[Service]
Type=oneshot
ExecStart={escaped}
# 3 says that a source gave nothing: the tables are still published
SuccessExitStatus=3

# ~/.config/systemd/user/gongshi.timer, then: systemctl --user enable --now gongshi.timer
[Unit]
Description=Refresh the gongshi datasets

[Timer]
OnBootSec=10min
OnUnitActiveSec={minutes}min
RandomizedDelaySec=10min

[Install]
WantedBy=timers.target
"""


def write_cron(command: str, every: str, minutes: int) -> str:
    """Write a line for `crontab -e`, or say why cron cannot keep the interval.

    >>> write_cron("gongshi refresh demo_site", "6h", 360).splitlines()[-1]
    '17 */6 * * * gongshi refresh demo_site'
    """
    times = _cron_times(minutes)
    if times is None:
        return f"# cron cannot say 'every {every}'; it knows parts of an hour or a day, 1d and 7d"
    # In a crontab a percent sign ends the command.
    return "# crontab -e\n" + f"{times} {command}".replace("%", r"\%")


def write_scrapyd(source_ids: Sequence[str], data: Path) -> str:
    """Write the calls that make scrapyd crawl sources into a data folder, one line for each.

    They name the address and the project of scrapy.cfg. scrapyd takes one spider per call, and
    settings as text (https://scrapyd.readthedocs.io/en/latest/api.html#schedule-json).

    >>> write_scrapyd(["demo_site"], Path("/data")).splitlines()[-1].partition(" -d ")[2]
    'project=gongshi -d spider=demo_site --data-urlencode setting=GONGSHI_DATA=/data'
    """
    lines = [
        "# scrapyd has no timer: cron calls it, and `gongshi build` afterwards makes the tables"
    ]
    for source_id in source_ids:
        fields = ["-d", f"project={_PROJECT}", "-d", f"spider={source_id}"]
        # The name of a folder may hold what means something in a form.
        fields += ["--data-urlencode", f"setting=GONGSHI_DATA={data}"]
        lines.append(shlex.join(["curl", f"{_SCRAPYD}schedule.json", *fields]))
    return "\n".join(lines)


def _cron_times(minutes: int) -> str | None:
    """Minute 17, since everything else on the machine starts at full hours."""
    if minutes < _HOUR and _HOUR % minutes == 0:
        return f"*/{minutes} * * * *"
    if minutes % _HOUR == 0 and minutes < _DAY and _DAY % minutes == 0:
        hours = minutes // _HOUR
        return "17 * * * *" if hours == 1 else f"17 */{hours} * * *"
    return {_DAY: "17 3 * * *", _WEEK: "17 3 * * 0"}.get(minutes)


def _find_program() -> str:
    """Where the command lies: timers have no PATH to look it up in."""
    beside = Path(sys.executable).with_name("gongshi")
    return str(beside) if beside.exists() else shutil.which("gongshi") or "gongshi"
