"""The word lists of the figure rules, read once from the packaged TOML files."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

_NUMERALS = frozenset("零一二两三四五六七八九十百千万亿半")
_KEY = 2  # words are filed under their first and last two characters


class WordSet:
    """Words that can be looked up at a place in a text, the longest first.

    >>> words = WordSet(["平方米", "平方"])
    >>> words.match_at("5平方米", 1), words.match_before("5平方米", 4)
    ('平方米', '平方米')
    """

    __slots__ = ("_heads", "_tails")

    def __init__(self, words: Iterable[str]) -> None:
        heads: defaultdict[str, list[str]] = defaultdict(list)
        tails: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(set(words), key=len, reverse=True):
            heads[word[:_KEY]].append(word)
            tails[word[-_KEY:]].append(word)
        self._heads = dict(heads)
        self._tails = dict(tails)

    def match_at(self, text: str, position: int) -> str | None:
        """Give the longest word that starts at a position.

        >>> WordSet(["个"]).match_at("3个", 0) is None
        True
        """
        key = text[position : position + _KEY]
        for word in self._heads.get(key, ()):
            if text.startswith(word, position):
                return word
        single = key[:1]
        return single if single in self._heads else None

    def match_before(self, text: str, position: int) -> str | None:
        """Give the longest word that ends at a position.

        >>> WordSet(["超过", "过"]).match_before("超过6", 2)
        '超过'
        """
        key = text[max(0, position - _KEY) : position]
        for word in self._tails.get(key, ()):
            if text.endswith(word, 0, position):
                return word
        single = key[-1:]
        return single if single in self._tails else None

    def find(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield every word and its place from left to right, without overlaps.

        >>> list(WordSet(["培育", "育"]).find("培育社区"))
        [(0, '培育')]
        """
        position = 0
        while position < len(text):
            word = self.match_at(text, position)
            if word:
                yield position, word
            position += len(word) if word else 1


class Phrases:
    """Set phrases with numerals, found from a numeral in them.

    >>> Phrases(["千方百计"]).covers("要千方百计增收", 3, 4)
    True
    """

    __slots__ = ("_table",)

    def __init__(self, phrases: Iterable[str]) -> None:
        table: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for phrase in sorted(set(phrases)):
            for offset, character in enumerate(phrase):
                if character in _NUMERALS:
                    table[phrase[offset : offset + _KEY]].append((offset, phrase))
        self._table = dict(table)

    def covers(self, text: str, start: int, end: int) -> bool:
        """Tell whether the number from `start` to `end` lies inside a phrase.

        >>> Phrases(["万一"]).covers("万一下雨", 0, 2)
        True
        """
        for key in (text[start : start + _KEY], text[start]):
            for offset, phrase in self._table.get(key, ()):
                origin = start - offset
                if origin + len(phrase) >= end and origin >= 0 and text.startswith(phrase, origin):
                    return True
        return False


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as the rules know it."""

    raw: str
    """Unit as printed, folded. Example: `平米`"""
    base: str
    """Base unit. Example: `平方米`"""
    kind: str
    """Kind of figure it makes; `place` for 县, 国 and the like. Example: `area`"""
    factor: Decimal = Decimal(1)
    """What the number is multiplied with. Example: `10` for 成"""
    currency: str | None = None
    """ISO code. Example: `CNY`"""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything the figure rules look up."""

    units: Mapping[str, Unit]
    """Units by printed form."""
    unit_words: WordSet
    """Printed forms of the units."""
    weak_units: frozenset[str]
    """Units that a Chinese digit alone does not make a figure of (十分, 两地)."""
    not_before: Mapping[str, frozenset[str]]
    """Characters after which a unit is none (个 in 个体)."""
    before: Mapping[str, str]
    """Comparator by the word before the number."""
    before_words: WordSet
    """Keys of `before`."""
    after: Mapping[str, str]
    """Comparator by the word after the unit."""
    after_words: WordSet
    """Keys of `after`."""
    not_after: Mapping[str, frozenset[str]]
    """Characters before a comparator that make it part of a word (节约)."""
    verbs: WordSet
    """Words that bound a noun phrase."""
    nouns: WordSet
    """Nouns that hold one of the verbs."""
    idioms: Phrases
    """Set phrases whose numbers count nothing."""
    telling: frozenset[str]
    """Characters behind a numeral that may make it something: heads of units, 月, 、 and more."""
    people: WordSet
    """Nouns that a number without a unit may count."""
    cues: WordSet
    """Words before 一 that make it a count."""
    identifiers: WordSet
    """Labels of telephone numbers, licences and the like."""
    money: WordSet
    """Nouns that make a number in 万 or 亿 without a unit money."""
    prices: WordSet
    """Words before a number without a unit that make it money in speech (房贷四千八)."""
    slogans: WordSet
    """Words behind 个 that make a label of it (三个一批)."""
    views: WordSet
    """Labels of page views."""

    def find_unit(self, text: str, position: int) -> Unit | None:
        """Give the unit that starts at a position of folded text.

        >>> load_lexicon().find_unit("3个体户", 1) is None
        True
        """
        raw = self.unit_words.match_at(text, position)
        while raw:
            following = text[position + len(raw) : position + len(raw) + 1]
            if following not in self.not_before.get(raw, ()) or not following:
                return self.units[raw]
            raw = self._shorter(raw)
        return None

    def _shorter(self, raw: str) -> str | None:
        return next(
            (raw[:end] for end in range(len(raw) - 1, 0, -1) if raw[:end] in self.units), None
        )


_TELLING = frozenset(
    "零〇一二两三四五六七八九十百千万亿兆廿卅几半余多来成折番、).是要届等年线审中次全大期分之点时号路村街镇乡县区市州旗社院"
    "单楼室日月世季至到比左以上下出内+-~:/×*xX”’'\" \n\t"
)


@cache
def load_lexicon() -> Lexicon:
    """Read the packaged word lists.

    >>> load_lexicon().units["平米"].base
    '平方米'
    """
    words = _read_table("figures_words.toml")
    tables = _read_table("figures_units.toml")
    units = _build_units(tables)
    before = {word: sign for sign, many in words["before"].items() for word in many}
    after = {word: sign for sign, many in words["after"].items() for word in many}
    lists = {name: WordSet(words[name]["words"]) for name in _WORD_LISTS}
    return Lexicon(
        units=units,
        unit_words=WordSet(units),
        weak_units=frozenset(tables["weak"]["units"]),
        not_before=_to_sets(tables["not_before"]),
        before=before,
        before_words=WordSet(before),
        after=after,
        after_words=WordSet(after),
        idioms=Phrases(words["idioms"]["words"]),
        telling=frozenset(word[0] for word in (*units, *words["people"]["words"])) | _TELLING,
        not_after=_to_sets(words["not_after"]),
        **lists,
    )


_WORD_LISTS = (
    "verbs",
    "nouns",
    "people",
    "cues",
    "identifiers",
    "money",
    "prices",
    "slogans",
    "views",
)


def _read_table(name: str) -> dict[str, Any]:
    path = files("normalize") / "data" / name
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _to_sets(table: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    return {key: frozenset(characters) for key, characters in table.items()}


def _build_units(tables: Mapping[str, Any]) -> dict[str, Unit]:
    units = {}
    for kind, many in tables["kinds"].items():
        for raw in many:
            base = tables["factor_base"].get(raw) or tables["base"].get(raw, raw)
            factor = Decimal(tables["factor"].get(raw, "1"))
            units[raw] = Unit(raw, base, kind, factor, tables["currency"].get(base))
    return units
