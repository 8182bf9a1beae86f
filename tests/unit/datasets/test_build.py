from pathlib import Path

import pandas as pd
import pytest

from datasets.build import BuildOptions, BuildResult, Progress, build
from datasets.engines import local_engine
from datasets.index import index_archive
from datasets.pages import PageReader
from datasets.read import open_snapshot
from datasets.schema import load_tables
from extract.page import FindFile, Page
from extract.records import PageRecords
from extract.source import EXAMPLE, Source, read_source
from normalize.errors import GongshiError
from stand_in import link, parse
from warc_bytes import Warc

GOVERNMENT = read_source("mzt_notices", EXAMPLE)
NEWS = read_source("daily_news", EXAMPLE.replace('"government"', '"news"').replace("mzt.", "news."))
SOURCES = {source.id: source for source in (GOVERNMENT, NEWS)}


class Store:
    """A data folder under test."""

    def __init__(self, tmp_path: Path) -> None:
        self.data = tmp_path / "data"
        self.key = tmp_path / "key"
        self.days = 0

    def fetch(self, url: str, *lines: str, source: str = "mzt_notices", **headers: str) -> None:
        """Fetch one page, each on a day of its own."""
        self.days += 1
        info = {
            "gongshi_run": f"{self.days:016x}",
            "gongshi_kind": "crawl",
            "gongshi_source": source,
        }
        headers.setdefault("date", f"2022-04-{self.days:02d}T03:00:00Z")
        warc = Warc().info(**info).response(url, "\n".join(lines).encode(), **headers)
        warc.save(self.data / "warc" / source / f"{source}-{self.days:02d}.warc.gz")

    def build(self, sources: dict[str, Source] = SOURCES, **options: object) -> BuildResult:
        given = {"key_file": self.key, "parse": parse, "link": link, "accept": True}
        return build(self.data, sources, BuildOptions(**(given | options)))

    def table(self, name: str) -> pd.DataFrame:
        return open_snapshot(self.data).pandas(name)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def test_a_page_becomes_rows_of_all_its_tables(store: Store) -> None:
    store.fetch("http://a.cn/1", "title=名单", "unit=古城社区", "unit=草堂社区", "text=全文")
    rows = store.build().rows
    assert rows.pop("places") == len(store.table("places"))
    assert rows == {
        "runs": 1, "fetches": 1, "documents": 1, "announcements": 1, "units": 2, "figures": 1,
        "threads": 0, "comments": 0, "mentions": 0, "issues": 1,
    }  # fmt: skip
    fetch = store.table("fetches").iloc[0]
    document = store.table("documents").iloc[0]
    assert fetch["doc_id"] == document["doc_id"]
    assert document["fetch_id"] == fetch["fetch_id"]
    assert fetch["warc_file"] == "warc/mzt_notices/mzt_notices-01.warc.gz"
    assert store.table("runs").iloc[0]["fetches"] == 1


def test_the_same_archive_gives_the_same_bytes(store: Store, tmp_path: Path) -> None:
    store.fetch("http://a.cn/1", "unit=古城社区", "reply=2,西蜀散人,好", "thread=7")
    first = store.build()
    assert first.changed
    assert not store.build().changed
    copy = Store(tmp_path / "copy")
    (tmp_path / "copy").mkdir()
    (store.data / "warc").rename(tmp_path / "warc")
    copy.data.mkdir()
    (tmp_path / "warc").rename(copy.data / "warc")
    copy.key.write_bytes(store.key.read_bytes())
    copy.build()
    names = [sorted(p.name for p in s.data.glob("objects/*/*")) for s in (store, copy)]
    assert names[0] == names[1]


def test_a_page_that_did_not_change_is_only_seen_longer(store: Store) -> None:
    store.fetch("http://a.cn/1", "title=名单", "unit=古城社区")
    store.fetch("http://a.cn/1", "title=名单", "unit=古城社区", "views=7")
    store.build()
    (document,) = store.table("documents").to_dict("records")
    assert document["first_seen"].day == 1
    assert document["last_seen"].day == 2
    assert store.table("fetches")["doc_id"].nunique() == 1
    assert store.table("units")["doc_id"].tolist() == [document["doc_id"]]


