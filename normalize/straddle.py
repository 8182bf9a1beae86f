"""Put back characters that a bracket annotation cut in two, by searching their GBK bytes.

An annotation that was inserted by its bytes may stand between lead and trail of a character. The
decoder then reads `?` for the lead, and all that follows in pairs shifted by one byte, until
another `?` or a single byte brings it back into step. The reading in the bracket names the
character that straddles the cut, and its code gives the lost byte back.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, Protocol

from normalize.gbk import load_codes
from normalize.marks import READING
from normalize.misread import LOST
from normalize.plausibility import Plausibility
from normalize.readings import drop_tone, load_readings

TAG_BOUNDARY = "\u2060"
"""Stands behind a `?` that swallowed the first character of a tag or entity put back since."""

_ALIGNED = -1
_UNKNOWN = -2
_BEAM = 24
_HOPELESS = 8.0
_LONGEST_SPOT = 400
_REST = 200
_LOST_CONFIDENCE = 0.5
_DOUBTED_CONFIDENCE = 0.6
# Evidence as log probability: a page has one reading per character, in the script of the page.
_SAME_READING = 3.0
_OTHER_READING = -8.0
_NOT_TRADITIONAL = -6.0
_READING_UNKNOWN = -4.0
_NO_ANNOTATION = -5.0
_TWO_LOST = -3.0
# Lead bytes of pairs that stand for nothing, which some decoders read as one `?`.
_HOLLOW = (0x80, 0xA2, *range(0xA4, 0xAA))
_TOKEN = re.compile(
    rf"\?(?P<cut>{READING})\)"
    rf"|(?P<pair>[^\x00-\x7f\n])(?:\({READING}\))?"
    r"|\?(?P<swallowed>/?[a-zA-Z][a-zA-Z0-9]{0,9}\b[^<>\n]{0,300}>|(?:[a-z]{2,8}|#\d{2,6});)"
    rf"|(?P<broken>\?(?=[，！？、。\n{TAG_BOUNDARY}]|$){TAG_BOUNDARY}?)"
    rf"|(?P<lost>\?)|(?P<single>[^\n])(?P<annotated>\({READING}\))?"
)
_ANNOTATION = re.compile(rf"(?<=[⺀-鿿])[(（]{READING}[)）]")
_LINE_END = re.compile("[\n?]")
_CUT = re.compile(rf"\({READING}\)|\?{READING}\)")


@dataclass(frozen=True, slots=True)
class Spot:
    """A damaged place put right."""

    end: int
    """Where the damage ends in the printed text."""
    text: str
    """What stood there, in the script of the page."""
    confidence: float
    """How much likelier this reading is than all others together, 0 to 1."""


class Before(Protocol):
    """The repaired text in front of a place, on its line."""

    def near(self) -> str:
        """A few characters."""

    def far(self) -> str:
        """As much as brackets may be open for."""


class _Path(NamedTuple):
    """One way to read a damaged place."""

    score: float
    """Log probability of the characters so far, by pairs of them."""
    evidence: float
    """What the page's other annotations say for or against it."""
    text: str
    """The character before the place and what was read since."""
    pending: int
    """Lead byte that waits for its trail; negative when there is none or it is unknown."""
    byte: int
    """Last byte read."""
    cut: bool = False
    """Whether the waiting character holds an annotation."""


_Read = Callable[[_Path, re.Match[str]], list[_Path]]


@cache
def _by_reading() -> dict[tuple[int, str], list[tuple[int, str, float]]]:
    """Second bytes and characters by first byte and reading, with and without tone.

    With them stands what speaks for a character that is not in the page's table.
    """
    codes, traditional = load_codes(), load_readings().traditional
    found: dict[tuple[int, str], list[tuple[int, str, float]]] = {}
    for character, known in load_readings().toned.items():
        lead, trail = codes.pair[character]
        row = (trail, character, 0.0 if character in traditional else _NOT_TRADITIONAL)
        for reading in dict.fromkeys([*known, *map(drop_tone, known)]):
            found.setdefault((lead, reading), []).append(row)
    return found


