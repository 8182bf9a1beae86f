"""Files as offices attach them to announcements, made anew by each test."""

import struct
from collections.abc import Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document
from openpyxl import Workbook
from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

TITLE = "四川省第三批城乡社区治理试点单位名单"
HEADER = ("序号", "市", "县", "单位")
ROWS = (
    ("1", "绵阳市", "三台县", "潼川镇草堂社区"),
    ("2", "", "三台县", "潼川镇解放街社区"),
    ("3", "", "平武县", "古城镇古城社区"),
    ("4", "资阳市", "雁江区", "资溪街道鸿丰社区"),
)
"""The city of the first row reaches over three rows, as such tables merge it."""
NAMES = (
    "绵阳市三台县潼川镇草堂社区",
    "绵阳市三台县潼川镇解放街社区",
    "绵阳市平武县古城镇古城社区",
    "资阳市雁江区资溪街道鸿丰社区",
)
_FONT = "STSong-Light"


def make_docx() -> bytes:
    """Make a .docx with a title, a table and a merged cell."""
    document = Document()
    document.add_paragraph("附件1")
    document.add_paragraph(TITLE)
    table = document.add_table(rows=0, cols=len(HEADER))
    for row in (HEADER, *ROWS):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    table.cell(1, 1).merge(table.cell(3, 1))
    return _saved(document)


def make_docx_of_lines(lines: Sequence[str]) -> bytes:
    """Make a .docx of paragraphs."""
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    return _saved(document)


def make_xlsx() -> bytes:
    """Make a workbook with a merged title, a merged city and a second, empty sheet."""
    book = Workbook()
    sheet = book.active
    sheet.title = "名单"
    sheet.append([TITLE])
    sheet.append(HEADER)
    for number, *cells in ROWS:
        sheet.append([int(number), *cells])
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("B3:B5")
    book.create_sheet("说明")
    return _saved(book)


def make_pdf() -> bytes:
    """Make a .pdf with lines above a ruled table."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    style = ParagraphStyle("song", fontName=_FONT)
    ruled = TableStyle(
        [("GRID", (0, 0), (-1, -1), 1, colors.black), ("FONT", (0, 0), (-1, -1), _FONT)]
    )
    filled = [(number, city or "绵阳市", *rest) for number, city, *rest in ROWS]
    target = BytesIO()
    parts = [Paragraph("附件1", style), Paragraph(TITLE, style)]
    SimpleDocTemplate(target).build([*parts, Table([HEADER, *filled], style=ruled)])
    return target.getvalue()


def make_scan() -> bytes:
    """Make a .pdf whose one page is a picture."""
    from PIL import Image
    from reportlab.pdfgen.canvas import Canvas

    target = BytesIO()
    canvas = Canvas(target)
    canvas.drawInlineImage(Image.new("L", (40, 40), 255), 50, 50, 200, 200)
    canvas.save()
    return target.getvalue()


def make_ofd() -> bytes:
    """Make an .ofd of one page: a title, then one line per unit in two pieces."""
    lines = [(20.0, 60.0, TITLE)]
    for number, name in enumerate(NAMES):
        height = 40.0 + 10 * number
        lines += [(height, 20.0, f"{number + 1}."), (height + 0.5, 28.0, name)]
    objects = "".join(
        f'<ofd:TextObject Boundary="{left} {top} {4 * len(text)} 5"><ofd:TextCode X="0" Y="4">'
        f"{text}</ofd:TextCode></ofd:TextObject>"
        for top, left, text in lines
    )
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    pages = '<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages>'
    return make_zip(
        {
            "OFD.xml": f"<ofd:OFD {space}/>".encode(),
            "Doc_0/Document.xml": f"<ofd:Document {space}>{pages}</ofd:Document>".encode(),
            "Doc_0/Pages/Page_0/Content.xml": f"<ofd:Page {space}>{objects}</ofd:Page>".encode(),
        }
    )


def make_csv() -> bytes:
    """Make a .csv in GBK, as spreadsheets on Chinese Windows save it."""
    filled = [(number, city or "绵阳市", *rest) for number, city, *rest in ROWS]
    return "\r\n".join(",".join(row) for row in (HEADER, *filled)).encode("gb18030")


def make_docx_of(rows: Sequence[Sequence[str]], as_table: bool) -> bytes:
    """Make a .docx of a table with rows of one cell above it, or of a paragraph per row."""
    document = Document()
    table = None
    for row in rows:
        if not as_table or (len(row) == 1 and table is None):
            document.add_paragraph(row[0])
            continue
        if table is None:
            table = document.add_table(rows=0, cols=max(map(len, rows)))
        for cell, text in zip(table.add_row().cells, row, strict=False):
            cell.text = text
    return _saved(document)


def make_xlsx_of(rows: Sequence[Sequence[str]], as_table: bool) -> bytes:
    """Make a workbook; a row `sheet: name` begins a further sheet."""
    book = Workbook()
    sheet = book.active
    empty = True
    for row in rows:
        if len(row) == 1 and row[0].startswith("sheet:"):
            name = row[0].removeprefix("sheet:").strip()
            if empty:
                sheet.title = name
            else:
                sheet = book.create_sheet(name)
        else:
            sheet.append([int(cell) if cell.isdecimal() else cell for cell in row])
        empty = False
    return _saved(book)


def make_pdf_of(rows: Sequence[Sequence[str]], as_table: bool) -> bytes:
    """Make a .pdf of a ruled table, or of a line per row."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    style = ParagraphStyle("song", fontName=_FONT)
    ruled = TableStyle(
        [("GRID", (0, 0), (-1, -1), 1, colors.black), ("FONT", (0, 0), (-1, -1), _FONT)]
    )
    single = [row for row in rows if len(row) == 1 or not as_table]
    wide = [list(row) for row in rows if len(row) > 1 and as_table]
    parts: list[object] = [Paragraph(row[0], style) for row in single]
    if wide:
        columns = max(map(len, wide))
        parts.append(Table([row + [""] * (columns - len(row)) for row in wide], style=ruled))
    target = BytesIO()
    SimpleDocTemplate(target).build(parts)
    return target.getvalue()


