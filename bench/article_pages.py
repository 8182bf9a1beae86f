"""Pages with what a reader sees on them: our own golden pages, or a folder that somebody labelled.

A folder holds `truth.jsonl`, one page per line:

    {"page": "html/17.html", "url": "http://www.example.cn/17.html", "type": "article",
     "title": ["社区食堂开饭了"], "published": "2022-04-06 11:15", "source": ["涪江边晨报"],
     "authors": ["谷小满"], "text": "第一段……\\n第二段……", "optional": ["(完)"]}

`page` is the file relative to the folder, the bytes as they were fetched. All else may be missing,
and what is missing is not scored. `title`, `source` and `authors` hold all forms that are right;
an empty list of authors says that the page names none. `published` goes as far as it is printed.
`text` is the body, `optional` pieces that may stand in it or not. Of any `type` but article and
announcement it is only asked whether an extractor keeps quiet. `charset` and `media_type` are
those of the header, `fetched` is the time of the fetch, for dates without a year.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

# The loader of the layouts is what the tests use; bench and tests share it.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from layout_pages import FOLDER, load_layout_pages

GOLDEN = FOLDER.parent
ARTICLES = ("article", "announcement")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Labelled:
    """One page and the truth about it; None is unknown and not scored."""

    name: str
    body: bytes
    url: str
    charset: str | None = None
    fetched: datetime = LONG_AGO
    type: str = "article"
    title: list[str] | None = None
    published: str | None = None
    """As far as it is printed. Example: `2022-04-06 11:15`"""
    source: list[str] | None = None
    authors: list[str] | None = None
    text: str | None = None
    optional: list[str] = field(default_factory=list)

    @property
    def is_article(self) -> bool:
        return self.type in ARTICLES


def read_folder(folder: Path) -> list[Labelled]:
    """Read a labelled folder."""
    rows = (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    return [_read_row(folder, json.loads(row)) for row in rows if row.strip()]


def _read_row(folder: Path, row: dict[str, Any]) -> Labelled:
    known = {"page", "media_type", *Labelled.__dataclass_fields__} - {"name", "body"}
    if unknown := row.keys() - known:
        sys.exit(f"truth.jsonl: {row.get('page')} has unknown keys {sorted(unknown)}")
    body = (folder / row["page"]).read_bytes()
    if "fetched" in row:
        row["fetched"] = datetime.fromisoformat(row["fetched"])
    row.setdefault("url", f"http://www.example.cn/{row['page']}")
    given = {key: value for key, value in row.items() if key not in ("page", "media_type")}
    return Labelled(row["page"], body, **given)


def golden_pages() -> list[Labelled]:
    """Our own pages: those in folders, without full bodies, and the layouts, with them."""
    return [*_golden_folders(), *_golden_layouts()]


def _golden_folders() -> Iterator[Labelled]:
    for path in sorted(GOLDEN.glob("*/*/expected.json")):
        expected = json.loads(path.read_text(encoding="utf-8"))
        page = path.with_name("page.html")
        document = expected.get("document", {})
        if document.get("page_type") == "thread" or "thread" in expected or not page.exists():
            continue
        head = json.loads(path.with_name("page.json").read_text(encoding="utf-8"))
        published = document.get("published_at")
        yield Labelled(
            str(path.parent.relative_to(GOLDEN)),
            page.read_bytes(),
            head["url"],
            head["charset"],
            datetime.fromisoformat(head["fetched_at"]),
            document.get("page_type", "article"),
            _listed(document, "title"),
            published and published.partition("+")[0].replace("T", " "),
            _listed(document, "source"),
            [a["name"] for a in document["authors"]] if "authors" in document else None,
        )


def _listed(document: dict[str, Any], key: str) -> list[str] | None:
    if key not in document:
        return None
    return [document[key]] if document[key] else []


def _golden_layouts() -> Iterator[Labelled]:
    for layout in load_layout_pages():
        fields, is_article = layout.fields, layout.is_article
        title = fields["title"] if is_article else "*"
        yield Labelled(
            layout.name,
            layout.page.body,
            layout.page.url,
            layout.page.charset,
            layout.page.fetched_at,
            fields["type"],
            None if title == "*" else [title],
            fields.get("published"),
            layout.list_field("source"),
            [author.split()[-1] for author in layout.list_field("authors")],
            "\n".join(line for line in layout.body if line not in layout.optional),
            sorted(layout.optional),
        )
