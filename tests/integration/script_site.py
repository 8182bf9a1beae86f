"""A site on 127.0.0.1 whose pages are written by scripts, and crawls of it with a browser."""

import gzip
import importlib.util
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.browser import RENDERED, find_chromium
from crawler.run import CrawlSummary, crawl
from extract.source import CrawlRules, Source
from loopback_site import LoopbackHandler, LoopbackServer, serving

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


class Site(LoopbackHandler):
    """Answers what its server's `pages` say; items, their data and the script are always there."""

    server: "Server"

    def respond(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.moments[self.path] = time.monotonic()
        headers = {"ETag": '"1"'}
        if self.headers.get("If-None-Match") == '"1"':
            self.answer(304)
        elif self.path in self.server.pages:
            status, more, body = self.server.pages[self.path]
            self.answer(status, headers | more, body)
        elif self.path.startswith("/item/"):
            packed = {"Content-Encoding": "gzip", "Content-Type": HTML}
            self.answer(200, headers | packed, gzip.compress(ITEM.encode(), mtime=0))
        elif self.path.startswith("/api/item/"):
            text = {"text": f"绵阳市涪城区 {self.path[10:-5]}{self.server.edit}"}
            self.answer(200, {"Content-Type": "application/json"}, json.dumps(text).encode())
        else:
            self.answer(404)

    do_POST = LoopbackHandler.do_GET  # noqa: N815 - the server's protocol


class Server(LoopbackServer):
    def __init__(self) -> None:
        super().__init__(Site)
        self.moments: dict[str, float] = {}
        self.edit = ""
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.put("/list/", LIST)
        self.put("/app.js", APP, **{"Content-Type": "application/javascript"})
        self.put("/api/list.json", json.dumps(ITEMS), **{"Content-Type": "application/json"})
        self.put("/files/a.pdf", "%PDF-1.4", **{"Content-Type": "application/pdf"})

    def put(self, path: str, body: str | bytes, status: int = 200, **headers: str) -> None:
        sent = body.encode() if isinstance(body, str) else body
        self.pages[path] = (status, {"Content-Type": HTML} | headers, sent)


def serve() -> Iterator[Server]:
    with serving(Server()) as server:
        yield server


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