def make_csv_of(rows: Sequence[Sequence[str]], as_table: bool) -> bytes:
    """Make a .csv in UTF-8."""
    return "\r\n".join(",".join(row) for row in rows).encode()


def make_zip(members: dict[str, bytes]) -> bytes:
    """Make a zip."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def _saved(document: object) -> bytes:
    target = BytesIO()
    document.save(target)  # type: ignore[attr-defined]
    return target.getvalue()


def make_compound(stream: str, content: bytes) -> bytes:
    """Make a compound file (MS-CFB) of one stream, as Word and Excel 97 wrote them."""
    content = content.ljust(4096, b"\0")
    content += bytes(-len(content) % 512)
    last, free, nothing = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFF
    chain = [0xFFFFFFFD, last, *range(3, 2 + len(content) // 512), last]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, last, 0, last, 0)
    header += struct.pack("<109I", 0, *[free] * 108)
    entries = b""
    for name, kind, child, start, size in (
        ("Root Entry", 5, 1, last, 0),
        (stream, 2, nothing, 2, len(content)),
    ):
        letters = f"{name}\0".encode("utf-16-le")
        entries += letters.ljust(64, b"\0")
        entries += struct.pack(
            "<HBB3I36xIQ", len(letters), kind, 1, nothing, nothing, child, start, size
        )
    table = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))
    return header + table + entries.ljust(512, b"\0") + content


def make_old_word(encrypted: bool = False) -> bytes:
    """Make what looks like a .doc or .wps from outside: the header of its one stream."""
    return make_compound(
        "WordDocument", struct.pack("<5HH", 0xA5EC, 193, 0, 0, 0, 0x100 * encrypted)
    )


def make_old_sheet(encrypted: bool = False) -> bytes:
    """Make the beginning of an .xls, with a password or cut off."""
    begin = struct.pack("<2H4H8x", 0x809, 16, 0x600, 5, 0, 0)
    return make_compound("Workbook", begin + struct.pack("<2H6x", 0x2F, 6) * encrypted)


def make_pdf_of_pages(count: int, password: str | None = None) -> bytes:
    """Make a .pdf of pages with one line each, with a password if one is given."""
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    target = BytesIO()
    canvas = Canvas(target, encrypt=StandardEncryption(password) if password else None)
    for number in range(1, count + 1):
        canvas.setFont(_FONT, 12)
        canvas.drawString(50, 700, f"{number}.绵阳市三台县潼川镇草堂社区")
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def make_xlsx_of_xml(rows: str) -> bytes:
    """Make a workbook whose sheet is XML as given: what no program would write by itself."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with ZipFile(BytesIO(make_xlsx())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    return make_zip(members | {"xl/worksheets/sheet1.xml": sheet.encode()})


def make_xlsx_cell(place: str, text: str) -> str:
    """Write one cell of `make_xlsx_of_xml` in a row of its own."""
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f'<row r="{row}"><c r="{place}" t="inlineStr"><is><t>{text}</t></is></c></row>'
