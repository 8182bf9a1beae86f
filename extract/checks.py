"""Stated against found: what a text says it lists, compared with the rows that were found."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extract.announcement import WHOLE_SCOPES
from extract.listing_records import (
    Announcement,
    CountMismatch,
    Group,
    Scope,
    StatedCount,
    Unit,
)
from extract.records import Document, Issue
from normalize.clean import CleanLines
from normalize.ids import make_id
from normalize.width import fold_width

_KINDS = (
    (re.compile(r"街道|乡镇|镇"), frozenset(("street", "town", "township"))),
    (re.compile(r"村\(社区\)|社区\(村\)|村、社区"), frozenset(("village", "community"))),
    (re.compile(r"社区$"), frozenset(("community",))),
    (re.compile(r"村$"), frozenset(("village",))),
    (re.compile(r"区|县"), frozenset(("county",))),
)
_EXAMPLES = 5
_WHOLE = re.compile(r"单位|实验区|示范区|试验区|试点$|地$|家$")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Stated counts compared with rows."""

    mismatches: tuple[CountMismatch, ...]
    """Counts that the rows contradict."""
    complete: bool | None
    """True when every count is met, False when not, None when nothing is stated."""


def compare_counts(
    stated: Sequence[StatedCount], found: Mapping[str, int], scope: Scope
) -> Comparison:
    """Compare stated counts with the rows found per kind.

    In a local excerpt counts of the whole list are not contradicted by fewer rows; counts of the
    excerpt itself (4地入选) are compared always.

    >>> counts = (StatedCount("社区", 3, "province", 0, 1),)
    >>> compare_counts(counts, {"community": 2}, "full").mismatches
    (CountMismatch(of='社区', stated=3, found=2),)
    >>> compare_counts(counts, {"community": 2}, "local_excerpt").complete
    False
    """
    if not stated or scope == "mention":
        return Comparison((), False if stated else None)
    short, mismatches = False, []
    for count in stated:
        number = count_found(count.of, found)
        if number == count.n:
            continue
        short = True
        if scope == "full" or count.scope not in WHOLE_SCOPES:
            mismatches.append(CountMismatch(count.of, count.n, number))
    return Comparison(tuple(mismatches), not short)


def count_found(noun: str, found: Mapping[str, int]) -> int:
    """Rows of the kinds that a noun counts; a noun such as 单位 counts all.

    >>> count_found("街道(镇)", {"street": 1, "town": 2, "county": 4})
    3
    """
    kinds = kinds_of(noun)
    return sum(n for kind, n in found.items() if kinds is None or kind in kinds)


def kinds_of(noun: str) -> frozenset[str] | None:
    """Kinds of unit that a counted noun speaks of; None for nouns that speak of all.

    >>> sorted(kinds_of("村(社区)")), kinds_of("实验区")
    (['community', 'village'], None)
    """
    folded = fold_width(noun)
    if _WHOLE.search(folded):
        return None
    return next((kinds for pattern, kinds in _KINDS if pattern.search(folded)), None)


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
