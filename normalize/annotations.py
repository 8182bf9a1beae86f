"""Find the pinyin that damaged sites put behind characters, as in 社區(qū), and plan its removal.

A site's table gives each of its characters one reading, which is printed wherever the character
stands. Where the brackets cut a neighbouring character in two, `normalize.straddle` puts it back.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, pairwise, repeat

from normalize.marks import (
    ANNOTATION,
    WIDE_ANNOTATION,
    Marks,
    find_marks,
    is_behind_letter,
    is_toned,
    join_marks,
    judge_kind,
    weigh_kind,
)
from normalize.misread import LOST
from normalize.readings import load_readings
from normalize.straddle import TAG_BOUNDARY, Straddles
from normalize.trace import Edit

_TAGS = (
    "a|abbr|article|b|big|blockquote|br|center|dd|div|dl|dt|em|font|h[1-6]|hr|i|img|li|ol|p|pre"
    "|section|small|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul"
)
_SWALLOWED_MARKUP = re.compile(
    rf"\?(?:(?=/?(?:{_TAGS})(?:\s[^<>]{{0,300}})?/?>)"
    r"|(?=(?:nbsp|[lr][ds]quo|middot|hellip|mdash|quot|amp|lt|gt|#\d{2,6}|#x[0-9a-f]{2,5});)(?P<entity>))",
    re.IGNORECASE,
)
_FULL_WIDTH = re.compile("[，；：！？（）]")

_LEASTANNOTATIONS = 2
_LEAST_SHARE = 0.7
_LEAST_COVERAGE = 0.1
_MOST_STRANGE = 0.1
_MOST_UNCHANGED = 0.3
# A part of a page is held to more than a page: a textbook's lesson must not pass for one.
_LEAST_IN_PART = 8
_LEAST_REPEATED = 3
_LEAST_SHARE_IN_PART = 0.85

_DROP = 4.0

_MOST_SPOTS = 20_000
_NEAR = 48
_FEW = 6
_FAR = 1000


def restore_markup(html: str) -> str:
    """Put back the `<` and `&` that were swallowed with a lost byte, before a page is parsed.

    Only on pages that carry annotations. The `?` stays, with U+2060 behind it, so that the repair
    of the text knows that nothing else was swallowed.

    >>> restore_markup("<p>社區(qū)實(shí)打?qū)?/p>") == "<p>社區(qū)實(shí)打?qū)?\u2060</p>"
    True
    """
    if "?" not in html or len(ANNOTATION.findall(html)) < _LEASTANNOTATIONS:
        return html
    return _SWALLOWED_MARKUP.sub(
        lambda match: f"?{TAG_BOUNDARY}{'<' if match['entity'] is None else '&'}", html
    )


@dataclass(frozen=True, slots=True)
class Removal:
    """What is to be done about the annotations of a text."""

    edits: tuple[Edit, ...] = ()
    """Edits in text order."""
    lost: int = 0
    """Damaged places that stay, or that hold a character which is gone."""
    text: str = ""
    """The text after the edits, if there are any."""


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Counts over the annotations of a text or a part of it."""

    changed: int
    """Annotations of characters that differ between the scripts."""
    unchanged: int
    strange: int
    """Brackets behind a character that cannot be read so."""
    cut: int
    """Readings behind a `?`."""
    table: dict[str, str]
    """Annotated characters with their reading."""

    def is_throughout(self, text: str, least: float) -> bool:
        """Tell whether the table's characters carry their annotation wherever they stand.

        A site's table holds the frequent characters, so that a good part of all Traditional ones
        must be in it: a page that glosses two rare characters where they stand first does not pass.
        """
        if self.changed < least * sum(map(self.table.__contains__, text)):
            return False
        if self.changed >= _LEAST_COVERAGE * len(text):
            return True
        known = load_readings().traditional
        return self.changed >= _LEAST_COVERAGE * sum(map(known.__contains__, text))

    def is_consistent(self) -> bool:
        evidence = self.changed + self.cut
        return (
            evidence >= _LEASTANNOTATIONS
            and self.strange <= max(1, _MOST_STRANGE * evidence)
            and self.unchanged <= _MOST_UNCHANGED * evidence
        )


