from datetime import UTC, datetime

import pytest

from extract.article import find_article
from extract.lines import read_html_lines, read_text_lines
from extract.metadata import Metadata, MetadataOptions, read_metadata
from extract.page import parse_tree
from extract.records import Author
from extract.source import ParseRules

PROSE = (
    "记者从绵阳市民政局了解到，今年全市共有四十二个社区参加治理试点，覆盖三台、梓潼、平武等县，"
    "试点工作将持续一年，年底由市里统一验收。"
)
MORE = "试点社区每周三晚上开门议事，居民把停车、照明、晾晒这些小事带来商量，由网格员记下来跟进。"
NOW = datetime(2022, 6, 1, tzinfo=UTC)
URL = "http://mzt.example.cn/notice/3.html"


def read_text(*lines: str) -> Metadata:
    page = read_text_lines("\n".join(lines))
    return read_metadata(page, find_article(page, None), None, MetadataOptions(URL, NOW))


def read_html(
    head: str = "", body: str = "", tail: str = "", meta: str = "", rules: ParseRules | None = None
) -> Metadata:
    root = parse_tree(f"{meta}<body><div>{head}</div><div><p>{PROSE}<p>{MORE}{body}</div>{tail}")
    page = read_html_lines(root)
    options = MetadataOptions(URL, NOW, rules)
    return read_metadata(page, find_article(page, root), root, options)


def day(metadata: Metadata) -> str | None:
    return metadata.published.value.date().isoformat() if metadata.published else None


def test_title_loses_the_name_of_the_site():
    found = read_html(meta="<title>试点社区开门议事_要闻_某省民政厅</title>")
    assert (found.title, found.site) == ("试点社区开门议事", "某省民政厅")


def test_title_with_a_dash_of_its_own_is_kept_whole():
    found = read_html(meta="<title>绵阳-德阳社区共建名单公布</title>")
    assert found.title == "绵阳-德阳社区共建名单公布"


def test_printed_title_wins_over_a_title_that_was_cut_off():
    found = read_html(
        head="<h1>绵阳市四十二个社区参加治理试点工作名单公布</h1><p>2022-03-10</p>",
        meta="<title>绵阳市四十二个社区参加治理试点工作...</title>",
    )
    assert found.title == "绵阳市四十二个社区参加治理试点工作名单公布"


def test_damaged_title_keeps_its_raw_form():
    found = read_text("五社聯(lián)動(dòng)凝心聚力", "時(shí)間:2022-03-10", PROSE, MORE)
    assert (found.title, found.title_raw) == ("五社联动凝心聚力", "五社聯(lián)動(dòng)凝心聚力")


def test_equal_raw_title_is_absent():
    assert read_text("试点社区开门议事", "2022-03-10", PROSE).title_raw is None


def test_publication_date_beats_date_of_writing():
    found = read_html(head="<p>成文日期:2022-03-01 发布日期:2022-03-10</p>")
    assert day(found) == "2022-03-10"


def test_table_above_the_title_gives_the_publication_date():
    rows = "<tr><td>成文日期<td>2022-03-01<td>发布日期<td>2022-03-10</tr>"
    head = f"<table>{rows}</table><h1>试点名单公示</h1><p>来源:市民政局</p>"
    assert day(read_html(head=head, meta="<title>试点名单公示</title>")) == "2022-03-10"


def test_date_of_today_above_the_title_is_not_the_time_of_publication():
    head = "<p>2022年6月1日 星期三</p><h1>试点名单公示</h1><p>来源:市民政局</p>"
    assert read_html(head=head, meta="<title>试点名单公示</title>").published is None


def test_publication_date_below_the_text():
    assert day(read_html(tail="<p>发布日期:2022-03-06 责任编辑:龙某</p>")) == "2022-03-06"


def test_printed_time_beats_meta():
    found = read_html(head="<p>2022-03-10 08:30</p>", meta="<meta name=PubDate content=2022-03-11>")
    assert day(found) == "2022-03-10"


def test_meta_time_is_the_last_resort():
    assert day(read_html(meta="<meta name=PubDate content='2022-03-11 09:00'>")) == "2022-03-11"


def test_date_in_the_first_sentence_is_not_the_time_of_publication():
    page = read_text(
        "试点社区开门议事", "2021年5月2日，潼川镇草堂社区启用了议事亭，居民可以商量小事。" * 3
    )
    assert page.published is None


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("时间:2022-03-10 来源:绵阳日报阅读:6371", "绵阳日报"),
        ("2022-03-10 08:24 来源: 绵阳日报 记者 张三", "绵阳日报"),
        ("绵阳日报2022-03-10 07:17", "绵阳日报"),
        ("2022-03-10 · 涪城观察", "涪城观察"),
        ("来源:市民政局、市委社工部 2022-03-10 字号:大 中 小", "市民政局、市委社工部"),
        ("信息来源：三台县民政局　发布时间：2022-03-10", "三台县民政局"),
    ],
)
def test_source_in_the_head(line: str, source: str):
    assert read_text("试点社区开门议事", line, PROSE, MORE).source == source