def test_a_changed_page_is_a_new_version_and_only_its_rows_count(store: Store) -> None:
    store.fetch("http://a.cn/1", "title=名单", "unit=古城社区")
    store.fetch("http://a.cn/1", "title=名单", "unit=草堂社区")
    store.build()
    documents = store.table("documents")
    assert documents["version"].tolist() == [1, 2]
    assert documents["is_current"].tolist() == [False, True]
    assert store.table("units")["name_full"].tolist() == ["草堂社区"]
    assert len(store.table("issues")) == 1


def test_a_content_that_comes_back_is_the_old_version(store: Store) -> None:
    for unit in ("古城社区", "草堂社区", "古城社区"):
        store.fetch("http://a.cn/1", f"unit={unit}")
    store.build()
    documents = store.table("documents")
    assert documents["is_current"].tolist() == [True, False]
    assert documents["last_seen"].dt.day.tolist() == [3, 2]
    assert store.table("units")["name_full"].tolist() == ["古城社区"]


def test_not_modified_shows_the_version_before_it(store: Store) -> None:
    store.fetch("http://a.cn/1", "unit=古城社区")
    store.fetch("http://a.cn/1", status="304 Not Modified")
    store.fetch("http://a.cn/2", status="304 Not Modified")
    store.build()
    assert store.table("documents")["last_seen"].dt.day.tolist() == [2]
    assert store.table("fetches").set_index("url")["doc_id"].isna().tolist() == [False, False, True]


def test_the_same_text_elsewhere_is_a_duplicate_of_the_official_page(store: Store) -> None:
    store.fetch("http://news.cn/1", "text=全文", source="daily_news")
    store.fetch("http://a.cn/1", "text=全文")
    store.fetch("http://a.cn/2", "text=另文")
    store.build()
    documents = store.table("documents").set_index("url")
    official = documents.loc["http://a.cn/1", "doc_id"]
    assert documents["duplicate_of"].dropna().to_dict() == {"http://news.cn/1": official}


def counted(store: Store) -> list[str]:
    units = store.table("units")
    known = set(units["unit_id"])
    assert set(units["duplicate_of"].dropna()) <= known
    kept = units[units["duplicate_of"].isna()].merge(store.table("documents"), on="doc_id")
    return sorted(f"{row.url[7:]} {row.name_full}" for row in kept.itertuples())


def test_a_unit_counts_once_and_the_official_list_wins(store: Store) -> None:
    store.fetch("http://news.cn/1", "unit=古城社区", "unit=草堂社区", source="daily_news")
    store.fetch("http://a.cn/1", "unit=古城社区")
    store.build()
    assert counted(store) == ["a.cn/1 古城社区", "news.cn/1 草堂社区"]


def test_a_whole_list_wins_over_a_local_part(store: Store) -> None:
    store.fetch("http://a.cn/1", "scope=local_excerpt", "unit=古城社区")
    store.fetch("http://a.cn/2", "scope=full", "unit=古城社区")
    store.build()
    assert counted(store) == ["a.cn/2 古城社区"]


def test_the_earlier_of_equal_sources_wins(store: Store) -> None:
    store.fetch("http://a.cn/2", "unit=古城社区")
    store.fetch("http://a.cn/1", "unit=古城社区", "text=转载")
    store.build()
    assert counted(store) == ["a.cn/2 古城社区"]


def test_a_declared_source_wins_over_an_archive_of_nobody(store: Store) -> None:
    store.fetch("http://old.cn/1", "unit=古城社区", source="saved_pages")
    store.fetch("http://news.cn/1", "unit=古城社区", source="daily_news")
    store.build()
    assert counted(store) == ["news.cn/1 古城社区"]


def test_categories_tell_units_apart_when_both_are_given(store: Store) -> None:
    store.fetch("http://a.cn/1", "unit=古城社区@便民服务型")
    store.fetch("http://a.cn/2", "unit=古城社区@智慧治理型")
    store.fetch("http://a.cn/3", "unit=古城社区")
    store.build()
    assert counted(store) == ["a.cn/1 古城社区", "a.cn/2 古城社区"]


