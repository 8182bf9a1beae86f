"""Simplified forms of Han characters, from OpenCC, one by one and in their context.

One converter serves all Traditional text: OpenCC's hk2s, which is t2s and the Hong Kong forms 衞 敍
枱 粧 糭 衹 as well. Of tw2s it lacks the Taiwan forms 簷 痺 睪, added here, and 著 for 着, which
`normalize.script` adds where it fits; that tw2s has 幺 for 么, 腭 for 顎 and 鲇 for 鯰 is left out.
All conversions keep the length: one code point in, one out (checked for all Han characters and all
of OpenCC's phrases by the tests).
"""

import re
from collections.abc import Callable
from functools import cache

HAN = "㐀-䶿一-鿿\U00020000-\U0003ffff"
"""Han characters, for a character class."""

_LAST_OF_BMP = "\uffff"
_BMP_HAN = (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))
# Changed by OpenCC but at home in Simplified text, as in 乾隆 and 宫商角徵羽 and in names of people
# and places: GB 2312, the List of Commonly Used Standard Chinese Characters (2013), and the
# national codes of divisions (濛江街道). They tell nothing.
_SHARED = frozenset("乾徵麽薹吒昇氾扞於祕陞脩蒐椀袷夥劄谿釐菸醣摺榘捱拚麴塚洩濛瀂磑礐鮀鮜輋篢")
# Simplified forms outside Big5 that Hong Kong and Macau print in Traditional text.
_PRINTED_IN_BOTH = frozenset(
    "兑卧叁囱媪悦愠户捝揾榅氲温煴税脱腽葱蜕亘叶决况凉减凑凛净恒够碱笋衅厨叠毁"
)
# Places whose Simplified names keep a character that OpenCC changes, from the codes of divisions.
_NAMED = re.compile(
    "[乾濛藉鉅餘塚洩逕](?:(?<=乾)(?:[县縣]|(?:[丰豐佑务務塘潭西龙龍]|安鹿)[镇鎮乡鄉街场場])|(?<=奇乾)[乡鄉]"
    "|(?<=濛)[江洲阳陽]|(?<=清濛)|(?<=藉)口[镇鎮]|(?<=鉅)[桥橋][镇鎮]|(?<=昭餘)|(?<=塚)[镇鎮]|(?<=洩)湖"
    "|(?<=良洞逕))"
)
_NAME_FORMS = {"鉅": "钜", "餘": "馀", "逕": "迳"}
_TAIWAN_FORMS = {"簷": "檐", "痺": "痹", "睪": "睾"}
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


class _Table(dict[str, str]):
    """Simplified forms of runs of characters, filled as they come."""

    def __missing__(self, run: str) -> str:
        if len(self) > _LARGEST_TABLE:
            self.clear()
        single = _load_simplified()
        self[run] = "".join([single.get(c) or _convert_rare(c) for c in run])
        return self[run]


@cache
def _load_converter() -> Callable[[str], str]:
    import opencc  # noqa: PLC0415 - loaded with the first text, not with the module

    convert: Callable[[str], str] = opencc.OpenCC("hk2s").convert
    return convert


def _convert_rare(character: str) -> str:
    return character if character <= _LAST_OF_BMP else _load_converter()(character)


@cache
def _load_simplified() -> dict[str, str]:
    """Simplified forms of the characters of the BMP that have one."""
    every = list(map(chr, _BMP_HAN))
    converted = _load_converter()("\n".join(every)).split("\n")
    changed = {old: new for old, new in zip(every, converted, strict=True) if old != new}
    return changed | _TAIWAN_FORMS


@cache
def load_table() -> dict[str, str]:
    """Simplified forms of runs of Han characters, filled on demand, never a `KeyError`.

    >>> load_table()["區縣"]
    '区县'
    """
    return _Table()


@cache
def load_runs() -> re.Pattern[str]:
    """Runs of characters that may have a Simplified form, as a group.

    >>> load_runs().split("某區縣人")
    ['某', '區縣', '人']
    """
    # sre skips ahead only to a class that stands first and is not repeated. Characters beyond the
    # BMP go in as one range, because it tests each of them on its own.
    changed = f"[{''.join(_load_simplified())}\U00020000-\U0003ffff]"
    return re.compile(f"({changed}{changed}*)")


@cache
def load_traditional_only() -> re.Pattern[str]:
    """Characters that only Traditional text prints: those that OpenCC changes but standard ones.

    >>> load_traditional_only().findall("乾隆與皇后")
    ['與']
    """
    return re.compile(f"[{''.join(_load_simplified().keys() - _SHARED)}]")


@cache
def load_simplified_only() -> re.Pattern[str]:
    """Characters that only Simplified text prints: OpenCC makes them, Big5 does not hold them.

    >>> load_simplified_only().findall("于某区公里")
    ['区']
    """
    forms = "".join(v for k, v in _load_simplified().items() if k not in _SHARED)
    printed_in_traditional = forms.encode("big5", "ignore").decode("big5")
    only = set(forms) - set(printed_in_traditional) - _PRINTED_IN_BOTH
    return re.compile(f"[{''.join(sorted(c for c in only if c <= _LAST_OF_BMP))}]")


def simplify_characters(text: str) -> str:
    """Simplify a text character by character, without regard to words.

    >>> simplify_characters("乾隆")
    '干隆'
    """
    pieces = load_runs().split(text)
    pieces[1::2] = map(load_table().__getitem__, pieces[1::2])
    return "".join(pieces)


def find_context(text: str) -> dict[int, str]:
    """Characters that words turn into something else than the table does, by position.

    The words are OpenCC's phrases and names of places it does not know.
    Only the stretches of Han characters around phrases go through OpenCC, all in one call.

    >>> find_context("乾隆與乾燥")
    {0: '乾'}
    """
    named = {match.start(): match[0][0] for match in _NAMED.finditer(text)}
    kept = {at: _NAME_FORMS.get(character, character) for at, character in named.items()}
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
        return kept
    single = _load_simplified()
    converted = _load_converter()("\n".join(text[start:end] for start, end in windows)).split("\n")
    found = {
        start + offset: new
        for (start, end), piece in zip(windows, converted, strict=True)
        for offset, (old, new) in enumerate(zip(text[start:end], piece, strict=True))
        if new != single.get(old, old) and old <= _LAST_OF_BMP and old not in _TAIWAN_FORMS
    }
    return found | kept