class Straddles:
    """Reads the damaged places of one page."""

    def __init__(self, page: str, bare: str, table: dict[str, str], *, folded: bool) -> None:
        """Take the page, itself without annotations, its annotated characters and their readings.

        `folded` tells whether its punctuation is ASCII.
        """
        self._page = page
        self._table = table
        self._folded = folded
        self._codes = load_codes()
        self._by_reading = _by_reading()
        self._plausibility = Plausibility(bare)
        self._after = self._plausibility.after
        self._readers: dict[str, _Read] = {
            "cut": self._read_cut,
            "pair": self._read_pair,
            "swallowed": self._read_swallowed,
            "broken": self._read_broken,
            "lost": self._read_lost,
            "single": self._read_single,
            "annotated": self._read_single,
        }

    def read(self, start: int, before: Before) -> Spot | None:
        """Read the damaged place that begins with the `?` at `start`; None when nothing fits."""
        near = before.near()
        last = near[-1:]
        byte = self._codes.pair.get(last, (0, ord(last) if last else 0))[1]
        paths = [_Path(0.0, 0.0, last, _ALIGNED, byte & 0xFF)]
        position, limit = start, start + _LONGEST_SPOT
        aligned: list[_Path] = []
        while position < limit and (token := _TOKEN.match(self._page, position)) is not None:
            assert token.lastgroup is not None, "the pattern consists of named groups"
            read = self._readers[token.lastgroup]
            paths = _prune([new for path in paths for new in read(path, token)])
            if not paths:
                return None
            position = token.end()
            aligned = [path for path in paths if path.pending == _ALIGNED]
            if len(aligned) == len(paths):
                break
        if not aligned:
            return None
        if len(aligned) == 1:
            text, share = aligned[0].text, 1.0
        else:
            rest = _LINE_END.split(self._page[position : position + _REST], 1)[0]
            rest = _ANNOTATION.sub("", rest)
            text, share = self._plausibility.choose(aligned, before.far, near, rest)
        return Spot(position, text[len(last) :], _confidence(text, share, aligned))

    def _read_cut(self, path: _Path, token: re.Match[str]) -> list[_Path]:
        """Read `?bào)`: a byte, then an annotation whose `(` was swallowed."""
        score, evidence, text, pending, byte, _ = path
        if pending == _ALIGNED:
            return [
                _Path(score, evidence + more, text, second, second, cut=True)
                for second, _, more in self._straddling(byte, token["cut"])
                if second >= 0x81
            ]
        after = self._after[text[-1:]]
        return [
            _Path(score + after[character], evidence + more, text + character, _ALIGNED, second)
            for second, character, more in self._straddling(pending, token["cut"])
        ]

    def _straddling(self, first: int, reading: str) -> list[tuple[int, str, float]]:
        """Characters that begin with a byte and are read so, with what speaks for them."""
        table = self._by_reading
        known = table.get((first, reading)) or table.get((first, drop_tone(reading)))
        if not known:
            traditional = load_readings().traditional
            likely = self._plausibility.with_lead(first, "")
            return [(*row, _READING_UNKNOWN) for row in likely if row[1] in traditional]
        printed = self._table.get
        return [
            (second, character, more)
            if (annotated := printed(character)) is None
            else (second, character, _SAME_READING if annotated == reading else _OTHER_READING)
            for second, character, more in known
        ]

    def _read_pair(self, path: _Path, token: re.Match[str]) -> list[_Path]:
        character = token["pair"]
        lead, trail = self._codes.pair.get(character, (0, 0))
        if path.pending == _ALIGNED:
            return [self._add(path, character, _ALIGNED, trail)]
        if character == "€":
            return self._complete(path, 0x80, _ALIGNED)
        if path.pending == _UNKNOWN:
            return self._find_lead(path, (lead, trail), token) if lead else []
        if trail >= 0x81:
            return self._complete(path, lead, trail)
        if trail == 0x80:
            return []
        return [
            self._add(done, chr(trail), _ALIGNED, trail)
            for done in self._complete(path, lead, _ALIGNED)
        ]

    def _find_lead(self, path: _Path, codes: tuple[int, int], token: re.Match[str]) -> list[_Path]:
        """Find a lost lead byte by the characters on both sides."""
        trail, pending = codes
        behind = token.string[token.end() : token.end() + 1]
        byte = self._codes.pair.get(behind, (ord(behind) if behind else 0, 0))[0]
        following = self._codes.character.get((pending, byte), "")
        likely = self._plausibility.with_trail(trail, path.text[-1:], following)
        return [self._add(path, character, pending, pending) for _, character in likely]

    def _complete(self, path: _Path, trail: int, pending: int) -> list[_Path]:
        """Give the waiting character its trail."""
        known = self._codes.character.get((path.pending, trail))
        if known is None or "\ue000" <= known <= "\uf8ff":
            return []
        return [self._add(path, known, pending, pending if pending >= 0 else trail)]

    def _read_single(self, path: _Path, token: re.Match[str]) -> list[_Path]:
        character = token["single"]
        code = ord(character)
        if path.pending == _ALIGNED:
            return [self._add(path, character, _ALIGNED, code)]
        annotated = token["annotated"] is not None
        found = []
        if code >= 0x40:
            found = self._complete(path._replace(cut=path.cut or annotated), code, _ALIGNED)
        if self._folded and not annotated:
            # What looks like ASCII was printed in full width.
            codes = (0xA1, 0xA1) if character == " " else (0xA3, code | 0x80)
            found += self._complete(path, *codes)
        return found

    def _read_broken(self, path: _Path, token: re.Match[str]) -> list[_Path]:
        """Read a `?` before a break: one byte, and nothing swallowed."""
        if path.pending != _ALIGNED:
            return self._any_trail(path)
        found = [self._add(path, "?", _ALIGNED, 0x3F)]
        if self._page[token.end() : token.end() + 1].strip():
            found.append(path._replace(pending=_UNKNOWN, byte=0, cut=False))
        return found

    def _any_trail(self, path: _Path) -> list[_Path]:
        likely = self._plausibility.with_lead(path.pending, path.text[-1:])
        return [self._add(path, character, _ALIGNED, trail) for trail, character in likely]

    def _read_swallowed(self, path: _Path, token: re.Match[str]) -> list[_Path]:
        """Read a `?` that swallowed the `<` of a tag: the rest of the tag is no text."""
        if path.pending == _ALIGNED:
            return [self._add(path, token.group(), _ALIGNED, 0)]
        return self._any_trail(path)

    def _read_lost(self, path: _Path, token: re.Match[str]) -> list[_Path]:
        """Read a `?` before anything else: one byte, and a character that is gone."""
        if path.pending == _ALIGNED:
            return [self._add(path, "?", _ALIGNED, 0x3F)]
        missing = "(" if _closes_open_bracket(self._page, token.end()) else LOST
        found = [done._replace(text=done.text + missing) for done in self._any_trail(path)]
        for trail in _HOLLOW:
            for done in self._complete(path, trail, _UNKNOWN):
                found.append(done._replace(evidence=done.evidence + _TWO_LOST))
        return found

    def _add(self, path: _Path, character: str, pending: int, byte: int) -> _Path:
        score, evidence, text, waiting, _, cut = path
        if waiting != _ALIGNED and not cut and character in self._table:
            # It would carry its annotation: nothing broke it before the table was applied.
            evidence += _NO_ANNOTATION
        score += self._after[text[-1:]][character]
        return _Path(score, evidence, text + character, pending, byte)


def _prune(paths: list[_Path]) -> list[_Path]:
    """Keep the best paths, and none that is hopeless beside the best."""
    if len(paths) < 2:
        return paths
    weights = [path.score + path.evidence for path in paths]
    ranking = sorted(range(len(paths)), key=weights.__getitem__, reverse=True)
    least = weights[ranking[0]] - _HOPELESS
    return [paths[number] for number in ranking[:_BEAM] if weights[number] > least]


def _confidence(text: str, share: float, paths: list[_Path]) -> float:
    if LOST in text:
        return min(share, _LOST_CONFIDENCE)
    if len(paths) == 1 and paths[0].evidence < 0:
        return _DOUBTED_CONFIDENCE
    return share


def _closes_open_bracket(text: str, start: int) -> bool:
    """Tell whether the rest of the line closes a bracket that nothing opens."""
    rest = _CUT.sub("", text[start : start + 80].partition("\n")[0])
    closing = rest.find(")")
    return closing >= 0 and "(" not in rest[:closing]
