"""When a source is asked, when a page is visited again, and what an answer means for that."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.answers import HttpAnswer
from crawler.leases import EXAMPLE, Leased, Outcome
from crawler.ledger import Written
from crawler.outcomes import Found, failed_outcome, page_outcome
from crawler.polite import read_retry_after
from crawler.visiting import (
    CHINA,
    HOUR,
    LONGEST_INTERVAL,
    check_quiet_hours,
    is_quiet,
    next_interval,
)
from extract.source import EXAMPLE as SOURCE_FILE
from extract.source import read_source
from normalize.errors import GongshiError

NOW = 1_714_500_000.0


@pytest.mark.parametrize(
    ("hours", "hour", "minute", "quiet"),
    [
        ("08:30-18:00", 8, 29, False),
        ("08:30-18:00", 8, 30, True),
        ("08:30-18:00", 18, 0, False),
        ("22:00-06:00", 5, 59, True),
        ("22:00-06:00", 12, 0, False),
        (None, 12, 0, False),
    ],
)
def test_quiet_hours_are_those_of_the_site(
    hours: str | None, hour: int, minute: int, quiet: bool
) -> None:
    moment = datetime(2024, 5, 1, hour, minute, tzinfo=CHINA).astimezone(UTC)
    assert is_quiet(hours, moment) is quiet


def test_quiet_hours_that_cannot_be_read_are_refused() -> None:
    source = read_source("demo_site", SOURCE_FILE)
    source = replace(source, crawl=replace(source.crawl, quiet_hours="8-18"))
    with pytest.raises(GongshiError, match=r"crawl\.quiet_hours is '8-18'"):
        check_quiet_hours(source)


def test_interval_grows_to_a_bound_and_shrinks_to_the_shortest() -> None:
    span: float | None = None
    for changed in (True, *[False] * 40):
        span = next_interval(span, HOUR, changed=changed)
    assert span == LONGEST_INTERVAL
    for _ in range(40):
        span = next_interval(span, HOUR, changed=True)
    assert span == HOUR


SEEN = replace(EXAMPLE, digest="sha256:00")


def judge(status: int, found: Found = Found(), leased: Leased = SEEN) -> Outcome:  # noqa: B008
    answer = HttpAnswer("http://a.cn/", status, ((b"ETag", b'"1"'),), b"")
    return page_outcome(leased, Written(None, answer, changed=True), NOW, HOUR, found)


def test_statuses_of_pages_and_of_failures() -> None:
    told = {status: (judge(status).state, judge(status).reason) for status in (200, 304, 404, 410)}
    assert told == {
        200: ("done", None),
        304: ("done", None),
        404: ("done", "http_404"),
        410: ("done", "http_410"),
    }
    for status in (301, 403, 418, 500, 503, 999):
        outcome = judge(status)
        assert (outcome.state, outcome.reason) == ("failed", f"http_{status}")
        assert outcome.due == NOW + HOUR


def test_nothing_can_be_unchanged_that_was_never_seen() -> None:
    outcome = judge(304, leased=EXAMPLE)
    assert (outcome.state, outcome.reason) == ("failed", "http_304")


def test_only_the_last_page_of_a_thread_is_visited_often() -> None:
    last, earlier = judge(200, found=Found(False)), judge(200, found=Found(True))
    assert (last.is_tail, last.due - NOW) == (True, HOUR)
    assert (earlier.is_tail, earlier.due - NOW) == (False, LONGEST_INTERVAL)


def test_failure_is_tried_again_later_and_later() -> None:
    waits = [
        (failed_outcome(replace(EXAMPLE, failures=n), "timeout", NOW).due - NOW) / HOUR
        for n in range(7)
    ]
    assert waits == [1, 4, 16, 64, 256, 1440, 1440]


def test_what_our_own_code_could_not_read_is_tried_again_before_what_is_forbidden() -> None:
    waits = {
        reason: (failed_outcome(EXAMPLE, reason, NOW).due - NOW) / HOUR
        for reason in ("spider_error", "robots", "too_large", "refused_private_address")
    }
    assert waits.pop("spider_error") == 1
    assert set(waits.values()) == {1440}


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        (b"", None),
        (b"-5", None),
        (b"1.5", None),
        (b"7", 7.0),
        (b"99999999999999999999", None),
        (b"\xb2", None),
        (b"Tue, 30 Apr 2024 18:01:00 GMT", 60.0),
        (b"Tue, 30 Apr 2004 18:01:00 GMT", 0.0),
    ],
)
def test_retry_after(header: bytes | None, seconds: float | None) -> None:
    assert read_retry_after(header, NOW) == seconds
