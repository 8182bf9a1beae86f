import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from attachment_files import NAMES, make_docx, make_xlsx
from conftest import Run
from gongshi.saved_pages import files_beside, find_beside

Parse = Callable[[Path], list[str]]
HEADLINE = "关于公布四川省第三批城乡社区治理试点单位的通知"
PAGE = f"""<html><head><meta charset=utf-8><title>{HEADLINE}</title></head><body><h1>{HEADLINE}</h1>
<p>发布日期：2022-04-06</p><div><p>经研究，决定将下列4个社区列为第三批城乡社区治理试点单位，现予公布，
名单见附件，请认真组织实施，按季度报送有关情况。</p>
<p>附件：<a href="{{link}}">名单</a></p></div>"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    saved = tmp_path / "saved"
    (saved / "files").mkdir(parents=True)
    (saved / "files" / "名单 1.xlsx").write_bytes(make_xlsx())
    (tmp_path / "outside.docx").write_bytes(make_docx())
    monkeypatch.chdir(tmp_path)
    return saved


def save(folder: Path, link: str) -> Path:
    page = folder / "1.html"
    page.write_text(PAGE.format(link=link), encoding="utf-8")
    return page


@pytest.fixture
def parse(run: Run, capsys: pytest.CaptureFixture[str]) -> Parse:
    def parse(page: Path) -> list[str]:
        assert run("parse", page, "--json") == 0
        return [unit["name_full"] for unit in json.loads(capsys.readouterr().out)["units"]]

    return parse


@pytest.mark.parametrize("link", ["files/名单 1.xlsx", "./files/%E5%90%8D%E5%8D%95%201.xlsx"])
def test_a_file_beside_a_saved_page_is_read(folder: Path, parse: Parse, link: str) -> None:
    assert parse(save(folder, link)) == list(NAMES)


@pytest.mark.parametrize("link", ["../outside.docx", "files/../../outside.docx", "/outside.docx"])
def test_no_link_leads_out_of_the_folder(folder: Path, parse: Parse, link: str) -> None:
    assert parse(save(folder, link)) == []


def test_no_symbolic_link_leads_out_of_the_folder(folder: Path, parse: Parse) -> None:
    (folder / "files" / "list.docx").symlink_to(folder.parent / "outside.docx")
    page = save(folder, "files/list.docx")
    assert parse(page) == []
    assert files_beside(page, page.read_bytes()) == []
    assert find_beside(page)("file:///saved/files/list.docx") is None


def test_ingest_archives_the_files_and_build_reads_them(folder: Path, run: Run) -> None:
    save(folder, "files/名单 1.xlsx")
    assert run("ingest", "saved", "--data", "data") == 0
    assert run("build", "--data", "data") == 0
    units = pd.read_parquet("data/latest/units")
    assert sorted(units["name_full"]) == sorted(NAMES)
    assert set(units["src"].str.partition("#")[0]) == {"files/名单 1.xlsx"}
    issues = pd.read_parquet("data/latest/issues")
    assert "attachment_not_read" not in set(issues["code"])
