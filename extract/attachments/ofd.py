"""Reads .ofd files, the national page format: the text of each page, line by line."""

import re
from posixpath import dirname, join, normpath
from zipfile import ZipFile

from lxml import etree

from extract.attachments.bounds import open_archive, parse_xml, read_member
from extract.attachments.contents import Writer

_PAGES = re.compile(r"(?:^|/)Pages/Page_(\d+)/Content\.xml$")
_SAME_LINE = 1.5
"""Millimetres two pieces of one line may stand apart in height."""
_COLUMN_GAP = 6.0
"""Millimetres between two pieces from which they stand in different columns."""


def read_ofd(data: bytes, name: str, writer: Writer) -> None:
    """Read the text layer of an .ofd, as GB/T 33190 lays it out; pieces of one height make a line.

    Raises AttachmentError for a damaged file.
    """
    with open_archive(data, name) as archive:
        for number, member in enumerate(_find_pages(archive, name), 1):
            root = parse_xml(read_member(archive, member, name), name)
            for order, line in enumerate(_read_lines(root), 1):
                writer.paragraph(line, f"page{number}!{order}")


def _find_pages(archive: ZipFile, name: str) -> list[str]:
    """Members that hold pages, in the order the document gives, or else of their numbers."""
    members = set(archive.namelist())
    documents = sorted(m for m in members if m.endswith("Document.xml"))
    listed = []
    for document in documents:
        root = parse_xml(read_member(archive, document, name), name)
        for page in root.iter("{*}Page"):
            place = normpath(join(dirname(document), page.get("BaseLoc", "").lstrip("/")))
            if place in members:
                listed.append(place)
    numbered = [(m, int(found[1])) for m in members if (found := _PAGES.search(m))]
    return listed or [member for member, _ in sorted(numbered, key=lambda pair: pair[1])]


def _read_lines(root: etree._Element) -> list[str]:
    """Pieces of text by height, joined from left to right; columns are kept apart by a tab."""
    pieces = []
    for thing in root.iter("{*}TextObject"):
        box = _numbers(thing.get("Boundary", ""))
        text = "".join(code.text or "" for code in thing.iter("{*}TextCode"))
        if len(box) == 4 and text.strip():
            pieces.append((box[1], box[0], box[0] + box[2], text))
    pieces.sort(key=lambda piece: piece[0])
    rows: list[list[tuple[float, float, float, str]]] = []
    for piece in pieces:
        if rows and piece[0] - rows[-1][0][0] <= _SAME_LINE:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [_join_row(sorted(row, key=lambda piece: piece[1])) for row in rows]


def _join_row(row: list[tuple[float, float, float, str]]) -> str:
    line, end = "", row[0][1]
    for _, left, right, text in row:
        line += ("\t" if line and left - end > _COLUMN_GAP else "") + text
        end = right
    return line


def _numbers(text: str) -> list[float]:
    try:
        return [float(number) for number in text.split()]
    except ValueError:
        return []
