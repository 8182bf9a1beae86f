"""The characters of GBK with their Simplified forms and readings."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_VOWELS = str.maketrans("āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜüńňǹḿɑɡêế", "aaaaooooeeeeiiiiuuuuvvvvvnnnmagee")
_SPELLING = str.maketrans("ɑɡ", "ag")


@dataclass(frozen=True, slots=True)
class Readings:
    """Han characters of GBK: Simplified forms, readings, codes."""

    simplified: Mapping[str, str]
    """Simplified form of each character, itself where both scripts share it."""
    toned: Mapping[str, tuple[str, ...]]
    """Readings with tone marks, the most common one first."""

    traditional: frozenset[str]
    """Characters that change when they are simplified."""

    def of(self, character: str) -> tuple[str, ...]:
        """Readings of a character, the most common first; none when it is unknown.

        >>> load_readings().of("長")
        ('zhǎng', 'cháng', 'zhàng')
        """
        return self.toned.get(character, ())

    def is_reading(self, character: str, reading: str) -> bool:
        """Tell whether a character can be read so, with or without tone marks.

        >>> readings = load_readings()
        >>> readings.is_reading("報", "bào"), readings.is_reading("報", "qǐng")
        (True, False)
        """
        known = self.toned.get(character, ())
        spelled = reading.translate(_SPELLING)
        return spelled in known or spelled in {drop_tone(r) for r in known}

    def is_traditional(self, character: str) -> bool:
        """Tell whether a character changes when it is simplified."""
        return character in self.traditional


def drop_tone(reading: str) -> str:
    """Spell a reading without tone marks, ü as v.

    >>> drop_tone("lǜ"), drop_tone("qū")
    ('lv', 'qu')
    """
    return reading.translate(_VOWELS)


@cache
def load_readings() -> Readings:
    """Load the packed table, 20,894 characters, once per process.

    >>> load_readings().is_traditional("區")
    True
    """
    text = (files("normalize") / "data" / "readings.tsv").read_text(encoding="utf-8")
    rows = [row.split("\t") for row in text.splitlines()]
    return Readings(
        simplified={character: simple for character, simple, _ in rows},
        traditional=frozenset(character for character, simple, _ in rows if character != simple),
        toned={character: tuple(readings.split(",")) for character, _, readings in rows},
    )
