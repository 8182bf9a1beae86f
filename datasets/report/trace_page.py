"""One self-contained HTML file that shows a row in the text it was read from; without script."""

import secrets

from datasets.report.links import safe_link
from datasets.report.templates import load_template
from datasets.schema import Row
from datasets.trace import RowTrace

TEXTS = frozenset(("text", "text_original"))
"""Columns that are shown as a whole or not at all."""


def write_trace_page(trace: RowTrace) -> str:
    """Write a trace as an HTML document: the whole text with the span marked, and the archive.

    All of it is escaped text; a policy in the page forbids scripts and whatever lies elsewhere.

    >>> page = write_trace_page(RowTrace("s", "runs", "0f3c9a1b2d4e5f60", {"kind": "<b>"}))
    >>> "&lt;b&gt;" in page, "<script" in page
    (True, False)
    """
    passage, document = trace.passage, trace.document
    text, start, end = (passage.text, passage.start, passage.end) if passage else ("", 0, 0)
    return load_template("trace.html").render(
        trace=trace,
        nonce=secrets.token_urlsafe(18),
        title=(document["title"] if document else "") or trace.table,
        before=text[:start],
        marked=text[start:end],
        after=text[end:],
        facts=list_facts(trace),
        cells=list_cells(trace.row),
        link=safe_link,
    )


def list_facts(trace: RowTrace) -> list[tuple[str, str]]:
    """List what the archive knows of a trace as names and values, fetch by fetch.

    >>> list_facts(RowTrace("s", "places", "0f3c9a1b2d4e5f60", {}))
    [('archive', 'no page: the row was not read from one')]
    """
    facts: list[tuple[str, str]] = []
    if trace.file:
        file = trace.file
        place = f"sheet {file.sheet}, row {file.row}" if file.sheet else file.place or "its text"
        facts.append(("file", f"{file.name}, {place}, cell {file.column}"))
    for fetch in trace.fetches:
        facts += [
            ("address", fetch["url"]),
            ("record", f"{fetch['warc_file']}, byte {fetch['warc_offset']}"),
            ("length", f"{fetch['warc_length']} bytes"),
            ("fetched", fetch["fetched_at"].isoformat(sep=" ")),
            ("status", str(fetch["status"] or fetch["reason"] or "a saved file")),
            ("SHA-256", fetch["payload_digest"] or "none"),
        ]
    if trace.table == "runs" and "warc_file" in trace.row:
        facts.append(("record", trace.row["warc_file"]))
    return facts or [("archive", "no page: the row was not read from one")]


def list_cells(row: Row) -> list[tuple[str, str]]:
    """List the cells of a row that hold something, long texts left out.

    >>> list_cells({"city": "绵阳市", "town": None, "batch": 3, "text": "全文"})
    [('city', '绵阳市'), ('batch', '3')]
    """
    return [
        (name, str(value))
        for name, value in row.items()
        if value is not None and value != "" and name not in TEXTS
    ]
