"""Summaries and refusals of the crawl command, without a crawl."""

from pathlib import Path

import pytest

from crawler.recording import failure_reason
from crawler.run import CrawlSummary, crawl
from extract.source import EXAMPLE, read_source
from normalize.errors import GongshiError


def test_source_given_twice_is_refused(tmp_path: Path) -> None:
    source = read_source("demo_site", EXAMPLE)
    with pytest.raises(GongshiError, match="'demo_site' is given twice"):
        crawl([source, source], tmp_path)


@pytest.mark.parametrize(
    ("responses", "ok"), [({}, False), ({"4xx": 2, "3xx": 1}, False), ({"2xx": 1, "5xx": 9}, True)]
)
def test_crawl_is_ok_when_a_page_was_fetched(responses: dict[str, int], ok: bool) -> None:
    assert CrawlSummary("demo_site", None, None, responses=responses).ok is ok


def test_unknown_error_has_a_reason_too() -> None:
    assert failure_reason("http://a.cn/", LookupError("?")) == "failed"
