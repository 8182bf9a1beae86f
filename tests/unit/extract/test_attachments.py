from collections.abc import Callable
from datetime import UTC, datetime
from time import process_time

import pytest

from attachment_files import (
    NAMES,
    TITLE,
    make_compound,
    make_csv,
    make_docx,
    make_docx_of_lines,
    make_ofd,
    make_old_sheet,
    make_old_word,
    make_pdf,
    make_pdf_of_pages,
    make_scan,
    make_xlsx,
    make_xlsx_cell,
    make_xlsx_of_xml,
    make_zip,
)
from extract.attached import find_files, read_attached, read_linked
from extract.attachments import bounds, pdf, sheets
from extract.attachments.contents import AttachmentError
from extract.attachments.kinds import find_kind
from extract.attachments.read import read_attachment
from extract.page import Page
from extract.parse import parse_page
from extract.records import Attachment, PageRecords

HEADLINE = "关于公布四川省第三批城乡社区治理试点单位的通知"
NOTICE = f"""<html><head><meta charset=utf-8><title>{HEADLINE}</title></head><body>
<h1>{HEADLINE}</h1><p>发布日期：2022-04-06 来源：四川省民政厅</p><div><p>各市（州）民政局：经研究，
决定将下列4个社区列为第三批城乡社区治理试点单位，现予公布，名单见附件，
请认真组织实施，按季度报送情况。</p><p>附件：<a href="files/{{name}}">试点单位名单</a></p></div>"""

BROKEN_OFD = make_zip({"OFD.xml": b"", "Pages/Page_0/Content.xml": b"<"})


def parse_with(name: str, data: bytes) -> PageRecords:
    page = Page(
        NOTICE.format(name=name).encode(),
        "http://mzt.example.cn/n/3.html",
        "text/html",
        None,
        datetime(2022, 5, 1, tzinfo=UTC),
    )
    files = {f"http://mzt.example.cn/n/files/{name}": data}
    return parse_page(page, None, files.get)


@pytest.mark.parametrize(
    ("name", "make", "place"),
    [
        ("list.docx", make_docx, "files/list.docx#table1!2"),
        ("list.xlsx", make_xlsx, "files/list.xlsx#名单!3"),
        ("list.pdf", make_pdf, "files/list.pdf#page1!table1!2"),
        ("list.ofd", make_ofd, "files/list.ofd#page1!2"),
        ("list.csv", make_csv, "files/list.csv#2"),
    ],
)
def test_units_of_a_file_are_rows_with_their_place(
    name: str, make: Callable[[], bytes], place: str
) -> None:
    records = parse_with(name, make())
    assert tuple(unit.name_full for unit in records.units) == NAMES
    assert records.units[0].src == place
    assert {unit.batch for unit in records.units} == {3}
    text = records.document.text
    assert [text[u.span_start : u.span_end] for u in records.units] == [
        u.name_raw for u in records.units
    ]


def test_a_merged_cell_reaches_down() -> None:
    units = parse_with("list.xlsx", make_xlsx()).units
    assert [unit.parts.city for unit in units] == ["绵阳市"] * 3 + ["资阳市"]
    assert "city" in units[1].inherited


def test_lines_of_a_docx_are_read_like_a_page() -> None:
    lines = [TITLE, "一、街道", "1.绵阳市三台县潼川镇草堂社区", "2.绵阳市平武县古城镇古城社区"]
    units = parse_with("list.docx", make_docx_of_lines(lines)).units
    assert [unit.name_full for unit in units] == [NAMES[0], NAMES[2]]


def test_an_archive_gives_the_files_in_it_under_their_names() -> None:
    packed = make_zip({"list.csv": make_csv(), "readme.exe": b"MZ"})
    text, left = read_attachment(packed, "all.zip")
    assert text.name == "all.zip/list.csv"
    assert [code for code, _ in left.problems] == ["attachment_not_read"]
    assert parse_with("all.zip", packed).units[0].src == "files/all.zip/list.csv#2"


def test_a_scan_is_flagged_and_gives_no_row() -> None:
    records = parse_with("list.pdf", make_scan())
    assert records.units == ()
    assert "list_in_image" in records.document.flags


