"""How likely a short text is as a chain of Chinese words, by jieba's word frequencies."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from math import log
from pathlib import Path

_LONGEST_WORD = 4
_LONGER = tuple(range(2, _LONGEST_WORD + 1))
# tools/pack_bigrams.py writes shares in these codes.
_CODE_ZERO = 33
_CODE_STEPS = 4
# jieba's dictionary holds no punctuation; these are rough shares of it in printed Chinese.
_PUNCTUATION = {
    "，": 0.06,
    "。": 0.04,
    "、": 0.02,
    "：": 0.008,
    **dict.fromkeys("“”（）,()", 0.005),
    "；": 0.004,
    **dict.fromkeys("《》？！·—…‘’『』「」-.%:;?! 0123456789", 0.002),
    **dict.fromkeys("【】〈〉〔〕［］～°℃％／＋×", 0.0005),
}


@dataclass(frozen=True, slots=True)
class WordModel:
    """Logarithms of word and character probabilities."""

    words: Mapping[str, float]
    """Words of at most four characters."""
    characters: Mapping[str, float]
    """Single characters, counted within all words."""
    packed: Mapping[str, tuple[str, str]]
    """Followers of a character and the codes of their shares, as packed."""
    punctuation: frozenset[str]
    """Marks whose share says nothing about the character before them."""
    floor: float
    """What a character costs that no word holds."""

    def score(self, text: str) -> float:
        """Give the log probability of the best chain of words for a short Simplified text.

        Time grows with the length of the text; a character that no word holds counts as a rare
        one.

        >>> model = load_words()
        >>> model.score("资阳日报") > model.score("资阳日板")
        True
        """
        return self.chain(text, [0.0])[-1]

    def chain(self, text: str, known: list[float]) -> list[float]:
        """Give the scores of all beginnings of a text, of which the first ones are known.

        Texts that differ in their ends share the work on their common beginning.

        >>> model = load_words()
        >>> beginning = model.chain("资阳", [0.0])
        >>> model.chain("资阳日报", beginning)[-1] == model.score("资阳日报")
        True
        """
        get, floor = self.words.get, self.floor
        best = known.copy()
        for end in range(len(best), len(text) + 1):
            top = best[end - 1] + get(text[end - 1], floor)
            for size in _LONGER:
                if size > end:
                    break
                word = get(text[end - size : end])
                if word is not None and (joined := best[end - size] + word) > top:
                    top = joined
            best.append(top)
        return best

    def followers(self, first: str) -> tuple[str, str]:
        """Give the characters seen behind a character, and the codes of their shares.

        >>> "会" in load_words().followers("社")[0], load_words().followers("鷗鷗")
        (True, ('', ''))
        """
        return self.packed.get(first, ("", ""))


def read_share(code: str) -> float:
    """Give the log probability of a code.

    >>> seen, codes = load_words().followers("社")
    >>> read_share(codes[seen.find("会")]) > read_share(codes[seen.find("区")])
    True
    """
    return (_CODE_ZERO - ord(code)) / _CODE_STEPS


@cache
def load_words() -> WordModel:
    """Load jieba's dictionary without importing jieba: 0.4 s, once per process, when needed."""
    spec = find_spec("jieba")
    assert spec is not None and spec.origin is not None, "jieba is a dependency of gongshi"
    rows = (Path(spec.origin).parent / "dict.txt").read_text(encoding="utf-8").splitlines()
    counts: dict[str, int] = {}
    characters: Counter[str] = Counter()
    for row in rows:
        word, frequency, _ = row.split(" ")
        if len(word) <= _LONGEST_WORD:
            count = int(frequency)
            counts[word] = count
            for character in word:
                characters[character] += count
    total, total_characters = log(sum(counts.values())), log(sum(characters.values()))
    marks = {mark: log(share) for mark, share in _PUNCTUATION.items()}
    return WordModel(
        words={word: log(count or 1) - total for word, count in counts.items()} | marks,
        characters={c: log(count or 1) - total_characters for c, count in characters.items()}
        | marks,
        packed={first: (followers, codes) for first, followers, codes in _read_pairs()},
        punctuation=frozenset(_PUNCTUATION),
        floor=-total - 1.0,
    )


def _read_pairs() -> Iterator[list[str]]:
    text = (files("normalize") / "data" / "bigrams.tsv").read_text(encoding="utf-8")
    return (row.split("\t") for row in text.splitlines())
