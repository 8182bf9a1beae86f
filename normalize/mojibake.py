"""Undo text that was decoded with the wrong codec, span by span: 绀惧尯, ÖÐ¹ú, ä¸­å›½, 锟斤拷."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from normalize.gbk_reading import load_kinds, read_gbk
from normalize.latin_reading import FIRST, HIGH, PLAIN, read_latin
from normalize.misread import LOST, Guess
from normalize.trace import Edit, apply_edits

# Memory that nothing was written to, byte CC or CD throughout, read as GBK. Who burns a tongue
# writes 烫烫烫 too, so a run must be long and stand alone, or be mixed.
_UNWRITTEN = re.compile(
    "(?:烫+屯|屯+烫)[烫屯]+"
    "|(?<![一-龥])(?:烫{5,}|屯{5,})(?![一-龥，。！!~～])"
    "|(?<=[\ufffd拷])烫{3,}|烫{3,}(?=[\ufffd锟])"
)
_REPLACED = re.compile("\ufffd+")
_MOST_PLAIN = 8
# Text that was misread twice still looks misread after the first round.
_ROUNDS = 4

# Sure readings open the text to less sure ones of their kind; so do many that agree, when hardly
# anything else in the text looks misread.
_OPENS = 3.0
_OPENS_TOGETHER = 6.0
_SHARE_TOGETHER = 0.7
_NEAR = 2000
# On generated damage, with losses and without, 1 of 6,194 edits of the first rank and 4 of 5,596
# others gave a character that had not been there. Real pages have more ways to be damaged.
_CONFIDENCES = ((6.0, 0.99), (3.0, 0.97), (0.0, 0.93))
_LESS_WHEN_UNSURE = 0.1
_LESS_WHEN_LOST = 0.1


def find_mojibake(text: str) -> list[Edit]:
    """Find spans that were decoded with the wrong codec, and what they were.

    Takes any text; gives edits in text order whose `kind` names the mistake: `utf8_as_latin1` and
    `gbk_as_latin1` (Windows-1252 as well, once or more often), `utf8_as_gbk`, or `bytes_lost` where
    nothing is left to read: U+FFFD, 锟斤拷, 烫烫烫烫烫. A character whose bytes are gone becomes □
    and is never guessed. Clean text is left alone: a span must have the form of the mistake
    throughout and be likelier as Chinese read wrongly than as it stands. Linear time, never raises.

    >>> [edit.new for edit in find_mojibake("标题：绀惧尯鏈嶅姟；地点：³É¶¼ÊÐ；São Paulo，锟斤拷")]
    ['社区服务', '成都市', '□']
    """
    edits = _find_once(text)
    for _ in range(_ROUNDS - 1):
        if not any(_suspects().search(edit.new) for edit in edits):
            break
        once = apply_edits(text, edits)
        edits = _join(text, edits, once, _find_once(once))
    return edits


def _find_once(text: str) -> list[Edit]:
    if text.isascii():
        return []
    guesses = [*_read(text)]
    edits = [_to_edit(text, guess) for guess in _settle(text, guesses)] if guesses else []
    return _mark_replaced(text, edits) if "\ufffd" in text else edits


@cache
def _pattern() -> re.Pattern[str]:
    """Compile the one scan over a text: a rare first character, then all that may be misread."""
    table = load_kinds()
    starts, members = table.starts, "".join(map(chr, table.kinds))
    gbk = f"(?![{starts}]|[{table.inner}](?![{starts}]))[{members}]++"
    gap = "(?:[@-~ \ufffd]|[?]{1,2})"
    opening = f"(?<=[{PLAIN}].)|[{HIGH}]|[@-~][{HIGH}]{{2}}|[?\ufffd]{{1,2}}[{HIGH}]"
    latin = f"(?:{opening})(?:[{HIGH}]++|{gap}(?=[{HIGH}]))*+{gap}?"
    return re.compile(
        f"[{starts}{FIRST}烫屯](?:(?<=[{starts}])(?P<gbk>{gbk})"
        f"|(?<=[{FIRST}])(?P<latin>{latin})|(?<=[烫屯])(?P<unwritten>[烫屯]{{2,}}+))"
    )


def _read(text: str) -> Iterator[Guess]:
    """Give all readings of all regions, which do not overlap but for those of one region."""
    floor = 0
    for match in _pattern().finditer(text):
        start, end = match.span()
        if match.lastgroup == "gbk":
            yield from read_gbk(text, start, end)
        elif match.lastgroup == "latin":
            # GBK's first byte may look like a quotation mark.
            before = text[max(floor, start - _MOST_PLAIN) : start]
            start -= len(before) - len(before.rstrip(PLAIN))
            yield from read_latin(text, start, end)
        elif found := _UNWRITTEN.match(text, start):
            yield Guess(start, found.end(), LOST, "bytes_lost", 0.0, True)
        floor = end


def _settle(text: str, guesses: list[Guess]) -> list[Guess]:
    """Choose the readings that hold: sure ones, and those that others near them speak for."""
    evidence: dict[str, float] = defaultdict(float)
    places: dict[str, list[int]] = defaultdict(list)
    sure = [guess for guess in guesses if guess.sure]
    for kind in {guess.kind for guess in guesses}:
        unsure = [g for g in guesses if g.kind == kind and not g.sure and g.worth > 0]
        together = sum(guess.worth for guess in unsure)
        if len(unsure) > 1 and together > _OPENS_TOGETHER and _explain(text, [*unsure, *sure]):
            evidence[kind] = together
            places[kind] = [guess.start for guess in unsure]
        own_sure = [guess for guess in sure if guess.kind == kind]
        evidence[kind] += sum(guess.worth for guess in own_sure)
        places[kind] = sorted({*places[kind], *(guess.start for guess in own_sure)})
    held = [
        guess
        for guess in guesses
        if guess.sure
        or (guess.worth > 0 and evidence[guess.kind] > _OPENS and _is_near(guess, places))
    ]
    held.sort(key=lambda guess: (guess.start, -evidence[guess.kind]))
    chosen: list[Guess] = []
    for guess in held:
        if not chosen or guess.start >= chosen[-1].end:
            chosen.append(guess)
    return chosen


def _is_near(guess: Guess, places: dict[str, list[int]]) -> bool:
    """Tell whether a place that speaks for a guess is near."""
    starts = places[guess.kind]
    after = bisect_left(starts, guess.start)
    return any(abs(start - guess.start) <= _NEAR for start in starts[max(0, after - 1) : after + 1])


def _explain(text: str, guesses: list[Guess]) -> bool:
    """Tell whether guesses cover most of what looks misread in a text."""
    suspect = _suspects()
    covered = sum(len(suspect.findall(text, guess.start, guess.end)) for guess in guesses)
    return covered >= _SHARE_TOGETHER * len(suspect.findall(text))


@cache
def _suspects() -> re.Pattern[str]:
    return re.compile(f"[{load_kinds().starts}{FIRST}]")


def _to_edit(text: str, guess: Guess) -> Edit:
    start, end, new = guess.start, guess.end, guess.new
    kind = guess.kind if new.strip(LOST) else "bytes_lost"
    sure = next(share for least, share in _CONFIDENCES if guess.worth >= least or not least)
    sure -= _LESS_WHEN_UNSURE * (not guess.sure) + _LESS_WHEN_LOST * (LOST in new)
    return Edit(start, end, text[start:end], new, kind, round(sure, 2))


def _mark_replaced(text: str, edits: list[Edit]) -> list[Edit]:
    """Add marks for runs of U+FFFD that no edit has."""
    marked: list[Edit] = []
    cursor = 0
    for edit in [*edits, Edit(len(text), len(text), "", "", "")]:
        marked += (
            Edit(*match.span(), match.group(), LOST, "bytes_lost", 0.99)
            for match in _REPLACED.finditer(text, cursor, edit.start)
        )
        marked.append(edit)
        cursor = edit.end
    return marked[:-1]


def _join(text: str, edits: list[Edit], once: str, later: list[Edit]) -> list[Edit]:
    """Join edits of a text with edits of what they made of it, into edits of the text."""
    spans: list[tuple[int, int, int | None, Edit]] = [(e.start, e.end, None, e) for e in later]
    shift = 0
    for edit in edits:
        growth = len(edit.new) - len(edit.old)
        spans.append((edit.start + shift, edit.end + shift + growth, growth, edit))
        shift += growth
    spans.sort(key=lambda span: span[:2])
    joined: list[Edit] = []
    shift = place = 0
    while place < len(spans):
        start, end = spans[place][:2]
        group: list[tuple[int, int, int | None, Edit]] = []
        while place < len(spans) and (not group or spans[place][0] < end):
            group.append(spans[place])
            end = max(end, spans[place][1])
            place += 1
        growth = sum(span[2] or 0 for span in group)
        second = [
            edit._replace(start=edit.start - start, end=edit.end - start)
            for _, _, grown, edit in group
            if grown is None
        ]
        first, last = start - shift, end - shift - growth
        new = apply_edits(once[start:end], second)
        kind = (second or [group[0][3]])[-1].kind
        sure = min(edit.confidence for *_, edit in group)
        joined.append(Edit(first, last, text[first:last], new, kind, sure))
        shift += growth
    return joined
