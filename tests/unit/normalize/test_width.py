import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_files import Case, cases
from normalize.trace import apply_edits
from normalize.width import fold_width, unify

ODD = st.text(
    st.sampled_from(
        "社区a \n，（\u00a0\u3000\u200b\ufeff⻄⾦\uf90a\ue5e5\ue600\ue816\u0304\u0308ü﹐︵\ud800\0"
    ),
    max_size=40,
)


@cases("width")
def test_width(case: Case) -> None:
    if case.options.get("by") == "fold_width":
        case.check(fold_width(case.text))
    else:
        case.check(unify(case.text).text)


@given(ODD)
def test_edits_lead_to_the_text(text: str) -> None:
    unified = unify(text)
    assert apply_edits(text, unified.edits) == unified.text
    cursor = 0
    for edit in unified.edits:
        assert cursor <= edit.start < edit.end
        assert edit.old == text[edit.start : edit.end] != edit.new
        assert edit.kind in {"invisible", "composed"} or len(edit.old) == len(edit.new)
        cursor = edit.end


@given(st.one_of(ODD, st.text(max_size=40)))
def test_folding_keeps_offsets(text: str) -> None:
    assert len(fold_width(text)) == len(text)
    assert fold_width(fold_width(text)) == fold_width(text)


@given(ODD)
def test_what_is_unified_shows_nothing_invisible(text: str) -> None:
    unified = unify(text).text
    assert not set(unified) & set("\u200b\ufeff\0")


def test_kangxi_radicals_follow_unicode() -> None:
    for code in range(0x2F00, 0x2FD6):
        assert unify(chr(code)).text == unicodedata.normalize("NFKC", chr(code))


def test_supplement_has_no_holes_but_those_of_unicode() -> None:
    stay = [code for code in range(0x2E80, 0x2EF4) if unify(chr(code)).text == chr(code)]
    assert stay == [0x2E80, 0x2E9A]


def test_compatibility_ideographs_follow_unicode_one_for_one() -> None:
    for code in (*range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20)):
        assert unify(chr(code)).text == unicodedata.normalize("NFC", chr(code))
        assert len(unify(chr(code)).text) == 1


def test_what_gb18030_reads_as_private_use_comes_out_assigned() -> None:
    pairs = [
        b"\xa3\xa0",
        b"\xa8\xbc",
        *(bytes((0xA6, t)) for t in (*range(0xD9, 0xE0), 0xEC, 0xED, 0xF3)),
    ]
    pairs += [bytes((0xFE, t)) for t in (*range(0x50, 0x7F), *range(0x80, 0xA1))]
    for pair in pairs:
        unified = unify(pair.decode("gb18030"))
        assert unified.unknown == 0
        assert unicodedata.category(unified.text) not in {"Co", "Cn"}, pair.hex()


def test_every_private_use_position_of_gbk_is_known() -> None:
    known = [*range(0xE815, 0xE865), *range(0xE7E7, 0xE7F4), *range(0xE78D, 0xE797), 0xE7C7, 0xE7C8]
    results = [unify(chr(code)).text for code in known]
    assert all(unicodedata.category(c) != "Co" for c in results)
    # The standard lists the description characters, then extension A.
    assert results[known.index(0xE7E7)] == "〾"
    assert results[known.index(0xE7F3)] == "⿻"
    assert results[known.index(0xE863)] == "䶮"


def test_unknown_private_use_is_counted() -> None:
    assert unify("甲\ue600乙\uf8ff\U000f0000").unknown == 3


def test_private_use_is_less_than_sure() -> None:
    (edit,) = unify("\ue81e").edits
    assert (edit.kind, edit.confidence) == ("private_use", 0.9)


def test_edits_of_one_kind_that_touch_are_one() -> None:
    kinds = [(e.kind, e.end - e.start) for e in unify("⻄⾦\u200b\u200b\u00a0 \u00a0").edits]
    assert kinds == [("radical", 2), ("invisible", 2), ("width", 1), ("width", 1)]


def test_a_diacritic_after_a_mended_character_stays() -> None:
    assert unify("\u00a0\u0304").text == " \u0304"


@pytest.mark.parametrize("text", ["社区治理（试点）：甲、乙。", "乾隆 GB 18030", ""])
def test_clean_text_is_the_same_object(text: str) -> None:
    assert unify(text).text is text
