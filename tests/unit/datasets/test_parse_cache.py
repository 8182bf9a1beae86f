import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

import stand_in
from datasets import code_version, pages, parse_cache
from datasets.archive import CHINA, UNDATED, Fetch
from datasets.build import BuildOptions, build
from datasets.code_version import digest_packages
from datasets.index import Entry
from datasets.manifest import parts_of
from datasets.pages import PageReader, ParsedPage
from datasets.parse_cache import CACHE_FILE, ParseCache
from datasets.read import open_snapshot
from extract.figure_records import Figure
from extract.page import FindFile, Page
from extract.records import Document, Issue, PageRecords
from extract.source import EXAMPLE, Source, read_source
from warc_bytes import Warc

SOURCE = read_source("mzt_notices", EXAMPLE)


class Folder:
    """A data folder whose builds tell which pages they parsed."""

    def __init__(self, path: Path) -> None:
        self.data = path / "data"
        self.key = path / "key"
        self.parsed: list[str] = []
        self.files = 0

    def fetch(self, url: str, *lines: str, **headers: str) -> None:
        self.files += 1
        info = {"gongshi_run": f"{self.files:016x}", "gongshi_source": SOURCE.id}
        headers.setdefault("date", f"2022-04-{self.files:02d}T03:00:00Z")
        warc = Warc().info(**info).response(url, "\n".join(lines).encode(), **headers)
        warc.save(self.data / "warc" / SOURCE.id / f"{SOURCE.id}-{self.files:02d}.warc.gz")

    def parse(self, page: Page, source: Source | None, files: FindFile) -> PageRecords:
        self.parsed.append(page.url)
        for line in page.body.decode().splitlines():
            if line.startswith("file="):
                files(line.removeprefix("file="))
        return stand_in.parse(page, source, files)

    def build(self, source: Source = SOURCE, **options: object) -> list[str]:
        """Build the tables; addresses of the pages that were parsed."""
        self.parsed = []
        given = {"key_file": self.key, "link": stand_in.link, "accept": True}
        build(self.data, {source.id: source}, BuildOptions(**(given | options)))
        return self.parsed

    def digests(self) -> set[str]:
        return {part.digest for part in parts_of(open_snapshot(self.data).manifest)}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    folder = Folder(tmp_path)
    monkeypatch.setattr(pages, "_default_parse", lambda nouns: folder.parse)
    folder.fetch("http://a.cn/1", "title=名单", "unit=古城社区", "thread=7", "reply=2,西蜀散人,好")
    folder.fetch("http://a.cn/2", "title=报道", "text=正文")
    return folder


def test_a_page_is_parsed_once(folder: Folder) -> None:
    assert folder.build() == ["http://a.cn/1", "http://a.cn/2"]
    first = folder.digests()
    folder.fetch("http://a.cn/3", "title=又一篇")
    assert folder.build() == ["http://a.cn/3"]
    again = folder.digests()
    assert again != first
    assert len(folder.build(reparse=True)) == 3
    assert folder.digests() == again


def test_a_changed_page_is_parsed_again(folder: Folder) -> None:
    folder.build()
    folder.fetch("http://a.cn/2", "title=报道", "text=改过的正文")
    assert folder.build() == ["http://a.cn/2"]


@pytest.mark.parametrize(
    "change",
    [{"keywords": True}, {"nouns": "full"}, {"source": replace(SOURCE, area="四川省/绵阳市")}],
    ids=lambda change: next(iter(change)),
)
def test_other_wishes_parse_anew(folder: Folder, change: dict[str, object]) -> None:
    folder.build()
    assert len(folder.build(**change)) == 2
    assert folder.build(**change) == []


def test_how_pages_are_reached_does_not_matter(folder: Folder) -> None:
    folder.build()
    crawl = replace(SOURCE.crawl, delay=30.0)
    assert folder.build(replace(SOURCE, crawl=crawl, verified=True, note="slow")) == []


