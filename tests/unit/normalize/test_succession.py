from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.division_lists import LATEST, SNAPSHOTS, read_changes, read_divisions, read_villages
from normalize.succession import as_of, ever_changed, latest_codes


@pytest.mark.parametrize(
    ("code", "on", "codes"),
    [
        ("330104", date(2018, 6, 1), ("330104",)),
        ("330104", date(2022, 6, 1), ("330102", "330114")),
        ("510122", date(2013, 6, 1), ("510122",)),
        ("510122", date(2022, 6, 1), ("510116",)),
        ("510132", date(2022, 6, 1), ("510118",)),
        ("330183", date(2020, 1, 1), ("330111",)),
        ("510724", date(2020, 1, 1), ("510705",)),
        ("542322", date(2020, 1, 1), ("540221",)),
        ("5423", date(2020, 1, 1), ("5402",)),
        ("340721", date(2017, 1, 1), ("340706",)),
        ("3414", date(2017, 1, 1), ("3401", "3402", "3405")),
        # Through 永川市 and two codes, from before Chongqing was a province.
        ("510281", date(2020, 1, 1), ("500118",)),
        ("130721", date(2020, 1, 1), ("130705",)),
    ],
)
def test_forward(code: str, on: date, codes: tuple[str, ...]) -> None:
    assert as_of(code, on) == codes


@pytest.mark.parametrize(
    ("code", "on", "codes"),
    [
        ("510118", date(2018, 6, 1), ("510132",)),
        ("510116", date(2013, 6, 1), ("510122",)),
        ("510705", date(2014, 6, 1), ("510724",)),
        ("330114", date(2018, 6, 1), ("330104",)),
        ("320812", date(2013, 6, 1), ("320802", "320811")),
        ("500117", date(2000, 6, 1), ("500382",)),
        ("500117", date(1995, 6, 1), ("510282",)),
        ("540221", date(2012, 6, 1), ("542322",)),
        ("460400", date(2014, 6, 1), ("469003",)),
    ],
)
def test_backward(code: str, on: date, codes: tuple[str, ...]) -> None:
    assert as_of(code, on) == codes


@pytest.mark.parametrize(
    ("code", "on", "codes"),
    [
        # 双流县 ended on 2015-12-03, 安县 in March 2016: the days are known.
        ("510122", date(2015, 12, 2), ("510122",)),
        ("510122", date(2015, 12, 3), ("510116",)),
        ("510116", date(2015, 12, 2), ("510122",)),
        ("510724", date(2016, 3, 1), ("510724",)),
        ("510724", date(2016, 4, 1), ("510705",)),
        # Of 高要市 only the year is: in it both stand.
        ("441283", date(2015, 6, 1), ("441283",)),
        ("441204", date(2015, 6, 1), ("441204",)),
        ("441283", date(2016, 6, 1), ("441204",)),
    ],
)
def test_day_of_a_change(code: str, on: date, codes: tuple[str, ...]) -> None:
    assert as_of(code, on) == codes


@pytest.mark.parametrize(
    ("code", "on", "codes"),
    [
        ("500105", date(2024, 1, 1), ("500105",)),
        ("500105", date(2026, 1, 1), ("500157",)),
        ("500112", date(2026, 1, 1), ("500109", "500157")),
        ("500157", date(2020, 1, 1), ("500105", "500112")),
        # 和康县 was cut from 皮山县, which goes on.
        ("653228", date(2025, 1, 1), ("653228",)),
        ("653228", date(2020, 1, 1), ("653223",)),
        ("653223", date(2025, 1, 1), ("653223",)),
    ],
)
def test_changes_after_the_latest_list(code: str, on: date, codes: tuple[str, ...]) -> None:
    assert as_of(code, on) == codes


def test_a_village_follows_its_town() -> None:
    name = {code: name for code, name, _ in read_villages("5101")}
    (code,) = as_of("510132101001", date(2022, 6, 1))
    assert code.startswith("510118")
    assert name[code][:2] == name["510132101001"][:2]
    assert as_of("510722101011", date(2022, 6, 1)) == ("510722101011",)


def test_villages_keep_to_the_lists() -> None:
    rows = read_villages("3301")
    gone = [code for code, _, seen in rows if seen & 1 and not seen & LATEST]
    standing = {code for code, _, seen in rows if seen & LATEST}
    found = [as_of(code, SNAPSHOTS[-1]) for code in dict.fromkeys(gone)]
    assert all(set(codes) <= standing for codes in found)
    kinds = Counter(map(bool, found))
    assert kinds[True] > kinds[False]


@pytest.mark.parametrize("code", ["", "x", "999999", "\x00" * 9, "\ud800" * 12, "５１", "9" * 12])
@pytest.mark.parametrize("on", [date.min, date(2018, 1, 1), date.max])
def test_unknown_codes_have_no_answer(code: str, on: date) -> None:
    assert as_of(code, on) == ()


@pytest.mark.parametrize("on", [date.min, date(2018, 1, 1), date.max])
def test_what_always_stood_stands(on: date) -> None:
    assert as_of("51", on) == ("51",)
    assert as_of("510722101", on) == ("510722101",)


@given(st.text(alphabet="0123456789x", max_size=13), st.dates())
def test_never_raises(code: str, on: date) -> None:
    assert isinstance(as_of(code, on), tuple)


@given(st.sampled_from([code for code, _, _ in read_divisions() if len(code) < 9]), st.dates())
def test_what_is_found_stands(code: str, on: date) -> None:
    for found in as_of(code, on):
        assert as_of(found, on) == (found,)


def test_codes_that_never_changed_lead_nowhere_else() -> None:
    days = (date(1990, 1, 1), date(2014, 1, 1), *SNAPSHOTS, date(2025, 1, 1))
    codes = [code for code, _, _ in read_divisions() if not ever_changed(code)]
    assert len(codes) > 30_000
    for code in codes[::7]:
        assert {new for on in days for new in as_of(code, on)} <= {code}


def test_latest_codes_are_those_of_the_latest_list() -> None:
    found = latest_codes()
    standing = {code for code, _, seen in read_divisions() if seen & LATEST}
    assert not standing & found.keys()
    assert standing >= {code for codes in found.values() for code in codes}
    assert found["510122"] == ("510116",)
    assert found["330104"] == ("330102", "330114")
    assert found["120106011"] == ()  # 大胡同街道


def test_every_stated_change_leads_on() -> None:
    for change in read_changes():
        if change.kind != "founded" and change.day < SNAPSHOTS[-1]:
            assert as_of(change.old_code, SNAPSHOTS[-1]), change
        elif change.day > SNAPSHOTS[-1]:
            assert change.new_code in as_of(change.new_code, change.day), change


def test_a_code_given_to_another_division_does_not_mislead() -> None:
    # 浈江区 and 武江区 changed codes in 2003; 栾城县 and 正定县 in 1993.
    assert as_of("130124", date(2020, 1, 1)) == ("130111",)
    # 110106008 was 卢沟桥街道, then 六里桥街道: what became of its villages is not the code's.
    assert as_of("110106008", date(2022, 6, 1)) == ("110106008",)
