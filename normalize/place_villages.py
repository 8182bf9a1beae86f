"""Villages and communities that running text names, looked up in the areas that it speaks of."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from normalize.division_lists import snapshot_of
from normalize.place_resolver import Place, resolve
from normalize.place_words import is_word, stands_alone
from normalize.villages import Likeness, Match, find_villages

_SUFFIX = re.compile(
    "村?(?:社区居民委员会|社区居委会|社区|居民委员会|居委会)|村?村民委员会|村?村委会|(?<!村村)村"
)
_BREAK = re.compile("[^㐀-䶿一-鿿\U00020000-\U0003ffff0-9A-Za-z〇·]")
_LAST_BREAK = re.compile(f".*{_BREAK.pattern}", re.DOTALL)
_SEPARATORS = ("以及", "、", "和", "及", "与")
_LONGEST_STEM = 10
_SHORTEST_STEM = 2
_LONGEST_ITEM = 6
_MOST_ITEMS = 64
_TOWN_DIGITS, _COUNTY_DIGITS, _PREFECTURE_DIGITS = 9, 6, 4
_PARENT_DIGITS = {12: 9, 9: 6, 6: 4, 4: 2}
_LONGEST_UNKNOWN = 4
_MOST_KNOWN = 50_000
_MOST_OPEN = 24
"""Divisions of one name in which the village behind it is sought."""
_NAME_RARITY, _WORD_RARITY = -13.0, -12.5
_BEFORE_NAMES = frozenset("在住到从是的和与及去自由向往至于")
_NEVER = frozenset(
    "示范 试点 城乡 城市 农村 贫困 自然 行政 专业 先进 模范 重点 老旧 新型 网络 虚拟 各个"
    " 每个 所有 全部 其他 附近 有关 部分 多个 一个 两个 几个 整个 这个 那个 同一 我们 他们"
    " 你们 咱们 大家 本地 当地 周边 相关 涉农 达标 合格".split()
)
"""What stands before 社区 and 村 in prose and is no name there."""
_NO_LAST = frozenset("农全各该本我个几每某这那的与为给是们些")
"""Characters before 社区 and 村 in prose: 农村, 全村, 我的社区."""
_WEAK = frozenset(
    "和谐 文明 平安 幸福 美丽 智慧 绿色 健康 活力 友好 特色 中心 城中 明星 富裕 小康 民主"
    " 国际 新建 和平 团结 友爱 新农 新民 红旗 光明 前进 建设 先锋 胜利 解放 开放 城区 郊区"
    " 旅游 文化 生态 安全 温馨 法治 学习 服务 红色 数字 无物业".split()
)
"""Names of villages that are also said of villages: a name only where nothing stands before it."""
_NO_NAME = re.compile(
    "[的了在和与及各本该我你他她它这那有是为个等每某全所将把被对从到向就也都还又并或新老]"
)


class Head(NamedTuple):
    """A division that a text names."""

    start: int
    """Where it begins, in code points."""
    end: int
    """Where it ends."""
    codes: tuple[str, ...]
    """Its code, or those of all divisions it may be. Example: `("510722101",)`"""
    area: str
    """Code of the area its name was read in, empty when it needs none."""


class VillageSpan(NamedTuple):
    """The name of a village in a text."""

    start: int
    """Where it begins, with the divisions directly before it."""
    end: int
    """Where it ends."""
    name: str
    """The name in full, with the type that an enumeration shares. Example: `草堂社区`"""
    place: Place
    """What it was resolved to."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a text when its villages are sought."""

    text: str
    """The text, folded."""
    heads: Sequence[Head]
    """The divisions that it names, in text order."""
    areas_at: Callable[[int], tuple[str, ...]]
    """Codes of the areas that a position of the text speaks of, the nearest first."""
    context: str = ""
    """Code of the area that the text is about, empty when not known. Example: `5107`"""
    on: date | None = None
    """The day the text was written."""


class _Try(NamedTuple):
    """An area that a name may lie in, and the places where it may begin."""

    site: int
    """Number of the suffix that ends the name."""
    area: str
    """Code of the area."""
    starts: tuple[int, ...]
    """Where the name may begin, the longest name first."""
    head: Head | None
    """The division directly before the name, None when the text only speaks of the area."""

    @property
    def is_open(self) -> bool:
        """Whether the area is but one of those the division before the name may be."""
        return self.head is not None and len(self.head.codes) > 1