@pytest.mark.parametrize("changed", ["describe_parser", "find_converter"])
def test_other_code_parses_anew(
    folder: Folder, changed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.build()
    monkeypatch.setattr(parse_cache, changed, lambda: "a newer one")
    assert len(folder.build()) == 2


def test_an_attachment_that_comes_later_is_read(folder: Folder) -> None:
    folder.fetch("http://a.cn/3", "title=附件", "file=http://a.cn/list.xlsx")
    folder.build()
    assert folder.build() == []
    folder.fetch("http://a.cn/list.xlsx", "PK", Content_Type="application/vnd.ms-excel")
    assert folder.build() == ["http://a.cn/3"]
    assert folder.build() == []


def test_failures_are_tried_again(folder: Folder) -> None:
    folder.fetch("http://a.cn/3", "fail=yes")
    folder.build()
    assert folder.build() == ["http://a.cn/3"]


def test_a_file_that_was_not_converted_is_tried_again(tmp_path: Path) -> None:
    issue = Issue("e7f6c011776e8db7", "", "attachment_not_converted", "warning", "out of time")
    entry, records = make_entry("http://a.cn/1"), make_records()
    with ParseCache(tmp_path, PageReader(tmp_path)) as cache:
        cache.keep(entry, ParsedPage(replace(records, issues=(issue,))))
        assert cache.find(entry) is None
        cache.keep(entry, ParsedPage(replace(records, issues=(replace(issue, code="odd"),))))
        assert cache.find(entry) is not None


def test_a_build_that_is_stopped_goes_on_where_it_was(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(page: Page, source: Source | None, files: FindFile) -> PageRecords:
        if page.url == "http://a.cn/2":
            raise KeyboardInterrupt
        return folder.parse(page, source, files)

    monkeypatch.setattr(pages, "_default_parse", lambda nouns: stop)
    with pytest.raises(KeyboardInterrupt):
        folder.build()
    monkeypatch.setattr(pages, "_default_parse", lambda nouns: folder.parse)
    assert folder.build() == ["http://a.cn/2"]


def test_pages_are_saved_before_the_end(folder: Folder) -> None:
    with ParseCache(folder.data, PageReader(folder.data)) as cache:
        for number in range(parse_cache._PAGES_PER_COMMIT + 1):
            cache.keep(make_entry(f"http://a.cn/{number}"), ParsedPage(make_records()))
        # What another process sees now is there after a kill, too.
        with closing(sqlite3.connect(folder.data / CACHE_FILE)) as other:
            (saved,) = other.execute("SELECT count(*) FROM pages").fetchone()
    assert saved == parse_cache._PAGES_PER_COMMIT


def test_pages_that_are_gone_are_forgotten(folder: Folder) -> None:
    folder.build()
    (folder.data / "warc" / SOURCE.id / f"{SOURCE.id}-02.warc.gz").unlink()
    folder.build()
    with closing(sqlite3.connect(folder.data / CACHE_FILE)) as database:
        assert database.execute("SELECT count(*) FROM pages").fetchone() == (1,)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def _scribble(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


def _tear_rows(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE pages SET records = substr(records, 1, 40)")


def _change_columns(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("ALTER TABLE pages DROP COLUMN files")


@pytest.mark.parametrize("damage", [_cut, _scribble, _tear_rows, _change_columns])
def test_a_damaged_file_costs_time_only(folder: Folder, damage: Callable[[Path], None]) -> None:
    folder.build()
    tables = folder.digests()
    damage(folder.data / CACHE_FILE)
    assert len(folder.build()) == 2
    assert folder.digests() == tables
    folder.build()
    assert folder.build() == []


def test_a_place_that_cannot_be_written_costs_time_only(folder: Folder) -> None:
    (folder.data / "cache").write_text("in the way")
    assert len(folder.build()) == 2
    assert len(folder.build()) == 2


def test_the_file_is_its_owners_alone(folder: Folder) -> None:
    folder.build()
    assert (folder.data / "cache").stat().st_mode & 0o077 == 0


def test_a_parser_of_ones_own_is_not_kept(folder: Folder) -> None:
    for _ in range(2):
        assert len(folder.build(parse=folder.parse)) == 2
    assert not (folder.data / "cache").exists()


def test_records_come_back_as_they_were(tmp_path: Path) -> None:
    page = ParsedPage(make_records(), "0f3c9a1b2d4e5f60", asked=("http://a.cn/名.xls",))
    entry = make_entry("http://a.cn/1")
    with ParseCache(tmp_path, PageReader(tmp_path)) as cache:
        cache.keep(entry, page)
        assert repr(cache.find(entry)) == repr(page)


@pytest.mark.parametrize(
    ("name", "other"),
    [("digest_packages", lambda *packages: "new"), ("version", lambda name: "99")],
    ids=["code", "libraries"],
)
def test_parsers_are_told_apart(
    name: str, other: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    describe_anew = code_version.describe_parser.__wrapped__
    here = describe_anew()
    monkeypatch.setattr(code_version, name, other)
    assert describe_anew() != here


def test_digests_tell_code_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "some_package"
    (package / "data").mkdir(parents=True)
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    seen = set()
    for content in ("甲", "乙"):
        (package / "data" / "words.txt").write_text(content)
        seen.add(digest_packages.__wrapped__("some_package"))
    (package / "__pycache__").mkdir(exist_ok=True)
    (package / "__pycache__" / "words.pyc").write_text("compiled")
    seen.add(digest_packages.__wrapped__("some_package"))
    assert len(seen) == 2


def make_entry(url: str) -> Entry:
    fetch = Fetch(
        url, "response", 200, None, "text/html", None, UNDATED, b"", "5f", 0, 0, 1, "", None
    )
    return Entry("", fetch, "warc/a.warc.gz", SOURCE.id, SOURCE)


def make_records() -> PageRecords:
    document = Document(
        doc_id="9f86d081884c7d65",
        source_id="",
        url="http://a.cn/",
        payload_digest="",
        page_type="article",
        title="公示",
        text="",
        published_at=datetime(2022, 4, 6, 11, 15, tzinfo=CHINA),
        tags=("名单", "试点"),
    )
    return PageRecords(
        document, figures=(Figure(0, 4, "6.7亿", Decimal("670000000.00")), Figure(0, 1, "几", None))
    )
