"""What is written can be read by two independent readers, also when the end is torn off."""

import errno
import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator

from crawler.answers import Earlier, HttpAnswer
from crawler.archive import WarcWriter, cut_tail
from normalize.errors import GongshiError

BODY = "<p>绵阳市涪城区</p>".encode("gbk")
ANSWER = HttpAnswer(
    "http://mzj.my.example.cn/1.html",
    200,
    (
        (b"Content-Type", b"text/html; charset=gbk"),
        (b"Set-Cookie", b"a=1"),
        (b"Set-Cookie", b"b=2"),
        (b"Content-Disposition", b"filename=" + "名单.xls".encode("gbk")),
    ),
    BODY,
)


def write_all(folder: Path) -> WarcWriter:
    with WarcWriter(folder, "my_notices", "crawl") as writer:
        writer.write_response(ANSWER)
        writer.write_failure("http://mzj.my.example.cn/2.html", "timeout", "没有回答")
        writer.write_resource("公示/第 1 批.txt", b"text", "text/plain")
    return writer


def read_with_warcio(path: Path) -> list[tuple[Any, bytes]]:
    with path.open("rb") as stream:
        return [(r, r.raw_stream.read()) for r in ArchiveIterator(stream, no_record_parse=True)]


def read_with_fastwarc(path: Path) -> list[tuple[dict[str, str], bytes]]:
    with path.open("rb") as stream:
        return [
            (dict(r.headers.items()), r.reader.read())
            for r in FastIterator(stream, parse_http=False)
        ]


def write_revisits(folder: Path) -> WarcWriter:
    with WarcWriter(folder, "my_notices", "crawl", durable=False) as writer:
        place = writer.write_response(ANSWER)
        earlier = Earlier(place.payload_digest, datetime(2024, 5, 1, 8, tzinfo=UTC))
        same = replace(ANSWER, status=304, body=b"")
        writer.write_revisit(same, earlier, not_modified=True)
        writer.write_revisit(ANSWER, earlier, not_modified=False)
        writer.write_failure("http://a.cn/", "timeout", "")
        writer.sync()
    return writer


def test_revisits_are_read_by_both_readers(tmp_path: Path) -> None:
    path = write_revisits(tmp_path).path
    fast = read_with_fastwarc(path)
    slow = [(r.rec_headers.get_header("WARC-Type"), block) for r, block in read_with_warcio(path)]
    assert slow == [(headers["WARC-Type"], block) for headers, block in fast]
    kinds = [headers["WARC-Type"] for headers, _ in fast]
    assert kinds == ["warcinfo", "response", "revisit", "revisit", "metadata"]
    for (headers, block), profile in zip(
        fast[2:4], ("server-not-modified", "identical-payload-digest"), strict=True
    ):
        assert headers["WARC-Profile"] == f"http://netpreserve.org/warc/1.1/revisit/{profile}"
        assert headers["WARC-Refers-To-Target-URI"] == ANSWER.url
        assert headers["WARC-Refers-To-Date"] == "2024-05-01T08:00:00.000000Z"
        assert headers["WARC-Payload-Digest"] == f"sha256:{sha256(BODY).hexdigest()}"
        assert block.endswith(b"\r\n\r\n")
        assert headers["Content-Length"] == str(len(block))


def test_revisit_has_the_status_and_headers_of_its_answer(tmp_path: Path) -> None:
    with write_revisits(tmp_path).path.open("rb") as stream:
        revisits = [r for r in ArchiveIterator(stream) if r.rec_type == "revisit"]
        assert [r.http_headers.get_statuscode() for r in revisits] == ["304", "200"]
    with write_revisits(tmp_path).path.open("rb") as stream:
        codes = [r.http_headers.status_code for r in FastIterator(stream) if r.http_headers]
    assert codes == [200, 304, 200]


def test_run_goes_on_in_a_second_file(tmp_path: Path) -> None:
    with WarcWriter(tmp_path, "my_notices", "crawl") as writer:
        first, place = writer.path, writer.write_response(ANSWER)
        writer.rotate()
        second = writer.write_response(ANSWER)
    assert (place.warc_file, second.warc_file) == (first, writer.path)
    assert writer.path.name == first.name.replace(".warc.gz", "-2.warc.gz")
    infos = [read_with_fastwarc(path)[0][1].decode() for path in (first, writer.path)]
    assert [f"gongshi-part: {n}\r\n" in info for n, info in enumerate(infos, 1)] == [True] * 2
    assert all(f"gongshi-run: {writer.run_id}\r\n" in info for info in infos)


@pytest.mark.parametrize("torn", [1, 9, 60, 200])
def test_torn_tail_is_cut_to_the_last_record_that_counts(tmp_path: Path, torn: int) -> None:
    with WarcWriter(tmp_path, "my_notices", "crawl") as writer:
        writer.write_response(ANSWER)
        counted = writer.size
        writer.write_response(ANSWER)
    with writer.path.open("r+b") as file:
        file.truncate(counted + torn)
    assert cut_tail(writer.path, counted) == torn
    assert cut_tail(writer.path, counted) == 0
    assert [h["WARC-Type"] for h, _ in read_with_fastwarc(writer.path)] == ["warcinfo", "response"]
    assert len(read_with_warcio(writer.path)) == 2


def test_both_readers_see_the_same_records(tmp_path: Path) -> None:
    path = write_all(tmp_path).path
    slow = [(r.rec_headers.get_header("WARC-Type"), block) for r, block in read_with_warcio(path)]
    fast = [(headers["WARC-Type"], block) for headers, block in read_with_fastwarc(path)]
    assert slow == fast
    assert [kind for kind, _ in fast] == ["warcinfo", "response", "metadata", "resource"]


