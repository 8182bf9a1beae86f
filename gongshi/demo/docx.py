"""A smallest Word file, so that a demo notice can have an attachment."""

from collections.abc import Iterable
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

CONTENT_TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="application/xml"/>\
<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument\
.wordprocessingml.document.main+xml"/></Types>"""

RELATIONS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/\
officeDocument" Target="word/document.xml"/></Relationships>"""

DOCUMENT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>\
{paragraphs}</w:body></w:document>"""


def write_docx(lines: Iterable[str]) -> bytes:
    """Write a Word file with one paragraph per line; the same lines give the same bytes.

    >>> write_docx(["绵阳市三台县"])[:2]
    b'PK'
    """
    paragraphs = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in lines
    )
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELATIONS,
        "word/document.xml": DOCUMENT.format(paragraphs=paragraphs),
    }
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, xml in parts.items():
            # ZipInfo's fixed date keeps the clock out of the bytes.
            archive.writestr(ZipInfo(name), xml.encode("utf-8"), ZIP_DEFLATED)
    return out.getvalue()
