"""How the sources fare, read from the tables: visits, failures, and what was found of a source."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from datasets.batches import read_rows
from datasets.report.view import IssueView, SourceHealth

SOURCE_COLUMNS = ("source_id", "url", "status", "reason", "fetched_at")
"""Columns of `fetches` that tell of a source's health."""

_REDIRECT = re.compile(r"http_3\d\d")


@dataclass(frozen=True, slots=True)
class HealthTables:
    """What the health of sources is read from."""

    fetches: pd.DataFrame
    """`SOURCE_COLUMNS` of table `fetches`."""
    documents: pd.DataFrame
    """Table `documents`, source_id and url of it at least."""
    issues: pd.DataFrame
    """Table `issues`."""
    pending: Mapping[str, int]
    """Addresses that wait in the queue of each source, for sources whose queue is known."""


def view_sources(tables: HealthTables) -> tuple[SourceHealth, ...]:
    """Describe every source that was asked, read or queued, in the order of their ids.

    A failure is an address that gave nothing when it was asked last; redirects and robots.txt
    are none.

    >>> none = pd.DataFrame(columns=[*SOURCE_COLUMNS, "doc_id"])
    >>> tables = HealthTables(none, none, none, {"demo_site": 3})
    >>> [source.pending for source in view_sources(tables)]
    [3]
    """
    asked = tables.fetches
    asked = asked[~asked["url"].str.endswith("/robots.txt").astype(bool)]
    requests = Counter(asked["source_id"])
    visits = asked.groupby("source_id")["fetched_at"].max().to_dict()
    failures = _count_failures(asked)
    pages = Counter(tables.documents.drop_duplicates(["source_id", "url"])["source_id"])
    ids = sorted({*requests, *pages, *tables.pending})
    findings = _find_issues(tables.issues)
    return tuple(
        SourceHealth(
            source_id=source_id,
            pages=pages[source_id],
            requests=requests[source_id],
            last_visit=visits.get(source_id),
            failures=tuple(failures.get(source_id, Counter()).most_common()),
            pending=tables.pending.get(source_id),
            findings=findings.get(source_id, ()),
        )
        for source_id in ids
    )


def _count_failures(asked: pd.DataFrame) -> dict[str, Counter[str]]:
    last = asked.sort_values("fetched_at", kind="stable").drop_duplicates(
        ["source_id", "url"], keep="last"
    )
    failed = last[last["reason"].notna()]
    counted: dict[str, Counter[str]] = {}
    for source_id, reason in zip(failed["source_id"], failed["reason"], strict=True):
        if not _REDIRECT.fullmatch(reason):
            counted.setdefault(source_id, Counter())[reason] += 1
    return counted


def _find_issues(issues: pd.DataFrame) -> dict[str, tuple[IssueView, ...]]:
    found: dict[str, dict[str, IssueView]] = {}
    for row in read_rows(issues[issues["doc_id"].isna()]):
        by_code = found.setdefault(row["source_id"], {})
        first = by_code.get(row["code"]) or IssueView(
            row["severity"], row["code"], row["message"], row["url"] or "", 0
        )
        by_code[row["code"]] = replace(first, count=first.count + 1)
    return {source_id: tuple(by_code.values()) for source_id, by_code in found.items()}
