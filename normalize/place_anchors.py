"""Divisions that running text names, from province to town: the anchors of its places."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from normalize.gazetteer import load_gazetteer
from normalize.place_words import (
    begins_a_road,
    ends_in_another_word,
    load_place_words,
    stands_alone,
)

_TYPE = re.compile("[县市镇乡州盟旗省]|(?<!社)区|街道(?:办事处|办(?!公))?|苏木|[农林牧]场")
_TYPED_END = re.compile("(?:[县市镇乡州盟旗省]|(?<!社)区|街道|苏木|[农林牧渔]场|办事处|街道办)$")
_CUT_TYPE = re.compile("(?:自治|开发|高新|矿|合作|示范|经济|产业|管理|族|新)$")
_ZONE = re.compile(
    "(?:高新技术产业开发区|经济技术开发区|综合实验区|高新区|经开区|开发区|新区|示范区|实验区)(?:管委会)?"
)
_SEPARATOR = re.compile("、|以及|[和及与]")
_CITY_DIGITS, _COUNTY_DIGITS, _TOWN_DIGITS = 4, 6, 9
_PARENT_DIGITS = (2, 4, 6)
_LONGEST_BARE = 6
_RARE_NAME, _RARE_SHORT, _RARE_TOWN = -13.0, -14.0, -15.0


class Anchor(NamedTuple):
    """A chain of divisions in a text, each below the one before it."""

    start: int
    """Where it begins, in code points."""
    end: int
    """Where it ends."""
    codes: tuple[str, ...]
    """Divisions that the last name may mean. Example: `("510722101",)`"""
    parts: tuple[int, ...]
    """Where each of its names begins."""


@dataclass(frozen=True, slots=True)
class Forms:
    """Names of divisions as text prints them."""

    named: Mapping[str, tuple[str, ...]]
    """Codes of the divisions of an official name or a usual short form with its type."""
    bare: Mapping[str, tuple[str, ...]]
    """Codes of the divisions of a short form without its type."""
    tails: Mapping[str, tuple[int, ...]]
    """Lengths of the typed names by their last two characters, longest first."""
    heads: Mapping[str, tuple[int, ...]]
    """Lengths of all names by their first two characters, longest first."""
    alone: re.Pattern[str]
    """Short forms that may stand without other evidence."""

    def codes(self, form: str) -> tuple[str, ...]:
        """Codes of all divisions a form may mean."""
        return self.named.get(form, ()) + self.bare.get(form, ())


class _Link(NamedTuple):
    """The end of a chain of divisions."""

    end: int
    codes: tuple[str, ...]
    parts: tuple[int, ...]


@cache
def load_forms() -> Forms:
    """Sort the names of the gazetteer by how text shows them: a fifth of a second, once.

    >>> forms = load_forms()
    >>> forms.named["凉山州"], forms.bare["三台"], forms.tails["川镇"][0] >= 3
    (('5134',), ('510722',), True)
    """
    named: defaultdict[str, dict[str, None]] = defaultdict(dict)
    bare: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for form, division in load_gazetteer().forms():
        cut = form != division.name and division.name.startswith(form)
        if cut and (division.level == "town" or _CUT_TYPE.search(form)):
            continue
        is_bare = cut or not (_TYPED_END.search(form) or division.level == "town")
        (bare if is_bare else named)[form][division.code] = None
    alone = sorted(form for form, codes in bare.items() if _may_stand_alone(form, codes))
    return Forms(
        {form: tuple(codes) for form, codes in named.items()},
        {form: tuple(codes) for form, codes in bare.items()},
        _lengths((form for form in named if _TYPED_END.search(form)), slice(-2, None)),
        _lengths([*named, *bare], slice(2)),
        _compile(alone),
    )


def _may_stand_alone(form: str, codes: Iterable[str]) -> bool:
    if form in load_place_words().everyday or form in load_place_words().weak_cities:
        return False
    return len(form) > 2 or any(len(code) <= _CITY_DIGITS for code in codes)


def _lengths(forms: Iterable[str], part: slice) -> dict[str, tuple[int, ...]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for form in forms:
        found[form[part]].add(len(form))
    return {key: tuple(sorted(lengths, reverse=True)) for key, lengths in found.items()}


def _compile(forms: list[str]) -> re.Pattern[str]:
    """Compile names to one pattern, by their first characters; the longest of them matches."""
    by_first: defaultdict[str, list[str]] = defaultdict(list)
    for form in sorted(forms, key=len, reverse=True):
        by_first[form[0]].append(re.escape(form[1:]))
    branches = (f"{first}(?:{'|'.join(rest)})" for first, rest in by_first.items())
    return re.compile("|".join(branches) or "(?!)")


@lru_cache(maxsize=256)
def _bare_inside(area: str) -> re.Pattern[str]:
    """Short forms of the counties of an area, which a text about it need not explain."""
    inside = [
        form
        for form, codes in load_forms().bare.items()
        if form not in load_place_words().everyday and any(code.startswith(area) for code in codes)
    ]
    return _compile(inside)


def find_anchors(text: str, area: str) -> list[Anchor]:
    """Find the divisions that a folded text names, in text order, as chains that descend.

    `area` is the code the text is about, empty when not known: short forms of its divisions
    need no other evidence.

    >>> find_anchors("绵阳市三台县潼川镇草堂社区", "")
    [Anchor(start=0, end=9, codes=('510722101',), parts=(0, 3, 6))]
    >>> find_anchors("维护和平，通过办法", "")
    []
    """
    anchors: list[Anchor] = []
    cursor = 0
    for start, end in sorted(_find_names(text, area), key=lambda span: (span[0], -span[1])):
        if start < cursor:
            continue
        anchor = _read_anchor(text, (start, end), cursor, area)
        if anchor is not None:
            anchors.append(anchor)
            anchors += _read_enumerated(text, anchor)
            cursor = anchors[-1].end
    return anchors


def _find_names(text: str, area: str) -> Iterator[tuple[int, int]]:
    forms = load_forms()
    tails, named = forms.tails, forms.named
    for match in _TYPE.finditer(text):
        for end in {match.end(), min(match.start() + 2, match.end())}:
            for length in tails.get(text[end - 2 : end], ()):
                if length <= end and text[end - length : end] in named:
                    yield end - length, end
    patterns = [forms.alone] + ([_bare_inside(area)] if area else [])
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield match.span()


def _read_anchor(text: str, span: tuple[int, int], cursor: int, area: str) -> Anchor | None:
    """Read a chain that begins with a name, where the name is one."""
    start, end = span
    forms = load_forms()
    form = text[start:end]
    named = forms.named.get(form, ())
    codes = forms.codes(form)
    # 北京市场: the name goes without its type.
    if named and ends_in_another_word(text, start, end):
        return None
    chain = _follow(
        text, _Link(end, codes, (start,)), past_zones=form not in load_place_words().common_nouns
    )
    if chain.end > end:
        kept = stands_alone(text, span, _RARE_NAME, behind=0)
        return Anchor(start, *chain) if kept else None
    above = _find_above(text, start, cursor, form)
    if above is not None:
        below = tuple(code for code in codes if _lies_in(code, forms.codes(text[above:start])))
        return Anchor(above, end, below, (above, start))
    if not _is_place(text, span, area):
        return None
    return Anchor(start, end, named or _highest(codes), (start,))


def _highest(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Take 长沙 for the city, not for the county of its name; 吉林 for the province."""
    upper = tuple(code for code in codes if len(code) == min(map(len, codes)))
    return upper if len(upper[0]) <= _CITY_DIGITS else codes


