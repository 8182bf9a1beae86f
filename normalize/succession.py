"""What divisions became and what they were before: the codes of one on any day."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from normalize.division_lists import (
    EARLIER,
    LATER,
    LATEST,
    SNAPSHOTS,
    DivisionRow,
    iter_divisions,
    read_changes,
    read_earlier,
    read_seen,
    read_villages,
    snapshot_of,
)
from normalize.villages import read_core

_VILLAGE_DIGITS = 12
_TOWN_DIGITS = 9
_PREFECTURE_DIGITS = 4
_PREFECTURES_KEPT = 4
_LEAST_SHARE = 0.1
"""What fewer of the villages came to, through all steps, is chance."""
_SAME_CORE = frozenset(("raised", "recoded", "moved"))


class Succession(NamedTuple):
    """One step from a division that ended, or lost its name, to what it became."""

    old_code: str
    """Example: `330104`"""
    old_name: str
    """Example: `江干区`"""
    day: date
    """From then on the new one counts: the day of the first list it stands in, of the document, or,
    before the lists, the end of the year after the last one. Example: `2021-10-31`"""
    new_code: str
    """Example: `330114`"""
    new_name: str
    """Example: `钱塘区`"""
    kind: str
    """`raised`, `recoded`, `moved`, `renamed`, `merged`, `split`, `founded` or `derived`."""
    share: float
    """Share of its villages that came to the new one, 1.0 when not known. Example: `0.36`"""


_Key = tuple[str, str]
"""Code and name: a code that was given to another division is two."""
_ALWAYS = (date.min, date.max)


@dataclass(frozen=True, slots=True)
class _History:
    """The divisions above the village that ever changed, and the steps between them."""

    names: Mapping[str, tuple[str, ...]]
    """Names of each of their codes."""
    seen: Mapping[_Key, int]
    """Lists it stands in, as bits."""
    spans: Mapping[_Key, tuple[date, date]]
    """First day and day after the last, where they are known; for days beyond the lists."""
    after: Mapping[_Key, list[Succession]]
    """Steps from it."""
    before: Mapping[_Key, list[Succession]]
    """Steps to it."""

    def stands(self, key: _Key, on: date) -> bool:
        """Tell whether it stands on a day, which within the lists is the day of one."""
        if not self.seen.get(key, 0) & snapshot_of(on):
            return False
        begins, ends = self.spans.get(key, _ALWAYS)
        if SNAPSHOTS[0] <= on <= SNAPSHOTS[-1]:
            return True
        return begins <= on and (on < ends or ends == date.max)

    def find(self, code: str, on: date) -> tuple[str, ...]:
        """Codes on a day of the division that had a code nearest to that day."""
        if code not in self.names:
            return (code,) if read_seen().get(code, 0) & snapshot_of(on) else ()
        keys = [(code, name) for name in self.names[code]]
        if any(self.stands(key, on) for key in keys):
            return (code,)
        for key in sorted(keys, key=lambda key: self._distance(key, on)):
            found = self.walk(key, on)
            if found:
                return found
        return ()

    def _distance(self, key: _Key, on: date) -> int:
        begins, ends = self.spans.get(key, _ALWAYS)
        return _distance(self.seen[key], on, (begins, min(ends, SNAPSHOTS[0])))

    def walk(self, key: _Key, on: date) -> tuple[str, ...]:
        """Follow the steps from a division to those that stand on a day."""
        if self.stands(key, on):
            return key[:1]
        return self._walk(key, on, forward=True) or self._walk(key, on, forward=False)

    def _walk(self, key: _Key, on: date, *, forward: bool) -> tuple[str, ...]:
        steps = self.after if forward else self.before
        found: set[str] = set()
        passed = {key}
        ahead = [(key, 1.0)]
        while ahead:
            key, weight = ahead.pop()
            following = steps.get(key, ())
            for step in following:
                share = weight * (1.0 if _is_whole(step, following) else step.share)
                new = step[3:5] if forward else step[:2]
                if (step.day <= on) != forward or new in passed or share < _LEAST_SHARE:
                    continue
                passed.add(new)
                if self.stands(new, on):
                    found.add(new[0])
                else:
                    ahead.append((new, share))
        return tuple(sorted(found))


def _distance(seen: int, on: date, beyond: tuple[date, date]) -> int:
    """Days from a day to the nearest one a division stood on for sure."""
    known = [day for number, day in enumerate(SNAPSHOTS) if seen >> number & 1]
    if seen & EARLIER:
        known.append(beyond[1])
    if seen & LATER:
        known.append(beyond[0])
    return min(abs((day - on).days) for day in known)


def _is_whole(step: Succession, steps: Sequence[Succession]) -> bool:
    return len(steps) == 1 or step.kind in _SAME_CORE


def as_of(code: str, on: date) -> tuple[str, ...]:
    """Codes that a division of any level has on a day; none for a code that is not known.

    A code that stands on the day is its own answer. The others are followed through what they
    became, or back to what they were, to the list nearest to the day, or beyond the lists to the
    day itself. Villages are followed through their towns by name. Never raises.

    Source: succession.tsv, changes.tsv and earlier_counties.tsv (see data/README.md).

    >>> as_of("330104", date(2022, 6, 1)), as_of("510122", date(2022, 6, 1))
    (('330102', '330114'), ('510116',))
    >>> as_of("510118", date(2018, 6, 1)), as_of("nowhere", date(2018, 6, 1))
    (('510132',), ())
    """
    if SNAPSHOTS[0] <= on <= SNAPSHOTS[-1] or len(code) == _VILLAGE_DIGITS:
        on = _nearest(on)
    return _find_village(code, on) if len(code) == _VILLAGE_DIGITS else _find(code, on)


def ever_changed(code: str) -> bool:
    """Tell whether a division above the village may have another code on another day.

    The others have one code for good: to ask for it on a day tells only whether they stand on it.

    >>> ever_changed("510122"), ever_changed("510722101"), ever_changed("nowhere")
    (True, False, False)
    """
    return code in _load_history().names


@cache
def latest_codes() -> Mapping[str, tuple[str, ...]]:
    """Codes in the latest list of every division above the village that is not in it.

    >>> latest_codes()["510122"], "51" in latest_codes()
    (('510116',), False)
    """
    history = _load_history()
    gone: dict[str, tuple[str, ...]]
    gone = {code: () for code, seen in read_seen().items() if not seen & LATEST}
    for code, names in history.names.items():
        if not any(history.seen[code, name] & LATEST for name in names):
            gone[code] = history.find(code, SNAPSHOTS[-1])
    return MappingProxyType(gone)


@lru_cache(maxsize=65536)
def _find(code: str, on: date) -> tuple[str, ...]:
    return _load_history().find(code, on)


@lru_cache(maxsize=65536)
def _find_village(code: str, on: date) -> tuple[str, ...]:
    bit = snapshot_of(on)
    town = code[:_TOWN_DIGITS]
    rows = [row for row in _read_town(town) if row[0] == code]
    if any(seen & bit for _, _, seen in rows):
        return (code,)
    history = _load_history()
    for _, name, seen in sorted(rows, key=lambda row: _distance(row[2], on, _ALWAYS)):
        keys = ((town, named) for named in history.names.get(town, ()))
        standing = (key for key in keys if history.seen[key] & seen)
        towns = {new for key in standing for new in history.walk(key, on)}
        found = _find_named(name, towns, bit)
        if found:
            return found
    return ()


def _find_named(name: str, towns: Iterable[str], bit: int) -> tuple[str, ...]:
    """Villages of some towns in a list with the core of a name, of the same kind if there are."""
    core = read_core(name)
    rows = (row for town in towns for row in _read_town(town) if row[2] & bit)
    alike = [(code, other) for code, other, _ in rows if read_core(other).name == core.name]
    same = [code for code, other in alike if read_core(other).kind == core.kind]
    return tuple(sorted(same or (code for code, _ in alike)))


def _read_town(town: str) -> list[DivisionRow]:
    rows = _read_prefecture(town[:_PREFECTURE_DIGITS])
    # Any digit sorts before a colon.
    return rows[bisect_left(rows, (town,)) : bisect_left(rows, (town + ":",))]


@lru_cache(maxsize=_PREFECTURES_KEPT)
def _read_prefecture(prefecture: str) -> list[DivisionRow]:
    return read_villages(prefecture)


def _nearest(on: date) -> date:
    return min(SNAPSHOTS, key=lambda day: abs((day - on).days))


@cache
def _load_history() -> _History:
    spans = _read_spans()
    after, before = _read_steps(spans)
    stirred = {code for keys in (spans, after, before) for code, _ in keys}
    stirred |= {step.old_code for steps in before.values() for step in steps}
    seen: dict[_Key, int] = {}
    names: dict[str, tuple[str, ...]] = {}
    # Most codes never changed: to make rows of them takes longer than all the rest.
    for code, name, bits in iter_divisions(stirred):
        key = (code, _fold_name(name))
        if key not in seen:
            names[code] = (*names.get(code, ()), key[1])
        seen[key] = seen.get(key, 0) | bits
    for change in read_changes():
        new = change[3:5]
        if seen[new] & LATER:
            spans[new] = (change.day, spans.get(new, _ALWAYS)[1])
    return _History(names, seen, spans, after, before)


_Steps = Mapping[_Key, list[Succession]]


def _read_steps(spans: Mapping[_Key, tuple[date, date]]) -> tuple[_Steps, _Steps]:
    """Steps by what they lead from and by what they lead to; stated ones replace derived ones."""
    stated = [Succession(*change[:6], 1.0) for change in read_changes()]
    ended = {step[:2] for step in stated if step.kind != "founded"}
    derived = (*_read_listed_steps(), *_read_earlier_steps(spans))
    after: defaultdict[_Key, list[Succession]] = defaultdict(list)
    before: defaultdict[_Key, list[Succession]] = defaultdict(list)
    for step in (*stated, *(step for step in derived if step[:2] not in ended)):
        if step.kind != "founded":
            after[step[:2]].append(step)
        before[step[3:5]].append(step)
    return after, before


def _read_spans() -> dict[_Key, tuple[date, date]]:
    """Days on which what lies beyond the lists began and ended.

    A year tells what stood at its end: in the year of a change old and new are both in force,
    unless the day of the change is known.
    """
    begins: dict[_Key, date] = {}
    ends: dict[_Key, date] = {}
    for row in read_earlier():
        if row.first_year:
            begins[row[:2]] = date(row.first_year, 1, 1)
        if row.last_year:
            ends[row[:2]] = min(date(row.last_year + 2, 1, 1), SNAPSHOTS[0])
    for change in read_changes():
        old, new, day = change[:2], change[3:5], change.day
        if change.kind != "founded":
            ends[old] = day
        known = begins.get(new, date.min).year
        fresh = change.kind in _SAME_CORE or 0 <= known - day.year <= 1
        if fresh and day < SNAPSHOTS[0]:
            begins[new] = day
    keys = begins.keys() | ends.keys()
    return {key: (begins.get(key, date.min), ends.get(key, date.max)) for key in keys}


def _read_earlier_steps(spans: Mapping[_Key, tuple[date, date]]) -> Iterator[Succession]:
    """Steps from before the first list."""
    for row in read_earlier():
        if row.new_code:
            day = spans[row[:2]][1]
            yield Succession(row.code, row.name, day, row.new_code, row.new_name, "derived", 1.0)


def _read_listed_steps() -> Iterator[Succession]:
    """Steps between neighbouring lists."""
    following = {str(old): new for old, new in pairwise(SNAPSHOTS)}
    for line in _read_lines("succession.tsv"):
        old_code, old_name, last, new_code, new_name, share, kind = line
        if new_code:
            old, new = _fold_name(old_name), _fold_name(new_name)
            yield Succession(old_code, old, following[last], new_code, new, kind, float(share))


def _read_lines(name: str) -> Iterator[list[str]]:
    text = (resources.files("normalize") / "data" / name).read_text(encoding="utf-8")
    return (line.split("\t") for line in text.splitlines()[1:])


def _fold_name(name: str) -> str:
    """Take 办事处 off: the list of 2016 has it behind 街道, later lists do not."""
    return name.removesuffix("办事处")
