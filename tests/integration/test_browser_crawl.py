"""Pages that a script writes, crawled with a browser."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from script_site import ITEMS, PAGE, Server, crawl_site, needs_chromium, read_archived, serve

from crawler.status import read_queues
from datasets.archive import read_fetches
from extract.page import Page
from extract.parse import parse_page
from extract.source import CrawlRules, ParseRules, Source

pytestmark = needs_chromium
site = pytest.fixture(serve, name="site")
CHILD = """
import sys
from pathlib import Path
from crawler.reactor import crawl_here
from extract.source import CrawlRules, Source

port = int(sys.argv[2])
rules = CrawlRules(
    "single", (f"http://127.0.0.1:{port}/slow",), delay=0.0, loopback_ports=(port,), browser=True
)
source = Source("script_site", "试站", "试站", "news", rules)
(summary,) = crawl_here([source], Path(sys.argv[1]), lambda progress: None)
print(summary.ended)
"""


def test_nothing_is_found_without_a_browser(site: Server, tmp_path: Path) -> None:
    summary = crawl_site(site, tmp_path, browser=False)
    assert (summary.ok, summary.items) == (True, 0)
    assert site.seen == ["/robots.txt", "/list/"]


def test_everything_is_found_with_a_browser(site: Server, tmp_path: Path) -> None:
    summary = crawl_site(site, tmp_path)
    assert (summary.items, summary.requests, summary.failures) == (3, 5, {})
    archived = {one.path: one for one in read_archived(summary, site)}
    for number in ITEMS:
        item = archived[f"/item/{number}.html"]
        assert f"<p>绵阳市涪城区 {number}</p>".encode() in item.body
        assert item.mark is not None
        assert item.mark.startswith("chromium/")
        assert item.headers["content-type"] == "text/html; charset=utf-8"
        assert not item.headers.keys() & {"etag", "last-modified", "content-encoding"}
    assert archived["/files/a.pdf"].mark is None
    assert archived["/files/a.pdf"].headers["etag"] == '"1"'
    assert archived["/robots.txt"].mark is None
    assert site.seen.count("/app.js") == 1  # one script for all pages
    assert len(site.seen) == 11


def test_unchanged_pages_are_revisits_and_changed_data_are_seen(
    site: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGSHI_REVISIT_HOURS", "0")
    crawl_site(site, tmp_path, "/item/1.html", browser=False)
    first = crawl_site(site, tmp_path, "/item/1.html")
    same = crawl_site(site, tmp_path, "/item/1.html")
    site.edit = " 更正"  # the page itself still has its validators
    changed = crawl_site(site, tmp_path, "/item/1.html")
    kinds = [
        [one.kind for one in read_archived(summary, site) if one.path == "/item/1.html"]
        for summary in (first, same, changed)
    ]
    assert kinds == [["response"], ["revisit"], ["response"]]
    bodies = [one.body for one in read_archived(changed, site) if one.path == "/item/1.html"]
    assert "更正".encode() in bodies[0]


def test_a_page_in_gb18030_is_read_from_the_archive(site: Server, tmp_path: Path) -> None:
    write = "document.getElementById('main').innerHTML = '<h1>公示</h1><p>绵阳市涪城区城厢街道</p>'"
    body = (PAGE % write).replace("utf-8", "gb2312").encode("gb18030")
    site.put("/gbk", body, **{"Content-Type": "text/html"})
    summary = crawl_site(site, tmp_path, "/gbk")
    assert summary.warc_file is not None
    (fetch,) = (one for one in read_fetches(summary.warc_file) if one.url.endswith("/gbk"))
    page = Page(fetch.payload, fetch.url, "text/html", fetch.charset, fetch.fetched_at)
    rules = ParseRules(page="article", body="//div[@id='main']")
    source = Source("script_site", "试站", "试站", "government", CrawlRules("single", ()), rules)
    assert parse_page(page, source).document.text == "公示\n绵阳市涪城区城厢街道"


def test_a_busy_server_makes_no_empty_page(site: Server, tmp_path: Path) -> None:
    data = site.pages["/api/list.json"]
    site.put("/api/list.json", "busy", 503, **{"Retry-After": "1"})

    class Once(dict[str, tuple[int, dict[str, str], bytes]]):
        """Gives the data from the second time on."""

        def __getitem__(self, path: str) -> tuple[int, dict[str, str], bytes]:
            if path == "/api/list.json" and site.seen.count(path) > 1:
                return data
            return super().__getitem__(path)

    site.pages = Once(site.pages)
    started = time.monotonic()
    summary = crawl_site(site, tmp_path)
    assert time.monotonic() - started > 1
    assert summary.items == 3
    listing = [one for one in read_archived(summary, site) if one.path == "/list/"]
    assert [one.status for one in listing] == ["503", "200"]


def test_the_budget_counts_what_scripts_ask_for(site: Server, tmp_path: Path) -> None:
    first = crawl_site(site, tmp_path, max_requests=8)  # the last item's page, not its data
    assert (first.ended, first.items) == ("max_requests", 2)
    assert len(site.seen) == 9  # with robots.txt
    second = crawl_site(site, tmp_path, max_requests=8)
    assert (second.ended, second.items) == ("finished", 1)
    (queue,) = read_queues(tmp_path)
    assert (queue.done, queue.failed) == (5, 0)


def test_scripts_may_post_and_are_redirected(site: Server, tmp_path: Path) -> None:
    site.put("/old.json", "", 302, Location="/api/list.json")
    site.put("/api/sent", json.dumps([7]))
    site.put(
        "/list/",
        PAGE
        % """const write = answer => answer.json().then(data => { for (const n of data)
        document.body.insertAdjacentHTML('beforeend', `<a href='/item/${n}.html'>${n}</a>`) })
        fetch('/old.json').then(write)
        fetch('/api/sent', {method: 'POST', body: 'page=1'}).then(write)""",
    )
    assert crawl_site(site, tmp_path).items == 4


def test_a_site_rests_for_what_scripts_asked_for(site: Server, tmp_path: Path) -> None:
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 2\n")
    crawl_site(site, tmp_path, "/item/1.html")
    # Three pauses: behind the page, its script and its data.
    assert site.moments["/files/a.pdf"] - site.moments["/item/1.html"] > 5.9


def test_a_crawl_without_chromium_says_how_to_mend_it(
    site: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    summary = crawl_site(site, tmp_path)
    assert (summary.ok, summary.ended) == (False, "not_started")
    assert "apt install chromium" in summary.detail
    assert site.seen == []


def list_children(pid: int) -> Iterator[int]:
    """All processes that a process and its children started."""
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, tasks.read_text().split()):
            yield child
            yield from list_children(child)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize(("how", "printed"), [(signal.SIGTERM, "shutdown"), (signal.SIGKILL, "")])
def test_no_browser_outlives_its_crawl(
    site: Server, tmp_path: Path, how: signal.Signals, printed: str
) -> None:
    site.put("/slow", PAGE % "setInterval(() => fetch('/tick'), 100)")
    command = [sys.executable, "-c", CHILD, str(tmp_path), str(site.server_port)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as child:
        while "/tick" not in site.seen:
            assert child.poll() is None
            time.sleep(0.05)
        started = list(list_children(child.pid))
        assert len(started) > 2
        child.send_signal(how)
        assert child.stdout is not None
        assert child.stdout.read().strip() == printed
    end = time.monotonic() + 20
    while any(map(is_running, started)):
        assert time.monotonic() < end
        time.sleep(0.05)
