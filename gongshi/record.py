"""Recording of a page as a fixture, and what is expected of it once a person has read that."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from datasets.privacy import Pseudonymizer, load_key
from extract.page import Page
from extract.parse import parse_page
from extract.source import Source
from gongshi.declared import choose_sources, exit_code, read_declared
from gongshi.expected import draft_expected
from gongshi.fixtures import find_case, read_case, refuse_recorded, write_expected, write_recorded
from gongshi.pages import print_page, to_json
from gongshi.single_page import fetch_page
from gongshi.terminal import say
from normalize.errors import GongshiError

CHECKOUT_PAGES = Path("tests") / "pages"
"""Where the tests of a checkout look for recorded pages."""


@dataclass(frozen=True, slots=True)
class RecordWishes:
    """What is to be recorded, and where."""

    source_id: str
    """Source the page belongs to."""
    url: str | None
    """Address of the page; None to accept what was found on a recorded one."""
    into: Path | None
    """Folder of the cases, by source; `tests/pages` of the checkout when None."""
    case: str
    """Name of the case."""


def record_page(wishes: RecordWishes) -> int:
    """Fetch a page, keep it as a case, show what is found on it, or write that as expected of it.

    Returns the exit code. Raises GongshiError for an undeclared source, an address that is not
    the source's, a case that is there already or not yet, and FetchError when there is no page.
    """
    declared = read_declared()
    (source,) = choose_sources([wishes.source_id], declared)
    folder = find_case(wishes.into or _find_pages(), source.id, wishes.case)
    if wishes.url is None:
        _accept(folder, source)
    else:
        refuse_recorded(folder)  # before the site is asked
        _record(folder, source, wishes.url)
    return exit_code(0, declared)


def _find_pages() -> Path:
    if not CHECKOUT_PAGES.is_dir():
        raise GongshiError(
            f"'{CHECKOUT_PAGES}' is not here, as this is no checkout of gongshi: name a folder for "
            "recorded pages with --into"
        )
    return CHECKOUT_PAGES


def _record(folder: Path, source: Source, url: str) -> None:
    page = fetch_page(source, url)
    path = write_recorded(folder, page)
    print_page(_find_records(page, source))
    click.echo(f"recorded: {path}")
    say(
        f"next: compare what was found with the page, adjust [parse] of the source until\n"
        f"  gongshi parse {path} --source {source.id}\n"
        "finds what a reader sees, then write it down as expected with --accept instead of the "
        "address.\nThe page is somebody else's: keep it private, or put the same page in your own "
        "words in its place before you commit it."
    )


def _accept(folder: Path, source: Source) -> None:
    records = _find_records(read_case(folder), source)
    print_page(records)
    click.echo(f"expected: {write_expected(folder, draft_expected(records))}")
    say(
        "next: read it against the page, mend by hand what the parser got wrong, and add what the "
        "body must and must not hold (document.text_contains, document.text_lacks)"
    )


def _find_records(page: Page, source: Source) -> dict[str, Any]:
    return to_json(parse_page(page, source), Pseudonymizer(load_key()))
