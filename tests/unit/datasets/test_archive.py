import gzip
import json
from pathlib import Path

import pytest

from datasets.archive import (
    ArchiveIssue,
    Fetch,
    Run,
    list_warcs,
    read_archive,
    read_fetches,
    read_payload,
)
from warc_bytes import PAGE, Warc

NAME = "a.warc.gz"


def issues(path: Path) -> list[str]:
    return [item.code for item in read_archive(path) if isinstance(item, ArchiveIssue)]


def urls(path: Path) -> list[str]:
    return [fetch.url for fetch in read_fetches(path)]


def test_a_run_tells_who_fetched(tmp_path: Path) -> None:
    info = {
        "software": "gongshi/0.1.0",
        "gongshi_run": "0f3c9a1b2d4e5f60",
        "gongshi_kind": "crawl",
        "gongshi_source": "xishu_bbs",
        "gongshi_started": "2022-04-06T03:14:00+00:00",
    }
    path = Warc().info(**info).response("http://a.cn/1").save(tmp_path / NAME)
    run, fetch = read_archive(path)
    assert isinstance(run, Run)
    assert isinstance(fetch, Fetch)
    assert (run.kind, run.source_id, run.software) == ("crawl", "xishu_bbs", "gongshi/0.1.0")
    assert run.started_at is not None
    assert run.started_at.isoformat() == "2022-04-06T11:14:00+08:00"
    assert (fetch.run_id, fetch.source_id) == ("0f3c9a1b2d4e5f60", "xishu_bbs")


def test_a_response_keeps_header_and_payload(tmp_path: Path) -> None:
    (fetch,) = read_fetches(Warc().response("http://a.cn/1").save(tmp_path / NAME))
    assert (fetch.kind, fetch.status, fetch.reason) == ("response", 200, None)
    assert (fetch.media_type, fetch.charset) == ("text/html", "gb2312")
    assert fetch.fetched_at.isoformat() == "2022-04-06T11:15:00.123456+08:00"
    assert fetch.payload == PAGE


def test_content_encoding_is_undone_and_the_digest_is_of_the_bytes_as_sent(tmp_path: Path) -> None:
    sent = gzip.compress(PAGE, mtime=0)
    warc = Warc().response("http://a.cn/1", sent, Content_Encoding="gzip")
    (fetch,) = read_fetches(warc.save(tmp_path / NAME))
    assert fetch.payload == PAGE
    assert fetch.payload_size == len(sent)
    assert fetch.payload_digest is not None
    assert len(fetch.payload_digest) == 64


def test_offset_and_length_cut_out_one_member(tmp_path: Path) -> None:
    path = (
        Warc().info(a="b").response("http://a.cn/1").response("http://a.cn/2").save(tmp_path / NAME)
    )
    content = path.read_bytes()
    fetches = list(read_fetches(path))
    for fetch in fetches:
        member = gzip.decompress(content[fetch.offset : fetch.offset + fetch.length])
        assert fetch.url.encode() in member
    assert fetches[-1].offset + fetches[-1].length == len(content)


def test_offset_and_length_are_known_in_a_plain_file_too(tmp_path: Path) -> None:
    warc = Warc(zipped=False).response("http://a.cn/1").response("http://a.cn/2")
    fetches = list(read_fetches(warc.save(tmp_path / NAME)))
    assert fetches[0].length == fetches[1].length == fetches[1].offset


def test_a_payload_is_read_by_its_offset(tmp_path: Path) -> None:
    warc = Warc().response("http://a.cn/1").response("http://a.cn/2", gzip.compress(b"two"))
    path = warc.response("http://a.cn/3", gzip.compress(b"3"), Content_Encoding="gzip")
    fetches = list(read_archive(path.save(tmp_path / NAME), payloads=False))
    assert all(isinstance(fetch, Fetch) and not fetch.payload for fetch in fetches)
    for place in (tmp_path / NAME, (tmp_path / NAME).as_uri()):
        assert read_payload(place, fetches[2].offset) == b"3"


def test_half_a_payload_is_not_taken_for_a_whole_one(tmp_path: Path) -> None:
    path = Warc(zipped=False).response("http://a.cn/1").save(tmp_path / "a.warc", cut=30)
    with pytest.raises(OSError, match="it is cut off"):
        read_payload(path, 0)


@pytest.mark.parametrize("cut", [1, 7, 30, 200])
def test_a_torn_tail_is_reported_and_all_before_it_is_read(tmp_path: Path, cut: int) -> None:
    warc = Warc().info(a="b").response("http://a.cn/1").response("http://a.cn/2")
    path = warc.save(tmp_path / NAME, cut=cut)
    assert urls(path) == ["http://a.cn/1"]
    assert issues(path) == ["warc_torn"]


