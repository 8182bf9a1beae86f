"""Sitemaps and feeds are read whatever they look like, and pages are not taken for them."""

import pytest

from crawler.feeds import read_feed

SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc> http://a.cn/1.html </loc><lastmod>2024-04-01</lastmod></url>
<url><loc>http://a.cn/2.html</loc><lastmod>2024-05-01</lastmod></url><url/>
<url><loc>http://a.cn/1.html</loc></url></urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>http://a.cn/map1.xml</loc></sitemap></sitemapindex>"""
RSS = """<?xml version="1.0" encoding="gb2312"?><rss version="2.0"><channel>
<link>http://a.cn/</link><item><title>公示</title><link>http://a.cn/9.html</link></item>
<item><link>http://a.cn/8.html</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><link href="http://a.cn/"/>
<entry><link rel="edit" href="http://a.cn/edit"/><link href="http://a.cn/7.html"/>
<updated>2024-05-01T08:00:00Z</updated></entry></feed>"""


def test_pages_of_a_sitemap_come_newest_first_and_once() -> None:
    feed = read_feed(SITEMAP.encode())
    assert feed is not None
    assert (feed.pages, feed.feeds) == (("http://a.cn/2.html", "http://a.cn/1.html"), ())


def test_index_leads_to_sitemaps() -> None:
    feed = read_feed(INDEX.encode())
    assert feed is not None
    assert (feed.pages, feed.feeds) == ((), ("http://a.cn/map1.xml",))


@pytest.mark.parametrize(
    ("text", "encoding", "pages"),
    [
        (RSS, "gb2312", ("http://a.cn/9.html", "http://a.cn/8.html")),
        (ATOM, "utf-8", ("http://a.cn/7.html",)),
    ],
)
def test_feeds(text: str, encoding: str, pages: tuple[str, ...]) -> None:
    feed = read_feed(text.encode(encoding))
    assert feed is not None
    assert feed.pages == pages


@pytest.mark.parametrize(
    "body", [b"", b"<html><a href='1'>rss</a>", b"\xff\x00", b"<?xml", b"{}", b"%PDF <rss"]
)
def test_other_bytes_are_no_feed(body: bytes) -> None:
    assert read_feed(body) is None or read_feed(body).pages == ()  # type: ignore[union-attr]


def test_entities_are_not_expanded() -> None:
    laughs = "".join(f"<!ENTITY e{n + 1} '{f'&e{n};' * 10}'>" for n in range(9))
    bomb = f"<!DOCTYPE rss [<!ENTITY e0 'x'>{laughs}]><rss><item><link>&e9;</link></item></rss>"
    feed = read_feed(bomb.encode())
    assert feed is None or feed.pages == ()


def test_broken_sitemap_gives_what_stands_before_the_break() -> None:
    feed = read_feed(SITEMAP.encode()[:-60])
    assert feed is not None
    assert "http://a.cn/2.html" in feed.pages
