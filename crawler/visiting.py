"""How often and when a source is visited: the rules of its file."""

import re
from dataclasses import dataclass, fields
from datetime import datetime, timedelta, timezone

from extract.source import Source
from normalize.errors import GongshiError

CHINA = timezone(timedelta(hours=8))
"""Asia/Shanghai, which has had no summer time since 1991."""
HOUR = 3600.0
LONGEST_INTERVAL = 60 * 24 * HOUR
"""Seconds after which every known page is looked at again."""

_QUIET = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class VisitRules:
    """Keys of the table `[crawl]` that say how a source is visited again."""

    quiet_hours: str | None = None
    """Hours of Asia/Shanghai without any request. Example: `08:30-18:00`"""
    stop_after_known: int = 20
    """Known items in a row, without a new one, after which a listing is not followed further."""
    revisit_hours: float = 12.0
    """Hours after which a page is asked for again at the earliest."""
    ignored_parameters: tuple[str, ...] = ()
    """Parameters of addresses that do not change the page. Example: `("from", "ver")`"""
    max_addresses: int = 500_000
    """Addresses that are remembered at most; more are refused."""


def visit_rules(source: Source) -> VisitRules:
    """Read the visit rules of a source.

    Raises GongshiError for quiet hours that cannot be read.

    >>> from extract.source import EXAMPLE, read_source
    >>> visit_rules(read_source("demo_site", EXAMPLE)).stop_after_known
    20
    """
    rules = VisitRules(
        **{rule.name: getattr(source.crawl, rule.name) for rule in fields(VisitRules)}
    )
    if rules.quiet_hours is not None and not _QUIET.fullmatch(rules.quiet_hours):
        raise GongshiError(
            f"source '{source.id}': crawl.quiet_hours is '{rules.quiet_hours}'; "
            "write it as 08:30-18:00"
        )
    return rules


def is_quiet(rules: VisitRules, now: datetime) -> bool:
    """Whether an aware time falls into the quiet hours, which may go over midnight.

    >>> night = datetime(2024, 5, 1, 23, 30, tzinfo=CHINA)
    >>> is_quiet(VisitRules("22:00-06:00"), night), is_quiet(VisitRules("08:30-18:00"), night)
    (True, False)
    """
    found = _QUIET.fullmatch(rules.quiet_hours or "")
    if found is None:
        return False
    hours = [int(part) for part in found.groups()]
    begin, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
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
