"""Golden pages: what a reader sees on a page, field by field.

A case is a folder `<source_id>/<case>/` with `page.html` or `page.txt` (the bytes as fetched),
`page.json` (address and headers) and `expected.json`; software that no declared source runs on
has a `source.toml` beside its cases. Sections and fields that are absent from
`expected.json` are not compared; a section that is there is compared whole. Names that end in
`_contain`, `_contains` and `stated_counts` hold what must be among the values, those that end in
`_lack` and `_lacks` what must not.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from extract.page import Page
from extract.parse import parse_page
from extract.records import Document, PageRecords
from extract.source import Source, read_source
from gongshi.demo.render import SITES, render_source

HERE = Path(__file__).parent
SOURCES = HERE.parents[1] / "crawler" / "sources"
CASES = sorted(str(path.parent.relative_to(HERE)) for path in HERE.glob("*/*/expected.json"))


@cache
def load_expected(case: str) -> dict[str, Any]:
    expected: dict[str, Any] = json.loads((HERE / case / "expected.json").read_text("utf-8"))
    return expected


@cache
def load_source(source_id: str) -> Source:
    if source_id in SITES:
        return read_source(source_id, render_source(source_id, 8001))
    own = HERE / source_id / "source.toml"
    if own.exists():
        return read_source(source_id, own.read_text("utf-8"))
    return read_source(source_id, (SOURCES / f"{source_id}.toml").read_text("utf-8"))


@cache
def parse_case(case: str) -> PageRecords:
    folder = HERE / case
    meta = json.loads((folder / "page.json").read_text("utf-8"))
    (body,) = (path for path in folder.glob("page.*") if path.suffix in {".html", ".txt"})
    page = Page(
        body=body.read_bytes(),
        url=meta["url"],
        media_type=meta["media_type"],
        charset=meta["charset"],
        fetched_at=datetime.fromisoformat(meta["fetched_at"]),
    )
    return parse_page(page, load_source(folder.parent.name))


def list_fields() -> Iterator[tuple[str, str, str]]:
    """One (case, section, field) for everything the expected files say."""
    for case in CASES:
        for section, wanted in load_expected(case).items():
            if isinstance(wanted, dict):
                yield from ((case, section, field) for field in wanted)
            elif section in {"announcements", "units", "comments"}:
                yield case, section, "length"
                names = dict.fromkeys(name for record in wanted for name in record)
                yield from ((case, section, name) for name in names)
            else:
                yield case, section, "all"


def as_json(value: Any) -> Any:
    """Values of records in the form that JSON has for them."""
    if isinstance(value, datetime):
        return value.isoformat()
    return [as_json(item) for item in value] if isinstance(value, tuple) else value


def cut_to_precision(document: Document) -> str | None:
    """Print the publish time as far as it is printed on the page."""
    time, precision = document.published_at, document.published_precision
    if time is None:
        return None
    if precision in {"second", "minute"}:
        return time.isoformat(timespec="seconds" if precision == "second" else "minutes")
    return time.strftime({"day": "%Y-%m-%d", "month": "%Y-%m"}.get(precision or "", "%Y"))


def check_document(document: Document, field: str, wanted: Any) -> None:
    if field == "text_contains":
        assert [part for part in wanted if part not in document.text] == []
    elif field == "text_lacks":
        assert [part for part in wanted if part in document.text] == []
    elif field == "flags_contain":
        assert set(wanted) <= set(document.flags)
    elif field == "published_at":
        assert cut_to_precision(document) == wanted
    elif field == "authors":
        assert [{"name": a.name, "role": a.role} for a in document.authors] == wanted
    elif field == "attachments":
        assert [attachment.text for attachment in document.attachments] == wanted
    else:
        assert as_json(getattr(document, field)) == wanted


def check_announcements(records: PageRecords, field: str, wanted: list[dict[str, Any]]) -> None:
    for announcement, record in zip(records.announcements, wanted, strict=True):
        if field == "stated_counts":
            stated = [[count.of, count.n] for count in announcement.stated_counts]
            assert [pair for pair in record[field] if pair not in stated] == [], stated
        elif field in record:
            assert as_json(getattr(announcement, field)) == record[field]


def check_rows(rows: tuple[Any, ...], field: str, wanted: list[dict[str, Any]]) -> None:
    assert len(rows) == len(wanted)
    asked = [(row, record) for row, record in zip(rows, wanted, strict=True) if field in record]
    found = [as_json(getattr(row, field)) for row, _ in asked]
    assert found == [record[field] for _, record in asked]


def has_figure(records: PageRecords, wanted: dict[str, Any]) -> bool:
    """Whether a number that is a figure, not a date or a name, has all the values wanted."""
    exact = {
        name: Decimal(value) if name in {"value", "low", "high"} else value
        for name, value in wanted.items()
    }
    return any(
        all(getattr(figure, name) == value for name, value in exact.items())
        for figure in records.figures
        if figure.role == "figure"
    )


@pytest.mark.parametrize(("case", "section", "field"), list(list_fields()))
def test_page_yields_what_a_reader_sees(case: str, section: str, field: str) -> None:
    records, wanted = parse_case(case), load_expected(case)[section]
    if section == "document":
        check_document(records.document, field, wanted[field])
    elif section == "thread":
        assert as_json(getattr(records.thread, field)) == wanted[field]
    elif section == "figures_contain":
        assert [record for record in wanted if not has_figure(records, record)] == []
    elif section == "figures_lack":
        assert [record for record in wanted if has_figure(records, record)] == []
    elif section == "mentions":
        found = [{"surface": m.surface, "name_full": m.name_full} for m in records.mentions]
        assert found == wanted
    elif section == "issue_codes":
        assert sorted({i.code for i in records.issues if i.severity != "info"}) == wanted
    elif field == "length":
        rows = getattr(records, section)
        shown = [getattr(row, "name_full", None) or getattr(row, "programme", row) for row in rows]
        assert len(rows) == len(wanted), shown
    elif section == "announcements":
        check_announcements(records, field, wanted)
    else:
        check_rows(getattr(records, section), field, wanted)


@pytest.mark.parametrize("case", CASES)
def test_spans_of_units_and_mentions_point_at_their_words(case: str) -> None:
    records = parse_case(case)
    text = records.document.text
    for unit in records.units:
        assert text[unit.span_start : unit.span_end] == unit.name_raw
    comments = {comment.comment_id: comment.text for comment in records.comments}
    for mention in records.mentions:
        said = comments[mention.comment_id]
        assert said[mention.span_start : mention.span_end] == mention.surface


@pytest.mark.parametrize("case", CASES)
def test_records_can_be_kept_between_builds(case: str) -> None:
    records = parse_case(case)
    assert repr(msgspec.json.decode(msgspec.json.encode(records), type=PageRecords)) == repr(
        records
    )


@pytest.mark.parametrize("source_id", sorted(p.stem for p in SOURCES.glob("[!_]*.toml")))
def test_every_source_has_a_golden_page(source_id: str) -> None:
    assert any(case.split("/")[0] == source_id for case in CASES), (
        f"add tests/pages/{source_id}/<case>/ with page.html, page.json and expected.json"
    )
