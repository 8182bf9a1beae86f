"""Diffs through renames, mergers and splits of real places, and lists from published facts."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from listing_rows import make_announcement, make_frame, make_unit

from datasets.batches import list_batches
from datasets.diff import DiffOptions, diff_batches
from datasets.diff_text import write_text
from datasets.programme_terms import split_stages
from normalize.ids import make_id
from normalize.places import resolve

CASES = Path(__file__).parents[2] / "cases"
NAME = re.compile(
    r"(?P<city>.+?市)(?P<county>.+?[区县市])(?:(?P<town>.+?(?:街道|[镇乡]))(?P<v>.*))?"
)


def unit(name, batch, year, **values):
    """A row of a list of a year, with the code that the place had then."""
    parts = NAME.fullmatch(name)
    place = resolve(name, "", date(year, 6, 30))
    path = "/".join(part for part in parts.groups() if part)
    found = {"place_code": place.code, "place_status": place.status, "province": None}
    return make_unit(path, batch, **(found | values))


def compare(names_a, names_b, years=(2019, 2022), told=({}, {}), **options):
    """Compare two lists of names, or of rows, announced in two years."""
    frames, batches = [], []
    for side, names in enumerate((names_a, names_b)):
        batch = side + 2
        rows = [n if isinstance(n, dict) else unit(n, batch, years[side]) for n in names]
        frame = make_frame("units", rows)
        announced = make_announcement(batch, **({"year": years[side]} | told[side]))
        frames.append(frame)
        batches.append(list_batches(make_frame("announcements", [announced]), frame)[0])
    return diff_batches(*frames, DiffOptions(*batches, **options))


def tell(diff):
    return [(c.change, c.name_a, c.name_b) for c in diff.changes]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("三明市沙县", "三明市沙县区"),
        ("三明市沙县虬江街道", "三明市沙县区虬江街道"),
        ("遂宁市射洪县", "遂宁市射洪市"),
        ("福州市长乐市", "福州市长乐区"),
        ("常州市新北区新桥镇", "常州市新北区新桥街道"),
        ("杭州市江干区九堡街道", "杭州市上城区九堡街道"),
        ("杭州市江干区下沙街道", "杭州市钱塘区下沙街道"),
    ],
)
def test_a_place_with_another_name_is_renamed(old, new):
    years = (2018, 2022) if "长乐" not in old else (2016, 2022)
    diff = compare([old], [new], years)
    assert tell(diff) == [("renamed", old, new)]
    (change,) = diff.changes
    assert change.matched_by == "place_code"
    assert change.place_code_a != change.place_code_b


def test_a_list_that_still_prints_the_old_name_is_renamed_too():
    assert compare(["三明市沙县"], ["三明市沙县区"], (2022, 2022)).counts == {"renamed": 1}


def test_a_name_of_its_own_time_is_no_successor():
    # In 2018 and 2019 both were districts side by side.
    diff = compare(["杭州市江干区"], ["杭州市上城区"], (2018, 2019))
    assert diff.counts == {"added": 1, "dropped": 1}


def test_two_districts_that_became_one_are_merged():
    diff = compare(["杭州市下城区", "杭州市拱墅区"], ["杭州市拱墅区"])
    (change,) = diff.changes
    assert change.change == "merged"
    assert set(change.name_a.split(" / ")) == {"杭州市下城区", "杭州市拱墅区"}
    assert change.name_b == "杭州市拱墅区"
    assert change.place_code_b == "330105"
    assert len(change.unit_id_a.split(" / ")) == 2


def test_a_district_that_became_two_is_split():
    (change,) = compare(["杭州市江干区"], ["杭州市上城区", "杭州市钱塘区"]).changes
    assert (change.change, change.name_a) == ("split", "杭州市江干区")
    assert set(change.name_b.split(" / ")) == {"杭州市上城区", "杭州市钱塘区"}


def test_what_stayed_is_kept_beside_a_split():
    diff = compare(["杭州市江干区", "杭州市上城区"], ["杭州市钱塘区", "杭州市上城区"])
    assert set(tell(diff)) == {
        ("kept", "杭州市上城区", "杭州市上城区"),
        ("split", "杭州市江干区", "杭州市钱塘区"),
    }


def test_half_of_a_district_within_another_is_only_suspected():
    (change,) = compare(["杭州市江干区"], ["杭州市上城区"]).changes
    assert (change.change, change.matched_by) == ("suspected", "place_code")


def test_a_unit_under_two_categories_is_no_merger():
    rows_a = [unit("杭州市上城区", 2, 2019, category_path=name) for name in ("一类", "二类")]
    rows_b = [unit("杭州市上城区", 3, 2022, category_path="三类")]
    assert compare(rows_a, rows_b).counts == {"dropped": 1, "moved_category": 1}


def test_a_county_listed_by_its_street_is_a_level_shift():
    diff = compare(["嘉兴市海宁市", "嘉兴市桐乡市"], ["嘉兴市海宁市硖石街道", "嘉兴市桐乡市"])
    assert tell(diff)[0] == ("level_shift", "嘉兴市海宁市", "嘉兴市海宁市硖石街道")
    assert diff.counts == {"level_shift": 1, "kept": 1}


def test_a_pilot_in_a_programme_of_demonstrations_has_risen():
    pilot = {"programme": "四川省城乡基层治理试点", "batch_id": "first"}
    model = {"programme": "四川省城乡基层治理示范社区", "batch_id": "second"}
    name = "绵阳市三台县潼川镇草堂社区"
    sides = [unit(name, 2, 2020, **pilot)], [unit(name, 3, 2021, **model)]
    diff = compare(*sides, (2020, 2021), (pilot, model))
    (change,) = diff.changes
    assert (change.change, change.status_a, change.status_b) == (
        "status_changed",
        "pilot",
        "demonstration",
    )


def test_a_withdrawn_honour_is_a_change_of_status():
    name = "绵阳市三台县潼川镇"
    withdrawn = unit(name, 3, 2022, status="withdrawn")
    (change,) = compare([name], [withdrawn], cumulative=True).changes
    assert (change.change, change.status_b) == ("status_changed", "withdrawn")


def test_excerpts_of_two_cities_have_no_area_in_common():
    told = [{"scope": "local_excerpt", "scope_area": area} for area in ("攀枝花市", "绵阳市")]
    told[1] |= {"stated": "区(市、县) 41 / 街道 38 / 社区 150", "stated_total": 229}
    diff = compare(["攀枝花市东区"], ["绵阳市三台县"], (2020, 2022), told)
    assert (diff.counts, diff.coverage.is_empty) == ({}, True)
    text = write_text(diff)
    assert "no comparable area" in text
    assert "the second list has 1 of 41 区(市、县)" in text


def test_regions_by_turns_are_compared_where_both_have_units():
    turns = {"programme": "金卓越社區選拔"}
    names_a, names_b = ["高雄市鼓山区", "台南市东区"], ["台北市士林区", "台南市东区"]
    diff = compare(names_a, names_b, told=(turns, turns))
    assert (diff.counts, diff.coverage.outside_a, diff.coverage.outside_b) == ({"kept": 1}, 1, 1)
    assert "by turns" in write_text(diff)


def test_the_proposed_list_against_the_decided_one():
    proposed = [
        unit(name, 3, 2022, status="proposed", doc_id="public")
        for name in ("绵阳市三台县", "绵阳市平武县", "绵阳市梓潼县石牛镇")
    ]
    decided = [unit("绵阳市三台县", 3, 2022), unit("绵阳市梓潼县石牛镇", 3, 2022)]
    decided[1]["category_path"] = "另一类"
    units = make_frame("units", proposed + decided)
    told = [make_announcement(status="proposed", doc_id="public"), make_announcement()]
    stages = split_stages(
        make_id("batch", "四川省城乡社区治理试点", 3), make_frame("announcements", told), units
    )
    (first, rows_a), (second, rows_b) = stages
    diff = diff_batches(rows_a, rows_b, DiffOptions(first, second, stages=True))
    assert diff.counts == {"dropped": 1, "status_changed": 1, "moved_category": 1}
    assert "proposed -> decided" in write_text(diff)
    moved = next(c for c in diff.changes if c.change == "moved_category")
    assert moved.also == "status_changed"


@pytest.mark.parametrize("file", ["diff_fuzhou", "diff_zhejiang"])
@pytest.mark.parametrize("cumulative", [True, False])
def test_lists_of_published_facts(file, cumulative):
    facts = json.loads((CASES / f"{file}.json").read_text(encoding="utf-8"))
    kept = facts["kept"]
    years = (2024, 2025) if file == "diff_fuzhou" else (2016, 2017)
    diff = compare(facts["dropped"] + kept, facts["added"] + kept, years, cumulative=cumulative)
    gone = "absent" if cumulative else "dropped"
    names = {kind: [c for c in diff.changes if c.change == kind] for kind in diff.counts}
    assert {kind: len(changes) for kind, changes in names.items()} == {
        "added": facts["n_to"],
        gone: facts["n_from"],
    }
    assert sorted(c.name_b for c in names["added"]) == facts["added"]
    assert sorted(c.name_a for c in names[gone]) == facts["dropped"]
    counties = {t.label: [t.found_a, t.found_b] for t in diff.tallies if t.by == "county"}
    assert {label.partition("市")[2]: found for label, found in counties.items()} == facts[
        "by_county"
    ]
