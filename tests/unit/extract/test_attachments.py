from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from attachment_files import (
    NAMES,
    TITLE,
    make_csv,
    make_docx,
    make_docx_of_lines,
    make_ofd,
    make_pdf,
    make_scan,
    make_xlsx,
    make_zip,
)
from extract.attachments import bounds
from extract.attachments.contents import AttachmentError
from extract.attachments.read import find_kind, read_attachment
from extract.page import Page
from extract.parse import parse_page
from extract.records import PageRecords

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
    (text,) = read_attachment(packed, "all.zip")
    assert text.name == "all.zip/list.csv"
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
        ("list.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "attachment_not_read"),
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
    assert code in {issue.code for issue in records.issues}
    assert records.document.title == HEADLINE


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
    assert read_attachment(packed, "all.zip") == []


def test_an_encrypted_archive_says_so() -> None:
    packed = bytearray(make_zip({"list.csv": make_csv()}))
    packed[6] |= 1
    start = packed.index(b"PK\x01\x02")
    packed[start + 8] |= 1
    with pytest.raises(AttachmentError, match="encrypted"):
        read_attachment(bytes(packed), "all.zip")


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
