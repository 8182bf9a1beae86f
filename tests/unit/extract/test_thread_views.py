"""Thread pages in the other views: touch, print, the saved text of print, archiver."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from extract.lines import read_html_lines, read_text_lines
from extract.page import Page, decode_page, parse_tree
from extract.source import EXAMPLE, Source, read_source
from extract.thread import ThreadPage, read_thread

FETCHED = datetime(2022, 4, 8, 1, 0, tzinfo=UTC)
CHINA = timezone(timedelta(hours=8))
PRINT_URL = "http://bbs.example.cn/forum.php?action=printable&mod=viewthread&tid=7001"
FRONT = "绵州网绵州论坛\n\n标题: 试点名单公布,有你家吗? [打印本页]\n\n"
FOOTER = "\n\n\n欢迎光临 绵州网绵州论坛 (http://bbs.example.cn/) Powered by Discuz! X3.2"


def read_text(text: str | bytes, source: Source | None = None) -> ThreadPage | None:
    body = text if isinstance(text, bytes) else text.encode()
    page = Page(body, "file:///saved/7001.txt", "text/plain", None, FETCHED)
    return read_thread(page, None, read_text_lines(decode_page(page).text), source)


def read_html(html: str, url: str = PRINT_URL) -> ThreadPage | None:
    page = Page(html.encode(), url, "text/html", None, FETCHED)
    root = parse_tree(html)
    return read_thread(page, root, read_html_lines(root), None)


def saved(*posts: tuple[str, str, str], footer: str = FOOTER) -> ThreadPage:
    """Read the saved text of a print view with posts of (author, time, text)."""
    body = "".join(f"作者: {who}    时间: {when}\n{text}\n" for who, when, text in posts)
    page = read_text(FRONT + body + footer)
    assert page is not None
    return page


OPENING = (
    "山里人",
    "2022-4-6 11:15",
    "标题: 试点名单公布,有你家吗?\n\n绵阳市三台县\n\n绵阳市平武县",
)
REPLY = ("河边人", "2022-4-6 12:22", "古城社区也入选了\n恭喜")


def test_text_has_an_opening_and_comments() -> None:
    page = saved(OPENING, REPLY)
    assert [line.text for line in page.opening] == ["绵阳市三台县", "绵阳市平武县"]
    assert [(c.floor, c.author, c.posted_raw, c.text) for c in page.comments] == [
        (2, "河边人", "2022-4-6 12:22", "古城社区也入选了\n恭喜")
    ]
    assert page.comments[0].posted_at == datetime(2022, 4, 6, 12, 22, tzinfo=CHINA)


def test_title_board_and_time_of_a_text() -> None:
    page = saved(OPENING, REPLY)
    assert (page.title, page.thread.board) == ("试点名单公布,有你家吗?", "绵州论坛")
    assert page.thread.posted_at == datetime(2022, 4, 6, 11, 15, tzinfo=CHINA)


def test_footer_is_no_part_of_the_last_post() -> None:
    assert saved(OPENING, ("河边人", "2022-4-6 12:22", "恭喜")).comments[-1].text == "恭喜"


def test_greeting_in_a_post_is_no_footer() -> None:
    text = "欢迎光临 三台县潼川镇\n来玩"
    assert saved(OPENING, ("河边人", "2022-4-6 12:22", text)).comments[0].text == text


def test_text_without_footer_is_read_when_it_holds_several_posts() -> None:
    page = saved(OPENING, REPLY, footer="")
    assert page.thread.board == "绵州论坛"
    assert len(page.comments) == 1


def test_anonymous_author_of_a_text() -> None:
    (comment,) = saved(OPENING, ("匿名", "2022-4-6 19:55", "没有我的家乡")).comments
    assert (comment.author, comment.flags) == (None, ("anonymous",))


def test_username_with_blanks_and_signs() -> None:
    names = ("一只 猫≈泡", "时间: 旅人", "1bn")
    page = saved(OPENING, *((name, "2022-4-6 19:55", "好") for name in names))
    assert [c.author for c in page.comments] == list(names)


def test_edit_note_and_notice_of_a_text_become_flags() -> None:
    page = saved(
        OPENING,
        ("河边人", "2022-4-6 12:22", "本帖最后由 河边人 于 2022-4-6 12:30 编辑\n更正:古城镇"),
        ("路人", "2022-4-6 12:23", "提示: 作者被禁止或删除 内容自动屏蔽"),
    )
    assert [(c.text, c.flags) for c in page.comments] == [
        ("更正:古城镇", ("edited",)),
        ("", ("deleted",)),
    ]


def test_quote_in_a_text_ends_where_the_quoted_post_ends() -> None:
    answer = "河边人 发表于 2022-4-6 12:22\n古城社区也入...\n我也看见了"
    comment = saved(OPENING, REPLY, ("路人", "2022-4-6 12:40", answer)).comments[1]
    assert (comment.text, comment.quoted_text) == ("我也看见了", "古城社区也入...")


def test_head_like_line_of_an_unknown_post_stays_text() -> None:
    answer = "河边人 发表于 2019-1-1 08:00\n旧闻"
    assert saved(OPENING, ("路人", "2022-4-6 12:40", answer)).comments[0].text == answer


def test_gbk_text() -> None:
    body = f"{FRONT}作者: 山里人    时间: 2022-4-6 11:15\n潼川镇入选{FOOTER}".encode("gbk")
    page = read_text(body)
    assert page is not None
    assert [line.text for line in page.opening] == ["潼川镇入选"]


def test_same_saved_text_gives_the_same_ids() -> None:
    first, second = (saved(OPENING, REPLY) for _ in range(2))
    assert first.comments == second.comments
    assert first.comments[0].thread_id == first.thread.thread_id


def test_two_posts_of_one_minute_have_two_ids() -> None:
    comments = saved(OPENING, REPLY, REPLY).comments
    assert len({comment.comment_id for comment in comments}) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "标题: 一篇通讯\n作者: 张三 时间: 2022-4-6 11:15\n正文在此",
        "作者: 张三 时间: 2022-4-6 11:15\n正文\n作者: 李四 时间: 2022-4-7\n又一篇",
        "标题: 通知\n作者: 张三\n时间: 2022-4-6",
    ],
)
def test_other_texts_are_no_threads(text: str) -> None:
    assert read_text(text) is None


def test_source_of_threads_admits_a_single_post() -> None:
    source = read_source("demo_site", EXAMPLE)
    threads = replace(source, parse=replace(source.parse, page="thread"))
    page = read_text("标题: 名单\n作者: 山里人 时间: 2022-4-6 11:15\n潼川镇", threads)
    assert page is not None
    assert (page.title, page.thread.source_id) == ("名单", "demo_site")


def print_html(*posts: str) -> str:
    return (
        "<html><body><h1>绵州论坛</h1><b>标题: </b>试点名单公布 <b><a href='###'>[打印本页]</a></b>"
        f"<br>{''.join(posts)}<br><br><hr><table><tr><td>欢迎光临 绵州论坛 "
        "(http://bbs.example.cn/)</td><td>Powered by Discuz! X3.4</td></tr></table></body></html>"
    )


def print_post(author: str, when: str, text: str) -> str:
    return f"<hr><b>作者: </b>{author}&nbsp; &nbsp; <b>时间: </b>{when}<br>{text}"


def test_print_view() -> None:
    page = read_html(
        print_html(
            print_post("山里人", "2022-4-6 11:15", "<b>标题: </b>试点名单公布<br>潼川镇<br>龙安镇"),
            print_post("匿名", "2022-4-6 12:22", "<div align='center'>好事</div>"),
        )
    )
    assert page is not None
    assert (page.title, page.thread.board, page.thread.thread_no) == (
        "试点名单公布",
        "绵州论坛",
        "7001",
    )
    assert [line.text for line in page.opening] == ["潼川镇", "龙安镇"]
    assert [(c.floor, c.author, c.text) for c in page.comments] == [(2, None, "好事")]
    assert page.thread.url == "http://bbs.example.cn/forum.php?mod=viewthread&tid=7001"


def test_print_view_takes_the_exact_time_from_the_title_attribute() -> None:
    page = read_html(
        print_html(
            print_post("山里人", "2022-4-6 11:15", "名单"),
            print_post("河边人", "<span title='2022-4-7 20:13'>昨天 20:13</span>", "好"),
        )
    )
    assert page is not None
    assert [(c.posted_raw, c.text) for c in page.comments] == [("2022-4-7 20:13", "好")]


def test_print_view_is_not_fooled_by_a_head_inside_a_post() -> None:
    page = read_html(
        print_html(
            print_post("山里人", "2022-4-6 11:15", "作者: 古人 时间: 2001-1-1 00:00<br>名单"),
            print_post("河边人", "2022-4-6 12:22", "好"),
        )
    )
    assert page is not None
    assert [line.text for line in page.opening] == ["作者: 古人 时间: 2001-1-1 00:00", "名单"]
    assert [c.floor for c in page.comments] == [2]


def test_print_view_separates_quotes_edit_notes_and_jammers() -> None:
    text = (
        "<i class='pstatus'>本帖最后由 路人 于 2022-4-6 12:50 编辑</i><br><br>"
        "<div class='quote'><blockquote><a href='forum.php?mod=redirect&goto=findpost&pid=82'>"
        "河边人 发表于 2022-4-6 12:22</a><br>好事</blockquote></div>"
        "同意<font class='jammer'>q8 www</font>"
    )
    page = read_html(
        print_html(
            print_post("山里人", "2022-4-6 11:15", "名单"),
            print_post("路人", "2022-4-6 12:40", text),
        )
    )
    assert page is not None
    (comment,) = page.comments
    assert (comment.text, comment.flags) == ("同意", ("edited",))
    assert (comment.quoted_text, comment.quoted_post_no) == ("好事", "82")


def archive(*posts: str, pages: str = "") -> str:
    return (
        "<html><head><title>试点名单公布 - 绵州论坛 - Powered by Discuz! Archiver</title></head>"
        "<body><div id='nav'><a href='./'>论坛</a> › <a href='?fid-36.html'>三台生活</a> › "
        f"试点名单公布</div><div id='content'>{''.join(posts)}<div class='page'>{pages}</div></div>"
        "<div id='end'>查看完整版本: <a href='../thread-7001-1-1.html'>"
        "<strong>试点名单公布</strong></a></div></body></html>"
    )


def archive_post(author: str, when: str, text: str) -> str:
    return f"<p class='author'><strong>{author}</strong> 发表于 {when}</p><h3></h3>{text}"


def test_archiver() -> None:
    page = read_html(
        archive(
            "<p class='author'><strong>山里人</strong> 发表于 2022-4-6 11:15</p>"
            "<h3>试点名单公布</h3>潼川镇<br>龙安镇",
            archive_post("<i>Anonymous</i>", "2022-4-6 12:22", "好事"),
        ),
        "http://bbs.example.cn/archiver/?tid-7001.html",
    )
    assert page is not None
    assert (page.title, page.thread.board, page.thread.thread_no) == (
        "试点名单公布",
        "三台生活",
        "7001",
    )
    assert [line.text for line in page.opening] == ["潼川镇", "龙安镇"]
    assert [(c.floor, c.author, c.posted_raw, c.text) for c in page.comments] == [
        (2, None, "2022-4-6 12:22", "好事")
    ]


def test_later_page_of_the_archiver_has_no_opening() -> None:
    page = read_html(
        archive(
            archive_post("河边人", "2022-4-6 12:22", "好事"), pages="<a>1</a> <strong>2</strong>"
        ),
        "http://bbs.example.cn/archiver/?tid-7001-page-2.html",
    )
    assert page is not None
    assert page.opening == ()
    assert (page.thread.page, page.thread.pages_stated, len(page.comments)) == (2, 2, 1)


def test_views_of_one_thread_share_its_id() -> None:
    printed = read_html(print_html(print_post("山里人", "2022-4-6 11:15", "名单")))
    archived = read_html(
        archive(archive_post("山里人", "2022-4-6 11:15", "名单")),
        "http://bbs.example.cn/archiver/?tid-7001.html",
    )
    assert printed is not None
    assert archived is not None
    assert printed.thread.thread_id == archived.thread.thread_id


def test_touch_view() -> None:
    def touch(number: int, floor: str, when: str, text: str) -> str:
        return (
            f"<div class='plc cl' id='pid{number}'><div class='display pi'><ul class='authi'>"
            f"<li class='mtit'><span class='y'>{floor}</span><span class='z'>"
            f"<a href='home.php?mod=space&uid={number}'>用户{number}</a></span></li>"
            f"<li class='mtime'>{when}</li></ul><div class='message'>{text}</div></div></div>"
        )

    counts = (
        "<span class='y'><i class='dm-eye'></i><em>88</em><i></i><em>1</em></span>2022-4-6 11:15"
    )
    notice = "<div class='quote'>提示: <em>该帖被管理员或版主屏蔽</em></div>"
    page = read_html(
        "<div class='view_tit'><em>[转载]</em> 试点名单公布</div>"
        + touch(81, "楼主", counts, "名单如下")
        + touch(82, "2#", "2022-4-6 12:22", "好事")
        + touch(83, "3#", "2022-4-6 12:30", notice)
    )
    assert page is not None
    assert page.title == "试点名单公布"
    assert page.thread.posted_at == datetime(2022, 4, 6, 11, 15, tzinfo=CHINA)
    assert (page.thread.views_stated, page.thread.replies_stated) == (88, 1)
    assert [(c.floor, c.author, c.text, c.flags) for c in page.comments] == [
        (2, "用户82", "好事", ()),
        (3, "用户83", "", ("locked",)),
    ]
