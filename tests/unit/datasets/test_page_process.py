import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from datasets.index import Entry, index_archive
from datasets.page_process import PageProcess, read_apart
from datasets.pages import DIED, PageReader
from extract.page import FindFile, Page
from extract.records import PageRecords
from extract.source import Source
from stand_in import parse
from warc_bytes import Warc

Write = Callable[..., list[Entry]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Archive pages of a line each and list them."""

    def write_lines(*lines: str) -> list[Entry]:
        warc = Warc()
        for number, line in enumerate(lines):
            warc.response(f"http://a.cn/{number}", line.encode())
        warc.save(tmp_path / "warc" / "demo" / "a.warc.gz")
        return index_archive(tmp_path, {}, lambda done, total: None).entries

    return write_lines


def test_pages_are_read_as_this_process_reads_them(write: Write, tmp_path: Path) -> None:
    entries = write("text=1", "fail=yes", "unit=古城社区")
    reader = PageReader(tmp_path, parse)
    assert read_apart(reader, entries) == reader.read_chunk(entries)


def test_a_page_that_kills_its_process_costs_only_itself(write: Write, tmp_path: Path) -> None:
    pages = read_apart(PageReader(tmp_path, parse), write("text=1", "die=yes", "text=2"))
    assert pages[1] == DIED
    assert [page.code for page in pages] == ["", DIED.code, ""]


def test_a_process_that_died_of_something_else_costs_nothing(write: Write, tmp_path: Path) -> None:
    pages = read_apart(PageReader(tmp_path, parse), write(f"die_once={tmp_path / 'died'}"))
    assert (tmp_path / "died").exists()
    assert [page.code for page in pages] == [""]


def test_the_time_of_a_page_is_limited(write: Write, tmp_path: Path) -> None:
    entries = write("sleep=60", "deaf=yes\nsleep=60")
    messages = []
    for entry in entries:
        process = PageProcess(PageReader(tmp_path, parse, seconds=0.2), grace=1.0)
        messages.append(process.read(entry))
        process.close()
    assert messages[0] == messages[1]
    assert messages[0].code == "extraction_timeout"
    assert messages[0].message == "parsing: it took more than 0.2 s"


def parse_elsewhere(page: Page, source: Source | None, files: FindFile) -> PageRecords:
    return parse(page, source, files)


def test_a_process_that_cannot_start_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    module = ModuleType("a_module_of_this_process_only")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(parse_elsewhere, "__module__", module.__name__)
    module.parse_elsewhere = parse_elsewhere
    with pytest.raises(OSError, match="did not start"):
        PageProcess(PageReader(tmp_path, parse_elsewhere))
