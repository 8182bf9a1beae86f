"""The real spiders against a small site on 127.0.0.1."""

import gzip
import json
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.run import CrawlProgress, CrawlSummary, crawl
from extract.source import CrawlRules, Source
from normalize.errors import FetchError

ROOT = Path(__file__).parents[2]
HTML = "text/html; charset=utf-8"
PAGES: dict[str, tuple[str, bytes]] = {
    "/robots.txt": ("text/plain", b"User-agent: *\nDisallow: /secret/\n"),
    "/list/": (
        HTML,
        "<a href='1.html'>示范社区公示</a><a href='2.html'>名单</a>"
        "<a href='/list/p2.html'>下一页</a><a href='http://other.example.cn/3.html'>外站</a>".encode(),
    ),
    "/list/p2.html": (
        "text/html",  # neither header nor meta names the encoding
        "<a href='gbk.html?城=绵阳'>涪城区</a><a href='/list/'>上一页</a>".encode("gbk"),
    ),
    "/list/1.html": (HTML, "<p>绵阳市</p><a href='/files/a.pdf'>附件</a>".encode()),
    "/list/2.html": (HTML, "<p>江油市</p>".encode()),
    "/list/gbk.html": ("text/html", "<meta charset=gb2312><p>涪城区</p>".encode("gbk")),
    "/cut/9.html": (HTML, "<p>一</p><a href='9_2.html'>下一页</a>".encode()),
    "/cut/9_2.html": (HTML, "<p>二</p><a href='9.html'>上一页</a>".encode()),
    "/packed": (HTML, gzip.compress("<a href='/files/a.pdf'>附件</a>".encode(), mtime=0)),
    "/files/a.pdf": ("application/pdf", b"%PDF-1.4 \x00\xff"),
    "/board/": (HTML, "<a href='/thread-7-1.html'>求助</a><a href='/about'>关于</a>".encode()),
    "/thread-7-1.html": (HTML, "<p>一楼</p><a class=nxt href='/thread-7-2.html'>2</a>".encode()),
    "/thread-7-2.html": (HTML, "<p>二楼</p><a class=nxt href='/thread-7-3.html'>3</a>".encode()),
    "/thread-7-3.html": (HTML, "<p>三楼</p>".encode()),
    "/ring/": (HTML, b"".join(b"<a href='/ring/%d.html'>x</a>" % n for n in range(40))),
}


class Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.seen.append(self.path)  # type: ignore[attr-defined]
        path = self.path.split("?")[0]
        if path == "/silent":
            self.server.closing.wait(30)  # type: ignore[attr-defined]
            self.close_connection = True
        elif path.startswith("/away/"):
            target = self.server.targets[int(path.removeprefix("/away/"))]  # type: ignore[attr-defined]
            self._answer(302, {"Location": target}, b"")
        elif path in PAGES:
            kind, body = PAGES[path]
            packed = {"Content-Encoding": "gzip"} if path == "/packed" else {}
            if path == "/robots.txt":
                body += self.server.more_rules  # type: ignore[attr-defined]
            self._answer(200, {"Content-Type": kind, **packed}, body)
        elif path.startswith("/ring/"):
            self._answer(200, {"Content-Type": HTML}, b"x")
        else:
            self._answer(500 if path.startswith("/broken") else 404, {}, b"no")

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Site)
        self.seen: list[str] = []
        self.closing = threading.Event()
        self.targets: list[str] = []
        self.more_rules = b""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


def serve() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.closing.set()
    server.shutdown()
    server.server_close()
    thread.join()


site = pytest.fixture(serve, name="site")
other_site = pytest.fixture(serve, name="other_site")


@pytest.fixture(autouse=True)
def _short_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGSHI_TIMEOUT", "0.5")


def make_source(site: Server, source_id: str, **rules: object) -> Source:
    given = {"pattern": "single", "delay": 0.0, "loopback_ports": (site.server_port,), **rules}
    given["start_urls"] = tuple(site.url + path for path in rules["start_urls"])  # type: ignore[attr-defined]
    return Source(source_id, "试站", "试站", "government", CrawlRules(**given))  # type: ignore[arg-type]


def crawl_one(source: Source, data: Path) -> CrawlSummary:
    return crawl([source], data)[0]


def read_records(summary: CrawlSummary) -> list[tuple[str, str, bytes]]:
    assert summary.warc_file is not None
    with summary.warc_file.open("rb") as stream:
        return [
            (
                record.rec_type,
                record.rec_headers.get_header("WARC-Target-URI") or "",
                record.content_stream().read(),
            )
            for record in ArchiveIterator(stream)
        ]


def failures(summary: CrawlSummary) -> dict[str, str]:
    return {
        url: json.loads(block)["reason"]
        for kind, url, block in read_records(summary)
        if kind == "metadata"
    }


