"""A small site on 127.0.0.1 that crawls can get through in a second: listings, threads, traps."""

import gzip
from collections.abc import Iterator

from loopback_site import LoopbackHandler, LoopbackServer, serving

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
LISTING: dict[str, object] = {
    "pattern": "listing",
    "start_paths": ("/list/",),
    "item_pattern": r"/list/\w+\.html(\?|$)",
    "item_links": "//a[not(contains(., '页'))]",
    "next_links": "//a[contains(., '下一页')]",
}
"""Rules of a crawl that starts at `/list/`."""


class NoticeHandler(LoopbackHandler):
    server: "NoticeSite"

    def respond(self) -> None:
        path = self.path.split("?")[0]
        if path == "/silent":
            self.server.closing.wait(30)
            self.close_connection = True
        elif path.startswith("/away/"):
            target = self.server.targets[int(path.removeprefix("/away/"))]
            self.answer(302, {"Location": target})
        elif path in PAGES:
            kind, body = PAGES[path]
            packed = {"Content-Encoding": "gzip"} if path == "/packed" else {}
            if path == "/robots.txt":
                body += self.server.more_rules
            self.answer(200, {"Content-Type": kind, **packed}, body)
        elif path.startswith("/ring/"):
            self.answer(200, {"Content-Type": HTML}, b"x")
        else:
            self.answer(500 if path.startswith("/broken") else 404, body=b"no")


class NoticeSite(LoopbackServer):
    """The site; `targets` are where `/away/0` and so on redirect to."""

    def __init__(self) -> None:
        super().__init__(NoticeHandler)
        self.targets: list[str] = []
        self.more_rules = b""


def serve_notices() -> Iterator[NoticeSite]:
    """A fixture of the site."""
    with serving(NoticeSite()) as site:
        yield site
