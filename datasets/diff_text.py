"""A comparison of two lists as plain lines for a terminal."""

from datasets.batches import Batch, Share
from datasets.diff_records import BatchDiff
from datasets.programme_terms import alternates
from datasets.unit_changes import CHANGE_KINDS, UNTOLD, UnitChange

_MARKS = {"added": "+", "dropped": "-", "suspected": "?"}
MAX_TALLIES = 60
"""Lines of one tally; what is beyond is counted."""


def write_text(diff: BatchDiff) -> str:
    """Write a diff as plain lines for a terminal: counts, coverage, changes, tallies.

    Kept and absent units are counted, not listed.

    >>> from datasets.diff_records import Coverage
    >>> batch = Batch("b1946ac92492d234", "全国文明村镇", 6, (2020,), ("selected",), (), "", None,
    ...               (), "full", ())
    >>> empty = BatchDiff(batch, batch, False, Coverage((), (), 0, 0), (), ())
    >>> write_text(empty).splitlines()[0]
    '全国文明村镇#6 -> 全国文明村镇#6'
    """
    stages = "  (proposed -> decided list)" if diff.stages else ""
    lines = [f"{diff.batch_a.label} -> {diff.batch_b.label}{stages}"]
    lines += [f"stated {_tell_stated(diff.batch_a)} -> {_tell_stated(diff.batch_b)}"]
    lines += [f"found {diff.batch_a.found_total} -> {diff.batch_b.found_total}"]
    lines += _tell_coverage(diff)
    lines += [", ".join(f"{kind} {count}" for kind, count in diff.counts.items()) or "no units"]
    for kind in CHANGE_KINDS:
        changes = [change for change in diff.told if change.change == kind]
        if changes and kind not in UNTOLD:
            lines += ["", f"{kind.replace('_', ' ')} ({len(changes)})"]
            lines += [f"  {_MARKS.get(kind, '~')} {_tell_change(change)}" for change in changes]
    for by in ("city", "county", "category"):
        tallies = [tally for tally in diff.tallies if tally.by == by]
        lines += ["", f"rows per {by}"] if tallies else []
        shown = tallies[:MAX_TALLIES]
        lines += [f"  {item.found_a:>5} -> {item.found_b:>5}  {item.label}" for item in shown]
        lines += [f"  and {len(tallies) - MAX_TALLIES} more"] if len(tallies) > MAX_TALLIES else []
    return "\n".join(lines) + "\n"


def _tell_stated(batch: Batch) -> str:
    return f"{batch.stated_total} ({batch.stated})" if batch.stated_total else "nothing"


def _tell_coverage(diff: BatchDiff) -> list[str]:
    lines = []
    coverage = diff.coverage
    sides = (
        ("first", diff.batch_a, coverage.shares_a),
        ("second", diff.batch_b, coverage.shares_b),
    )
    for name, batch, shares in sides:
        if batch.scope == "mention":
            lines.append(f"the {name} batch is only spoken of, no list of it was found")
        elif batch.scope == "local_excerpt":
            areas = ", ".join(batch.areas) or "an area that is not stated"
            lines.append(f"the {name} list is a local part: {areas}")
        told = [_tell_share(share) for share in shares if share.found is not None]
        lines += [f"the {name} list has {', '.join(told)}"] if told else []
    if coverage.is_empty:
        lines.append("no comparable area: neither list names units where the other could")
    if coverage.outside_a or coverage.outside_b:
        outside = f"{coverage.outside_a} rows of the first, {coverage.outside_b}"
        lines.append(f"not compared: {outside} of the second list")
    if alternates(diff.batch_b):
        lines.append("the programme visits the regions by turns: compare with the list before last")
    if diff.cumulative:
        lines.append("the honour lasts: units the second list leaves out are absent, not dropped")
    if coverage.unsearched:
        lines.append(f"{coverage.unsearched} units were too many in one place to suspect renames")
    return lines


def _tell_share(share: Share) -> str:
    return f"{share.found} of {share.stated} {share.of}"


def _tell_change(change: UnitChange) -> str:
    name = change.name_b or change.name_a or ""
    if change.name_a and change.name_b and change.name_a != change.name_b:
        name = f"{change.name_a} -> {change.name_b}"
    facts = ((change.status_a, change.status_b), (change.category_a, change.category_b))
    details = [f"{old or '-'} -> {new or '-'}" for old, new in facts if old != new]
    if not (change.name_a and change.name_b):
        status = change.status_b or change.status_a or ""
        details = [change.category_b or change.category_a or ""]
        details += [] if status in ("", "selected", "proposed") else [status]
    if change.change == "suspected":
        alike = change.matched_by == "similar_name"
        details.append(f"alike {change.similarity:.2f}" if alike else "their places share ground")
    told = "; ".join(filter(None, details))
    return f"{name}  [{told}]" if told else name
