"""Where rows come from: pages with their address and the place of their bytes in WARC files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from datasets.batches import read_rows


@dataclass(frozen=True, slots=True)
class Page:
    """A document and its first fetch."""

    title: str
    """Title of the page, or the empty string."""
    url: str
    """Address as stored."""
    published: str
    """Day of publication, or the empty string."""
    warc: str
    """WARC file, offset and length of the record, or the empty string."""


def index_pages(documents: pd.DataFrame, fetches: pd.DataFrame) -> Mapping[str, Page]:
    """Index the pages by doc_id, each with the WARC record of its first fetch.

    Takes doc_id, title, url, published_at and fetch_id of `documents`, and fetch_id, warc_file,
    warc_offset and warc_length of `fetches`.

    >>> index_pages(pd.DataFrame(columns=["doc_id"]), pd.DataFrame(columns=["fetch_id"]))
    {}
    """
    wanted = fetches[fetches["fetch_id"].isin(documents.get("fetch_id", []))]
    records = {row["fetch_id"]: _name_record(row) for row in read_rows(wanted)}
    return {
        row["doc_id"]: Page(
            title=row["title"] or "",
            url=row["url"] or "",
            published=f"{row['published_at']:%Y-%m-%d}" if row["published_at"] else "",
            warc=records.get(row["fetch_id"], ""),
        )
        for row in read_rows(documents)
    }


def _name_record(fetch: Mapping[str, Any]) -> str:
    return f"{fetch['warc_file']} @{fetch['warc_offset']} +{fetch['warc_length']}"
