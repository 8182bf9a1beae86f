"""Records of single pages, printed for people or as JSON."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from datasets.privacy import Pseudonymizer, load_key
from extract.figures import NounMethod
from extract.parse import parse_page
from extract.records import PageRecords
from extract.source import find_source
from gongshi.declared import choose_sources, exit_code, read_declared
from gongshi.saved_pages import find_beside, find_saved, read_archived, read_saved
from gongshi.terminal import print_table, say

_CUT = {"year": 4, "month": 7, "day": 10, "hour": 13, "minute": 16, "second": 19}


@dataclass(frozen=True, slots=True)
class PrintOptions:
    """How to parse and print pages."""

    source_id: str | None = None
    """Source that the pages belong to; told by their addresses when None."""
    as_json: bool = False
    """Whether to print one JSON object per page."""
    keywords: bool = False
    """Whether to find the keywords of documents and comments."""
    nouns: NounMethod = "rule"
    """How measured nouns of figures are found."""


def print_pages(files: Sequence[Path], options: PrintOptions) -> int:
    """Parse saved pages and print their records; return the exit code.

    A file that cannot be read is named on stderr, the others are printed; the code is then 2.
    """
    declared = read_declared()
    wanted = options.source_id
    chosen = choose_sources([wanted], declared)[0] if wanted else None
    saved = find_saved(files)
    problems = list(saved.problems)
    names = Pseudonymizer(load_key())
    for path in (*saved.pages, *saved.archives):
        try:
            for page in [read_saved(path)] if path in saved.pages else read_archived(path):
                source = chosen or find_source(page.url, declared.sources)
                beside = find_beside(path) if path in saved.pages else None
                records = parse_page(page, source, beside, options.nouns)
                if options.keywords:
                    from extract.keywords import add_keywords

                    records = add_keywords(records)
                record = to_json(records, names)
                if options.as_json:
                    click.echo(json.dumps(record, ensure_ascii=False))
                else:
                    print_page(record)
        except BrokenPipeError:
            raise
        except OSError as error:
            problems.append(f"'{path}' cannot be read ({error.strerror}); check it")
    for problem in problems:
        say(f"gongshi: {problem}")
    return 2 if problems else exit_code(0, declared)


def to_json(records: PageRecords, names: Pseudonymizer) -> dict[str, Any]:
    """Records of a page as plain values: times in ISO cut to their precision, usernames hashed.

    >>> from extract.records import Document
    >>> document = Document("9f86d081884c7d65", "", "http://a.cn/", "", "article", "公示", "")
    >>> to_json(PageRecords(document), Pseudonymizer(bytes(32)))["document"]["title"]
    '公示'
    """
    page: dict[str, Any] = {
        key: value for key, value in _plain(asdict(records)).items() if key != "thread"
    }
    document = page["document"]
    published = records.document.published_at
    if published is not None:
        document["published_at"] = _iso(published, records.document.published_precision or "day")
    for announcement in page["announcements"]:
        announcement["found_counts"] = dict(announcement["found_counts"])
    site = urlsplit(records.document.url).hostname or records.document.source_id
    page["thread"] = _plain(asdict(records.thread)) if records.thread else None
    for row in (*page["comments"], *([page["thread"]] if page["thread"] else [])):
        row["author_id"] = names.pseudonym(site, row.pop("author"))
    return page


def _iso(time: datetime, precision: str) -> str:
    """Write a time as far as it was printed; the zone only stands behind hours and minutes."""
    cut = time.isoformat()[: _CUT[precision]]
    return cut + "+08:00" if len(cut) > _CUT["day"] else cut


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def print_page(page: dict[str, Any]) -> None:
    """Print the records of a page, as `to_json` gives them, for people."""
    for line in _describe(page):
        click.echo(line)
    if page["units"]:
        print_table(
            ("#", "unit", "kind", "category", "place"),
            [
                (
                    unit["order"],
                    unit["name_full"],
                    unit["kind"],
                    " / ".join(unit["category_path"]),
                    f"{unit['place_code'] or ''} {unit['place_status']}",
                )
                for unit in page["units"]
            ],
        )
    for issue in page["issues"]:
        click.echo(f"  ! {issue['code']}: {issue['message']}")
    click.echo("")


def _describe(page: dict[str, Any]) -> Iterator[str]:
    document = page["document"]
    yield f"{document['title'] or '(no title)'}  [{document['page_type']}]"
    authors = ", ".join(f"{a['role']} {a['name']}".strip() for a in document["authors"])
    facts = (
        ("published", document["published_at"]),
        ("source", document["source"]),
        ("authors", authors),
        ("keywords", ", ".join(document["keywords"] or ())),
        ("address", document["url"]),
    )
    yield from (f"  {name}: {value}" for name, value in facts if value)
    figures = sum(1 for figure in page["figures"] if figure["role"] == "figure")
    yield (
        f"  {len(document['text'])} characters, {figures} figures, "
        f"{len(page['comments'])} comments, {len(page['mentions'])} mentions"
    )
    for announcement in page["announcements"]:
        stated = " / ".join(f"{c['of']} {c['n']}" for c in announcement["stated_counts"])
        found = " / ".join(f"{kind} {n}" for kind, n in announcement["found_counts"].items())
        batch = announcement["batch_raw"] or announcement["year"] or ""
        yield f"  announcement: {announcement['programme']} {batch} ({announcement['status']})"
        yield f"    scope {announcement['scope']} {announcement['scope_area'] or ''}".rstrip()
        yield f"    stated {stated or 'nothing'}; found {found or 'nothing'}"
