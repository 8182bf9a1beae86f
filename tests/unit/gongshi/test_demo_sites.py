"""The demo sites answer as small real sites do, and say what the demo promises."""

import http.client
import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import lxml.etree
import lxml.html
import pytest

from extract.source import read_source
from gongshi.demo.content import load_programme, load_thread
from gongshi.demo.render import SITES, Reply, page_key, render_sites
from gongshi.demo.sites import DemoSites, serve_demo_sites

GOLDEN = Path(__file__).parents[2] / "pages"
BATCH_2 = "/notices/2022/0402_11.html"
THREAD = "/forum.php?mod=viewthread&tid=880321"


@pytest.fixture(scope="module")
def sites() -> Iterator[DemoSites]:
    with serve_demo_sites() as served:
        yield served


@pytest.fixture(scope="module")
def pages() -> dict[str, dict[str, Reply]]:
    return render_sites()


def fetch(
    port: int, target: str, headers: dict[str, str] | None = None, method: str = "GET"
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, target, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("source_id", SITES)
def test_the_declaration_of_each_site_loads_and_its_start_page_answers(sites, source_id):
    toml = (sites.sources_folder / f"{source_id}.toml").read_text("utf-8")
    source = read_source(source_id, toml)
    assert source.crawl.loopback_ports == (sites.ports[source_id],)
    assert source.crawl.delay == 0
    start = source.crawl.start_urls[0].split(f":{sites.ports[source_id]}")[1]
    assert fetch(sites.ports[source_id], start)[0] == 200


@pytest.mark.parametrize("source_id", SITES)
def test_each_site_has_a_robots_file(sites, source_id):
    status, headers, body = fetch(sites.ports[source_id], "/robots.txt")
    assert (status, headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert body.startswith(b"User-agent: *\nDisallow: /")


def test_an_unknown_path_is_404(sites):
    status, _, body = fetch(sites.ports["demo_local_news"], "/local/20220406/9.html")
    assert status == 404
    assert "页面不存在" in body.decode("utf-8")


@pytest.mark.parametrize("header", ["ETag", "Last-Modified"])
def test_a_client_that_holds_the_page_gets_304_without_a_body(sites, header):
    port = sites.ports["demo_province_notices"]
    _, headers, _ = fetch(port, BATCH_2)
    condition = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}[header]
    status, _, body = fetch(port, BATCH_2, {condition: headers[header]})
    assert (status, body) == (304, b"")


def test_an_old_tag_gets_the_page_again(sites):
    headers = {"If-None-Match": '"0000000000000000"'}
    assert fetch(sites.ports["demo_province_notices"], BATCH_2, headers)[0] == 200


def test_the_last_modified_header_is_the_publish_time_in_gmt(sites):
    _, headers, _ = fetch(sites.ports["demo_province_notices"], BATCH_2)
    assert headers["Last-Modified"] == "Sat, 02 Apr 2022 08:20:00 GMT"


def test_head_gives_the_length_and_no_body(sites):
    port = sites.ports["demo_province_notices"]
    _, headers, body = fetch(port, BATCH_2, method="HEAD")
    assert body == b""
    assert int(headers["Content-Length"]) == len(fetch(port, BATCH_2)[2])


def test_the_folder_of_declarations_goes_when_the_sites_stop():
    with serve_demo_sites() as served:
        folder, port = served.sources_folder, served.ports["demo_forum"]
    assert not folder.exists()
    with pytest.raises(ConnectionRefusedError):
        fetch(port, "/")


def test_every_link_to_an_item_or_a_next_page_leads_to_a_page(pages):
    for source_id, replies in pages.items():
        for path, reply in replies.items():
            if not reply.media_type.startswith("text/html"):
                continue
            tree = lxml.html.document_fromstring(reply.body)
            for link in tree.xpath("//a[@class='next' or @class='nxt' or contains(@class, 'xst')]"):
                target = page_key("/" + link.get("href").lstrip("/"))
                assert target in replies, f"{source_id}{path} links to {target}"


def test_the_second_batch_keeps_adds_drops_and_moves_units():
    first, second = (
        {
            name: (section.heading, category.heading)
            for section in batch.sections
            for category in section.categories
            for name in category.units
        }
        for batch in load_programme().batches
    )
    common = first.keys() & second.keys()
    moved = {name for name in common if first[name] != second[name]}
    assert (len(first), len(second), len(common)) == (35, 37, 25)
    assert moved == {"绵阳市三台县潼川镇草堂社区"}


def test_one_heading_of_the_second_batch_states_one_more_than_it_lists():
    wrong = [
        (batch.number, category.heading, category.stated, len(category.units))
        for batch in load_programme().batches
        for section in batch.sections
        for category in section.categories
        if category.stated != len(category.units)
    ]
    assert wrong == [(2, "社会组织参与型", 8, 7)]


def test_the_attachment_is_a_word_file_with_the_list(pages):
    body = pages["demo_province_notices"]["/files/2022/list_2.docx"].body
    with ZipFile(BytesIO(body)) as archive:
        assert archive.testzip() is None
        tree = lxml.etree.fromstring(archive.read("word/document.xml"))
    lines = ["".join(p.itertext()) for p in tree.iter("{*}p")]
    assert len(lines) == 1 + 3 + 5 + 37
    assert lines[1:3] == ["一、试点县(市、区)(5个)", "绵阳市三台县"]


def test_the_news_are_gbk_bytes_that_call_themselves_gb2312(pages):
    reply = pages["demo_local_news"]["/local/20220406/1001.html"]
    assert reply.media_type == "text/html"
    assert b"charset=gb2312" in reply.body
    assert "梓潼县长卿镇南桥社区" in reply.body.decode("gbk")
    with pytest.raises(UnicodeDecodeError):
        reply.body.decode("utf-8")


def test_the_thread_has_24_replies_on_three_pages(pages):
    forum = pages["demo_forum"]
    posts = []
    for number in (1, 2, 3):
        reply = forum[page_key(f"{THREAD}&page={number}")]
        tree = lxml.html.document_fromstring(reply.body)
        posts.append(len(tree.xpath("//table[starts-with(@id, 'pid')]")))
        assert tree.xpath("string(//div[@class='hm ptn'])").endswith("回复: 24")
    assert posts == [10, 10, 5]
    assert len(load_thread().posts) == 1 + 24


def test_users_keep_their_number_across_pages(pages):
    seen: dict[str, set[str]] = {}
    for reply in pages["demo_forum"].values():
        if reply.media_type.startswith("text/html"):
            tree = lxml.html.document_fromstring(reply.body)
            for link in tree.xpath("//a[@class='xw1']"):
                seen.setdefault(link.text, set()).add(link.get("href"))
    assert len(seen["阿坎"]) == 1
    assert len({href for hrefs in seen.values() for href in hrefs}) == len(seen)


def test_rendering_twice_gives_the_same_bytes(pages):
    assert render_sites() == pages


@pytest.mark.parametrize(
    "folder", sorted(path for source in SITES for path in (GOLDEN / source).glob("*/"))
)
def test_the_golden_pages_of_the_demo_are_what_it_serves(pages, folder):
    url = json.loads((folder / "page.json").read_text("utf-8"))["url"]
    source_id = folder.parent.name
    target = "/" + url.split("/", 3)[3]
    served = pages[source_id][page_key(target)].body
    assert (folder / "page.html").read_bytes() == served, f"save {url} of the demo again"
