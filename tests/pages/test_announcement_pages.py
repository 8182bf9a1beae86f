"""Announcements in the layouts of real pages, row by row; `tests/announcement_pages.py` tells the
format.
"""

import re
from collections import Counter
from functools import cache

import pytest

from announcement_pages import AnnouncementPage, ExpectedUnit, load_announcement_pages
from extract.listing_records import PART_LEVELS, Unit
from extract.parse import parse_page
from extract.records import PageRecords
from normalize.script import to_simplified
from normalize.width import fold_width

PAGES = load_announcement_pages()
FIELDS = ("rows", "category", "batch", "status", "kind", "never", "flags")
LEAST_F1 = 0.99


@cache
def read(name: str) -> PageRecords:
    page = next(page for page in PAGES if page.name == name)
    return parse_page(page.page, None, page.find_file)


def fold(text: str) -> str:
    return to_simplified(fold_width(text)).replace(" ", "").replace("臺", "台")


def key_of(unit: Unit) -> str:
    """Levels below the prefecture: whether that is said is not always for a reader to tell."""
    levels = [value for level in PART_LEVELS[2:] if (value := getattr(unit.parts, level))]
    return fold("".join(levels) or unit.name_full)


def wanted_key(unit: ExpectedUnit) -> str:
    levels = [unit.parts[level] for level in PART_LEVELS[2:] if level in unit.parts]
    return fold("".join(levels) or unit.parts.get("city") or unit.printed)


def match(page: AnnouncementPage) -> list[tuple[Unit, ExpectedUnit]]:
    """Pair the rows found with those wanted, each once."""
    waiting: dict[str, list[ExpectedUnit]] = {}
    for wanted in page.units:
        waiting.setdefault(wanted_key(wanted), []).append(wanted)
    pairs = []
    for unit in read(page.name).units:
        same = waiting.get(key_of(unit), [])
        if same:
            path = [fold(label) for label in unit.category_path]
            same.sort(key=lambda wanted: [fold(label) for label in wanted.path] != path)
            pairs.append((unit, same.pop(0)))
    return pairs


def has_category(unit: Unit, wanted: ExpectedUnit) -> bool:
    """Whether each wanted heading is part of a heading found, or the other way round."""
    found = [bare(label) for label in unit.category_path]
    return all(
        any(bare(label) in other or other in bare(label) for other in found)
        for label in wanted.path
    )


def bare(label: str) -> str:
    return re.sub(r"[“”\"]|名单$", "", fold(label))


def failures(page: AnnouncementPage) -> set[str]:
    """Fields that come out other than a reader sees them."""
    records, pairs = read(page.name), match(page)
    announcements = page.announcements
    found = Counter(map(key_of, records.units))
    wrong = {
        "rows": found != Counter(map(wanted_key, page.units)),
        "category": not all(has_category(unit, wanted) for unit, wanted in pairs),
        "batch": any(u.batch != announcements[w.announcement].batch for u, w in pairs),
        "status": any(u.status != announcements[w.announcement].status for u, w in pairs),
        "kind": any(unit.kind != wanted.kind for unit, wanted in pairs),
        "never": bool(set(found) & set(map(fold, page.never)) - set(map(wanted_key, page.units))),
        "flags": not set(re.split(r"[,\s]+", page.field("flags") or "")) - {""}
        <= set(records.document.flags),
    }
    return {field for field in FIELDS if wrong[field]}


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_page_yields_the_rows_a_reader_sees(page: AnnouncementPage) -> None:
    # A weakness that is gone must be struck out of the page.
    assert failures(page) == set(page.weak)


def test_all_pages_together_stay_above_the_floor() -> None:
    right = sum(len(match(page)) for page in PAGES)
    found = sum(len(read(page.name).units) for page in PAGES)
    wanted = sum(len(page.units) for page in PAGES)
    assert 2 * right / (found + wanted) >= LEAST_F1


@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.field("mismatch")], ids=lambda page: page.name
)
def test_deliberate_mismatch_is_reported(page: AnnouncementPage) -> None:
    stated, found = re.findall(r"\d+", page.field("mismatch") or "")[:2]
    messages = [issue.message for issue in read(page.name).issues if issue.code == "count_mismatch"]
    assert any(f"stated {stated}, found {found}" in message for message in messages), messages


def test_every_unit_lies_where_its_span_says() -> None:
    for page in PAGES:
        records = read(page.name)
        for unit in records.units:
            assert records.document.text[unit.span_start : unit.span_end] == unit.name_raw
