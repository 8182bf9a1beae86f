"""How common a character is in Chinese text."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

# Decimal logarithms of the mean share of one character of each band, counted on jieba's dictionary.
_BANDS = (-2.45, -2.91, -3.26, -3.59, -3.92, -4.28, -4.66, -5.07)
RARE = -6.5
"""Worth of a character in no band."""
_MARKS = "，。、：；！？“”‘’（）《》「」『』【】〈〉〔〕…—·　％℃０１２３４５６７８９"
_MARK = -2.3
_KANA = -2.8
_OTHER_FORM = -4.0
_ASCII = -1.5


class Commonness(dict[str, float]):
    """Decimal logarithms of the shares of characters; what is not known counts as rare."""

    def __missing__(self, character: str) -> float:
        """Give what a character is worth that is in no band."""
        return RARE

    def score(self, text: str) -> float:
        """Give the log10 probability of a text as a bag of Chinese characters.

        >>> common = load_commonness()
        >>> common.score("中国") > common.score("涓浗")
        True
        """
        return sum(map(self.__getitem__, text))


@cache
def load_commonness() -> Commonness:
    """Load the packed bands, 5,603 Han characters of both scripts, once per process.

    >>> load_commonness()["的"], load_commonness()["锟"]
    (-2.45, -6.5)
    """
    lines = (files("normalize") / "data" / "han_bands.txt").read_text(encoding="utf-8").splitlines()
    common = Commonness()
    for line, share in zip(lines, _BANDS, strict=True):
        common.update(dict.fromkeys(line, share))
    common.update(dict.fromkeys(map(chr, range(0x3041, 0x30FF)), _KANA))
    common.update(dict.fromkeys(map(chr, range(0xFF01, 0xFF5F)), _OTHER_FORM))
    common.update(dict.fromkeys(map(chr, range(0x80)), _ASCII))
    common.update(dict.fromkeys(_MARKS, _MARK))
    return common
