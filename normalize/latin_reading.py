"""Bytes that were read as Latin-1 or Windows-1252, as in ÖÐ¹ú for 中国: what they were.

The bytes were UTF-8 or GBK. Both readings are weighed, in decimal orders of magnitude: how much
likelier it is that clean Chinese text looks so misread than that clean European text looks so.
"""

import codecs
import re
from functools import cache

from normalize.commonness import RARE, load_commonness
from normalize.gbk_pairs import PLAIN as PLAIN_BYTES
from normalize.gbk_pairs import Stretch, is_sure, pair_up
from normalize.misread import LOST, Guess, Misread

_WINDOWS = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ"
# Bytes 80 to 9F as browsers read them: what Windows-1252 leaves open is a control character.
_WINDOWS_1252 = codecs.charmap_build(
    "".join(map(chr, range(0x80))) + _WINDOWS + "".join(map(chr, range(0xA0, 0x100)))
)
# Where the browser read Latin-1 in parts, C1 control characters stand for themselves.
_TO_BYTES = {ord(character): 0x80 + place for place, character in enumerate(_WINDOWS)}
HIGH = f"\x80-\xff{_WINDOWS}"
"""All characters that stand for bytes above 7F, to stand in a character class."""
PLAIN = "…‘’“”•–—€\xa0«·»×"
"""Those that clean text is full of, and that cannot tell of a region alone."""
FIRST = "\x80-\x9f\xa1-\xaa\xac-\xb6\xb8-\xba\xbc-\xd6\xd8-\xff" + "".join(
    character for character in _WINDOWS if character > "\x9f" and character not in PLAIN
)
"""All the others."""

# The patterns below are on bytes, written as characters of Latin-1.
_NEXT = "[\x80-\xbf]"
_GAP = "(?:[?\ufffd]{1,2}| (?=[\x80-\xff]))"
_FULL = f"[\xe0-\xef]{_NEXT}{{2}}|[\xc2-\xdf]{_NEXT}|[\xf0-\xf4]{_NEXT}{{3}}"
_LOSS = f"[\xe0-\xef](?:{_NEXT}{_GAP}?+|{_GAP}{_NEXT}?+)?+"
_ODD = f"[^\x00-\x7f\ufffd{PLAIN_BYTES}]"
_TOKEN = f"(?>{_FULL}|{_LOSS})"
# What follows a high byte of another kind, or is followed by one, is no UTF-8.
_BAD = f"(?:(?!{_TOKEN}){_ODD}{_TOKEN}*+)++"
_CUT = f"(?<![\x80-\xff])(?![{PLAIN_BYTES}]){_NEXT}{{1,2}}+(?=(?:[\xe2-\xef]{_NEXT}{{2}}){{2}})"
_RUN = f"(?:{_CUT})?+{_TOKEN}++"
_UTF8 = re.compile(f"{_RUN}(?={_ODD}){_BAD}|(?P<run>{_RUN})|{_BAD}")
_PIECE = re.compile(f"((?:{_FULL})++)|{_LOSS}|{_NEXT}{{1,2}}+")
# Clean text has this form where quotation marks and the like stand behind accented letters.
_LIKE_CLEAN = re.compile(f"(?:[\xc2-\xf4][{PLAIN_BYTES}\x99\xa9\xae\xb2\xb3\xb9]*+)++[ ?]*")
# What is left of UTF-8 has this form, whatever was lost; GBK hardly ever has.
# Possessive: a plain byte may be a next byte as well, and two readings of each would be 2 ** n.
_LIKE_UTF8 = re.compile(
    f"[@-~]?+(?:(?:[\xc2\xc3]{_NEXT}|[\xe0-\xef]{_NEXT}{{0,2}}+|\xf0{_NEXT}{{3}})"
    f"[{PLAIN_BYTES}]?+[@-~]?+){{2,}}+"
)
_GBK = re.compile("[\x80-\xff](?:[\x80-\xff]|[@-~](?=[\x80-\xff]))*+[@-~]?")

_CONTROL = re.compile("[\x80-\x9f]")
_LETTERS = re.compile("[\xc0-\xd6\xd8-\xf6\xf8-\u024f\u1e00-\u1eff]+")
_HIGH_ONLY = re.compile("[\x80-\xff]+")
_IS_HIGH = re.compile(f"[{HIGH}]")
_REPLACED = re.compile("\ufffd+")