def _is_place(text: str, span: tuple[int, int], area: str) -> bool:
    """Decide on a name that no other division stands beside."""
    start, end = span
    form, forms = text[start:end], load_forms()
    codes = forms.named.get(form)
    if codes is None:
        return not begins_a_road(text, end) and stands_alone(text, span, _RARE_NAME)
    is_town = all(len(code) == _TOWN_DIGITS for code in codes)
    if form in load_place_words().common_nouns or (
        is_town and (len(form) == 2 or not _TYPED_END.search(form))
    ):
        return (
            bool(area)
            and any(c.startswith(area) for c in codes)
            and form not in load_place_words().common_nouns
        )
    if is_town:
        return stands_alone(text, span, _RARE_TOWN)
    # 绵阳市委, 三台县城: what follows may not take the type from a county, but from a town.
    return stands_alone(text, span, _RARE_SHORT if len(form) == 2 else _RARE_NAME, behind=0)


def _follow(text: str, link: _Link, past_zones: bool = True) -> _Link:
    """Go on to the divisions that stand directly behind a name and lie in it, as far as it goes."""
    forms = load_forms()
    parents = frozenset(link.codes)
    best = _past_zone(text, link) if past_zones else link
    for length in forms.heads.get(text[link.end : link.end + 2], ()):
        end = link.end + length
        form = text[link.end : end]
        if len(form) < length:
            continue
        if parents.isdisjoint(_areas_above(form)):
            continue
        below = tuple(code for code in forms.codes(form) if _lies_in(code, parents))
        if not below or ends_in_another_word(text, link.end, end):
            continue
        longer = _follow(text, _Link(end, below, (*link.parts, link.end)), past_zones)
        if longer.end > best.end and (longer.end > end or _may_end(text, link.end, end)):
            best = longer
    return best


