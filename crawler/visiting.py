"""How often and when a source is visited: the rules of its file."""

import re
from datetime import datetime, timedelta, timezone

from extract.source import Source
from normalize.errors import GongshiError

CHINA = timezone(timedelta(hours=8))
"""Asia/Shanghai, which has had no summer time since 1991."""
HOUR = 3600.0
LONGEST_INTERVAL = 60 * 24 * HOUR
"""Seconds after which every known page is looked at again."""

_QUIET = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


def check_quiet_hours(source: Source) -> None:
    """Raise GongshiError for quiet hours that cannot be read.

    >>> from extract.source import EXAMPLE, read_source
    >>> check_quiet_hours(read_source("demo_site", EXAMPLE + 'quiet_hours = "8-18"'))
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: source 'demo_site': crawl.quiet_hours is '8-18'; write it as 08:30-18:00
    """  # noqa: E501 - the message is one line
    hours = source.crawl.quiet_hours
    if hours is not None and not _QUIET.fullmatch(hours):
        raise GongshiError(
            f"source '{source.id}': crawl.quiet_hours is '{hours}'; write it as 08:30-18:00"
        )


def is_quiet(hours: str | None, now: datetime) -> bool:
    """Whether an aware time falls into the quiet hours of Asia/Shanghai; they may cross midnight.

    >>> night = datetime(2024, 5, 1, 23, 30, tzinfo=CHINA)
    >>> is_quiet("22:00-06:00", night), is_quiet("08:30-18:00", night), is_quiet(None, night)
    (True, False, False)
    """
    found = _QUIET.fullmatch(hours or "")
    if found is None:
        return False
    parts = [int(part) for part in found.groups()]
    begin, end = parts[0] * 60 + parts[1], parts[2] * 60 + parts[3]
    local = now.astimezone(CHINA)
    minute = local.hour * 60 + local.minute
    if begin <= end:
        return begin <= minute < end
    return minute >= begin or minute < end


def next_interval(before: float | None, shortest: float, *, changed: bool) -> float:
    """Seconds until a page is visited again: half as long after a change, else twice as long.

    Takes the interval before, None for a page that is new, and the shortest one.

    >>> next_interval(None, 3600, changed=True), next_interval(3600, 3600, changed=False)
    (3600, 7200)
    """
    if before is None:
        return shortest
    wanted = before / 2 if changed else before * 2
    return min(max(wanted, shortest), max(LONGEST_INTERVAL, shortest))


def retry_interval(failures: int) -> float | None:
    """Seconds until an address that failed is tried again; None once it has failed too often.

    >>> retry_interval(1) / HOUR, retry_interval(5) / HOUR, retry_interval(7)
    (1.0, 256.0, None)
    """
    return HOUR * 4 ** (failures - 1) if failures <= 5 else None
