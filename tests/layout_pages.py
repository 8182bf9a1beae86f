"""Pages in the layouts that real sites use, in words of our own, each with its expected record.

A file of `tests/pages/layouts` holds pages one after another. A page begins with `###### name`;
then come the fields a reader sees on it, `---- body` with the body line by line, and `---- html`
with the markup. In the markup `{{p:2-4}}` stands for the body lines 2 to 4 as paragraphs,
`{{3}}` for line 3 alone and `{{@name}}` for a fragment that the file defines as `###### @name`.

A field that is missing must be empty in the record; only `title: *` is not compared. A body line
that begins with `? ` (a byline, 原标题) may be in the text or not. `charset` is the encoding of the
bytes and `fetched` the time of the fetch. `weak: authors` names a field that comes out wrong today.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from extract.page import Page

FOLDER = Path(__file__).parent / "pages" / "layouts"
FETCHED = "2024-03-18 10:00"
_MACRO = re.compile(r"\{\{(?P<form>p|div|section|brbr|br)?:?(?P<first>\d+)?(?:-(?P<last>\d+))?\}\}")
_WRAPS = {
    "p": ("<p>　　", "</p>\n", ""),
    "div": ("<div>　　", "</div>\n", ""),
    "section": ("<section><span>", "</span></section>\n", ""),
    "br": ("　　", "", "<br>\n"),
    "brbr": ("　　", "", "<br><br>\n"),
    None: ("", "", ""),
}


@dataclass(frozen=True)
class LayoutPage:
    """One page and what a reader sees on it."""

    name: str
    """File and name of the page. Example: `portals/epaper`"""
    fields: dict[str, str]
    """Fields as written. Example: `{"title": "…", "source": "自贡日报"}`"""
    body: tuple[str, ...]
    """Lines of the body, without the mark of those that may be missing."""
    optional: frozenset[str]
    """Lines that may be missing from the text."""
    page: Page
    """The page as fetched."""

    @property
    def is_article(self) -> bool:
        """Whether the page holds an article at all."""
        return bool(self.body)

    def list_field(self, name: str) -> list[str]:
        """The values of a field that holds several, such as `tags: 泡菜 | 博物馆`."""
        return [part for part in re.split(r"\s*[|>]\s*", self.fields.get(name, "")) if part]


@cache
def load_layout_pages() -> tuple[LayoutPage, ...]:
    """Load all pages, in the order of files and of pages in them."""
    return tuple(page for path in sorted(FOLDER.glob("*.txt")) for page in _read_file(path))


def _read_file(path: Path) -> list[LayoutPage]:
    chunks = re.split(r"(?m)^###### ", path.read_text("utf-8"))[1:]
    named = [chunk.split("\n", 1) for chunk in chunks]
    fragments = {name: text.strip() for name, text in named if name.startswith("@")}
    return [
        _read_page(f"{path.stem}/{name}", text, fragments)
        for name, text in named
        if not name.startswith("@")
    ]


def _read_page(name: str, text: str, fragments: dict[str, str]) -> LayoutPage:
    head, rest = text.split("---- body\n", 1)
    body, html = rest.split("---- html\n", 1)
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    lines = body.splitlines()
    plain = tuple(line.removeprefix("? ") for line in lines)
    for key, fragment in fragments.items():
        html = html.replace("{{" + key + "}}", fragment)
    html = _MACRO.sub(lambda found: _wrap(found, plain), html)
    fetched = datetime.fromisoformat(fields.get("fetched", FETCHED) + ":00+08:00")
    page = Page(
        html.encode(fields.get("charset", "utf-8")), fields["url"], "text/html", None, fetched
    )
    optional = frozenset(line[2:] for line in lines if line.startswith("? "))
    return LayoutPage(name, fields, plain, optional, page)


def _wrap(found: re.Match[str], lines: tuple[str, ...]) -> str:
    first = int(found["first"] or 1)
    alone = first if found["first"] else len(lines)
    last = int(found["last"] or alone)
    before, after, between = _WRAPS[found["form"]]
    return between.join(f"{before}{line}{after}" for line in lines[first - 1 : last])
