"""Stated against found: what a text says it lists, compared with the rows that were found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extract.listing_records import (
    Announcement,
    CountMismatch,
    Group,
    Scope,
    StatedCount,
    Unit,
)
from extract.records import Document, Issue
from extract.stated_counts import WHOLE_SCOPES
from extract.unit_kinds import count_found, kinds_of
from normalize.clean import CleanLines
from normalize.ids import make_id

_SETTLED = frozenset(("village", "community", "natural_village", "tw_community"))
_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Comparison:
    """Stated counts compared with rows."""

    mismatches: tuple[CountMismatch, ...]
    """Counts that the rows contradict."""
    complete: bool | None
    """True when every count is met, False when not, None when nothing is stated."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows a page lists, by kind: of one announcement, one category, or in all."""

    label: str
    """Heading of a category; empty for an announcement."""
    kinds: Mapping[str, int]
    """Rows by kind of unit."""


def compare_counts(
    stated: Sequence[StatedCount], own: Tally, others: Sequence[Tally], scope: Scope
) -> Comparison:
    """Compare stated counts with the rows found per kind.

    In a local excerpt counts of the whole list are not contradicted by fewer rows; counts of the
    excerpt itself (4地入选) are compared always. A page may speak of several lists: a count is only
    contradicted when none of them, nor one of their categories, has so many rows.

    >>> counts = (StatedCount("社区", 3, "province", 0, 1),)
    >>> own = Tally("", {"community": 2})
    >>> compare_counts(counts, own, (), "full").mismatches
    (CountMismatch(of='社区', stated=3, found=2),)
    >>> compare_counts(counts, own, (), "local_excerpt").complete
    False
    """
    if not stated or scope == "mention":
        return Comparison((), False if stated else None)
    short = False
    mismatches: dict[tuple[str, int], CountMismatch] = {}
    for count in stated:
        if any(_meets(count, tally) for tally in (own, *others)):
            continue
        short = True
        if scope != "full" and count.scope in WHOLE_SCOPES:
            continue
        named = [tally for tally in others if tally.label and _names(count.of, tally.label)]
        found = count_found(count.of, (named or [own])[0].kinds)
        # 0 rows of a kind: the count speaks of something else on the page.
        if found or not others:
            mismatches[count.of, count.n] = CountMismatch(count.of, count.n, found)
    return Comparison(tuple(mismatches.values()), not short)


def _meets(count: StatedCount, tally: Tally) -> bool:
    """Whether a list has as many rows as stated, of the kinds meant or of all.

    A list of 社区 often holds villages too.
    """
    wide = sum(n for kind, n in tally.kinds.items() if kind in _widen(kinds_of(count.of)))
    counts = {count_found(count.of, tally.kinds), wide}
    # A category may hold units of other kinds by mistake; the list as a whole may be of any.
    return count.n in (counts if tally.label else counts | {sum(tally.kinds.values())})


def _widen(kinds: frozenset[str] | None) -> frozenset[str]:
    return (kinds or frozenset()) | (_SETTLED if kinds and kinds & _SETTLED else frozenset())


def _names(noun: str, label: str) -> bool:
    return noun in label or label in noun


def find_issues(
    document: Document,
    announcements: Sequence[Announcement],
    units: Sequence[Unit],
    clean: CleanLines,
) -> tuple[Issue, ...]:
    """Write down what a person should look at, each with its place in the document.

    >>> document = Document("9f86d081884c7d65", "", "http://a.cn/", "", "article", "公示", "")
    >>> clean = CleanLines((), "Hant", lost=6, doubtful=(("?ù)艽颍?", "撥打）"),))
    >>> [issue.code for issue in find_issues(document, (), (), clean)]
    ['text_damaged', 'repair_doubtful']
    """
    issues = [
        _issue(
            document,
            "count_mismatch",
            f"{announcement.programme}: {m.of} stated {m.stated}, found {m.found}",
            (announcement.span_start, announcement.span_end),
        )
        for announcement in announcements
        for m in announcement.count_mismatch
    ]
    issues += _group_issues(document, units)
    if clean.lost:
        remark = f"{clean.lost} damaged places could not be restored"
        issues.append(_issue(document, "text_damaged", remark, None))
    if clean.doubtful:
        examples = "; ".join(f"{old} -> {new}" for old, new in clean.doubtful[:_EXAMPLES])
        remark = f"{len(clean.doubtful)} places were restored with doubt: {examples}"
        issues.append(_issue(document, "repair_doubtful", remark, None))
    if "text_lossy" in document.flags:
        issues.append(
            _issue(document, "bytes_unreadable", "characters are unreadable (U+FFFD)", None)
        )
    if "list_in_attachment" in document.flags:
        names = ", ".join(a.text or a.url for a in document.attachments)
        issues.append(
            _issue(
                document, "list_in_attachment", f"the list stands in an attachment: {names}", None
            )
        )
    return tuple(issues)


def _group_issues(document: Document, units: Sequence[Unit]) -> list[Issue]:
    groups: dict[tuple[str, tuple[str, ...]], tuple[Unit, Group]] = {}
    for unit in units:
        if unit.group is not None and unit.group.stated is not None:
            groups.setdefault((unit.group.label, unit.category_path), (unit, unit.group))
    return [
        _issue(
            document,
            "count_mismatch",
            f"{group.label}: stated {group.stated}, found {group.found}",
            (unit.span_start, unit.span_end),
        )
        for unit, group in groups.values()
        if group.stated != group.found
    ]


def _issue(document: Document, code: str, message: str, span: tuple[int, int] | None) -> Issue:
    return Issue(
        issue_id=make_id("issue", document.doc_id, code, message),
        doc_id=document.doc_id,
        code=code,
        severity="warning",
        message=message,
        span_start=span[0] if span else None,
        span_end=span[1] if span else None,
    )
