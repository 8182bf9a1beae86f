import re
from datetime import date, timedelta

import pytest

from normalize.division_lists import (
    EARLIER,
    LATER,
    LATEST,
    SNAPSHOTS,
    iter_divisions,
    read_changes,
    read_divisions,
    read_earlier,
    read_listed,
    read_seen,
    read_villages,
    snapshot_of,
)

KINDS = {"raised", "recoded", "moved", "renamed", "merged", "split", "founded"}


@pytest.mark.parametrize(
    ("on", "mask"),
    [
        (None, LATEST | LATER),
        (date.min, EARLIER | 1),
        (SNAPSHOTS[0] - timedelta(1), EARLIER | 1),
        (SNAPSHOTS[0], 1),
        (date(2018, 12, 1), 4),
        (SNAPSHOTS[-1], LATEST),
        (SNAPSHOTS[-1] + timedelta(1), LATEST | LATER),
        (date.max, LATEST | LATER),
    ],
)
def test_lists_that_count_for_a_day(on: date | None, mask: int) -> None:
    assert snapshot_of(on) == mask


@pytest.mark.parametrize(
    ("code", "name"),
    [("510122", "双流县"), ("510724", "安县"), ("330183", "富阳市"), ("542322", "南木林县")],
)
def test_names_from_before_the_lists_are_there(code: str, name: str) -> None:
    assert (code, name, EARLIER) in read_divisions()


def test_later_names_are_there() -> None:
    later = {(code, name) for code, name, seen in read_divisions() if seen & LATER}
    assert later == {("500157", "两江新区"), ("653228", "和康县"), ("653229", "和安县")}


def test_no_code_and_name_occurs_twice() -> None:
    keys = [(code, name) for code, name, _ in read_divisions()]
    assert len(keys) == len(set(keys))
    listed = read_listed()
    assert read_divisions()[: len(listed)] == listed


@pytest.mark.parametrize("codes", [{"51", "510122"}, {"500157", "653228", "330104"}, {"00"}, set()])
def test_rows_of_some_codes_are_those_of_all(codes: set[str]) -> None:
    assert list(iter_divisions(codes)) == [row for row in read_divisions() if row[0] in codes]


def test_a_code_stands_in_the_lists_of_all_its_names() -> None:
    seen: dict[str, int] = {}
    for code, _, bits in read_listed():
        seen[code] = seen.get(code, 0) | bits
    assert read_seen() == seen


def test_earlier_rows_begin_where_the_lists_do_not_reach() -> None:
    listed = {(code, name): seen for code, name, seen in read_listed()}
    for row in read_earlier():
        assert re.fullmatch(r"\d{4}|\d{6}", row.code), row
        assert row.last_year or listed.get((row.code, row.name), 0) & 1, row
        assert row.last_year is None or (row.code, row.name) not in listed, row
        assert (row.first_year or 1949) <= (row.last_year or 2016), row


def test_heirs_of_earlier_rows_are_known() -> None:
    known = {(code, name) for code, name, _ in read_divisions()}
    unknown = [
        row for row in read_earlier() if row.new_code and (row.new_code, row.new_name) not in known
    ]
    assert unknown == []


def test_every_change_is_known_and_has_a_reference() -> None:
    known = {(code, name) for code, name, _ in read_divisions()}
    for change in read_changes():
        assert (change.old_code, change.old_name) in known, change
        assert (change.new_code, change.new_name) in known, change
        assert change.kind in KINDS, change
        assert re.search(r"[函政发]〔\d{4}〕\d+号|公告|，\d{4}年$", change.reference), change


def test_changes_of_months_and_years_count_from_their_ends() -> None:
    days = {change.old_code: change.day for change in read_changes()}
    assert days["510122"] == date(2015, 12, 3)
    assert days["510724"] == date(2016, 3, 31)
    assert days["330183"] == date(2014, 12, 31)
    assert days["440116"] == date(2014, 12, 31)


@pytest.mark.parametrize("prefecture", ["", "51", "11", "9999", "x", "\x00"])
def test_what_is_no_prefecture_has_no_villages(prefecture: str) -> None:
    assert read_villages(prefecture) == []


def test_villages_stand_in_order_of_their_codes() -> None:
    rows = read_villages("5107")
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    assert all(len(code) == 12 and code.startswith("5107") for code, _, _ in rows)
    assert ("510722101011", "草堂社区居民委员会") in {row[:2] for row in rows}
