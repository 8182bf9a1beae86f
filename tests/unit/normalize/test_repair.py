"""Damaged text is made whole, clean text stays, and nothing takes long."""

import bisect
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_files import Case, cases
from clean_text import make_lines
from corruption import corrupt, make_corruption, to_traditional
from normalize.readings import load_readings
from normalize.repair import repair
from normalize.script import to_simplified
from normalize.trace import apply_edits

CORRUPTED = "第三批城鄉(xiāng)社區(qū)治理試點(diǎn)單(dān)位"


@cases("repair")
def test_cases(case: Case) -> None:
    case.check(repair(case.text).text)


def test_edits_lead_from_the_printed_text_to_the_clean_one() -> None:
    repaired = repair(CORRUPTED)
    assert repaired.kinds == ("pinyin_annotation",)
    assert apply_edits(CORRUPTED, repaired.edits) == repaired.text == "第三批城鄉社區治理試點單位"


@pytest.mark.parametrize(
    ("old", "new"), [("", ""), ("(", "（"), (")", ") "), (")", ")I(shèn)P"), ("?", "?？")]
)
def test_text_and_edits_agree_in_every_dialect(old: str, new: str) -> None:
    """The text is put together beside the edits, not by them."""
    damaged = corrupt("\n".join(make_lines(60, 3)), make_corruption(1000, 3))
    damaged = damaged.replace(old, new) if old else damaged
    if new == "（":
        damaged = damaged.replace(")", "）")
    mixed = to_traditional("\n".join(make_lines(60, 4))) + "\n" + damaged
    for text in (damaged, mixed, mixed + "\n锟斤拷"):
        repaired = repair(text)
        assert apply_edits(text, repaired.edits) == repaired.text


def test_a_place_that_cannot_be_read_is_counted_and_left() -> None:
    repaired = repair(CORRUPTED + "?zzz)")
    assert repaired.text.endswith("單位?zzz)")
    assert repaired.lost == 1


def test_what_was_swallowed_is_marked_and_lowers_the_confidence() -> None:
    repaired = repair(CORRUPTED + "日?qǐng)?份")
    assert repaired.text.endswith("日報□份")
    assert repaired.lost == 1
    assert repaired.confidence <= 0.5


@pytest.mark.parametrize(("size", "seed"), [(300, 1), (1500, 2)])
def test_generated_damage_is_undone(size: int, seed: int) -> None:
    """Floors: 95 % of lines, 90 % of damaged lines; 99 % of those the repair is sure of."""
    clean = make_lines(1500, seed)
    damaged = corrupt("\n".join(clean), make_corruption(size, seed))
    repaired = repair(damaged)
    lines = to_simplified(repaired.text).split("\n")
    wanted = to_simplified(to_traditional("\n".join(clean))).split("\n")
    right = [line == want for line, want in zip(lines, wanted, strict=True)]
    starts = [0, *(i + 1 for i, character in enumerate(damaged) if character == "\n")]
    line_of = {edit: bisect.bisect_right(starts, edit.start) - 1 for edit in repaired.edits}
    straddled = {line for edit, line in line_of.items() if edit.kind == "straddle"}
    unsure = {line for edit, line in line_of.items() if edit.confidence < 0.99}
    sure = [right[i] for i in range(len(right)) if i not in unsure]
    assert len(straddled) > 500
    assert sum(right) >= 0.95 * len(right)
    assert sum(right[i] for i in straddled) >= 0.90 * len(straddled)
    assert sum(sure) >= 0.99 * len(sure)


@pytest.mark.parametrize("traditional", [False, True])
def test_clean_text_is_not_touched(traditional: bool) -> None:
    text = "\n".join(make_lines(2000, 3))
    text = to_traditional(text) if traditional else text
    assert repair(text).edits == ()


@pytest.mark.parametrize("traditional", [False, True])
@pytest.mark.parametrize("share", [1.0, 0.02])
def test_textbooks_are_not_touched(traditional: bool, share: float) -> None:
    """Text in which every character, or one in fifty, carries its reading."""
    rng = random.Random(4)
    text = "\n".join(make_lines(200, 5))
    text = to_traditional(text) if traditional else text
    readings = load_readings()
    glossed = "".join(
        f"{c}({readings.of(c)[0]})" if readings.of(c) and rng.random() < share else c for c in text
    )
    assert repair(glossed).edits == ()


def test_clean_parts_of_a_mixed_page_are_not_touched() -> None:
    clean = to_traditional("\n".join(make_lines(120, 6)))
    damaged = corrupt("\n".join(make_lines(60, 7)), make_corruption(800, 7))
    repaired = repair(f"{clean}\n{damaged}\n{clean}")
    assert repaired.text.startswith(clean + "\n")
    assert repaired.text.endswith("\n" + clean)
    assert len(repaired.edits) > 1000


@pytest.mark.parametrize(
    "text",
    [
        "?" * 1_000_000,
        "?(" * 500_000,
        "(qū)" * 250_000,
        "區(" * 500_000,
        "區(qū)?" * 100_000,
        "區(qū)?。" * 30_000,
        "區(qū)" * 100 + "?qǐng)" * 200_000,
        "社區(qū)建設(shè)，" * 60_000,
    ],
    ids=lambda text: text[:8],
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    began = time.process_time()
    repair(text)
    assert time.process_time() - began < 30


def test_doubled_text_takes_about_double_time() -> None:
    once = corrupt("\n".join(make_lines(300, 8)), make_corruption(800, 8))
    repair(once)
    times = []
    for text in (once * 4, once * 16):
        began = time.process_time()
        repair(text)
        times.append(time.process_time() - began)
    assert times[1] < 12 * times[0]


PIECES = "社區鄉報日請撥打?()（）qūxiānǐgbàoč，！？、。€\ue7fe\ud800\x00\n 0aA/>;"


@given(st.text(alphabet=PIECES, max_size=60))
def test_any_text_is_survived(text: str) -> None:
    damaged = f"{CORRUPTED}{text}"
    repaired = repair(damaged)
    assert apply_edits(damaged, repaired.edits) == repaired.text
    assert all(0 < edit.confidence <= 1 for edit in repaired.edits)
