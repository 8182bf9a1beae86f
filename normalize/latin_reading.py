"""Bytes that were read as Latin-1 or Windows-1252, as in ÖÐ¹ú for 中国: readings, and their worth.

The bytes were UTF-8 or GBK. Worth is counted in decimal orders of magnitude: how much likelier the
reading is than that clean European text happens to look so.
"""

import re
from collections.abc import Iterator
from functools import cache

from normalize.commonness import load_commonness
from normalize.misread import LOST, Guess

_WINDOWS = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ"
# Bytes 80 to 9F as browsers read them: what Windows-1252 leaves open is a control character.
_TO_BYTES = {ord(character): 0x80 + place for place, character in enumerate(_WINDOWS)}
HIGH = f"\x80-\xff{_WINDOWS}"
"""All characters that stand for bytes above 7F, to stand in a character class."""
PLAIN = "…‘’“”•–—€\xa0«·»×"
"""Those that clean text is full of, and that cannot tell of a region alone."""
FIRST = "\x80-\x9f\xa1-\xaa\xac-\xb6\xb8-\xba\xbc-\xd6\xd8-\xff" + _WINDOWS.translate(
    dict.fromkeys(map(ord, PLAIN))
)
"""All the others."""

# The patterns below are on text whose characters are bytes.
_GAP = "[ ?\ufffd]"
_NEXT = "[\x80-\xbf]"
_FULL = f"[\xe0-\xef]{_NEXT}{{2}}|[\xc2-\xdf]{_NEXT}|[\xf0-\xf4]{_NEXT}{{3}}"
_LOSS = f"[\xe0-\xef](?:{_NEXT}{_GAP}|{_GAP}{_NEXT}|{_NEXT}?(?=[\xe0-\xef]))"
_UTF8 = re.compile(f"(?>{_FULL}|{_LOSS})++")
_UTF8_PIECE = re.compile(f"((?:{_FULL})++)|{_LOSS}")
# Clean text has these beside letters: … ‘ ’ “ ” • – — no-break space « · » ×
_PLAIN = "\x85\x91-\x97\xa0\xab\xb7\xbb\xd7"
_LIKE_PLAIN = re.compile(f"[\xc2-\xf4][{_PLAIN}\x99\xa9\xae\xb2\xb3\xb9]+")
_ODD = re.compile(f"[^\x00-\x7f\ufffd{_PLAIN}]")
_IS_HIGH = re.compile(f"[{HIGH}]")
_REPLACED = re.compile("\ufffd+")
_GBK = re.compile("[\x80-\xff](?:[\x80-\xff]|[@-~](?=[\x80-\xff]))*+[@-~]?")
_SYMBOL = "\x80-\x84\x86-\x90\x98-\x9f\xa1-\xaa\xac-\xb6\xb8-\xba\xbc-\xbf"
_LETTER = "\xc0-\xd6\xd8-\xff"
_MIXED = re.compile(f"(?=[{_LETTER}][{_SYMBOL}]|[{_SYMBOL}][{_LETTER}])")

_SURE = 1.9
_SURE_PER_PAIR = 0.55
# Clean text seldom has two such characters in a row, and seldom a symbol beside a letter.
_WORTH_OF_PAIR = 0.8
_WORTH_OF_MIX = 0.8
_CHANCE_OF_PAIR = 3.83
_LEAST_OF_PAIR = -2.7
_NO_PAIR = -99.0
_LEAST_OF_LEVEL_ONE = -0.4
_CHANCE_OF_CODE = 6.0
_LEAST_OF_CODE = 0.5
_WORTH_OF_LATIN = 2.2
_COST_OF_ONE_LETTER = 1.2
_WORTH_OF_LETTER = 1.4
_WORTH_IN_WORD = 1.8
_COST_OF_LOSS = 1.0
_COSTS = {"plain": 0.3, "ascii": 0.1, "odd": 3.0}


def read_latin(text: str, start: int, end: int) -> list[Guess]:
    """Give readings of a region of high characters of Latin-1 or Windows-1252.

    Takes a span whose high characters are broken by single ASCII characters at most. Gives guesses
    in text order: of the one encoding that surely fits best, else of UTF-8 first, then of GBK.
    Linear time.

    >>> [guess.new for guess in read_latin("ÖÐ¹ú", 0, 4)]
    ['中国']
    """
    codes = text[start:end].translate(_TO_BYTES)
    utf8 = [
        guess
        for match in _UTF8.finditer(codes)
        if (guess := _guess_utf8(text, start, codes, match)) is not None
    ]
    gbk = [guess for match in _GBK.finditer(codes) for guess in _guess_gbk(match, start)]
    certain = [sum(guess.worth for guess in guesses if guess.sure) for guesses in (utf8, gbk)]
    if not any(certain):
        return utf8 + gbk
    return gbk if certain[1] > certain[0] else utf8