def find_annotations(text: str) -> Removal:
    """Plan the removal of pinyin annotations from a text whose characters carry them throughout.

    A text passes when at least two Traditional characters carry one of their readings in brackets,
    at least 70 % of all occurrences of those characters do, and hardly any bracket holds something
    else, so that a textbook that glosses a word here and there stays as it is. Where a page as a
    whole does not pass, parts of it may, held to more. Time is linear in the text.

    >>> [edit.old for edit in find_annotations("城鄉(xiāng)社區(qū)治理").edits]
    ['(xiāng)', '(qū)']
    >>> find_annotations("生字:鄉(xiāng)。他回鄉下,又回鄉下。").edits
    ()
    """
    if ANNOTATION.search(text) is None and WIDE_ANNOTATION.search(text) is None:
        return Removal()
    marks = find_marks(text)
    evidence = _weigh(marks)
    if not evidence.table and not evidence.cut:
        return Removal()
    bare = marks.strip(text)
    if evidence.is_consistent() and evidence.is_throughout(bare, _LEAST_SHARE):
        return _plan(text, bare, marks, evidence.table)
    table: dict[str, str] = {}
    chosen: list[Marks] = []
    for part, its_table in _find_parts(text, marks, evidence.table):
        chosen.append(part)
        table |= its_table
    return _plan(text, bare, join_marks(text, chosen), table) if chosen else Removal()


def _weigh(marks: Marks) -> _Evidence:
    counts = {"changed": 0, "unchanged": 0, "strange": 0, "": 0}
    table: dict[str, tuple[int, str]] = {}
    for kind, count in Counter(marks.kinds).items():
        verdict, character, reading = judge_kind(kind)
        counts[verdict] += count
        if verdict == "changed":
            row = (count, reading)
            if character not in table or row > table[character]:
                table[character] = row
    return _Evidence(
        changed=counts["changed"],
        unchanged=counts["unchanged"],
        strange=counts["strange"],
        cut=sum(is_toned(reading) for _, reading in marks.cuts),
        table={character: reading for character, (_, reading) in table.items()},
    )


def _find_parts(
    text: str, marks: Marks, table: dict[str, str]
) -> Iterator[tuple[Marks, dict[str, str]]]:
    """Find runs of lines in which the table's characters carry their annotations."""
    lines = text.split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    named = sorted([*marks.starts, *(start for start, reading in marks.cuts if reading)])
    firsts = [bisect_left(named, start) for start in starts]
    weights = [
        last - first - _LEAST_SHARE_IN_PART * sum(map(table.__contains__, line))
        for line, (first, last) in zip(lines, pairwise(firsts), strict=True)
    ]
    for first, last in _best_runs(weights):
        part = marks.within(text, starts[first], starts[last])
        inner = text[starts[first] : starts[last]]
        evidence = _weigh(part)
        repeated = evidence.changed - len(evidence.table)
        if (
            evidence.changed >= _LEAST_IN_PART
            and repeated >= _LEAST_REPEATED
            and evidence.is_consistent()
            and evidence.is_throughout(inner, _LEAST_SHARE_IN_PART)
        ):
            yield part, evidence.table


def _best_runs(weights: Sequence[float]) -> list[tuple[int, int]]:
    """Find runs of high weight: a run ends where the sum has dropped too far below its peak."""
    runs: list[tuple[int, int]] = []
    first, end, total, peak = -1, 0, 0.0, 0.0
    for index, weight in enumerate(weights):
        if first < 0:
            if weight <= 0:
                continue
            first, end, total, peak = index, index + 1, weight, weight
            continue
        total += weight
        if total > peak:
            end, peak = index + 1, total
        elif total < peak - _DROP:
            runs.append((first, end))
            first = -1
    if first >= 0:
        runs.append((first, end))
    return runs


def _plan(text: str, bare: str, marks: Marks, table: dict[str, str]) -> Removal:
    """Plan the removal of all annotations, and look singly at what their kind says too little of.

    Takes the text without its annotations, too.
    """
    marks = marks.take_blanks(text)
    sure = _weigh_kinds(marks.kinds, table)
    confidences = [*map(sure.__getitem__, marks.kinds)]
    draft = _Draft(text, marks, confidences)
    spots: Straddles | None = None
    lost = tried = 0
    for start, kind in _find_doubts(marks, confidences):
        if start < draft.position:
            continue
        draft.remove_before(start)
        if kind:
            last = _LineBefore(text, start - 1, draft.edits).near()[-1:]
            draft.judge_next(remove=sure[kind] < 0 and is_behind_letter(last, kind))
            continue
        spots = spots or Straddles(text, bare, table, folded=_FULL_WIDTH.search(text) is None)
        tried += 1
        before = _LineBefore(text, start, draft.edits)
        spot = spots.read(start, before) if tried <= _MOST_SPOTS else None
        if spot is None:
            lost += 1
        else:
            old = text[start : spot.end]
            draft.replace(Edit(start, spot.end, old, spot.text, "straddle", spot.confidence))
            lost += LOST in spot.text
    mended = draft.finish()
    return Removal(tuple(draft.edits), lost, mended)