def test_records_appended_behind_a_torn_one_are_found(tmp_path: Path) -> None:
    more = Warc().response("http://a.cn/3").response("http://a.cn/4").content
    path = (
        Warc().response("http://a.cn/1").response("http://a.cn/2").save(tmp_path / NAME, 60, more)
    )
    assert urls(path) == ["http://a.cn/1", "http://a.cn/3", "http://a.cn/4"]
    assert issues(path) == ["warc_broken"]


def test_garbage_behind_the_last_record_loses_nothing(tmp_path: Path) -> None:
    path = Warc().response("http://a.cn/1").save(tmp_path / NAME, tail=b"no record at all " * 9)
    fetches = list(read_fetches(path))
    assert [fetch.url for fetch in fetches] == ["http://a.cn/1"]
    assert fetches[0].length == path.stat().st_size - 17 * 9
    assert issues(path) == ["warc_torn"]


def test_a_damaged_record_costs_only_itself(tmp_path: Path) -> None:
    warc = Warc().response("http://a.cn/1").response("http://a.cn/2").response("http://a.cn/3")
    path = warc.save(tmp_path / NAME)
    middle = next(f for f in read_fetches(path) if f.url.endswith("2"))
    content = bytearray(path.read_bytes())
    content[middle.offset + middle.length // 2] ^= 0xFF
    path.write_bytes(content)
    assert urls(path) == ["http://a.cn/1", "http://a.cn/3"]
    assert issues(path) == ["warc_broken"]


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b", b"no WARC", bytes(range(256)) * 9])
def test_any_bytes_are_read_without_raising(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / NAME
    path.write_bytes(content)
    assert urls(path) == []
    assert bool(issues(path)) == bool(content)


def test_a_bomb_is_an_issue_not_memory(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(65 * 1024 * 1024), 9)
    warc = Warc().response("http://a.cn/1", bomb, Content_Encoding="gzip").response("http://a.cn/2")
    path = warc.save(tmp_path / NAME)
    assert issues(path) == ["payload_too_large"]
    assert [(f.url[-1], f.reason) for f in read_fetches(path)] == [
        ("1", "payload_too_large"),
        ("2", None),
    ]


def test_a_failed_fetch_gives_its_reason(tmp_path: Path) -> None:
    said = json.dumps({"reason": "timeout", "detail": "no answer in 30 s"}).encode()
    (fetch,) = read_fetches(
        Warc().add("metadata", "http://a.cn/1", said, "application/json").save(tmp_path / NAME)
    )
    assert (fetch.kind, fetch.status, fetch.reason) == ("failure", 0, "timeout")


def test_a_saved_file_needs_no_http_head(tmp_path: Path) -> None:
    warc = Warc().add("resource", "file:///1.txt", PAGE, "text/plain")
    (fetch,) = read_fetches(warc.save(tmp_path / NAME))
    assert (fetch.kind, fetch.media_type, fetch.reason) == ("resource", "text/plain", None)
    assert fetch.payload == PAGE


def test_a_file_of_another_crawler_is_read(tmp_path: Path) -> None:
    warc = Warc().info(software="Nutch 1.6 (CC)")
    warc.add("request", "http://a.cn/1", b"GET / HTTP/1.1\r\n\r\n", "application/http")
    warc.response("http://a.cn/1")
    warc.add("metadata", "http://a.cn/1", b"fetchTimeMs: 12\r\n", "application/warc-fields")
    run, fetch = read_archive(warc.save(tmp_path / NAME))
    assert isinstance(run, Run)
    assert isinstance(fetch, Fetch)
    assert (run.kind, run.software, run.source_id) == ("foreign", "Nutch 1.6 (CC)", None)
    assert fetch.run_id == run.run_id


def test_http_errors_have_a_reason(tmp_path: Path) -> None:
    warc = Warc().response("http://a.cn/1", status="404 Not Found")
    warc.response("http://a.cn/2", status="304 Not Modified").response("http://a.cn/3", status="?")
    reasons = [fetch.reason for fetch in read_fetches(warc.save(tmp_path / NAME))]
    assert reasons == ["http_404", None, "malformed_http"]


def test_warcs_are_listed_by_name(tmp_path: Path) -> None:
    for name in ("b/2.warc.gz", "a/9.warc", "a/notes.txt"):
        (tmp_path / "warc" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "warc" / name).touch()
    assert [path.name for path in list_warcs(tmp_path)] == ["9.warc", "2.warc.gz"]
