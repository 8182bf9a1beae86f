"""What an answer or a failure means for the queue: page, gone, failed, and when to come again."""

from dataclasses import dataclass

from crawler.leases import Leased, Outcome
from crawler.ledger import Written
from crawler.visiting import LONGEST_INTERVAL, next_interval, retry_interval

GONE = (404, 410)
_LASTING = ("refused_", "offsite", "robots", "trap_", "too_large")


@dataclass(frozen=True, slots=True)
class Found:
    """What a page led to."""

    has_later_page: bool | None = None
    """Whether the item goes on; None when the page was not read again."""
    listed: int | None = None
    """Items that a listing linked."""
    layout: str | None = None
    """Hash of what surrounds these links."""


def page_outcome(
    leased: Leased, written: Written, now: float, shortest: float, found: Found
) -> Outcome:
    """Outcome of an answer, by its status.

    Takes the request, its record, the time, the shortest interval of the page in seconds and what
    it led to. 2xx is a page, and so is 304 when there is one that did not change; 404 and 410 make
    a tombstone, which leaves what was archived as it is; everything else is a failure that is
    tried again later.
    """
    status = written.answer.status if written.answer else 0
    is_page = 200 <= status < 300 or (status == 304 and leased.digest is not None)
    if status not in GONE and not is_page:
        return failed_outcome(leased, f"http_{status}", now, status)
    is_gone = status in GONE
    changed = written.changed and not is_gone
    span = next_interval(leased.span, shortest, changed=changed)
    if found.has_later_page:
        span = LONGEST_INTERVAL  # news stand on the last page
    return Outcome(
        state="done",
        now=now,
        due=now + span,
        span=span,
        status=status,
        reason=f"http_{status}" if is_gone else None,
        changed=changed,
        is_tail=None if found.has_later_page is None else not found.has_later_page,
        place=written.place,
        etag=written.header(b"ETag"),
        modified=written.header(b"Last-Modified"),
        media_type=written.header(b"Content-Type"),
        listed=found.listed,
        layout=found.layout,
    )


def redirected_outcome(leased: Leased, written: Written, now: float, shortest: float) -> Outcome:
    """Outcome of a redirect: nothing is there, and the place it leads to is queued by itself."""
    span = next_interval(leased.span, shortest, changed=written.changed)
    status = written.answer.status if written.answer else None
    return Outcome(state="done", now=now, due=now + span, span=span, status=status)


def failed_outcome(leased: Leased, reason: str, now: float, status: int | None = None) -> Outcome:
    """Outcome of a failure: tried again after growing intervals, the shortest one an hour.

    What will not pass by itself (a refusal, a page that is too large) waits for the longest
    interval at once. A page that our own code could not read is tried again: code is mended.

    >>> from crawler.leases import EXAMPLE
    >>> failed_outcome(EXAMPLE, "timeout", 0.0).due, failed_outcome(EXAMPLE, "robots", 0.0).due
    (3600.0, 5184000.0)
    """
    wait = None if reason.startswith(_LASTING) else retry_interval(leased.failures + 1)
    due = now + (LONGEST_INTERVAL if wait is None else wait)
    return Outcome(state="failed", now=now, due=due, status=status, reason=reason)
