from datetime import UTC, datetime

import pytest

from extract.body import join_lines
from extract.comments import link_mentions
from extract.lines import read_text_lines
from extract.page_context import PageContext
from extract.records import Comment
from extract.units import Listing, read_listing

TITLE = "四川省民政厅关于公布第三批城乡社区治理试点单位名单的通知"
LIST = (
    "一、街道(镇)",
    "绵阳市三台县潼川镇",
    "二、社区",
    "绵阳市三台县潼川镇古城社区",
    "绵阳市平武县古城镇古城社区",
)


def read(*lines: str, title: str = TITLE, area: str | None = None) -> Listing:
    body = join_lines(read_text_lines("\n".join(lines)).lines)
    context = PageContext(title, datetime(2022, 4, 6, tzinfo=UTC), "2022-4-6", None, area)
    return read_listing(body, context, "0" * 16)


def comment(text: str) -> Comment:
    return Comment("c" * 16, "t" * 16, "0" * 16, 2, None, None, None, None, text)


def test_units_carry_programme_batch_and_status() -> None:
    unit = read(*LIST).units[0]
    assert (unit.programme, unit.batch, unit.status) == ("四川省城乡社区治理试点", 3, "selected")
    assert unit.batch_id == read(*LIST).announcements[0].batch_id


def test_a_list_printed_twice_counts_once() -> None:
    assert len(read(*LIST, *LIST).units) == 3


def test_the_same_unit_in_two_categories_is_two_rows() -> None:
    lines = ("一、示范型", "绵阳市三台县潼川镇", "二、创新型", "绵阳市三台县潼川镇")
    units = read(*lines).units
    assert [u.category_path for u in units] == [("示范型",), ("创新型",)]
    assert len({u.unit_id for u in units}) == 2


def test_ids_do_not_depend_on_what_else_is_found() -> None:
    alone = read("绵阳市三台县潼川镇").units[0].unit_id
    assert alone in {u.unit_id for u in read(*LIST).units}


def test_local_part_of_a_provincial_list() -> None:
    lines = ("确定成都市温江区等41个区作为第三批城乡社区治理试点单位。", *LIST)
    announcement = read(*lines, title="绵阳3地入选!" + TITLE).announcements[0]
    assert (announcement.scope, announcement.scope_area) == ("local_excerpt", "绵阳市")
    assert announcement.complete is False
    assert announcement.count_mismatch == ()


def test_counts_of_a_whole_list_are_checked() -> None:
    lines = (
        "确定1个镇、3个社区作为第三批城乡社区治理试点单位。",
        *LIST,
        "成都市青羊区府南街道同德社区",
    )
    announcement = read(*lines).announcements[0]
    assert announcement.complete is True
    short = read(*lines[:-1], "成都市青羊区府南街道").announcements[0]
    assert [(m.of, m.stated, m.found) for m in short.count_mismatch] == [
        ("社区", 3, 2),
    ]


def test_a_sentence_may_list_units() -> None:
    listing = read(
        "浙江省民政厅公布了第二批社区治理创新实验区名单,我市嘉善县、海盐县澉浦镇、海宁市硖石街道入选。",
        "去年,桐乡市已入选首批社区治理创新实验区。",
        title="嘉兴市3地入选第二批社区治理创新实验区",
    )
    assert [(u.name_full, u.kind, u.batch) for u in listing.units] == [
        ("嘉兴市嘉善县", "county", 2),
        ("嘉兴市海盐县澉浦镇", "town", 2),
        ("嘉兴市海宁市硖石街道", "street", 2),
    ]
    assert listing.announcements[0].complete is True


def test_an_exemplar_is_no_row() -> None:
    lines = ("四川省公布第三批城乡社区治理试点名单,成都市温江区等41个区入选。",)
    assert read(*lines).units == ()


def test_pages_that_announce_nothing_have_no_units() -> None:
    assert read(*LIST, title="社区风采").units == ()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("有我的老家平武县古城镇古城社区", ["绵阳市平武县古城镇古城社区"]),
        ("潼川镇古城社区不错", ["绵阳市三台县潼川镇古城社区"]),
        ("古城社区在哪里", []),
        ("没有我的家乡", []),
        ("", []),
    ],
)
def test_replies_mention_listed_units(text: str, names: list[str]) -> None:
    mentions = link_mentions([comment(text)], read(*LIST).units)
    assert [m.name_full for m in mentions] == names
    assert all(text[m.span_start : m.span_end] == m.surface for m in mentions)


def test_other_places_in_replies_are_read_in_the_area_of_the_list() -> None:
    mentions = link_mentions([comment("潼川镇有,石牛镇也该有")], read(*LIST).units)
    assert [(m.surface, m.kind, m.place_code) for m in mentions] == [
        ("潼川镇", "listed_unit", "510722101"),
        ("石牛镇", "place", "510725108"),
    ]
