"""Scripts of Chinese text: which one each part is in, and its Simplified form with edits.

Characters tell Simplified from Traditional: those that OpenCC simplifies against those it makes
and that Big5 does not hold. Words and variants in `data/script_words.toml` tell where a
Traditional text was written: Taiwan, Hong Kong, or a mainland page run through a converter.
Conversion follows the page: characters and their phrases, never one region's words for another's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, repeat
from typing import Literal, NamedTuple

from normalize.script_characters import (
    HAN,
    find_context,
    load_runs,
    load_simplified_only,
    load_table,
    load_traditional_only,
    simplify_characters,
)
from normalize.script_community import find_communities
from normalize.script_region import Evidence, Region, read_region
from normalize.touching import join_touching
from normalize.trace import Edit

Script = Region | Literal["Hans", "mixed", "none"]
Family = Literal["Hans", "Hant", "mixed", "none"]

_SEGMENT = re.compile(
    r"[^\n。！？；!?;“”「」『』《》]+[\n。！？；!?;“”「」『』《》]*|[\n。！？；!?;“”「」『』《》]+"
)
# 著 keeps its place in these; elsewhere a text that never prints 着 means 着 by it, as tw2s has it.
_PARTICLE = re.compile(
    "著(?<![顯显昭巨合名鉅編编原論论譯译專专遺遗拙卓土所自撰新舊旧主]著)(?![名作稱称述者錄录書书於于有志式白譯译])"
)
# Converters that know no words print 了 as 瞭 and 江苏 as 江甦.
_OVERCONVERTED = re.compile("瞭(?![望哨如若])|(?<=江)甦")
_FAMILIES: dict[Script, Family] = {"Hans": "Hans", "mixed": "mixed", "none": "none"}
_ANY_HAN = re.compile(f"[{HAN}]")
_RARE = re.compile("[\U00020000-\U0003ffff]")
# What Edit._make does, without a Python call for each of some thousand edits of a page.
_make_edit = partial(tuple.__new__, Edit)
_GROUP = re.compile("社[群羣]")
_EVEN = 0.5
_FEW = 3
_SMALL_SHARE = 0.05


class ScriptSpan(NamedTuple):
    """A part of a text in one script."""

    start: int
    """Start in the text, in code points."""
    end: int
    """End in the text."""
    script: Script
    """Its script, never `mixed`."""


@dataclass(frozen=True, slots=True)
class ScriptReading:
    """The script of a text and what speaks for it."""

    script: Script
    """Script of the text; `Hant` where nothing tells the region. Example: `Hant-CN`"""
    region: Script
    """Script of its Traditional parts, `none` where there are none. Example: `Hant-TW`"""
    traditional_share: float
    """Traditional characters among those that tell the scripts apart, 0 to 1. Example: `0.98`"""
    evidence: tuple[Evidence, ...]
    """Words and variants that tell the region, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Simplified:
    """A text in Simplified script and how it came about."""

    text: str
    """The Simplified text; as long as the printed one."""
    edits: tuple[Edit, ...]
    """Runs of changed characters, kinds `script` and `community`, in text order."""
    script: Script
    """Script of the text that was given."""


def detect_script(text: str) -> Family:
    """Tell the script of a text without the region: the short form of `read_script`.

    >>> detect_script("城鄉社區治理"), detect_script("城乡社区治理"), detect_script("2022")
    ('Hant', 'Hans', 'none')
    """
    return _FAMILIES.get(read_script(text).script, "Hant")


def read_script(text: str) -> ScriptReading:
    """Read the script of a text, and for Traditional text where it was written.

    A text is Traditional or Simplified by the characters only one script has. A text where both
    scripts hold whole sentences is `mixed`; a few Simplified sentences, less than a twentieth,
    leave a Traditional page its name, but one Traditional quotation makes a page mixed, because
    it has to be converted. The region is that of the words and variants that weigh most, at
    least 2 and half as much again as the next; without that it is `Hant`.

    >>> read_script("縣民政廳公布社區治理示范單位，干部群眾關系融洽").script
    'Hant-CN'
    >>> read_script("縣府表揚社區發展協會志工，民國110年起").script
    'Hant-TW'
    """
    traditional = len(load_traditional_only().findall(text))
    if not traditional:
        script: Script = "Hans" if _ANY_HAN.search(text) else "none"
        return ScriptReading(script, "none", 0.0, ())
    share = traditional / (traditional + len(load_simplified_only().findall(text)))
    spans = _split(text, share >= _EVEN)
    parts = [text[span.start : span.end] for span in spans if span.script == "Hant"]
    if not parts:
        return ScriptReading("Hans", "none", share, ())
    region, evidence = read_region("\n".join(parts))
    simplified = len(text) - sum(map(len, parts))
    script = "mixed" if simplified > _SMALL_SHARE * len(text) else region
    return ScriptReading(script, region, share, evidence)


def _split(text: str, traditional_page: bool) -> list[ScriptSpan]:
    """Split a text with Traditional characters into spans `Hans` and `Hant`.

    A sentence or quotation follows the page unless it holds at least two characters of the other
    script, and three for each one of the page's script.
    """
    simplified_only, traditional_only = load_simplified_only(), load_traditional_only()
    if traditional_page and not simplified_only.search(text):
        return [ScriptSpan(0, len(text), "Hant")]
    spans: list[ScriptSpan] = []
    for match in _SEGMENT.finditer(text):
        traditional = len(traditional_only.findall(match.group()))
        simplified = len(simplified_only.findall(match.group()))
        after_traditional = bool(spans) and spans[-1].script == "Hant"
        if traditional_page:
            hant = simplified < 2 or simplified < _FEW * traditional
        elif after_traditional and not simplified:
            hant = traditional > 0
        else:
            hant = traditional >= 2 and traditional >= _FEW * simplified
        start = match.start()
        if spans and after_traditional == hant:
            start = spans.pop().start
        spans.append(ScriptSpan(start, match.end(), "Hant" if hant else "Hans"))
    return spans


