"""Announcements in the layouts that real pages use, in words of our own, with their rows.

A file of `tests/pages/announcements` holds pages one after another; real place names, own wording.
A page begins with `###### name` and its fields: `title`, `area` (of the source, if any),
`announcement: programme | batch | year | level | status | scope | area` (one per announcement),
`stated: n | of | area`, `flags`, `mismatch` and `charset`. `---- units` holds one row per line:

    printed | province/city/county/town/village/sub/unit | kind | category > path | 1 | remark

where 1 is the number of the announcement. `---- never` names what must not become a row,
`---- file path` the cells (or, after `kind: text`, the lines) of an attachment, `---- html` the
page. `weak: …` names what comes out wrong today; a weakness that is gone must be struck out.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from attachment_files import make_csv_of, make_docx_of, make_pdf_of, make_xlsx_of
from extract.listing_records import PART_LEVELS
from extract.page import Page

FOLDER = Path(__file__).parent / "pages" / "announcements"
URL = "http://www.example.cn/notice/page.html"
FETCHED = datetime.fromisoformat("2024-03-18T10:00:00+08:00")
_SECTION = re.compile(r"(?m)^---- (units|never|html|file)(?: ([^\n]+?))?[ ]*\n")
_MAKERS = {
    "xlsx": make_xlsx_of,
    "csv": make_csv_of,
    "docx": make_docx_of,
    "pdf": make_pdf_of,
}


@dataclass(frozen=True)
class ExpectedUnit:
    """A row as a reader sees it."""

    printed: str
    parts: dict[str, str]
    kind: str
    path: tuple[str, ...]
    announcement: int
    remark: str


@dataclass(frozen=True)
class ExpectedAnnouncement:
    """An announcement as a reader sees it."""

    programme: str
    batch: int | None
    year: int | None
    level: str
    status: str
    scope: str
    area: str | None


@dataclass(frozen=True)
class AnnouncementPage:
    """One page and the rows a reader finds on it."""

    name: str
    fields: dict[str, list[str]]
    announcements: tuple[ExpectedAnnouncement, ...]
    units: tuple[ExpectedUnit, ...]
    never: tuple[str, ...]
    files: dict[str, bytes]
    page: Page

    def field(self, name: str) -> str | None:
        """The value of a field that stands once."""
        return next(iter(self.fields.get(name, ())), None)

    @property
    def weak(self) -> frozenset[str]:
        """What is known to come out wrong."""
        return frozenset(re.split(r"\s*,\s*", self.field("weak") or "")) - {""}

    def find_file(self, url: str) -> bytes | None:
        """Bytes of an attachment by its address."""
        return next((data for path, data in self.files.items() if url.endswith("/" + path)), None)


@cache
def load_announcement_pages() -> tuple[AnnouncementPage, ...]:
    """Load all pages, in the order of files and of pages in them."""
    return tuple(page for path in sorted(FOLDER.glob("*.txt")) for page in read_pages(path))


def read_pages(path: Path) -> list[AnnouncementPage]:
    """Read the pages of one file."""
    chunks = re.split(r"(?m)^###### ", path.read_text("utf-8"))[1:]
    return [_read_page(path.stem, chunk) for chunk in chunks]


def _read_page(file: str, chunk: str) -> AnnouncementPage:
    name, rest = chunk.split("\n", 1)
    head, *pieces = _SECTION.split(rest)
    fields: dict[str, list[str]] = {}
    for line in filter(str.strip, head.splitlines()):
        key, _, value = line.partition(":")
        fields.setdefault(key.strip(), []).append(value.strip())
    sections: dict[str, str] = {}
    texts: dict[str, str] = {}
    for kind, path, text in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
        if kind == "file":
            # files/a.xlsx#名单 is the sheet 名单 of a workbook.
            target, _, sheet = path.partition("#")
            texts[target] = texts.get(target, "") + (f"sheet: {sheet}\n" if sheet else "") + text
        else:
            sections[kind] = text
    charset = fields.get("charset", ["utf-8"])[0]
    page = Page(sections["html"].encode(charset), URL, "text/html", None, FETCHED)
    return AnnouncementPage(
        f"{file}/{name.strip()}",
        fields,
        tuple(map(_read_announcement, fields.get("announcement", ()))),
        tuple(_read_unit(line) for line in sections.get("units", "").splitlines() if line.strip()),
        tuple(line.strip() for line in sections.get("never", "").splitlines() if line.strip()),
        {path: _make_file(path, text) for path, text in texts.items()},
        page,
    )


def _read_announcement(line: str) -> ExpectedAnnouncement:
    programme, batch, year, level, status, scope, area = _cells(line, 7)
    return ExpectedAnnouncement(
        programme, _number(batch), _number(year), level, status, scope, _or_none(area)
    )


def _read_unit(line: str) -> ExpectedUnit:
    printed, slots, kind, path, number, remark = _cells(line, 6)
    levels = slots.split("/")
    assert len(levels) == len(PART_LEVELS), line
    parts = {level: value for level, value in zip(PART_LEVELS, levels, strict=True) if value}
    return ExpectedUnit(
        printed,
        parts,
        kind,
        tuple(part.strip() for part in path.split(">") if part.strip() not in {"", "-"}),
        int(number or 1) - 1,
        "" if remark == "-" else remark,
    )


def _cells(line: str, count: int) -> list[str]:
    cells = [cell.strip() for cell in line.split("|")]
    return (cells + [""] * count)[:count]


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None


def _or_none(text: str) -> str | None:
    return None if text in {"", "-"} else text


def _make_file(path: str, text: str) -> bytes:
    lines = [line for line in text.splitlines() if line.strip()]
    as_table = not any(line.startswith("kind:") and "text" in line for line in lines)
    lines = [line for line in lines if not line.startswith("kind:")]
    rows = [_split_row(line) if as_table else [line] for line in lines]
    return _MAKERS[path.rpartition(".")[2]](rows, as_table)


def _split_row(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]
