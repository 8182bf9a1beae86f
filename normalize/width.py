"""Width, look-alikes and invisible characters of Chinese text.

Two jobs that must not be mixed. `fold_width` prepares a copy for parsing: ASCII wherever a
full-width form stands, same length. `unify` cleans the text that is stored, with its edits: one
code point for one character, ordinary blanks, nothing invisible; Chinese punctuation, ①, ㈠, full-
and half-width letters and katakana stay as printed.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Literal

from normalize.touching import join_touching
from normalize.trace import Edit, apply_edits

# Blanks of other widths, and fillers that show as blanks.
_BLANKS = dict.fromkeys(
    (*range(0x2000, 0x200B), 0xA0, 0x115F, 0x1160, 0x1680, 0x202F, 0x205F, 0x2800, 0x3164, 0xFFA0),
    " ",
)
# Breaks other than the line feed: a blank keeps the words apart and the lines together.
_BREAKS = dict.fromkeys((0x0B, 0x0C, 0x1C, 0x1D, 0x1E, 0x85, 0x2028, 0x2029), " ")
# Small forms, vertical forms and half-width marks, and the marks that Chinese text prints. U+FE30
# is the dot leader, which pages from Big5 print as a colon.
_MARKS = dict(
    zip(
        map(ord, "﹐﹑﹒﹔﹕﹖﹗﹘﹙﹚﹛﹜﹝﹞﹟﹠﹡﹢﹣﹤﹥﹦﹨﹩﹪﹫"),
        "，、．；：？！—（）｛｝〔〕＃＆＊＋－＜＞＝＼＄％＠",
        strict=True,
    )
)
_MARKS |= dict(
    zip(
        map(ord, "︐︑︒︓︔︕︖︗︘︙︰︱︲︳︵︶︷︸︹︺︻︼︽︾︿﹀﹁﹂﹃﹄﹇﹈｡｢｣､"),
        "，、。：；！？〖〗…：—–＿（）｛｝〔〕【】《》〈〉「」『』［］。「」、",
        strict=True,
    )
)
# CJK Radicals Supplement and the ideographs they stand for: EquivalentUnifiedIdeograph.txt of
# Unicode 14.0, lines 2E81 to 2EF3. Kangxi radicals and compatibility ideographs need no table:
# NFKC maps them.
_RADICALS = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇𠘨⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑𡯂⺒巳⺓幺⺔彑⺕彐⺖忄"
    "⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪𤴔⺫目⺬示⺭礻"
    "⺮𥫗⺯糹⺰纟⺱罓⺲罒⺳㓁⺴冗⺵𦉫⺶羊⺷𦍌⺸𦍋⺹耂⺺肀⺻聿⺼肉⺽𦥑⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀"
    "⻄西⻅见⻆角⻇𧢲⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻕𨸏⻖阝⻗雨⻘青⻙韦"
    "⻚页⻛风⻜飞⻝食⻞𩙿⻟飠⻠饣⻡𩠐⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜"
    "⻰龙⻱龜⻲亀⻳龟"
)
# What GB 18030 put into the private use area before Unicode had the characters; GB 18030-2022
# gives them these code points. The other positions of GBK come from Python's own gb18030 codec.
_GB18030_2022 = dict(
    zip(
        (
            *range(0xE78D, 0xE797),
            *(0xE7C7, 0xE7C8, 0xE76C, 0xE5E5),
            *(0xE816, 0xE817, 0xE818, 0xE831, 0xE83B, 0xE855),
            *(0xE81E, 0xE826, 0xE82B, 0xE82C, 0xE832, 0xE843, 0xE854, 0xE864),
        ),
        "，。、：；！？〖〗…ḿǹ€\u3000\U00020087\U00020089\U000200cc\U000215d7\U0002298f\U000241fe"
        "\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb",
        strict=True,
    )
)
# C0 and C1 controls, soft hyphen, joiners, zero widths, directions, annotation, variation
# selectors, tags, noncharacters.
_INVISIBLE_BMP = (
    "\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\ufff0-\ufffc\ufffe\uffff"
)
_INVISIBLE = re.compile(f"[{_INVISIBLE_BMP}\U000e0000-\U000e0fff]+")
_COMBINING = "\u0300-\u034e\u0350-\u036f\u3099\u309a"
_COMBINED = re.compile(f"[{_COMBINING}]+")
_ONE_FOR_ONE = _BLANKS | _BREAKS | _MARKS
# Beyond the BMP one wide range, for speed: what is ordinary there is found so one by one.
_ODD = re.compile(
    f"[{_INVISIBLE_BMP}{_COMBINING}{''.join(map(chr, _ONE_FOR_ONE))}"
    "\u2e80-\u2fd5\ue000-\ufaff\U0002f800-\U0010ffff]"
)
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_FOLDED: dict[str, str] = {
    chr(code): form.translate(_FULL_WIDTH) for code, form in (_FULL_WIDTH | _ONE_FOR_ONE).items()
}
_FOLDABLE = re.compile(f"[{re.escape(''.join(_FOLDED))}]")
_PRIVATE_USE_CONFIDENCE = 0.9
_FIRST_RADICAL, _LAST_RADICAL, _NONCHARACTER = 0x2E80, 0x2FD5, 0xFFFE

Kind = Literal["width", "radical", "compatibility", "private_use", "composed", "invisible"]


@dataclass(frozen=True, slots=True)
class Unified:
    """A text with one code point for each character, and how it came about."""

    text: str
    """The text after the edits."""
    edits: tuple[Edit, ...]
    """The edits, in text order, on the text that was given."""
    unknown: int
    """Private-use characters that no standard explains; they stay."""


def fold_width(text: str) -> str:
    """Turn full-width letters, digits, punctuation and blanks into ASCII, one for one.

    Offsets hold: the result has the length of the input. Small and vertical forms go the same way.

    >>> fold_width("（４个）\u3000２０２２﹐第一批")
    '(4个) 2022,第一批'
    """
    return _FOLDABLE.sub(_fold, text)


def _fold(match: re.Match[str]) -> str:
    return _FOLDED[match[0]]


def unify(text: str) -> Unified:
    """Give every character of a text its one code point, and take out what shows nothing.

    Blanks of other widths become ordinary ones; small, vertical and half-width marks become those
    that Chinese text prints; radicals and compatibility ideographs become ideographs; private-use
    characters of GB 18030 become what they stand for; loose diacritics join their letters.
    Ideographic blanks, full-width letters, digits and punctuation, ①, ㈠ and katakana stay. All but
    `invisible` and `composed` edits keep the length.

    >>> unify("⻄⽯街\u00a0道﹐社\u200b区（①）").text
    '西石街 道，社区（①）'
    >>> unify("a\u0304").edits
    (Edit(start=0, end=2, old='a\u0304', new='ā', kind='composed', confidence=1.0),)
    """
    if not _ODD.search(text):
        return Unified(text, (), 0)
    found: list[Edit] = []
    unknown = cursor = 0
    for match in _ODD.finditer(text):
        start = match.start()
        if start < cursor:
            continue
        edit = _compose(text, start, cursor) or _mend(match[0], start)
        if edit is None:
            unknown += _is_private(match[0])
            continue
        cursor = edit.end
        found.append(edit)
    edits = join_touching(found)
    return Unified(apply_edits(text, edits), tuple(edits), unknown)


def _compose(text: str, at: int, cursor: int) -> Edit | None:
    """Join diacritics with the letter before them, where Unicode has the two in one."""
    marks = _COMBINED.match(text, at)
    if not marks or at == 0 or at - 1 < cursor:
        return None
    old = text[at - 1 : marks.end()]
    new = unicodedata.normalize("NFC", old)
    return Edit(at - 1, marks.end(), old, new, "composed") if len(new) < len(old) else None


def _mend(character: str, at: int) -> Edit | None:
    found = _read_odd(character)
    if found is None or found[0] == character:
        return None
    new, kind = found
    confidence = _PRIVATE_USE_CONFIDENCE if kind == "private_use" else 1.0
    return Edit(at, at + 1, character, new, kind, confidence)


@cache
def _read_odd(character: str) -> tuple[str, Kind] | None:
    """What stands for a character, and why; none where it has to stay."""
    code = ord(character)
    if code in _ONE_FOR_ONE:
        return _ONE_FOR_ONE[code], "width"
    if _is_private(character):
        known = _load_private_use().get(character)
        return (known, "private_use") if known else None
    if _INVISIBLE.match(character) or code & 0xFFFE == _NONCHARACTER:
        return "", "invisible"
    if _FIRST_RADICAL <= code <= _LAST_RADICAL:
        return _replace_radical(character), "radical"
    return unicodedata.normalize("NFC", character), "compatibility"


def _is_private(character: str) -> bool:
    return unicodedata.category(character) == "Co"


def _replace_radical(character: str) -> str:
    return _load_radicals().get(character) or unicodedata.normalize("NFKC", character)


@cache
def _load_radicals() -> dict[str, str]:
    return dict(zip(_RADICALS[::2], _RADICALS[1::2], strict=True))


@cache
def _load_private_use() -> dict[str, str]:
    trails = [*range(0x50, 0x7F), *range(0x80, 0xA1)]
    known = {
        chr(code): bytes((lead, trail)).decode("gb18030")
        for lead, codes, row in (
            (0xFE, range(0xE815, 0xE865), trails),
            (0xA9, range(0xE7E7, 0xE7F4), range(0x89, 0x96)),
        )
        for code, trail in zip(codes, row, strict=True)
    }
    known |= {chr(code): character for code, character in _GB18030_2022.items()}
    radicals = _load_radicals()
    return {old: radicals.get(new, new) for old, new in known.items()}
