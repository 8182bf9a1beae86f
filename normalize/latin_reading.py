"""Bytes that were read as Latin-1 or Windows-1252, as in ÖÐ¹ú for 中国: readings, and their worth.

The bytes were UTF-8 or GBK. Worth is counted in decimal orders of magnitude: how much likelier the
reading is than that clean European text happens to look so.
"""

import re
from functools import cache
from itertools import pairwise

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
_GAP = "(?:[?\ufffd]{1,2}| (?=[\x80-\xff]))"
_NEXT = "[\x80-\xbf]"
_FULL = f"[\xe0-\xef]{_NEXT}{{2}}|[\xc2-\xdf]{_NEXT}|[\xf0-\xf4]{_NEXT}{{3}}"
_LOSS = f"[\xe0-\xef](?:{_NEXT}{_GAP}?+|{_GAP}{_NEXT}?+)?+"
_UTF8 = re.compile(f"(?>{_FULL}|{_LOSS})++")
_UTF8_PIECE = re.compile(f"((?:{_FULL})++)|{_LOSS}")
# Clean text has these beside letters: … ‘ ’ “ ” • – — no-break space « · » ×
_PLAIN = "\x85\x91-\x97\xa0\xab\xb7\xbb\xd7"
_LIKE_PLAIN = re.compile(f"(?:[\xc2-\xf4][{_PLAIN}\x99\xa9\xae\xb2\xb3\xb9]*+)++[ ?]*")
# What is left of UTF-8 has this form, whatever was lost; GBK has it once in a thousand texts.
_LIKE_UTF8 = re.compile(
    f"[@-~]?(?:(?:[\xc2\xc3]{_NEXT}|[\xe0-\xef]{_NEXT}{{0,2}}|\xf0{_NEXT}{{3}})[{_PLAIN}]?[@-~]?){{2,}}"
)
_CONTROL = re.compile("[\x80-\x9f]")
_ODD = re.compile(f"[^\x00-\x7f\ufffd{_PLAIN}]")
_AMID = re.compile(f"(?<=[\x80-\xff])[{_PLAIN}](?=[\x80-\xff])")
_LATIN = re.compile("[\xc0-\xd6\xd8-\xf6\xf8-\u024f\u1e00-\u1eff]+")
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
_DOUBTFUL = 0.5
_COST_OF_LOSS = 0.3
_MOST_LOST = 0.67
_COSTS = {"plain": 1.2, "ascii": 0.1, "odd": 5.0}
_COST_AMID = 3.5
_MARGIN = 2.0


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
    gbk = [
        guess
        for match in _GBK.finditer(codes)
        if not _LIKE_UTF8.fullmatch(match.group())
        for guess in _guess_gbk(match.group(), start + match.start())
    ]
    certain = [sum(guess.worth for guess in guesses if guess.sure) for guesses in (utf8, gbk)]
    if not any(certain):
        return utf8 + gbk
    return gbk if certain[1] > certain[0] else utf8


def _guess_utf8(text: str, offset: int, codes: str, match: re.Match[str]) -> Guess | None:
    start, end = match.span()
    span = offset + start, offset + end
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
    lost = pieces.count(LOST)
    if lost == len(pieces):
        return None
    worth = sum(map(_weigh_character, new)) + _weigh_again(new)
    if len(new) == 1 and new < "\u0800":
        worth -= _COST_OF_ONE_LETTER
    if _LIKE_PLAIN.fullmatch(match.group()) and not _CONTROL.search(text, *span):
        # An accented letter before a quotation mark has this form: the text must speak for it.
        is_behind_letter = text[span[0] - 1 : span[0]].isalpha()
        worth = worth - _SURE if is_behind_letter else min(worth, _DOUBTFUL)
    if _LATIN.fullmatch(new) and _is_in_word(text, *span):
        worth += _WORTH_IN_WORD
    sure = worth >= _SURE and lost <= _MOST_LOST * len(new)
    new = _REPLACED.sub(LOST, new)
    return Guess(*span, new, "utf8_as_latin1", worth, sure)


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


