from dataclasses import replace

import pytest
from listing_rows import make_announcement, make_frame, make_unit

from datasets.batches import list_batches
from datasets.diff import DiffOptions, diff_batches
from datasets.diff_text import write_text


def compare(rows_a, rows_b, announced_a=None, announced_b=None, **options):
    sides = []
    for rows, told, number in ((rows_a, announced_a, 2), (rows_b, announced_b, 3)):
        frame = make_frame("units", rows)
        announcements = make_frame("announcements", [make_announcement(number, **(told or {}))])
        sides.append((frame, list_batches(announcements, frame)[0]))
    (frame_a, batch_a), (frame_b, batch_b) = sides
    return diff_batches(frame_a, frame_b, DiffOptions(batch_a, batch_b, **options))


def old(path, **values):
    return make_unit(path, 2, **values)


new = make_unit


def test_equal_lists_do_not_differ():
    diff = compare([old("绵阳市/三台县")], [new("绵阳市/三台县")])
    assert (diff.counts, diff.differs) == ({"kept": 1}, False)


def test_added_and_dropped():
    diff = compare([old("绵阳市/三台县")], [new("绵阳市/平武县")])
    assert [(c.change, c.name_a, c.name_b) for c in diff.changes] == [
        ("added", None, "绵阳市平武县"),
        ("dropped", "绵阳市三台县", None),
    ]


def test_absence_from_a_cumulative_honour_is_no_drop():
    rows_a = [old("绵阳市/三台县"), old("绵阳市/平武县")]
    diff = compare(rows_a, [new("绵阳市/平武县")], cumulative=True)
    assert (diff.counts, diff.differs) == ({"absent": 1, "kept": 1}, False)


def test_names_meet_across_widths_and_spaces():
    unit = old("绵阳市/三台县", name_full="绵阳市 三台县")
    assert compare([unit], [new("绵阳市/三台县")]).counts == {"kept": 1}


def test_a_sure_place_code_joins_renamed_places():
    sure = {"place_code": "510722100", "place_status": "ok"}
    diff = compare([old("绵阳市/三台县/潼川镇", **sure)], [new("绵阳市/三台县/梓州街道", **sure)])
    assert (diff.counts, diff.changes[0].matched_by) == ({"renamed": 1}, "place_code")


@pytest.mark.parametrize("status", ["approx", "ambiguous"])
def test_an_unsure_place_code_joins_nothing(status):
    code = {"place_code": "510722100", "place_status": status}
    diff = compare([old("绵阳市/三台县/潼川镇", **code)], [new("绵阳市/三台县/梓州街道", **code)])
    assert diff.counts == {"added": 1, "dropped": 1}


def test_a_county_code_does_not_join_its_communities():
    code = {"place_code": "510722", "place_status": "ok"}
    rows_a = [old("绵阳市/三台县/潼川镇/草堂社区", **code)]
    rows_b = [new("绵阳市/三台县/北坝镇/樟树社区", **code)]
    assert compare(rows_a, rows_b).counts == {"added": 1, "dropped": 1}


def test_organisations_at_one_place_stay_apart():
    code = {"place_code": "510722", "place_status": "ok", "kind": "school"}
    rows_a = [old("绵阳市/三台县", unit_org="第一小学", name_full="绵阳市三台县第一小学", **code)]
    rows_b = [new("绵阳市/三台县", unit_org="实验中学", name_full="绵阳市三台县实验中学", **code)]
    assert compare(rows_a, rows_b).counts == {"added": 1, "dropped": 1}


def test_a_unit_under_two_categories_is_two_rows():
    rows_a = [
        old("绵阳市/三台县", category_path="一类"),
        old("绵阳市/三台县", category_path="二类"),
    ]
    rows_b = [
        new("绵阳市/三台县", category_path="二类"),
        new("绵阳市/三台县", category_path="三类"),
    ]
    diff = compare(rows_a, rows_b)
    assert [(c.change, c.category_a, c.category_b) for c in diff.changes] == [
        ("moved_category", "一类", "三类"),
        ("kept", "二类", "二类"),
    ]


def test_status_change_is_told_before_category():
    rows_a = [old("绵阳市/三台县", status="proposed", category_path="一类")]
    diff = compare(rows_a, [new("绵阳市/三台县", category_path="二类")])
    assert diff.counts == {"status_changed": 1}
    assert "proposed -> selected; 一类 -> 二类" in write_text(diff)


def test_a_list_without_cities_meets_one_with_them():
    diff = compare([old("/海宁市/硖石街道")], [new("嘉兴市/海宁市/硖石街道")])
    assert (diff.counts, diff.changes[0].matched_by) == ({"kept": 1}, "name_without_city")


def test_same_county_names_in_two_cities_stay_apart():
    diff = compare([old("成都市/新区/古城镇")], [new("绵阳市/新区/古城镇")])
    assert diff.counts == {"added": 1, "dropped": 1}


