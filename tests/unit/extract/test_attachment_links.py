import pytest

from extract.article import Article, find_article
from extract.attached import name_file
from extract.attachment_links import keep_file_lines, read_attachment_links, read_post_links
from extract.lines import read_html_lines
from extract.page import parse_tree
from extract.records import Attachment

HEADLINE = "关于公布第三批城乡社区治理试点单位名单的通知"
MENU = "".join(f"<li><a href=/c{number}/>栏目名称{number}</a></li>" for number in range(12))
FOOT = "<div class=footer><a href=/about.html>关于我们</a><a href=/m.docx>网站手册.docx</a></div>"
INFO = "<p>发布日期：2022-04-06 来源：四川省民政厅</p>"
URL = "http://mzt.example.cn/n/3.html"
FILE = "<p>附件：<a href=list.docx>试点单位名单.docx</a></p>"


def read_page(
    body: str, title: str = HEADLINE, info: str = INFO
) -> tuple[Article, tuple[str, ...]]:
    html = f"<title>{title}_四川省民政厅</title><ul>{MENU}</ul><h1>{title}</h1>{info}{body}{FOOT}"
    root = parse_tree(html)
    lines = read_html_lines(root)
    article = keep_file_lines(find_article(lines, root), lines.lines, root)
    return article, tuple(link.url for link in read_attachment_links(article, root, URL))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"<div id=zoom>{FILE}</div>", ["附件：试点单位名单.docx"]),
        (f"<div>{FILE}</div><div>分享到：<a href=#>微信</a></div>", ["附件：试点单位名单.docx"]),
        (f"<div><p>详见附件。</p>{FILE}</div>", ["详见附件。", "附件：试点单位名单.docx"]),
        ("<table><tr><td><a href=list.docx>试点单位</a></table>", ["试点单位"]),
    ],
)
def test_a_page_of_a_title_and_files_has_them_for_its_body(body: str, text: list[str]) -> None:
    article, links = read_page(body)
    assert [line.text for line in article.lines] == text
    assert article.page_type == "article"
    assert links == ("http://mzt.example.cn/n/list.docx",)
    assert HEADLINE in [line.text for line in article.head]


def test_several_files_are_all_found() -> None:
    files = "".join(f"<p>附件{number}：<a href={number}.xls>表</a></p>" for number in range(1, 5))
    article, links = read_page(f"<div>{files}</div>")
    assert (len(article.lines), len(links)) == (4, 4)


def list_files(count: int, ending: str, date: str) -> str:
    rows = (
        f"<li><a href={number}.{ending}>第{number}批试点单位名单</a><span>{date}</span></li>"
        for number in range(1, count + 1)
    )
    return f"<ul>{''.join(rows)}</ul>"


@pytest.mark.parametrize(
    "body",
    [
        list_files(14, "docx", ""),
        list_files(4, "docx", "2022-04-06"),
        list_files(6, "html", "2022-04-06") + FILE,
        list_files(2, "html", "2022-04-06").replace("</ul>", "<li><a href=1.pdf>公告</a></li></ul>")
        + list_files(8, "html", "")
        + FILE,
        "<p>没有附件</p>",
        f"<div class=sidebar>{FILE}</div>",
        f"<nav>{FILE}</nav>",
        "",
    ],
)
def test_indexes_and_frames_are_no_article(body: str) -> None:
    article, links = read_page(body, "名单下载")
    assert (article.lines, links) == ((), ())


def test_a_front_page_with_a_file_is_no_article() -> None:
    root = parse_tree(
        f"<title>四川省民政厅</title><ul>{MENU}</ul><h3>下载专区</h3><div>{FILE}</div>"
    )
    lines = read_html_lines(root)
    article = find_article(lines, root)
    assert keep_file_lines(article, lines.lines, root) is article


def test_an_article_with_text_stays_as_it_is() -> None:
    text = "经研究，决定将下列社区列为试点单位，现予公布，请认真组织实施，按季度报送有关情况。" * 3
    article, links = read_page(f"<div><p>{text}</p>{FILE}</div>")
    assert text in [line.text for line in article.lines]
    assert links == ("http://mzt.example.cn/n/list.docx",)


def test_a_post_has_its_own_files_and_those_its_text_links_to() -> None:
    root = parse_tree(
        "<div id=a><p>名单：<a href=list.xlsx>下载</a>，<a href=/x.html>网页</a></p></div>"
        "<div id=b><p>我的也有<a href=mine.xlsx>名单</a></p></div>"
    )
    lines = [line for line in read_html_lines(root).lines if line.text.startswith("名单")]
    carried = Attachment("http://bbs.example.cn/forum.php?mod=attachment&aid=MTE", "名单.docx")
    url = "http://bbs.example.cn/thread-7-1-1.html"
    assert [file.url for file in read_post_links(lines, [carried], root, url)] == [
        carried.url,
        "http://bbs.example.cn/list.xlsx",
    ]
    assert read_post_links((), (), None, url) == ()


@pytest.mark.parametrize(
    ("url", "text", "name"),
    [
        ("http://bbs.cn/forum.php?mod=attachment&aid=MTE", "名单.docx", "名单.docx"),
        ("http://bbs.cn/forum.php?mod=attachment&aid=MTE", "../名单.docx", ".._名单.docx"),
        ("http://a.cn/f/1.docx", "第三批名单.docx", "1.docx"),
        ("http://a.cn/f/", "附件", "附件"),
    ],
)
def test_the_address_or_else_the_text_names_a_file(url: str, text: str, name: str) -> None:
    assert name_file(Attachment(url, text)) == name
