"""Sites that change between two crawls: what is asked again, and what is made of the answers."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.health import check_health
from crawler.run import CrawlSummary, crawl
from crawler.status import read_queues, read_tombstones
from crawler.visiting import CHINA
from extract.source import CrawlRules, Source
from loopback_site import LoopbackHandler, LoopbackServer, serving


@dataclass(frozen=True)
class MoreRules(CrawlRules):
    """Crawl rules with keys that a source file may have one day."""

    quiet_hours: str | None = None
    stop_after_known: int = 20


class Handler(LoopbackHandler):
    server: "Site"

    def respond(self) -> None:
        status, headers, body = self.server.pages.get(self.path, (404, {}, ""))
        if callable(headers):
            status, headers, body = headers()
        tag = f'"{sha256(body.encode()).hexdigest()[:8]}"'
        if status == 200 and self.headers.get("If-None-Match") == tag:
            status, body = 304, ""
        headers = {"Content-Type": "text/html; charset=utf-8"} | headers
        if status in {200, 304} and self.server.has_validators:
            headers["ETag"] = tag
        self.answer(status, headers, body.encode())


class Site(LoopbackServer):
    def __init__(self) -> None:
        super().__init__(Handler)
        self.pages: dict[str, tuple[int, Any, str]] = {}
        self.has_validators = True

    def put(self, path: str, body: str, status: int = 200, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (status, named, body)

    def take(self) -> list[str]:
        """Requests since the last call, without robots.txt."""
        seen, self.seen = self.seen, []
        return [path for path in seen if path != "/robots.txt"]


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as site:
        yield site


def make_source(site: Site, **rules: object) -> Source:
    given = {
        "pattern": "listing",
        "start_urls": (f"{site.url}/list",),
        "item_pattern": "/item/|/calendar/|/t-",
        "next_links": "//a[@class='next']",
        "item_links": "//a[not(@class)]",
        "delay": 0.0,
        "loopback_ports": (site.server_port,),
        **rules,
    }
    return Source("my_notices", "试站", "试站", "news", MoreRules(**given))  # type: ignore[arg-type]


def crawl_once(source: Source, data: Path) -> CrawlSummary:
    return crawl([source], data)[0]


def records(summary: CrawlSummary) -> list[tuple[str, str]]:
    assert summary.warc_file is not None
    with summary.warc_file.open("rb") as stream:
        return [
            (r.rec_type, "/" + r.rec_headers["WARC-Target-URI"].split("/", 3)[3])
            for r in ArchiveIterator(stream)
            if r.rec_type != "warcinfo" and "robots" not in r.rec_headers["WARC-Target-URI"]
        ]


def put_listing(site: Site, *items: str, path: str = "/list", following: str = "") -> None:
    links = "".join(f"<li><a href='{item}'>{item}</a></li>" for item in items)
    more = f"<a class=next href='{following}'>下一页</a>" if following else ""
    site.put(path, f"<ul class=news>{links}</ul>{more}")
    for item in items:
        site.pages.setdefault(item, (200, {}, f"<p>{item}</p>"))


def test_changed_pages_are_seen_and_the_others_are_revisits(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_listing(site, "/item/1", "/item/2", "/item/3")
    source = make_source(site)
    assert crawl_once(source, tmp_path).new_items == 3
    site.take()
    site.put("/item/2", "<p>更正</p>")
    monkeypatch.setenv("GONGSHI_REVISIT_HOURS", "0")
    again = crawl_once(source, tmp_path)
    assert sorted(site.take()) == ["/item/1", "/item/2", "/item/3", "/list"]
    assert (again.ok, again.responses, again.unchanged) == (True, {"2xx": 1, "304": 3}, 3)
    assert sorted(records(again)) == [
        ("response", "/item/2"),
        ("revisit", "/item/1"),
        ("revisit", "/item/3"),
        ("revisit", "/list"),
    ]


def test_same_payload_without_validators_is_a_revisit_too(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.has_validators = False
    put_listing(site, "/item/1")
    crawl_once(make_source(site), tmp_path)
    monkeypatch.setenv("GONGSHI_REVISIT_HOURS", "0")
    again = crawl_once(make_source(site), tmp_path)
    assert sorted(records(again)) == [("revisit", "/item/1"), ("revisit", "/list")]


def test_only_listing_and_new_items_are_asked_for_before_pages_are_due(
    site: Site, tmp_path: Path
) -> None:
    put_listing(site, "/item/1", "/item/2")
    crawl_once(make_source(site), tmp_path)
    site.take()
    put_listing(site, "/item/3", "/item/1", "/item/2")
    again = crawl_once(make_source(site), tmp_path)
    assert site.take() == ["/list", "/item/3"]
    assert again.new_items == 1


@pytest.mark.parametrize(
    ("has_validators", "listings"),
    [(True, ["/list", "/list/1"]), (False, ["/list", "/list/1", "/list/2"])],
)
def test_listing_is_left_when_nothing_is_new_any_more(
    site: Site, tmp_path: Path, has_validators: bool, listings: list[str]
) -> None:
    site.has_validators = has_validators  # a listing that answers 304 has nothing new
    for page in range(5):
        path, following = "/list" + (f"/{page}" if page else ""), f"/list/{page + 1}"
        items = [f"/item/{page}-{n}" for n in range(4)]
        put_listing(site, *items, path=path, following=following if page < 4 else "")
    source = make_source(site, stop_after_known=8)
    assert crawl_once(source, tmp_path).new_items == 20
    site.take()
    links = "".join(f"<a href='/item/{name}'>{name}</a>" for name in ("new", "0-0", "0-1", "0-2"))
    site.put("/list", f"<ul>{links}</ul><a class=next href='/list/1'>下一页</a>")
    site.put("/item/new", "<p>new</p>")
    crawl_once(source, tmp_path)
    assert sorted(site.take()) == ["/item/new", *listings]


def test_page_that_is_gone_gets_a_tombstone(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_listing(site, "/item/1", "/item/2")
    first = crawl_once(make_source(site), tmp_path)
    del site.pages["/item/1"]
    monkeypatch.setenv("GONGSHI_REVISIT_HOURS", "0")
    crawl_once(make_source(site), tmp_path)
    (stone,) = read_tombstones(tmp_path, "my_notices")
    assert (stone.url.endswith("/item/1"), stone.status) == (True, 404)
    assert stone.last_seen is not None
    assert stone.last_seen < stone.gone_at
    assert ("response", "/item/1") in records(first)  # what was archived stays
    (status,) = read_queues(tmp_path)
    assert (status.done, status.gone, status.failed) == (2, 1, 0)


def test_thread_is_continued_from_its_last_page(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_listing(site, "/t-1")
    site.put("/t-1", "<p>一楼</p><a class=next href='/t-2'>下一页</a>")
    site.put("/t-2", "<p>二楼</p>")
    monkeypatch.setenv("GONGSHI_REVISIT_HOURS", "0.00001")
    source = make_source(site, pattern="thread")
    crawl_once(source, tmp_path)
    assert site.take() == ["/list", "/t-1", "/t-2"]
    site.put("/t-2", "<p>二楼</p><a class=next href='/t-3'>下一页</a>")
    site.put("/t-3", "<p>三楼</p>")
    again = crawl_once(source, tmp_path)
    assert site.take() == ["/list", "/t-2", "/t-3"]
    assert again.items == 0  # no new thread


def test_busy_site_gets_the_rest_it_asks_for(site: Site, tmp_path: Path) -> None:
    put_listing(site, "/item/1", "/item/2")
    moments: list[float] = []

    def answer() -> tuple[int, dict[str, str], str]:
        moments.append(time.monotonic())
        if len(moments) == 1:
            return 503, {"Retry-After": "2"}, ""
        return 200, {}, "<p>1</p>"

    site.pages["/item/1"] = (0, answer, "")
    summary = crawl_once(make_source(site), tmp_path)
    assert site.take() == ["/list", "/item/1", "/item/1", "/item/2"]
    assert moments[1] - moments[0] >= 2
    assert (summary.ended, summary.responses) == ("finished", {"2xx": 3, "5xx": 1})


def test_long_rest_ends_the_run_and_keeps_the_queue(site: Site, tmp_path: Path) -> None:
    put_listing(site, "/item/1", "/item/2")
    site.put("/item/1", "", status=429, Retry_After="4000")
    summary = crawl_once(make_source(site), tmp_path)
    assert summary.ended == "asked_to_wait"
    assert site.take() == ["/list", "/item/1"]
    (status,) = read_queues(tmp_path)
    assert (status.pending, status.leased, status.last and status.last.ended) == (
        2,
        0,
        "asked_to_wait",
    )
    assert crawl_once(make_source(site), tmp_path).requests == 0
    assert site.take() == []


def test_nothing_is_sent_in_quiet_hours(site: Site, tmp_path: Path) -> None:
    put_listing(site, "/item/1")
    now = datetime.now(CHINA)
    around = [f"{now + timedelta(hours=h):%H:%M}" for h in (-1, 1)]
    source = make_source(site, quiet_hours="-".join(around))
    summary = crawl_once(source, tmp_path)
    assert (summary.ended, summary.ok, summary.requests) == ("quiet_hours", True, 0)
    assert site.seen == []
    crawl_once(make_source(site), tmp_path)
    assert site.take() == ["/list", "/item/1"]


def test_sitemap_is_a_listing(site: Site, tmp_path: Path) -> None:
    index = "<sitemapindex><sitemap><loc>/map.xml</loc></sitemap></sitemapindex>"
    site.put("/list", index, Content_Type="application/xml")
    pages = "".join(f"<url><loc>{path}</loc></url>" for path in ("/item/1", "/about", "/item/2"))
    site.put("/map.xml", f"<urlset>{pages}</urlset>", Content_Type="text/xml")
    put_listing(site, "/item/1", "/item/2", path="/other")
    assert crawl_once(make_source(site), tmp_path).new_items == 2
    assert site.take() == ["/list", "/map.xml", "/item/1", "/item/2"]


def test_trap_is_refused_with_a_record(site: Site, tmp_path: Path) -> None:
    put_listing(site, "/calendar/2099/01", "/item/1")
    summary = crawl_once(make_source(site), tmp_path)
    assert site.take() == ["/list", "/item/1"]
    assert summary.failures == {"trap_calendar": 1}
    assert ("metadata", "/calendar/2099/01") in records(summary)
    assert read_queues(tmp_path)[0].reasons == {"trap_calendar": 1}


@pytest.mark.parametrize("following", ["", "/calendar/2099/02"])
def test_trap_stays_refused_when_every_page_is_asked_for(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, following: str
) -> None:
    put_listing(site, "/calendar/2099/01", "/item/1", following=following)
    crawl_once(make_source(site), tmp_path)
    site.take()
    monkeypatch.setenv("GONGSHI_REVISIT_HOURS", "0")
    crawl_once(make_source(site), tmp_path)
    assert sorted(site.take()) == ["/item/1", "/list"]


def test_redirect_leads_to_a_page_of_its_own_and_only_once(site: Site, tmp_path: Path) -> None:
    put_listing(site, "/item/1", "/item/2", "/item/3")
    for path in ("/item/1", "/item/2"):
        site.put(path, "", status=302, Location="/item/9")
    site.put("/item/9", "<p>9</p>")
    site.put("/item/3", "", status=302, Location="/item/3")
    summary = crawl_once(make_source(site), tmp_path)
    seen = site.take()
    assert (seen.count("/item/9"), summary.ended) == (1, "finished")
    (status,) = read_queues(tmp_path)
    assert (status.done, status.pending, status.leased) == (4, 0, 0)
    assert sum(status.reasons.values()) == 1  # the ring


def test_failures_wait_for_a_later_run(site: Site, tmp_path: Path) -> None:
    put_listing(site, "/item/1", "/item/2")
    site.put("/item/1", "no", status=403)
    crawl_once(make_source(site), tmp_path)
    site.take()
    assert read_queues(tmp_path)[0].reasons == {"http_403": 1}
    crawl_once(make_source(site), tmp_path)
    assert site.take() == ["/list"]


def test_new_layout_and_empty_listing_are_told(site: Site, tmp_path: Path) -> None:
    put_listing(site, "/item/1")
    crawl_once(make_source(site), tmp_path)
    assert check_health(tmp_path, "my_notices") == []
    site.put("/list", "<table><tr><td><a href='/item/1'>1</a></table>")
    crawl_once(make_source(site), tmp_path)
    assert [issue.code for issue in check_health(tmp_path, "my_notices")] == ["layout_changed"]
    site.put("/list", "<p>改版</p>")
    crawl_once(make_source(site), tmp_path)
    assert [issue.code for issue in check_health(tmp_path, "my_notices")] == ["listing_empty"]
    site.pages.clear()
    crawl_once(make_source(site), tmp_path)
    assert [issue.code for issue in check_health(tmp_path, "my_notices")] == ["source_silent"]


def test_counts_of_the_last_run_are_kept(site: Site, tmp_path: Path) -> None:
    put_listing(site, "/item/1")
    summary = crawl_once(make_source(site), tmp_path)
    last = read_queues(tmp_path)[0].last
    assert last is not None
    assert (last.run_id, last.ended, last.pages) == (summary.run_id, "finished", 2)
    assert json.dumps(last.counts)
