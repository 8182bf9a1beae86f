"""Links are found whatever the encoding of the page, and only those of the source."""

import pytest

from crawler.links import PageLinks, read_links
from extract.source import CrawlRules, Source

URL = "http://mzj.my.example.cn/gs/index.html"


def read(body: bytes, **rules: object) -> PageLinks:
    given = {"pattern": "listing", "start_urls": (URL,), **rules}
    source = Source("demo_site", "试", "试", "news", CrawlRules(**given))  # type: ignore[arg-type]
    return read_links(body, URL, None, source)


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-8-sig", "utf-16"])
def test_next_page_is_found_by_its_chinese_text(encoding: str) -> None:
    page = "<p>绵阳市三台县的公示名单</p><a href='2.html'>下一页</a>".encode(encoding)
    links = read(page, next_links="//a[contains(., '下一页')]")
    assert links.next_page() == "http://mzj.my.example.cn/gs/2.html"


def test_chinese_query_is_sent_in_the_encoding_of_the_page() -> None:
    links = read("<a href='x?n=绵阳'>绵阳市</a>".encode("gbk"))
    assert links.items() == ("http://mzj.my.example.cn/gs/x?n=%C3%E0%D1%F4",)


def test_links_elsewhere_and_broken_ones_are_left_out() -> None:
    page = b"""<a href="http://b.cn/1.html">1</a><a href="javascript:go()">2</a>
    <a href="mailto:a@b.cn">3</a><a href="http://[bad/">4</a><a href="#top">5</a><a>6</a>
    <a href=" /ok.html#a ">7</a><a href="/ok.html#b">8</a><a href="index.html">9</a>"""
    assert read(page).items() == ("http://mzj.my.example.cn/ok.html",)


def test_base_of_the_page_counts() -> None:
    links = read(b"<base href='/other/'><a href='1.html'>1</a>")
    assert links.items() == ("http://mzj.my.example.cn/other/1.html",)


def test_items_are_told_from_attachments() -> None:
    links = read(
        b"<a href='t1.html'>a</a><a href='b.PDF'>b</a><iframe src='c.doc'></iframe>",
        item_pattern=r"t\d",
    )
    assert [a.rpartition("/")[2] for a in links.items()] == ["t1.html"]
    assert [a.rpartition("/")[2] for a in links.attachments()] == ["b.PDF", "c.doc"]
    assert [a.rpartition("/")[2] for a in links.attachments("//a/@href")] == ["b.PDF"]


@pytest.mark.parametrize("xpath", ["count(//a)", "string(//a/@href)", "//a/@href", "//comment()"])
def test_any_result_of_an_xpath_is_taken_or_left(xpath: str) -> None:
    links = read(b"<a href='1.html'>1</a><!-- x -->", item_links=xpath)
    assert all(address.endswith("1.html") for address in links.items())


@pytest.mark.parametrize("body", [b"", b"\x00\xff\xfe", b"<", b"<a href='\xff\x00'>", b"%PDF-1.4"])
def test_any_bytes_can_be_read(body: bytes) -> None:
    links = read(body, next_links="//a")
    assert isinstance(links.items(), tuple)
    assert isinstance(links.attachments(), tuple)
    links.next_page()
