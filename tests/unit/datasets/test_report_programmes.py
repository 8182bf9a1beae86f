import re

from listing_rows import PROGRAMME, TablesInMemory, make_announcement, make_unit

from datasets.report.load import load_report_view
from datasets.report.page import write_report
from datasets.report.programme_views import MAX_CATEGORIES

LEVELS = ("绵阳市/三台县", "绵阳市/三台县/潼川镇", "绵阳市/三台县/潼川镇/草堂社区")


def load(units, announcements, **options):
    tables = TablesInMemory({"units": units, "announcements": announcements})
    return load_report_view(tables, "zh", **options)


def only_programme(units, announcements):
    (programme,) = load(units, announcements).programmes
    return programme


def year_batch(year, **values):
    values = {"year": year, "batch_id": f"year{year}", "doc_id": f"page{year}"} | values
    return make_announcement(None, **values)


def name_lines(programme):
    return [line.batch.batch if line.batch else line.missing for line in programme.lines]


def test_batches_stand_in_order_with_the_missing_ones_between_them():
    rows = [make_announcement(number) for number in (7, 2, 3)]
    programme = only_programme([make_unit(LEVELS[0], 2)], rows)
    assert (programme.name, name_lines(programme)) == (PROGRAMME, [(1, 1), 2, 3, (4, 6), 7])
    assert [line.missing for line in programme.gaps] == [(1, 1), (4, 6)]


def test_a_hostile_number_is_one_gap():
    programme = only_programme([], [make_announcement(1), make_announcement(10**15)])
    assert name_lines(programme) == [1, (2, 10**15 - 1), 10**15]


def test_years_have_gaps_between_the_first_and_the_last_only():
    programme = only_programme([], [year_batch(2019), year_batch(2022)])
    assert [line.missing for line in programme.gaps] == [(2020, 2021)]
    assert programme.gaps[0].by_year
    assert programme.is_yearly


def test_numbers_and_years_of_one_programme_have_gaps_of_their_own():
    rows = [year_batch(2019), year_batch(2021), make_announcement(1), make_announcement(3)]
    gaps = only_programme([], rows).gaps
    assert {(gap.missing, gap.by_year) for gap in gaps} == {((2020, 2020), True), ((2, 2), False)}


def test_a_batch_that_is_only_spoken_of_is_no_gap_but_has_no_count():
    rows = [make_announcement(1), make_announcement(2, scope="mention", stated="社区 150")]
    programme = only_programme([make_unit(LEVELS[2], 1)], rows)
    assert programme.gaps == ()
    (settled,) = [row for row in programme.levels if row.label == "settlement"]
    assert [(cell.found, cell.stated) for cell in settled.cells] == [(1, None), (None, 150)]


def test_levels_count_found_beside_stated():
    units = [make_unit(path, number) for number in (1, 2) for path in LEVELS]
    units.append(make_unit("绵阳市/三台县/北坝镇/东河路社区", 2))
    stated = "区(市、县) 1 / 街道(乡镇) 2 / 村(社区) 2"
    rows = [make_announcement(1), make_announcement(2, stated=stated, stated_total=5)]
    programme = only_programme(units, rows)
    found = {
        row.label: [(cell.found, cell.stated) for cell in row.cells] for row in programme.levels
    }
    assert found == {
        "county": [(1, None), (1, 1)],
        "town": [(1, None), (1, 2)],
        "settlement": [(1, None), (2, 2)],
    }


def test_counts_that_overlap_or_leave_out_a_kind_are_not_added_up():
    units = [make_unit(LEVELS[2], 1), make_unit("绵阳市/三台县/潼川镇/草堂村", 1, kind="village")]
    for stated in ("村(社区) 22 / 社区 12", "社区 12"):
        programme = only_programme(units, [make_announcement(1, stated=stated)])
        (settled,) = programme.levels
        assert [(cell.found, cell.stated) for cell in settled.cells] == [(2, None)]


def test_bars_are_measured_by_the_largest_number_found_or_stated():
    units = [make_unit(path, 1) for path in LEVELS]
    rows = [make_announcement(1), make_announcement(2, stated="社区 12", stated_total=12)]
    first, second = only_programme(units, rows).lines
    assert (first.found_percent, first.stated_percent) == (25, 0)
    assert (second.found_percent, second.stated_percent) == (0, 100)


def test_categories_spread_over_the_batches_and_the_many_are_summed_up():
    units = [
        make_unit(
            f"绵阳市/三台县/潼川镇/草堂{order}社区", 1, category_path=f"试点 / 第{order % 14}型"
        )
        for order in range(28)
    ]
    units.append(make_unit(LEVELS[2], 2, category_path="试点 / 第3型"))
    programme = only_programme(units, [make_announcement(1), make_announcement(2)])
    assert len(programme.categories) == MAX_CATEGORIES
    first, *_, rest = programme.categories
    assert (first.label, [cell.found for cell in first.cells]) == ("试点 › 第3型", [2, 1])
    assert (rest.label, [cell.found for cell in rest.cells]) == ("其他", [6, 0])


def test_lists_without_categories_have_no_table_of_them():
    programme = only_programme([make_unit(LEVELS[0], 1)], [make_announcement(1)])
    assert programme.categories == ()


def test_a_report_of_one_batch_still_shows_all_batches_of_its_programme():
    rows = [make_announcement(number) for number in (1, 2, 4)]
    other = make_announcement(1, programme="四川省历史文化名村", batch_id="other")
    units = [make_unit(LEVELS[0], 1), make_unit(LEVELS[0], 2)]
    view = load(units, [*rows, other], batch_ids={rows[1]["batch_id"]})
    (programme,) = view.programmes
    assert name_lines(programme) == [1, 2, (3, 3), 4]
    assert [line.section for line in programme.lines] == [None, 1, None, None]


def test_every_link_of_the_overview_leads_to_its_section():
    rows = [
        make_announcement(1, status="proposed", doc_id="draft"),
        make_announcement(1),
        make_announcement(3),
    ]
    units = [
        make_unit(LEVELS[0], 1, status="proposed", doc_id="draft"),
        make_unit(LEVELS[0], 1),
        make_unit(LEVELS[0], 3),
    ]
    page = write_report(load(units, rows))
    overview = page[page.index('id="programmes"') : page.index('class="batch"')]
    links = re.findall(r'<a href="#(\S+)">([^<]+)</a>', overview)
    assert links == [
        ("batch-2", "第1批"),
        ("diff-1", "公示与公布"),
        ("batch-1", "第3批"),
        ("diff-2", "与第1批"),
    ]
    assert all(f'id="{target}"' in page for target, _ in links)
    assert "缺 · 数据中没有其页面" in overview


def test_a_programme_of_one_batch_is_not_spread_over_batches():
    page = write_report(load([make_unit(LEVELS[0], 1)], [make_announcement(1)]))
    assert 'class="matrix"' not in page
    assert 'class="batches"' in page
