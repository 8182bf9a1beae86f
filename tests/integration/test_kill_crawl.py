"""A crawl that is killed at random and started again loses no page and archives none twice."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.status import read_queues
from loopback_site import LoopbackHandler, LoopbackServer, serving

LISTINGS, PER_LISTING, KILLS = 6, 25, 5
PAGES = LISTINGS * (PER_LISTING + 1)
CHILD = """
import resource
import sys
from pathlib import Path
from crawler.reactor import crawl_here
from extract.source import CrawlRules, Source

port = int(sys.argv[2])
if len(sys.argv) > 3:  # bytes a file may grow to: a disk that fills up
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
rules = CrawlRules(
    "listing", (f"http://127.0.0.1:{port}/list/0",), item_pattern="/item/",
    next_links="//a[@class='next']", delay=0.0, loopback_ports=(port,), concurrency=2,
)
source = Source("big_notices", "试站", "试站", "news", rules)
(summary,) = crawl_here([source], Path(sys.argv[1]), lambda progress: None)
print(summary.ended, summary.detail)
"""


class Handler(LoopbackHandler):
    def respond(self) -> None:
        kind, _, name = self.path.strip("/").partition("/")
        body = b"<p>page</p>"
        if kind == "list":
            number = int(name)
            first = number * PER_LISTING
            items = "".join(
                f"<a href='/item/{n}'>{n}</a>" for n in range(first, first + PER_LISTING)
            )
            more = f"<a class=next href='/list/{number + 1}'>next</a>"
            body = (items + (more if number + 1 < LISTINGS else "")).encode()
        status = 404 if kind == "robots.txt" else 200
        self.answer(status, {"Content-Type": "text/html"}, body)


@pytest.fixture
def site() -> Iterator[LoopbackServer]:
    with serving(LoopbackServer(Handler)) as site:
        yield site


def start(data: Path, site: LoopbackServer, *more: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", CHILD, str(data), str(site.server_port), *more]
    root = Path(__file__).parents[2]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)


def archived(data: Path) -> Counter[str]:
    urls: Counter[str] = Counter()
    for path in data.glob("warc/*/*.warc.gz"):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "response":
                    urls["/" + record.rec_headers["WARC-Target-URI"].split("/", 3)[3]] += 1
    del urls["/robots.txt"]
    return urls


def test_killed_crawls_lose_nothing_and_double_nothing(
    site: LoopbackServer, tmp_path: Path
) -> None:
    chance = random.Random(7)
    for target in sorted(chance.sample(range(2, PAGES), KILLS)):
        with start(tmp_path, site) as child:
            while len(site.seen) < target and child.poll() is None:
                time.sleep(0.005)
            child.send_signal(signal.SIGKILL)
    with start(tmp_path, site) as child:
        assert child.stdout is not None
        assert child.stdout.read().strip() == "finished"
    wanted = {f"/list/{n}" for n in range(LISTINGS)}
    wanted |= {f"/item/{n}" for n in range(LISTINGS * PER_LISTING)}
    rows = archived(tmp_path)
    assert wanted - rows.keys() == set()
    assert [url for url, count in rows.items() if count > 1] == []
    again = sum(path != "/robots.txt" for path in site.seen) - PAGES
    assert 0 <= again <= 6 * KILLS  # two under way, two not committed, and the odd one
    (status,) = read_queues(tmp_path)
    assert (status.done, status.pending, status.leased, status.failed) == (PAGES, 0, 0, 0)


@pytest.mark.parametrize("room", [30_000, 120_000])
def test_disk_that_fills_up_loses_nothing(site: LoopbackServer, tmp_path: Path, room: int) -> None:
    with start(tmp_path, site, str(room)) as child:
        assert child.stdout is not None
        assert child.stdout.read().split()[0] in {"archive_failed", "not_started"}
    seen_before = len(site.seen)
    assert seen_before < PAGES
    with start(tmp_path, site) as child:
        assert child.stdout is not None
        assert child.stdout.read().strip() == "finished"
    rows = archived(tmp_path)
    assert len(rows) == PAGES
    assert set(rows.values()) == {1}


def test_second_crawl_is_told_who_has_the_source(site: LoopbackServer, tmp_path: Path) -> None:
    with start(tmp_path, site) as first:
        while not site.seen:
            time.sleep(0.005)
        with start(tmp_path, site) as second:
            assert second.stdout is not None
            told = second.stdout.read()
        first.kill()
    assert told.strip() == (
        f"not_started source 'big_notices' is being crawled by process {first.pid}; wait for it"
    )
