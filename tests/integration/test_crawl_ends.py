"""How crawls end: budgets, dead and silent sites, kills and interrupts."""

import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crawler.run import CrawlProgress, CrawlSummary, crawl
from extract.source import CrawlRules, Source
from normalize.errors import FetchError
from notice_site import LISTING, NoticeSite, serve_notices
from trial_crawl import crawl_one, failures, make_source, read_records

ROOT = Path(__file__).parents[2]

site = pytest.fixture(serve_notices, name="site")
other_site = pytest.fixture(serve_notices, name="other_site")


@pytest.fixture(autouse=True)
def _short_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGSHI_TIMEOUT", "0.5")


def test_server_errors_are_archived_and_not_ok(site: NoticeSite, tmp_path: Path) -> None:
    summary = crawl_one(make_source(site, "broken", start_paths=("/broken",)), tmp_path)
    assert not summary.ok
    assert summary.responses == {"5xx": 3}
    assert [kind for kind, url, _ in read_records(summary) if url == site.url + "/broken"] == [
        "response"
    ] * 3


def test_silent_site_ends_in_time_and_leaves_others_alone(
    site: NoticeSite, other_site: NoticeSite, tmp_path: Path
) -> None:
    silent = make_source(site, "silent", start_paths=("/silent",))
    alive = make_source(other_site, "alive", start_paths=("/list/2.html",))
    started = time.monotonic()
    first, second = crawl([silent, alive], tmp_path)
    assert time.monotonic() - started < 20
    assert (first.ok, first.failures) == (False, {"timeout": 1})
    assert failures(first) == {site.url + "/silent": "timeout"}
    assert (second.ok, second.items) == (True, 1)


def test_closed_port_is_a_failure(site: NoticeSite, tmp_path: Path) -> None:
    source = make_source(site, "closed", start_paths=("/",), loopback_ports=(1,))
    rules = CrawlRules(
        "single", ("http://127.0.0.1:1/",), delay=0.0, loopback_ports=(1,), obey_robots=False
    )
    summary = crawl_one(Source(source.id, "试", "试", "news", rules), tmp_path)
    assert summary.failures == {"connection_refused": 1}


def test_requests_of_a_run_are_bounded(site: NoticeSite, tmp_path: Path) -> None:
    source = make_source(
        site, "ring", pattern="listing", start_paths=("/ring/",), max_requests=5, concurrency=2
    )
    summary = crawl_one(source, tmp_path)
    assert (summary.requests, summary.ended) == (5, "max_requests")
    assert len(site.seen) == 6


def test_rest_of_a_bounded_run_is_fetched_by_the_next_ones(
    site: NoticeSite, tmp_path: Path
) -> None:
    source = make_source(
        site, "ring", pattern="listing", start_paths=("/ring/",), max_requests=15, concurrency=2
    )
    ended = [crawl_one(source, tmp_path).ended for _ in range(4)]
    assert ended == ["max_requests", "max_requests", "finished", "finished"]
    items = [path for path in site.seen if path.endswith(".html")]
    assert len(items) == len(set(items)) == 40


def test_dead_site_is_given_up(site: NoticeSite, tmp_path: Path) -> None:
    paths = tuple(f"/broken/{n}" for n in range(30))
    summary = crawl_one(make_source(site, "dying", start_paths=paths), tmp_path)
    assert summary.ended == "site_down"
    assert len(site.seen) == 31  # robots.txt, and ten addresses three times


def test_progress_is_told_and_ends_with_finished(site: NoticeSite, tmp_path: Path) -> None:
    told: list[CrawlProgress] = []
    crawl([make_source(site, "notices", **LISTING)], tmp_path, told.append)
    assert told[-1] == CrawlProgress("notices", 6, 6, 0, 3, finished=True)


def test_archive_that_cannot_be_written_is_told(site: NoticeSite, tmp_path: Path) -> None:
    (tmp_path / "warc").write_text("a file")
    summary = crawl_one(make_source(site, "notices", **LISTING), tmp_path)
    assert (summary.ok, summary.ended) == (False, "not_started")
    assert "cannot be written" in summary.detail
    assert site.seen == []


def test_death_of_the_process_is_told(site: NoticeSite, tmp_path: Path) -> None:
    def kill(progress: CrawlProgress) -> None:
        for child in multiprocessing.active_children():
            child.kill()

    source = make_source(site, "ring", pattern="listing", start_paths=("/ring/",), delay=5.0)
    with pytest.raises(FetchError, match="exit code -9"):
        crawl([source], tmp_path, kill)


def test_interrupt_ends_the_crawl_in_order(site: NoticeSite, tmp_path: Path) -> None:
    def interrupt(progress: CrawlProgress) -> None:
        raise KeyboardInterrupt

    started = time.monotonic()
    source = make_source(site, "ring", pattern="listing", start_paths=("/ring/",), delay=5.0)
    with pytest.raises(KeyboardInterrupt):
        crawl([source], tmp_path, interrupt)
    assert time.monotonic() - started < 20
    (warc,) = tmp_path.glob("warc/ring/*.warc.gz")
    assert read_records(CrawlSummary("ring", None, warc))[0][0] == "warcinfo"


def test_scrapy_lists_and_crawls_the_source_files(site: NoticeSite, tmp_path: Path) -> None:
    (tmp_path / "my_notices.toml").write_text(
        f"""
name = "试站 公示"
site = "试站"
kind = "government"
[crawl]
pattern = "single"
start_urls = ["{site.url}/list/2.html"]
loopback_ports = [{site.server_port}]
delay = 0
""",
        encoding="utf-8",
    )
    env = {
        **os.environ,
        "GONGSHI_SOURCES": str(tmp_path),
        "GONGSHI_DATA": str(tmp_path / "data"),
    }

    def scrapy(*words: str) -> str:
        command = [sys.executable, "-W", "error::DeprecationWarning", "-m", "scrapy", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    assert "my_notices" in scrapy("list").split()
    scrapy("crawl", "my_notices", "-s", "LOG_LEVEL=ERROR")
    assert site.seen == ["/robots.txt", "/list/2.html"]
    assert len(list(tmp_path.glob("data/warc/my_notices/*.warc.gz"))) == 1
