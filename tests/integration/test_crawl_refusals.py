"""What a crawl does not ask for: forbidden places, and what robots.txt rules out."""

import time
from pathlib import Path

import pytest

from crawler.run import crawl
from extract.source import CrawlRules, Source
from notice_site import NoticeSite, serve_notices
from trial_crawl import crawl_one, failures, make_source

site = pytest.fixture(serve_notices, name="site")
other_site = pytest.fixture(serve_notices, name="other_site")


@pytest.fixture(autouse=True)
def _short_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGSHI_TIMEOUT", "0.5")


def test_redirects_to_forbidden_places_are_not_followed(
    site: NoticeSite, other_site: NoticeSite, tmp_path: Path
) -> None:
    forbidden = {
        f"{other_site.url}/list/": "refused_private_address",
        "http://169.254.169.254/latest/": "refused_private_address",
        "http://2130706433/": "refused_private_address",
        "http://me:pw@127.0.0.1/": "refused_userinfo",
        "http://other.example.cn/": "offsite",
    }
    site.targets = list(forbidden)
    summaries = crawl(
        [make_source(site, f"away{n}", start_paths=(f"/away/{n}",)) for n in range(5)], tmp_path
    )
    assert other_site.seen == []
    assert [summary.failures for summary in summaries] == [{r: 1} for r in forbidden.values()]
    assert [summary.responses for summary in summaries] == [{"3xx": 1}] * 5
    assert failures(summaries[0]) == {f"{other_site.url}/list/": "refused_private_address"}
    assert not any(summary.ok for summary in summaries)


def test_name_of_a_private_address_is_refused_after_dns(site: NoticeSite, tmp_path: Path) -> None:
    rules = CrawlRules("single", (f"http://localhost:{site.server_port}/list/",), delay=0.0)
    summary = crawl_one(Source("by_name", "试", "试", "news", rules), tmp_path)
    assert site.seen == []
    assert summary.failures == {"refused_private_address": 1}


def test_robots_refusal_has_its_reason(site: NoticeSite, tmp_path: Path) -> None:
    summary = crawl_one(make_source(site, "secret", start_paths=("/secret/1.html",)), tmp_path)
    assert site.seen == ["/robots.txt"]
    assert failures(summary) == {site.url + "/secret/1.html": "robots"}


def test_crawl_delay_of_robots_wins(site: NoticeSite, tmp_path: Path) -> None:
    site.more_rules = b"Crawl-delay: 1\n"
    started = time.monotonic()
    paths = ("/list/1.html", "/list/2.html")
    crawl_one(make_source(site, "slow", start_paths=paths), tmp_path)
    assert len(site.seen) == 4  # with robots.txt and an attachment: three pauses
    assert time.monotonic() - started > 3


def test_robots_can_be_left_unasked(site: NoticeSite, tmp_path: Path) -> None:
    source = make_source(site, "secret", start_paths=("/secret/1.html",), obey_robots=False)
    assert crawl_one(source, tmp_path).responses == {"4xx": 1}
    assert site.seen == ["/secret/1.html"]
