"""Crawling of declared sources, and the list of them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from crawler.health import check_health
from crawler.run import CrawlProgress, CrawlSummary, crawl
from extract.source import Source
from gongshi.declared import choose_sources, exit_code, read_declared
from gongshi.terminal import print_table, say, show_steps


def crawl_sources(source_ids: Sequence[str], data: Path) -> int:
    """Crawl sources, tell how each ended, and return the exit code."""
    declared = read_declared()
    summaries = run_crawl(choose_sources(source_ids, declared), data)
    print_summaries(summaries)
    healthy = tell_health(summaries, data)
    ok = healthy and all(summary.ok for summary in summaries)
    return exit_code(0 if ok else 3, declared)


def run_crawl(sources: Sequence[Source], data: Path) -> list[CrawlSummary]:
    """Crawl sources with progress on stderr."""
    say(f"crawling {', '.join(source.id for source in sources)}")
    with show_steps() as steps:

        def show(progress: CrawlProgress) -> None:
            steps.show(
                progress.source_id,
                progress.responses + progress.failures,
                progress.requests,
                f"{progress.items} items, {progress.failures} failures",
            )

        return crawl(sources, data, show)


def print_summaries(summaries: Sequence[CrawlSummary]) -> None:
    """Print how the crawl of each source ended, and name the sources that gave nothing."""
    print_table(
        ("source", "requests", "answers", "no answer", "items", "new", "unchanged", "ended"),
        [
            (
                summary.source_id,
                summary.requests,
                _counts(summary.responses),
                _counts(summary.failures),
                summary.items,
                summary.new_items,
                summary.unchanged,
                summary.ended,
            )
            for summary in summaries
        ],
    )
    for summary in summaries:
        if summary.warc_file is not None:
            click.echo(f"archive: {summary.warc_file}")
        if summary.detail:
            how_far = "not crawled" if summary.warc_file is None else "not crawled to its end"
            say(f"gongshi: source '{summary.source_id}' was {how_far}: {summary.detail}")
        elif not summary.ok:
            why = _counts(summary.failures) or _counts(summary.responses) or summary.ended
            say(
                f"gongshi: source '{summary.source_id}' gave no page ({why}); "
                "check its start_urls and try again later"
            )


def tell_health(summaries: Sequence[CrawlSummary], data: Path) -> bool:
    """Tell what looks wrong with the sources just crawled; whether no pages are missing."""
    issues = [issue for summary in summaries for issue in check_health(data, summary.source_id)]
    for issue in issues:
        where = f" ({issue.url})" if issue.url else ""
        say(f"gongshi: source '{issue.source_id}': {issue.message}{where}")
    return not any(issue.is_error for issue in issues)


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))


def print_sources(as_json: bool) -> int:
    """Print the declared sources and return the exit code."""
    declared = read_declared()
    rows: list[dict[str, Any]] = [
        {
            "id": source.id,
            "kind": source.kind,
            "name": source.name,
            "pattern": source.crawl.pattern,
            "area": source.area,
            "verified": source.verified,
            "hosts": list(source.hosts),
            "note": source.note,
        }
        for source in declared.sources.values()
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return exit_code(0, declared)
    plain = ("id", "kind", "name", "pattern", "area")
    print_table(
        (*plain, "verified", "hosts"),
        [
            (*(row[key] for key in plain), "yes" if row["verified"] else "no", *row["hosts"][:1])
            for row in rows
        ],
    )
    if any(not row["verified"] for row in rows):
        say("verified = no: the rules were not tried on the live site yet")
    return exit_code(0, declared)
