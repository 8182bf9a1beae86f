import subprocess
import sys
from pathlib import Path

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.keywords import _load_dictionary, add_keywords, find_keywords, segment
from extract.records import Comment, Document, PageRecords

NEWS = (
    "三台县潼川镇草堂社区的食堂开饭了。食堂由社区和两家超市合办，老人一顿饭八元五角，"
    "志愿者把饭菜送到行动不便的老人家里。三台县民政局说，今年还要再开二十三家。"
)


def words(text: str, limit: int = 10) -> list[str]:
    return [keyword.word for keyword in find_keywords(text, limit)]


def test_the_subject_comes_first() -> None:
    assert words(NEWS)[:4] == ["三台县", "食堂", "潼川镇", "草堂社区"]


def test_weights_are_those_of_jieba() -> None:
    # One place, one word of the table and one of the dictionary that the table lacks.
    found = {keyword.word: keyword.weight for keyword in find_keywords("食堂食堂 三台县")}
    rarity = _load_dictionary().rarity
    assert found["食堂"] == round(2 / 3 * rarity["食堂"], 4)
    assert list(found) == sorted(found, key=lambda word: -found[word])


@pytest.mark.parametrize(
    "text",
    ["2022年4月6日", "八十六户一百七十三人", "的了和是", "县", "……？！", "3.6万平方米", "第三批",
     "https://www.example.cn/a_b.html?id=7", "moumou@example.cn", "没有我们", "", " \u3000\n"],
)  # fmt: skip
def test_what_is_no_subject_is_left_out(text: str) -> None:
    assert words(text) == []


def test_a_guessed_word_counts_from_the_second_time_on() -> None:
    guessed = "阿朵"
    assert guessed not in _load_dictionary().tokenizer.FREQ
    assert guessed not in words("阿朵来到食堂")
    assert guessed in words("阿朵来到食堂。阿朵说好。")


def test_traditional_and_wide_text_counts_as_its_simplified_form() -> None:
    text = "社區的ＡＰＰ，社区的app"
    found = {keyword.word: keyword for keyword in find_keywords(text)}
    assert [found["社区"].count, found["app"].count] == [2, 2]
    assert text[found["社区"].start : found["社区"].end] == "社區"
    assert text[found["app"].start : found["app"].end] == "ＡＰＰ"


def test_divisions_are_words_whatever_the_dictionary_knows() -> None:
    assert "潼川镇" not in _load_dictionary().tokenizer.FREQ
    cut = segment("绵阳市三台县潼川镇、北坝镇")
    assert [token.word for token in cut if token.is_place] == [
        "绵阳市",
        "三台县",
        "潼川镇",
        "北坝镇",
    ]


def test_divisions_of_one_text_are_not_learned_for_the_next() -> None:
    text = "这里的潼川人"
    before = segment(text)
    segment("三台县潼川镇")
    assert segment(text) == before


def test_limit_and_ties_follow_the_text() -> None:
    assert len(find_keywords(NEWS, 3)) == 3
    assert find_keywords(NEWS, 0) == find_keywords(NEWS, -1) == ()
    assert words("北坝镇 潼川镇 龙安镇") == ["北坝镇", "潼川镇", "龙安镇"]


def test_our_dictionary_is_that_of_jieba() -> None:
    with (Path(jieba.__file__).parent / "dict.txt").open("rb") as file:
        frequencies, total = jieba.Tokenizer.gen_pfdict(file)
    tokenizer = _load_dictionary().tokenizer
    assert frequencies == tokenizer.FREQ
    assert tokenizer.total == total


def test_jieba_is_not_touched_prints_nothing_and_leaves_no_file(tmp_path: Path) -> None:
    program = (
        "from extract.keywords import find_keywords\n"
        "import sys; assert 'jieba' not in sys.modules\n"
        "assert find_keywords('三台县的食堂')\n"
        "import jieba; assert not jieba.dt.initialized and not jieba.dt.FREQ\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True, check=False, env={"TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=60, deadline=None)
@given(
    st.text(
        alphabet=st.one_of(
            st.sampled_from("社區区潼川镇 的,\n3.%２a-\ud800\x00龘"), st.characters()
        )
    )
)
def test_tokens_stand_where_they_say(text: str) -> None:
    cursor = 0
    for token in segment(text):
        assert text[cursor : token.start].strip() == ""
        assert token.start < token.end
        cursor = token.end
    assert text[cursor:].strip() == ""
    for keyword in find_keywords(text):
        assert keyword.count >= 1
        assert keyword.end - keyword.start == len(keyword.word)


def test_an_endless_run_of_rare_characters_is_cut_in_pieces() -> None:
    # jieba alone would take half a minute: its time grows with the square of such a run.
    run = "龘靐齉" * 20_000
    assert sum(len(token.word) for token in segment(run)) == len(run)


def test_document_and_comments_get_their_words() -> None:
    document = Document("d", "s", "http://a.cn/", "", "thread", "食堂开饭了", "三台县的食堂")
    comment = Comment("c", "t", "d", 2, None, None, None, None, "我们古城社区的助餐点")
    empty = Comment("e", "t", "d", 3, None, None, None, None, "顶")
    page = add_keywords(PageRecords(document, comments=(comment, empty)))
    assert page.document.keywords == ("食堂", "三台县", "开饭")
    assert page.comments[0].keywords is not None
    assert "社区" in "".join(page.comments[0].keywords)
    assert page.comments[1].keywords == ()
    assert document.keywords is None
