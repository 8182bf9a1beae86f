"""Put back characters that a bracket annotation cut in two, by searching their GBK bytes.

An annotation that was inserted by its bytes may stand between lead and trail of a character. The
decoder then reads `?` for the lead, and all that follows in pairs shifted by one byte, until
another `?` or a single byte brings it back into step. The reading in the bracket names the
character that straddles the cut, and its code gives the lost byte back.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import nlargest
from math import exp
from typing import NamedTuple

from normalize.gbk import load_codes
from normalize.punctuation import Surroundings
from normalize.readings import Readings, drop_tone, load_readings
from normalize.words import WordModel, load_words

READING = "[a-zāáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜüńňǹɑɡ]{1,7}"
"""What stands in a bracket."""

LOST = "□"
"""Stands for what was swallowed for good."""

TAG_BOUNDARY = "\u2060"
"""Stands behind a `?` that swallowed the first character of a tag or entity put back since."""

_ALIGNED = -1
_UNKNOWN = -2
_BEAM = 24
_HOPELESS = 10.0
_SAMPLE = 100_000
import os
W1,W2,W3=eval(os.environ.get("WW","(.5,1,2)"))
_LIKELY = 16
_RESCORED = 12
_LONGEST_SPOT = 400
_CONTEXT = 4
_FULL_WIDTH = 0xA3
_LOST_CONFIDENCE = 0.5
_TOKEN = re.compile(
    rf"\?(?P<cut>{READING})\)"
    rf"|(?P<pair>[^\x00-\x7f\n])(?:\({READING}\))?"
    r"|\?(?P<swallowed>/?[a-zA-Z][a-zA-Z0-9]{0,9}\b[^<>\n]{0,300}>|(?:[a-z]{2,8}|#\d{2,6});)"
    rf"|(?P<broken>\?(?=[，！？、。\n{TAG_BOUNDARY}]|$){TAG_BOUNDARY}?)"
    rf"|(?P<lost>\?)|(?P<single>[^\n])(?P<annotated>\({READING}\))?"
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A damaged place put right."""

    end: int
    """Where the damage ends in the printed text."""
    text: str
    """What stood there, in the script of the page."""
    confidence: float
    """How much likelier this reading is than all others together, 0 to 1."""
    lost: int
    """Number of characters that were swallowed for good."""


class _Path(NamedTuple):
    """One way to read a damaged place."""

    score: float
    """Log probability of the characters so far, by single characters and pairs of them."""
    evidence: float
    """What the page's other annotations say for or against it."""
    text: str
    pending: int
    """Lead byte that waits for its trail; negative when there is none or it is unknown."""
    byte: int
    """Last byte read."""
    cut: bool = False
    """Whether the waiting character holds an annotation."""


_Candidate = tuple[int, str]
"""A byte and the character it completes."""

_Read = Callable[["_Path", re.Match[str]], Iterable[_Path]]


@cache
def _by_reading() -> dict[tuple[int, str], list[_Candidate]]:
    """Second bytes and characters by first byte and reading, with and without tone."""
    readings, codes = load_readings(), load_codes()
    found: dict[tuple[int, str], list[_Candidate]] = {}
    for character, known in readings.toned.items():
        lead, trail = codes.pair[character]
        for reading in dict.fromkeys([*known, *map(drop_tone, known)]):
            found.setdefault((lead, reading), []).append((trail, character))
    return found


@cache
def _by_byte() -> tuple[dict[int, list[_Candidate]], dict[int, list[_Candidate]]]:
    """Frequent characters by lead and by trail, with the other byte."""
    words, simplified = load_words(), load_readings().simplified
    leads: dict[int, list[_Candidate]] = {}
    trails: dict[int, list[_Candidate]] = {}
    for (lead, trail), character in load_codes().character.items():
        if simplified.get(character, character) in words.characters:
            leads.setdefault(lead, []).append((trail, character))
            trails.setdefault(trail, []).append((lead, character))
    return leads, trails


