"""What went wrong with a source as a whole, as rows of `issues`."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from datasets.rows import Origin, issue_row
from datasets.schema import Row
from extract.records import Issue
from extract.source_issue import SourceIssue
from normalize.ids import make_id

LEAST_BEFORE = 20
"""Pages that must have shown what a source's pages usually give."""
LARGEST_CHANCE = 0.001
"""Chance that so many pages in a row give nothing by accident, below which it is told."""

_COLUMNS = ("title", "text", "published_at", "source", "authors", "views")
_TABLES = ("units", "comments")
_OTHER_PAGES = frozenset(("list", "attachment"))


def source_issue_row(issue: SourceIssue) -> Row:
    """Make the row of an issue that belongs to no document.

    >>> row = source_issue_row(SourceIssue("demo_site", "source_silent", "error", "gives none"))
    >>> row["doc_id"], row["source_id"]
    (None, 'demo_site')
    """
    key = make_id("issue", issue.code, issue.source_id, issue.url or "", issue.column)
    record = Issue(key, "", issue.code, issue.severity, issue.message)
    return issue_row(record, issue.url, Origin(issue.source_id))


def find_missing_fields(tables: Mapping[str, Sequence[Row]]) -> list[SourceIssue]:
    """Find values and rows that the pages of a source used to give and its new pages do not.

    New are the pages that the last runs were the first to see, as many runs back as none gave the
    value; they are held against the share of the pages before that gave it. A source's first run
    tells nothing, since all its pages are new.

    >>> find_missing_fields({"documents": [], "fetches": [], "units": [], "comments": []})
    []
    """
    runs = {row["fetch_id"]: row["run_id"] for row in tables["fetches"]}
    giving = {table: {row["doc_id"] for row in tables[table]} for table in _TABLES}
    by_source: dict[str, list[Row]] = defaultdict(list)
    for row in tables["documents"]:
        if row["page_type"] not in _OTHER_PAGES:
            by_source[row["source_id"]].append(row)
    issues = []
    for source_id, documents in sorted(by_source.items()):
        given = _count_by_run(documents, runs, giving)
        for column in (*_COLUMNS, *_TABLES):
            message = _check_column(column, given)
            if message:
                issues.append(
                    SourceIssue(source_id, "field_missing", "error", message, column=column)
                )
    return issues


def _count_by_run(
    documents: Iterable[Row], runs: Mapping[str, str], giving: Mapping[str, set[str]]
) -> list[Counter[str]]:
    """Count for each run in turn the pages it saw first (`pages`) and what they give."""
    counts: dict[str | None, Counter[str]] = defaultdict(Counter)
    for row in sorted(documents, key=lambda row: row["first_seen"]):
        given = counts[runs.get(row["fetch_id"])]
        given["pages"] += 1
        given.update(column for column in _COLUMNS if row[column] not in (None, ""))
        given.update(table for table, doc_ids in giving.items() if row["doc_id"] in doc_ids)
    return list(counts.values())


def _check_column(column: str, given: Sequence[Counter[str]]) -> str | None:
    """Say how many pages gave a value before and that none of the newest does."""
    last = next((n for n in range(len(given), 0, -1) if given[n - 1][column]), 0)
    before = sum((counts["pages"] for counts in given[:last]), 0)
    recent = sum((counts["pages"] for counts in given[last:]), 0)
    had = sum(counts[column] for counts in given[:last])
    if before < LEAST_BEFORE or (1 - had / before) ** recent > LARGEST_CHANCE:
        return None
    what = f"{column} of documents" if column in _COLUMNS else f"rows of {column}"
    return (
        f"{what}: {had} of {before} pages gave them before, none of the newest {recent}; "
        "look at such a page and mend the source's rules"
    )
