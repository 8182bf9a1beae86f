"""Which of several readings of a damaged place is the likeliest, by words, pairs and the page."""

from collections.abc import Callable, Sequence
from functools import cache
from heapq import nlargest
from math import exp
from typing import Protocol

from normalize.gbk import load_codes
from normalize.punctuation import Surroundings, has_brackets
from normalize.readings import load_readings
from normalize.words import load_words

ByteAndCharacter = tuple[int, str]
"""A byte and the character it completes."""

_WORD_WEIGHT = 0.5
_PAIR_WEIGHT = 1.0
_PAGE_WEIGHT = 2.0
_LIKELY = 10
_UNSEEN = -1.5
_RESCORED = 8
_CONTEXT = 4
_SAMPLE = 100_000
_IMPOSSIBLE = -50.0


class Reading(Protocol):
    """One way to read a damaged place, the character before it included."""

    @property
    def score(self) -> float:
        """Log probability by pairs of characters."""

    @property
    def evidence(self) -> float:
        """What else speaks for it."""

    @property
    def text(self) -> str:
        """What it reads."""


@cache
def _by_byte() -> tuple[dict[int, list[ByteAndCharacter]], dict[int, list[ByteAndCharacter]]]:
    """Characters that occur in words or as punctuation, by lead and by trail."""
    known, simplified = load_words().characters, load_readings().simplified
    leads: dict[int, list[ByteAndCharacter]] = {}
    trails: dict[int, list[ByteAndCharacter]] = {}
    for (lead, trail), character in load_codes().character.items():
        if simplified.get(character, character) in known:
            leads.setdefault(lead, []).append((trail, character))
            trails.setdefault(trail, []).append((lead, character))
    return leads, trails


class Plausibility:
    """Ranks characters and readings for the damaged places of one page."""

    def __init__(self, page: str) -> None:
        """Take the text of the page without its annotations: it repeats its own words."""
        page = page[:_SAMPLE]
        self._triples = set(map("".join, zip(page, page[1:], page[2:], strict=False)))
        self._words = load_words()
        self._simplified = load_readings().simplified
        self._plain = str.maketrans(dict(self._simplified))
        self._after: dict[str, dict[str, float]] = {}
        self._followers: dict[str, dict[str, float]] = {}
        self._best: dict[tuple[int, int, str, str], list[ByteAndCharacter]] = {}

    def follow(self, previous: str, character: str) -> float:
        """Log probability of a character behind another one; either may be empty.

        >>> Plausibility("").follow("日", "報") > Plausibility("").follow("日", "板")
        True
        """
        try:
            return self._after[previous][character]
        except KeyError:
            known = self._after.setdefault(previous, {})
            score = known[character] = self._measure(previous, character)
            return score

    def _measure(self, previous: str, character: str) -> float:
        first = self._simplified.get(previous, previous)
        second = self._simplified.get(character, character)
        alone = self._words.characters.get(second, self._words.floor)
        marks = self._words.punctuation
        if first in marks or second in marks:
            return alone
        followers = self._followers.get(first)
        if followers is None:
            followers = self._followers[first] = self._words.followers(first)
        return max(followers.get(second, self._words.floor), alone + _UNSEEN)

    def with_lead(self, lead: int, previous: str) -> list[ByteAndCharacter]:
        """Give the likeliest characters with a lead byte behind a character, with their trails.

        >>> Plausibility("").with_lead(0x88, "日")[0]
        (243, '報')
        """
        return self._likely(0, lead, previous, "")

    def with_trail(self, trail: int, previous: str, following: str) -> list[ByteAndCharacter]:
        """Give the likeliest characters with a trail byte between two others, with their leads.

        >>> (177, "保") in Plausibility("").with_trail(0xA3, "社", "可")
        True
        """
        return self._likely(1, trail, previous, following)

    def _likely(
        self, side: int, byte: int, previous: str, following: str
    ) -> list[ByteAndCharacter]:
        key = (side, byte, previous, following)
        known = self._best.get(key)
        if known is None:
            known = self._best[key] = nlargest(
                _LIKELY,
                _by_byte()[side].get(byte, ()),
                key=lambda candidate: (
                    self.follow(previous, candidate[1])
                    + (self.follow(candidate[1], following) if following else 0.0)
                ),
            )
        return known

    def choose(
        self, readings: Sequence[Reading], far_before: Callable[[], str], near: str, rest: str
    ) -> tuple[str, float]:
        """Choose the likeliest reading; return its text and its share of all probability.

        Takes readings that begin with the last character of `near`, the text before the place;
        `far_before` gives more of it, which only brackets ask for; `rest` is what follows.
        """
        if len(readings) == 1:
            return readings[0].text, 1.0
        best = nlargest(_RESCORED, readings, key=lambda reading: reading.score + reading.evidence)
        before = near[:-1]
        follows = _leading_han(rest[:_CONTEXT].translate(self._plain))
        leads = before[-_CONTEXT:].translate(self._plain)
        known = self._words.chain(leads, [0.0])
        around = Surroundings(lambda: far_before()[:-1], before[-1:], rest)
        balance = any(has_brackets(reading.text) for reading in best)
        scored = []
        for reading in best:
            text = reading.text
            words = self._words.chain(leads + text.translate(self._plain) + follows, known)[-1]
            pairs = reading.score + (self.follow(text[-1], rest[0]) if rest and text else 0.0)
            there = before[-2:] + text + rest[:2]
            seen = sum(1 for i in range(len(there) - 2) if there[i : i + 3] in self._triples)
            score = (
                _WORD_WEIGHT * words
                + _PAIR_WEIGHT * pairs
                + _PAGE_WEIGHT * seen
                + reading.evidence
                + around.weigh(text, balance=balance)
            )
            scored.append((score, text))
        top, chosen = max(scored)
        return chosen, 1 / sum(exp(max(score - top, _IMPOSSIBLE)) for score, _ in scored)


def _leading_han(text: str) -> str:
    """No word goes across punctuation."""
    for index, character in enumerate(text):
        if not "㐀" <= character <= "鿿":
            return text[:index]
    return text
