"""The article extractor stays above the floors of bench/article_floors.toml on our golden pages."""

import dataclasses
import sys
import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "bench"))

from article_child import ours
from article_pages import Labelled, golden_pages, read_folder
from article_scores import Scores, read_time, score, score_body

FLOORS_FILE = Path(__file__).parents[2] / "bench" / "article_floors.toml"
FLOORS = tomllib.loads(FLOORS_FILE.read_text("utf-8"))


@cache
def measure() -> Scores:
    run = ours()
    pages = golden_pages()
    given = [
        {"body": p.body, "url": p.url, "charset": p.charset, "fetched": p.fetched.isoformat()}
        for p in pages
    ]
    return score(pages, [run(page) for page in given])


@pytest.mark.parametrize("field", FLOORS["at_least"])
def test_what_is_found_stays_above_its_floor(field: str) -> None:
    assert getattr(measure(), field) >= FLOORS["at_least"][field]


@pytest.mark.parametrize("field", FLOORS["at_most"])
def test_what_is_wrong_stays_below_its_ceiling(field: str) -> None:
    assert getattr(measure(), field) <= FLOORS["at_most"][field]


def test_every_score_has_a_floor() -> None:
    named = {*FLOORS["at_least"], *FLOORS["at_most"]}
    assert named == {field.name for field in dataclasses.fields(Scores)}


def test_a_right_body_scores_one_and_a_part_of_it_less() -> None:
    text = "社区食堂开饭了，老人都说好。"
    assert score_body(text, [], f" {text}\n") == 1.0
    assert score_body("社區食堂", [], "社区食堂") == 1.0
    assert score_body(text, ["记者 谷小满"], f"记者 谷小满{text}") == 1.0
    assert 0 < score_body(text, [], text[:8]) < score_body(text, [], text[:12]) < 1
    assert score_body(text, [], "") == 0.0


def test_answers_are_scored_field_by_field() -> None:
    page = Labelled(
        "a", b"", "http://a.cn/", title=["食堂"], published="2022-04-06 11:15", source=["晨报"],
        authors=["谷小满"], text="社区食堂开饭了",
    )  # fmt: skip
    right = {"title": "食 堂", "published": "2022-04-06 11:15:00", "source": "涪江晨报",
             "authors": "记者 谷小满", "text": "社区食堂开饭了"}  # fmt: skip
    assert score([page], [right]) == Scores(1, 1, 1, 1, 1, 1, 1, 0, None)
    wrong = {"title": "", "published": "2022-04-06", "source": "", "authors": "晴", "text": ""}
    assert score([page], [wrong]) == Scores(0, 0, 0, 1, 0, 0, 0, 1, None)
    assert score([page], [{"text": "社区食堂开饭了"}]).title is None


@pytest.mark.parametrize(
    ("printed", "read"),
    [("2022年4月6日", "2022-04-06"), ("2022/4/6 9:05", "2022-04-06 09:05"), (None, ""), ("无", ""),
     (datetime(2022, 4, 6, 9, 5), "2022-04-06 09:05:00")],
)  # fmt: skip
def test_times_are_read_as_far_as_they_go(printed: object, read: str) -> None:
    assert read_time(printed) == read


def test_a_labelled_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"<p>a</p>")
    row = '{"page": "a.html", "title": ["a"], "fetched": "2022-04-06T11:15:00+08:00"}\n\n'
    (tmp_path / "truth.jsonl").write_text(row, encoding="utf-8")
    (page,) = read_folder(tmp_path)
    assert (page.name, page.body, page.title, page.authors) == ("a.html", b"<p>a</p>", ["a"], None)
    assert page.url == "http://www.example.cn/a.html"
    (tmp_path / "truth.jsonl").write_text('{"page": "a.html", "titel": "a"}', encoding="utf-8")
    with pytest.raises(SystemExit, match="titel"):
        read_folder(tmp_path)
