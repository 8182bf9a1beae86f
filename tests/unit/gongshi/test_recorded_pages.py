"""The shape in which `gongshi record` keeps pages is that of the golden pages."""

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from conftest import Run
from extract.page import Page
from gongshi.fixtures import find_case, read_case, read_recorded, write_expected, write_recorded
from normalize.errors import GongshiError

GOLDEN = Path(__file__).parents[2] / "pages"
PAGE = Page(
    "名单".encode("gbk"),
    "http://a.example.cn/1",
    "text/plain",
    "gbk",
    datetime.fromisoformat("2022-04-08T20:00:00+08:00"),
)


@pytest.mark.parametrize(
    "case",
    [
        "sichuan_mzt_notices/proposed_by_city",
        "xishu_bbs/printable",
        "xishu_bbs/printable_text",
    ],
)
def test_the_draft_says_what_a_reader_wrote_down(run: Run, tmp_path: Path, case: str) -> None:
    source_id, name = case.split("/")
    shutil.copytree(GOLDEN / case, tmp_path / case, ignore=shutil.ignore_patterns("expected.json"))
    assert run("record", source_id, "--accept", "--into", tmp_path, "--case", name) == 0
    draft, wanted = load(tmp_path / case), load(GOLDEN / case)
    for section in ("document", "announcements", "units", "comments", "mentions"):
        assert_same(draft[section], wanted[section])
    assert draft["issue_codes"] == wanted.get("issue_codes", draft["issue_codes"])


def load(folder: Path) -> dict[str, Any]:
    expected: dict[str, Any] = json.loads((folder / "expected.json").read_text("utf-8"))
    return expected


def assert_same(found: Any, wanted: Any) -> None:
    """Compare the fields that both have; of what a page has stated a person may write down less."""
    if isinstance(wanted, list):
        for one, other in zip(found, wanted, strict=True):
            assert_same(one, other)
        return
    shared = found.keys() & wanted.keys() - {"stated_counts"}
    assert shared
    assert {name: found[name] for name in shared} == {name: wanted[name] for name in shared}
    stated = found.get("stated_counts", [])
    assert [pair for pair in wanted.get("stated_counts", []) if pair not in stated] == []


def test_the_draft_names_no_user(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "xishu_bbs" / "printable"
    shutil.copytree(GOLDEN / "xishu_bbs" / "printable", folder)
    users = {comment["author"] for comment in load(folder)["comments"]} - {None}
    (folder / "expected.json").unlink()
    assert run("record", "xishu_bbs", "--accept", "--into", tmp_path, "--case", "printable") == 0
    written = (folder / "expected.json").read_text("utf-8")
    assert users
    assert [user for user in users if f'"{user}"' in written] == []


def test_text_is_kept_as_sent_with_its_header(tmp_path: Path) -> None:
    path = write_recorded(tmp_path / "page_1", PAGE)
    assert path.name == "page.txt"
    assert path.read_bytes() == PAGE.body
    assert read_case(tmp_path / "page_1") == PAGE


@pytest.mark.parametrize("head", ["[]", "{}", '{"url": "http://a.cn/"}', "no JSON", '"url"'])
def test_a_stranger_beside_a_saved_page_is_passed_over(tmp_path: Path, head: str) -> None:
    (tmp_path / "page.json").write_text(head)
    (tmp_path / "page.html").write_text("<p>")
    assert read_recorded(tmp_path / "page.html") is None
    with pytest.raises(GongshiError, match="holds no recorded page"):
        read_case(tmp_path)


@pytest.mark.parametrize("name", ["", "..", "a/b", "Page", "名单", "a" * 65])
def test_a_case_has_a_plain_name(name: str) -> None:
    with pytest.raises(GongshiError, match="is no name of a case"):
        find_case(Path("tests/pages"), "demo_site", name)


def test_what_is_expected_is_never_overwritten(tmp_path: Path) -> None:
    write_expected(tmp_path, {"units": []})
    with pytest.raises(GongshiError, match="remove it to have it written anew"):
        write_expected(tmp_path, {"units": [{"kind": "town"}]})
    assert json.loads((tmp_path / "expected.json").read_text()) == {"units": []}


def test_accepting_needs_a_recorded_page(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("record", "xishu_bbs", "--accept", "--into", tmp_path) == 2
    assert "holds no recorded page: record one first" in capsys.readouterr().err


@pytest.mark.parametrize("rest", [(), ("http://bbs.xishu365.com/1", "--accept")])
def test_either_an_address_or_accept_is_given(
    run: Run, capsys: pytest.CaptureFixture[str], rest: tuple[str, ...]
) -> None:
    assert run("record", "xishu_bbs", *rest) == 2
    assert "Give either the address of a page or --accept." in capsys.readouterr().err


def test_outside_of_a_checkout_a_folder_is_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("record", "xishu_bbs", "--accept") == 2
    assert "name a folder for recorded pages with --into" in capsys.readouterr().err
