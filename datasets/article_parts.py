"""Which pages are later parts of one article, told by the addresses that lead to the next."""

from collections.abc import Sequence

from extract.records import Document

MAX_PARTS = 100
"""Pages of one article that are followed."""


def find_parts(documents: Sequence[Document]) -> dict[str, tuple[str, int]]:
    """Find the later parts among current documents: first document and number by document id.

    Parts that lead in a circle are no parts. The first page of an article is not among the keys.

    >>> first = Document("a", "", "http://a.cn/3.html", "", "article", "", "",
    ...     next_part="http://a.cn/3_2.html")
    >>> find_parts([first, Document("b", "", "http://a.cn/3_2.html", "", "article", "", "")])
    {'b': ('a', 2)}
    """
    by_url = {document.url: document for document in documents}
    later = {document.next_part for document in documents if document.next_part in by_url}
    parts: dict[str, tuple[str, int]] = {}
    for first in documents:
        if first.url in later or first.next_part is None:
            continue
        part = by_url.get(first.next_part)
        for number in range(2, MAX_PARTS + 1):
            if part is None or part.doc_id in parts:
                break
            parts[part.doc_id] = (first.doc_id, number)
            part = by_url.get(part.next_part or "")
    return parts
