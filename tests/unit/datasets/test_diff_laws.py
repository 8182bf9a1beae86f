"""What holds of every diff: each row once, the same from either side, all kept against itself."""

from collections import Counter
from dataclasses import asdict, replace

from hypothesis import given, settings
from hypothesis import strategies as st
from listing_rows import make_announcement, make_frame, make_unit

from datasets.batches import list_batches
from datasets.diff import DiffOptions, diff_batches
from datasets.unit_lists import list_frames

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
    row = asdict(change)
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
def test_rows_are_read_by_their_numbers(drawn, dice):
    frame, _ = make_side(drawn * 2, 2, 2019)
    (listed,) = list_frames(frame)
    rows = sorted(dice.sample(range(len(frame)), k=dice.randint(1, len(frame))))
    hashes = listed.fingerprint()
    import numpy as np

    read = listed.read(hashes, np.array(rows))
    assert [unit.unit_id for unit in read] == [f"2-{number}" for number in rows]
