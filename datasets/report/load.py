"""Gathering what a report shows from the tables of a snapshot."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

import pandas as pd

from datasets.batches import list_batches, read_rows
from datasets.report.batch_views import COUNTED, BatchTables, view_batches, view_diffs
from datasets.report.health_views import SOURCE_COLUMNS, HealthTables, view_sources
from datasets.report.labels import load_labels
from datasets.report.programme_views import Sections, view_programmes
from datasets.report.sources import Page, index_pages
from datasets.report.thread_views import COMMENT_COLUMNS, MENTION_COLUMNS, view_threads
from datasets.report.view import IssueView, Lang, ReportView

TABLES = (
    *("documents", "announcements", "units", "figures", "threads", "comments", "mentions"),
    *("issues", "fetches", "runs"),
)
"""Tables whose rows the overview counts, what analysts read first."""

_SEVERITIES = ("error", "warning", "info")
_PAGE_COLUMNS = ("doc_id", "source_id", "title", "url", "published_at", "fetch_id")
_FETCH_COLUMNS = ("fetch_id", "warc_file", "warc_offset", "warc_length", *SOURCE_COLUMNS)


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
    snapshot: ReportTables,
    lang: Lang,
    batch_ids: Collection[str] | None = None,
    pending: Mapping[str, int] | None = None,
) -> ReportView:
    """Gather everything a report shows, of the whole snapshot or of some batches.

    ``lang`` is the language of the labels. With ``batch_ids`` batches, comparisons, threads,
    sources and issues are those of the documents that announce these batches; row counts stay
    those of the snapshot, and programmes are shown with all their batches. ``pending`` says
    how many addresses wait in the queue of each source, which no table knows.

    >>> class Empty:
    ...     id = "20220406T111500000000Z-0f3c9a1b"
    ...     def rows(self, name): return 0
    ...     def pandas(self, name, columns=None): return to_arrow(name, []).to_pandas()
    >>> from datasets.schema import to_arrow
    >>> load_report_view(Empty(), "en").batches
    ()
    """
    whole = {name: snapshot.pandas(name) for name in ("announcements", "units")}
    whole["documents"] = snapshot.pandas("documents", _PAGE_COLUMNS)
    whole["fetches"] = snapshot.pandas("fetches", _FETCH_COLUMNS)
    whole |= {name: snapshot.pandas(name) for name in ("threads", "issues")}
    own = whole if batch_ids is None else _cut(whole, batch_ids)
    listed = list_batches(whole["announcements"], whole["units"][COUNTED])
    shown = listed
    if batch_ids is not None:
        shown = [batch for batch in listed if batch.batch_id in batch_ids]
    pages = index_pages(own["documents"], whole["fetches"])
    rest = load_labels(lang)["rest"]
    tables = BatchTables(own["announcements"], own["units"], pages, rest, shown)
    sections = Sections(view_batches(tables), view_diffs(tables))
    sources = view_sources(
        HealthTables(whole["fetches"], whole["documents"], whole["issues"], pending or {})
    )
    if batch_ids is not None:
        read = set(own["documents"]["source_id"])
        sources = tuple(source for source in sources if source.source_id in read)
    return ReportView(
        lang=lang,
        snapshot_id=snapshot.id,
        tables=tuple((name, snapshot.rows(name)) for name in TABLES),
        programmes=view_programmes(listed, whole["units"], sections, rest),
        batches=sections.batches,
        diffs=sections.diffs,
        threads=view_threads(
            own["threads"],
            snapshot.pandas("comments", COMMENT_COLUMNS),
            snapshot.pandas("mentions", MENTION_COLUMNS),
        ),
        sources=sources,
        issues=_view_issues(own["issues"], pages),
    )


def _cut(
    whole: Mapping[str, pd.DataFrame], batch_ids: Collection[str]
) -> Mapping[str, pd.DataFrame]:
    """Keep what belongs to the documents that announce some batches."""
    announcements, units = (
        whole[name][whole[name]["batch_id"].isin(batch_ids)] for name in ("announcements", "units")
    )
    told = set(announcements["doc_id"]) | set(units["doc_id"])
    others = ("documents", "threads", "issues")
    cut = {name: whole[name][whole[name]["doc_id"].isin(told)] for name in others}
    return {"announcements": announcements, "units": units, **cut}


def _view_issues(issues: pd.DataFrame, pages: Mapping[str, Page]) -> tuple[IssueView, ...]:
    counted: Counter[tuple[str, str, str, str]] = Counter()
    for row in read_rows(issues):
        page = pages.get(row["doc_id"])
        where = row["url"] or (page.url if page else row["source_id"])
        counted[row["severity"], row["code"], row["message"], where] += 1
    views = [IssueView(*key, count=count) for key, count in counted.items()]
    return tuple(sorted(views, key=lambda view: (_rank(view.severity), view.code, view.message)))


def _rank(severity: str) -> int:
    return _SEVERITIES.index(severity) if severity in _SEVERITIES else len(_SEVERITIES)
