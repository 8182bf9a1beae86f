"""Thread pages of phpwind and by rules, remarks, addresses, and the look that spares the rest."""

from datetime import UTC, datetime

import pytest

from extract.discuz_remarks import read_remarks
from extract.lines import PageLines, read_html_lines
from extract.page import Page, parse_tree
from extract.source import EXAMPLE, Source, read_source
from extract.thread import ThreadPage, read_thread
from extract.thread_address import read_thread_address
from extract.thread_gate import find_layouts, may_hold_thread
from extract.thread_post import is_edit_note, read_notice
from normalize.errors import GongshiError

FETCHED = datetime(2022, 4, 8, 1, 0, tzinfo=UTC)
WIND_URL = "http://bbs.example.cn/read.php?tid=7"
RULES = EXAMPLE.replace('"government"', '"forum"') + (
    "[parse.thread]\npost = \"//li[@class='r']\"\ntext = './div'\nauthor = './b'\n"
    "posted = './i/@title'\npost_no = './@id'\nquote = './/q'\nopening_floor = 0\nfloor = './u'\n"
)


def read(html: str, url: str, source: Source | None = None) -> ThreadPage | None:
    page = Page(html.encode(), url, "text/html", None, FETCHED)
    root = parse_tree(html)
    return read_thread(page, root, read_html_lines(root), source)


def wind(number: str, floor: str, text: str, who: str = "山里人", subject: str = "") -> str:
    """One floor as phpwind 8 prints it."""
    return (
        f"<div class='read_t' id='readfloor_{number}'><table class='floot'><tr><td "
        f"class='floot_left'><div class='r_name'><a href='u.php?uid=3'>{who}</a></div></td><td>"
        f"<div class='tipTop'><a onclick=\"copyUrl('{number}')\">{floor}</a>&nbsp;<span "
        f"title='2022-04-06 12:45'>发表于: 昨天</span></div><div id='subject_{number}'>{subject}"
        f"</div><div class='tpc_content'><div id='read_{number}'>{text}</div></div></td></tr>"
        "</table></div>"
    )


def read_wind(*floors: str, url: str = WIND_URL) -> ThreadPage:
    page = read("".join(floors), url)
    assert page is not None
    return page


def test_phpwind_counts_replies_from_one() -> None:
    page = read_wind(
        wind("tpc", "楼主", "名单"), wind("81", "沙发", "好"), wind("84", "4楼", "行", "河边人")
    )
    assert [line.text for line in page.opening] == ["名单"]
    assert [(c.floor, c.post_no, c.posted_raw) for c in page.comments] == [
        (2, "81", "2022-04-06 12:45"),
        (5, "84", "2022-04-06 12:45"),
    ]


def test_phpwind_answer_is_linked_by_its_floor() -> None:
    page = read_wind(wind("81", "1楼", "好"), wind("82", "2楼", "对", subject="回 1楼(甲) 的帖子"))
    assert page.comments[1].quoted_post_no == "81"


def test_phpwind_answer_to_another_page_is_left_open() -> None:
    page = read_wind(
        wind("82", "22楼", "对", subject="回 1楼(甲) 的帖子"), url=f"{WIND_URL}&page=2"
    )
    assert page.comments[0].quoted_post_no is None


def test_phpwind_hidden_words_that_are_shown_stay_text() -> None:
    text = (
        "<h6 class='quote'>本部分内容设定了隐藏</h6>"
        "<blockquote class='blockquote'>联系人</blockquote>"
    )
    (line,) = read_wind(wind("tpc", "楼主", text)).opening
    assert line.text == "联系人"


def test_phpwind_shows_one_author() -> None:
    page = read_wind(wind("tpc", "楼主", "名单"), wind("88", "8楼", "补"), url=f"{WIND_URL}&uid=3")
    assert ([c.floor for c in page.comments], page.flags) == ([9], ("one_author",))


def test_rules_read_a_forum_of_another_kind() -> None:
    source = read_source("other_forum", RULES)
    html = (
        "<title>名单 - 夜话</title><ul><li class=r id=p5><b>山里人</b><u>0</u><i title='2022-4-6 "
        "12:45'>昨天</i><div>名单如下</div><li class=r id=p6><b>匿名</b><u>1</u><div><q>名单如下"
        "</q>好</div></ul>"
    )
    page = read(html, "http://mzt.example.cn/t/7", source)
    assert page is not None
    assert (page.title, page.thread.thread_no, page.thread.author) == ("名单", "7", "山里人")
    (comment,) = page.comments
    assert (comment.floor, comment.post_no, comment.author) == (2, "6", None)
    assert (comment.text, comment.quoted_text, comment.flags) == ("好", "名单如下", ("anonymous",))


