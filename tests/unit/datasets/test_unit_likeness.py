import time

import pytest
from listing_rows import fill_row

from datasets import unit_likeness
from datasets.listed_units import READ, read_units
from datasets.unit_likeness import match_alike


def unit(path, number=0):
    parts = dict(zip(("city", "county", "town", "village"), path.split("/"), strict=False))
    names = {level: name or None for level, name in parts.items()}
    row = fill_row("units", name_full=path.replace("/", ""), unit_id=f"{path}{number}", **names)
    return read_units({name: [row[name]] for name in READ})[0]


def match(names_a, names_b, similarity=0.75):
    found = match_alike([unit(n) for n in names_a], [unit(n) for n in names_b], similarity)
    return {(m.a[0].name, m.b[0].name) for m in found.matches}


def test_the_best_sum_wins_over_the_best_pair():
    near = "绵阳市/三台县/潼川镇/"
    old = [near + "红星路东社区", near + "红星路社区"]
    new = [near + "红星路社区居委会", near + "红星路西社区"]
    assert len(match(old, new)) == 2


@pytest.mark.parametrize(
    ("old", "new", "alike"),
    [
        ("绵阳市/三台县/潼川镇/人民路一社区", "绵阳市/三台县/潼川镇/人民路二社区", False),
        ("绵阳市/三台县/潼川镇/古城社区", "绵阳市/三台县//古城社区", True),
        # a county that was merged takes its towns along
        ("杭州市/江干区/凯旋街道/景华社区", "杭州市/上城区/凯旋街道/景华社区", True),
        ("杭州市/江干区/凯旋街道/景华社区", "杭州市/上城区/九堡街道/景华社区", False),
        ("杭州市/江干区/凯旋街道", "杭州市/上城区/凯旋街道", False),
        ("绵阳市/三台县/潼川镇/古城社区", "成都市/三台县/潼川镇/古城社区", False),
        ("绵阳市/三台县/潼川镇", "绵阳市/三台县/潼川镇/古城社区", False),
    ],
)
def test_what_may_be_a_rename(old, new, alike):
    assert match([old], [new]) == (
        {(old.replace("/", ""), new.replace("/", ""))} if alike else set()
    )


def test_places_too_large_are_left_alone_and_counted(monkeypatch):
    monkeypatch.setattr(unit_likeness, "MAX_CELLS", 3)
    units = [unit(f"绵阳市/三台县/潼川镇/东河{n}社区") for n in "甲乙"]
    found = match_alike(units, units, 0.5)
    assert (found.matches, found.unsearched) == ((), 4)


def test_a_city_of_a_thousand_names_is_matched_in_seconds():
    syllables = "东西南北中上下前后大小新老金银红白青山河"
    names = [a + b + c for a in syllables for b in syllables for c in "桥门湾"][:1000]
    old = [unit(f"绵阳市/三台县/潼川镇/{name}甲社区") for name in names]
    new = [unit(f"绵阳市/三台县/潼川镇/{name}乙社区") for name in names]
    start = time.process_time()
    assert len(match_alike(old, new, 0.75).matches) == len(names)
    assert time.process_time() - start < 30
