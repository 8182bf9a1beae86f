"""Traces of single rows, printed for people, as JSON, or as a page in the browser."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from datasets.edits import UNEXPLAINED
from datasets.read import open_snapshot
from datasets.report.trace_page import list_cells, list_facts, write_trace_page
from datasets.trace import RowTrace, trace_row
from gongshi.declared import exit_code, read_declared
from gongshi.terminal import say
from normalize.trace import Edit

CONTEXT = 40
"""Characters that are printed on each side of the span."""
LONGEST = 100
"""Characters of a cell, or of a span's middle, that are printed."""
MOST_EDITS = 20
"""Edits that are printed; JSON and the page have all."""


@dataclass(frozen=True, slots=True)
class TraceOutput:
    """How to show a trace."""

    as_json: bool = False
    """Whether to print JSON."""
    open_page: bool = False
    """Whether to open the page in the browser."""
    html: Path | None = None
    """File to write the page to; None writes one only to open it."""


def print_trace(data: Path, spec: str, output: TraceOutput) -> int:
    """Print where a row comes from and return the exit code.

    Raises GongshiError when there is no single row of that id.
    """
    declared = read_declared()
    trace = trace_row(open_snapshot(data), data, spec, declared.sources)
    if output.as_json:
        click.echo(json.dumps(to_json(trace), ensure_ascii=False, indent=1, default=str))
    else:
        for line in describe(trace):
            click.echo(line)
    if output.html or output.open_page:
        path = output.html or data / "reports" / f"trace-{trace.row_id}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(write_trace_page(trace), encoding="utf-8")
        say(f"page: {path.absolute()}")
        if output.open_page and click.launch(str(path.absolute())):
            say("gongshi: no browser was found; open the page yourself")
    return exit_code(0, declared)


def to_json(trace: RowTrace) -> dict[str, Any]:
    """Give a trace as plain values; the text is cut to the span with its context.

    >>> to_json(RowTrace("s", "runs", "0f3c9a1b2d4e5f60", {"kind": "crawl"}))["printed"] is None
    True
    """
    passage, printed, document = trace.passage, trace.printed, trace.document
    return {
        "snapshot": trace.snapshot,
        "table": trace.table,
        "row_id": trace.row_id,
        "row": trace.row,
        "span": passage
        and {
            "owner": passage.owner,
            "field": passage.field,
            "start": passage.start,
            "end": passage.end,
            "before": passage.text[max(passage.start - CONTEXT, 0) : passage.start],
            "text": passage.text[passage.start : passage.end],
            "after": passage.text[passage.end : passage.end + CONTEXT],
        },
        "printed": printed
        and {
            "start": printed.start,
            "end": printed.end,
            "text": printed.text,
            "edits": [edit._asdict() for edit in printed.edits],
        },
        "document": document
        and {name: document[name] for name in ("doc_id", "url", "title", "version", "is_current")},
        "file": trace.file and asdict(trace.file),
        "fetches": trace.fetches,
        "notes": trace.notes,
    }


def describe(trace: RowTrace) -> Iterator[str]:
    """Describe a trace in lines, from the row to the bytes.

    >>> list(describe(RowTrace("s", "runs", "0f3c9a1b2d4e5f60", {"kind": "crawl"})))[0]
    'runs/0f3c9a1b2d4e5f60 in snapshot s'
    """
    yield f"{trace.table}/{trace.row_id} in snapshot {trace.snapshot}"
    for name, value in list_cells(trace.row):
        yield f"  {name}: {_shorten(value)}"
    if passage := trace.passage:
        text = passage.text
        before = text[max(passage.start - CONTEXT, 0) : passage.start]
        after = text[passage.end : passage.end + CONTEXT]
        yield ""
        yield f"{passage.field} of {passage.owner}, {passage.start} to {passage.end}"
        marked = f"⟦{_shorten(text[passage.start : passage.end])}⟧"
        yield f"  {_on_one_line(before)}{marked}{_on_one_line(after)}"
    if printed := trace.printed:
        yield f"printed, {printed.start} to {printed.end}"
        yield f"  {_shorten(printed.text)}"
        yield from _describe_edits(printed.edits)
    if document := trace.document:
        current = "" if document["is_current"] else ", replaced since"
        yield f"document {document['doc_id']}, version {document['version']}{current}"
        yield f"  {document['title'] or '(no title)'}"
    yield "archive"
    for name, value in list_facts(trace):
        yield f"  {name}: {value}"
    for note in trace.notes:
        yield f"! {note}"


def _describe_edits(edits: tuple[Edit, ...]) -> Iterator[str]:
    if not edits:
        yield "  nothing was changed"
    for edit in edits[:MOST_EDITS]:
        sure = "" if edit.confidence == 1 else f" ({edit.confidence:g})"
        reason = "unexplained difference" if edit.kind == UNEXPLAINED else f"{edit.kind}{sure}"
        yield f"  {_show(edit.old)} -> {_show(edit.new)}  {reason}"
    if len(edits) > MOST_EDITS:
        yield f"  and {len(edits) - MOST_EDITS} more edits"


def _show(text: str) -> str:
    """Characters of an edit; those that cannot be seen by their code points."""
    if not text:
        return "nothing"
    if text.isprintable() and not text.isspace():
        return _shorten(text)
    return _shorten(" ".join(f"U+{ord(char):04X}" for char in text))


def _shorten(text: str) -> str:
    line = _on_one_line(text)
    half = LONGEST // 2
    return line if len(line) <= LONGEST else f"{line[:half]} … {line[-half:]}"


def _on_one_line(text: str) -> str:
    return text.replace("\n", "⏎").replace("\t", " | ")
