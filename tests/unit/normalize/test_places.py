from datetime import date
from typing import get_args

import pytest

from normalize.gazetteer import load_gazetteer
from normalize.places import FLAGS, PlaceFlag, context_code, resolve


@pytest.mark.parametrize(
    ("name", "context", "code"),
    [
        ("绵阳市三台县潼川镇", "", "510722101"),
        ("四川省绵阳市平武县", "", "510727"),
        ("潼川镇", "四川省/绵阳市", "510722101"),
        ("北川县", "四川省", "510726"),
        ("凉山州", "", "5134"),
        ("镇雄县", "云南省", "530627"),
        ("重庆市江津区", "", "500116"),
        ("綿陽市三臺縣", "", "510722"),
        ("绵 阳 市", "", "5107"),
    ],
)
def test_known_names_resolve(name: str, context: str, code: str) -> None:
    place = resolve(name, context)
    assert (place.code, place.status) == (code, "ok")


def test_what_is_not_in_the_gazetteer_is_left_over() -> None:
    place = resolve("三台县潼川镇无名社区")
    assert (place.status, place.code, place.rest) == ("approx", "510722101", "无名社区")


@pytest.mark.parametrize(
    "name", ["草堂社区", "草堂社区居民委员会", "草堂社区居委会", "草堂居委会", "草 堂 社 区"]
)
def test_a_community_is_found_in_its_town_in_every_form(name: str) -> None:
    place = resolve(f"三台县潼川镇{name}")
    assert (place.status, place.code) == ("ok", "510722101011")


def test_a_village_that_calls_itself_otherwise_is_only_near() -> None:
    assert resolve("三台县潼川镇草堂村").status == "approx"


def test_communities_of_one_name_in_a_county_stay_open() -> None:
    place = resolve("古城社区", "四川省/绵阳市/平武县")
    assert place.status in {"ambiguous", "ok"}
    assert resolve("古城社区").status == "none"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("绵阳高新区", "5107"),
        ("四川省成都高新区", "5101"),
        ("重庆高新区白市驿镇海龙村", "500107105204"),
        ("平潭综合实验区金井镇山海佳苑社区", "350128107002"),
    ],
)
def test_zones_are_passed_over(name: str, code: str) -> None:
    assert resolve(name).code == code


@pytest.mark.parametrize("name", ["鼓楼区", "城关镇"])
def test_names_of_many_places_stay_open(name: str) -> None:
    place = resolve(name)
    assert place.status == "ambiguous"
    assert place.code is None
    assert len(place.candidates) > 1


def test_context_decides_between_places_of_one_name() -> None:
    assert resolve("鼓楼区", "福建省/福州市").code == "350102"


def test_a_name_outside_its_context_is_found_all_the_same() -> None:
    assert resolve("嘉兴市海宁市", "四川省").code == "330481"


@pytest.mark.parametrize("name", ["", "县县县", "🏘", "的" * 10_000, "三台", "\x00"])
def test_no_name_has_no_place(name: str) -> None:
    # 三台 alone is the short form of 三台县, which is a place.
    assert resolve(name).status in {"none", "ok"}
    assert (resolve(name).status == "ok") == (name == "三台")


def test_unknown_context_is_ignored() -> None:
    assert context_code("某省/某市") == ""


def test_every_division_but_provinces_has_its_parent() -> None:
    codes = set(load_gazetteer().codes)
    parents = {9: 6, 6: 4, 4: 2}
    missing = [c for c in codes if len(c) in parents and c[: parents[len(c)]] not in codes]
    # Three prefecture-level cities have no counties: their towns hang below the city itself.
    assert {code[:4] for code in missing} <= {"4419", "4420", "4604", "6202"}


@pytest.mark.parametrize("word", ["社区", "街道", "街道办事处", "县县县", "村", "镇"])
def test_words_for_kinds_are_no_places(word: str) -> None:
    assert resolve(word).status == "none"


