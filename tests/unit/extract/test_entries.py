import pytest

from extract.body import Body, join_lines
from extract.entries import find_entries
from extract.lines import read_html_lines, read_text_lines
from extract.listing_records import Parts
from extract.page import parse_tree

SICHUAN = Parts(province="四川省")


def body_of(*lines: str) -> Body:
    return join_lines(read_text_lines("\n".join(lines)).lines)


def names(body: Body, context: Parts = SICHUAN) -> list[str]:
    return [entry.name.full for entry in find_entries(body, context)]


def test_spans_point_at_the_printed_name() -> None:
    body = body_of("名单", "1. 绵阳市三台县潼川镇", "2、绵阳市平武县")
    entries = find_entries(body, SICHUAN)
    assert [body.text[e.start : e.end] for e in entries] == ["绵阳市三台县潼川镇", "绵阳市平武县"]


def test_numbered_headings_form_the_category_path() -> None:
    body = body_of(
        "一、街道(镇)(1个)",
        "绵阳市三台县潼川镇",
        "二、社区",
        "(一)服务型",
        "绵阳市三台县潼川镇草堂社区",
    )
    paths = [entry.outline.path for entry in find_entries(body, SICHUAN)]
    assert paths == [("街道(镇)",), ("社区", "服务型")]


def test_the_same_leaf_stands_under_two_parents() -> None:
    body = body_of(
        "一、镇",
        "(一)项目化",
        "绵阳市三台县潼川镇",
        "二、社区",
        "(一)项目化",
        "绵阳市平武县龙安镇东街社区",
    )
    paths = [entry.outline.path for entry in find_entries(body, SICHUAN)]
    assert paths == [("镇", "项目化"), ("社区", "项目化")]


@pytest.mark.parametrize("heading", ["绵阳市(2个)", "绵阳市:", "绵阳市", "一、绵阳市"])
def test_geographic_headings_are_context_and_no_category(heading: str) -> None:
    body = body_of(heading, "三台县潼川镇", "平武县龙安镇")
    entries = find_entries(body, SICHUAN)
    assert [e.name.full for e in entries] == ["绵阳市三台县潼川镇", "绵阳市平武县龙安镇"]
    assert {e.outline.path for e in entries} == {()}


def test_a_city_in_a_list_of_cities_is_an_entry() -> None:
    assert names(body_of("绵阳市", "遂宁市", "资阳市")) == ["绵阳市", "遂宁市", "资阳市"]


def test_group_heading_states_a_count() -> None:
    body = body_of("绵阳市(3个)", "三台县潼川镇", "平武县龙安镇")
    groups = {entry.group.stated for entry in find_entries(body, SICHUAN) if entry.group}
    assert groups == {3}


def test_several_units_on_a_line_inherit_from_the_one_before() -> None:
    body = body_of("绵阳市三台县潼川镇、北坝镇,平武县龙安镇")
    assert names(body) == ["绵阳市三台县潼川镇", "绵阳市三台县北坝镇", "绵阳市平武县龙安镇"]


def test_a_label_stands_on_the_line_of_its_units() -> None:
    body = body_of("绵阳市:三台县潼川镇、平武县龙安镇")
    assert names(body) == ["绵阳市三台县潼川镇", "绵阳市平武县龙安镇"]


def test_a_name_printed_with_blanks_is_one_name() -> None:
    assert names(body_of("望 城 区"), Parts(province="湖南省", city="长沙市")) == ["长沙市望城区"]


def test_remarks_leave_the_name() -> None:
    entry = find_entries(body_of("绵阳市三台县潼川镇(原北坝乡)"), SICHUAN)[0]
    assert (entry.printed, entry.remark) == ("绵阳市三台县潼川镇", "原北坝乡")


@pytest.mark.parametrize("name", ["三里街街道", "十七都村", "二七区"])
def test_numerals_of_names_are_no_numbering(name: str) -> None:
    context = {
        "三里街街道": Parts(province="安徽省", city="合肥市", county="瑶海区"),
        "十七都村": Parts(province="江西省", city="上饶市", county="玉山县", town="四股桥乡"),
        "二七区": Parts(province="河南省", city="郑州市"),
    }[name]
    assert [entry.printed for entry in find_entries(body_of(name), context)] == [name]


@pytest.mark.parametrize(
    "line",
    [
        "各市(州)民政局:",
        "四川省民政厅",
        "承担试点工作任务的社区",
        "历史文化名镇",
        "2021年中国美丽休闲乡村",
        "近日,绵阳市三台县潼川镇召开会议。",
        "附件:试点单位名单",
        "2022年4月6日",
        "联系人:王某某 电话:028-12345678",
    ],
)
def test_what_is_never_a_row(line: str) -> None:
    assert names(body_of(line)) == []


def test_salutation_is_no_category() -> None:
    body = body_of("各市(州)民政局:", "现将名单印发给你们。", "名单", "绵阳市三台县")
    assert [e.outline.path for e in find_entries(body, SICHUAN)] == [()]


def test_table_rows_are_joined_or_searched() -> None:
    html = (
        "<table><tr><td>序号</td><td>单位</td></tr><tr><td>1</td><td>绵阳市三台县潼川镇</td></tr>"
        "<tr><td>2</td><td>绵阳市</td><td>平武县</td><td>龙安镇</td></tr></table>"
    )
    body = join_lines(read_html_lines(parse_tree(html)).lines)
    entries = find_entries(body, SICHUAN)
    assert [e.name.full for e in entries] == ["绵阳市三台县潼川镇", "绵阳市平武县龙安镇"]
    assert {e.src for e in entries} == {"table"}
