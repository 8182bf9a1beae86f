import pytest

from normalize.gazetteer import load_gazetteer
from normalize.places import context_code, resolve


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
    codes = load_gazetteer().by_code
    parents = {9: 6, 6: 4, 4: 2}
    missing = [c for c in codes if len(c) in parents and c[: parents[len(c)]] not in codes]
    # Three prefecture-level cities have no counties: their towns hang below the city itself.
    assert {code[:4] for code in missing} <= {"4419", "4420", "4604", "6202"}


@pytest.mark.parametrize("word", ["社区", "街道", "街道办事处", "县县县", "村", "镇"])
def test_words_for_kinds_are_no_places(word: str) -> None:
    assert resolve(word).status == "none"
