"""Find the pinyin that damaged sites put behind characters, as in 社區(qū), and plan its removal.

A site's table gives each of its characters one reading, which is printed wherever the character
stands. Where the brackets cut a neighbouring character in two, `normalize.straddle` puts it back.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from normalize.gbk import load_codes
from normalize.misread import LOST
from normalize.readings import load_readings
from normalize.straddle import READING, TAG_BOUNDARY, Straddles
from normalize.trace import Edit

# The patterns begin with their rarest character, so that clean text is passed over fast.
_ANNOTATION = re.compile(rf"\((?<=[㐀-鿿@-~]\()({READING})\)")
_WIDE_ANNOTATION = re.compile(rf"（(?<=[㐀-鿿]（)({READING})）")
_MARK = re.compile(
    rf"\((?<=[㐀-鿿@-~]\()(?P<own>{READING})\) ?|（(?<=[㐀-鿿]（)(?P<wide>{READING})）"
    rf"|\?(?:(?P<cut>{READING})\)|(?<!\?\?)(?=[，！？。、!?]))"
)
_TAGS = (
    "a|abbr|article|b|big|blockquote|br|center|dd|div|dl|dt|em|font|h[1-6]|hr|i|img|li|ol|p|pre"
    "|section|small|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul"
)
_SWALLOWED_MARKUP = re.compile(
    rf"\?(?:(?=/?(?:{_TAGS})(?:\s[^<>]{{0,300}})?/?>)"
    r"|(?=(?:nbsp|[lr][ds]quo|middot|hellip|mdash|quot|amp|lt|gt|#\d{2,6}|#x[0-9a-f]{2,5});)(?P<entity>))",
    re.IGNORECASE,
)
_TONED = re.compile("[āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜ]")
_FULL_WIDTH = re.compile("[，；：！？（）]")
_FIRST_HAN = "㐀"

_LEAST_ANNOTATIONS = 2
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
_SAMPLE = 1000
_NEAR = 48
_FAR = 1000

_TONELESS_CONFIDENCE = 0.95
_STRANGE_CONFIDENCE = 0.9


def restore_markup(html: str) -> str:
    """Put back the `<` and `&` that were swallowed with a lost byte, before a page is parsed.

    Only on pages that carry annotations. The `?` stays, with U+2060 behind it, so that the repair
    of the text knows that nothing else was swallowed.

    >>> restore_markup("<p>社區(qū)實(shí)打?qū)?/p>") == "<p>社區(qū)實(shí)打?qū)?\u2060</p>"
    True
    """
    if "?" not in html or len(_ANNOTATION.findall(html)) < _LEAST_ANNOTATIONS:
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
        every = Counter(text)
        present = sum(every[character] for character in self.table)
        known = load_readings().traditional
        traditional = sum(count for character, count in every.items() if character in known)
        return self.changed >= max(least * present, _LEAST_COVERAGE * traditional)

    def is_consistent(self) -> bool:
        evidence = self.changed + self.cut
        return (
            evidence >= _LEAST_ANNOTATIONS
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
    if _ANNOTATION.search(text) is None and _WIDE_ANNOTATION.search(text) is None:
        return Removal()
    marks = _find_marks(text)
    evidence = _weigh(marks)
    if not evidence.table and not evidence.cut:
        return Removal()
    if evidence.is_consistent() and evidence.is_throughout(text, _LEAST_SHARE):
        return _plan(text, marks, evidence.table)
    table: dict[str, str] = {}
    chosen: list[_Mark] = []
    for part, its_table in _find_parts(text, marks, evidence.table):
        chosen += part
        table |= its_table
    return _plan(text, chosen, table) if chosen else Removal()


_Mark = tuple[int, int, str, str]
"""Start and end of a place, the character before it, `?` for a cut one, and its reading, if any."""


def _find_marks(text: str) -> list[_Mark]:
    marks: list[_Mark] = []
    for match in _MARK.finditer(text):
        start, end = match.span()
        own, wide, cut = match.groups()
        if own:
            marks.append((start, end, text[start - 1], own))
        elif wide:
            marks.append((start, end, text[start - 1], wide))
        else:
            marks.append((start, end, "?", cut or ""))
    return marks


def _weigh(marks: Sequence[_Mark]) -> _Evidence:
    pairs = Counter([mark[2:] for mark in marks])
    counts: Counter[str] = Counter()
    table: dict[str, tuple[int, str]] = {}
    for (character, reading), count in pairs.items():
        if character == "?":
            counts["cut"] += count if _TONED.search(reading) else 0
        elif character >= _FIRST_HAN:
            verdict = _judge(character, reading)
            counts[verdict] += count
            if verdict == "changed":
                table[character] = max(table.get(character, (0, "")), (count, reading))
    return _Evidence(
        counts["changed"],
        counts["unchanged"],
        counts["strange"],
        counts["cut"],
        {character: reading for character, (_, reading) in table.items()},
    )


@lru_cache(maxsize=65_536)
def _judge(character: str, reading: str) -> str:
    """Call an annotation `changed`, `unchanged` or `strange` by its character and reading."""
    readings = load_readings()
    if not readings.is_reading(character, reading):
        return "strange"
    return "changed" if readings.is_traditional(character) else "unchanged"


def _find_parts(
    text: str, marks: Sequence[_Mark], table: dict[str, str]
) -> Iterator[tuple[Sequence[_Mark], dict[str, str]]]:
    """Find runs of lines in which the table's characters carry their annotations."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    firsts = [0]
    for end in starts[1:]:
        last = firsts[-1]
        while last < len(marks) and marks[last][0] < end:
            last += 1
        firsts.append(last)
    weights = [
        sum(1 for mark in marks[first:last] if mark[3])
        - _LEAST_SHARE_IN_PART * sum(map(table.__contains__, line))
        for line, (first, last) in zip(lines, pairwise(firsts), strict=True)
    ]
    for first, last in _best_runs(weights):
        part = marks[firsts[first] : firsts[last]]
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


