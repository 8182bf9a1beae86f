"""Lines of a page: what shows, what is joined, and that odd or huge pages stay cheap."""

import pytest

from extract.article import find_article
from extract.boilerplate import is_link_line
from extract.container import Outline, find_container, weigh_lines
from extract.lines import Line, read_html_lines
from extract.page import parse_tree

SENTENCE = "桂花街道今年新增试点社区四十二个，覆盖九个县市区，为期一年。"


def read(html: str) -> tuple[Line, ...]:
    return read_html_lines(parse_tree(html)).lines


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("<p>甲<span style='Display : none'>乙</span>丙</p>", ["甲丙"]),
        ("<p>甲<font class='a jammer'>乙</font>丙</p>", ["甲丙"]),
        ("<p>甲<font class='jammers'>乙</font>丙</p>", ["甲乙丙"]),
        ("<p style='visibility:hidden'>甲</p>", ["甲"]),
        ("<p>甲<!-- 乙 -->丙<script>丁</script>戊</p>", ["甲丙戊"]),
        ("<div>甲<p>乙</p>丙</div>", ["甲", "乙", "丙"]),
        ("<p>\u3000\u3000甲 \n\t 乙\xa0<b> </b></p>", ["甲 乙"]),
        ("<table><tr><td>甲\t乙<td><td>丙<p>丁</p></table>", ["甲 乙\t\t丙 丁"]),
        ("<table><tr><td><ul><li>甲</ul><td>乙</table>", ["甲", "乙"]),
    ],
)
def test_the_lines_of_a_page(html: str, texts: list[str]) -> None:
    assert [line.text for line in read(html)] == texts


def test_only_blanks_are_taken_off_what_is_printed() -> None:
    assert [line.printed for line in read("<p>\u2003<b>甲\u3000乙</b></p>")] == ["\u2003甲\u3000乙"]


def test_markup_around_a_line() -> None:
    lines = read(
        "<center>甲</center><p style='text-align:center'><b>乙</b></p><h2 align=center>丙</h2>"
        "<p style='font-weight:700'>丁</p><li><a href=1>戊</a>己"
    )
    marks = [(line.kind, line.emphasis, line.centred, line.link_chars) for line in lines]
    assert marks == [
        ("paragraph", False, True, 0),
        ("paragraph", True, True, 0),
        ("heading", False, True, 0),
        ("paragraph", True, False, 0),
        ("list_item", False, False, 1),
    ]


def test_dropped_elements_are_left_out_and_their_tails_kept() -> None:
    root = parse_tree("<p>甲<i>乙</i>丙</p>")
    assert [line.text for line in read_html_lines(root, ["//i"]).lines] == ["甲丙"]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("\x00", ""),
        ("<!-- 无 -->", ""),
        ("<?xml version='1.0' encoding='gbk'?><p>甲", "甲"),
        ("<p>甲</BODY ></HTML><p>乙</body></html>", "甲乙"),
        ("<p>甲</body>\n</html>\n", "甲"),
    ],
)
def test_any_text_gives_a_tree(html: str, text: str) -> None:
    assert parse_tree(html).text_content().strip() == text


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + SENTENCE,
        f"<p>{SENTENCE * 20_000}</p>",
        "<div><span>" + "<a href=1.html>试点社区</a><br>" * 3_000 + "</span></div>",
    ],
)
def test_deep_long_and_linked_pages_are_read(html: str) -> None:
    root = parse_tree(html)
    assert find_article(read_html_lines(root), root).page_type


def test_a_block_of_many_links_is_not_searched_for_each_of_its_lines() -> None:
    links = "<a href=1.html>社区</a><br>" * 30 + "<a href=1.docx>名单</a>"
    assert all(map(is_link_line, read(f"<div><span>{links}</span></div>")))


def test_elements_are_numbered_from_the_outside_in() -> None:
    root = parse_tree("<div><p>甲</p>乙<ul><li>丙</ul></div><p>丁")
    lines = read_html_lines(root).lines
    outline = Outline(lines)
    assert all(parent < number for number, parent in enumerate(outline.parents))
    assert outline.mark_inside(root.findall(".//div")) == [True, True, True, False]
    assert outline.mark_inside(root.findall(".//ul")) == [False, False, True, False]


def test_a_frame_around_the_title_is_none() -> None:
    html = f"<div class=comment><h1>桂花街道公示名单</h1><p>{SENTENCE}</p><p>{SENTENCE}</p></div>"
    lines = read(html)
    untitled, titled = weigh_lines(lines), weigh_lines(lines, "桂花街道公示名单")
    assert untitled.lines[1] == pytest.approx(titled.lines[1] / 10)
    container = find_container(titled)
    assert container is not None
    assert container.get("class") == "comment"