@lru_cache(maxsize=16384)
def resolve_again(name: str, area: str, on: date | None) -> Place:
    """Resolve a name as `resolve` does, and remember it: texts say their places again and again.

    >>> resolve_again("三台县", "", None).code
    '510722'
    """
    return resolve(name, area, on)


def find_village_spans(reading: Reading) -> list[VillageSpan]:
    """Find the villages that a text names, in text order.

    >>> town = Head(0, 3, ("510722101",), "")
    >>> reading = Reading("潼川镇草堂社区的居民", [town], areas_at=lambda at: ())
    >>> [(span.start, span.end, span.place.code) for span in find_village_spans(reading)]
    [(0, 7, '510722101011')]
    """
    sites = [match.span() for match in _SUFFIX.finditer(reading.text)]
    tries = list(_list_tries(reading, sites)) if sites else []
    found: dict[int, list[VillageSpan]] = {}
    first: dict[int, int] = {}
    search = _Search(reading)
    # One prefecture after the other: two dozen of them are kept in memory.
    for number in sorted(range(len(tries)), key=lambda number: tries[number].area[:4]):
        attempt = tries[number]
        if not attempt.is_open and first.get(attempt.site, number) < number:
            continue
        spans = search.look_up(sites[attempt.site], attempt)
        if spans:
            found[number] = spans
            first[attempt.site] = min(number, first.get(attempt.site, number))
    return _choose(tries, found)


def _choose(tries: list[_Try], found: dict[int, list[VillageSpan]]) -> list[VillageSpan]:
    """Take what the first try of each suffix found; a name that several tries found stays open."""
    codes: defaultdict[int, set[str]] = defaultdict(set)
    for number, names in found.items():
        if tries[number].is_open:
            codes[tries[number].site].add(names[-1].place.code or "")
    spans: list[VillageSpan] = []
    for number in sorted(found):
        names, floor = found[number], spans[-1].end if spans else 0
        if names[-1].start < floor:
            continue
        several = codes[tries[number].site] if tries[number].is_open else set()
        if len(several) > 1:
            last, place = names[-1], names[-1].place
            place = replace(
                place,
                status="ambiguous",
                code=None,
                candidates=tuple(sorted(several)),
                village=None,
            )
            names = [last._replace(place=place)]
        spans += [span for span in names if span.start >= floor]
    return spans


def _list_tries(reading: Reading, sites: Sequence[tuple[int, int]]) -> Iterator[_Try]:
    """Give the tries of each suffix: divisions directly before the name, then areas spoken of."""
    heads, text = reading.heads, reading.text
    ends = [head.end for head in heads]
    for site, (at, end) in enumerate(sites):
        low = _find_break(text, at)
        near = heads[bisect_left(ends, low) : bisect_right(ends, at)]
        for head in near:
            if end - head.end > 1 and len(head.codes) <= _MOST_OPEN:
                codes = (code for code in head.codes if len(code) >= _PREFECTURE_DIGITS)
                yield from (_Try(site, code, (head.end,), head) for code in codes)
        shortest = at - _SHORTEST_STEM + (text[at] == "村" and end - at > 1)
        if shortest < low or text[at - 2 : at] in _NEVER or text[at - 1] in _NO_LAST:
            continue
        inside = {place for head in near for place in range(head.start + 1, head.end)}
        starts = tuple(s for s in range(low, shortest + 1) if s not in inside)
        for area in reading.areas_at(at) if starts else ():
            yield _Try(site, area, starts, None)


def _find_break(text: str, at: int) -> int:
    """Find where the run of characters that may be a name begins."""
    low = max(0, at - _LONGEST_STEM)
    last = _LAST_BREAK.match(text, low, at)
    return last.end() if last else low


