from datetime import UTC, datetime

from attachment_files import NAMES, make_csv, make_docx, make_xlsx
from extract.page import Page
from extract.parse import parse_page
from extract.records import PageRecords

HEADLINE = "关于公布四川省第三批城乡社区治理试点单位的通知"
NOTICE = f"""<meta charset=utf-8><title>{HEADLINE}_四川省民政厅</title><h1>{HEADLINE}</h1>
<p>发布日期：2022-04-06 来源：四川省民政厅</p>
<div><p>附件：<a href=list.docx>名单.docx</a></p></div>"""
POST = """<div id=post_{n}><table id=pid{n} class=plhin><tr><td class=pls><div class=authi>
<a class=xw1 href="home.php?mod=space&uid={n}">{author}</a></div></td><td class=plc><div class=pi>
<div class=authi><em id=authorposton{n}>发表于 2022-4-6 11:15</em></div><strong><a id=postnum{n}
href="forum.php?mod=redirect&ptid=7&pid={n}"><em>{n}</em></a></strong></div><div class=pct>
<div class=pcb><div class=t_fsz><table><tr><td class=t_f id=postmessage_{n}>{text}</td></tr></table>
</div>{files}</div></div></td></tr></table></div>"""
CARRIED = """<div class=pattl><dl class=tattl><dd><p class=attnm>
<a href="forum.php?mod=attachment&amp;aid=MTE">名单.docx</a></p></dd></dl></div>"""
OPENING = POST.format(
    n=1, author="山里人", text="名单，表格<a href=list.xlsx>见此</a>。", files=CARRIED
)
REPLY = POST.format(
    n=2, author="河边人", text="有我们潼川镇草堂社区<a href=mine.csv>下载</a>", files=""
)
THREAD = f"""<html><head><meta charset=utf-8><title>名单 - 论坛 - Powered by Discuz!</title></head>
<body><div id=postlist><h1 class=ts>
<span id=thread_subject>四川省第三批城乡社区治理试点名单</span></h1>
{OPENING}{REPLY}</div></body></html>"""


def parse(html: str, url: str, files: dict[str, bytes]) -> PageRecords:
    page = Page(html.encode(), url, "text/html", None, datetime(2022, 5, 1, tzinfo=UTC))
    return parse_page(page, None, files.get)


def test_a_page_without_text_gives_the_rows_of_its_file() -> None:
    url = "http://mzt.example.cn/n/3.html"
    records = parse(NOTICE, url, {"http://mzt.example.cn/n/list.docx": make_docx()})
    document = records.document
    assert (document.page_type, document.title) == ("announcement", HEADLINE)
    assert document.published_at == datetime(2022, 4, 6, tzinfo=document.published_at.tzinfo)
    assert tuple(unit.name_full for unit in records.units) == NAMES
    assert records.units[0].src == "files/list.docx#table1!2"
    assert "list_in_attachment" in parse(NOTICE, url, {}).document.flags


def test_files_of_an_opening_post_are_read_and_those_of_replies_are_not() -> None:
    host = "http://bbs.example.cn"
    carried = f"{host}/forum.php?mod=attachment&aid=MTE"
    files = {carried: make_docx(), f"{host}/mine.csv": make_csv()}
    records = parse(THREAD, f"{host}/thread-7-1-1.html", files)
    assert tuple(unit.name_full for unit in records.units) == NAMES
    assert records.units[0].src == "files/名单.docx#table1!2"
    assert [link.url for link in records.document.attachments] == [carried, f"{host}/list.xlsx"]
    assert {mention.unit_id for mention in records.mentions} == {records.units[0].unit_id}
    linked = parse(THREAD, f"{host}/thread-7-1-1.html", {f"{host}/list.xlsx": make_xlsx()})
    assert linked.units[-1].src == "files/list.xlsx#名单!6"


def test_a_file_of_a_post_that_cannot_be_read_is_an_issue() -> None:
    url = "http://bbs.example.cn/thread-7-1-1.html"
    records = parse(THREAD, url, {"http://bbs.example.cn/list.xlsx": b"no workbook"})
    assert "attachment_damaged" in {issue.code for issue in records.issues}
