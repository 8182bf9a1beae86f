import pytest

from normalize.clean import clean_lines
from normalize.repair import repair
from normalize.trace import apply_edits


def test_annotations_are_removed() -> None:
    repaired = repair("第三批城鄉(xiāng)社區(qū)治理試點(diǎn)單(dān)位")
    assert repaired.text == "第三批城鄉社區治理試點單位"
    assert repaired.kinds == ("pinyin_annotation",)


def test_edits_lead_from_the_printed_text_to_the_clean_one() -> None:
    printed = "城鄉(xiāng)社區(qū)治理"
    repaired = repair(printed)
    assert apply_edits(printed, repaired.edits) == repaired.text


def test_destroyed_neighbours_are_counted_and_left() -> None:
    repaired = repair("社區(qū)建設(shè),資陽日?qǐng)?bào)訊")
    assert repaired.lost == 2
    assert "日?qǐng)?bào)" in repaired.text


@pytest.mark.parametrize(
    "text",
    [
        "社区治理(试点)和服务(本地)创新",
        "他讀(dú)了一遍,又讀了三遍,再讀了兩遍。",
        "台北市(taipei)與高雄市(kaohsiung)",
        "人民(rénmín)是 people 的意思,生字:大(dà)小(xiǎo)",
        "全市3个社区、4个村(社区)",
    ],
)
def test_clean_text_stays(text: str) -> None:
    assert repair(text).text == text


def test_lines_are_cleaned_together_and_keep_their_number() -> None:
    clean = clean_lines(["城鄉(xiāng)", "", "社區(qū)治理"])
    assert clean.lines == ("城乡", "", "社区治理")
    assert (clean.script, clean.repairs) == ("Hant", 2)


def test_no_lines_give_no_lines() -> None:
    assert clean_lines([]).lines == ()


def test_simplified_text_is_not_touched_by_script_conversion() -> None:
    line = "乾隆年间的皇后著作"
    assert clean_lines([line, "社区治理"]).lines[0] == line