def test_without_the_file_the_page_says_where_its_list_stands() -> None:
    page = Page(
        NOTICE.format(name="list.docx").encode(),
        "http://mzt.example.cn/n/3.html",
        "text/html",
        None,
        datetime(2022, 5, 1, tzinfo=UTC),
    )
    assert "list_in_attachment" in parse_page(page, None).document.flags


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("list.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "attachment_damaged"),
        ("list.doc", b"MIME-Version: 1.0", "attachment_damaged"),
        ("list.doc", b"", "attachment_damaged"),
        ("list.doc", make_old_word(), "attachment_needs_converter"),
        ("list.wps", make_old_word(), "attachment_needs_converter"),
        ("list.doc", b"{\\rtf1 }", "attachment_needs_converter"),
        ("list.wps", b"other", "attachment_not_read"),
        ("list.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000), "attachment_damaged"),
        ("list.xls", make_compound("Workbook", b"\xff" * 64)[:3000], "attachment_damaged"),
        ("list.docx", b"PK\x03\x04broken", "attachment_damaged"),
        ("list.docx", make_zip({"word/document.xml": b"<w"}), "attachment_damaged"),
        ("list.xlsx", b"no workbook", "attachment_damaged"),
        ("list.pdf", b"%PDF-1.7 broken", "attachment_damaged"),
        ("list.ofd", BROKEN_OFD, "attachment_damaged"),
        ("list.docx", b"", "attachment_damaged"),
    ],
)
def test_what_cannot_be_read_is_an_issue_and_costs_only_itself(
    name: str, data: bytes, code: str
) -> None:
    records = parse_with(name, data)
    (issue,) = [issue for issue in records.issues if issue.code.startswith("attachment_")]
    assert issue.code == code
    assert name in issue.message
    assert records.document.title == HEADLINE


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("list.docx", lambda: make_compound("EncryptedPackage", b"")),
        ("list.xlsx", lambda: make_compound("EncryptedPackage", b"")),
        ("list.doc", lambda: make_old_word(encrypted=True)),
        ("list.wps", lambda: make_old_word(encrypted=True)),
        ("list.xls", lambda: make_old_sheet(encrypted=True)),
        ("list.pdf", lambda: make_pdf_of_pages(1, password="1234")),
    ],
)
def test_an_encrypted_file_says_so(name: str, make: Callable[[], bytes]) -> None:
    records = parse_with(name, make())
    assert [i.message for i in records.issues if i.code == "attachment_encrypted"] == [
        f"{name} is encrypted: remove the password and save it again"
    ]


def test_entities_are_not_expanded() -> None:
    bomb = (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><TextObject Boundary="1 1 9 9">'
    )
    page = bomb + b"<TextCode>&x;</TextCode></TextObject></a>"
    packed = make_zip({"OFD.xml": b"<a/>", "Pages/Page_0/Content.xml": page})
    (text,) = read_attachment(packed, "list.ofd")
    assert "root:" not in text.root.text_content()


def test_archives_that_unpack_too_far_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = make_zip({"a.csv": bytes(200_000)})
    monkeypatch.setattr(bounds, "MAX_UNPACKED_BYTES", 100_000)
    with pytest.raises(AttachmentError, match="left alone"):
        read_attachment(packed, "a.zip")


def test_archives_in_archives_end() -> None:
    packed = make_csv()
    for depth in range(4):
        packed = make_zip({f"{depth}.zip" if depth else "list.csv": packed})
    (text,) = read_attachment(packed, "all.zip")
    assert [code for code, _ in text.problems] == ["attachment_too_large"]


def test_an_encrypted_archive_says_so_once() -> None:
    packed = bytearray(make_zip({"1.csv": make_csv(), "2.csv": make_csv()}))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for start in (packed.index(mark), packed.rindex(mark)):
            packed[start + flags] |= 1
    records = parse_with("all.zip", bytes(packed))
    assert [i.code for i in records.issues if "encrypted" in i.message] == ["attachment_encrypted"]


def test_a_broken_file_in_an_archive_costs_only_itself() -> None:
    packed = make_zip(
        {"1.xlsx": b"PK\x03\x04broken", "2.doc": make_old_word(), "3.csv": make_csv()}
    )
    records = parse_with("all.zip", packed)
    assert len(records.units) == len(NAMES)
    codes = [i.code for i in records.issues if "all.zip/" in i.message]
    assert codes == ["attachment_damaged", "attachment_needs_converter"]


def test_a_zip_bomb_is_left_alone_unread() -> None:
    bomb = make_zip({f"{number}.csv": bytes(30 << 20) for number in range(10)})
    assert len(bomb) < 1 << 20
    (issue,) = [i for i in parse_with("all.zip", bomb).issues if i.code.startswith("attachment_")]
    assert issue.code == "attachment_too_large"


def test_of_a_long_pdf_the_first_pages_are_read_and_told() -> None:
    (text,) = read_attachment(make_pdf_of_pages(205), "list.pdf")
    places = text.root.xpath("//p/@data-place")
    assert (len(places), places[-1]) == (200, "page200!1")
    assert text.problems == (
        ("attachment_cut", "list.pdf has 205 pages: pages 1 to 200 were read"),
    )


def test_pages_too_full_to_be_lists_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_MOST_CHARS", 10)
    (text,) = read_attachment(make_pdf_of_pages(2), "list.pdf")
    assert text.root.xpath("//p") == []
    assert "1, 2 were left out" in text.problems[0][1]