def test_rules_that_find_no_post_leave_the_page_to_others() -> None:
    source = read_source("other_forum", RULES)
    assert read("<p>公告</p>", "http://mzt.example.cn/t/7", source) is None
    assert read(wind("tpc", "楼主", "名单"), WIND_URL, source) is not None


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ("floor = '//['", "parse.thread.floor"),
        ("drop = ['//p', 'p[']", "parse.thread.drop"),
        ("thread_no = '/t/[0-9]+'", "no group"),
        ("page_no = '(?P<no>'", "parse.thread.page_no"),
    ],
)
def test_rules_nothing_can_be_read_with_are_refused(rule: str, named: str) -> None:
    toml = f"{EXAMPLE}[parse.thread]\npost = '//li'\ntext = './p'\n{rule}\n"
    with pytest.raises(GongshiError, match=named):
        read_source("other_forum", toml)


def test_rules_need_the_place_of_the_text() -> None:
    with pytest.raises(GongshiError, match=r"parse\.thread\.text is missing"):
        read_source("other_forum", f"{EXAMPLE}[parse.thread]\npost = '//li'\n")


@pytest.mark.parametrize(
    ("url", "page", "first"),
    [
        ("read.php?tid=7&page=2", 2, "read.php?tid=7"),
        ("read.php?tid-7-fpage-3-page-2.html", 2, "read.php?tid-7.html"),
        ("read-htm-tid-7-page-2.html", 2, "read-htm-tid-7.html"),
        ("index.php?m=bbs&c=read&tid=7&fid=2&page=2", 2, "index.php?m=bbs&c=read&tid=7"),
        ("simple/?t7_2.html", 2, "simple/?t7.html"),
        ("archiver/?tid-7.html&page=2", 2, "archiver/?tid-7.html"),
        ("archiver/tid-7-page-2.html", 2, "archiver/tid-7.html"),
        ("forum.php?mod=viewthread&tid=7&page=2&mobile=2", 2, "forum.php?mod=viewthread&tid=7"),
        ("forum.php?mod=viewthread&action=printable&tid=7", None, "forum.php?mod=viewthread&tid=7"),
    ],
)
def test_addresses(url: str, page: int | None, first: str) -> None:
    address = read_thread_address(f"http://bbs.example.cn/{url}")
    assert (address.thread_no, address.page) == ("7", page)
    assert address.first_page == f"http://bbs.example.cn/{first}"


def test_floors_of_a_page_with_the_newest_first_are_not_counted() -> None:
    posts = "".join(f"<div id=post_{n}><p id=postmessage_{n}>好</p></div>" for n in (9, 8))
    page = read(posts, "http://bbs.example.cn/forum.php?mod=viewthread&tid=7&ordertype=1")
    assert page is not None
    assert [c.floor for c in page.comments] == [None, None]


def test_notices_and_edit_notes() -> None:
    assert read_notice("本主题需向作者支付 5 枚铜板 才能浏览") == "locked"
    assert read_notice("付费主题, 价格: 5 枚铜板") is None
    assert read_notice("以下内容需要积分高于 20 才可浏览") is None
    assert is_edit_note("[山里人于2014-09-01 09:22编辑了帖子]")
    assert not is_edit_note("[山里人于2014-09-01 09:22来过]")


def test_remark_of_nobody_and_time_without_title() -> None:
    html = (
        "<div id=comment_81><div class=pstl><div class=psta>游客</div><div class=psti>同感&nbsp;"
        "<span class=xg1>发表于 3 天前 IP:203.0.113.7</span></div></div></div>"
    )
    (post,) = read_remarks(parse_tree(html).get_element_by_id("comment_81"), "81")
    assert (post.author, post.posted_raw, post.flags) == (None, "3 天前", ("remark", "anonymous"))
    assert [line.text for line in post.lines] == ["同感"]


def holds(html: str, url: str = "http://www.example.cn/n/3.html") -> bool:
    page = Page(html.encode(), url, "text/html", None, FETCHED)
    return may_hold_thread(page, read_html_lines(parse_tree(html)).lines, None)


def test_news_page_is_let_go_at_the_first_look() -> None:
    assert not holds("<h1>名单公布</h1><p>作者: 张三</p><p>本报发表于 2022-4-6</p>")
    assert not holds("")


def test_thread_without_a_telling_address_is_kept() -> None:
    assert holds(wind("tpc", "楼主", "名单"))
    assert holds("<ul class=authi><li class=mtit>楼主 山里人</ul>")
    assert holds("<p class=author><strong>山里人</strong> 发表于 2022-4-6</p>")
    assert holds("<hr><b>作者: </b>山里人 <b>时间: </b>2022-4-6 11:15")
    assert holds("<p>好</p>", "http://bbs.example.cn/thread-7-1-1.html")


def test_wide_encodings_are_left_to_the_readers() -> None:
    assert len(find_layouts("<p>好".encode("utf-16"))) == 4


def test_forum_page_without_posts_is_no_thread() -> None:
    source = read_source("some_forum", EXAMPLE.replace('"government"', '"forum"'))
    page = Page(b"<p>1", "http://mzt.example.cn/", "text/html", None, FETCHED)
    lines: PageLines = read_html_lines(parse_tree("<p>1"))
    assert read_thread(page, parse_tree("<p>1"), lines, source) is None
