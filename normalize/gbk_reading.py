"""UTF-8 bytes that were read as GBK, as in 绀惧尯 for 社区: how to know them, and the way back.

Three bytes of UTF-8 per Han character make one and a half characters of GBK. So the characters of
such text fall into kinds by what their two bytes were in UTF-8, and the kinds follow each other in
a strict order. What a decoder could not read stands as U+FFFD, `?` or not at all, and is lost.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from normalize.commonness import RARE, load_commonness
from normalize.misread import LOST, Guess

# First bytes of three in UTF-8: punctuation, kana, Han, full width. Korean and private use are out.
_LEADS = (*range(0xE2, 0xEA), 0xEF)
_LEADS_OF_TWO = range(0xC2, 0xD0)
_FOLLOWING = range(0x80, 0xC0)
_LETTERS = range(0x40, 0x7F)
# Kinds by the two bytes. The euro sign is byte 80; it is A2 E3 where kana or punctuation begins.
_START, _TURN, _INNER, _LOW, _ASCII, _EURO, _GAP = "s", "t", "c", "k", "d", "E", "g"
_TWO, _TO_TWO, _EMOJI, _TO_EMOJI = "w", "x", "e", "y"
_KINDS: tuple[tuple[str, Iterable[int], Iterable[int]], ...] = (
    (_START, _LEADS, _FOLLOWING),
    (_TURN, _FOLLOWING, _LEADS),
    (_INNER, range(0x90, 0xC0), _FOLLOWING),
    (_LOW, range(0x81, 0x90), _FOLLOWING),
    (_ASCII, _FOLLOWING, _LETTERS),
    (_TWO, _LEADS_OF_TWO, _FOLLOWING),
    (_TO_TWO, _FOLLOWING, _LEADS_OF_TWO),
    (_EMOJI, (0xF0,), (0x9F,)),
    (_TO_EMOJI, _FOLLOWING, (0xF0,)),
)
# Editions of GB18030 disagree on these.
_OTHER_FORMS = MappingProxyType({"ḿ": "\xa8\xbc", "\ue7c8": "\xa8\xbf"})
_EURO_PAIR = "\xa2\xe3"

_ANY = f"[{_INNER}{_LOW}]"
_NEXT = f"(?:{_TURN}|{_EURO}(?=[{_EURO}{_LOW}]))"
_SOUND = f"{_NEXT}{_EURO}|{_TO_TWO}|{_TO_EMOJI}{_ANY}"
_MIDDLE = f"(?:{_SOUND}|{_NEXT}{_GAP}(?=[{_TURN}{_ASCII}]))*+"
_END = f"{_NEXT}{_ANY}|{_ASCII}|{_EURO}(?![{_TURN}{_ASCII}])"
# One or two bytes are gone where a mark stands or where two kinds meet that never do.
_LOSS = f"{_GAP}{_ANY}(?={_START})|{_NEXT}{_GAP}{{1,2}}+|{_GAP}|(?:{_ANY}|{_TURN})?(?={_START})"
_OTHERS = f"{_TWO}(?={_START})|{_EMOJI}{_ANY}"
_WHOLE = re.compile(f"(?>{_START}(?:{_SOUND})*+(?:{_END})|{_OTHERS})++")
_PIECE = re.compile(f"(?>{_START}{_MIDDLE}(?:{_END}|{_LOSS})|{_OTHERS})")
_CUT = re.compile(f"{_START}{_MIDDLE}(?:{_NEXT}|{_ANY})?")
_RUN = re.compile(f"(?:{_PIECE.pattern})++")
_TWO_EUROS = re.compile(f"{_EURO}[{_EURO}{_LOW}]")
# How many bytes the last character needs after one of a kind.
_NEEDS = MappingProxyType(
    {_START: 1, _TURN: 2, _ASCII: 0, _TWO: 0, _TO_TWO: 1, _EMOJI: 2, _TO_EMOJI: 3}
)
_CUT_CHARACTER = re.compile(rb"[\xe2-\xe9\xef]\0[\x80-\xbf]")
# U+FFFD itself, read as GBK: two of them, or one and an ASCII letter.
_REPLACED = re.compile("\ufffd+")
_REPLACEMENTS = re.compile("(?:锟斤拷|锟[?\ufffd]?)+|锟.")
_NARROW = re.compile("[^\u2000-\U0010ffff]+")
_LEAST = 4.0
_LEAST_SHARE = -5.0
_COST_OF_LOSS = 1.0
_LAST_LEAD = re.compile(rb"[\xc2-\xf0][\x00-\xbf]*\Z")


@dataclass(frozen=True, slots=True)
class Kinds:
    """The characters that misread UTF-8 is made of."""

    kinds: Mapping[int, str]
    """Kind of a code point, one letter."""
    codes: Mapping[int, str]
    """Bytes of a code point, written in Latin-1; a zero byte for what is lost."""
    starts: str
    """The characters that a misread run starts with."""
    inner: str
    """The characters that stand second in a run only where one before them is lost."""


@cache
def load_kinds() -> Kinds:
    """Build the kinds from Python's codec, 20 ms, once per process.

    >>> "涓" in load_kinds().starts, "中" in load_kinds().starts
    (True, False)
    """
    kinds: dict[int, str] = {}
    codes: dict[int, str] = {}
    for kind, firsts, seconds in _KINDS:
        pairs = [bytes((first, second)) for first in firsts if first > 0x80 for second in seconds]
        characters = b"\n".join(pairs).decode("gb18030").split("\n")
        kinds |= dict.fromkeys(map(ord, characters), kind)
        codes |= zip(map(ord, characters), (p.decode("latin-1") for p in pairs), strict=True)
    for character, code in _OTHER_FORMS.items():
        kinds[ord(character)], codes[ord(character)] = _INNER, code
    for character, kind, code in (("€", _EURO, "\x80"), ("?", _GAP, "\0"), ("\ufffd", _GAP, "\0")):
        kinds[ord(character)], codes[ord(character)] = kind, code
    starts = "".join(
        chr(code)
        for code, kind in kinds.items()
        if kind == _EMOJI or (kind == _START and not "\xe3\x90" <= codes[code] < "\xe4\xb8")
    )
    inner = "".join(chr(code) for code, kind in kinds.items() if kind in (_INNER, _LOW))
    return Kinds(kinds, codes, starts, inner)


def read_gbk(text: str, start: int, end: int) -> list[Guess]:
    """Give readings of the runs within a span that have the form of UTF-8 read as GBK.

    Takes a span of characters of `load_kinds`; gives guesses in text order. Worth compares the
    characters of both readings, because rare ones may well stand beside each other in clean text.
    Linear time.

    >>> [guess.new for guess in read_gbk("绀惧尯鏈嶅姟绔?", 0, 7)]
    ['社区服务□']
    """
    kinds = text[start:end].translate(load_kinds().kinds)
    guesses: list[Guess] = []
    for match in _RUN.finditer(kinds):
        first, last = match.span()
        cut = _CUT.match(kinds, last)
        if cut and text[start + cut.end() : start + cut.end() + 1].isascii():
            last = cut.end()
        old = text[start + first : start + last]
        guess = _weigh(start + first, old, _restore(old, kinds, first))
        if guess.kind == "bytes_lost" and text.endswith("斤拷", 0, guess.start):
            guess = guess._replace(start=guess.start - 2)
        if guess.worth >= _LEAST and (not guesses or guesses[-1].end <= guess.start):
            guesses.append(guess)
    return guesses


def _weigh(start: int, old: str, new: str) -> Guess:
    common = load_commonness()
    new = _REPLACED.sub(LOST, new)
    restored = new.replace(LOST, "")
    lost = len(new) - len(restored)
    score = common.score(restored)
    worth = score - common.score(old) - lost * _COST_OF_LOSS
    wide = _NARROW.sub("", restored)
    span = start, start + len(old)
    if old[0] == "锟" and _REPLACEMENTS.fullmatch(old):
        sure = "锟斤拷" in old or common.of(old[-1]) <= RARE
        return Guess(*span, LOST + restored, "bytes_lost", worth, sure)
    if not wide and "\ufffd" in old:
        # What is left of a character: a rare one that stands before U+FFFD by chance is rarer yet.
        return Guess(*span, new, "bytes_lost", worth, worth >= _LEAST)
    if not wide and "?" not in old:
        # Rare characters do stand beside each other in clean text: 姗姗, 狻猊.
        worth = 0.0
    score = score if len(wide) == len(restored) else common.score(wide)
    if score < _LEAST_SHARE * len(wide):
        worth = 0.0
    return Guess(*span, new, "utf8_as_gbk", worth, len(wide) > 1 and lost <= len(wide))


def _restore(run: str, kinds: str, start: int) -> str:
    """Restore a run that begins at a place among the kinds of a longer text."""
    pieces = []
    place, end = start, start + len(run)
    while place < end:
        whole = _WHOLE.match(kinds, place, end)
        restore = _restore_whole if whole else _restore_piece
        match = whole or _PIECE.match(kinds, place) or _CUT.match(kinds, place)
        assert match is not None, "a run is made of pieces"
        pieces.append(restore(run[place - start : match.end() - start], match.group()))
        place = match.end()
    return "".join(pieces)


def _restore_whole(run: str, kinds: str) -> str:
    if _EURO not in kinds and _OTHER_FORMS.keys().isdisjoint(run):
        return run.encode("gb18030").decode("utf-8", "replace")
    return _to_bytes(run, kinds).decode("utf-8", "replace")


def _to_bytes(run: str, kinds: str) -> bytes:
    codes = [*map(load_kinds().codes.__getitem__, map(ord, run))]
    for place in _find_euro_pairs(kinds) if _TWO_EUROS.search(kinds) else ():
        codes[place] = _EURO_PAIR
    return "".join(codes).encode("latin-1")


def _find_euro_pairs(kinds: str) -> Iterator[int]:
    """Follow how many bytes a character still needs, to find the euro signs that are two bytes."""
    need = 0
    for place, kind in enumerate(kinds):
        following = kinds[place + 1 : place + 2]
        if kind == _EURO and need == 1 and following in (_EURO, _LOW):
            yield place
            need = 2
        elif kind == _GAP:
            need = int(need == 2 and following in (_TURN, _ASCII))
        else:
            need = _NEEDS.get(kind, need - (1 if kind == _EURO else 2))


def _restore_piece(run: str, kinds: str) -> str:
    """Decode a piece of which the last character, or the last two, may have lost bytes."""
    piece = _CUT_CHARACTER.sub(LOST.encode(), _to_bytes(run, kinds))
    try:
        if b"\0" not in piece:
            return piece.decode("utf-8")
    except UnicodeDecodeError:
        pass
    lead = _LAST_LEAD.search(piece)
    last = lead.start() if lead else 0
    # More bytes than one character has: the loss went across the border of two.
    return piece[:last].decode("utf-8", "replace") + LOST * (2 if len(piece) - last > 3 else 1)