# How much likelier a character is in misread Chinese text than in clean European text: the share
# of Han characters goes from -2.5 to -5, that of a run of such bytes in clean text is below -6.
_SURE = 1.9
_MOST_LOST = 0.67
_WORTH_OF_LATIN = 2.2
_WORTH_OF_LETTER = 1.4
_COST_OF_ONE_LETTER = 1.2
_WORTH_IN_PLACE = 1.8
_COST_OF_LOSS = 0.3
_CHANCE = 6.0
_LEAST = 0.5
_DOUBTFUL = 0.5
_WORTH_OF_LEFT = -3.0
_CLEAR = 3.0
_MUCH = 2.5
# Chinese text has -3.1 per character; what is read in a wrong encoding has less than -5.
_CHINESE = -3.5
_PLAIN_SIZE = 8
_PLAIN_WORTH = 1.5
_ENCODINGS: tuple[tuple[Misread, str, int], ...] = (
    ("utf8_as_latin1", "utf-8", 3),
    ("gbk_as_latin1", "gbk", 2),
)
# Three bytes of UTF-8 make one character; of GBK they make one and a half.
_PLAINLY_UTF8 = 0.4


def read_latin(text: str, start: int, end: int) -> list[Guess]:
    """Give readings of a region of high characters of Latin-1 or Windows-1252.

    Takes a span whose high characters are broken by single ASCII characters at most. Gives guesses
    of the one encoding that is clearly likelier, else of UTF-8 first, then of GBK. Linear time.

    >>> [guess.new for guess in read_latin("ÖÐ¹ú", 0, 4)]
    ['中国']
    """
    codes = _to_bytes(text[start:end])
    plain = _read_plainly(codes, start)
    if plain:
        return [plain]
    readings = [
        reading
        for match in _UTF8.finditer(codes)
        if match["run"] and (reading := _guess_utf8(text, start, codes, match)) is not None
    ]
    utf8 = [guess for guess, _ in readings]
    again = "".join(new for _, new in readings)
    if _is_plain(utf8, again, end - start):
        return utf8
    gbk = [
        guess
        for match in _GBK.finditer(codes)
        if not _LIKE_UTF8.fullmatch(match.group())
        for guess in _guess_gbk(match.group(), start + match.start())
    ]
    if not utf8 or not gbk:
        return utf8 or gbk
    lead = _score(utf8, again, end - start)
    lead -= _score(gbk, "".join(guess.new for guess in gbk), end - start)
    if abs(lead) < _CLEAR:
        return utf8 + gbk
    return utf8 if lead > 0 else gbk


def _read_plainly(codes: str, start: int) -> Guess | None:
    """Read a region that is common Chinese throughout in one encoding: most are, and it is fast."""
    codes = codes if codes[-1] >= "\x80" else codes[:-1]
    size = len(codes)
    if size < _PLAIN_SIZE or not _HIGH_ONLY.fullmatch(codes) or codes.count(codes[0]) == size:
        return None
    common = load_commonness()
    for kind, encoding, width in _ENCODINGS:
        try:
            new = codes.encode("latin-1").decode(encoding)
        except UnicodeDecodeError:
            continue
        if len(new) * width == size and common.score(new) > _CHINESE * len(new):
            return Guess(start, start + size, new, kind, _PLAIN_WORTH * len(new), True)
    return None


def _is_plain(utf8: list[Guess], new: str, size: int) -> bool:
    """Tell whether one sure run takes a region up to a last letter and leaves a third of it."""
    if len(utf8) != 1 or not utf8[0].sure:
        return False
    taken = utf8[0].end - utf8[0].start
    return taken >= size - 1 and len(new) < _PLAINLY_UTF8 * taken


def _score(guesses: list[Guess], new: str, size: int) -> float:
    """Tell how likely the text of a reading is, as log10, with what it leaves unexplained."""
    left = size - sum(guess.end - guess.start for guess in guesses)
    return load_commonness().score(new) + _WORTH_OF_LEFT * left


def _to_bytes(region: str) -> str:
    """Write characters as the bytes they stand for in either of the two tables."""
    try:
        region.encode("latin-1")
    except UnicodeEncodeError:
        pass
    else:
        return region
    try:
        return codecs.charmap_encode(region, "strict", _WINDOWS_1252)[0].decode("latin-1")
    except UnicodeEncodeError:
        return region.translate(_TO_BYTES)


