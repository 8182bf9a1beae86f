"""Pages in the layouts of real sites, field by field; `tests/layout_pages.py` tells the format."""

from collections.abc import Iterator

import pytest

from extract.parse import parse_document
from extract.records import Document
from layout_pages import LayoutPage, load_layout_pages

PAGES = load_layout_pages()
ARTICLES = [page for page in PAGES if page.is_article]
READ = ("article", "announcement", "thread")
_PRECISIONS = {4: "year", 7: "month", 10: "day", 13: "hour", 16: "minute", 19: "second"}


def _name(page: LayoutPage) -> str:
    return page.name


def print_time(document: Document) -> str:
    """Print the publish time as far as it goes, in the form of the page files."""
    if document.published_at is None:
        return ""
    lengths = {precision: length for length, precision in _PRECISIONS.items()}
    return str(document.published_at)[: lengths[document.published_precision or "second"]]


def list_found(document: Document) -> Iterator[tuple[str, object]]:
    yield "type", document.page_type
    yield "published", print_time(document)
    yield "source", document.source or ""
    yield "authors", [f"{author.role} {author.name}".strip() for author in document.authors]
    yield "editor", document.editor or ""
    yield "views", "" if document.views is None else str(document.views)
    yield "breadcrumb", list(document.breadcrumb)
    yield "tags", list(document.tags)
    yield "attachments", [attachment.text for attachment in document.attachments]


@pytest.mark.parametrize("page", ARTICLES, ids=_name)
def test_layout_yields_the_fields_a_reader_sees(page: LayoutPage) -> None:
    document = parse_document(page.page)
    found = dict(list_found(document))
    wanted = {
        key: page.list_field(key) if isinstance(value, list) else page.fields.get(key, "")
        for key, value in found.items()
    }
    # A known weakness must be promoted on the day it comes out right.
    weak = page.list_field("weak")
    assert [key for key in weak if found.pop(key) == wanted.pop(key)] == []
    assert found == wanted
    assert (document.title_raw or document.title) == page.fields["title"]
    assert set(page.list_field("flags")) <= set(document.flags)


@pytest.mark.parametrize("page", ARTICLES, ids=_name)
def test_layout_yields_the_whole_body_and_nothing_else(page: LayoutPage) -> None:
    document = parse_document(page.page)
    lines = (document.text_original or document.text).split("\n")
    assert [line for line in lines if line not in page.optional] == [
        line for line in page.body if line not in page.optional
    ]


@pytest.mark.parametrize("page", [page for page in PAGES if not page.is_article], ids=_name)
def test_page_without_an_article_is_named_and_has_no_text(page: LayoutPage) -> None:
    document = parse_document(page.page)
    assert (document.page_type, document.text) == (page.fields["type"], "")
    if page.fields["title"] != "*":
        assert document.title == page.fields["title"]
