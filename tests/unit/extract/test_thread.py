"""Thread pages of the usual Discuz! X view."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from extract.lines import read_html_lines
from extract.page import Page, decode_page, parse_tree
from extract.records import Comment
from extract.source import EXAMPLE, read_source
from extract.thread import ThreadPage, read_thread

FETCHED = datetime(2022, 4, 8, 1, 0, tzinfo=UTC)
CHINA = timezone(timedelta(hours=8))
URL = "http://bbs.example.cn/forum.php?mod=viewthread&tid=7001"


def post(number: int, text: str, **parts: str) -> str:
    """Build one post as the usual view prints it; `parts` replaces single pieces."""
    author = parts.get("author", f"<a href='space-uid-{number}.html' class='xi2'>用户{number}</a>")
    floor = parts.get("floor", f"<strong><a id='postnum{number}'><em>{number}</em>#</a></strong>")
    when = parts.get("when", f"发表于 2022-4-6 12:{number % 60:02}")
    body = parts.get(
        "body",
        f"<div class='t_fsz'><table><tr><td class='t_f' id='postmessage_{number}'>{text}</td>"
        "</tr></table></div>",
    )
    return (
        f"<div id='post_{number}'><table id='pid{number}'><tr><td class='pls'>等级 3</td>"
        f"<td class='plc'><div class='pi'>{floor}<div class='authi'>{author}"
        f"<em id='authorposton{number}'>{when}</em><a href='?authorid=5'>只看该作者</a></div></div>"
        f"<div class='pct'><div class='pcb'>{body}</div></div>"
        "<div class='sign'>我的签名档</div></td></tr></table></div>"
    )


def thread_html(*posts: str, head: str = "", bar: str = "") -> str:
    return (
        "<html><head><title>试点名单公布 - 社区 - 绵州论坛</title></head><body>"
        "<div id='pt'><div class='z'><a href='./'>绵州论坛</a><a href='forum.php'>论坛</a>"
        "<a href='forum-36-1.html'>三台生活</a><a href='thread-7001-1-1.html'>试点名单</a></div>"
        f"</div>{bar}<div id='postlist'>{head}<h1 class='ts'><a>[转载]</a>"
        f"<span id='thread_subject'>试点名单公布</span></h1>{''.join(posts)}</div></body></html>"
    )


def read(html: str | bytes, url: str = URL) -> ThreadPage | None:
    body = html if isinstance(html, bytes) else html.encode()
    page = Page(body, url, "text/html", None, FETCHED)
    root = parse_tree(decode_page(page).text)
    return read_thread(page, root, read_html_lines(root), None, "d" * 16)


def read_page(html: str | bytes, url: str = URL) -> ThreadPage:
    thread_page = read(html, url)
    assert thread_page is not None
    return thread_page


def comment(text: str, **parts: str) -> Comment:
    """Read one reply, standing below an opening post."""
    (read_comment,) = read_page(thread_html(post(1, "名单如下"), post(2, text, **parts))).comments
    return read_comment


def test_opening_and_comments_of_a_first_page() -> None:
    page = read_page(thread_html(post(1, "潼川镇入选<br>龙安镇入选"), post(2, "好事")))
    assert [line.text for line in page.opening] == ["潼川镇入选", "龙安镇入选"]
    assert [(c.floor, c.author, c.post_no, c.text) for c in page.comments] == [
        (2, "用户2", "2", "好事")
    ]
    assert page.thread.author == "用户1"
    assert page.thread.posted_at == datetime(2022, 4, 6, 12, 1, tzinfo=CHINA)
    assert page.opening_posted is not None
    assert page.opening_posted.value == page.thread.posted_at


def test_thread_number_board_title_and_address() -> None:
    thread = read_page(thread_html(post(1, "名单")), f"{URL}&extra=page%3D1&page=1").thread
    assert (thread.thread_no, thread.board, thread.title) == ("7001", "三台生活", "试点名单公布")
    assert thread.url == URL
    assert thread.doc_id == "d" * 16


def test_all_pages_of_a_thread_share_its_id() -> None:
    first = read_page(thread_html(post(1, "名单")), "http://bbs.example.cn/thread-7001-1-1.html")
    second = read_page(thread_html(post(11, "好")), f"{URL}&page=2")
    assert first.thread.thread_id == second.thread.thread_id


def test_every_post_of_a_later_page_is_a_comment() -> None:
    page = read_page(thread_html(post(11, "恭喜三台"), post(12, "恭喜平武")), f"{URL}&page=2")
    assert page.opening == ()
    assert page.opening_posted is None
    assert [c.floor for c in page.comments] == [11, 12]
    assert page.thread.page == 2


def test_later_page_names_the_author_of_the_thread() -> None:
    head = "<div id='tath'><a title='山里人'><img></a>楼主: <a title='山里人'>山里人</a></div>"
    assert read_page(thread_html(post(11, "好"), head=head), f"{URL}&page=2").thread.author == (
        "山里人"
    )


def test_page_bar_and_counts() -> None:
    bar = (
        "<div id='pgt'><div class='pg'><strong>1</strong><a>2</a><a class='last'>... 14</a>"
        "<label><span title='共 14 页'> / 14 页</span></label></div></div>"
    )
    head = (
        "<div class='hm ptn'><span>查看:</span> <span>5316</span>|<span>回复:</span> "
        "<span>137</span></div>"
    )
    thread = read_page(thread_html(post(1, "名单"), head=head, bar=bar)).thread
    assert (thread.pages_stated, thread.views_stated, thread.replies_stated) == (14, 5316, 137)


def test_jammers_and_hidden_text_are_left_out() -> None:
    text = "平武<font class='jammer'>x9 本站所有 q</font>入选<span style='display:none'>乱码</span>"
    assert comment(text).text == "平武入选"


def test_quote_becomes_quoted_text_and_number() -> None:
    text = (
        "<div class='quote'><blockquote><a href='forum.php?mod=redirect&goto=findpost&pid=90&"
        "ptid=7001'>山里人 发表于 2022-4-6 12:45</a><br>古城社区入选了吗</blockquote></div>"
        "<br>入选了"
    )
    read_comment = comment(text)
    assert read_comment.text == "入选了"
    assert (read_comment.quoted_post_no, read_comment.quoted_text) == ("90", "古城社区入选了吗")


def test_answer_line_without_quote_keeps_the_number_only() -> None:
    text = "<b>回复 <a href='?goto=findpost&pid=90&ptid=7001'>3#</a> <i>山里人</i></b><br>是的"
    read_comment = comment(text)
    assert (read_comment.text, read_comment.quoted_post_no) == ("是的", "90")
    assert read_comment.quoted_text is None


def test_link_to_a_post_in_the_text_is_no_quote() -> None:
    assert comment("见<a href='?goto=findpost&pid=90'>这一楼</a>").quoted_post_no is None


def test_opening_keeps_news_that_stand_in_a_quote() -> None:
    text = "转:<div class='quote'><blockquote>潼川镇、龙安镇入选</blockquote></div>"
    page = read_page(thread_html(post(1, text)))
    assert [line.text for line in page.opening] == ["转:", "潼川镇、龙安镇入选"]


def test_edit_note_is_a_flag_and_no_text() -> None:
    read_comment = comment(
        "<i class='pstatus'> 本帖最后由 用户2 于 2022-4-6 13:01 编辑 </i><br><br>更正:古城镇"
    )
    assert (read_comment.text, read_comment.flags) == ("更正:古城镇", ("edited",))


def test_signature_is_no_text() -> None:
    assert "签名" not in comment("支持").text


def test_attachment_and_client_name_are_no_text() -> None:
    text = (
        "看附件<ignore_js_op><a>名单.docx</a> (21 KB, 下载次数: 3)</ignore_js_op>"
        "<br><a href='misc.php?mod=mobile'>来自: 手机客户端</a>"
    )
    assert comment(text).text == "看附件"


def test_anonymous_author_is_none_with_a_flag() -> None:
    read_comment = comment("希望更好", author="匿名&nbsp;")
    assert (read_comment.author, read_comment.flags) == (None, ("anonymous",))


def test_locked_posts_are_kept_and_marked() -> None:
    notices = {
        "提示: <em>该帖被管理员或版主屏蔽</em>": "locked",
        "提示: <em>作者被禁止或删除 内容自动屏蔽</em>": "deleted",
    }
    for notice, flag in notices.items():
        read_comment = comment("", body=f"<div class='locked'>{notice}</div>")
        assert (read_comment.floor, read_comment.text, read_comment.flags) == (2, "", (flag,))


def test_hidden_part_marks_the_post_and_leaves_the_rest() -> None:
    text = "内部消息<div class='locked'>游客,如果您要查看本帖隐藏内容请<a>回复</a></div>"
    read_comment = comment(text)
    assert (read_comment.text, read_comment.flags) == ("内部消息", ("reply_to_see",))


def test_deleted_post_without_byline_keeps_its_floor() -> None:
    gone = (
        "<div id='post_3'><table id='pid3'><tr><td class='plc'><div class='pi'><strong><a>"
        "<em>3</em>#</a></strong></div>该帖已被删除</td></tr></table></div>"
    )
    page = read_page(thread_html(post(1, "名单"), post(2, "好"), gone))
    assert (page.comments[1].floor, page.comments[1].flags) == (3, ("deleted",))
    assert page.comments[1].author is None


def test_title_attribute_beats_a_relative_time() -> None:
    read_comment = comment("好", when="发表于 <span title='2022-4-6 20:13'>前天 20:13</span>")
    assert read_comment.posted_raw == "2022-4-6 20:13"
    assert read_comment.posted_at == datetime(2022, 4, 6, 20, 13, tzinfo=CHINA)


def test_floors_of_a_first_page_without_numbers_are_counted() -> None:
    page = read_page(thread_html(*(post(n, "好", floor="") for n in (51, 58, 60))))
    assert len(page.opening) == 1
    assert [c.floor for c in page.comments] == [2, 3]


def test_floors_of_a_later_page_without_numbers_are_not_guessed() -> None:
    page = read_page(thread_html(*(post(n, "好", floor="") for n in (51, 58))), f"{URL}&page=3")
    assert [c.floor for c in page.comments] == [None, None]


def test_named_floors() -> None:
    names = ("楼主", "沙发", "板凳", "地板")
    posts = (
        post(n + 70, "好", floor=f"<strong><a id='postnum{n + 70}'>{name}</a></strong>")
        for n, name in enumerate(names)
    )
    assert [c.floor for c in read_page(thread_html(*posts)).comments] == [2, 3, 4]


def test_recommended_post_counts_once_at_its_own_floor() -> None:
    recommended = post(9, "最佳回复", floor="<strong><a id='postnum9'>推荐</a></strong>")
    page = read_page(thread_html(post(1, "名单"), recommended, post(2, "好"), post(9, "最佳回复")))
    assert [(c.floor, c.post_no) for c in page.comments] == [(2, "2"), (9, "9")]


def test_reversed_order_finds_the_opening_post_by_its_floor() -> None:
    page = read_page(thread_html(post(2, "好"), post(1, "名单")))
    assert [line.text for line in page.opening] == ["名单"]
    assert [c.text for c in page.comments] == ["好"]


def test_page_of_one_author_keeps_true_numbers() -> None:
    page = read_page(thread_html(post(1, "名单"), post(8, "补充")), f"{URL}&authorid=5")
    assert [c.floor for c in page.comments] == [8]
    assert page.flags == ("one_author",)
    assert page.thread.url == URL


def test_closed_thread() -> None:
    page = read_page(thread_html(post(1, "名单"), head="<img src='locked.gif' alt='关闭'>"))
    assert page.thread.flags == ("locked",)


def test_gbk_page() -> None:
    body = thread_html(post(1, "潼川镇入选"), post(2, "好事一桩")).encode("gbk")
    page = read_page(body)
    assert (page.title, page.comments[0].text) == ("试点名单公布", "好事一桩")


def test_damage_is_mended_for_the_page_as_a_whole() -> None:
    page = read_page(
        thread_html(
            post(1, "城鄉(xiāng)社區(qū)"), post(2, "鄉(xiāng)鎮(zhèn)"), post(3, "社區(qū)")
        )
    )
    assert [line.text for line in page.opening] == ["城乡社区"]
    assert [(c.text, c.text_original) for c in page.comments] == [
        ("乡镇", "鄉(xiāng)鎮(zhèn)"),
        ("社区", "社區(qū)"),
    ]


def test_original_is_left_out_when_nothing_changed() -> None:
    assert comment("好事").text_original is None


def test_table_in_a_post_keeps_its_rows() -> None:
    page = read_page(thread_html(post(1, "<table><tr><td>1</td><td>潼川镇</td></tr></table>")))
    assert [(line.text, line.kind) for line in page.opening] == [("1\t潼川镇", "table_row")]


def test_post_left_open_does_not_swallow_the_next() -> None:
    html = (
        "<div id='post_1'><div id='postmessage_1'>名单<div>"
        "<div id='post_2'><div id='postmessage_2'>好</div></div>"
    )
    page = read_page(html)
    assert [line.text for line in page.opening] == ["名单"]
    assert [c.text for c in page.comments] == ["好"]


def test_author_without_byline_is_unknown_rather_than_anonymous() -> None:
    page = read_page("<div id='post_1'></div><div id='post_2'><p id='postmessage_2'>好</p></div>")
    assert page.thread.author is None
    assert page.comments == ()


def test_saved_page_takes_its_number_from_its_own_links() -> None:
    html = "<link rel='canonical' href='http://bbs.example.cn/thread-7001-1-1.html'>"
    saved = read_page(thread_html(html, post(1, "名单")), "file:///saved.html")
    online = read_page(thread_html(post(1, "名单")))
    assert saved.thread.thread_id == online.thread.thread_id


def test_other_pages_are_no_threads() -> None:
    for html in (
        "",
        "<p>作者: 张三 时间: 2022-4-6</p>",
        "<div id='post_5'><p>已删除旧稿,重新发布</p></div>",
        "<div id='post_5'><div class='message'>留言</div></div>",
        "<table id='threadlisttableid'><tbody id='normalthread_7'><tr><td>主题</td></tr></table>",
    ):
        assert read(html) is None


def test_source_of_threads_does_not_make_a_thread_of_an_article() -> None:
    page = Page(b"<p>1</p>", URL, "text/html", None, FETCHED)
    source = read_source("demo_site", EXAMPLE)
    source = replace(source, parse=replace(source.parse, page="thread"))
    root = parse_tree("<p>1</p>")
    assert read_thread(page, root, read_html_lines(root), source) is None


def test_torn_pages_never_raise() -> None:
    html = thread_html(post(1, "名单<table><tr><td>1</td><td>潼川镇</td></tr>"), post(2, "好"))
    for end in range(0, len(html), 7):
        for torn in (html[:end], html[end:]):
            thread_page = read(torn)
            assert thread_page is None or len(thread_page.comments) <= 2


def test_ten_thousand_posts_are_read_in_linear_time() -> None:
    html = thread_html(*(post(n, f"第{n}个社区<br>很好") for n in range(1, 10_001)))
    page = Page(html.encode(), URL, "text/html", None, FETCHED)
    root = parse_tree(html)
    lines = read_html_lines(parse_tree("<p></p>"))
    started = time.process_time()
    thread_page = read_thread(page, root, lines, None)
    assert thread_page is not None
    assert len(thread_page.comments) == 9_999
    assert time.process_time() - started < 30


def test_hidden_part_of_the_opening_post_marks_the_page() -> None:
    text = "名单见下<div class='locked'>游客,如果您要查看本帖隐藏内容请<a>回复</a></div>"
    page = read_page(thread_html(post(1, text)))
    assert page.flags == ("reply_to_see",)
    assert page.thread.flags == ()
