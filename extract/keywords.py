"""Words of a text and those that tell what it is about, by jieba and the places the text names."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from statistics import median_low
from typing import Any, NamedTuple

from extract.records import PageRecords
from extract.segmentation import load_segmenter
from normalize.places import Mention, scan
from normalize.script import to_simplified
from normalize.width import fold_width

DEFAULT_LIMIT = 10
"""Keywords of a text, if it has as many."""

MAX_CHARS = 200_000
"""Characters of a document or comment among which its keywords are looked for."""

_DIGITS = 4
"""Digits behind the point of a weight."""
# Parts of speech of jieba's dictionary that are no subject of a text: adverbs, pronouns, numerals,
# measure words, conjunctions, prepositions, particles, interjections, sounds, directions.
_FUNCTION_TAGS = frozenset("d df r rr rz rg m mq mg q c p u ul uv ud uj uz ug y e o f k h".split())
# jieba's model of unknown words copies its path at each character: one endless run of rare
# characters would take quadratic time, so such runs are cut up. All else jieba gets as it is.
_PIECE = re.compile(r"(?:[\w+#&.%\-]{1,400}+(?![\w+#&.%\-])|[^\w+#&.%\-]++)++|[\w+#&.%\-]{1,400}+")
_BLANK = re.compile(r"\s+")
_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+|[\w.+-]+@[\w-]+\.[\w.-]+", re.ASCII)
_NUMBER = re.compile(
    r"[\d.%+\-#&_零〇○一二三四五六七八九十百千万亿两几第数多余]+"
    r"(?:[年月日号时点分秒个名位人次项家户条座所类种件元米岁天届批期]|月份|小时|分钟|万元|亿元|平方米)?"
)


class Token(NamedTuple):
    """One word or mark of a text."""

    word: str
    """The word, Simplified and in half width. Example: `社区`"""
    start: int
    """Start in the text that was given, in code points. Example: `2`"""
    end: int
    """End in the text."""
    is_place: bool = False
    """Whether it is the name of a division that the gazetteer knows. Example: `true`"""


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word that tells what a text is about."""

    word: str
    """The word, Simplified and in half width. Example: `社区`"""
    weight: float
    """Its share of the words that count, times the rarity of the word in Chinese (TF-IDF with the
    table of jieba). Example: `0.8431`"""
    count: int
    """How often the text has it. Example: `7`"""
    start: int
    """Where it stands first in the text that was given, in code points. Example: `2`"""
    end: int
    """End of that place."""


@dataclass(frozen=True, slots=True)
class _Dictionary:
    """jieba with its dictionary, and what tells which words count."""

    tokenizer: Any
    function_words: frozenset[str]
    """Words that never count."""
    rarity: Mapping[str, float]
    """Inverse document frequency of a word, a logarithm."""
    usual_rarity: float
    """That of a word which the table lacks."""


def find_keywords(text: str, limit: int = DEFAULT_LIMIT) -> tuple[Keyword, ...]:
    """Find the words that tell what a text is about, the weightiest first, at most `limit`.

    Stop words, numbers, single characters and addresses do not count, and words that jieba only
    guesses from their characters count from the second time on. Words of equal weight stand in
    the order of the text. Takes Traditional script and full-width forms, which count as their
    Simplified forms. Time grows with the length: jieba reads about a megabyte in three seconds,
    and the first call loads its dictionary, about two. Never raises.

    Weights are those of `jieba.analyse`: count, by the count of all words that count, times idf.

    >>> found = find_keywords("三台縣潼川鎮的食堂開了，食堂裏有2000份飯，三台縣民都說食堂好")
    >>> [(keyword.word, keyword.count, keyword.start) for keyword in found[:2]]
    [('食堂', 3, 7), ('三台县', 2, 0)]
    """
    dictionary = _load_dictionary()
    first: dict[str, Token] = {}
    counts: dict[str, int] = {}
    for token in segment(_hide_addresses(text)):
        word = token.word.lower() if token.word.isascii() else token.word
        if token.is_place or _counts(word, dictionary):
            first.setdefault(word, token)
            counts[word] = counts.get(word, 0) + 1
    known = dictionary.tokenizer.FREQ
    counts = {
        word: count
        for word, count in counts.items()
        if count > 1 or first[word].is_place or word.isascii() or known.get(word)
    }
    total = sum(counts.values())
    rarity, usual = dictionary.rarity, dictionary.usual_rarity
    weights = {word: count / total * rarity.get(word, usual) for word, count in counts.items()}
    chosen = sorted(weights, key=lambda word: (-weights[word], first[word].start))[: max(0, limit)]
    return tuple(
        Keyword(word, round(weights[word], _DIGITS), counts[word], first[word].start,
                first[word].end)
        for word in chosen
    )  # fmt: skip