def _guess_utf8(
    text: str, offset: int, codes: str, match: re.Match[str]
) -> tuple[Guess, str] | None:
    """Read a run as UTF-8; give the guess, and its text read once more if that is misread too."""
    start, end = match.span("run")
    span = offset + start, offset + end
    try:
        pieces = [
            piece.group().encode("latin-1").decode("utf-8") if piece.group(1) else LOST
            for piece in _PIECE.finditer(codes, start, end)
        ]
    except UnicodeDecodeError:
        return None
    lost = pieces.count(LOST)
    if lost == len(pieces):
        return None
    new = "".join(pieces)
    again, worth_again = _read_again(new)
    worth = sum(map(_load_worths().__getitem__, new)) + worth_again
    if len(new) == 1 and new < "\u0800":
        worth -= _COST_OF_ONE_LETTER
    if _LIKE_CLEAN.fullmatch(match["run"]) and not _CONTROL.search(text, *span):
        # The rest of the text must speak for it.
        worth = worth - _SURE if _ends_word(text, span[0]) else min(worth, _DOUBTFUL)
    if (_LETTERS.fullmatch(new) and _is_in_word(text, *span)) or _is_sign(text, *span, new):
        worth += _WORTH_IN_PLACE
    sure = worth >= _SURE and lost <= _MOST_LOST * len(new)
    new = _REPLACED.sub(LOST, new)
    return Guess(*span, new, "utf8_as_latin1", worth, sure), again


def _read_again(new: str) -> tuple[str, float]:
    """Read a text once more, which was misread twice: give it and what that adds in worth."""
    if len(new) < 2 or not _IS_HIGH.search(new):
        return new, 0.0
    guesses = [guess for guess in read_latin(new, 0, len(new)) if guess.sure]
    pieces, place = [], 0
    for guess in guesses:
        pieces += [new[place : guess.start], guess.new]
        place = guess.end
    return "".join([*pieces, new[place:]]), sum(guess.worth for guess in guesses)


def _ends_word(text: str, place: int) -> bool:
    """Tell whether an accented letter may well stand at the end of a clean word."""
    letter, before = text[place], text[place - 1 : place]
    return letter != "Â" and before.isalpha() and before.islower() == letter.islower()


def _is_in_word(text: str, start: int, end: int) -> bool:
    """Tell whether a span is part of a Latin word whose other letters are ASCII."""
    before, after = text[start - 1 : start], text[end : end + 1]
    is_before = before.isascii() and before.isalpha()
    is_after = after.isascii() and after.islower()
    return (is_before and (before.islower() or is_after)) or (is_after and not before.isalpha())


def _is_sign(text: str, start: int, end: int, new: str) -> bool:
    """Tell whether a span stands where such a sign does: 25°C, 3×4; no clean word ends so."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if new in "×÷":
        return before.isdigit() and after.isdigit()
    is_word = before.isalpha() and before < "\u0250"
    return text[start] == "Â" and text[start + 1] not in "»”’…" and not is_word


def _guess_gbk(codes: str, offset: int) -> list[Guess]:
    stretches = pair_up(codes)
    if _is_rather_big5(codes, stretches):
        return []
    sure = is_sure(stretches)
    return [
        Guess(offset + start, offset + end, new, "gbk_as_latin1", worth, sure)
        for start, end, new, worth in stretches
        if new.strip(LOST)
    ]


def _is_rather_big5(codes: str, stretches: list[Stretch]) -> bool:
    """Tell whether bytes make commoner characters in Big5, which is another mistake."""
    common = load_commonness()
    new = "".join(stretch.new for stretch in stretches)
    score = common.score(new)
    if score > _CHINESE * len(new):
        return False
    big5 = codes.encode("latin-1").decode("big5hkscs", "replace")
    return common.score(big5) > score + _MUCH


class _Worths(dict[str, float]):
    """Worth of each character that a sequence of UTF-8 may give, computed when first met."""

    def __missing__(self, character: str) -> float:
        """Weigh a character against the chance that clean text has such a sequence."""
        worth = max(_LEAST, load_commonness().of(character) + _CHANCE)
        if character == LOST:
            worth = -_COST_OF_LOSS
        elif character in "\ufffd\ufeff":
            worth = _SURE
        elif _IS_HIGH.match(character):
            worth = _WORTH_OF_LATIN
        elif character < "\u0800":
            is_known = load_commonness().of(character) > RARE
            worth = _WORTH_OF_LETTER if is_known else _LEAST
        self[character] = worth
        return worth


@cache
def _load_worths() -> _Worths:
    return _Worths()