class _Search:
    """Looks names up, each of them once."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._text = reading.text
        self._mask = snapshot_of(reading.on)
        self._known: dict[tuple[str, str], Match | None] = {}

    def look_up(self, site: tuple[int, int], attempt: _Try) -> list[VillageSpan]:
        """Look up the names that a suffix may end, and those that share it."""
        at, end = site
        if attempt.head is not None:
            return self._look_up_behind(attempt.head, at, end, attempt.area)
        for start in attempt.starts:
            likeness = self._is_held(self._text[start:end], attempt.area)
            if likeness and self._is_named(start, at, end, likeness == "exact"):
                span = self._make_span(start, end, "", attempt.area)
                shared = self._read_shared(start, self._text[at:end], attempt.area)
                return [*shared, span]
        return []

    def _look_up_behind(self, head: Head, at: int, end: int, code: str) -> list[VillageSpan]:
        """Look up the name between a division and a suffix."""
        known = self._find(self._text[head.end : end], code) is not None
        certain = len(head.codes) == 1
        if not known and not (
            certain and len(code) == _TOWN_DIGITS and _may_be_unknown(self._text[head.end : at])
        ):
            return []
        area = head.area if certain else code[: _PARENT_DIGITS[len(code)]]
        return [self._make_span(head.start, end, "", area)]

    def _find(self, name: str, area: str) -> Match | None:
        key = name, area
        if key not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[key] = find_villages(name, area, self._mask)
        return self._known[key]

    def _is_held(self, name: str, area: str) -> Likeness | None:
        """How near the villages of an area come to a name, None where none does."""
        # A county is asked for its towns: within a town names that are only similar would count.
        match = self._find(name, area[:_COUNTY_DIGITS])
        if match and any(village.code.startswith(area) for village in match.villages):
            return match.likeness
        return None

    def _is_named(self, start: int, at: int, end: int, exact: bool) -> bool:
        """Whether a name that an area holds is said as a name here."""
        stem = self._text[start:at]
        if stem in _NEVER:
            return False
        if not exact or stem in _WEAK:
            return self._is_clear(start)
        return stands_alone(self._text, (start, end), _NAME_RARITY, behind=0)

    def _is_clear(self, start: int) -> bool:
        """Whether nothing stands before a name that could be a part of it."""
        before = self._text[start - 1 : start]
        return not before or before in _BEFORE_NAMES or bool(_BREAK.match(before))

    def _make_span(self, start: int, end: int, shared: str, area: str) -> VillageSpan:
        name = self._text[start:end] + shared
        place = resolve_again(name, area or self._reading.context, self._reading.on)
        return VillageSpan(start, end, name, place)

    def _read_shared(self, start: int, suffix: str, area: str) -> list[VillageSpan]:
        """Read the names before one whose type they share: 潼川镇草堂、蟠龙和解放街社区."""
        spans: list[VillageSpan] = []
        for _ in range(_MOST_ITEMS):
            item = self._read_item(start, suffix, area)
            if item is None:
                break
            spans.append(item)
            start = item.start
        return spans[::-1]

    def _read_item(self, start: int, suffix: str, area: str) -> VillageSpan | None:
        text = self._text
        separator = next((s for s in _SEPARATORS if text.endswith(s, 0, start)), None)
        end = start - len(separator or "")
        if separator is None or _BREAK.match(text, end - 1):
            return None
        for begin in range(max(0, end - _LONGEST_ITEM), end - _SHORTEST_STEM + 1):
            name = text[begin:end]
            if _BREAK.search(name) or self._is_held(name + suffix, area) != "exact":
                continue
            head = self._head_before(begin)
            if head is not None and head.codes[0].startswith(area):
                return self._make_span(head.start, end, suffix, head.area)
            if self._is_clear(begin) or text.endswith(_SEPARATORS, 0, begin):
                return self._make_span(begin, end, suffix, area)
        return None

    def _head_before(self, begin: int) -> Head | None:
        heads = self._reading.heads
        place = bisect_left(heads, begin, key=lambda head: head.end)
        return heads[place] if place < len(heads) and heads[place].end == begin else None


def _may_be_unknown(stem: str) -> bool:
    """Whether what stands between a town and 社区 or 村 is a name, though no list has it."""
    if not _SHORTEST_STEM <= len(stem) <= _LONGEST_UNKNOWN or stem in _NEVER or stem in _WEAK:
        return False
    return not _NO_NAME.search(stem) and not is_word(stem, _WORD_RARITY)
