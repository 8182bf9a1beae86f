"""Disks that fill up, cannot be written or lose a folder during a crawl: told, and made good."""

import random
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.run import CrawlProgress, CrawlSummary, crawl
from crawler.status import read_queues
from extract.source import Source
from loopback_site import LoopbackHandler, LoopbackServer, serving
from mounted_disk import mounted
from normalize.errors import GongshiError
from trial_crawl import crawl_one, make_source

PAGES = [f"/item/{n}" for n in range(60)]
SIZE = 8000


class Handler(LoopbackHandler):
    """A listing and pages that no packing makes smaller."""

    def respond(self) -> None:
        body = random.Random(self.path).randbytes(SIZE)
        if self.path == "/list":
            body = "".join(f"<a href='{page}'>x</a>" for page in PAGES).encode()
        self.answer(200, {"Content-Type": "text/html; charset=utf-8"}, body)


@pytest.fixture
def site() -> Iterator[LoopbackServer]:
    with serving(LoopbackServer(Handler)) as site:
        yield site


@pytest.fixture
def source(site: LoopbackServer) -> Source:
    rules: dict[str, object] = {"pattern": "listing", "item_pattern": "/item/"}
    return make_source(site, "big_pages", ["/list"], obey_robots=False, **rules)


def count_records(data: Path) -> Counter[str]:
    """How often each item is archived whole; every file has to be readable to its end."""
    paths: Counter[str] = Counter()
    for path in data.glob("warc/*/*.warc.gz"):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                body = record.content_stream().read()
                url = urlsplit(record.rec_headers.get_header("WARC-Target-URI") or "")
                if url.path in PAGES:
                    assert len(body) == SIZE
                    paths[url.path] += 1
    return paths


def is_one_sentence(text: str) -> bool:
    return "\n" not in text and "Traceback" not in text and "; " in text


@pytest.mark.parametrize("room", [8, 120, 300, 500])
def test_full_disk_is_told_and_made_good(
    source: Source, tmp_path: Path, room: int, capfd: pytest.CaptureFixture[str]
) -> None:
    with mounted(tmp_path / "disk", "size=4m") as disk:
        ballast, data = disk / "ballast", disk / "data"
        ballast.write_bytes(bytes(shutil.disk_usage(disk).free - room * 1024))
        told = crawl_or_error(source, data)
        assert is_one_sentence(told), told
        before = count_records(data)
        assert set(before.values()) <= {1}
        assert "Traceback" not in capfd.readouterr().err
        ballast.unlink()
        assert crawl_one(source, data).ended == "finished"
        after = count_records(data)
        assert sorted(after) == sorted(PAGES)
        assert set(after.values()) == {1}
        assert len(before) < len(after)
        (queue,) = read_queues(data)
        assert (queue.done, queue.pending, queue.leased, queue.failed) == (61, 0, 0, 0)


def crawl_or_error(source: Source, data: Path) -> str:
    """What a crawl says that cannot be made: in its summary, or as an error."""
    try:
        summary = crawl_one(source, data)
    except GongshiError as error:
        return str(error)
    assert summary.ended in {"archive_failed", "not_started"}
    assert not summary.ok
    return summary.detail


def test_read_only_folder_is_told_and_made_good(
    source: Source, site: LoopbackServer, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with mounted(tmp_path / "disk", "size=16m") as disk:
        first = crawl_one(source, disk / "data")
        site.seen.clear()
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        told = crawl_or_error(source, disk / "data")
        assert "Read-only file system" in told
        assert is_one_sentence(told), told
        assert "Traceback" not in capfd.readouterr().err
        assert site.seen == []
        assert set(count_records(disk / "data").values()) == {1}
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        second = crawl_one(source, disk / "data")
    assert (first.items, second.ended) == (len(PAGES), "finished")


def test_archive_deleted_during_the_crawl_is_told(
    source: Source, site: LoopbackServer, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    rules: dict[str, object] = {"pattern": "listing", "item_pattern": "/item/", "delay": 0.1}
    slow = make_source(site, "big_pages", ["/list"], obey_robots=False, **rules)

    def delete(progress: CrawlProgress) -> None:
        shutil.rmtree(tmp_path / "warc", ignore_errors=progress.finished)

    summary: CrawlSummary = crawl([slow], tmp_path, delete)[0]
    assert (summary.ended, summary.ok) == ("archive_failed", False)
    assert "it was deleted during the crawl" in summary.detail
    assert "Traceback" not in capfd.readouterr().err
    (queue,) = read_queues(tmp_path)
    assert queue.pending > 0
    again = crawl_one(source, tmp_path)
    assert again.ended == "finished"
    assert set(count_records(tmp_path).values()) == {1}
    assert len(count_records(tmp_path)) >= queue.pending
