from datetime import date

import pytest

from datasets.divisions import Days, find_path, read_days, read_names


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("51", "四川省"),
        ("510722101", "四川省/绵阳市/三台县/潼川镇"),
        ("510722101011", "四川省/绵阳市/三台县/潼川镇/草堂社区居民委员会"),
        ("110101", "北京市/东城区"),
        ("429004", "湖北省/仙桃市"),
        ("4419", "广东省/东莞市"),
        ("441900", "广东省/东莞市"),
        ("441900003", "广东省/东莞市/东城街道"),
        ("330104", "浙江省/杭州市/江干区"),
        ("510122", "四川省/成都市/双流县"),
    ],
)
def test_a_path_leaves_out_what_is_no_division(code: str, path: str) -> None:
    assert "/".join(ancestor.name for ancestor in find_path(read_names(code)[0])) == path


def test_a_path_names_what_lay_above_in_its_own_time() -> None:
    # 滦县 became 滦州市 under another code; its towns of 2016 lie in what it was then.
    paths = {row[1]: find_path(row) for row in read_names("130223")}
    assert [ancestor.name for ancestor in paths["滦县"]] == ["河北省", "唐山市", "滦县"]


def test_the_names_of_a_code_come_with_their_days_the_last_first() -> None:
    now, before = read_names("110101001")
    assert (now[1], read_days(now)) == ("东华门街道", Days(date(2019, 10, 31), None))
    assert before[1] == "东华门街道办事处"
    assert read_days(before) == Days(date(2016, 7, 31), date(2018, 10, 31))


def test_what_was_gone_before_the_lists_ends_with_its_last_year() -> None:
    (row,) = read_names("510122")
    assert read_days(row) == Days(None, date(2014, 12, 31))


def test_what_changed_after_the_latest_list_has_the_days_of_documents() -> None:
    ended, begun = read_names("500105")[0], read_names("500157")[0]
    assert read_days(ended) == Days(date(2016, 7, 31), date(2025, 11, 7))
    assert read_days(begun) == Days(date(2025, 11, 7), None)


@pytest.mark.parametrize("code", ["", "99", "123456789012", "5107221"])
def test_no_code_has_no_names(code: str) -> None:
    assert read_names(code) == ()