def test_a_million_empty_rows_are_passed_over() -> None:
    rows = "".join(f'<row r="{number}"/>' for number in range(2, 1_048_577))
    (text,) = read_attachment(make_xlsx_of_xml(make_xlsx_cell("A1", NAMES[0]) + rows), "a.xlsx")
    assert text.root.xpath("//tr/@data-place") == ["名单!1"]


def test_a_cell_in_the_last_row_is_read() -> None:
    cells = make_xlsx_cell("A1", NAMES[0]) + make_xlsx_cell("D1048576", NAMES[1])
    (text,) = read_attachment(make_xlsx_of_xml(cells), "a.xlsx")
    assert text.root.xpath("//tr/@data-place") == ["名单!1", "名单!1048576"]


@pytest.mark.parametrize(
    ("corner", "code"),
    [
        (make_xlsx_cell("XFD1048576", "x"), "attachment_too_large"),
        (make_xlsx_cell("XFD1048576", "x").replace('"', "'"), "attachment_too_large"),
        (make_xlsx_cell("XFD1048576", "x").replace("XFD", "&#88;FD"), "attachment_damaged"),
    ],
)
def test_cells_in_opposite_corners_do_not_take_all_memory(corner: str, code: str) -> None:
    data = make_xlsx_of_xml(make_xlsx_cell("A1", "x") + corner)
    with pytest.raises(AttachmentError) as error:
        read_attachment(data, "a.xlsx")
    assert error.value.code == code


def test_rows_past_the_bound_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "_MOST_ROWS", 3)
    for name, data in (("a.xlsx", make_xlsx()), ("a.csv", make_csv())):
        (text,) = read_attachment(data, name)
        assert len(text.root.xpath("//tr")) == 3
        assert [code for code, _ in text.problems] == ["attachment_cut"]


def test_lines_of_a_long_file_take_linear_time() -> None:
    def measure(count: int) -> float:
        data = "\n".join(f"{n}.绵阳市三台县潼川镇草堂社区" for n in range(count)).encode()
        times = []
        for _ in range(3):
            start = process_time()
            (file,) = find_files([Attachment("a.txt", "")], lambda _: data)
            assert len(read_attached([file]).lines) == count
            times.append(process_time() - start)
        return min(times)

    assert measure(40_000) < 12 * measure(10_000)


@pytest.mark.parametrize("name", ["list.doc", "list.xls"])
def test_a_page_under_another_name_is_read(name: str) -> None:
    rows = "".join(f"<tr><td>{number}<td>{name}" for number, name in enumerate(NAMES, 1))
    page = f"<html><meta charset=gbk><p>{TITLE}<table><tr><th>序号<th>单位{rows}</table>"
    records = parse_with(name, page.encode("gbk"))
    assert tuple(unit.name_full for unit in records.units) == NAMES
    assert records.units[0].src.startswith(f"files/{name}#")


def test_a_file_that_could_not_be_converted_costs_only_itself() -> None:
    def find(url: str) -> bytes:
        if url.endswith(".doc"):
            raise AttachmentError("attachment_not_converted", "1.doc took too long")
        return make_csv()

    links = [Attachment("http://a.cn/1.doc", "附件1"), Attachment("http://a.cn/2.csv", "附件2")]
    text = read_linked(links, find)
    assert text.problems == (("attachment_not_converted", "1.doc took too long"),)
    assert text.sources[0] == "files/2.csv#1"


def test_tables_in_tables_in_a_page_are_read_to_the_innermost() -> None:
    inner = "".join(f"<tr><td>{n}</td><td>{name}</td></tr>" for n, name in enumerate(NAMES, 1))
    table = f"<table><tr><td>序号</td><td>单位</td></tr>{inner}</table>"
    for _ in range(50):
        table = f"<table><tr><td>{table}</td></tr></table>"
    page = NOTICE.format(name="list.docx").replace("</div>", f"</div>{table}")
    now = datetime(2022, 5, 1, tzinfo=UTC)
    url = "http://mzt.example.cn/n/3.html"
    records = parse_page(Page(page.encode(), url, "text/html", None, now), None)
    assert tuple(unit.name_full for unit in records.units) == NAMES


@pytest.mark.parametrize(
    ("make", "name", "kind"),
    [(make_docx, "list.doc", "docx"), (make_xlsx, "list", "xlsx"), (make_pdf, "a.docx", "pdf")],
)
def test_the_bytes_tell_the_format(make: Callable[[], bytes], name: str, kind: str) -> None:
    assert find_kind(make(), name) == kind


def test_names_in_archives_made_on_windows_are_read() -> None:
    packed = bytearray(make_zip({"xxxx.csv": make_csv()}))
    for start in (packed.index(b"xxxx"), packed.rindex(b"xxxx")):
        packed[start : start + 4] = "名单".encode("gbk")
    (text,) = read_attachment(bytes(packed), "all.zip")
    assert text.name == "all.zip/名单.csv"
