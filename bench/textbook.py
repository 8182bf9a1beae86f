"""Makes pages that carry pinyin or other words in brackets on purpose, and must stay as they are.

Five kinds of pages, in Simplified and in Traditional script, each with half or full-width brackets:
every character glossed, words glossed, the characters of new words glossed where they first stand,
rare characters glossed once as in news, and brackets that hold toneless pinyin, English or remarks.
"""

import random
from collections import Counter
from collections.abc import Callable

import jieba
import opencc
from pypinyin import Style, lazy_pinyin

Line = list[str]

SEED = 1998
PAGE = 500  # characters of a lesson before glossing
PAGES = 120  # of each kind in each script
NEW_WORDS = 10  # in a lesson
COMMON = 2000  # characters that need no gloss in news
# English words that look like syllables stand beside ones that do not.
ENGLISH = """men women she he pin bang long can fan gang ping sun song ten pan tan gong ban die bare
sheng mine pie tie chai GDP WTO CBD APP the end Mao Li A B""".split()
REMARKS = (
    "本地 省级 男 女 一 甲 试行 暂行 笑 图 略 下同 含 不含 2 3.5% 见表 附件1 街道 社区".split()
)


def make_textbooks(simplified: list[str], traditional: list[str]) -> dict[str, list[str]]:
    """Make all kinds from lines of both scripts; a blank line ends a page.

    Half of the Traditional pages come from Traditional lines, half from converted news.
    """
    rng = random.Random(SEED)
    jieba.setLogLevel(60)
    common = frozenset(c for c, _ in Counter("".join(simplified)).most_common(COMMON))
    convert = opencc.OpenCC("s2twp").convert
    # One per line: side by side they would be read as words.
    common |= frozenset(convert("\n".join(sorted(common))))
    pages: dict[str, list[str]] = {}
    for kind in ("every", "words", "first", "rare", "other"):
        news = _take(simplified, PAGES, rng)
        converted = [convert("\n".join(p)).split("\n") for p in _take(simplified, PAGES // 2, rng)]
        both = {"hans": news, "hant": [*converted, *_take(traditional, PAGES // 2, rng)]}
        for script, source in both.items():
            made = [_make(kind, page, common, rng) for page in source]
            pages[f"textbook_{kind}_{script}"] = "\n\n".join(made).split("\n")
    return pages


def _take(lines: list[str], count: int, rng: random.Random) -> list[list[str]]:
    """Pages of consecutive lines from random places."""
    pages = []
    for _ in range(count):
        start, page, size = rng.randrange(len(lines) - PAGE), [], 0
        while size < PAGE:
            page.append(lines[start])
            size += len(lines[start])
            start += 1
        pages.append(page)
    return pages


def _make(kind: str, lines: list[str], common: frozenset[str], rng: random.Random) -> str:
    brackets = rng.choice(("()", "()", "（）"))
    words = [list(jieba.cut(line)) for line in lines]
    makers = {"every": _every, "words": _words, "first": _first, "other": _other}
    if kind == "rare":
        return "\n".join(_rare(words, common, brackets))
    return "\n".join(makers[kind](words, brackets, rng))


def _is_han(word: str) -> bool:
    return all("一" <= character <= "龥" for character in word)


def _read(word: str, style: Style = Style.TONE) -> list[str]:
    return list(lazy_pinyin(word, style=style))


def _spell(word: str, brackets: str) -> str:
    """Gloss each character of a word: 社(shè)区(qū)."""
    readings = zip(word, _read(word), strict=True)
    return "".join(f"{c}{brackets[0]}{r}{brackets[1]}" for c, r in readings)


def _every(lines: list[Line], brackets: str, _rng: random.Random) -> list[str]:
    return ["".join(_spell(w, brackets) if _is_han(w) else w for w in line) for line in lines]


def _words(lines: list[Line], brackets: str, rng: random.Random) -> list[str]:
    """Gloss words as a whole: 社区(shèqū) or 社区(shè qū), all of them or the longer ones."""
    joint, shortest = rng.choice(("", " ")), rng.choice((1, 2))

    def gloss(word: str) -> str:
        if not _is_han(word) or len(word) < shortest:
            return word
        return f"{word}{brackets[0]}{joint.join(_read(word))}{brackets[1]}"

    return ["".join(map(gloss, line)) for line in lines]


def _first(lines: list[Line], brackets: str, rng: random.Random) -> list[str]:
    """Gloss the characters of a lesson's new words where they first stand."""
    known = list(dict.fromkeys(w for line in lines for w in line if _is_han(w) and len(w) > 1))
    new = set(rng.sample(known, min(NEW_WORDS, len(known))))
    return [_once(line, new, lambda word: _spell(word, brackets)) for line in lines]


def _once(line: Line, waiting: set[str], gloss: Callable[[str], str]) -> str:
    made = []
    for word in line:
        made.append(gloss(word) if word in waiting else word)
        waiting.discard(word)
    return "".join(made)


def _rare(lines: list[Line], common: frozenset[str], brackets: str) -> list[str]:
    """Gloss each rare character once: 刘玥(yuè)."""
    han = [[c for word in line for c in word] for line in lines]
    rare = {c for line in han for c in line if _is_han(c) and c not in common}
    return [_once(line, rare, lambda character: _spell(character, brackets)) for line in han]


def _other(lines: list[Line], brackets: str, rng: random.Random) -> list[str]:
    """Put toneless pinyin, English words or remarks in brackets behind one word in six."""

    def gloss(word: str) -> str:
        if not _is_han(word) or rng.random() > 1 / 6:
            return word
        toneless = ("" if rng.random() < 0.5 else " ").join(_read(word, Style.NORMAL))
        inside = rng.choice((toneless, toneless, rng.choice(ENGLISH), rng.choice(REMARKS)))
        return f"{word}{brackets[0]}{inside}{brackets[1]}{'?' if rng.random() < 0.05 else ''}"

    return ["".join(map(gloss, line)) for line in lines]
