"""A site on 127.0.0.1 whose pages are written by scripts, and crawls of it with a browser."""

import gzip
import importlib.util
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.browser import RENDERED, find_chromium
from crawler.run import CrawlSummary, crawl
from extract.source import CrawlRules, Source

HTML = "text/html; charset=utf-8"
PAGE = """<!doctype html><meta charset=utf-8><title>公示</title><div id=main></div>
<script src=/app.js></script><script>%s</script>"""
LIST = PAGE % "show('/api/list.json', d => d.map(n => `<a href='/item/${n}.html'>公示${n}</a>`))"
ITEM = PAGE % (
    "show('/api' + location.pathname.replace('html', 'json'),"
    " d => [`<p>${d.text}</p><a href='/files/a.pdf'>附件</a>`])"
)
APP = """function show(address, write) {
  fetch(address).then(answer => answer.json()).then(data => {
    document.getElementById('main').innerHTML = write(data).join('')
  })
}"""
ITEMS = [1, 2, 3]

needs_chromium = pytest.mark.skipif(
    importlib.util.find_spec("scrapy_playwright") is None or find_chromium() is None,
    reason="Chromium or scrapy-playwright is not installed",
)


class Site(BaseHTTPRequestHandler):
    """Answers what its server's `pages` say; items, their data and the script are always there."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server: Server = self.server  # type: ignore[assignment]
        server.seen.append(self.path)
        server.moments[self.path] = time.monotonic()
        headers = {"ETag": '"1"'}
        if self.headers.get("If-None-Match") == '"1"':
            self._answer(304, {}, b"")
        elif self.path in server.pages:
            status, more, body = server.pages[self.path]
            self._answer(status, headers | more, body)
        elif self.path.startswith("/item/"):
            packed = {"Content-Encoding": "gzip", "Content-Type": HTML}
            self._answer(200, headers | packed, gzip.compress(ITEM.encode(), mtime=0))
        elif self.path.startswith("/api/item/"):
            text = {"text": f"绵阳市涪城区 {self.path[10:-5]}{server.edit}"}
            self._answer(200, {"Content-Type": "application/json"}, json.dumps(text).encode())
        else:
            self._answer(404, {}, b"no")

    do_POST = do_GET  # noqa: N815 - the server's protocol

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
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
        self.moments: dict[str, float] = {}
        self.edit = ""
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.put("/list/", LIST)
        self.put("/app.js", APP, **{"Content-Type": "application/javascript"})
        self.put("/api/list.json", json.dumps(ITEMS), **{"Content-Type": "application/json"})
        self.put("/files/a.pdf", "%PDF-1.4", **{"Content-Type": "application/pdf"})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def put(self, path: str, body: str | bytes, status: int = 200, **headers: str) -> None:
        sent = body.encode() if isinstance(body, str) else body
        self.pages[path] = (status, {"Content-Type": HTML} | headers, sent)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that is closed hangs up in the middle of an answer."""


def serve() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@dataclass(frozen=True)
class Archived:
    """A record of an answer or a failure."""

    kind: str
    path: str
    status: str
    mark: str | None
    headers: dict[str, str]
    body: bytes


def read_archived(summary: CrawlSummary, site: Server) -> list[Archived]:
    assert summary.warc_file is not None, summary.detail
    found = []
    with summary.warc_file.open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type == "warcinfo":
                continue
            head = record.http_headers
            headers = {name.lower(): value for name, value in head.headers} if head else {}
            found.append(
                Archived(
                    record.rec_type,
                    record.rec_headers["WARC-Target-URI"].removeprefix(site.url),
                    head.get_statuscode() if head else "",
                    headers.get(RENDERED.lower()),
                    headers,
                    record.content_stream().read(),
                )
            )
    return found


def read_failures(summary: CrawlSummary, site: Server) -> dict[str, str]:
    return {
        one.path: json.loads(one.body)["reason"]
        for one in read_archived(summary, site)
        if one.kind == "metadata"
    }


def crawl_site(site: Server, data: Path, *paths: str, **rules: object) -> CrawlSummary:
    given = {"delay": 0.0, "loopback_ports": (site.server_port,), "browser": True} | rules
    pattern = "single" if paths else "listing"
    starts = tuple(site.url + path for path in paths or ("/list/",))
    crawl_rules = CrawlRules(pattern, starts, item_pattern="/item/", **given)  # type: ignore[arg-type]
    return crawl([Source("script_site", "试站", "试站", "government", crawl_rules)], data)[0]
