"""Put back characters that a bracket annotation cut in two, by searching their GBK bytes.

An annotation that was inserted by its bytes may stand between lead and trail of a character. The
decoder then reads `?` for the lead, and all that follows in pairs shifted by one byte, until
another `?` or a single byte brings it back into step. The reading in the bracket names the
character that straddles the cut, and its code gives the lost byte back.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, Protocol

from normalize.gbk import load_codes
from normalize.misread import LOST
from normalize.plausibility import ByteAndCharacter, Plausibility
from normalize.readings import drop_tone, load_readings

READING = "[a-zāáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜüńňǹɑɡ]{1,7}"
"""What stands in a bracket."""

TAG_BOUNDARY = "\u2060"
"""Stands behind a `?` that swallowed the first character of a tag or entity put back since."""

_ALIGNED = -1
_UNKNOWN = -2
_BEAM = 24
_HOPELESS = 8.0
_LONGEST_SPOT = 400
_REST = 200
_SAMPLE = 200_000
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


_Read = Callable[[_Path, re.Match[str]], Iterable[_Path]]


@cache
def _by_reading() -> dict[tuple[int, str], list[ByteAndCharacter]]:
    """Second bytes and characters by first byte and reading, with and without tone."""
    codes = load_codes()
    found: dict[tuple[int, str], list[ByteAndCharacter]] = {}
    for character, known in load_readings().toned.items():
        lead, trail = codes.pair[character]
        for reading in dict.fromkeys([*known, *map(drop_tone, known)]):
            found.setdefault((lead, reading), []).append((trail, character))
    return found


class Straddles:
    """Reads the damaged places of one page."""

    def __init__(self, page: str, table: dict[str, str], folded: bool) -> None:
        """Take the page, its annotated characters and whether its punctuation is ASCII."""
        self._page = page
        self._table = table
        self._folded = folded
        self._codes = load_codes()
        self._plausibility = Plausibility(_ANNOTATION.sub("", page[:_SAMPLE]))
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
        while position < limit and (token := _TOKEN.match(self._page, position)) is not None:
            assert token.lastgroup is not None, "the pattern consists of named groups"
            reader = self._readers[token.lastgroup]
            paths = _prune([new for path in paths for new in reader(path, token)])
            if not paths:
                return None
            position = token.end()
            if all(path.pending == _ALIGNED for path in paths):
                break
        aligned = [path for path in paths if path.pending == _ALIGNED]
        if not aligned:
            return None
        rest = self._page[position : position + _REST].partition("\n")[0]
        rest = _ANNOTATION.sub("", rest) if len(aligned) > 1 else ""
        text, share = self._plausibility.choose(aligned, before.far, near, rest.partition("?")[0])
        return Spot(position, text[len(last) :], _confidence(text, share, aligned))

    def _read_cut(self, path: _Path, token: re.Match[str]) -> Iterable[_Path]:
        """Read `?bào)`: a byte, then an annotation whose `(` was swallowed."""
        reading = token["cut"]
        first = path.byte if path.pending == _ALIGNED else path.pending
        for second, character, evidence in self._straddling(first, reading):
            if path.pending != _ALIGNED:
                yield self._add(path, character, _ALIGNED, second, evidence=evidence)
            elif second >= 0x81:
                yield path._replace(
                    evidence=path.evidence + evidence, pending=second, byte=second, cut=True
                )

    def _straddling(self, first: int, reading: str) -> Iterable[tuple[int, str, float]]:
        """Characters that begin with a byte and are read so, with what speaks for them."""
        table, is_traditional = _by_reading(), load_readings().is_traditional
        known = table.get((first, reading)) or table.get((first, drop_tone(reading)), [])
        for second, character in known:
            annotated = self._table.get(character)
            if annotated is not None:
                yield second, character, _SAME_READING if annotated == reading else _OTHER_READING
            else:
                yield second, character, 0.0 if is_traditional(character) else _NOT_TRADITIONAL
        if not known:
            for second, character in self._plausibility.with_lead(first, ""):
                if is_traditional(character):
                    yield second, character, _READING_UNKNOWN

    def _read_pair(self, path: _Path, token: re.Match[str]) -> Iterable[_Path]:
        character = token["pair"]
        codes = self._codes.pair.get(character)
        if path.pending == _ALIGNED:
            yield self._add(path, character, _ALIGNED, codes[1] if codes else 0)
        elif character == "€":
            yield from self._complete(path, 0x80, _ALIGNED)
        elif codes is None:
            return
        elif path.pending == _UNKNOWN:
            yield from self._find_lead(path, codes, token)
        elif codes[1] >= 0x81:
            yield from self._complete(path, *codes)
        elif codes[1] < 0x80:
            for done in self._complete(path, codes[0], _ALIGNED):
                yield self._add(done, chr(codes[1]), _ALIGNED, codes[1])

    def _find_lead(
        self, path: _Path, codes: tuple[int, int], token: re.Match[str]
    ) -> Iterable[_Path]:
        """Find a lost lead byte by the characters on both sides."""
        trail, pending = codes
        behind = token.string[token.end() : token.end() + 1]
        byte = self._codes.pair.get(behind, (ord(behind) if behind else 0, 0))[0]
        following = self._codes.character.get((pending, byte), "")
        for _, character in self._plausibility.with_trail(trail, path.text[-1:], following):
            yield self._add(path, character, pending, pending)

    def _complete(self, path: _Path, trail: int, pending: int) -> Iterable[_Path]:
        """Give the waiting character its trail."""
        known = self._codes.character.get((path.pending, trail))
        if known is not None and not "\ue000" <= known <= "\uf8ff":
            yield self._add(path, known, pending, pending if pending >= 0 else trail)

    def _read_single(self, path: _Path, token: re.Match[str]) -> Iterable[_Path]:
        character = token["single"]
        code = ord(character)
        if path.pending == _ALIGNED:
            yield self._add(path, character, _ALIGNED, code)
            return
        annotated = token["annotated"] is not None
        if code >= 0x40:
            yield from self._complete(path._replace(cut=path.cut or annotated), code, _ALIGNED)
        if self._folded and not annotated:
            # What looks like ASCII was printed in full width.
            codes = (0xA1, 0xA1) if character == " " else (0xA3, code | 0x80)
            yield from self._complete(path, *codes)

    def _read_broken(self, path: _Path, token: re.Match[str]) -> Iterable[_Path]:
        """Read a `?` before a break: one byte, and nothing swallowed."""
        if path.pending != _ALIGNED:
            yield from self._any_trail(path)
            return
        yield self._add(path, "?", _ALIGNED, 0x3F)
        if self._page[token.end() : token.end() + 1].strip():
            yield path._replace(pending=_UNKNOWN, byte=0, cut=False)

    def _any_trail(self, path: _Path) -> Iterable[_Path]:
        for trail, character in self._plausibility.with_lead(path.pending, path.text[-1:]):
            yield self._add(path, character, _ALIGNED, trail)

    def _read_swallowed(self, path: _Path, token: re.Match[str]) -> Iterable[_Path]:
        """Read a `?` that swallowed the `<` of a tag: the rest of the tag is no text."""
        if path.pending == _ALIGNED:
            yield self._add(path, token.group(), _ALIGNED, 0)
        else:
            yield from self._any_trail(path)

    def _read_lost(self, path: _Path, token: re.Match[str]) -> Iterable[_Path]:
        """Read a `?` before anything else: one byte, and a character that is gone."""
        if path.pending == _ALIGNED:
            yield self._add(path, "?", _ALIGNED, 0x3F)
            return
        missing = "(" if _closes_open_bracket(self._page, token.end()) else LOST
        for done in self._any_trail(path):
            yield done._replace(text=done.text + missing)
        for trail in _HOLLOW:
            for done in self._complete(path, trail, _UNKNOWN):
                yield done._replace(evidence=done.evidence + _TWO_LOST)

    def _add(
        self, path: _Path, character: str, pending: int, byte: int, *, evidence: float = 0.0
    ) -> _Path:
        if path.pending != _ALIGNED and not path.cut and not evidence and character in self._table:
            # It would carry its annotation: nothing broke it before the table was applied.
            evidence = _NO_ANNOTATION
        score = path.score + self._plausibility.follow(path.text[-1:], character)
        return _Path(score, path.evidence + evidence, path.text + character, pending, byte)


def _prune(paths: list[_Path]) -> list[_Path]:
    """Keep the best paths, and none that is hopeless beside the best."""
    if len(paths) < 2:
        return paths
    paths.sort(key=_weight, reverse=True)
    least = _weight(paths[0]) - _HOPELESS
    return [path for path in paths[:_BEAM] if _weight(path) > least]


def _weight(path: _Path) -> float:
    return path.score + path.evidence


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