LISTING: dict[str, object] = {
    "pattern": "listing",
    "start_urls": ("/list/",),
    "item_pattern": r"/list/\w+\.html(\?|$)",
    "item_links": "//a[not(contains(., '页'))]",
    "next_links": "//a[contains(., '下一页')]",
}


def test_listing_is_followed_to_items_and_attachments(site: Server, tmp_path: Path) -> None:
    summary = crawl_one(make_source(site, "notices", **LISTING), tmp_path)
    query = "%B3%C7=%C3%E0%D1%F4"  # as a browser sends it: the page is GBK
    assert sorted(site.seen) == [
        "/files/a.pdf",
        "/list/",
        "/list/1.html",
        "/list/2.html",
        f"/list/gbk.html?{query}",
        "/list/p2.html",
        "/robots.txt",
    ]
    assert (summary.ok, summary.items, summary.requests) == (True, 3, 6)
    assert (summary.responses, summary.failures, summary.ended) == ({"2xx": 6}, {}, "finished")


def test_later_parts_of_an_article_are_followed(site: Server, tmp_path: Path) -> None:
    summary = crawl_one(make_source(site, "cut", start_urls=("/cut/9.html",)), tmp_path)
    assert site.seen == ["/robots.txt", "/cut/9.html", "/cut/9_2.html"]
    assert summary.items == 1


def test_archive_holds_bodies_as_sent(site: Server, tmp_path: Path) -> None:
    records = read_records(crawl_one(make_source(site, "notices", **LISTING), tmp_path))
    bodies = {url.removeprefix(site.url): body for kind, url, body in records if kind == "response"}
    assert bodies["/robots.txt"] == PAGES["/robots.txt"][1]
    assert bodies["/list/p2.html"] == PAGES["/list/p2.html"][1]
    assert bodies["/files/a.pdf"] == PAGES["/files/a.pdf"][1]
    assert records[0][0] == "warcinfo"


def test_packed_page_is_archived_packed_and_followed(site: Server, tmp_path: Path) -> None:
    summary = crawl_one(make_source(site, "packed", start_urls=("/packed",)), tmp_path)
    assert "/files/a.pdf" in site.seen
    assert summary.warc_file is not None
    with summary.warc_file.open("rb") as stream:
        blocks = [r.raw_stream.read() for r in ArchiveIterator(stream, no_record_parse=True)]
    assert any(block.endswith(PAGES["/packed"][1]) for block in blocks)


def test_all_pages_of_a_thread_are_fetched(site: Server, tmp_path: Path) -> None:
    source = make_source(
        site,
        "board",
        pattern="thread",
        start_urls=("/board/",),
        item_pattern=r"/thread-",
        next_links="//a[@class='nxt']",
    )
    summary = crawl_one(source, tmp_path)
    assert "/thread-7-3.html" in site.seen
    assert "/about" not in site.seen
    assert summary.items == 1


def test_pages_of_a_thread_are_bounded(site: Server, tmp_path: Path) -> None:
    source = make_source(
        site,
        "board",
        pattern="thread",
        start_urls=("/thread-7-1.html",),
        item_pattern=r"/thread-",
        next_links="//a[@class='nxt']",
        max_pages=2,
    )
    crawl_one(source, tmp_path)
    assert "/thread-7-2.html" in site.seen
    assert "/thread-7-3.html" not in site.seen


def test_server_errors_are_archived_and_not_ok(site: Server, tmp_path: Path) -> None:
    summary = crawl_one(make_source(site, "broken", start_urls=("/broken",)), tmp_path)
    assert not summary.ok
    assert summary.responses == {"5xx": 3}
    assert [kind for kind, url, _ in read_records(summary) if url == site.url + "/broken"] == [
        "response"
    ] * 3


def test_silent_site_ends_in_time_and_leaves_others_alone(
    site: Server, other_site: Server, tmp_path: Path
) -> None:
    silent = make_source(site, "silent", start_urls=("/silent",))
    alive = make_source(other_site, "alive", start_urls=("/list/2.html",))
    started = time.monotonic()
    first, second = crawl([silent, alive], tmp_path)
    assert time.monotonic() - started < 20
    assert (first.ok, first.failures) == (False, {"timeout": 1})
    assert failures(first) == {site.url + "/silent": "timeout"}
    assert (second.ok, second.items) == (True, 1)


def test_closed_port_is_a_failure(site: Server, tmp_path: Path) -> None:
    source = make_source(site, "closed", start_urls=("/",), loopback_ports=(1,))
    rules = CrawlRules(
        "single", ("http://127.0.0.1:1/",), delay=0.0, loopback_ports=(1,), obey_robots=False
    )
    summary = crawl_one(Source(source.id, "试", "试", "news", rules), tmp_path)
    assert summary.failures == {"connection_refused": 1}


