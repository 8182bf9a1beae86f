"""Pack the common Han characters, most frequent first, into normalize/data/han_bands.txt.

Usage: python tools/pack_bands.py, in the project's environment: counts jieba 0.42.1's dictionary,
takes Traditional forms from normalize/data/readings.tsv.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

DATA = Path(__file__).parent.parent / "normalize" / "data"
ENDS = (100, 300, 600, 1000, 1500, 2200, 3000, 4000)
"""Rank of the last Simplified character of each band."""
_LEVEL_TWO = 0xD8


def pack(target: Path) -> int:
    """Write one line per band, Simplified characters then Traditional ones; return their number."""
    ranks = [character for character, _ in count_characters().most_common(ENDS[-1])]
    forms = find_traditional()
    lines = []
    for start, end in zip((0, *ENDS[:-1]), ENDS, strict=True):
        simplified = ranks[start:end]
        lines.append("".join((*simplified, *(f for c in simplified for f in forms[c]))))
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return sum(map(len, lines))


def count_characters() -> Counter[str]:
    """Count the characters of GB2312 in all words, weighted by the frequency of the word.

    The dictionary was counted on texts of which some were UTF-8 read as GBK: a rare character that
    stands mostly alone, as 涓 and 澶 do, counts no more than within longer words.
    """
    alone: Counter[str] = Counter()
    within: Counter[str] = Counter()
    for word, frequency in _read_words():
        for character in filter(_is_gb2312, word):
            (alone if len(word) == 1 else within)[character] += frequency
    for character in alone:
        if character.encode("gb2312")[0] >= _LEVEL_TWO:
            alone[character] = min(alone[character], within[character])
    return alone + within


def find_traditional() -> defaultdict[str, list[str]]:
    """Find the Traditional forms of each Simplified character."""
    forms: defaultdict[str, list[str]] = defaultdict(list)
    for row in (DATA / "readings.tsv").read_text(encoding="utf-8").splitlines():
        character, simplified, _ = row.split("\t")
        if character != simplified and not _is_gb2312(character):
            forms[simplified].append(character)
    return forms


def _read_words() -> Iterator[tuple[str, int]]:
    spec = find_spec("jieba")
    assert spec is not None and spec.origin is not None, "jieba is a dependency of gongshi"
    for row in (Path(spec.origin).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, frequency, _ = row.split(" ")
        yield word, int(frequency)


def _is_gb2312(character: str) -> bool:
    try:
        return len(character.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


if __name__ == "__main__":
    sys.stderr.write(f"{pack(DATA / 'han_bands.txt')} characters packed\n")
