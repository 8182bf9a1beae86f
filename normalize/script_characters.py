"""Simplified forms of Han characters, from OpenCC, one by one and in their context.

One converter serves all Traditional text: OpenCC's hk2s, which is t2s and the Hong Kong forms 衞 敍
枱 粧 糭 衹 as well. Of tw2s only 著 for 着 is missing, which `normalize.script` adds where it fits.
All conversions keep the length: one code point in, one out (checked for all Han characters and all
of OpenCC's phrases by the tests).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

HAN = "㐀-䶿一-鿿\U00020000-\U0003ffff"
"""Han characters, for a character class."""

_LAST_OF_BMP = "\uffff"
_BMP_HAN = (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))
# Changed by OpenCC but standard in Simplified text, as in 乾隆 and 宫商角徵羽 and in names: GB 2312
# and the List of Commonly Used Standard Chinese Characters (2013). They tell nothing.
_SHARED = frozenset("乾徵麽薹吒昇氾扞於祕陞脩蒐椀袷夥劄谿釐菸醣摺榘捱拚麴")
# Simplified forms outside Big5 that Hong Kong and Macau print in Traditional text.
_PRINTED_IN_BOTH = frozenset(
    "兑卧叁囱媪悦愠户捝揾榅氲温煴税脱腽葱蜕亘叶决况凉减凑凛净恒够碱笋衅厨叠毁"
)
# Where OpenCC's phrases convert otherwise than character by character (TSPhrases 1.4.2).
# The leading class lets the search skip ahead; the branches look back at what it found.
_CONTEXT = re.compile(
    "[沈乾藉覆鍊昇坏徵鍾逕瞭蒐脩祕氾鉅釐剋吒甦薹谿扞陞袷濛劄畫傢彿哩噁貲麼麽於]"
    "(?:(?<![畫傢彿哩噁貲麼麽於])|(?<=[計籌]畫)|(?<=傢)俱|(?<=彷彿)|(?<=[英海]哩)|(?<=噁)英|(?<=貲)計"
    "|(?<=[篤幺么][麼麽])|(?<=麼)些|(?<=樊於)|(?<=於)[倫其則勇呼單坦崇忠惟戲敖梨清潛世乎仲琳穆竹邑陵菟])"
)
_BREAK = re.compile(f"[^{HAN}]")
_LONGEST_CONTEXT = 40
_LARGEST_TABLE = 50_000


class _Counts(dict[str, int]):
    """Number of characters in a run that only Traditional text prints, filled as they come."""

    def __missing__(self, run: str) -> int:
        if len(self) > _LARGEST_TABLE:
            self.clear()
        single = load_characters().simplified
        self[run] = sum(c in single and c not in _SHARED for c in run)
        return self[run]


class _Table(dict[str, str]):
    """Simplified forms of runs of characters, filled as they come."""

    def __missing__(self, run: str) -> str:
        if len(self) > _LARGEST_TABLE:
            self.clear()
        single = load_characters().simplified
        self[run] = "".join([single.get(c) or _convert_rare(c) for c in run])
        return self[run]


@dataclass(frozen=True, slots=True)
class Characters:
    """What OpenCC does to single characters."""

    simplified: dict[str, str]
    """Simplified forms of the characters of the BMP that have one."""
    runs: re.Pattern[str]
    """Runs of those characters and of characters beyond the BMP, as a group."""
    table: dict[str, str]
    """Simplified form of any such run; filled on demand, never a `KeyError`."""
    telling: dict[str, int]
    """Number of characters in any such run that only Traditional text prints; filled likewise."""


@cache
def _load_converter() -> Callable[[str], str]:
    import opencc  # noqa: PLC0415 - loaded with the first text, not with the module

    convert: Callable[[str], str] = opencc.OpenCC("hk2s").convert
    return convert


def _convert_rare(character: str) -> str:
    return character if character <= _LAST_OF_BMP else _load_converter()(character)


@cache
def load_characters() -> Characters:
    """Convert every Han character of the BMP once per process.

    >>> load_characters().table["區縣"]
    '区县'
    """
    every = list(map(chr, _BMP_HAN))
    converted = _load_converter()("\n".join(every)).split("\n")
    simplified = {old: new for old, new in zip(every, converted, strict=True) if old != new}
    # Characters beyond the BMP go in as one range: sre tests each on its own, which is slow.
    runs = re.compile(f"([{''.join(simplified)}\U00020000-\U0003ffff]+)")
    return Characters(simplified, runs, _Table(), _Counts())


@cache
def load_simplified_only() -> re.Pattern[str]:
    """Characters that only Simplified text prints: OpenCC makes them, Big5 does not hold them.

    >>> load_simplified_only().findall("于某区公里")
    ['区']
    """
    forms = "".join(v for k, v in load_characters().simplified.items() if k not in _SHARED)
    printed_in_traditional = forms.encode("big5", "ignore").decode("big5")
    only = set(forms) - set(printed_in_traditional) - _PRINTED_IN_BOTH
    return re.compile(f"[{''.join(sorted(c for c in only if c <= _LAST_OF_BMP))}]")


def count_traditional(text: str) -> int:
    """Count the characters that only Traditional text prints.

    >>> count_traditional("乾隆皇帝"), count_traditional("城鄉社區")
    (0, 2)
    """
    characters = load_characters()
    return sum(map(characters.telling.__getitem__, characters.runs.findall(text)))


def simplify_characters(text: str) -> str:
    """Simplify a text character by character, without regard to words.

    >>> simplify_characters("乾隆")
    '干隆'
    """
    characters = load_characters()
    pieces = characters.runs.split(text)
    pieces[1::2] = map(characters.table.__getitem__, pieces[1::2])
    return "".join(pieces)


def find_context(text: str) -> dict[int, str]:
    """Characters that OpenCC's phrases turn into something else than the table does, by position.

    Only the stretches of Han characters around such phrases go through OpenCC, all in one call.

    >>> find_context("乾隆與乾燥")
    {0: '乾'}
    """
    windows: list[tuple[int, int]] = []
    for match in _CONTEXT.finditer(text):
        start, end = match.span()
        if windows and start < windows[-1][1]:
            continue
        after = _BREAK.search(text, end, end + _LONGEST_CONTEXT)
        before = _BREAK.split(text[max(0, start - _LONGEST_CONTEXT) : start])[-1]
        first = max(start - len(before), windows[-1][1] if windows else 0)
        windows.append((first, after.start() if after else min(len(text), end + _LONGEST_CONTEXT)))
    if not windows:
        return {}
    single = load_characters().simplified
    converted = _load_converter()("\n".join(text[start:end] for start, end in windows)).split("\n")
    return {
        start + offset: new
        for (start, end), piece in zip(windows, converted, strict=True)
        for offset, (old, new) in enumerate(zip(text[start:end], piece, strict=True))
        if new != single.get(old, old) and old <= _LAST_OF_BMP
    }
