"""The files that lie beside a page, read as further lines of its body."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from extract.attachments.contents import PLACE, AttachmentError
from extract.attachments.read import read_attachment
from extract.boilerplate import is_attachment_url
from extract.lines import Line, read_html_lines
from extract.listing_records import Unit
from extract.page import FindFile
from extract.records import Attachment

FILES = "files/"
"""Beginning of the source of a row that stands in a file."""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that a page links to, with its bytes."""

    url: str
    """Absolute address, or path beside a saved page. Example: `files/list.xlsx`"""
    name: str
    """Name of the file, with its ending. Example: `list.xlsx`"""
    data: bytes
    """Bytes as fetched, or converted from one of Word's old formats; its reader goes by them."""
    problem: tuple[str, str] | None = None
    """Code and sentence when the file was found but could not be converted."""


@dataclass(frozen=True, slots=True)
class AttachedText:
    """What the files of a page say."""

    lines: tuple[Line, ...] = ()
    """Their lines, file by file."""
    sources: tuple[str, ...] = ()
    """Place of each line. Example: `files/list.xlsx#Sheet1!12`"""
    flags: tuple[str, ...] = ()
    """Remarks on the files. Example: `list_in_image`"""
    problems: tuple[tuple[str, str], ...] = ()
    """Code and sentence for each file, or part of one, that could not be read."""


def find_files(links: Sequence[Attachment], find: FindFile) -> list[AttachedFile]:
    """Find the files that a page links to; those that are not at hand are left out.

    `find` may convert what it finds, and raise AttachmentError where that fails.

    >>> link = Attachment("http://a.cn/f/%E5%90%8D%E5%8D%95.csv", "附件")
    >>> find_files([link], lambda url: b"")[0].name
    '名单.csv'
    """
    files = []
    for link in links:
        try:
            data = find(link.url)
        except AttachmentError as error:
            files.append(AttachedFile(link.url, name_file(link), b"", (error.code, str(error))))
            continue
        if data is not None:
            files.append(AttachedFile(link.url, name_file(link), data))
    return files


def name_file(link: Attachment) -> str:
    """Name of the file behind a link: the end of its address, or its text where that names none.

    >>> name_file(Attachment("http://bbs.cn/forum.php?mod=attachment&aid=MTE", "名单.docx"))
    '名单.docx'
    """
    name = unquote(urlsplit(link.url).path.rpartition("/")[2])
    if link.text and is_attachment_url(link.text) and not is_attachment_url(name):
        return link.text.replace("/", "_")
    return name or link.text


def read_linked(links: Sequence[Attachment], find: FindFile | None) -> AttachedText:
    """Find and read the files that a page links to; nothing without `find`.

    >>> read_linked([Attachment("http://a.cn/1.csv", "附件")], None).lines
    ()
    """
    return read_attached(find_files(links, find)) if find else AttachedText()


def read_attached(files: Sequence[AttachedFile]) -> AttachedText:
    """Read all files of a page; one that cannot be read costs only itself.

    >>> text = read_attached([AttachedFile("a.csv", "a.csv", "序号,名称\\n1,潼川镇".encode())])
    >>> [line.text for line in text.lines], text.sources[-1]
    (['序号\\t名称', '1\\t潼川镇'], 'files/a.csv#2')
    """
    lines: list[Line] = []
    sources: list[str] = []
    flags: dict[str, None] = {}
    problems: list[tuple[str, str]] = []
    for file in files:
        if file.problem is not None:
            problems.append(file.problem)
            continue
        try:
            texts = read_attachment(file.data, file.name)
        except AttachmentError as error:
            problems.append((error.code, str(error)))
            continue
        for text in texts:
            flags |= dict.fromkeys(text.flags)
            problems += text.problems
            for line in read_html_lines(text.root).lines:
                lines.append(line)
                sources.append(f"{FILES}{text.name}#{_place_of(line)}")
    return AttachedText(tuple(lines), tuple(sources), tuple(flags), tuple(problems))


def place_units(
    units: Sequence[Unit], starts: Sequence[int], text: AttachedText
) -> tuple[Unit, ...]:
    """Give the units that stand in files their places.

    `starts` are the positions in the body at which the lines of the files begin.
    """
    placed = []
    for unit in units:
        line = bisect_right(starts, unit.span_start) - 1
        placed.append(unit if line < 0 else replace(unit, src=text.sources[line]))
    return tuple(placed)


def _place_of(line: Line) -> str:
    element = line.row if line.row is not None else line.element
    return (element.get(PLACE) or "") if element is not None else ""
