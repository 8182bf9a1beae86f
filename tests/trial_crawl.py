"""One crawl of a loopback site in a test: its source, its summary, its records."""

import json
from collections.abc import Sequence
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from crawler.run import CrawlSummary, crawl
from extract.source import CrawlRules, Source
from loopback_site import LoopbackServer


def make_source(
    site: LoopbackServer, source_id: str, start_paths: Sequence[str], **rules: object
) -> Source:
    """A source that starts at paths of a site, without pauses."""
    given = {"pattern": "single", "delay": 0.0, "loopback_ports": (site.server_port,), **rules}
    given["start_urls"] = tuple(site.url + path for path in start_paths)
    return Source(source_id, "试站", "试站", "government", CrawlRules(**given))  # type: ignore[arg-type]


def crawl_one(source: Source, data: Path) -> CrawlSummary:
    return crawl([source], data)[0]


def read_records(summary: CrawlSummary) -> list[tuple[str, str, bytes]]:
    """Type, address and body of every record of a crawl."""
    assert summary.warc_file is not None
    with summary.warc_file.open("rb") as stream:
        return [
            (
                record.rec_type,
                record.rec_headers.get_header("WARC-Target-URI") or "",
                record.content_stream().read(),
            )
            for record in ArchiveIterator(stream)
        ]


def failures(summary: CrawlSummary) -> dict[str, str]:
    """Reasons of the addresses without answer."""
    return {
        url: json.loads(block)["reason"]
        for kind, url, block in read_records(summary)
        if kind == "metadata"
    }
