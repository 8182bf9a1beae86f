"""How likely a short text is as a chain of Chinese words, by jieba's word frequencies."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from math import log
from pathlib import Path

_LONGEST_WORD = 5
# jieba's dictionary holds no punctuation; these are rough shares of it in printed Chinese.
_PUNCTUATION = {
    "，": 0.05,
    "、": 0.02,
    "。": 0.015,
    **dict.fromkeys("“”（）：；,()", 0.005),
    **dict.fromkeys("《》？！·—…‘’『』「」-.%:;?! 0123456789", 0.002),
    **dict.fromkeys("【】〈〉〔〕［］～°℃％／＋×", 0.0005),
}


@dataclass(frozen=True, slots=True)
class WordModel:
    """Logarithms of word and character probabilities."""

    words: Mapping[str, float]
    """Words of at most five characters."""
    characters: Mapping[str, float]
    """Single characters, counted within all words."""
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
        get, floor = self.words.get, self.floor
        best = [0.0]
        for end in range(1, len(text) + 1):
            top = best[end - 1] + get(text[end - 1], floor)
            for start in range(max(0, end - _LONGEST_WORD), end - 1):
                word = get(text[start:end])
                if word is not None and best[start] + word > top:
                    top = best[start] + word
            best.append(top)
        return best[-1]


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
        floor=-total - 1.0,
    )
