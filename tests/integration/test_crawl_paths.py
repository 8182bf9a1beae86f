"""What the real spiders follow on a small site, and how its pages are archived."""

from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from extract.source import Source
from notice_site import LISTING, PAGES, NoticeSite, serve_notices
from trial_crawl import crawl_one, make_source, read_records

site = pytest.fixture(serve_notices, name="site")


@pytest.fixture(autouse=True)
def _short_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGSHI_TIMEOUT", "0.5")


def test_listing_is_followed_to_items_and_attachments(site: NoticeSite, tmp_path: Path) -> None:
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


def test_later_parts_of_an_article_are_followed(site: NoticeSite, tmp_path: Path) -> None:
    summary = crawl_one(make_source(site, "cut", start_paths=("/cut/9.html",)), tmp_path)
    assert site.seen == ["/robots.txt", "/cut/9.html", "/cut/9_2.html"]
    assert summary.items == 1


def test_archive_holds_bodies_as_sent(site: NoticeSite, tmp_path: Path) -> None:
    records = read_records(crawl_one(make_source(site, "notices", **LISTING), tmp_path))
    bodies = {url.removeprefix(site.url): body for kind, url, body in records if kind == "response"}
    assert bodies["/robots.txt"] == PAGES["/robots.txt"][1]
    assert bodies["/list/p2.html"] == PAGES["/list/p2.html"][1]
    assert bodies["/files/a.pdf"] == PAGES["/files/a.pdf"][1]
    assert records[0][0] == "warcinfo"


def test_packed_page_is_archived_packed_and_followed(site: NoticeSite, tmp_path: Path) -> None:
    summary = crawl_one(make_source(site, "packed", start_paths=("/packed",)), tmp_path)
    assert "/files/a.pdf" in site.seen
    assert summary.warc_file is not None
    with summary.warc_file.open("rb") as stream:
        blocks = [r.raw_stream.read() for r in ArchiveIterator(stream, no_record_parse=True)]
    assert any(block.endswith(PAGES["/packed"][1]) for block in blocks)


def make_board(site: NoticeSite, start_path: str, **rules: int) -> Source:
    links = {"item_pattern": r"/thread-", "next_links": "//a[@class='nxt']"}
    return make_source(site, "board", [start_path], pattern="thread", **links, **rules)


def test_all_pages_of_a_thread_are_fetched(site: NoticeSite, tmp_path: Path) -> None:
    summary = crawl_one(make_board(site, "/board/"), tmp_path)
    assert "/thread-7-3.html" in site.seen
    assert "/about" not in site.seen
    assert summary.items == 1


def test_pages_of_a_thread_are_bounded(site: NoticeSite, tmp_path: Path) -> None:
    crawl_one(make_board(site, "/thread-7-1.html", max_pages=2), tmp_path)
    assert "/thread-7-2.html" in site.seen
    assert "/thread-7-3.html" not in site.seen
