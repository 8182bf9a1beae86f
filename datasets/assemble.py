"""Index and parsed pages -> the rows of all tables: pure, and the same for the same input."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from datasets.article_parts import find_parts
from datasets.correcting import correct_rows
from datasets.corrections import Correction
from datasets.duplicates import find_document_duplicates, find_unit_duplicates
from datasets.index import Entry, Index, file_key
from datasets.pages import ParsedPage
from datasets.place_rows import village_rows
from datasets.privacy import Pseudonymizer
from datasets.rows import (
    Origin,
    comment_row,
    fetch_row,
    issue_row,
    mention_row,
    page_rows,
    run_row,
    thread_row,
)
from datasets.schema import SEPARATOR, Row, load_tables
from datasets.threads import LinkMentions, find_mentions, merge_comments, merge_threads
from datasets.versions import History, PageKey, Version, merge_versions, page_key
from extract.listing_records import Unit
from extract.records import Issue, Severity
from normalize.ids import make_id

Tables = dict[str, list[Row]]

CURRENT_ONLY = ("announcements", "units", "figures", "issues")
"""Tables whose rows come from the current version of each page."""


def assemble_tables(
    index: Index,
    pages: Mapping[PageKey, ParsedPage],
    names: Pseudonymizer,
    link: LinkMentions,
    corrections: Sequence[Correction] = (),
) -> Tables:
    """Put the rows of all tables together from what was fetched and what it was parsed into.

    Corrections are put in last, before anything is checked.
    Of `places` only the villages that the rows name: the others are the same in every build.

    >>> from datasets.privacy import Pseudonymizer
    >>> tables = assemble_tables(Index(), {}, Pseudonymizer(bytes(32)), lambda c, u: ())
    >>> sum(len(rows) for rows in tables.values())
    0
    """
    history = merge_versions(index.entries, pages)
    tables: Tables = {name: [] for name in load_tables()}
    tables["runs"] = _run_rows(index)
    tables["fetches"] = _fetch_rows(index, history)
    _add_documents(tables, history, names)
    _add_threads(tables, history, names, link)
    tables["issues"] += _archive_issues(index) + _page_issues(index, pages)
    corrected = correct_rows(tables, corrections)
    if corrected:
        _renew_duplicates(tables, history.current, corrected, corrections)
    tables["places"] = village_rows(tables)
    return tables


def _run_rows(index: Index) -> list[Row]:
    fetches = Counter(entry.fetch.run_id for entry in index.entries)
    rows: dict[str, Row] = {}
    for run, source_id, warc_file in index.runs:
        # A copied file repeats its run: the row stays one and counts the fetches of both.
        rows.setdefault(run.run_id, run_row(run, source_id, warc_file, fetches[run.run_id]))
    return list(rows.values())


def _fetch_rows(index: Index, history: History) -> list[Row]:
    return [
        fetch_row(entry.fetch, entry.fetch_id, entry.source_id, entry.warc_file)
        | {"doc_id": history.doc_ids.get(entry.fetch_id)}
        for entry in index.entries
    ]


def _add_documents(tables: Tables, history: History, names: Pseudonymizer) -> None:
    current = history.current
    duplicates = {
        "documents": find_document_duplicates(current),
        "units": find_unit_duplicates(current),
    }
    parts = find_parts([version.records.document for version in current])
    for version in history.versions:
        rows = page_rows(version.records, version.origin, names)
        for row in rows["documents"]:
            row["part_of"], row["part"] = parts.get(row["doc_id"], (None, 1))
        for table in ("documents", *(CURRENT_ONLY if version.is_current else ())):
            originals, key = duplicates.get(table), load_tables()[table].key
            if originals is not None:
                for row in rows[table]:
                    row["duplicate_of"] = originals.get(row[key])
            tables[table] += rows[table]


def _renew_duplicates(
    tables: Tables,
    current: Sequence[Version],
    corrected: Collection[str],
    corrections: Sequence[Correction],
) -> None:
    """Find again which units are the same, now that some are called otherwise."""
    rows = {row["unit_id"]: row for row in tables["units"]}
    versions = []
    for version in current:
        units = tuple(
            _take_corrected(unit, rows[unit.unit_id]) if unit.unit_id in corrected else unit
            for unit in version.records.units
        )
        versions.append(replace(version, records=replace(version.records, units=units)))
    set_by_hand = {
        fix.row_id for fix in corrections if fix.table == "units" and fix.column == "duplicate_of"
    }
    originals = find_unit_duplicates(versions)
    for unit_id, row in rows.items():
        if unit_id not in set_by_hand:
            row["duplicate_of"] = originals.get(unit_id)


def _take_corrected(unit: Unit, row: Row) -> Unit:
    path = tuple((row["category_path"] or "").split(SEPARATOR)) if row["category_path"] else ()
    return replace(unit, name_full=row["name_full"], status=row["status"], category_path=path)


def _add_threads(
    tables: Tables, history: History, names: Pseudonymizer, link: LinkMentions
) -> None:
    threads = merge_threads(history.versions)
    comments = merge_comments(history.versions)
    replies = Counter(seen.comment.thread_id for seen in comments.values())
    for whole in threads.values():
        found = replies[whole.thread.thread_id], whole.pages
        tables["threads"].append(thread_row(whole.thread, whole.version.origin, names, found))
    for seen in comments.values():
        url = seen.version.records.document.url
        tables["comments"].append(comment_row(seen.comment, seen.version.origin, names, url))
    for mention, seen in find_mentions(history.current, comments, link):
        tables["mentions"].append(mention_row(mention, seen.comment.thread_id, seen.version.origin))


def _archive_issues(index: Index) -> list[Row]:
    return [
        _issue(issue.code, "warning", issue.message, (warc_file, issue.offset))
        | {"url": issue.url or warc_file, "source_id": source_id}
        for issue, source_id, warc_file in index.issues
    ]


def _page_issues(index: Index, pages: Mapping[PageKey, ParsedPage]) -> list[Row]:
    rows: dict[str, Row] = {}
    linked = {
        file_key(attachment.url)
        for page in pages.values()
        if page.records
        for attachment in page.records.document.attachments
    }
    for entry in index.entries:
        page = pages.get(page_key(entry)) if entry.is_page else None
        if page and not page.records:
            row = _entry_issue(entry, page.code, "error", page.message)
        elif entry.is_attachment and file_key(entry.fetch.url) not in linked:
            message = f"no page links to this {entry.fetch.media_type}: it is kept but not read"
            row = _entry_issue(entry, "attachment_not_read", "info", message)
        else:
            continue
        rows.setdefault(row["issue_id"], row)
    return list(rows.values())


def _entry_issue(entry: Entry, code: str, severity: Severity, message: str) -> Row:
    # By address and digest: the same failure of the same bytes is told once.
    row = _issue(code, severity, message, (entry.fetch.url, entry.fetch.payload_digest))
    return row | {"url": entry.fetch.url, "source_id": entry.source_id}


def _issue(code: str, severity: Severity, message: str, key: tuple[object, ...]) -> Row:
    issue = Issue(make_id("issue", code, *key), "", code, severity, message)
    return issue_row(issue, None, Origin(""))
