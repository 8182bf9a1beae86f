"""Files as offices attach them to announcements, made anew by each test."""

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
