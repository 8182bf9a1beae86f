import pytest
from listing_rows import PROGRAMME, make_announcement, make_frame, make_unit

from datasets.batches import (
    Batch,
    list_batches,
    read_coverage,
    read_rows,
    select_batch,
    select_countable,
)
from normalize.errors import GongshiError


def gather(announcements, units=()):
    return list_batches(make_frame("announcements", announcements), make_frame("units", [*units]))


def test_repeats_are_not_counted():
    units = [
        make_unit("绵阳市/三台县"),
        make_unit("绵阳市/三台县", doc_id="forum", duplicate_of="first"),
    ]
    (batch,) = gather([make_announcement(), make_announcement(doc_id="forum")], units)
    assert batch.found == (("county", 1),)
    assert batch.documents == ("page3", "forum")


def test_proposed_rows_give_way_to_decided_ones_of_the_same_batch_only():
    units = [
        make_unit("绵阳市/三台县", status="proposed", doc_id="public"),
        make_unit("绵阳市/三台县"),
        make_unit("绵阳市/平武县", 4, status="proposed"),
    ]
    kept = select_countable(make_frame("units", units))
    assert kept["doc_id"].tolist() == ["page3", "page4"]


def test_statuses_follow_the_stages_of_a_batch():
    rows = [make_announcement(), make_announcement(doc_id="public", status="proposed")]
    assert gather(rows)[0].statuses == ("proposed", "selected")


def test_local_excerpts_name_their_areas_and_coverage():
    rows = [
        make_announcement(
            scope="local_excerpt", scope_area="绵阳市", stated="社区 4", stated_total=4
        )
    ]
    (batch,) = gather(rows, [make_unit("绵阳市/三台县")])
    assert (batch.scope, batch.areas, batch.coverage) == ("local_excerpt", ("绵阳市",), 0.25)


def test_an_excerpt_without_area_covers_the_cities_it_lists():
    (batch,) = gather([make_announcement(scope="mixed")], [make_unit("绵阳市/三台县")])
    assert batch.areas == ("绵阳市",)


def test_a_whole_list_beats_an_excerpt_and_brings_its_stated_counts():
    rows = [
        make_announcement(
            scope="local_excerpt", scope_area="绵阳市", stated="县 9", stated_total=9
        ),
        make_announcement(doc_id="official", stated="县 2", stated_total=2),
    ]
    units = [make_unit("绵阳市/三台县"), make_unit("成都市/温江区", doc_id="official")]
    (batch,) = gather(rows, units)
    assert (batch.scope, batch.areas, batch.stated) == ("full", (), "县 2")


def test_a_page_that_only_speaks_of_a_batch_leaves_it_without_list():
    (batch,) = gather([make_announcement(1, scope="mention", stated="县 44", stated_total=44)])
    assert (batch.scope, batch.found_total, batch.stated_total) == ("mention", 0, 44)


def test_missing_values_become_none_and_counts_stay_whole():
    rows = read_rows(make_frame("units", [make_unit("绵阳市/三台县", group_found=5)]))
    assert rows[0]["town"] is None
    assert rows[0]["group_found"] == 5


def known() -> list[Batch]:
    return gather(
        [
            make_announcement(2),
            make_announcement(3),
            make_announcement(
                3, batch_id="feedfacefeedface", programme="浙江省社区治理和服务创新实验区"
            ),
            make_announcement(
                None, batch_id="feed0000feed0000", programme="全国文明村镇", year=2020
            ),
        ]
    )


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("四川省城乡社区治理试点#3", "四川省城乡社区治理试点#3"),
        (" 四川省城乡社区治理试点 #3 ", "四川省城乡社区治理试点#3"),
        ("城乡社区#2", "四川省城乡社区治理试点#2"),
        ("feedfacefeedface", "浙江省社区治理和服务创新实验区#3"),
        ("feedfa", "浙江省社区治理和服务创新实验区#3"),
        ("文明村镇#2020", "全国文明村镇#2020"),
        ("文明村镇", "全国文明村镇#2020"),
    ],
)
def test_people_may_name_a_batch_in_several_ways(text, label):
    assert select_batch(text, known()).label == label


@pytest.mark.parametrize("text", ["社区治理#3", "feed", PROGRAMME])
def test_a_name_that_fits_several_batches_is_refused(text):
    with pytest.raises(GongshiError, match=r"not unique: it may be .*#3|.*#2"):
        select_batch(text, known())


def test_an_unknown_batch_tells_the_nearest():
    with pytest.raises(GongshiError, match=r"the nearest are 四川省城乡社区治理试点#"):
        select_batch("四川省城乡社区治理示范#9", known())


def test_an_exact_programme_wins_over_longer_names():
    rows = [
        make_announcement(1, batch_id="a" * 16, programme="文明村"),
        make_announcement(1, batch_id="b" * 16, programme="全国文明村镇"),
    ]
    assert select_batch("文明村#1", gather(rows)).batch_id == "a" * 16


def test_excerpts_of_two_cities_are_held_together_against_the_whole_list():
    stated = {"stated": "区(市、县) 41 / 街道 38 / 社区 150", "stated_total": 229}
    local = {"scope": "local_excerpt", **stated}
    rows = [
        make_announcement(scope_area="绵阳市", **local),
        make_announcement(doc_id="suining", scope_area="遂宁市", **local),
    ]
    units = [
        make_unit("绵阳市/三台县"),
        make_unit("绵阳市/三台县/潼川镇"),
        make_unit("遂宁市/蓬溪县", doc_id="suining"),
        make_unit("遂宁市/蓬溪县/普安街道", doc_id="suining"),
        make_unit("遂宁市/蓬溪县/普安街道/广福社区", doc_id="suining"),
    ]
    (batch,) = gather(rows, units)
    assert batch.areas == ("绵阳市", "遂宁市")
    assert [(share.of, share.found, share.stated) for share in read_coverage(batch)] == [
        ("区(市、县)", 2, 41),
        ("街道", 2, 38),
        ("社区", 1, 150),
    ]
