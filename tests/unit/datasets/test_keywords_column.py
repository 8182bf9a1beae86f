"""Keywords are a column of documents and comments that is filled when it is asked for."""

from pathlib import Path

import pytest

from datasets.build import BuildOptions, build
from datasets.engines import local_engine
from datasets.read import open_snapshot
from stand_in import link, parse
from warc_bytes import Warc

LINES = ("thread=7", "title=社区食堂", "text=三台县的食堂开饭了", "reply=2,西蜀散人,潼川镇的食堂好")


def build_with(data: Path, jobs: int, *, keywords: bool) -> dict[str, list[str]]:
    options = BuildOptions(
        local_engine(jobs),
        accept=True,
        keywords=keywords,
        key_file=data.parent / "key",
        parse=parse,
        link=link,
    )
    build(data, {}, options)
    snapshot = open_snapshot(data)
    return {
        table: snapshot.pandas(table)["keywords"].tolist() for table in ("documents", "comments")
    }


@pytest.fixture
def data(tmp_path: Path) -> Path:
    body = "\n".join(LINES).encode()
    warc = Warc().info().response("http://a.cn/1", body, date="2022-04-06T03:00:00Z")
    warc.save(tmp_path / "data" / "warc" / "ingest" / "a.warc.gz")
    return tmp_path / "data"


def test_the_column_is_empty_unless_asked_for(data: Path) -> None:
    found = build_with(data, 1, keywords=False)
    assert {table: [str(value) for value in values] for table, values in found.items()} == {
        "documents": ["nan"],
        "comments": ["nan"],
    }


@pytest.mark.parametrize("jobs", [1, 2])
def test_keywords_stand_in_one_cell(data: Path, jobs: int) -> None:
    found = build_with(data, jobs, keywords=True)
    assert found["documents"] == ["食堂 / 三台县 / 开饭 / 社区"]
    assert found["comments"] == ["潼川镇 / 食堂"]


def test_asking_for_keywords_makes_no_new_version_of_a_page(data: Path) -> None:
    build_with(data, 1, keywords=False)
    build_with(data, 1, keywords=True)
    assert open_snapshot(data).pandas("documents")["version"].tolist() == [1]
