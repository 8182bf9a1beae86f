import pytest

from datasets.article_parts import find_parts
from extract.records import Document


def page(name: str, following: str | None) -> Document:
    link = f"http://a.cn/{following}" if following else None
    return Document(name, "", f"http://a.cn/{name}", "", "article", "", "", next_part=link)


def test_parts_are_counted_from_the_first_page() -> None:
    documents = [page("3", None), page("2", "3"), page("1", "2"), page("other", None)]
    assert find_parts(documents) == {"2": ("1", 2), "3": ("1", 3)}


@pytest.mark.parametrize(
    "documents",
    [
        [],
        [page("1", "missing")],
        [page("1", "1")],
        [page("1", "2"), page("2", "1")],
    ],
)
def test_what_leads_nowhere_or_in_a_circle_is_no_part(documents: list[Document]) -> None:
    assert find_parts(documents) == {}


def test_a_circle_behind_a_first_page_ends() -> None:
    documents = [page("1", "2"), page("2", "3"), page("3", "2")]
    assert find_parts(documents) == {"2": ("1", 2), "3": ("1", 3)}
