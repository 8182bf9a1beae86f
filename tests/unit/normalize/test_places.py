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
    place = resolve("三台县潼川镇草堂社区")
    assert (place.status, place.code, place.rest) == ("approx", "510722101", "草堂社区")


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