def test_file_is_named_after_source_time_and_run(tmp_path: Path) -> None:
    writer = write_all(tmp_path)
    stamp = f"{writer.started:%Y%m%dT%H%M%S%f}"[:-3]
    assert writer.path == (
        tmp_path / "warc" / "my_notices" / f"my_notices-{stamp}-{writer.run_id}.warc.gz"
    )


def test_warcinfo_tells_the_run(tmp_path: Path) -> None:
    writer = write_all(tmp_path)
    headers, block = read_with_fastwarc(writer.path)[0]
    fields = dict(line.split(": ", 1) for line in block.decode().splitlines())
    assert headers["Content-Type"] == "application/warc-fields"
    assert fields["gongshi-run"] == writer.run_id
    assert fields["gongshi-kind"] == "crawl"
    assert fields["gongshi-source"] == "my_notices"
    assert datetime.fromisoformat(fields["gongshi-started"]) == writer.started
    assert "not exact" in fields["description"]


def test_response_is_kept_to_the_byte(tmp_path: Path) -> None:
    _, block = read_with_fastwarc(write_all(tmp_path).path)[1]
    head, _, body = block.partition(b"\r\n\r\n")
    assert body == BODY
    assert head.split(b"\r\n")[0] == b"HTTP/1.1 200 OK"
    assert head.split(b"\r\n")[1:] == [b": ".join(line) for line in ANSWER.headers]


def test_every_record_has_time_and_payload_digest(tmp_path: Path) -> None:
    for headers, block in read_with_fastwarc(write_all(tmp_path).path):
        is_response = headers["WARC-Type"] == "response"
        payload = block.partition(b"\r\n\r\n")[2] if is_response else block
        assert headers["WARC-Payload-Digest"] == f"sha256:{sha256(payload).hexdigest()}"
        age = datetime.now(UTC) - datetime.fromisoformat(headers["WARC-Date"])
        assert timedelta() <= age < timedelta(minutes=1)


def test_failure_says_why(tmp_path: Path) -> None:
    headers, block = read_with_fastwarc(write_all(tmp_path).path)[2]
    assert headers["WARC-Target-URI"] == "http://mzj.my.example.cn/2.html"
    assert json.loads(block) == {"reason": "timeout", "detail": "没有回答"}


def test_saved_file_has_an_address_and_its_type(tmp_path: Path) -> None:
    headers, block = read_with_fastwarc(write_all(tmp_path).path)[3]
    assert headers["WARC-Target-URI"] == (
        "file:///%E5%85%AC%E7%A4%BA/%E7%AC%AC%201%20%E6%89%B9.txt"
    )
    assert (headers["Content-Type"], block) == ("text/plain", b"text")


def test_place_is_a_gzip_member_of_its_own(tmp_path: Path) -> None:
    with WarcWriter(tmp_path, "my_notices", "crawl") as writer:
        writer.write_response(ANSWER)
        place = writer.write_response(ANSWER)
    member = place.warc_file.read_bytes()[place.offset :]
    assert len(member) == place.length
    assert gzip.decompress(member).startswith(b"WARC/1.1\r\nWARC-Type: response\r\n")


def test_record_is_on_disk_when_the_call_returns(tmp_path: Path) -> None:
    with WarcWriter(tmp_path, "my_notices", "crawl") as writer:
        writer.write_response(ANSWER)
        assert len(read_with_fastwarc(writer.path)) == 2


@pytest.mark.parametrize("torn", [1, 9, 60, 200])
def test_whole_records_before_a_torn_one_can_be_read(tmp_path: Path, torn: int) -> None:
    with WarcWriter(tmp_path, "my_notices", "crawl") as writer:
        writer.write_response(ANSWER)
        place = writer.write_response(ANSWER)
    whole = writer.path.read_bytes()
    writer.path.write_bytes(whole[: place.offset + torn])
    read = []
    try:
        with writer.path.open("rb") as stream:
            for record in FastIterator(stream, parse_http=False):
                read.append(record.reader.read())
    except OSError:
        pass
    assert read[1] == ANSWER.http_block()


class FullDisk:
    """A file that takes half of what it is given, then has no space."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._full = False

    def write(self, data: Any) -> int:
        if self._full:
            raise OSError(errno.ENOSPC, "No space left on device")
        self._full = True
        return int(self._file.write(data[: len(data) // 2]))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def test_full_disk_leaves_no_half_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with WarcWriter(tmp_path, "my_notices", "crawl") as writer:
        writer.write_response(ANSWER)
        whole = writer._file
        monkeypatch.setattr(writer, "_file", FullDisk(whole))
        with pytest.raises(GongshiError, match="No space left on device"):
            writer.write_response(ANSWER)
        monkeypatch.setattr(writer, "_file", whole)
        writer.write_failure("http://a.cn/", "timeout", "")
    kinds = [headers["WARC-Type"] for headers, _ in read_with_fastwarc(writer.path)]
    assert kinds == ["warcinfo", "response", "metadata"]


def test_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "warc").write_text("a file")
    with pytest.raises(GongshiError, match="cannot be written"):
        WarcWriter(tmp_path, "my_notices", "crawl")


def test_header_cannot_smuggle_a_line() -> None:
    answer = HttpAnswer("http://a.cn/", 200, ((b"X", b"1\r\nY: 2"),), b"")
    assert answer.http_block() == b"HTTP/1.1 200 OK\r\nX: 1 Y: 2\r\n\r\n"
