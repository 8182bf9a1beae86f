"""UTF-8 bytes that were read as GBK, as in 涓枃 for 中文: their shape, and the way back.

Three bytes of UTF-8 per Han character make one and a half characters of GBK. So the characters of
such text fall into kinds by what their two bytes were in UTF-8, and the kinds follow each other in
a strict order. What a decoder could not read stands as U+FFFD, `?` or nothing, and is lost.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

LOST = "□"
"""Stands where a character's bytes are gone."""

# First bytes of three in UTF-8: punctuation, kana, Han, full width. Korean and private use are out.
_LEADS = (*range(0xE2, 0xEA), 0xEF)
_FOLLOWING = range(0x80, 0xC0)
# Browsers and Python disagree on one character of GBK with these bytes.
_OTHER_FORMS = {"ḿ": "\xa8\xbc", "ǹ": "\xa8\xbf", "\ue7c8": "\xa8\xbf"}
# The euro sign is byte 80, but A2 E3 where UTF-8 asks for the first byte of a character.
_LEAD_BYTES = tuple(bytes((lead,)) for lead in (*range(0xC2, 0xD0), *_LEADS, 0xF0))
_EURO = "€"
_EURO_PAIR = "\uf8ff"


@dataclass(frozen=True, slots=True)
class GbkKinds:
    """Kinds of characters of GBK by what their two bytes are in UTF-8, and patterns over them."""

    table: dict[int, str]
    """Code point to its two bytes, written as two characters of Latin-1."""
    first: str
    """Characters that can start a misread run, to stand in a character class."""
    tail: str
    """Pattern: what follows the first character in a run."""
    whole: re.Pattern[str]
    """A run that lost nothing."""
    euro_pair: re.Pattern[str]
    """A euro sign that is two bytes."""
    piece: re.Pattern[str]
    """A piece of a run: at most the last character of it is lost."""


@cache
def load_kinds() -> GbkKinds:
    """Build the kinds from Python's codec, 10 ms, once per process.

    >>> "涓" in load_kinds().first, "中" in load_kinds().first
    (True, False)
    """
    start = _pairs(_LEADS, _FOLLOWING)
    turn = _pairs(_FOLLOWING, _LEADS)
    inner = _pairs(_FOLLOWING, _FOLLOWING)
    ascii_end = _pairs(_FOLLOWING, range(0x40, 0x7F))
    two = _pairs(range(0xC2, 0xD0), _FOLLOWING)
    to_two = _pairs(_FOLLOWING, range(0xC2, 0xD0))
    emoji, to_emoji = _pairs((0xF0,), (0x9F,)), _pairs(_FOLLOWING, (0xF0,))
    a, c, d = _class(start), _class(inner), _class(ascii_end)
    b = f"(?:{_class(turn)}|€(?=[€{c[1:]}))"
    middle = f"(?:{b}€|{_class(to_two)}|{_class(to_emoji)}{c})*+"
    gap = "[?\ufffd]"
    end = f"(?:{b}{c}|{d}|€)"
    loss = f"(?:{b}?{gap}|{gap}{c}(?={a})|{c}(?={a})|{b}(?={a}))"
    cut = f"{a}{middle}(?:{b})?(?=[\\x00-\\x7f]|\\Z)"
    others = f"{_class(two)}(?={a})|{_class(emoji)}{c}"
    kinds = (start, turn, inner, ascii_end, two, to_two, emoji, to_emoji, _OTHER_FORMS)
    table = {ord(char): pair for kind in kinds for char, pair in kind.items()}
    table |= {ord(_EURO): "\x80", ord(_EURO_PAIR): "\xa2\xe3", 0xFFFD: "\0", ord("?"): "\0"}
    return GbkKinds(
        table=table,
        first="".join((*start, *emoji)),
        tail=f"(?>(?<={a}){middle}(?:{end}|{loss})|(?<={_class(emoji)}){c})"
        f"(?>{a}{middle}(?:{end}|{loss})|{others})*+(?:{cut})?",
        whole=re.compile(f"(?>{a}{middle}{end}|{others})++"),
        euro_pair=re.compile(f"(?<={a})€(?=[€{c[1:]})"),
        piece=re.compile(f"(?>{a}{middle}(?:{end}|{loss})|{others})|{cut}"),
    )


def _pairs(firsts: Iterable[int], seconds: Iterable[int]) -> dict[str, str]:
    """Map characters to their two bytes, written in Latin-1."""
    pairs = [bytes((first, second)) for first in firsts if first > 0x80 for second in seconds]
    characters = b"\n".join(pairs).decode("gb18030").split("\n")
    codes = (pair.decode("latin-1") for pair in pairs)
    return {c: code for c, code in zip(characters, codes, strict=True) if c != _EURO}


def _class(characters: Iterable[str]) -> str:
    return f"[{''.join(characters)}]"


def restore_utf8(run: str) -> str:
    """Give the text of a misread run, with one □ for each character that lost bytes.

    Takes a run that matches the patterns of `load_kinds`.

    >>> restore_utf8("绀惧尯"), restore_utf8("鏈嶅姟绔?")
    ('社区', '服务□')
    """
    kinds = load_kinds()
    if kinds.whole.fullmatch(run):
        return _to_bytes(run).decode("utf-8")
    return "".join(_restore_piece(_to_bytes(m.group())) for m in kinds.piece.finditer(run))


def _to_bytes(run: str) -> bytes:
    kinds = load_kinds()
    return kinds.euro_pair.sub(_EURO_PAIR, run).translate(kinds.table).encode("latin-1")


def _restore_piece(piece: bytes) -> str:
    try:
        # Only lost characters hold a zero byte: nothing else in the kinds is ASCII control.
        return piece.decode("utf-8") if b"\0" not in piece else _mark_last(piece)
    except UnicodeDecodeError:
        return _mark_last(piece)


def _mark_last(piece: bytes) -> str:
    """Decode a piece whose last character, or the last two, lost bytes."""
    last = max(piece.rfind(lead) for lead in _LEAD_BYTES)
    # More bytes than one character can hold: the loss went across the border of two.
    return piece[:last].decode("utf-8", "ignore") + LOST * (2 if len(piece) - last > 3 else 1)