def _plan(text: str, marks: Sequence[_Mark], table: dict[str, str]) -> Removal:
    spots: Straddles | None = None
    edits: list[Edit] = []
    cursor = lost = tried = 0
    blank = _has_blanks(text, marks)
    pairs = {(character, reading) for _, _, character, reading in marks}
    sure = {
        (character, reading): 1.0
        if table.get(character) == reading
        else _judge_pair(character, reading)
        for character, reading in pairs
    }
    for start, end, character, reading in marks:
        if start < cursor:
            continue
        if character != "?":
            confidence = sure[character, reading]
            if confidence < 0:
                last = _LineBefore(text, start - 1, edits).near()[-1:]
                confidence = _judge_letter(last, character, reading)
            if confidence:
                cursor = end if blank or text[end - 1] != " " else end - 1
                old = text[start:cursor]
                edits.append(Edit(start, cursor, old, "", "pinyin_annotation", confidence))
            continue
        spots = spots or Straddles(text, table, folded=_FULL_WIDTH.search(text) is None)
        tried += 1
        spot = spots.read(start, _LineBefore(text, start, edits)) if tried <= _MOST_SPOTS else None
        if spot is None:
            lost += 1
            continue
        cursor = spot.end
        old = text[start:cursor]
        if spot.text != old:
            edits.append(Edit(start, cursor, old, spot.text, "straddle", spot.confidence))
        lost += LOST in spot.text
    return Removal(tuple(edits), lost)


def _has_blanks(text: str, marks: Sequence[_Mark]) -> bool:
    """Tell whether the site puts a blank behind its annotations, too."""
    own = [end for _, end, character, _ in marks[:_SAMPLE] if character != "?"]
    return sum(text[end - 1] == " " for end in own) > _LEAST_SHARE * len(own)


def _judge_pair(character: str, reading: str) -> float:
    """How surely a bracket is an annotation; 0 for not, negative for behind a letter."""
    if character < _FIRST_HAN:
        return -1.0
    toned = _TONED.search(reading) is not None
    if _judge(character, reading) != "strange":
        return 1.0 if toned else _TONELESS_CONFIDENCE
    return _STRANGE_CONFIDENCE if toned else 0.0


def _judge_letter(last: str, letter: str, reading: str) -> float:
    """Judge a bracket behind a letter: with the last byte before it, it may be a character."""
    codes = load_codes()
    pair = codes.pair.get(last)
    straddling = codes.character.get((pair[1], ord(letter)), "") if pair else ""
    return 1.0 if _judge(straddling, reading) == "changed" else 0.0


class _LineBefore:
    """The repaired text of a line up to a damaged place."""

    def __init__(self, text: str, end: int, edits: Sequence[Edit]) -> None:
        self._text = text
        self._end = end
        self._edits = edits

    def near(self) -> str:
        """A few characters of it."""
        return self._take(_NEAR)

    def far(self) -> str:
        """As much of it as brackets may be open for."""
        return self._take(_FAR)

    def _take(self, most: int) -> str:
        text, end = self._text, self._end
        begin = max(text.rfind("\n", max(0, end - most), end) + 1, end - most, 0)
        pieces: list[str] = []
        for edit in reversed(self._edits):
            if edit.end <= begin:
                break
            pieces += [text[edit.end : end], edit.new]
            end = edit.start
        pieces.append(text[min(begin, end) : end])
        return "".join(reversed(pieces))