def test_redirects_to_forbidden_places_are_not_followed(
    site: Server, other_site: Server, tmp_path: Path
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
        [make_source(site, f"away{n}", start_urls=(f"/away/{n}",)) for n in range(5)], tmp_path
    )
    assert other_site.seen == []
    assert [summary.failures for summary in summaries] == [{r: 1} for r in forbidden.values()]
    assert [summary.responses for summary in summaries] == [{"3xx": 1}] * 5
    assert failures(summaries[0]) == {f"{other_site.url}/list/": "refused_private_address"}
    assert not any(summary.ok for summary in summaries)


def test_name_of_a_private_address_is_refused_after_dns(site: Server, tmp_path: Path) -> None:
    rules = CrawlRules("single", (f"http://localhost:{site.server_port}/list/",), delay=0.0)
    summary = crawl_one(Source("by_name", "试", "试", "news", rules), tmp_path)
    assert site.seen == []
    assert summary.failures == {"refused_private_address": 1}


def test_robots_refusal_has_its_reason(site: Server, tmp_path: Path) -> None:
    summary = crawl_one(make_source(site, "secret", start_urls=("/secret/1.html",)), tmp_path)
    assert site.seen == ["/robots.txt"]
    assert failures(summary) == {site.url + "/secret/1.html": "robots"}


def test_crawl_delay_of_robots_wins(site: Server, tmp_path: Path) -> None:
    site.more_rules = b"Crawl-delay: 1\n"
    started = time.monotonic()
    paths = ("/list/1.html", "/list/2.html")
    crawl_one(make_source(site, "slow", start_urls=paths), tmp_path)
    assert len(site.seen) == 4  # with robots.txt and an attachment: three pauses
    assert time.monotonic() - started > 3


def test_robots_can_be_left_unasked(site: Server, tmp_path: Path) -> None:
    source = make_source(site, "secret", start_urls=("/secret/1.html",), obey_robots=False)
    assert crawl_one(source, tmp_path).responses == {"4xx": 1}
    assert site.seen == ["/secret/1.html"]


def test_requests_of_a_run_are_bounded(site: Server, tmp_path: Path) -> None:
    source = make_source(
        site, "ring", pattern="listing", start_urls=("/ring/",), max_requests=5, concurrency=2
    )
    summary = crawl_one(source, tmp_path)
    assert (summary.requests, summary.ended) == (5, "max_requests")
    assert len(site.seen) == 6


def test_rest_of_a_bounded_run_is_fetched_by_the_next_ones(site: Server, tmp_path: Path) -> None:
    source = make_source(
        site, "ring", pattern="listing", start_urls=("/ring/",), max_requests=15, concurrency=2
    )
    ended = [crawl_one(source, tmp_path).ended for _ in range(4)]
    assert ended == ["max_requests", "max_requests", "finished", "finished"]
    items = [path for path in site.seen if path.endswith(".html")]
    assert len(items) == len(set(items)) == 40


def test_dead_site_is_given_up(site: Server, tmp_path: Path) -> None:
    paths = tuple(f"/broken/{n}" for n in range(30))
    summary = crawl_one(make_source(site, "dying", start_urls=paths), tmp_path)
    assert summary.ended == "site_down"
    assert len(site.seen) == 31  # robots.txt, and ten addresses three times


def test_progress_is_told_and_ends_with_finished(site: Server, tmp_path: Path) -> None:
    told: list[CrawlProgress] = []
    crawl([make_source(site, "notices", **LISTING)], tmp_path, told.append)
    assert told[-1] == CrawlProgress("notices", 6, 6, 0, 3, finished=True)


def test_archive_that_cannot_be_written_is_told(site: Server, tmp_path: Path) -> None:
    (tmp_path / "warc").write_text("a file")
    summary = crawl_one(make_source(site, "notices", **LISTING), tmp_path)
    assert (summary.ok, summary.ended) == (False, "not_started")
    assert "cannot be written" in summary.detail
    assert site.seen == []


def test_death_of_the_process_is_told(site: Server, tmp_path: Path) -> None:
    def kill(progress: CrawlProgress) -> None:
        for child in multiprocessing.active_children():
            child.kill()

    source = make_source(site, "ring", pattern="listing", start_urls=("/ring/",), delay=5.0)
    with pytest.raises(FetchError, match="exit code -9"):
        crawl([source], tmp_path, kill)


def test_interrupt_ends_the_crawl_in_order(site: Server, tmp_path: Path) -> None:
    def interrupt(progress: CrawlProgress) -> None:
        raise KeyboardInterrupt

    started = time.monotonic()
    source = make_source(site, "ring", pattern="listing", start_urls=("/ring/",), delay=5.0)
    with pytest.raises(KeyboardInterrupt):
        crawl([source], tmp_path, interrupt)
    assert time.monotonic() - started < 20
    (warc,) = tmp_path.glob("warc/ring/*.warc.gz")
    assert read_records(CrawlSummary("ring", None, warc))[0][0] == "warcinfo"


def test_scrapy_lists_and_crawls_the_source_files(site: Server, tmp_path: Path) -> None:
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