def test_rows_of_one_document_are_never_duplicates(store: Store) -> None:
    store.fetch("http://a.cn/1", "unit=古城社区", "unit=古城社区")
    store.build()
    assert counted(store) == ["a.cn/1 古城社区"] * 2


THREAD = "http://bbs.cn/thread-7-{}-1.html"


def test_a_thread_is_put_together_from_its_pages(store: Store) -> None:
    store.fetch(THREAD.format(1), "thread=7,1", "unit=古城社区", "reply=2,甲,好")
    store.fetch(THREAD.format(2), "thread=7,2", "reply=3,乙,古城社区上榜了", "reply=4,,同意")
    store.build()
    (thread,) = store.table("threads").to_dict("records")
    assert (thread["replies_found"], thread["pages_found"]) == (3, 2)
    documents = store.table("documents").set_index("doc_id")
    assert documents.loc[thread["doc_id"], "url"] == THREAD.format(1)


def test_a_reply_on_a_later_page_is_linked_with_the_list_of_the_first(store: Store) -> None:
    store.fetch(THREAD.format(1), "thread=7,1", "unit=古城社区", "reply=2,甲,古城社区不错")
    store.fetch(THREAD.format(2), "thread=7,2", "reply=3,乙,恭喜古城社区")
    store.build()
    mentions = store.table("mentions")
    assert mentions["unit_id"].tolist() == store.table("units")["unit_id"].tolist() * 2
    assert sorted(mentions["span_start"]) == [0, 2]
    assert mentions["thread_id"].tolist() == store.table("threads")["thread_id"].tolist() * 2


def test_a_mention_moves_to_another_page_with_its_reply(store: Store) -> None:
    store.fetch(THREAD.format(1), "thread=7,1", "unit=古城社区", "reply=2,甲,恭喜古城社区")
    store.fetch(THREAD.format(2), "thread=7,2", "reply=2,甲,恭喜古城社区")
    store.build()
    assert store.table("mentions")["doc_id"].tolist() == store.table("comments")["doc_id"].tolist()


def test_a_reply_stands_once_as_it_was_seen_last(store: Store) -> None:
    store.fetch(THREAD.format(1), "thread=7,1", "reply=2,甲,好", "reply=3,乙,删")
    store.fetch(THREAD.format(1), "thread=7,1", "reply=2,甲,很好")
    store.build()
    comments = store.table("comments")
    assert comments["text"].tolist() == ["很好", "删"]
    assert set(comments["doc_id"]) <= set(store.table("documents")["doc_id"])


def test_usernames_are_nowhere_in_the_data(store: Store) -> None:
    store.fetch(THREAD.format(1), "thread=7,1", "reply=2,西蜀散人,好", "reply=3,,好")
    store.build()
    assert store.table("comments")["author_id"].isna().tolist() == [False, True]
    assert store.table("threads")["author_id"].notna().all()
    for name in ("threads", "comments", "issues", "documents"):
        assert "西蜀散人" not in store.table(name).to_csv()


def test_a_page_that_fails_costs_only_itself(store: Store) -> None:
    store.fetch("http://a.cn/1", "fail=yes")
    store.fetch("http://a.cn/2", "unit=古城社区")
    store.build()
    issues = store.table("issues").set_index("code")
    assert issues.loc["extraction_failed", "url"] == "http://a.cn/1"
    assert issues.loc["extraction_failed", "severity"] == "error"
    assert "西蜀散人" not in issues.loc["extraction_failed", "message"]
    assert len(store.table("units")) == 1


def test_a_page_that_kills_its_worker_costs_only_itself(store: Store) -> None:
    store.fetch("http://a.cn/1", "die=yes")
    for number in range(2, 5):
        store.fetch(f"http://a.cn/{number}", f"unit=古城社区{number}")
    store.build(engine=local_engine(2))
    issues = store.table("issues").set_index("code")
    assert issues.loc["extraction_died", "url"] == "http://a.cn/1"
    assert len(store.table("units")) == 3


def test_a_pool_gives_the_same_tables_as_one_process(store: Store) -> None:
    for number in range(1, 8):
        store.fetch(f"http://a.cn/{number}", f"unit=古城社区{number}", f"text={number}")
    store.build()
    assert not store.build(engine=local_engine(2)).changed


