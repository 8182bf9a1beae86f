"""Gathering what a report shows from the tables of a snapshot."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

import pandas as pd

from datasets.batches import read_rows
from datasets.report.batch_views import BatchTables, view_batches, view_diffs
from datasets.report.labels import load_labels
from datasets.report.sources import Page, index_pages
from datasets.report.thread_views import view_threads
from datasets.report.view import IssueView, Lang, ReportView

TABLES = (
    *("documents", "announcements", "units", "figures", "threads", "comments", "mentions"),
    *("issues", "fetches", "runs"),
)
"""Tables whose rows the overview counts, what analysts read first."""

_SEVERITIES = ("error", "warning", "info")
_PAGE_COLUMNS = ("doc_id", "title", "url", "published_at", "fetch_id")
_FETCH_COLUMNS = ("fetch_id", "warc_file", "warc_offset", "warc_length")


class ReportTables(Protocol):
    """What a report needs of a snapshot; `datasets.read.Snapshot` offers it."""

    @property
    def id(self) -> str:
        """Id of the snapshot."""

    def rows(self, name: str) -> int:
        """Number of rows of a table."""

    def pandas(self, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """A table, or some columns of it."""


def load_report_view(
    snapshot: ReportTables, lang: Lang, batch_ids: Collection[str] | None = None
) -> ReportView:
    """Gather everything a report shows, of the whole snapshot or of some batches.

    ``lang`` is the language of the labels. With ``batch_ids`` batches, comparisons, threads and
    issues are those of the documents that announce these batches; row counts stay those of the
    snapshot.

    >>> class Empty:
    ...     id = "20220406T111500000000Z-0f3c9a1b"
    ...     def rows(self, name): return 0
    ...     def pandas(self, name, columns=None):
    ...         keys = "batch_id doc_id fetch_id thread_id unit_id comment_id status duplicate_of"
    ...         return pd.DataFrame(columns=keys.split())
    >>> load_report_view(Empty(), "en").batches
    ()
    """
    announcements, units = snapshot.pandas("announcements"), snapshot.pandas("units")
    threads, issues = snapshot.pandas("threads"), snapshot.pandas("issues")
    if batch_ids is not None:
        announcements = announcements[announcements["batch_id"].isin(batch_ids)]
        units = units[units["batch_id"].isin(batch_ids)]
        documents = set(announcements["doc_id"]) | set(units["doc_id"])
        threads = threads[threads["doc_id"].isin(documents)]
        issues = issues[issues["doc_id"].isin(documents)]
    pages = index_pages(
        snapshot.pandas("documents", _PAGE_COLUMNS), snapshot.pandas("fetches", _FETCH_COLUMNS)
    )
    tables = BatchTables(announcements, units, pages, load_labels(lang)["rest"])
    return ReportView(
        lang=lang,
        snapshot_id=snapshot.id,
        tables=tuple((name, snapshot.rows(name)) for name in TABLES),
        batches=view_batches(tables),
        diffs=view_diffs(tables),
        threads=view_threads(threads, snapshot.pandas("comments"), snapshot.pandas("mentions")),
        issues=_view_issues(issues, pages),
    )


def _view_issues(issues: pd.DataFrame, pages: Mapping[str, Page]) -> tuple[IssueView, ...]:
    counted: Counter[tuple[str, str, str, str]] = Counter()
    for row in read_rows(issues):
        page = pages.get(row["doc_id"])
        url = row["url"] or (page.url if page else "")
        counted[row["severity"], row["code"], row["message"], url] += 1
    views = [IssueView(*key, count=count) for key, count in counted.items()]
    return tuple(sorted(views, key=lambda view: (_rank(view.severity), view.code, view.message)))


def _rank(severity: str) -> int:
    return _SEVERITIES.index(severity) if severity in _SEVERITIES else len(_SEVERITIES)