def script_spans(text: str) -> tuple[ScriptSpan, ...]:
    """Split a text into the longest spans of one script, cut at sentences and quotation marks.

    The spans cover the text. Sentences without a telling character belong to the page's script.

    >>> script_spans("社区治理经验。「鄉村風貌」")
    (ScriptSpan(start=0, end=8, script='Hans'), ScriptSpan(start=8, end=13, script='Hant'))
    """
    reading = read_script(text)
    if not text or reading.region == "none":
        return (ScriptSpan(0, len(text), reading.script),) if text else ()
    return tuple(
        span._replace(script=reading.region) if span.script == "Hant" else span
        for span in _split(text, reading.traditional_share >= _EVEN)
    )


def to_simplified(text: str, script: Script | None = None) -> str:
    """Turn the Traditional parts of a text into Simplified script: the short form of `simplify`.

    >>> to_simplified("城鄉社區治理"), to_simplified("乾隆年间的著作")
    ('城乡社区治理', '乾隆年间的著作')
    """
    return simplify(text, script).text


def simplify(text: str, script: Script | None = None) -> Simplified:
    """Turn the Traditional parts of a text into Simplified script, character for character.

    Takes the script of the page the text stands on; without it the text speaks for itself. Spans
    in Simplified script are never changed. Words stay as printed (軟體 gives 软体); only the 社群
    that a converter made of 社区 is turned back, see `restore_community`. The result is as long
    as the text.

    >>> simplify("沿著臺灣海峽", "Hant-TW").text
    '沿着台湾海峡'
    >>> simplify("乾隆與乾燥").edits
    (Edit(start=2, end=4, old='與乾', new='与干', kind='script', confidence=1.0),)
    """
    traditional_page = True
    if script is None or script == "mixed":
        reading = read_script(text)
        script, region = script or reading.script, reading.region
        traditional_page = reading.traditional_share >= _EVEN
    else:
        region = script
    if region in {"Hans", "none"}:
        return Simplified(text, (), script)
    keeps_particle = "着" in text
    spans = _split(text, traditional_page)
    if len(spans) == 1 and spans[0].script == "Hant":
        return Simplified(*_convert(text, region, keeps_particle), script)
    pieces: list[str] = []
    edits: list[Edit] = []
    for start, end, kind in spans:
        piece = text[start:end]
        if kind == "Hant":
            piece, made = _convert(piece, region, keeps_particle)
            edits += [e._replace(start=e.start + start, end=e.end + start) for e in made]
        pieces.append(piece)
    return Simplified("".join(pieces), tuple(edits), script)


def _convert(text: str, region: Script, keeps_particle: bool) -> tuple[str, tuple[Edit, ...]]:
    """Convert a Traditional text, however short, and give the edits that did it."""
    own = _find_own(text, region, keeps_particle)
    pieces = load_runs().split(_put(text, own, ["\0"] * len(own)))
    ends = list(accumulate(map(len, pieces)))
    old = pieces[1::2]
    new = pieces[1::2] = list(map(load_table().__getitem__, old))
    rows = zip(ends[::2], ends[1::2], old, new, repeat("script"), repeat(1.0))
    edits = list(map(_make_edit, rows))
    if _RARE.search(text):
        edits = [edit for edit in edits if edit.old != edit.new]
    if own:
        changed = (edit for edit in own if edit.old != edit.new)
        edits = join_touching(sorted([*edits, *changed]))
    return _put("".join(pieces), own, [edit.new for edit in own]), tuple(edits)


def _find_own(text: str, region: Script, keeps_particle: bool) -> list[Edit]:
    """Edits of single characters that the table would get wrong, in text order."""
    points = find_context(text)
    if region in {"Hant-TW", "Hant-CN"} and not keeps_particle:
        points |= {match.start(): "着" for match in _PARTICLE.finditer(text)}
    if region == "Hant-CN":
        found = _OVERCONVERTED.finditer(text)
        points |= {match.start(): "了" if match[0] == "瞭" else "苏" for match in found}
    own = [Edit(at, at + 1, text[at], new, "script") for at, new in points.items()]
    return sorted([*own, *restore_community(text, region)])


def _put(text: str, edits: Sequence[Edit], characters: Sequence[str]) -> str:
    """Put one character in the place of each edit."""
    pieces, cursor = [], 0
    for edit, character in zip(edits, characters, strict=True):
        pieces += [text[cursor : edit.start], character]
        cursor = edit.end
    return "".join([*pieces, text[cursor:]])


def restore_community(text: str, script: Script) -> tuple[Edit, ...]:
    """Find 社群 that a converter made of 社区 in a mainland text.

    Takes a text in either script and the script of its page; anything but `Hant-CN` has none.

    >>> restore_community("街道和社羣居民委員會", "Hant-CN")
    (Edit(start=4, end=5, old='羣', new='区', kind='community', confidence=0.98),)
    >>> restore_community("社群媒體", "Hant-CN"), restore_community("社群居民委員會", "Hant-TW")
    ((), ())
    """
    if script != "Hant-CN" or not _GROUP.search(text):
        return ()
    return tuple(
        Edit(at, at + 1, text[at], "区", "community", confidence)
        for at, confidence in find_communities(simplify_characters(text))
    )
