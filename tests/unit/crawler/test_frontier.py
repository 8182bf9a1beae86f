"""The queue of a source: what is handed out, what is wanted again, and what a kill leaves."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.addresses import address_key
from crawler.answers import RecordPlace
from crawler.frontier import NEVER, Frontier
from crawler.leases import Kind, Leased, Outcome, Wanted
from normalize.errors import GongshiError

NOW = 1_714_500_000.0


def want(path: str, kind: Kind = "item", page: int = 1, refused: str | None = None) -> Wanted:
    url = "http://mzt.example.cn/" + path
    return Wanted(url, address_key(url), kind, json.dumps({"p": path}), page, refused)


@pytest.fixture
def frontier(tmp_path: Path) -> Iterator[Frontier]:
    queue = Frontier(tmp_path, "my_notices")
    queue.begin("run1", NOW)
    yield queue
    queue.close()


def reopen(frontier: Frontier, data: Path) -> Frontier:
    frontier.close()
    return Frontier(data, "my_notices")


def finish(frontier: Frontier, leased: Leased, due: float, **more: object) -> None:
    given: dict[str, object] = {"state": "done", "now": NOW, "due": due, "span": 9.0, "status": 200}
    frontier.finish(leased, Outcome(**(given | more)))  # type: ignore[arg-type]


def paths(leased: list[Leased]) -> list[str]:
    return [one.url.rpartition("/")[2] for one in leased]


def test_listings_come_before_items_and_items_in_their_order(frontier: Frontier) -> None:
    frontier.add([want("1"), want("2"), want("next", "listing"), want("3")], NOW)
    assert paths(frontier.lease(NOW, 9)) == ["next", "1", "2", "3"]
    assert frontier.lease(NOW, 9) == []
    assert not frontier.has_pending()


def test_address_is_queued_once(frontier: Frontier) -> None:
    assert len(frontier.add([want("1"), want("1#top"), want("1?PHPSESSID=ab12cd34")], NOW).new) == 1
    assert len(frontier.lease(NOW, 9)) == 1


def test_referrer_is_the_page_that_led_there(frontier: Frontier) -> None:
    frontier.add([want("list", "listing")], NOW)
    (listing,) = frontier.lease(NOW, 1)
    frontier.add([want("1")], NOW, listing)
    assert frontier.lease(NOW, 1)[0].referrer == listing.url


def test_later_pages_know_their_first(frontier: Frontier) -> None:
    frontier.add([want("t1")], NOW)
    (first,) = frontier.lease(NOW, 1)
    frontier.add([want("t2", page=2)], NOW, first)
    (second,) = frontier.lease(NOW, 1)
    frontier.add([want("t3", page=3), want("a.pdf", "attachment")], NOW, second)
    assert [one.root for one in frontier.lease(NOW, 9)] == [first.id, None]


def test_kill_gives_back_what_was_not_committed(frontier: Frontier, tmp_path: Path) -> None:
    frontier.add([want("1"), want("2")], NOW)
    frontier.commit({"a.warc.gz": 100}, "a.warc.gz")
    for leased in frontier.lease(NOW, 1):
        frontier.add([want("child")], NOW, leased)
        finish(frontier, leased, NEVER)
    frontier._database.execute("ROLLBACK")  # as a killed process does
    again = reopen(frontier, tmp_path)
    cuts: list[tuple[str, int]] = []
    again.mend(lambda name, size: cuts.append((name, size)) or 7)  # type: ignore[func-returns-value]
    assert cuts == [("a.warc.gz", 100)]
    assert paths(again.lease(NOW, 9)) == ["1", "2"]
    again.close()


def test_leases_that_were_committed_are_given_back_too(frontier: Frontier, tmp_path: Path) -> None:
    frontier.add([want("1")], NOW)
    frontier.lease(NOW, 1)
    frontier.commit({}, "")
    with sqlite3.connect(frontier.path) as database:
        assert database.execute("SELECT state FROM requests").fetchall() == [("leased",)]
    again = reopen(frontier, tmp_path)
    assert paths(again.lease(NOW, 9)) == ["1"]
    again.close()


def test_unfinished_round_goes_on_and_a_finished_one_does_not(
    frontier: Frontier, tmp_path: Path
) -> None:
    frontier.add([want("list", "listing")], NOW)
    (leased,) = frontier.lease(NOW, 1)
    finish(frontier, leased, NOW)
    frontier.commit({}, "")
    again = reopen(frontier, tmp_path)
    assert again.begin("run2", NOW) == 1
    assert again.add([want("list", "listing")], NOW).new == ()
    assert not again.has_pending()
    again.end("finished", NOW, {})
    again.commit({}, "")
    third = reopen(again, tmp_path)
    assert third.begin("run3", NOW) == 2
    assert third.add([want("list", "listing")], NOW).known == 1
    assert third.has_pending()
    third.close()


def test_old_round_is_not_continued_but_its_queue_is_kept(
    frontier: Frontier, tmp_path: Path
) -> None:
    frontier.add([want("1")], NOW)
    frontier.commit({}, "")
    again = reopen(frontier, tmp_path)
    assert again.begin("run2", NOW + 2 * 24 * 3600) == 2
    assert paths(again.lease(NOW + 2 * 24 * 3600, 9)) == ["1"]
    again.close()


def next_round(frontier: Frontier, now: float, **more: bool) -> None:
    frontier.end("finished", now, {})
    frontier.begin("again", now, **more)


def test_page_is_wanted_again_when_it_is_due(frontier: Frontier) -> None:
    frontier.add([want("1"), want("2")], NOW)
    for leased, due in zip(frontier.lease(NOW, 9), (NOW + 10, NOW + 99), strict=True):
        finish(frontier, leased, due)
    next_round(frontier, NOW + 50)
    frontier.add([want("list", "listing")], NOW + 50)
    (listing,) = frontier.lease(NOW + 50, 1)
    assert frontier.add([want("2"), want("3")], NOW + 50, listing).known == 1
    assert paths(frontier.lease(NOW + 50, 9)) == ["3", "1"]


def test_everything_is_wanted_again_on_demand(frontier: Frontier) -> None:
    frontier.add([want("1")], NOW)
    finish(frontier, frontier.lease(NOW, 1)[0], NEVER - 1)
    next_round(frontier, NOW, everything=True)
    assert paths(frontier.lease(NOW, 9)) == ["1"]


def test_start_is_asked_for_in_every_round(frontier: Frontier) -> None:
    frontier.add([want("1")], NOW)
    finish(frontier, frontier.lease(NOW, 1)[0], NEVER)
    next_round(frontier, NOW)
    frontier.add([want("1")], NOW)
    assert paths(frontier.lease(NOW, 9)) == ["1"]


def test_failure_waits_for_its_time(frontier: Frontier) -> None:
    frontier.add([want("1")], NOW)
    failed = Outcome(state="failed", now=NOW, due=NOW + 10, reason="timeout")
    frontier.finish(frontier.lease(NOW, 1)[0], failed)
    next_round(frontier, NOW + 5)
    assert frontier.lease(NOW + 5, 9) == []
    next_round(frontier, NOW + 11)
    assert [one.failures for one in frontier.lease(NOW + 11, 9)] == [1]


def test_refused_address_is_told_once(frontier: Frontier) -> None:
    first = frontier.add([want("x", refused="trap_calendar")], NOW)
    assert [one.refused for one in first.refused] == ["trap_calendar"]
    assert frontier.add([want("x", refused="trap_calendar")], NOW).refused == ()
    assert not frontier.has_pending()


def test_validators_are_those_of_what_is_archived(frontier: Frontier, tmp_path: Path) -> None:
    frontier.add([want("1")], NOW)
    place = RecordPlace(tmp_path / "a.warc.gz", 5, 7, "sha256:00")
    finish(frontier, frontier.lease(NOW, 1)[0], NOW, changed=True, place=place, etag='"1"')
    next_round(frontier, NOW)
    (leased,) = frontier.lease(NOW, 1)
    assert (leased.etag, leased.modified, leased.digest) == ('"1"', None, "sha256:00")
    finish(frontier, leased, NOW, status=304, place=None, modified="Wed")
    next_round(frontier, NOW)
    (leased,) = frontier.lease(NOW, 1)
    assert (leased.etag, leased.modified, leased.warc_file) == ('"1"', "Wed", "a.warc.gz")


def test_tombstone_keeps_what_is_known_and_goes_when_the_page_is_back(frontier: Frontier) -> None:
    frontier.add([want("1")], NOW)
    finish(frontier, frontier.lease(NOW, 1)[0], NOW)
    for now, status, gone_at in ((1, 404, 1), (2, 410, 1), (3, 200, None)):
        next_round(frontier, NOW + now)
        (leased,) = frontier.lease(NOW + now, 1)
        finish(frontier, leased, NOW, now=NOW + now, status=status)
        frontier.commit({}, "")
        with sqlite3.connect(frontier.path) as database:
            row = database.execute("SELECT gone_at, fetched_at FROM requests").fetchone()
        assert row == (gone_at and NOW + gone_at, NOW + 3 if now == 3 else NOW)


def test_second_crawl_of_a_source_is_told_who_has_it(frontier: Frontier, tmp_path: Path) -> None:
    with pytest.raises(GongshiError, match=r"being crawled by process \d+"):
        Frontier(tmp_path, "my_notices")
    Frontier(tmp_path, "other_notices").close()


def test_queue_of_another_version_is_refused(frontier: Frontier, tmp_path: Path) -> None:
    frontier._database.execute("PRAGMA user_version = 99")
    frontier.close()
    with pytest.raises(GongshiError, match="version 99"):
        Frontier(tmp_path, "my_notices")


def test_queue_of_the_first_version_is_brought_up_to_date(
    frontier: Frontier, tmp_path: Path
) -> None:
    frontier.add([want("1")], NOW)
    frontier.commit({}, "")
    frontier._database.execute("DROP TABLE robots")
    frontier._database.execute("PRAGMA user_version = 1")
    frontier.close()
    with closing(Frontier(tmp_path, "my_notices")) as newer:
        assert newer.size == 1
        assert newer.kept_robots("a.cn", NOW) is None


def test_robots_is_kept_for_a_time(frontier: Frontier) -> None:
    frontier.keep_robots("a.cn:8080", b"Disallow: /1", NOW)
    frontier.keep_robots("a.cn:8080", b"Disallow: /2", NOW + 9)
    assert frontier.kept_robots("a.cn:8080", NOW + 9) == b"Disallow: /2"
    assert frontier.kept_robots("a.cn:8080", NOW + 10) is None
    assert frontier.kept_robots("a.cn", NOW) is None


def test_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "frontier").mkdir()
    (tmp_path / "frontier" / "my_notices.sqlite").write_text("x" * 5000)
    with pytest.raises(GongshiError, match="cannot be used"):
        Frontier(tmp_path, "my_notices")