def test_source_alone_on_a_line():
    found = read_html(head="<h1>试点社区开门议事</h1><p>2022-03-10</p><p><a href=/>涪城眼</a></p>")
    assert found.source == "涪城眼"


def test_source_at_the_end():
    found = read_text("试点社区开门议事", "2022-03-10 08:00", PROSE, MORE, "【来源:四川日报】")
    assert (found.source, found.source_raw) == ("四川日报", "来源:四川日报")


def test_source_in_the_head_wins_over_the_end():
    page = ("试点社区开门议事", "2022-03-10 来源:绵阳晚报", PROSE, MORE, "【来源:四川日报】")
    assert read_text(*page).source == "绵阳晚报"


def test_source_of_a_picture_is_not_the_source():
    assert read_text("试点社区开门议事", "2022-03-10", "图片来源:视觉中国", PROSE).source is None


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("■绵阳早报记者张三实习生李小四", [("张三", "记者"), ("李小四", "实习生")]),
        ("记者 王梦 通讯员 赵小明", [("王梦", "记者"), ("赵小明", "通讯员")]),
        ("作者：上官云 宋小晟", [("上官云", "作者"), ("宋小晟", "作者")]),
        ("全媒体记者 刘 洋 文/图", [("刘洋", "全媒体记者")]),
        ("本报讯", []),
        ("某县民政局办公室", []),
        ("资料图。某社记者 贾某某 摄", []),
    ],
)
def test_byline(line: str, authors: list[tuple[str, str]]):
    found = read_text("试点社区开门议事", "2022-03-10", line, PROSE, MORE)
    assert found.authors == tuple(Author(*author) for author in authors)


@pytest.mark.parametrize(
    ("byline", "author"),
    [("(记者李某)", ("李某", "记者")), ("（全媒体记者 苏小伃）", ("苏小伃", "全媒体记者"))],
)
def test_byline_at_the_end_of_the_last_paragraph(byline: str, author: tuple[str, str]):
    found = read_text("试点社区开门议事", "2022-03-10", PROSE, MORE + byline)
    assert found.authors == (Author(*author),)


def test_sentence_about_a_reporter_is_no_byline():
    found = read_text("试点社区开门议事", "2022-03-10", PROSE, "记者走进社区看到居民正在议事。")
    assert found.authors == ()


def test_editor_views_and_tags():
    found = read_text(
        "试点社区开门议事",
        "时间:2022-03-10 浏览量:45,520",
        PROSE,
        MORE,
        "标签:潼川镇;社区",
        "编辑:马某某",
    )
    assert (found.editor, found.views, found.tags) == ("马某某", 45520, ("潼川镇", "社区"))


def test_breadcrumb_without_home_and_text():
    found = read_text(
        "您当前的位置 : 某在线 > 城市频道 > 绵阳 正文", "试点社区开门议事", "2022-03-10", PROSE
    )
    assert found.breadcrumb == ("某在线", "城市频道", "绵阳")


def test_attachments_are_absolute_and_only_over_http():
    links = (
        "<p><a href=../f/a.docx>附件1</a><p><a href='file:///etc/b.pdf'>附件2</a>"
        "<p><a href=c.html>网页</a>"
    )
    found = read_html(body=links)
    assert [(a.url, a.text) for a in found.attachments] == [
        ("http://mzt.example.cn/f/a.docx", "附件1")
    ]


def test_attachments_of_the_sidebar_are_not_of_the_article():
    frame = "<p>分享到:</p>" * 20 + "<div><a href=form.docx>表格下载</a></div>"
    assert read_html(tail=frame).attachments == ()


def test_rules_of_the_source_win():
    rules = ParseRules(title="//h3", published="//i", source="//b")
    head = "<h3>规则所指的标题</h3><i>2022年5月4日</i><b>规则日报</b>"
    found = read_html(head=head, meta="<title>另一个标题_某网</title>", rules=rules)
    assert (found.title, day(found), found.source) == ("规则所指的标题", "2022-05-04", "规则日报")


def test_page_without_article_has_no_time_and_no_source():
    root = parse_tree("<ul>" + "<li><a href=1>第三批试点名单公布</a> 2022-03-10 来源:某报" * 20)
    page = read_html_lines(root)
    found = read_metadata(page, find_article(page, root), root, MetadataOptions(URL, NOW))
    assert (found.published, found.source, found.authors) == (None, None, ())