def test_only_pages_are_parsed(store: Store) -> None:
    store.fetch("http://a.cn/1.docx", "unit=古城社区", Content_Type="application/msword")
    store.fetch("http://a.cn/1.png", "unit=古城社区", Content_Type="image/png")
    store.fetch("http://a.cn/404", "unit=古城社区", status="404 Not Found")
    result = store.build()
    assert (result.rows["fetches"], result.rows["documents"]) == (3, 0)
    issues = store.table("issues")
    assert issues[["code", "severity", "url"]].values.tolist() == [
        ["attachment_not_read", "info", "http://a.cn/1.docx"]
    ]


def test_a_torn_archive_is_an_issue(store: Store) -> None:
    path = store.data / "warc" / "demo_site" / "a.warc.gz"
    Warc().response("http://a.cn/1", b"text=1").response("http://a.cn/2").save(path, cut=30)
    store.build()
    assert store.table("documents")["url"].tolist() == ["http://a.cn/1"]
    (issue,) = store.table("issues").query("code == 'warc_torn'").to_dict("records")
    assert issue["url"] == "warc/demo_site/a.warc.gz"
    assert pd.isna(issue["doc_id"])


def test_a_copied_archive_changes_no_counts(store: Store) -> None:
    store.fetch("http://a.cn/1", "unit=古城社区")
    path = next((store.data / "warc" / "mzt_notices").iterdir())
    path.with_name("copy.warc.gz").write_bytes(path.read_bytes())
    result = store.build(accept=False)
    assert result.findings == ()
    assert (result.rows["runs"], result.rows["fetches"], result.rows["units"]) == (1, 2, 1)


def test_a_page_of_another_crawler_finds_its_source_by_host(store: Store) -> None:
    path = store.data / "warc" / "commoncrawl" / "a.warc.gz"
    warc = Warc().info(software="Nutch").response("http://mzt.example.cn/1", b"unit=1")
    warc.response("http://b.cn/1", b"unit=2").save(path)
    store.build()
    documents = store.table("documents").set_index("url")["source_id"].to_dict()
    assert documents == {"http://mzt.example.cn/1": "mzt_notices", "http://b.cn/1": "commoncrawl"}


def test_failing_checks_keep_latest(store: Store) -> None:
    for number in range(1, 5):
        store.fetch(f"http://a.cn/{number}", f"unit=古城社区{number}")
    first = store.build()
    for number in range(1, 5):
        store.fetch(f"http://a.cn/{number}", "title=撤下")
    held = store.build(accept=False)
    assert not held.published
    assert {finding.check for finding in held.findings} == {"row_drop", "source_silent"}
    assert open_snapshot(store.data).id == first.snapshot
    assert open_snapshot(store.data, held.snapshot).rows("units") == 0
    assert store.build(accept=True).published
    assert store.table("units").empty


def test_progress_is_told(store: Store) -> None:
    store.fetch("http://a.cn/1", "unit=古城社区")
    heard: list[Progress] = []
    options = BuildOptions(key_file=store.key, parse=parse, link=link)
    build(store.data, SOURCES, options, heard.append)
    assert [p.stage for p in heard] == ["index", "parse", *["write"] * len(load_tables())]
    assert all(0 < p.done <= p.total for p in heard)


def test_the_key_may_not_lie_in_the_data(store: Store) -> None:
    with pytest.raises(GongshiError, match="lies inside the data folder"):
        store.build(key_file=store.data / "key")


def test_a_page_that_takes_too_long_costs_only_itself(store: Store) -> None:
    def parse_slowly(page: Page, source: Source | None, files: FindFile) -> PageRecords:
        while page.url.endswith("slow"):
            pass
        return parse(page, source, files)

    store.fetch("http://a.cn/slow", "title=名单")
    store.fetch("http://a.cn/1", "title=名单", "unit=古城社区")
    index = index_archive(store.data, SOURCES, lambda done, total: None)
    reader = PageReader(store.data, parse_slowly, seconds=0.2)
    codes = {entry.fetch.url: reader.read(entry).code for entry in index.entries}
    assert codes == {"http://a.cn/slow": "extraction_timeout", "http://a.cn/1": ""}