@pytest.mark.parametrize(
    ("name", "on", "code"),
    [
        ("成都市新津县", date(2018, 5, 1), "510132"),
        ("成都市新津区", date(2022, 5, 1), "510118"),
        ("成都市双流县", date(2014, 6, 1), "510122"),
        ("定州市北城区街道北门街社区", date(2016, 7, 31), "139001002007"),
        ("三台县潼川镇", date(1900, 1, 1), "510722101"),
        ("三台县潼川镇", date(2100, 1, 1), "510722101"),
    ],
)
def test_the_day_decides_between_lists(name: str, on: date, code: str) -> None:
    place = resolve(name, on=on)
    assert (place.status, place.code) == ("ok", code)


def test_a_context_is_read_in_the_list_of_the_day() -> None:
    place = resolve("北城区街道", "河北省/定州市", date(2016, 7, 31))
    assert place.code == "139001002"


def test_a_stale_name_is_found_and_told() -> None:
    place = resolve("杭州市江干区", on=date(2023, 1, 1))
    assert (place.status, place.code, place.flags) == ("ok", "330104", ("other_year",))


def test_a_village_decides_between_towns_of_one_name() -> None:
    assert resolve("长卿镇").status == "ambiguous"
    assert resolve("长卿镇南桥社区").code == "510725101001"


@pytest.mark.parametrize(
    ("name", "code", "flag"),
    [
        ("周至县二曲镇云塔社区", "610124001004", "type_differs"),
        ("玉林街道黉门社区", "510107005008", "similar"),
        ("三台县潼川镇草堂", "510722101011", "other_kind"),
        ("六枝特区九龙街道河湾村社区", "520203001002", "similar"),
        ("三台县潼川镇查无此地社区", "510722101", "village_unknown"),
        ("成都高新区石羊街道", "510107063", "zone"),
    ],
)
def test_what_is_odd_is_flagged(name: str, code: str, flag: PlaceFlag) -> None:
    place = resolve(name, "四川省/成都市/武侯区" if name.startswith("玉林") else "")
    assert place.code == code
    assert flag in place.flags


def test_a_village_of_a_town_that_no_list_has_is_sought_in_the_county() -> None:
    place = resolve("三台县无名镇草堂社区")
    assert (place.status, place.code) == ("approx", "510722101011")
    assert "town_unknown" in place.flags


def test_every_flag_is_explained() -> None:
    named = {name for part in get_args(PlaceFlag) for name in (get_args(part) or (part,))}
    assert named == set(FLAGS)


@pytest.mark.parametrize(
    ("name", "on", "code"),
    [
        ("第二师三十一团一连", None, "652823501501"),
        ("新疆生产建设兵团第一师阿拉尔市十一团十三连", date(2018, 1, 1), "659002504521"),
        ("第二师31团", None, "652823501"),
    ],
)
def test_regiments_of_the_corps_are_read_by_number(name: str, on: date | None, code: str) -> None:
    assert resolve(name, on=on).code == code


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("东莞市长安镇", ("广东省", "东莞市", "长安镇")),
        ("神农架林区木鱼镇", ("湖北省", "神农架林区", "木鱼镇")),
        ("陆家嘴街道", ("上海市", "浦东新区", "陆家嘴街道")),
        ("喀左县", ("辽宁省", "朝阳市", "喀喇沁左翼蒙古族自治县")),
        ("新津县", ("四川省", "成都市", "新津县")),
        ("博尔塔拉州精河县", ("新疆维吾尔自治区", "博尔塔拉蒙古自治州", "精河县")),
    ],
)
def test_paths_are_official_and_without_pseudo_levels(name: str, path: tuple[str, ...]) -> None:
    assert resolve(name).path == path


@pytest.mark.parametrize("separator", [" ", "/", "·", "\u3000", " > "])
def test_levels_may_stand_apart(separator: str) -> None:
    name = separator.join(("四川省", "绵阳市", "三台县", "潼川镇"))
    assert resolve(name).code == "510722101"


@pytest.mark.parametrize("context", ["999999", "x" * 5000, "县县县", "\ud800"])
def test_a_context_that_never_was_is_no_context(context: str) -> None:
    assert resolve("三台县", context).code == "510722"
