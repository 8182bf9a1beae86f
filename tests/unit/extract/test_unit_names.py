import pytest

from extract.listing_records import Parts
from extract.unit_names import split_name

SICHUAN = Parts(province="四川省")
MIANYANG = Parts(province="四川省", city="绵阳市")


@pytest.mark.parametrize(
    ("printed", "full", "kind"),
    [
        ("绵阳市三台县潼川镇草堂社区", "绵阳市三台县潼川镇草堂社区", "community"),
        ("绵阳市平武县龙安镇", "绵阳市平武县龙安镇", "town"),
        ("成都市青羊区府南街道", "成都市青羊区府南街道", "street"),
        ("阿坝州阿坝县查理乡神座村", "阿坝州阿坝县查理乡神座村", "village"),
        ("绵阳市梓潼县", "绵阳市梓潼县", "county"),
        ("四川省绵阳市", "绵阳市", "prefecture"),
        ("绵阳市涪城区实验小学", "绵阳市涪城区实验小学", "school"),
        ("成都市彭州市博物馆", "成都市彭州市博物馆", "museum"),
    ],
)
def test_full_names(printed: str, full: str, kind: str) -> None:
    name = split_name(printed, SICHUAN)
    assert name is not None
    assert (name.full, name.kind) == (full, kind)


def test_missing_levels_are_inherited_and_named() -> None:
    name = split_name("三台县潼川镇", MIANYANG)
    assert name is not None
    assert name.parts == Parts("四川省", "绵阳市", "三台县", "潼川镇")
    assert name.inherited == ("province", "city")


def test_a_level_that_nobody_states_stays_empty() -> None:
    name = split_name("草堂社区", MIANYANG)
    assert name is not None
    assert (name.parts.county, name.parts.town) == (None, None)


def test_context_that_contradicts_the_gazetteer_is_not_inherited() -> None:
    name = split_name("彭州市", MIANYANG)
    assert name is not None
    assert (name.parts.province, name.parts.city) == ("四川省", None)


def test_a_natural_village_lies_in_its_village() -> None:
    name = split_name("泉州市德化县水口镇上湖村白潭村", Parts(province="福建省"))
    assert name is not None
    assert (name.parts.village, name.parts.sub) == ("上湖村", "白潭村")


@pytest.mark.parametrize("printed", ["城村村", "大村村"])
def test_a_village_may_be_called_village(printed: str) -> None:
    name = split_name("云城区思劳镇" + printed, Parts(province="广东省"))
    assert name is not None
    assert (name.parts.village, name.parts.sub) == (printed, None)


def test_corps_units_keep_their_own_levels() -> None:
    name = split_name("一师十一团十三连", Parts())
    assert name is not None
    assert (name.kind, name.full) == ("corps_company", "一师十一团十三连")


@pytest.mark.parametrize(("printed", "status"), [("密云县", "ok"), ("无名县", "none")])
def test_a_county_that_is_no_more_or_never_was_is_read(printed: str, status: str) -> None:
    name = split_name(printed, Parts(province="北京市"))
    assert name is not None
    assert (name.parts.county, name.place.status) == (printed, status)


@pytest.mark.parametrize("printed", ["", "村", "各有关单位", "四川省", "x" * 500, "2022年4月6日"])
def test_what_is_no_unit_gives_none(printed: str) -> None:
    assert split_name(printed, SICHUAN) is None