def test_a_county_and_its_streets_are_a_level_shift():
    streets = [new("嘉兴市/海宁市/硖石街道"), new("嘉兴市/海宁市/海洲街道")]
    diff = compare([old("嘉兴市/海宁市")], streets)
    (shift,) = diff.changes
    assert (shift.change, shift.name_a) == ("level_shift", "嘉兴市海宁市")
    assert shift.name_b == "嘉兴市海宁市硖石街道 / 嘉兴市海宁市海洲街道"


def test_a_street_and_its_county_are_a_level_shift_too():
    diff = compare([old("嘉兴市/海宁市/硖石街道")], [new("嘉兴市/海宁市")])
    assert diff.counts == {"level_shift": 1}


def test_a_city_is_no_level_above_its_counties():
    assert compare([old("嘉兴市")], [new("嘉兴市/海宁市")]).counts == {"added": 1, "dropped": 1}


@pytest.mark.parametrize(
    ("before", "after", "counts"),
    [
        # a town that became a street
        ("三台县/潼川镇", "三台县/潼川街道", {"suspected": 1}),
        ("平武县/龙安镇/人民路社区", "平武县/龙安镇/人民东路社区", {"suspected": 1}),
        # a community whose town was merged into another
        ("三台县/潼川镇/古城社区", "三台县/北坝镇/古城社区", {"suspected": 1}),
        ("三台县/潼川镇/草堂社区", "三台县/潼川镇/解放街社区", {"added": 1, "dropped": 1}),
        # the same name in another county is another place
        ("三台县/潼川镇/古城社区", "平武县/古城镇/古城社区", {"added": 1, "dropped": 1}),
    ],
)
def test_renames_are_suspected_within_a_county(before, after, counts):
    assert compare([old(f"绵阳市/{before}")], [new(f"绵阳市/{after}")]).counts == counts


def test_each_unit_is_suspected_once_and_the_likest_wins():
    rows_b = [new("绵阳市/三台县/潼川镇/东河路社区"), new("绵阳市/三台县/潼川镇/东河东路社区")]
    diff = compare([old("绵阳市/三台县/潼川镇/东河路居委会")], rows_b)
    (rename,) = [c for c in diff.changes if c.change == "suspected"]
    assert (rename.name_b, rename.similarity) == ("绵阳市三台县潼川镇东河路社区", 1.0)
    assert diff.counts["added"] == 1


def test_an_excerpt_is_held_only_against_its_area():
    excerpt = {"scope": "local_excerpt", "scope_area": "四川省绵阳市"}
    rows_a = [old("绵阳市/三台县"), old("成都市/温江区")]
    diff = compare(rows_a, [new("绵阳市/三台县")], announced_b=excerpt)
    assert (diff.counts, diff.coverage.outside_a) == ({"kept": 1}, 1)
    assert "not compared: 1 rows of the first, 0 of the second list" in write_text(diff)


def test_two_excerpts_of_two_cities_share_nothing():
    diff = compare(
        [old("成都市/温江区")],
        [new("绵阳市/三台县")],
        {"scope": "local_excerpt", "scope_area": "成都市"},
        {"scope": "local_excerpt", "scope_area": "绵阳市"},
    )
    assert (diff.changes, diff.coverage.outside_a, diff.coverage.outside_b) == ((), 1, 1)


def test_a_batch_without_list_is_held_against_nothing():
    diff = compare([old("绵阳市/三台县")], [], announced_b={"scope": "mention"})
    assert not diff.differs
    assert "only spoken of" in write_text(diff)


def test_rows_and_tallies_account_for_every_unit():
    rows_a = [old("绵阳市/三台县"), old("绵阳市/三台县/潼川镇")]
    diff = compare(rows_a, [new("绵阳市/三台县/潼川镇"), new("成都市/温江区")])
    assert {(t.label, t.found_a, t.found_b) for t in diff.tallies if t.by == "city"} == {
        ("绵阳市", 2, 1),
        ("成都市", 0, 1),
    }
    rows = diff.to_rows()
    assert {row["unit_id_a"] for row in rows} - {None} == {row["unit_id"] for row in rows_a}
    assert all(isinstance(v, str | float | None) for row in rows for v in row.values())
    assert rows[0]["batch_id_b"] == diff.batch_b.batch_id


def test_similarity_is_an_option():
    rows_a, rows_b = [old("绵阳市/三台县/东河镇")], [new("绵阳市/三台县/西河镇")]
    assert compare(rows_a, rows_b, similarity=0.5).counts == {"suspected": 1}
    assert compare(rows_a, rows_b, similarity=0.6).counts == {"added": 1, "dropped": 1}


def test_text_tells_stated_and_found_of_both():
    told = {"stated": "县 41", "stated_total": 41}
    diff = compare([old("绵阳市/三台县")], [new("绵阳市/三台县")], told)
    text = write_text(replace(diff, cumulative=True))
    assert "stated 41 (县 41) -> nothing" in text
    assert "found 1 -> 1" in text
    assert "absent, not dropped" in text