class Straddles:
    """Reads the damaged places of one page."""

    def __init__(self, page: str, table: dict[str, str], folded: bool) -> None:
        """Take the page, its annotated characters and whether its punctuation is ASCII."""
        self._table = table
        whole = _MARKS.sub("", page[:_SAMPLE])
        self._triples = set(map("".join, zip(whole, whole[1:], whole[2:], strict=False)))
        self._folded = folded
        self._readings: Readings = load_readings()
        self._words: WordModel = load_words()
        self._codes = load_codes()
        self._plain = str.maketrans(dict(self._readings.simplified))
        self._scores: dict[str, float] = {}
        self._best: dict[tuple[int, int, str, str], list[_Candidate]] = {}
        self._readers: dict[str, _Read] = {
            "cut": self._read_cut,
            "pair": self._read_pair,
            "swallowed": self._read_swallowed,
            "broken": self._read_broken,
            "lost": self._read_lost,
            "single": self._read_single,
        }

    def read(self, text: str, start: int, before: str) -> Spot | None:
        """Read the damaged place that begins with the `?` at `start`.

        `before` is the repaired text in front of it. None when no reading fits.
        """
        last = before[-1:]
        byte = self._codes.pair.get(last, (0, ord(last) if last else 0))[1]
        paths = [_Path(0.0, 0.0, last, _ALIGNED, byte & 0xFF)]
        position, limit = start, start + _LONGEST_SPOT
        while position < limit and (token := _TOKEN.match(text, position)) is not None:
            reader = self._reader_of(token)
            paths = _prune([new for path in paths for new in reader(path, token)])
            if not paths:
                return None
            position = token.end()
            if all(path.pending == _ALIGNED for path in paths):
                break
        aligned = [path for path in paths if path.pending == _ALIGNED]
        return self._choose(aligned, before, text, position) if aligned else None

    def _reader_of(self, token: re.Match[str]) -> _Read:
        kind = token.lastgroup
        assert kind is not None, "the pattern consists of named groups"
        return self._readers["single" if kind == "annotated" else kind]

    def _choose(self, paths: list[_Path], before: str, text: str, end: int) -> Spot:
        """Compare whole words, with the text on both sides; what is far behind is left out."""
        offset = 1 if before else 0
        if len(paths) == 1:
            return _spot(paths[0].text[offset:], end, 1.0)
        paths = nlargest(_RESCORED, paths, key=_weight)
        rest = _MARKS.sub("", text[end : end + 200]).partition("\n")[0]
        follows = rest.partition("?")[0][:_CONTEXT].translate(self._plain)
        before = before[:-1]
        leads = before[-_CONTEXT:].translate(self._plain)
        known = self._words.chain(leads, [0.0])
        around = Surroundings(before, rest)
        scored = []
        for path in paths:
            whole = leads + path.text.translate(self._plain) + follows
            words = self._words.chain(whole, known)[-1]
            pairs = path.score + (self._score(rest[0], path.text[-1]) if rest else 0.0)
            there = before[-2:] + path.text + rest[:2]
            pairs += W3 * sum(1 for i in range(len(there) - 2) if there[i : i + 3] in self._triples)
            scored.append((W1*words + W2*pairs + path.evidence + around.weigh(path.text), path.text))
        best, chosen = max(scored)
        share = sum(exp(max(score - best, -50.0)) for score, _ in scored)
        return _spot(chosen[offset:], end, 1 / share)

    def _read_cut(self, path: _Path, token: re.Match[str]) -> Iterable[_Path]:
        """Read `?bào)`: a byte, then an annotation whose `(` was swallowed."""
        reading = token["cut"]
        first = path.byte if path.pending == _ALIGNED else path.pending
        for second, character in self._candidates(first, reading):
            evidence = self._weigh(character, reading)
            if path.pending == _ALIGNED:
                if second >= 0x81:
                    yield path._replace(
                        evidence=path.evidence + evidence, pending=second, byte=second, cut=True
                    )
            else:
                yield self._add(path, character, _ALIGNED, second, evidence=evidence)

    def _candidates(self, first: int, reading: str) -> list[_Candidate]:
        table = _by_reading()
        return table.get((first, reading)) or table.get((first, drop_tone(reading)), [])

    def _weigh(self, character: str, reading: str) -> float:
        """Weigh a character by what the page annotates elsewhere: each has one reading there."""
        known = self._table.get(character)
        if known is not None:
            return 3.0 if known == reading else -8.0
        return 0.0 if self._readings.is_traditional(character) else -6.0

    def _read_pair(self, path: _Path, token: re.Match[str]) -> Iterable[_Path]:
        character = token["pair"]
        if path.pending == _ALIGNED:
            codes = self._codes.pair.get(character)
            yield self._add(path, character, _ALIGNED, codes[1] if codes else 0)
            return
        if character == "€":
            yield from self._complete(path, 0x80, _ALIGNED)
            return
        codes = self._codes.pair.get(character)
        if codes is None:
            return
        first, second = codes
        if path.pending == _UNKNOWN:
            yield from self._find_lead(path, codes, token)
        elif second >= 0x81:
            yield from self._complete(path, first, second)
        elif second < 0x80:
            for done in self._complete(path, first, _ALIGNED):
                yield self._add(done, chr(second), _ALIGNED, second)

    def _find_lead(
        self, path: _Path, codes: tuple[int, int], token: re.Match[str]
    ) -> Iterable[_Path]:
        """Find the lead byte that was lost before a break, by what stands on both sides."""
        trail, pending = codes
        behind = token.string[token.end() : token.end() + 1]
        byte = self._codes.pair.get(behind, (ord(behind) if behind else 0, 0))[0]
        following = self._codes.character.get((pending, byte), "")
        for _, character in self._likely(1, trail, path.text[-1:], following):
            yield self._add(path, character, pending, pending)

    def _complete(self, path: _Path, trail: int, pending: int) -> Iterable[_Path]:
        """Give the waiting character its trail."""
        byte = pending if pending >= 0 else trail
        known = self._codes.character.get((path.pending, trail))
        if known is not None and not _is_private(known):
            yield self._add(path, known, pending, byte)

    def _read_single(self, path: _Path, token: re.Match[str]) -> Iterable[_Path]:
        character = token["single"]
        code = ord(character)
        if path.pending == _ALIGNED:
            yield self._add(path, character, _ALIGNED, code)
            return
        if code >= 0x40:
            cut = path.cut or token["annotated"] is not None
            yield from self._complete(path._replace(cut=cut), code, _ALIGNED)
        if self._folded and token["annotated"] is None:
            lead, trail = (0xA1, 0xA1) if character == " " else (_FULL_WIDTH, code | 0x80)
            yield from self._complete(path, lead, trail)

    def _read_broken(self, path: _Path, token: re.Match[str]) -> Iterable[_Path]:
        """Read a `?` before a break: one byte, and nothing swallowed."""
        if path.pending == _ALIGNED:
            yield self._add(path, "?", _ALIGNED, 0x3F)
            if token.end() < len(token.string) and token.string[token.end()] not in "\n":
                yield path._replace(pending=_UNKNOWN, byte=0, cut=False)
            return
        yield from self._any_trail(path)

    def _any_trail(self, path: _Path) -> Iterable[_Path]:
        for trail, character in self._likely(0, path.pending, path.text[-1:], ""):
            yield self._add(path, character, _ALIGNED, trail)

    def _likely(self, side: int, byte: int, previous: str, following: str) -> list[_Candidate]:
        """The likeliest characters with a given lead (side 0) or trail (1) between two others."""
        key = (side, byte, previous, following)
        known = self._best.get(key)
        if known is None:
            known = nlargest(
                _LIKELY,
                _by_byte()[side].get(byte, ()),
                key=lambda candidate: (
                    self._score(candidate[1], previous)
                    + (self._score(following, candidate[1]) if following else 0.0)
                ),
            )
            self._best[key] = known
        return known

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
        missing = "(" if _closes_open_bracket(token) else LOST
        for done in self._any_trail(path):
            yield done._replace(text=done.text + missing)

    def _add(
        self, path: _Path, character: str, pending: int, byte: int, *, evidence: float = 0.0
    ) -> _Path:
        if path.pending != _ALIGNED and not path.cut and not evidence and character in self._table:
            # It would carry its annotation: nothing broke it before the table was applied.
            evidence = -5.0
        score = path.score + self._score(character, path.text[-1:])
        return _Path(score, path.evidence + evidence, path.text + character, pending, byte)

    def _score(self, character: str, previous: str) -> float:
        key = previous + character
        known = self._scores.get(key)
        if known is None:
            simple = self._readings.simplified
            known = self._words.follow(
                simple.get(previous, previous), simple.get(character, character)
            )
            self._scores[key] = known
        return known


def _prune(paths: list[_Path]) -> list[_Path]:
    """Keep the best paths, and none that is hopeless beside the best."""
    if len(paths) < 2:
        return paths
    paths.sort(key=_weight, reverse=True)
    least = _weight(paths[0]) - _HOPELESS
    return [path for path in paths[:_BEAM] if _weight(path) > least]


def _weight(path: _Path) -> float:
    return path.score + path.evidence


def _spot(text: str, end: int, confidence: float) -> Spot:
    lost = text.count(LOST)
    return Spot(end, text, min(confidence, _LOST_CONFIDENCE) if lost else confidence, lost)


def _is_private(character: str) -> bool:
    return "\ue000" <= character <= "\uf8ff"


_MARKS = re.compile(rf"(?<=[⺀-鿿])[(（]{READING}[)）]")


def _closes_open_bracket(token: re.Match[str]) -> bool:
    """Tell whether the rest of the line closes a bracket that nothing opens."""
    rest = token.string[token.end() : token.end() + 80].partition("\n")[0]
    rest = re.sub(rf"[(?]{READING}\)", "", rest)
    closing = rest.find(")")
    return closing >= 0 and "(" not in rest[:closing]
