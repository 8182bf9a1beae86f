"""How common a character is in Chinese text."""

from functools import cache
from importlib.resources import files
from itertools import repeat

# Decimal logarithms of the mean share of one character of each band, counted on jieba's dictionary.
_BANDS = (-2.45, -2.91, -3.26, -3.59, -3.92, -4.28, -4.66, -5.07)
RARE = -6.5
"""Worth of a character in no band."""
_MARKS = "，。、：；！？“”‘’（）《》「」『』【】〈〉〔〕…—·　％℃０１２３４５６７８９"
_MARK = -2.3
_KANA = -2.8
_OTHER_FORM = -4.0
_ASCII = -1.5
# Letters and signs of names and formulas: Latin, Greek, Cyrillic.
_LETTERS = (
    (range(0xA0, 0x100), -2.7),
    (range(0x100, 0x180), -3.5),
    (range(0x1CD, 0x1DD), -3.5),
    (range(0x391, 0x3CA), -3.2),
    (range(0x410, 0x450), -2.7),
)


class Commonness(dict[str, float]):
    """Decimal logarithms of the shares of characters in Chinese text."""

    def of(self, character: str) -> float:
        """Give the log10 share of a character; what is in no band counts as rare.

        >>> load_commonness().of("的"), load_commonness().of("锟")
        (-2.45, -6.5)
        """
        return self.get(character, RARE)

    def score(self, text: str) -> float:
        """Give the log10 probability of a text as a bag of characters.

        >>> common = load_commonness()
        >>> common.score("中国") > common.score("涓浗")
        True
        """
        return sum(map(self.get, text, repeat(RARE)))


@cache
def load_commonness() -> Commonness:
    """Load the packed bands, 5,603 Han characters of both scripts, once per process.

    >>> load_commonness()["镇"] > load_commonness()["瑾"]
    True
    """
    lines = (files("normalize") / "data" / "han_bands.txt").read_text(encoding="utf-8").splitlines()
    common = Commonness()
    for line, share in zip(lines, _BANDS, strict=True):
        common.update(dict.fromkeys(line, share))
    common.update(dict.fromkeys(map(chr, range(0x3041, 0x30FF)), _KANA))
    common.update(dict.fromkeys(map(chr, range(0xFF01, 0xFF5F)), _OTHER_FORM))
    common.update(dict.fromkeys(map(chr, range(0x80)), _ASCII))
    for codes, share in _LETTERS:
        common.update(dict.fromkeys(map(chr, codes), share))
    common.update(dict.fromkeys(_MARKS, _MARK))
    return common
