"""Text decoded with the wrong codec comes back, what is lost is marked, clean text stays."""

import re
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from case_files import Case, cases
from normalize.legacy_codecs import decode_legacy
from normalize.mojibake import find_mojibake
from normalize.trace import apply_edits

WORDS = (
    "社区 服务 中心 人民 政府 民政 街道 居民 委员 会议 工作 方案 试点 名单 公布 通知 各县 全市 "
    "省级 部门 单位 资金 项目 建设 管理 发展 党员 干部 群众 活动 乡镇 农村 村民 小组 文化 教育 "
    "医院 学校 老人 儿童 志愿 队伍 治理 创新 经验 第一 三年 五月 今天 我们 他们 这个 可以 已经"
).split()
LATIN = ("São Paulo", "café", "Müller", "£100", "25°C", "3×4", "façade")


def fix(text: str) -> str:
    return apply_edits(text, find_mojibake(text))


def read_latin(body: bytes) -> str:
    return body.decode("latin-1")


def read_windows(body: bytes) -> str:
    return decode_legacy(body, "cp1252")


def read_gbk(body: bytes) -> str:
    return decode_legacy(body, "gb18030")


words = st.sampled_from(WORDS)
breaks = st.sampled_from(
    ["", "", "，", "。", "、", "（", "）", "“", "”", "：", "《", "》", "—", "…"]
)
ascii_breaks = st.sampled_from([" ", "12", "-", "/", "abc ", "3.5%", " GDP", "\n"])
texts = st.lists(st.tuples(words, breaks | ascii_breaks), min_size=2, max_size=12).map(
    lambda pairs: "".join(word + after for word, after in pairs)
)
clean = st.lists(st.sampled_from([*WORDS, *LATIN]), max_size=4).map("；".join)


@cases("mojibake")
def test_cases(case: Case) -> None:
    case.check(fix(case.text))


@cases("mojibake")
def test_what_was_mended_is_left_alone(case: Case) -> None:
    assert find_mojibake(fix(case.text)) == []


@pytest.mark.parametrize("read", [read_latin, read_windows])
@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
@given(text=texts)
def test_latin_readings_come_back(text: str, encoding: str, read: Callable[[bytes], str]) -> None:
    assert fix(read(text.encode(encoding))) == text


@given(text=texts)
def test_two_rounds_come_back(text: str) -> None:
    once = read_windows(text.encode())
    assert fix(read_windows(once.encode())) == text


@given(text=texts)
def test_gbk_readings_come_back_when_no_byte_is_lost(text: str) -> None:
    misread = read_gbk(text.encode())
    assume("\ufffd" not in misread)
    assert fix(misread) == text


@given(text=texts)
def test_what_gbk_readings_lost_is_marked_and_not_invented(text: str) -> None:
    restored = fix(read_gbk(text.encode()))
    pattern = "".join("." if c == "□" else re.escape(c) for c in restored)
    assert re.fullmatch(pattern, text, re.DOTALL)


@pytest.mark.parametrize("read", [read_latin, read_windows])
@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
@given(before=clean, text=texts, after=clean)
def test_clean_neighbours_stay(
    before: str, text: str, after: str, encoding: str, read: Callable[[bytes], str]
) -> None:
    misread = f"{before}：{read(text.encode(encoding))}。{after}"
    assert fix(misread) == f"{before}：{text}。{after}"


@given(clean, clean)
def test_clean_text_has_no_edits(one: str, other: str) -> None:
    assert find_mojibake(f"{one}，“{other}”——×3、{one}·{other}") == []


@given(st.text() | st.text("锟斤拷烫屯涓枃浗鐨勬槸ÖÐ¹úä¸­å›½â€œ¡£ï¿½�€?é Ab \ud800\0"))
def test_edits_fit_any_text(text: str) -> None:
    edits = find_mojibake(text)
    apply_edits(text, edits)
    for edit in edits:
        assert text[edit.start : edit.end] == edit.old != edit.new
        assert 0 < edit.confidence < 1


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ÉçÇø·þÎñ", "gbk_as_latin1"),
        ("ç¤¾åŒº", "utf8_as_latin1"),
        ("绀惧尯", "utf8_as_gbk"),
        ("锟斤拷", "bytes_lost"),
        ("\ufffd", "bytes_lost"),
        ("2020骞\ufffd", "bytes_lost"),
    ],
)
def test_the_kind_names_the_mistake(text: str, kind: str) -> None:
    assert [edit.kind for edit in find_mojibake(text)] == [kind]


def test_losses_lower_the_confidence() -> None:
    (whole,) = find_mojibake("鏈嶅姟鏈嶅姟")
    (lossy,) = find_mojibake("鏈嶅姟鏈嶅姟绔\ufffd")
    assert (whole.new, lossy.new) == ("服务服务", "服务服务□")
    assert lossy.confidence < whole.confidence


def test_one_character_needs_evidence_nearby() -> None:
    assert find_mojibake("2020Äê") == []
    assert fix("³É¶¼ÊÐ2020Äê") == "成都市2020年"
    assert fix("³É¶¼ÊÐ" + "，" * 5000 + "2020Äê").endswith("2020Äê")


def test_single_edits_span_what_they_mend_only() -> None:
    (edit,) = find_mojibake("标题：“ÉçÇø·þÎñ”。")
    assert (edit.start, edit.end, edit.new) == (4, 12, "社区服务")
