"""Makes the bracket corruption from clean text, step by step as damaged sites do it.

1. Simplified characters become Traditional ones, one by one; ambiguous ones such as 后 stay.
2. The text is encoded in GBK. For each character of the site's table, in the table's order, its
   two bytes get `(reading)` behind them wherever they stand, across character boundaries too.
3. Some punctuation is split off by its bytes, again wherever they stand.
4. The pieces are decoded leniently: a lead byte with an impossible trail becomes one `?`, and the
   trail is swallowed; pairs that are assigned nowhere become private-use characters.
"""

import random
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import opencc

from normalize.readings import load_readings

_KEPT = frozenset("后里干系征制范余愿筑谷松斗表周采舍升岳卷郁朴姜咸冬曲伙仆丑札布佣云借扎志面了台")
_VARIANTS = str.maketrans("爲衆啓羣裏牀綫", "為眾啟群里床線")


@dataclass(frozen=True)
class Corruption:
    """What one damaged site does to its pages."""

    table: tuple[tuple[str, str], ...]
    """Characters with the reading the site prints, in the order they are replaced."""
    breaks: str = "，！？、"
    """Punctuation that is split off by its bytes, in that order."""
    closing: str = ""
    """Tag behind each line, of which a swallowed `<` leaves the rest visible. Example: `</p>`"""
    euro: bool = True
    """Whether a lone byte 0x80 is read as the euro sign, as in code page 936."""


@cache
def _traditional_table() -> dict[int, str]:
    simplified = [chr(code) for code in range(0x4E00, 0x9FA6) if chr(code) not in _KEPT]
    converted = opencc.OpenCC("s2t").convert("\n".join(simplified)).translate(_VARIANTS).split("\n")
    return {
        ord(old): new
        for old, new in zip(simplified, converted, strict=True)
        if old != new and _is_gbk(new)
    }


def _is_gbk(character: str) -> bool:
    try:
        return len(character.encode("gbk")) == 2
    except UnicodeEncodeError:
        return False


def to_traditional(text: str) -> str:
    """Convert character by character, without regard to words."""
    return text.translate(_traditional_table())


@cache
def _by_frequency() -> tuple[str, ...]:
    """Traditional characters that differ from their Simplified form, the most frequent first."""
    spec = find_spec("jieba")
    assert spec is not None and spec.origin is not None
    counts: Counter[str] = Counter()
    for row in (Path(spec.origin).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, frequency, _ = row.split(" ")
        for character in word:
            counts[character] += int(frequency)
    table = _traditional_table()
    return tuple(table[ord(c)] for c, _ in counts.most_common() if ord(c) in table)


def make_corruption(size: int, seed: int, **switches: object) -> Corruption:
    """Make a site with a table of the `size` most frequent characters, in a random order.

    Three in four characters get their first reading, the others any of theirs.
    """
    rng = random.Random(seed)
    readings = load_readings()
    characters = [c for c in dict.fromkeys(_by_frequency()) if readings.of(c)][:size]
    rng.shuffle(characters)
    table = []
    for character in characters:
        known = [r for r in readings.of(character) if _is_encodable(r)]
        if known:
            table.append((character, known[0] if rng.random() < 0.75 else rng.choice(known)))
    return Corruption(tuple(table), **switches)  # type: ignore[arg-type]


def _is_encodable(reading: str) -> bool:
    try:
        reading.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def corrupt(text: str, site: Corruption) -> str:
    """Damage a Simplified text line by line."""
    lines = to_traditional(text).encode("gbk", "replace").split(b"\n")
    table = [(c.encode("gbk"), c.encode("gbk") + f"({r})".encode("gbk")) for c, r in site.table]
    # One pass over the whole text is what makes this fast; line feeds are never part of a pair.
    body = b"\n".join(line + site.closing.encode() for line in lines)
    for old, new in table:
        body = body.replace(old, new)
    return "\n".join(_decode_line(line, site) for line in body.split(b"\n"))


def _decode_line(line: bytes, site: Corruption) -> str:
    decoded = _decode_pieces(line, site.breaks, site.euro)
    return decoded.removesuffix(site.closing) if site.closing else decoded


def _decode_pieces(piece: bytes, breaks: str, euro: bool) -> str:
    if not breaks:
        return decode_leniently(piece, euro)
    mark, rest = breaks[0], breaks[1:]
    return mark.join(_decode_pieces(part, rest, euro) for part in piece.split(mark.encode("gbk")))


@cache
def _pairs() -> dict[bytes, str]:
    pairs = {}
    for lead in range(0x81, 0xFF):
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFF)):
            pair = bytes((lead, trail))
            pairs[pair] = pair.decode("gb18030", "replace")
    return pairs


def decode_leniently(data: bytes, euro: bool = True) -> str:
    """Decode GBK as damaged sites do: `?` for what fits nothing, swallowing the trail."""
    pairs = _pairs()
    found, position, end = [], 0, len(data)
    while position < end:
        byte = data[position]
        if byte < 0x80:
            found.append(chr(byte))
            position += 1
        elif byte == 0x80 and euro:
            found.append("€")
            position += 1
        else:
            character = pairs.get(data[position : position + 2], "?")
            found.append("?" if character == "\ufffd" else character)
            position += 2
    return "".join(found)
