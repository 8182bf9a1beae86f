"""Which edits turned printed lines into the lines of a stored text, found again from the page."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from normalize.clean import CleanLines, clean_lines
from normalize.trace import Edit, Trace, TraceError

UNEXPLAINED = "difference"
"""Kind of an edit that only says what differs, where the page no longer tells why."""

FindCleaning = Callable[[], CleanLines]


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of a row, as it stands in the tables and as it was printed, and a span in it."""

    field: str
    """Column of the clean text. Example: `text`"""
    text: str
    """Clean text."""
    printed: str
    """Printed text, line for line the same."""
    start: int
    """Start of the span in the clean text."""
    end: int
    """End of the span."""
    owner: str = ""
    """Table and id of the row that the text belongs to. Example: `comments/4b227777d4dd1fc6`"""


@dataclass(frozen=True, slots=True)
class Printed:
    """What stood in the place of a span before it was cleaned."""

    text: str
    """The printed characters. Example: `三臺縣(xiàn)潼川鎮`"""
    start: int
    """Their start in the printed text."""
    end: int
    """Their end."""
    edits: tuple[Edit, ...]
    """Edits inside the span, in order; positions are those of each step within its line."""


def find_printed(passage: Passage, cleanings: Iterable[FindCleaning] = ()) -> Printed:
    """Map a span to the printed text and give the edits inside it.

    `cleanings` make lines and the trace of their cleaning; they are asked in turn and only for
    lines that were changed. A line that none of them explains gets one edit of the kind
    `difference`, confidence 0.

    >>> found = find_printed(Passage("text", "一\\n社区", "一\\n社區(qū)", 2, 4),
    ...     [lambda: clean_lines(["一", "社區(qū)", "城鄉(xiāng)"])])
    >>> found.text, [(edit.old, edit.new) for edit in found.edits]
    ('社區', [('(qū)', ''), ('區', '区')])
    """
    lines = _pair_lines(passage)
    touched = [line for line in lines if line.start <= passage.end and passage.start <= line.end]
    traces = _find_traces({line.key for line in touched if line.clean != line.printed}, cleanings)
    edits: list[Edit] = []
    spans: list[tuple[int, int]] = []
    for line in touched:
        start = max(passage.start - line.start, 0)
        end = min(passage.end - line.start, len(line.clean))
        trace = traces.get(line.key, Trace())
        edits += trace.edits_within(start, end)
        low, high = trace.to_printed(start, end)
        spans.append((line.printed_start + low, line.printed_start + high))
    low, high = spans[0][0], spans[-1][1]
    return Printed(passage.printed[low:high], low, high, tuple(edits))


@dataclass(frozen=True, slots=True)
class _Line:
    clean: str
    printed: str
    start: int
    printed_start: int

    @property
    def end(self) -> int:
        return self.start + len(self.clean)

    @property
    def key(self) -> tuple[str, str]:
        return self.printed, self.clean


def _pair_lines(passage: Passage) -> list[_Line]:
    clean, printed = passage.text.split("\n"), passage.printed.split("\n")
    if len(clean) != len(printed):  # a text that no cleaning of lines gives: one piece
        return [_Line(passage.text, passage.printed, 0, 0)]
    lines, start, printed_start = [], 0, 0
    for text, before in zip(clean, printed, strict=True):
        lines.append(_Line(text, before, start, printed_start))
        start += len(text) + 1
        printed_start += len(before) + 1
    return lines


def _find_traces(
    wanted: set[tuple[str, str]], cleanings: Iterable[FindCleaning]
) -> Mapping[tuple[str, str], Trace]:
    found: dict[tuple[str, str], Trace] = {}
    for find in cleanings:
        if len(found) == len(wanted):
            break
        _match(find(), wanted, found)
    own = [key for key in wanted if key not in found]
    if own:
        _match(clean_lines([printed for printed, _ in own]), wanted, found)
    for printed, clean in wanted - found.keys():
        found[printed, clean] = _differ(printed, clean)
    return found


def _match(
    cleaning: CleanLines, wanted: set[tuple[str, str]], found: dict[tuple[str, str], Trace]
) -> None:
    """Cut the traces of wanted lines out of the trace of a page; only one that fits is taken."""
    open_keys = wanted - found.keys()
    texts = {clean for _, clean in open_keys}
    chosen = [number for number, text in enumerate(cleaning.lines) if text in texts]
    if not chosen:
        return
    borders = _find_borders(cleaning)
    for number in chosen:
        clean = cleaning.lines[number]
        try:
            trace = cleaning.trace.slice(*borders[number])
        except TraceError:
            continue
        for printed, text in open_keys:
            if text == clean and (printed, text) not in found and _fits(trace, printed, clean):
                found[printed, text] = trace


def _find_borders(cleaning: CleanLines) -> list[tuple[int, int]]:
    """Spans of the printed lines: line feeds are never edited, so that they part both texts."""
    feeds, position = [], -1
    for line in cleaning.lines:
        position += len(line) + 1
        feeds.append((position, position + 1))
    total = feeds.pop()[0]
    printed = cleaning.trace.to_printed_spans([*feeds, (total, total)])
    starts = [0, *(end for _, end in printed[:-1])]
    ends = [*(start for start, _ in printed[:-1]), printed[-1][1]]
    return [(start, max(start, end)) for start, end in zip(starts, ends, strict=True)]


def _fits(trace: Trace, printed: str, clean: str) -> bool:
    try:
        return trace.apply(printed) == clean
    except TraceError:
        return False


def _differ(printed: str, clean: str) -> Trace:
    """One edit over what differs."""
    start = _count_same(printed, clean)
    left = min(len(printed), len(clean)) - start
    tail = _count_same(printed[::-1][:left], clean[::-1][:left])
    end = len(printed) - tail
    old, new = printed[start:end], clean[start : len(clean) - tail]
    return Trace(((Edit(start, end, old, new, UNEXPLAINED, 0.0),),))


def _count_same(first: Sequence[str], second: Sequence[str]) -> int:
    pairs = enumerate(zip(first, second, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(first), len(second)))
