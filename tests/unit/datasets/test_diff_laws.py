"""What holds of every diff: each row once, the same from either side, all kept against itself."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from listing_rows import make_announcement, make_frame, make_unit

from datasets.batches import list_batches, read_rows
from datasets.diff import DiffOptions, diff_batches
from datasets.listed_units import COMPARED, READ, read_units
from datasets.programme_terms import read_day
from datasets.unit_changes import Terms, change_order, describe_match
from datasets.unit_lists import CONTENT, UnitList, connect, list_frames
from datasets.unit_matching import MatchOptions, match_units
from datasets.unit_pairs import pair_equal, sort_rows
from datasets.unit_succession import codes_on

COUNTIES = (("上城区", "330102"), ("江干区", "330104"), ("钱塘区", "330114"), ("下城区", "330103"),
            ("拱墅区", "330105"))  # fmt: skip
TOWNS = ("", "凯旋街道", "凯旋镇", "九堡街道", "东河镇", "西河镇")
VILLAGES = ("", "古城社区", "古城村", "人民路社区", "人民东路社区", "第一社区")

place = st.tuples(
    st.sampled_from(("杭州市", "")),
    st.sampled_from(COUNTIES),
    st.sampled_from(TOWNS),
    st.sampled_from(VILLAGES),
    st.booleans(),
)
unit = st.tuples(
    place, st.sampled_from(("一类", "二类", "")), st.sampled_from(("selected", "withdrawn"))
)
units = st.lists(unit, max_size=12)


def make_side(drawn, number, year):
    rows = []
    for order, (where, category, status) in enumerate(drawn):
        city, (county, code), town, village, sure = where
        path = "/".join(
            (city, county, *([town] if town else []), *([village] if town and village else []))
        )
        is_county = sure and not town
        rows.append(
            make_unit(
                path,
                number,
                order=order,
                unit_id=f"{number}-{order}",
                category_path=category,
                status=status,
                place_code=code if is_county else None,
                place_status="ok" if is_county else "none",
            )
        )
    frame = make_frame("units", rows)
    told = make_frame("announcements", [make_announcement(number, year=year)])
    return frame, list_batches(told, frame)[0]


def compare(side_a, side_b):
    (frame_a, batch_a), (frame_b, batch_b) = side_a, side_b
    scope = {"scope": "full", "areas": ()}
    batches = (replace(batch, **scope) for batch in (batch_a, batch_b))
    return diff_batches(frame_a, frame_b, DiffOptions(*batches))


MIRROR = {"added": "dropped", "dropped": "added", "merged": "split", "split": "merged"}
PAIRED = ("name", "place_code", "category", "status", "unit_id")


def flatten(change, first, second, kind):
    row = change._asdict()
    sides = [
        tuple(sorted((row[f"{n}_{s}"] or "").split(" / "))) for s in (first, second) for n in PAIRED
    ]
    return (kind, *sides, change.matched_by, change.similarity)


def count_rows(diff, side):
    ids = (getattr(change, f"unit_id_{side}") for change in diff.changes)
    return Counter(one for joined in ids if joined for one in joined.split(" / "))


@settings(deadline=None, max_examples=40)
@given(units, units)
def test_every_row_is_told_exactly_once(drawn_a, drawn_b):
    diff = compare(make_side(drawn_a, 2, 2019), make_side(drawn_b, 3, 2022))
    assert count_rows(diff, "a") == Counter(f"2-{n}" for n in range(len(drawn_a)))
    assert count_rows(diff, "b") == Counter(f"3-{n}" for n in range(len(drawn_b)))
    assert sum(diff.counts.values()) == len(diff.changes)


@settings(deadline=None, max_examples=40)
@given(units, units)
def test_a_diff_turned_round_is_its_mirror(drawn_a, drawn_b):
    sides = make_side(drawn_a, 2, 2019), make_side(drawn_b, 3, 2022)
    there, back = compare(*sides), compare(*reversed(sides))
    told = Counter(flatten(c, "a", "b", c.change) for c in there.changes)
    turned = (flatten(c, "b", "a", MIRROR.get(c.change, c.change)) for c in back.changes)
    assert Counter(turned) == told
    assert (there.coverage.outside_a, there.differs) == (back.coverage.outside_b, back.differs)


@settings(deadline=None, max_examples=20)
@given(units)
def test_a_list_against_itself_is_all_kept(drawn):
    side = make_side(drawn, 2, 2019)
    diff = compare(side, side)
    assert diff.counts == ({"kept": len(drawn)} if drawn else {})
    assert not diff.differs


@settings(deadline=None, max_examples=20)
@given(st.lists(unit, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_rows_are_read_by_their_places(drawn, dice):
    frame, _ = make_side(drawn * 2, 2, 2019)
    (listed,) = list_frames(frame)
    rows = sorted(dice.sample(range(len(frame)), k=dice.randint(1, len(frame))))
    read = listed.read(listed.fingerprint().places[rows])
    assert [unit.unit_id for unit in read] == [f"2-{number}" for number in rows]


@pytest.mark.parametrize("rows", [[1, 3], [0, 2, 5], [4], [0, 1, 2, 3, 4, 5]])
def test_rows_of_several_files_are_told_apart_by_their_places(rows, tmp_path):
    for file in range(3):  # rows of one number lie in all of them
        units = [dict.fromkeys(COMPARED, f"{file}-{row}") for row in range(2)]
        pq.write_table(pa.Table.from_pylist(units), tmp_path / f"{file}.parquet")
    listed = UnitList(connect(), f"read_parquet('{tmp_path}/*.parquet')")
    read = listed.read(listed.fingerprint().places[rows])
    assert [unit.unit_id for unit in read] == [f"{row // 2}-{row % 2}" for row in rows]


def pair_naively(rows_a, rows_b):
    """Numbers of the rows that are the same in both, first with first, one by one."""
    left = [tuple(row[name] for name in CONTENT) for row in rows_b]
    for a, row in enumerate(rows_a):
        content = tuple(row[name] for name in CONTENT)
        if content in left:
            b = left.index(content)
            left[b] = None
            yield a, b


def list_heirs(units, on):
    codes = [unit.place_code for unit in units if unit.place_code]
    return {heir for code in codes for heir in codes_on(code, on) if heir != code}


def tell_naively(rows_a, rows_b, days):
    """The changes of two lists in plain Python, and the number of rows that are the same."""
    units_a, units_b = (
        read_units({name: [row[name] for row in rows] for name in READ})
        for rows in (rows_a, rows_b)
    )
    pairs = list(pair_naively(rows_a, rows_b))
    same_a, same_b = ({pair[side] for pair in pairs} for side in (0, 1))
    rest_a = [unit for row, unit in enumerate(units_a) if row not in same_a]
    rest_b = [unit for row, unit in enumerate(units_b) if row not in same_b]
    heirs_a, heirs_b = list_heirs(rest_b, days[0]), list_heirs(rest_a, days[1])
    widened = [
        (a, b)
        for a, b in pairs
        if units_a[a].place_code in heirs_a or units_b[b].place_code in heirs_b
    ]
    rest_a += [units_a[row] for row in sorted(a for a, _ in widened)]
    rest_b += [units_b[row] for row in sorted(b for _, b in widened)]
    matching = match_units(rest_a, rest_b, MatchOptions(0.75, days))
    told = [describe_match(match, Terms()) for match in matching.matches]
    return sorted(told, key=change_order), len(pairs) - len(widened)


@settings(deadline=None, max_examples=60)
@given(units, units, units)
def test_a_diff_is_what_a_naive_one_tells(shared, drawn_a, drawn_b):
    sides = make_side(shared + drawn_a, 2, 2019), make_side(drawn_b + shared, 3, 2022)
    diff = compare(*sides)
    rows_a, rows_b = (read_rows(frame) for frame, _ in sides)
    days = read_day(diff.batch_a), read_day(diff.batch_b)
    assert (list(diff.told), len(diff.same)) == tell_naively(rows_a, rows_b, days)


hashes = st.lists(st.integers(0, 5) | st.integers(0, 2**64 - 1), max_size=30)


@settings(deadline=None)
@given(hashes, hashes)
def test_rows_of_equal_hash_are_paired_first_with_first(drawn_a, drawn_b):
    rows_a, rows_b = pair_equal(np.array(drawn_a, np.uint64), np.array(drawn_b, np.uint64))
    left: dict[int, list[int]] = {}
    for row in reversed(range(len(drawn_b))):
        left.setdefault(drawn_b[row], []).append(row)
    told = {(a, left[value].pop()) for a, value in enumerate(drawn_a) if left.get(value)}
    assert set(zip(rows_a.tolist(), rows_b.tolist(), strict=True)) == told
    assert len(rows_a) == len(told)


@pytest.mark.parametrize("spread", [1, 2**60])
def test_rows_are_sorted_by_hash_and_equal_ones_stay_in_order(spread):
    # Without the spread all hashes differ in low bits alone, which are not looked at first.
    drawn = np.array([3, 1, 2, 1, 0, 3], np.uint64) * np.uint64(spread)
    assert sort_rows(drawn).tolist() == [4, 1, 3, 2, 0, 5]