def segment(text: str) -> tuple[Token, ...]:
    """Cut a text into words and marks, in text order; blanks are left out.

    jieba cuts, its model of unknown words included, but for the names of divisions: those that
    `normalize.places.scan` finds are words whatever jieba's dictionary knows, level by level.
    The same text is always cut alike, nothing is learned from other texts. Never raises.

    >>> [token.word for token in segment("绵阳市三台县潼川镇草堂社区的食堂好")]
    ['绵阳市', '三台县', '潼川镇', '草堂社区', '的', '食堂', '好']
    >>> segment("社區")
    (Token(word='社区', start=0, end=2, is_place=False),)
    """
    folded = to_simplified(fold_width(text))
    return tuple(_cut_all(folded))


def add_keywords(records: PageRecords, limit: int = DEFAULT_LIMIT) -> PageRecords:
    """Give the document (title and text) and the comments of a page their keywords.

    Of endless texts only the beginning counts, see `MAX_CHARS`.

    >>> from extract.records import Document
    >>> page = PageRecords(Document("", "", "", "", "article", "食堂开饭了", "食堂在社区"))
    >>> add_keywords(page, limit=1).document.keywords
    ('食堂',)
    """
    document = records.document
    return replace(
        records,
        document=replace(document, keywords=_words(f"{document.title}\n{document.text}", limit)),
        comments=tuple(replace(c, keywords=_words(c.text, limit)) for c in records.comments),
    )


def _words(text: str, limit: int) -> tuple[str, ...]:
    return tuple(keyword.word for keyword in find_keywords(text[:MAX_CHARS], limit))


def _hide_addresses(text: str) -> str:
    """Blank out addresses of pages and mailboxes; offsets hold."""
    return _ADDRESS.sub(lambda found: " " * len(found[0]), text)


def _counts(word: str, dictionary: _Dictionary) -> bool:
    if len(word) < 2 or word in dictionary.function_words:
        return False
    return any(map(str.isalpha, word)) and not _NUMBER.fullmatch(word)


def _cut_all(text: str) -> Iterator[Token]:
    cursor = 0
    for mention in scan(text):
        yield from _cut(text, cursor, mention.start)
        yield from _cut_mention(text, mention)
        cursor = mention.end
    yield from _cut(text, cursor, len(text))


def _cut_mention(text: str, mention: Mention) -> Iterator[Token]:
    """Cut a chain of divisions into their names; what stands behind the last one is a village."""
    cursor = mention.start
    for step in mention.place.steps:
        at = text.find(step.form, cursor, mention.end)
        if at >= 0:
            yield from _cut(text, cursor, at)
            cursor = at + len(step.form)
            yield Token(step.form, at, cursor, is_place=True)
    for found in _BLANK.finditer(text, cursor, mention.end):
        if found.start() > cursor:
            yield Token(text[cursor : found.start()], cursor, found.start(), is_place=True)
        cursor = found.end()
    if cursor < mention.end:
        yield Token(text[cursor : mention.end], cursor, mention.end, is_place=True)


def _cut(text: str, start: int, end: int) -> Iterator[Token]:
    """Cut a part of a text by jieba."""
    tokenizer = _load_dictionary().tokenizer
    for piece in _PIECE.finditer(text, start, end):
        at = piece.start()
        for word in tokenizer.cut(piece[0]):
            if not word.isspace():
                yield Token(word, at, at + len(word))
            at += len(word)


@cache
def _load_dictionary() -> _Dictionary:
    """Load jieba's rarities beside its dictionary."""
    segmenter = load_segmenter()
    rows = (segmenter.folder / "analyse" / "idf.txt").read_text(encoding="utf-8").splitlines()
    pairs = (row.partition(" ") for row in rows)
    rarity = {word: float(value) for word, _, value in pairs}
    tagged = {word for word, tag in segmenter.tags.items() if tag in _FUNCTION_TAGS}
    return _Dictionary(
        segmenter.tokenizer,
        frozenset(tagged | _read_stop_words()),
        rarity,
        median_low(rarity.values()),
    )


@cache
def _read_stop_words() -> frozenset[str]:
    text = (files("normalize") / "data" / "stop_words.txt").read_text(encoding="utf-8")
    rows = (row for row in text.splitlines() if not row.startswith("#"))
    return frozenset(word for row in rows for word in row.split())
