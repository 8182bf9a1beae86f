"""Which of several readings of a damaged place is the likeliest, by words, pairs and the page."""

from collections.abc import Callable, Container, Mapping, Sequence
from functools import cache
from heapq import nlargest
from math import exp
from operator import add
from typing import Protocol

from normalize.gbk import load_codes
from normalize.punctuation import Surroundings, has_brackets
from normalize.readings import load_readings
from normalize.script_characters import load_simplified_only
from normalize.words import WordModel, load_words, read_share

ByteAndCharacter = tuple[int, str]
"""A byte and the character it completes."""

_WORD_WEIGHT = 0.8
_PAIR_WEIGHT = 0.8
_PAGE_WEIGHT = 2.0
_LIKELY = 8
_UNSEEN = -1.5
_MOST_CANDIDATES = 64
_RESCORED = 8
_CONTEXT = 4
_SAMPLE = 100_000
_SHORT = 4000
_IMPOSSIBLE = -50.0
_MOST_REMEMBERED = 50_000


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


class _Followers(dict[str, float]):
    """Log probabilities of what stands behind a character, measured when first asked for."""

    def __init__(self, words: WordModel, simplified: Mapping[str, str], previous: str) -> None:
        first = simplified.get(previous, previous)
        self._words = words
        self._simplified = simplified
        self._tells = first not in words.punctuation
        self._seen, self._codes = words.followers(first)

    def __missing__(self, character: str) -> float:
        """Measure a character; where punctuation stands, what is beside it says nothing."""
        words, second = self._words, self._simplified.get(character, character)
        score = words.characters.get(second, words.floor)
        if self._tells and second not in words.punctuation:
            score += _UNSEEN
            place = self._seen.find(second)
            if place >= 0:
                score = max(score, read_share(self._codes[place]))
        self[character] = score
        return score


class _After(dict[str, _Followers]):
    """The followers of each character."""

    def __init__(self, words: WordModel, simplified: Mapping[str, str]) -> None:
        self._words = words
        self._simplified = simplified

    def __missing__(self, previous: str) -> _Followers:
        """Add a character."""
        followers = self[previous] = _Followers(self._words, self._simplified, previous)
        return followers


class _Triples(dict[str, bool]):
    """Tells of three characters in a row whether a page has them; a short page is searched."""

    def __init__(self, page: str) -> None:
        self._page: Container[str] = page
        if len(page) > _SHORT:
            self._page = set(map("".join, zip(page, page[1:], page[2:], strict=False)))

    def __missing__(self, triple: str) -> bool:
        """Look three characters up."""
        found = self[triple] = triple in self._page
        return found

    def count(self, text: str) -> int:
        """Count the places of a text where the page has the same three characters."""
        return sum([self[text[i : i + 3]] for i in range(len(text) - 2)])


class _Language:
    """What is known about the language, the same for all pages; it fills up as it is asked."""

    def __init__(self) -> None:
        self.words = load_words()
        self.simplified = load_readings().simplified
        self.plain = str.maketrans(dict(self.simplified))
        self.by_lead: dict[int, list[ByteAndCharacter]] = {}
        self.by_trail: dict[int, list[ByteAndCharacter]] = {}
        # A page that was turned Traditional has no characters that only Simplified text has.
        simplified_only = load_simplified_only()
        for (lead, trail), character in self._by_frequency():
            if simplified_only.match(character) is None:
                _add_to(self.by_lead.setdefault(lead, []), (trail, character))
                _add_to(self.by_trail.setdefault(trail, []), (lead, character))
        self.after = _After(self.words, self.simplified)
        self._likely: dict[tuple[int, int, str, str], list[ByteAndCharacter]] = {}

    def _by_frequency(self) -> list[tuple[tuple[int, int], str]]:
        frequency, simple = self.words.characters, self.simplified.get
        known = [
            (pair, character)
            for pair, character in load_codes().character.items()
            if simple(character, character) in frequency
        ]
        return sorted(known, key=lambda row: -frequency[simple(row[1], row[1])])

    def likely(self, key: tuple[int, int, str, str]) -> list[ByteAndCharacter]:
        known = self._likely.get(key)
        if known is None:
            lead, trail, previous, following = key
            candidates = self.by_lead.get(lead) or self.by_trail.get(trail, [])
            after, behind = self.after, self.after[previous]
            scores = [behind[character] for _, character in candidates]
            if following:
                ahead = [after[character][following] for _, character in candidates]
                scores = [*map(add, scores, ahead)]
            ranked = sorted(zip(scores, candidates, strict=True), reverse=True)
            known = self._likely[key] = [candidate for _, candidate in ranked[:_LIKELY]]
        return known

    def forget_much(self) -> None:
        """Keep what is remembered within bounds."""
        if len(self._likely) > _MOST_REMEMBERED:
            self._likely.clear()
            self.after.clear()


def _add_to(candidates: list[ByteAndCharacter], candidate: ByteAndCharacter) -> None:
    if len(candidates) < _MOST_CANDIDATES:
        candidates.append(candidate)


@cache
def _language() -> _Language:
    return _Language()


class Plausibility:
    """Ranks characters and readings for the damaged places of one page.

    `after` gives the log probability of a character behind another one; either may be empty.

    >>> after = Plausibility("").after
    >>> after["日"]["報"] > after["日"]["板"]
    True
    """

    def __init__(self, page: str) -> None:
        """Take the text of the page without its annotations: it repeats its own words."""
        self._triples = _Triples(page[:_SAMPLE])
        self._language = _language()
        self._language.forget_much()
        self._words = self._language.words
        self._plain = self._language.plain
        self.after: Mapping[str, Mapping[str, float]] = self._language.after

    def with_lead(self, lead: int, previous: str) -> list[ByteAndCharacter]:
        """Give the likeliest characters with a lead byte behind a character, with their trails.

        >>> Plausibility("").with_lead(0x88, "日")[0]
        (243, '報')
        """
        return self._language.likely((lead, 0, previous, ""))

    def with_trail(self, trail: int, previous: str, following: str) -> list[ByteAndCharacter]:
        """Give the likeliest characters with a trail byte between two others, with their leads.

        >>> (177, "保") in Plausibility("").with_trail(0xA3, "社", "可")
        True
        """
        return self._language.likely((0, trail, previous, following))

    def choose(
        self, readings: Sequence[Reading], far_before: Callable[[], str], near: str, rest: str
    ) -> tuple[str, float]:
        """Choose the likeliest reading; return its text and its share of all probability.

        Takes readings that begin with the last character of `near`, the text before the place;
        `far_before` gives more of it, which only brackets ask for; `rest` is what follows.
        """
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
            pairs = reading.score + (self.after[text[-1]][rest[0]] if rest and text else 0.0)
            seen = self._triples.count(before[-2:] + text + rest[:2])
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
