"""Where a Traditional text was written: Taiwan, Hong Kong, or the mainland through a converter.

The evidence is counted: words of public life, variants that one standard keeps and another does
not, and Simplified forms that a converter left standing. All of it lies in
`data/script_words.toml`, with weights.
"""

import re
import tomllib
from collections import Counter
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any, Literal, NamedTuple

Region = Literal["Hant", "Hant-TW", "Hant-HK", "Hant-CN"]

_LEAST_SCORE = 2
_CLEARLY_MORE = 1.5
_HEARD_AT_MOST = 3
_SAMPLE = 5_000


class Evidence(NamedTuple):
    """A word that speaks for a region."""

    word: str
    """The word as printed. Example: `居委會`"""
    region: Region
    """The region it speaks for. Example: `Hant-CN`"""
    times: int
    """How often it stands in the text."""


def read_region(text: str) -> tuple[Region, tuple[Evidence, ...]]:
    """Read where a Traditional text was written, and what tells it, the most frequent first.

    Each word adds its weight for each time it stands in the first 5,000 characters, three times
    at most. The region that weighs most is given if it weighs at least 2 and half as much again
    as the next one, otherwise `Hant`.

    >>> read_region("縣府表揚里長")[0], [word for word, _, _ in read_region("縣府表揚里長")[1]]
    ('Hant-TW', ['縣府', '里長'])
    >>> read_region("清風明月")
    ('Hant', ())
    """
    pattern, known = _load_words()
    counts = Counter(pattern.findall(text[:_SAMPLE]))
    scores: Counter[Region] = Counter()
    for word, count in counts.items():
        region, weight = known[word]
        scores[region] += weight * min(count, _HEARD_AT_MOST)
    evidence = tuple(Evidence(word, known[word][0], n) for word, n in counts.most_common())
    ranked = scores.most_common(2)
    if not ranked or ranked[0][1] < _LEAST_SCORE:
        return "Hant", evidence
    if len(ranked) > 1 and ranked[0][1] < _CLEARLY_MORE * ranked[1][1]:
        return "Hant", evidence
    return ranked[0][0], evidence


@cache
def _load_words() -> tuple[re.Pattern[str], dict[str, tuple[Region, int]]]:
    """Words that tell the region: their pattern, and the region and weight of each."""
    known = {
        word: (row["script"], row["weight"])
        for row in load_script_words()["evidence"]
        for word in row["words"].split()
    }
    longest_first = sorted(known, key=lambda word: (word[0], -len(word), word))
    # Alternatives that share a first character are tried where it stands, not everywhere.
    branches = [
        f"{re.escape(first)}(?:{'|'.join(re.escape(word[1:]) for word in words)})"
        for first, words in groupby(longest_first, key=lambda word: word[0])
    ]
    return re.compile("|".join(branches)), known


@cache
def load_script_words() -> dict[str, Any]:
    """Load the packed words, once per process.

    >>> sorted(load_script_words())
    ['community', 'evidence']
    """
    path = files("normalize") / "data" / "script_words.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