def _guess_gbk(piece: str, offset: int) -> list[Guess]:
    """Give the stretches of a piece that read as GBK; between them stands punctuation."""
    places = _pair_all(piece) or _pair_best(piece)
    guesses: list[Guess] = []
    first = 0
    for last, (_, end, _) in enumerate(places, 1):
        if last == len(places) or places[last][0] > end:
            stretch, first = places[first:last], last
            new = "".join(character for _, _, character in stretch)
            worth = _weigh_gbk(piece, stretch)
            span = offset + stretch[0][0], offset + end
            guesses.append(Guess(*span, new, "gbk_as_latin1", worth, False))
    restored = sum(len(guess.new.replace(LOST, "")) for guess in guesses)
    worth = sum(guess.worth for guess in guesses)
    if len(set(piece)) == 1 or not restored:
        return []
    sure = restored > 1 and worth >= max(_SURE, _SURE_PER_PAIR * len(places))
    return [guess._replace(sure=sure) for guess in guesses if guess.new.strip(LOST)]


def _weigh_gbk(piece: str, stretch: list[tuple[int, int, str]]) -> float:
    worths = (
        _read_pair(piece[start:end])[1] if end - start == 2 else -_COSTS["odd"]
        for start, end, _ in stretch
    )
    mixed = _MIXED.findall(piece, stretch[0][0], stretch[-1][1])
    return sum(worths) + _WORTH_OF_MIX * len(mixed)


def _pair_all(codes: str) -> list[tuple[int, int, str]]:
    """Read a region as pairs throughout; nothing when it does not make good Chinese text so."""
    if len(codes) % 2 or codes[-1] < "\x80":
        return []
    pairs = [_read_pair(codes[start : start + 2]) for start in range(0, len(codes), 2)]
    worths = [worth for _, worth in pairs]
    if sum(worths) < _SURE_PER_PAIR * len(pairs) or any(max(two) < 0 for two in pairwise(worths)):
        return []
    return [(2 * place, 2 * place + 2, new) for place, (new, _) in enumerate(pairs)]


def _pair_best(codes: str) -> list[tuple[int, int, str]]:
    """Choose the pairs of a region that are worth most; give them and what is lost between them.

    Places are start, end and new text; punctuation and ASCII left alone have no place. A pair is
    lost as well when the region could nearly as well be cut between its bytes.
    """
    size = len(codes)
    lone = [-_COSTS[_kind_of(code)] for code in codes]
    for place in _AMID.finditer(codes):
        lone[place.start()] = -_COST_AMID
    pairs = [_read_pair(codes[start : start + 2])[1] for start in range(size - 1)]
    if codes[-1] < "\x80" and pairs and pairs[-1] < 0:
        # A rare character at the end is rather a byte cut off and a letter of its own.
        pairs[-1] = _NO_PAIR
    before, after = _add_up(lone, pairs), _add_up(lone[::-1], pairs[::-1])[::-1]
    places = []
    start = 0
    while start < size:
        if start + 1 < size and pairs[start] + after[start + 2] > lone[start] + after[start + 1]:
            is_certain = before[start + 1] + after[start + 1] < before[size] - _MARGIN
            new = _read_pair(codes[start : start + 2])[0] if is_certain else LOST
            places.append((start, start + 2, new))
        elif _kind_of(codes[start]) == "odd":
            places.append((start, start + 1, LOST))
        start = places[-1][1] if places and places[-1][0] == start else start + 1
    return places


def _add_up(lone: list[float], pairs: list[float]) -> list[float]:
    """Give the best worth of each beginning of a region."""
    best = [0.0, *lone[:1]]
    for end in range(2, len(lone) + 1):
        best.append(max(best[end - 1] + lone[end - 1], best[end - 2] + pairs[end - 2]))
    return best


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
