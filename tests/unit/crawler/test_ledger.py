"""Queue and archive are made durable in one order, and mended to the same point after a kill."""

from dataclasses import replace
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator

from crawler.addresses import address_key
from crawler.answers import HttpAnswer
from crawler.leases import Leased, Outcome, Wanted
from crawler.ledger import Ledger
from normalize.errors import GongshiError

URL = "http://mzt.example.cn/1.html"
ANSWER = HttpAnswer(URL, 200, ((b"Content-Type", b"text/html"),), b"<p>page</p>")
NOW = 1_714_500_000.0


def want(url: str = URL) -> Wanted:
    return Wanted(url, address_key(url), "item", "{}")


def open_ledger(data: Path, size: int = 10**9) -> Ledger:
    ledger = Ledger(data, "my_notices", size)
    ledger.queue.begin(ledger.writer.run_id, NOW, everything=True)
    return ledger


def kill(ledger: Ledger) -> None:
    """Leave files and queue as a killed process does."""
    ledger.queue._database.execute("ROLLBACK")
    ledger.queue.close()
    ledger.writer.close()


def fetch(ledger: Ledger, answer: HttpAnswer = ANSWER) -> Leased:
    ledger.add([want(answer.url)])
    (leased,) = ledger.queue.lease(NOW, 1)
    ledger.hold(leased.id, answer)
    written = ledger.write(leased)
    ledger.finish(
        leased,
        Outcome(
            "done",
            NOW,
            NOW,
            9.0,
            answer.status,
            changed=written.changed,
            place=written.place,
            media_type=written.header(b"content-type"),
        ),
    )
    return leased


def kinds(path: Path) -> list[str]:
    with path.open("rb") as stream:
        return [r.headers["WARC-Type"] for r in ArchiveIterator(stream, parse_http=False)]


def test_kill_before_the_commit_leaves_neither_record_nor_row(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    path = ledger.writer.path
    ledger.add([want()])
    ledger.commit()
    fetch(ledger)
    assert kinds(path) == ["warcinfo", "response"]
    kill(ledger)
    again = Ledger(tmp_path, "my_notices", 10**9)
    assert again.cut > 0
    assert kinds(path) == ["warcinfo"]
    assert [one.url for one in again.queue.lease(NOW, 9)] == [URL]
    again.close("finished", {})


def test_kill_behind_the_commit_leaves_both(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    fetch(ledger)
    ledger.commit()
    ledger.queue.note("x", 1.0)
    kill(ledger)
    again = Ledger(tmp_path, "my_notices", 10**9)
    assert (again.returned, again.cut) == (0, 0)
    assert kinds(ledger.writer.path) == ["warcinfo", "response"]
    assert not again.queue.has_pending()
    again.close("finished", {})


def revisit(tmp_path: Path, answer: HttpAnswer, keep: bool = True) -> list[str]:
    first = open_ledger(tmp_path)
    fetch(first)
    first.close("finished", {})
    if not keep:
        first.writer.path.unlink()
    second = open_ledger(tmp_path)
    fetch(second, answer)
    second.close("finished", {})
    return kinds(second.writer.path)[1:]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (ANSWER, "revisit"),
        (replace(ANSWER, status=304, body=b""), "revisit"),
        (replace(ANSWER, body=b"<p>other</p>"), "response"),
        (replace(ANSWER, headers=((b"Content-Type", b"text/html; charset=gbk"),)), "response"),
        (replace(ANSWER, status=500), "response"),
    ],
)
def test_same_page_is_a_revisit(tmp_path: Path, answer: HttpAnswer, kind: str) -> None:
    assert revisit(tmp_path, answer) == [kind]


def test_page_whose_archive_is_gone_is_archived_again(tmp_path: Path) -> None:
    assert revisit(tmp_path, ANSWER, keep=False) == ["response"]


def test_full_file_is_followed_by_another(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path, size=900)
    for number in range(3):
        fetch(ledger, replace(ANSWER, url=f"http://mzt.example.cn/{number}.html"))
    ledger.close("finished", {})
    files = sorted((tmp_path / "warc" / "my_notices").iterdir(), key=lambda path: len(path.name))
    assert len(files) > 1
    assert sum(kinds(path).count("response") for path in files) == 3
    assert all(kinds(path)[0] == "warcinfo" for path in files)


def test_refused_address_is_a_record_with_its_reason(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    ledger.add([replace(want(), refused="trap_calendar")])
    ledger.close("finished", {})
    assert kinds(ledger.writer.path) == ["warcinfo", "metadata"]


def test_broken_step_is_never_committed(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    ledger.commit()
    fetch(ledger)
    ledger.give_up()
    ledger.close("archive_failed", {})
    again = Ledger(tmp_path, "my_notices", 10**9)
    assert again.cut > 0
    assert kinds(ledger.writer.path) == ["warcinfo"]
    again.close("finished", {})


def test_answers_in_hand_are_kept_at_the_end(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    ledger.add([want()])
    (leased,) = ledger.queue.lease(NOW, 1)
    ledger.hold(leased.id, replace(ANSWER, status=503))
    ledger.close("asked_to_wait", {})
    assert kinds(ledger.writer.path) == ["warcinfo", "response"]


def test_archive_that_cannot_be_opened_lets_the_queue_go(tmp_path: Path) -> None:
    (tmp_path / "warc").write_text("a file")
    for _ in range(2):
        with pytest.raises(GongshiError, match="cannot be written"):
            Ledger(tmp_path, "my_notices", 10**9)
