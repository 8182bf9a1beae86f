"""A comparison of two snapshots as plain lines for a terminal."""

from datasets.snapshot_diff import ROW_CHANGES, DocumentEdit, SnapshotDiff, TableDiff

MAX_EDITS = 40
"""Edited pages that are shown; the others are counted."""

MAX_COLUMNS = 6
"""Columns named per table."""


def write_text(diff: SnapshotDiff) -> str:
    """Write what changed between two snapshots: rows per table, columns, pages that were edited.

    >>> write_text(SnapshotDiff("a", "b", (), ()))
    'a -> b\\nnothing changed\\n'
    """
    lines = [f"{diff.a} -> {diff.b}"]
    told = [table for table in diff.tables if table.counts or table.new_columns]
    lines += [_tell_table(table) for table in told] or ["nothing changed"]
    causes = (("edited", "pages edited after they were published"), ("reread", "pages read anew"))
    for cause, head in causes:
        edits = [edit for edit in diff.edits if edit.cause == cause]
        lines += ["", f"{head} ({len(edits)})"] if edits else []
        for edit in edits[:MAX_EDITS]:
            lines += _tell_edit(edit)
        lines += [f"  and {len(edits) - MAX_EDITS} more"] if len(edits) > MAX_EDITS else []
    return "\n".join(lines) + "\n"


def _tell_table(table: TableDiff) -> str:
    counts = ", ".join(
        f"{kind} {table.counts[kind]}" for kind in ROW_CHANGES if kind in table.counts
    )
    columns = [f"{name} {number}" for name, number in list(table.columns.items())[:MAX_COLUMNS]]
    more = f"  ({', '.join(columns)})" if columns else ""
    fresh = f"  not compared: {', '.join(table.new_columns)}" if table.new_columns else ""
    return f"  {table.table:14}{counts or 'no rows'}{more}{fresh}"


def _tell_edit(edit: DocumentEdit) -> list[str]:
    published = f"published {edit.published_at:%Y-%m-%d}" if edit.published_at else "no day stated"
    seen = f"version {edit.version} seen {edit.seen_at:%Y-%m-%d %H:%M}"
    changes = [f"      {line}" for line in edit.changes.splitlines() if line.strip()]
    return [f"  {edit.title or edit.url}", f"    {edit.url}  {published}, {seen}", *changes]
