"""WARC files -> one published snapshot of all tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from datasets.assemble import Tables, assemble_tables
from datasets.corrections import load_corrections
from datasets.engines import Engine, parse_here
from datasets.index import Entry, Index, index_archive
from datasets.manifest import Part
from datasets.mending import mend_latest, telling_failures
from datasets.pages import PageReader, ParsedPage, ParsePage
from datasets.parse_cache import ParseCache
from datasets.place_parts import divisions_digest, write_places
from datasets.privacy import Pseudonymizer, load_key, refuse_key_inside
from datasets.quality import Finding, check_tables
from datasets.read import Snapshot, open_snapshot
from datasets.schema import load_tables
from datasets.source_health import find_missing_fields, source_issue_row
from datasets.store import Commit, commit, latest_id, write_parts, writer_lock
from datasets.threads import LinkMentions
from datasets.versions import PageKey, page_key
from extract.records import EXTRACTOR_VERSION
from extract.source import Source
from extract.source_issue import SourceIssue


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How to build."""

    engine: Engine = parse_here
    """How pages are spread over processes or machines; by default this process parses them."""
    accept: bool = False
    """Whether to publish in spite of failing checks."""
    keywords: bool = False
    """Whether documents and comments are given their keywords, which takes half as long again."""
    nouns: Literal["rule", "full"] = "rule"
    """How the nouns that figures count are found; full takes many times as long."""
    reparse: bool = False
    """Whether pages that were parsed before are parsed anew."""
    key_file: Path | None = None
    """Key for usernames; see `datasets.privacy.load_key` for the default."""
    source_issues: tuple[SourceIssue, ...] = ()
    """What the crawls found wrong with their sources; they become rows of `issues`."""
    parse: ParsePage | None = None
    """What turns a page to records, each time anew; `extract.parse.parse_page` when None."""
    link: LinkMentions | None = None
    """What links replies with units; `extract.comments.link_mentions` when None."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is."""

    stage: Literal["index", "parse", "write"]
    """What is being done: index and write count files, parse counts pages."""
    done: int
    """How many are done."""
    total: int
    """Of how many."""


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build did."""

    snapshot: str
    """Id of the snapshot that holds the tables. Example: `20220406T111500000000Z-0f3c9a1b`"""
    changed: bool
    """Whether it is new; False when the tables are what they were."""
    published: bool
    """Whether `latest` points to it; False when it was written aside."""
    rows: dict[str, int]
    """Rows per table."""
    findings: tuple[Finding, ...]
    """Checks that failed: why it was written aside, or what was accepted."""
    missing: tuple[SourceIssue, ...]
    """Values that the new pages of a source no longer give."""


def build(
    data: Path,
    sources: Mapping[str, Source],
    options: BuildOptions | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> BuildResult:
    """Build all tables of a data folder anew from its WARC files and publish them as a snapshot.

    The same files give the same bytes, and then no new snapshot. Pages parsed by an earlier build,
    even one that was killed, are not parsed again. A page that cannot be parsed becomes a row of
    `issues`. The corrections in `corrections.csv` of the folder are applied.
    Raises GongshiError when another process is writing, the key for usernames cannot be used or a
    correction cannot be read.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder, TemporaryDirectory() as home:
    ...     options = BuildOptions(key_file=Path(home) / "key")
    ...     [build(Path(folder), {}, options).changed for _ in range(2)]
    [True, False]
    """
    options = options or BuildOptions()
    report = on_progress or (lambda _: None)
    refuse_key_inside(options.key_file, data)
    names = Pseudonymizer(load_key(options.key_file))
    # Read first: a slip in the file should not cost an hour of parsing.
    corrections = load_corrections(data)
    with writer_lock(data):
        # Before the work: what is wrong with the tables there should not cost an hour either.
        with telling_failures(data):
            mend_latest(data)
        index = index_archive(data, sources, lambda n, of: report(Progress("index", n, of)))
        reader = PageReader(data, options.parse, options.keywords, options.nouns, index.files)
        pages = _parse_all(data, index, reader, options, report)
        link = options.link or _default_link()
        tables = assemble_tables(index, pages, names, link, corrections)
        missing = tuple(find_missing_fields(tables))
        tables["issues"] += map(source_issue_row, (*options.source_issues, *missing))
        findings, parts, done = _publish(data, tables, options.accept, report)
    rows = dict.fromkeys(tables, 0)
    for part in parts:
        rows[part.table] += part.rows
    return BuildResult(done.snapshot, done.changed, done.published, rows, findings, missing)


def _parse_all(
    data: Path,
    index: Index,
    reader: PageReader,
    options: BuildOptions,
    report: Callable[[Progress], None],
) -> dict[PageKey, ParsedPage]:
    # Of fetches with the same bytes the first is parsed: entries are in the order of time.
    first: dict[PageKey, Entry] = {}
    for entry in index.entries:
        if entry.is_page:
            first.setdefault(page_key(entry), entry)
    pages: dict[PageKey, ParsedPage] = {}

    def add(entry: Entry, page: ParsedPage) -> None:
        pages[page_key(entry)] = page
        report(Progress("parse", len(pages), len(first)))

    with ParseCache(data, reader) as cache:
        unknown: list[Entry] = []
        for entry in first.values():
            page = None if options.reparse else cache.find(entry)
            if page:
                add(entry, page)
            else:
                unknown.append(entry)
        for entry, page in options.engine(unknown, reader):
            cache.keep(entry, page)
            add(entry, page)
        cache.forget_others()
    return pages


def _publish(
    data: Path, tables: Tables, accept: bool, report: Callable[[Progress], None]
) -> tuple[tuple[Finding, ...], list[Part], Commit]:
    previous = _open_previous(data)
    findings = check_tables(tables, previous)
    held = () if accept else [finding.message for finding in findings]
    with telling_failures(data):
        parts = _write(data, tables, previous, report)
        return findings, parts, commit(data, parts, _describe_run(tables), held)


def _write(
    data: Path,
    tables: Tables,
    previous: Snapshot | None,
    report: Callable[[Progress], None],
) -> list[Part]:
    parts: list[Part] = []
    for done, (name, table) in enumerate(load_tables().items(), 1):
        if name == "places":
            parts += write_places(data, tables[name], previous.manifest if previous else {})
        else:
            parts += write_parts(data, table, tables[name])
        report(Progress("write", done, len(load_tables())))
    return parts


def _describe_run(tables: Tables) -> dict[str, Any]:
    """What a manifest says of the run that made it."""
    newest = max(tables["runs"], key=lambda run: run["warc_file"], default=None)
    return {
        "software": f"gongshi/{version('gongshi')}",
        "extractor": EXTRACTOR_VERSION,
        "run": newest and newest["run_id"],
        "divisions": divisions_digest(),
    }


def _open_previous(data: Path) -> Snapshot | None:
    return open_snapshot(data) if latest_id(data) else None


def _default_link() -> LinkMentions:
    link: LinkMentions = import_module("extract.comments").link_mentions
    return link
