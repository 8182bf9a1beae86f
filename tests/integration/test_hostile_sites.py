"""Sites that answer as nobody should: crawls end in time and say of every address what it was."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from crawler.run import CrawlSummary, crawl
from crawler.status import open_readable, queue_path, read_queues
from hostile_answers import (
    DONE,
    HTML,
    QUICK,
    SLOW,
    TARGETS,
    Respond,
    forever,
    head,
    once,
    page,
    redirect,
)
from loopback_site import LoopbackHandler, LoopbackServer, serving
from trial_crawl import crawl_one, failures, make_source, read_records

STATUSES = sorted(range(100, 600), key=lambda status: (status % 100 // 10, status))
"""Every tenth of them goes to one source, where failures and other answers take turns."""
REDIRECTS = {f"to_{n}": target for n, target in enumerate(TARGETS)}
RULES = b"User-agent: *\nDisallow: /secret\n"
ROBOTS = {
    "without_end": forever(head(), RULES),
    "of_an_error": lambda handler: handler.answer(500),
    "that_redirects_for_ever": redirect("/robots.txt"),
    "that_is_a_bomb": QUICK["bomb_gzip"].respond,
    "that_is_elsewhere": redirect("http://169.254.169.254/robots.txt"),
    "that_is_a_file": redirect("file:///etc/passwd"),
    "of_bytes": page(bytes(range(256)) * 100),
    "that_is_cut": QUICK["length_too_long"].respond,
}


class Handler(LoopbackHandler):
    server: "Site"

    def respond(self) -> None:
        name = self.path.strip("/").partition("?")[0]
        if name in self.server.answers:
            self.server.answers[name](self)
        elif name.isdigit() and int(name) < 200:
            once(head(status=name))(self)
        elif name.isdigit():
            self.answer(int(name), HTML | {"Retry-After": "0"})
        else:
            self.answer(200, HTML, b"<p>fine")


class Site(LoopbackServer):
    def __init__(self, **answers: Respond) -> None:
        super().__init__(Handler)
        self.answers = answers


class Told:
    """What a crawl of everything said afterwards."""

    def __init__(self, data: Path, summaries: list[CrawlSummary]) -> None:
        self.data = data
        self.summaries = {summary.source_id: summary for summary in summaries}

    def reason(self, source_id: str, path: str) -> str:
        """Why a path gave no page, at the end of its redirects; `done` for a page."""
        with open_readable(queue_path(self.data, source_id)) as database:
            rows = database.execute("SELECT id, url, state, status, reason, parent FROM requests")
            found = {row[0]: row[1:] for row in rows}
        here = next(row for row, (url, *_) in found.items() if url.endswith(path))
        while child := next((row for row in found if found[row][4] == here), None):
            here = child
        _, state, _, reason, _ = found[here]
        return str(reason) if state == "failed" else str(reason or DONE)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    data = tmp_path_factory.mktemp("hostile")
    quick = {name: one.respond for name, one in QUICK.items()}
    away = {name: redirect(to.format(name)) for name, to in REDIRECTS.items()}
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GONGSHI_TIMEOUT", "2")
        site = stack.enter_context(serving(Site(**quick, **away, **SLOW)))
        unasked = {"obey_robots": False, "concurrency": 8}
        hosts = ["127.0.0.1", *re.findall(r"//(a[a.]*cn)", " ".join(TARGETS))]
        paths = [p for n, name in enumerate([*quick, *away]) for p in (f"/{name}", f"/fine/{n}")]
        sources = [
            make_source(site, "quick", paths, allowed_hosts=tuple(hosts), **unasked),
            *(
                make_source(site, f"statuses_{n}", [f"/{s}" for s in STATUSES[n::10]], **unasked)
                for n in range(10)
            ),
            *(make_source(site, f"slow_{name}", [f"/{name}"], **unasked) for name in SLOW),
        ]
        for name, respond in ROBOTS.items():
            strict = stack.enter_context(serving(Site(**{"robots.txt": respond})))
            sources.append(make_source(strict, f"robots_{name}", ["/secret/a", "/fine"]))
        yield Told(data, crawl(sources, data))


@pytest.mark.parametrize("name", QUICK)
def test_broken_answer_has_its_reason(told: Told, name: str) -> None:
    assert told.reason("quick", f"/{name}") == QUICK[name].reason


@pytest.mark.parametrize("name", REDIRECTS)
def test_redirect_to_a_forbidden_place_has_its_reason(told: Told, name: str) -> None:
    assert told.reason("quick", f"/{name}") == TARGETS[REDIRECTS[name]]


def test_pages_between_broken_answers_are_fetched(told: Told) -> None:
    summary = told.summaries["quick"]
    assert summary.ended == "finished"
    found = {told.reason("quick", f"/fine/{n}") for n in range(0, len(QUICK), 7)}
    assert found == {DONE}


@pytest.mark.parametrize("tenth", range(10))
def test_every_status_is_recorded_with_its_reason(told: Told, tenth: int) -> None:
    summary = told.summaries[f"statuses_{tenth}"]
    assert summary.ended == "finished"
    records = {(kind, url.rpartition("/")[2]) for kind, url, _ in read_records(summary)}
    for status in STATUSES[tenth::10]:
        reason = told.reason(f"statuses_{tenth}", f"/{status}")
        if status < 200:  # no answer follows the interim one
            assert reason == "connection_lost"
        else:
            assert reason == (DONE if status < 300 else f"http_{status}")
        assert ("metadata" if status < 200 else "response", str(status)) in records


@pytest.mark.parametrize("name", SLOW)
def test_answer_without_end_is_left(told: Told, name: str) -> None:
    summary = told.summaries[f"slow_{name}"]
    assert (summary.ended, summary.failures) == ("finished", {"timeout": 1})


@pytest.mark.parametrize("name", ROBOTS)
def test_robots_of_any_kind_is_recorded_and_ends(told: Told, name: str) -> None:
    summary = told.summaries[f"robots_{name}"]
    assert summary.ended == "finished"
    assert any(url.endswith("/robots.txt") for _, url, _ in read_records(summary))


def test_nothing_is_asked_of_a_site_that_cannot_say_what_it_forbids(told: Told) -> None:
    summary = told.summaries["robots_of_an_error"]
    assert (summary.responses, summary.failures) == ({}, {"rules_unknown": 2})


def test_rules_of_last_month_hold_while_robots_cannot_be_had(tmp_path: Path) -> None:
    with serving(Site(**{"robots.txt": page(RULES)})) as site:
        source = make_source(site, "strict", ["/secret/a", "/fine"])
        crawl_one(source, tmp_path)
        with closing(sqlite3.connect(queue_path(tmp_path, "strict"))) as database, database:
            database.execute("UPDATE robots SET kept_at = kept_at - 2 * 24 * 3600")
        site.answers["robots.txt"] = lambda handler: handler.answer(503)
        summary = crawl_one(source, tmp_path)
    assert site.seen.count("/robots.txt") > 1
    assert (summary.responses, summary.failures) == ({"2xx": 1}, {"robots": 1})


def test_robots_serves_the_runs_of_a_day(tmp_path: Path) -> None:
    with serving(Site(**{"robots.txt": page(RULES)})) as site:
        source = make_source(site, "strict", ["/secret/a", "/fine"])
        summaries = [crawl_one(source, tmp_path) for _ in range(2)]
    assert site.seen.count("/robots.txt") == 1
    assert [summary.failures for summary in summaries] == [{"robots": 1}, {"robots": 1}]


def test_first_rules_of_a_huge_robots_hold(tmp_path: Path) -> None:
    more = b"".join(b"Disallow: /%0990d\n" % n for n in range(50_000))
    with serving(Site(**{"robots.txt": page(RULES + more)})) as site:
        summary = crawl_one(make_source(site, "strict", ["/secret/a", "/fine"]), tmp_path)
    assert (summary.responses, summary.failures) == ({"2xx": 1}, {"robots": 1})
    assert len(RULES + more) > 50_000_000


def test_page_of_a_million_links_is_cut(tmp_path: Path) -> None:
    links = b"".join(b"<a href=/n/%d>x</a>" % n for n in range(1_000_000))
    with serving(Site(list=page(links))) as site:
        rules: dict[str, object] = {"pattern": "listing", "item_pattern": "/n/", "max_requests": 2}
        source = make_source(site, "million", ["/list"], obey_robots=False, **rules)
        summary = crawl_one(source, tmp_path)
    assert summary.new_items == 10_000
    assert summary.ended == "max_requests"


def test_addresses_beyond_the_most_are_counted_and_not_kept(tmp_path: Path) -> None:
    links = b"".join(b"<a href=/n/%d>x</a>" % n for n in range(30))
    with serving(Site(list=page(links))) as site:
        rules: dict[str, object] = {"pattern": "listing", "max_addresses": 1}
        source = make_source(site, "full", ["/list"], obey_robots=False, **rules)
        summary = crawl_one(source, tmp_path)
    assert summary.failures == {"too_many_addresses": 30}
    assert list(failures(summary).values()) == ["too_many_addresses"]
    (status,) = read_queues(tmp_path)
    assert (status.done, status.failed) == (1, 0)
