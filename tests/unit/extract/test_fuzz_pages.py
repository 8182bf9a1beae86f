"""No bytes may break the parser: damaged golden pages, token soup, and pages that grow."""

import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.page import Page
from extract.parse import parse_document, parse_page
from extract.records import PageType
from layout_pages import load_layout_pages
from page_mutants import TAGS, WORDS, mutate

NOW = datetime(2024, 3, 18, 2, tzinfo=UTC)
GOLDEN = Path(__file__).parents[2] / "pages"
MUTANTS = 1500
WHOLE_EVERY = 10
"""Every tenth mutant is read for units, figures and comments as well."""
SECONDS, SECONDS_PER_BYTE = 3.0, 3e-4
"""Generous: a slow machine reads a page of this size in a hundredth of it."""


def load_pages() -> list[Page]:
    """The layout pages and the golden pages of the sources."""
    layouts = [page.page for page in load_layout_pages()]
    golden = [
        Page(path.read_bytes(), "http://a.cn/thread-1-1-1.html", "text/html", None, NOW)
        for path in sorted(GOLDEN.glob("*/*/page.html"))
    ]
    return layouts + golden


def make_page(body: bytes) -> Page:
    return Page(body, "http://a.cn/2021/0318/1.html", "text/html", None, NOW)


def test_mutants_of_golden_pages_are_read_in_bounded_time() -> None:
    pages, rng = load_pages(), random.Random(20240318)
    bodies = [page.body for page in pages]
    parse_page(pages[0], None)
    slow = []
    for number in range(MUTANTS):
        page = rng.choice(pages)
        body = mutate(page.body, rng, bodies)
        parse = parse_page if number % WHOLE_EVERY == 0 else parse_document
        started = time.process_time()
        parse(replace(page, body=body), None)
        took = time.process_time() - started
        if took > SECONDS + SECONDS_PER_BYTE * len(body):
            slow.append((number, len(body), took))
    assert slow == []


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(TAGS + WORDS), st.text(max_size=12)), max_size=60))
def test_soup_of_tags_and_words_is_read(tokens: list[str]) -> None:
    body = "".join(tokens).encode("utf-8", "surrogatepass")
    document = parse_document(make_page(body))
    assert parse_page(make_page(body), None).document.text.startswith(document.text)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["text/html", "text/plain", None]))
def test_any_bytes_are_read(body: bytes, media_type: str | None) -> None:
    records = parse_page(replace(make_page(body), media_type=media_type), None)
    assert records.document.page_type in get_args(PageType)


PARAGRAPH = "<p>七月，汉源的山坡上飘着麻香，花椒红了，在外打工的年轻人陆续回来。</p>"
GROWING: dict[str, Callable[[int], str]] = {
    "paragraphs": lambda n: PARAGRAPH * n,
    "one paragraph": lambda n: "<p>" + "花椒红了，在外打工的年轻人陆续回来。" * n + "</p>",
    "open elements": lambda n: PARAGRAPH + "<div>" * n + PARAGRAPH,
    "inline elements": lambda n: PARAGRAPH + "<p>2021-03-18" + "<span>来源</span>" * n + "</p>",
    "links": lambda n: PARAGRAPH + "<li><a href=1>相关新闻的标题</a></li>" * n,
    "brackets": lambda n: PARAGRAPH + "<p>" + "（记者" * n + "</p>",
    "arrows": lambda n: "<p>首页" + " > " * n + "</p>" + PARAGRAPH,
    "dates": lambda n: PARAGRAPH + "<p>" + "2021-02-30 " * n + "</p>",
    "rows": lambda n: "<table>" + "<tr><td>潼川镇<td>18</tr>" * n + "</table>",
    "attribute": lambda n: f"<div class='{'x ' * n}' style='{'a:b;' * n}'>{PARAGRAPH}</div>",
    "title": lambda n: f"<title>{'花椒红了_' * n}</title><h1>{'花椒红了' * n}</h1>" + PARAGRAPH,
    "comments": lambda n: PARAGRAPH + "<!-- x --></html>" * n,
    "script": lambda n: f"<script>{'ct = ' * n}</script>" + PARAGRAPH,
    "misread bytes": lambda n: "<p>" + "\xe0\x91" * n + "\xd0</p>" + PARAGRAPH,
    "meta": lambda n: f"<meta name=author content='{'李' * n}'>" * 3 + PARAGRAPH,
}


@pytest.mark.parametrize("kind", GROWING)
def test_time_grows_with_the_page(kind: str) -> None:
    """Eight times the page must not take thirty times as long."""
    make = GROWING[kind]
    parse_document(make_page(make(10).encode()))
    times = []
    for size in (500, 4000):
        page = make_page(make(size).encode())
        rounds = []
        for _ in range(2):
            started = time.process_time()
            parse_document(page)
            rounds.append(time.process_time() - started)
        times.append(min(rounds))
    assert times[1] < 30 * max(times[0], 0.004), times
