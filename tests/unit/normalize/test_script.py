import subprocess
from functools import cache
from itertools import pairwise
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_files import Case, cases
from normalize.division_lists import LATEST
from normalize.gazetteer import load_gazetteer
from normalize.script import (
    Script,
    detect_script,
    read_script,
    restore_community,
    script_spans,
    simplify,
    to_simplified,
)
from normalize.script_region import load_script_words
from normalize.trace import apply_edits

HAN = [
    chr(code)
    for first, last in ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x323AF))
    for code in range(first, last + 1)
]
TABLES = ("TSPhrases", "HKVariantsRevPhrases", "TWVariantsRevPhrases")
# Where this module means to differ from OpenCC: forms of Taiwan, and names of places.
OWN = frozenset("簷痺睪")
CHARACTERS = st.sampled_from(
    "乾隆坤燥著着後后里裏裡社群區区縣县瞭解於麼錢鍾書這这是计計畫画。，\n「」“”a1𠮷𩀨\ud800\0"
)
TEXTS = st.text(CHARACTERS, max_size=60)
SCRIPTS: st.SearchStrategy[Script | None] = st.sampled_from(
    [None, "Hans", "Hant", "Hant-TW", "Hant-HK", "Hant-CN", "mixed", "none"]
)


@cases("script")
def test_script(case: Case) -> None:
    if case.options.get("show") == "reading":
        case.check(read_script(case.text).script)
    else:
        case.check(simplify(case.text, case.options.get("script")).text)  # type: ignore[arg-type]


@cache
def phrases() -> list[str]:
    """Keys of OpenCC's own phrase tables, read with the tool it ships."""
    assert opencc.__file__
    root = Path(opencc.__file__).parent / "clib"
    tool = root / "bin" / "opencc_dict"
    if not tool.exists():
        pytest.skip("this build of OpenCC ships no opencc_dict")
    found = []
    for table in TABLES:
        source = root / "share" / "opencc" / f"{table}.ocd2"
        command = [str(tool), "-i", str(source), "-f", "ocd2", "-t", "text", "-o", "/dev/stdout"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found += [line.split("\t")[0] for line in done.stdout.splitlines()]
    return found


def test_every_character_converts_as_opencc_has_it_one_for_one() -> None:
    expected = opencc.OpenCC("hk2s").convert("\n".join(HAN)).split("\n")
    assert all(len(new) == 1 for new in expected)
    actual = to_simplified("\n".join(HAN), "Hant").split("\n")
    assert {c for c, a, e in zip(HAN, actual, expected, strict=True) if a != e} == OWN


def test_every_phrase_converts_as_opencc_has_it_one_for_one() -> None:
    convert = opencc.OpenCC("hk2s").convert
    assert len(phrases()) > 1500
    for phrase in phrases():
        if not OWN & set(phrase):
            expected = convert(phrase)
            assert len(expected) == len(phrase)
            assert simplify(phrase, "Hant").text == expected


@pytest.mark.parametrize("config", ["t2s", "tw2s", "hk2s"])
def test_no_faithful_configuration_changes_the_length(config: str) -> None:
    convert = opencc.OpenCC(config).convert
    for text in [*phrases(), *HAN[:27000]]:
        assert len(convert(text)) == len(text)


def test_running_text_of_phrases_converts_as_opencc_has_it() -> None:
    usual = [phrase for phrase in phrases() if not OWN & set(phrase)]
    for width in (2, 3, 5):
        for start in range(0, len(usual) - width, width):
            text = "".join(usual[start : start + width])
            assert simplify(text, "Hant").text == opencc.OpenCC("hk2s").convert(text)


def test_names_of_places_in_simplified_script_stay() -> None:
    names = {division.name for division in load_gazetteer().divisions}
    changed = {name for name in names if to_simplified(name) != name}
    assert changed <= {"鴜鷺树镇", "酇城镇"}


def test_names_of_places_come_back_from_traditional_script() -> None:
    divisions = load_gazetteer().divisions
    names = sorted({division.name for division in divisions if division.seen & LATEST})
    printed = opencc.OpenCC("s2t").convert("\n".join(names)).split("\n")
    lost = [n for n, p in zip(names, printed, strict=True) if to_simplified(p, "Hant") != n]
    assert len(lost) <= 13, lost


@given(TEXTS, SCRIPTS)
def test_edits_lead_to_the_text_and_keep_its_length(text: str, script: Script | None) -> None:
    simple = simplify(text, script)
    assert apply_edits(text, simple.edits) == simple.text
    assert len(simple.text) == len(text)
    assert simple.script == (script or read_script(text).script)
    cursor = 0
    for edit in simple.edits:
        assert cursor <= edit.start < edit.end
        assert edit.old == text[edit.start : edit.end] != edit.new
        cursor = edit.end


@given(TEXTS)
def test_spans_cover_the_text_and_alternate(text: str) -> None:
    spans = script_spans(text)
    assert "".join(text[span.start : span.end] for span in spans) == text
    assert all(a.end == b.start and a.script != b.script for a, b in pairwise(spans))


@given(TEXTS)
def test_simplified_spans_are_never_changed(text: str) -> None:
    simple = simplify(text)
    for span in script_spans(text):
        if span.script in {"Hans", "none"}:
            assert simple.text[span.start : span.end] == text[span.start : span.end]


@given(st.text(max_size=40))
def test_any_text_can_be_read(text: str) -> None:
    assert detect_script(text) in {"Hans", "Hant", "mixed", "none"}
    assert len(to_simplified(text)) == len(text)


def test_touching_edits_are_one() -> None:
    assert [edit.old for edit in simplify("據瞭解，乾燥", "Hant").edits] == ["據瞭", "乾"]


def test_community_edits_stand_for_themselves() -> None:
    edits = simplify("街道社羣黨委", "Hant-CN").edits
    assert [(e.old, e.new, e.kind) for e in edits] == [
        ("羣", "区", "community"),
        ("黨", "党", "script"),
    ]


def test_restoring_communities_needs_no_conversion() -> None:
    (edit,) = restore_community("某街道社群居委会", "Hant-CN")
    assert (edit.start, edit.new, edit.confidence) == (4, "区", 0.98)


def test_evidence_is_counted() -> None:
    reading = read_script("縣府與縣府表揚志工")
    assert [tuple(e) for e in reading.evidence] == [("縣府", "Hant-TW", 2), ("志工", "Hant-TW", 1)]
    assert reading.traditional_share == 1.0


def test_a_few_simplified_sentences_leave_a_page_its_region() -> None:
    page = "縣府表揚社區發展協會與志工，鄉親們都來參加。\n" * 30 + "这里写错了。"
    assert read_script(page).script == "Hant-TW"
    assert [span.script for span in script_spans(page)] == ["Hant-TW", "Hans"]


def test_forms_that_a_converter_leaves_are_not_what_taiwan_writes() -> None:
    row = load_script_words()["evidence"][0]
    to_taiwan = opencc.OpenCC("s2tw").convert
    assert [w for w in row["words"].split() if to_taiwan(to_simplified(w, "Hant")) == w] == []


def test_a_word_speaks_for_one_region() -> None:
    words = [word for row in load_script_words()["evidence"] for word in row["words"].split()]
    assert len(words) == len(set(words))


def test_a_long_stretch_without_marks_takes_linear_time() -> None:
    text = "乾隆計畫覆蓋" * 20_000
    assert to_simplified(text, "Hant") == "乾隆计划覆盖" * 20_000
