import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.formulas import defuse, defuse_texts, find_dangerous

RUN = [
    "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\rx", "\x00=1", "\n=1", "\ufeff=1",
    " =1", "　=1", "\u200b=1", "\xa0 \t=1", "＝1+1", "＋1+1", "－1-1", "＠SUM(1)", "−1+1", "\x1b=1",
    "-", "--5", "+1+1", "-1,5", "- 5", "'=1", "''  =1", "=", "\x7f=1", "+5\n=1", "-5\n",
]  # fmt: skip
HARMLESS = [
    "", "古城社区", "-12.5", "+86", "-7", "a=1", "'90后", "(=1)", "1-2", "2022-04-06", "—", "·=",
    "□=", "http://a.cn/?a=1", "'", "0.5", "\"=1",
]  # fmt: skip


@pytest.mark.parametrize("text", RUN)
def test_what_a_spreadsheet_may_run_is_defused(text: str) -> None:
    assert defuse_texts([text]) == ["'" + text]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_it_does_not_run_stays(text: str) -> None:
    assert defuse_texts([text]) == [text]


def test_missing_texts_stay_missing_among_others() -> None:
    assert defuse(pa.array([None, "=1", None, "a"], pa.string())).to_pylist() == [
        None, "'=1", None, "a",
    ]  # fmt: skip
    assert defuse_texts([]) == []


@given(st.text(st.sampled_from("='+-@ \t\r\n\0＝１a1.中"), max_size=6))
def test_taking_one_apostrophe_from_what_is_dangerous_gives_the_text_back(text: str) -> None:
    defused = defuse_texts([text])[0]
    assert defused is not None
    dangerous = find_dangerous(pa.array([defused], pa.string()))[0].as_py()
    assert (defused[1:] if dangerous else defused) == text


@given(st.text(max_size=5))
def test_nothing_defused_begins_like_a_formula(text: str) -> None:
    defused = defuse_texts([text])[0] or ""
    number = re.fullmatch(r"[+-]?[0-9.]+", defused)
    assert number or not re.match(r"[\s\0]*[=+\-@＝＋－＠]", defused)