def _guess_utf8(text: str, offset: int, codes: str, match: re.Match[str]) -> Guess | None:
    start, end = match.span()
    if _ODD.match(codes, end) or (start and _ODD.match(codes, start - 1)):
        return None
    try:
        pieces = [
            piece.group().encode("latin-1").decode("utf-8") if piece.group(1) else LOST
            for piece in _UTF8_PIECE.finditer(codes, start, end)
        ]
    except UnicodeDecodeError:
        return None
    new = "".join(pieces)
    worth = sum(map(_weigh_character, new)) + _weigh_again(new)
    if len(new) == 1 and new < "\u0800":
        worth -= _COST_OF_ONE_LETTER
    if _LIKE_PLAIN.fullmatch(match.group()):
        worth -= _SURE
    if new.isalpha() and _is_in_word(text, offset + start, offset + end):
        worth += _WORTH_IN_WORD
    sure = worth >= _SURE and pieces.count(LOST) * 2 <= len(new)
    new = _REPLACED.sub(LOST, new)
    return Guess(offset + start, offset + end, new, "utf8_as_latin1", worth, sure)


def _weigh_again(new: str) -> float:
    """Give what it adds that the text of a reading can be read again: it was misread twice."""
    if len(new) < 2 or not _IS_HIGH.search(new):
        return 0.0
    return sum(guess.worth for guess in read_latin(new, 0, len(new)) if guess.sure)


def _weigh_character(character: str) -> float:
    if character == LOST:
        return -_COST_OF_LOSS
    if _IS_HIGH.match(character):
        return _WORTH_OF_LATIN
    if character < "\u0800":
        return _WORTH_OF_LETTER
    if character in "\ufffd\ufeff":
        return _SURE
    return max(_LEAST_OF_CODE, load_commonness()[character] + _CHANCE_OF_CODE)


def _is_in_word(text: str, start: int, end: int) -> bool:
    """Tell whether a span is part of a Latin word whose other letters are ASCII."""
    before, after = text[start - 1 : start], text[end : end + 1]
    is_before = before.isascii() and before.isalpha()
    is_after = after.isascii() and after.islower()
    return (is_before and (before.islower() or is_after)) or (is_after and not before.isalpha())


def _guess_gbk(match: re.Match[str], offset: int) -> Iterator[Guess]:
    codes = match.group()
    places = _pair_all(codes) or _pair_best(codes)
    paired = "".join(new for _, _, new in places)
    if len(set(codes)) == 1 or not paired.strip(LOST):
        return
    worth = sum(_read_pair(codes[start:end])[1] for start, end, _ in places if end - start == 2)
    worth -= _COSTS["odd"] * sum(end - start == 1 for start, end, _ in places)
    worth += _WORTH_OF_MIX * len(_MIXED.findall(codes))
    restored = len(paired) - paired.count(LOST)
    sure = restored > 1 and worth >= max(_SURE, _SURE_PER_PAIR * len(places))
    start, offset = 0, offset + match.start()
    while start < len(places):
        end = start + 1
        while end < len(places) and places[end][0] == places[end - 1][1]:
            end += 1
        new = "".join(new for _, _, new in places[start:end])
        if new.strip(LOST):
            span = offset + places[start][0], offset + places[end - 1][1]
            yield Guess(*span, new, "gbk_as_latin1", worth, sure)
        start = end


def _pair_all(codes: str) -> list[tuple[int, int, str]]:
    """Read a region as pairs throughout; nothing when it does not make good Chinese text so."""
    if len(codes) % 2 or codes[-1] < "\x80":
        return []
    pairs = [_read_pair(codes[start : start + 2]) for start in range(0, len(codes), 2)]
    if sum(worth for _, worth in pairs) < _SURE_PER_PAIR * len(pairs):
        return []
    return [(2 * place, 2 * place + 2, new) for place, (new, _) in enumerate(pairs)]


def _pair_best(codes: str) -> list[tuple[int, int, str]]:
    """Choose the pairs of a region that are worth most; give them and what is lost between them.

    Places are start, end and new text; punctuation and ASCII left alone have no place.
    """
    best, is_pair = [0.0], [False]
    for end in range(1, len(codes) + 1):
        alone = best[end - 1] - _COSTS[_kind_of(codes[end - 1])]
        pair = best[end - 2] + _read_pair(codes[end - 2 : end])[1] if end > 1 else alone
        if end == len(codes) and codes[-1] < "\x80" and pair < best[end - 2]:
            # A rare character at the end is rather a byte cut off and a letter of its own.
            pair = alone
        best.append(max(alone, pair))
        is_pair.append(pair > alone)
    places = []
    end = len(codes)
    while end:
        start = end - 2 if is_pair[end] else end - 1
        if is_pair[end]:
            places.append((start, end, _read_pair(codes[start:end])[0]))
        elif _kind_of(codes[start]) == "odd":
            places.append((start, end, LOST))
        end = start
    return places[::-1]


def _kind_of(code: str) -> str:
    if code < "\x80" or code == "\ufffd":
        return "ascii"
    return "odd" if _ODD.match(code) else "plain"


@cache
def _read_pair(pair: str) -> tuple[str, float]:
    """Give the character of GBK with two bytes and its worth, none when there is none."""
    try:
        character = pair.encode("latin-1").decode("gbk")
    except UnicodeError:
        return LOST, _NO_PAIR
    if len(character) != 1 or pair[0] < "\x81":
        return LOST, _NO_PAIR
    is_level_one = "\xb0" <= pair[0] <= "\xd7" and pair[1] > "\xa0"
    least = _LEAST_OF_LEVEL_ONE if is_level_one else _LEAST_OF_PAIR
    worth = max(least, load_commonness()[character] + _CHANCE_OF_PAIR)
    return character, worth + (_WORTH_OF_PAIR if pair[1] >= "\x80" else 0.0)