def _past_zone(text: str, link: _Link) -> _Link:
    """Pass over a development zone, which is no division, where a town of the city follows."""
    zone = _ZONE.match(text, link.end)
    cities = {code[:_CITY_DIGITS] for code in link.codes if len(code) >= _CITY_DIGITS}
    if zone is None or not cities:
        return link
    # One zone at most: a row of them is no name, and would be followed to its end.
    behind = _follow(text, _Link(zone.end(), tuple(sorted(cities)), link.parts), past_zones=False)
    return behind if behind.end > zone.end() else link


def _may_end(text: str, start: int, end: int) -> bool:
    """Whether a chain may end with this name: 四川南部 is no county."""
    form = text[start:end]
    if form in load_forms().named:
        return True
    if form in load_place_words().everyday or begins_a_road(text, end):
        return False
    return stands_alone(text, (start, end), _RARE_NAME)


def _lies_in(code: str, parents: Iterable[str]) -> bool:
    above = (code[:digits] for digits in _PARENT_DIGITS if digits < len(code))
    return any(parent in parents for parent in above)


@lru_cache(maxsize=4096)
def _areas_above(form: str) -> frozenset[str]:
    """Codes of all divisions that one of a name lies in."""
    codes = load_forms().codes(form)
    return frozenset(code[:n] for code in codes for n in _PARENT_DIGITS if n < len(code))


def _find_above(text: str, start: int, cursor: int, form: str) -> int | None:
    """Find where the short form of a county or city begins that stands before its division."""
    bare = load_forms().bare
    for length in range(_LONGEST_BARE, 1, -1):
        begin = start - length
        above = bare.get(text[max(0, begin) : start]) if begin >= cursor else None
        if above and not _areas_above(form).isdisjoint(above):
            return begin if stands_alone(text, (begin, start), _RARE_NAME) else None
    return None


def _read_enumerated(text: str, anchor: Anchor) -> list[Anchor]:
    """Read short forms that are enumerated beside a division of the same kind: 三台县、盐亭."""
    found = [anchor]
    while True:
        last = found[-1]
        separator = _SEPARATOR.match(text, last.end)
        beside = _read_beside(text, separator.end(), last) if separator else None
        if beside is None:
            return found[1:]
        found.append(beside)


def _read_beside(text: str, start: int, last: Anchor) -> Anchor | None:
    forms = load_forms()
    wanted = {(len(code), _siblings(code)) for code in last.codes}
    for length in forms.heads.get(text[start : start + 2], ()):
        form = text[start : start + length]
        codes = tuple(c for c in forms.bare.get(form, ()) if (len(c), _siblings(c)) in wanted)
        if not codes or form in forms.named:
            continue
        # 浙江、广东三省: 东三省 is a word, but a province beside provinces is one.
        if len(codes[0]) == _PARENT_DIGITS[0] or _may_end(text, start, start + length):
            return Anchor(start, start + length, codes, (start,))
    return None


def _siblings(code: str) -> str:
    """What divisions have in common that are enumerated: cities only that they are cities."""
    return code[:_CITY_DIGITS] if len(code) == _COUNTY_DIGITS else ""
