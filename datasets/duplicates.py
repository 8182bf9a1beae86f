"""Which documents and units say the same as a better source: pure functions over versions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

from datasets.versions import Version
from extract.listing_records import CATEGORY_BY_COUNT, Unit

SOURCE_RANKS: Mapping[str, int] = {"government": 0, "news": 1, "forum": 2}
SCOPE_RANKS: Mapping[str, int] = {"full": 0, "mixed": 1, "local_excerpt": 2, "mention": 3}
LAST = 9


def find_document_duplicates(versions: Iterable[Version]) -> dict[str, str]:
    """Map each document to the one with the same text in a better source, or an earlier one.

    >>> find_document_duplicates([])
    {}
    """
    first: dict[bytes, str] = {}
    duplicates = {}
    for version in sorted(versions, key=_document_rank):
        text = version.records.document.text
        if text:
            digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
            original = first.setdefault(digest, version.doc_id)
            if original != version.doc_id:
                duplicates[version.doc_id] = original
    return duplicates


def find_unit_duplicates(versions: Iterable[Version]) -> dict[str, str]:
    """Map each unit row to the row of another document to count instead.

    Rows are the same unit when batch, status and name are, and the category too, as far as both
    documents give one. Official lists win over news over forums over archives; then whole lists
    over local parts; then earlier ones. Two rows of one document are never duplicates.

    >>> find_unit_duplicates([])
    {}
    """
    kept: dict[tuple[str, str, str], list[tuple[str, Unit]]] = {}
    duplicates: dict[str, str] = {}
    for candidate in sorted(_candidates(versions), key=lambda c: c.rank):
        unit = candidate.unit
        rivals = kept.setdefault((unit.batch_id, unit.status, unit.name_full), [])
        original = next(
            (
                other
                for doc_id, other in rivals
                if (doc_id != candidate.doc_id and _category(other) in ("", _category(unit)))
                or (doc_id != candidate.doc_id and not _category(unit))
            ),
            None,
        )
        if original:
            duplicates[unit.unit_id] = original.unit_id
        else:
            rivals.append((candidate.doc_id, unit))
    return duplicates


@dataclass(frozen=True, slots=True)
class _Candidate:
    rank: tuple[int, int, datetime, str, int, str]
    doc_id: str
    unit: Unit = field(compare=False)


def _candidates(versions: Iterable[Version]) -> Iterable[_Candidate]:
    for version in versions:
        scopes = {a.announcement_id: a.scope for a in version.records.announcements}
        rank, since, doc_id = _document_rank(version)
        for unit in version.records.units:
            scope = SCOPE_RANKS.get(scopes.get(unit.announcement_id, ""), LAST)
            yield _Candidate((rank, scope, since, doc_id, unit.order, unit.unit_id), doc_id, unit)


def _document_rank(version: Version) -> tuple[int, datetime, str]:
    source = version.entry.source
    document = version.records.document
    since = document.published_at or version.entry.fetch.fetched_at
    return SOURCE_RANKS.get(source.kind if source else "", LAST), since, document.doc_id


def _category(unit: Unit) -> str:
    told = unit.category_path and CATEGORY_BY_COUNT not in unit.flags
    return unit.category_path[-1] if told else ""