def _weigh_kinds(kinds: Sequence[str], table: dict[str, str]) -> dict[str, float]:
    """Tell how surely each kind is an annotation; what the page's table holds is, without tone."""
    sure = {kind: weigh_kind(kind) for kind in set(kinds)}
    for kind, confidence in sure.items():
        if confidence < 1:
            _, character, reading = judge_kind(kind)
            if table.get(character) == reading:
                sure[kind] = 1.0
    return sure


def _find_doubts(marks: Marks, confidences: Sequence[float]) -> list[tuple[int, str]]:
    """Give the places to look at, with their kind; a cut has none."""
    single = [number for number, confidence in enumerate(confidences) if confidence <= 0]
    cuts = [(start, "") for start, _ in marks.cuts]
    return sorted([*cuts, *((marks.starts[number], marks.kinds[number]) for number in single)])


class _Draft:
    """The edits of a page and, in step with them, the text they give."""

    def __init__(self, text: str, marks: Marks, confidences: Sequence[float]) -> None:
        self.edits: list[Edit] = []
        self.position = 0
        """Up to where the printed text is done."""
        self._text = text
        self._starts, self._ends, self._between = marks.starts, marks.ends, marks.between
        self._next = 0
        self._pieces: list[str] = []
        constant = repeat(""), repeat("pinyin_annotation")
        rows = zip(marks.starts, marks.ends, marks.printed, *constant, confidences, strict=False)
        # They are ten times as many as all other edits, and a call of `Edit` takes twice as long.
        self._removals = [*map(partial(tuple.__new__, Edit), rows)]

    def remove_before(self, start: int) -> None:
        """Remove the annotations before a place."""
        first, last = self._next, bisect_left(self._starts, start, self._next)
        if first < last:
            self.edits += self._removals[first:last]
            self._pieces.append(self._text[self.position : self._starts[first]])
            self._pieces += self._between[first + 1 : last]
            self.position, self._next = self._ends[last - 1], last

    def judge_next(self, *, remove: bool) -> None:
        """Remove the next annotation or keep it."""
        if remove:
            self.replace(self._removals[self._next]._replace(confidence=1.0))
        else:
            self._next += 1

    def replace(self, edit: Edit) -> None:
        """Add an edit, with the annotations before it removed; those in it are gone with it."""
        self._pieces += [self._text[self.position : edit.start], edit.new]
        if edit.old != edit.new:
            self.edits.append(edit)
        self.position = edit.end
        self._next = bisect_left(self._starts, edit.end, self._next)

    def finish(self) -> str:
        """Remove the rest of the annotations and give the text."""
        self.remove_before(len(self._text))
        return "".join([*self._pieces, self._text[self.position :]])


class _LineBefore:
    """The repaired text of a line up to a damaged place."""

    def __init__(self, text: str, end: int, edits: Sequence[Edit]) -> None:
        self._text = text
        self._end = end
        self._edits = edits

    def near(self) -> str:
        """A few characters of it."""
        return self._take(_NEAR, _FEW)

    def far(self) -> str:
        """As much of it as brackets may be open for."""
        return self._take(_FAR, _FAR)

    def _take(self, most: int, enough: int) -> str:
        """Look back over so many printed characters, or until enough are found."""
        text, end = self._text, self._end
        begin = max(text.rfind("\n", max(0, end - most), end) + 1, end - most, 0)
        pieces: list[str] = []
        found = 0
        for edit in reversed(self._edits):
            if edit.end <= begin:
                break
            found += end - edit.end
            if found >= enough:
                begin = edit.end
                break
            pieces += [text[edit.end : end], edit.new]
            end = edit.start
        pieces.append(text[min(begin, end) : end])
        return "".join(reversed(pieces))
