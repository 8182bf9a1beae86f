"""Prints villages of the packed lists as announcements print them, and makes up villages.

Each case knows which codes are right on its day, found in the lists by the printed names alone and
without the resolver: a form that several villages share is open, and to name one of them is a
guess. Rows that nobody prints are not drawn: names that repeat their town, pseudo-levels, words cut
short by the lists' columns.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal, NamedTuple, Protocol

import opencc

from normalize.division_lists import SNAPSHOTS
from place_lists import (
    COMMITTEE,
    LAST,
    SHORT_STATES,
    Row,
    clip,
    clip_province,
    core_of,
    draw_rows,
    forms_of,
    load_lists,
    short_name,
    town_forms,
)

_COMMITTEE_STARTS = frozenset("村居民社嘎")
_SEPARATORS = (" ", "\u3000", "/", "·")

Verdict = Literal["right", "open", "approx", "needless", "guess", "wrong_ok", "wrong"]
PASSED: tuple[Verdict, ...] = ("right", "open", "approx")
"""Verdicts that are right or honest."""


@dataclass(frozen=True, slots=True)
class PlaceCase:
    """A printed name and what is right."""

    form: str
    text: str
    context: str
    on: date | None
    right: frozenset[str]
    """Codes that may be answered for sure: one, or none for a made-up village."""
    shared: frozenset[str]
    """Codes of all villages that are printed so. More than one: the name is open."""
    path: tuple[str | None, ...]
    """Province, city, county and town as listed; None for a pseudo-level."""
    village: str
    """Its name as listed."""


class Answer(Protocol):
    """What is read of a resolver's answer."""

    @property
    def status(self) -> str: ...
    @property
    def code(self) -> str | None: ...
    @property
    def candidates(self) -> tuple[str, ...]: ...


def judge(case: PlaceCase, answer: Answer) -> Verdict:
    """Say what an answer is worth; `needless` is left open though only one village fits."""
    if answer.status == "ok":
        if answer.code in case.right:
            return "right"
        return "guess" if answer.code in case.shared else "wrong_ok"
    if answer.status == "approx":
        return "approx" if answer.code in case.shared else "wrong"
    if answer.status == "ambiguous" and case.shared & set(answer.candidates):
        return "open" if len(case.shared) > 1 else "needless"
    return "wrong"


class _Printed(NamedTuple):
    """A form on paper: context, then the levels of the text, then the village."""

    context: tuple[int, ...]
    levels: tuple[tuple[int, str], ...]
    village: str
    separator: str = ""


def _committee_form(row: Row, rng: random.Random) -> str:
    """A name with its committee, as listed or with the other word for it."""
    committee = COMMITTEE.search(row.name)
    if committee is None:
        short = row.name
        if short.endswith("社区"):
            return short + rng.choice(("居民委员会", "居委会"))
        return short + rng.choice(("村民委员会", "村委会", "")) if short.endswith("村") else short
    if "嘎查" in committee[0]:
        return row.name
    base = row.name[: committee.start()]
    pair = ("居民委员会", "居委会") if committee["community"] else ("村民委员会", "村委会")
    if committee["village"] and not base.endswith(("村", "社区", "嘎查")) and rng.random() < 0.5:
        base += "村"
    return base + rng.choice(pair)


def _pick_town(name: str, rng: random.Random, clipped: bool = False) -> str:
    forms = town_forms(name)
    if len(forms) == 3:
        return rng.choice((forms[0], forms[1], forms[1], forms[2] if clipped else forms[1]))
    return rng.choice(forms) if clipped else forms[0]


def _levels(row: Row, first: int, last: int = 3) -> list[tuple[int, str]]:
    named = [(level, row.path[level]) for level in range(first, last + 1)]
    return [(level, name) for level, name in named if name is not None]


def _official(row: Row, rng: random.Random) -> _Printed:
    levels = _levels(row, 0, 2)
    town = (3, _pick_town(str(row.path[3]), rng))
    return _Printed((), (*levels, town), _committee_form(row, rng))


def _short(row: Row, rng: random.Random) -> _Printed:
    return _Printed((), _path(row, 0), short_name(row.name))


def _path(row: Row, first: int) -> tuple[tuple[int, str], ...]:
    """Names as listed, a street without its office."""
    return tuple((n, town_forms(name)[0] if n == 3 else name) for n, name in _levels(row, first))


def _clipped(row: Row, rng: random.Random) -> _Printed:
    """凉山州会东县, 绵阳市北川县, 绵阳三台县; now and then behind 四川."""
    levels = []
    for level, name in _path(row, 0 if rng.random() < 0.25 else 1):
        printed = clip_province(name) if level == 0 else name
        if level in (1, 2):
            printed = SHORT_STATES.get(name, clip(name)) if rng.random() < 0.5 else clip(name)
        if level == 1 and len(name) > 2 and rng.random() < 0.25:
            printed = printed.removesuffix("市")
        levels.append((level, printed))
    return _Printed((), tuple(levels), short_name(row.name))


def _county(row: Row, rng: random.Random) -> _Printed:
    village = short_name(row.name) if rng.random() < 0.5 else _committee_form(row, rng)
    return _Printed(_above(row), _path(row, _first(row)), village)


def _first(row: Row) -> int:
    """The lowest level above the town: the county, or the city that is its own county."""
    return 2 if row.path[2] is not None else 1


def _above(row: Row) -> tuple[int, ...]:
    return tuple(n for n in range(_first(row)) if row.path[n] is not None)


def _town(row: Row, rng: random.Random) -> _Printed:
    village = short_name(row.name) if rng.random() < 0.5 else _committee_form(row, rng)
    town = _pick_town(str(row.path[3]), rng, clipped=True)
    return _Printed((*_above(row), _first(row)), ((3, town),), village)


def _spaced(row: Row, rng: random.Random) -> _Printed:
    return _Printed((), _path(row, 0), short_name(row.name), rng.choice(_SEPARATORS))


def _townless(row: Row, rng: random.Random) -> _Printed:
    levels = tuple(pair for pair in _path(row, _first(row)) if pair[0] != 3)
    village = short_name(row.name) if rng.random() < 0.5 else _committee_form(row, rng)
    return _Printed(_above(row), levels, village)


FORMS: dict[str, Callable[[Row, random.Random], _Printed]] = {
    "official": _official,
    "short": _short,
    "clipped": _clipped,
    "county": _county,
    "town": _town,
    "spaced": _spaced,
    "traditional": _short,
    "townless": _townless,
}
"""The eight forms: 四川省绵阳市三台县潼川镇草堂社区居民委员会; 草堂社区 behind its path; 凉山州 or
绵阳 without the province; 三台县潼川镇草堂社区 read in 四川省/绵阳市; 潼川镇草堂社区 read in its
county; levels apart; in Traditional script; 三台县草堂社区."""


def draw_cases(
    number: int, seed: int = 1, earlier: float = 0.25, prefectures: int | None = None
) -> list[PlaceCase]:
    """Draw villages and print each in the eight forms.

    The share `earlier` stands in old lists only and is printed on a day of those; all lie in so
    many `prefectures`, or anywhere.
    """
    rng = random.Random(seed)
    rows = list(draw_rows(number, rng, earlier, prefectures))
    namesakes = _find_namesakes(rows)
    return [_print(form, row, namesakes, rng) for row in rows for form in FORMS]


def draw_invented(number: int, seed: int = 1, prefectures: int | None = None) -> list[PlaceCase]:
    """Make up villages of real towns, from halves of real names; their county has none such."""
    rng = random.Random(seed)
    rows = list(draw_rows(number, rng, 0.0, prefectures))
    halves = [stem for row in rows if 2 <= len(stem := core_of(row.name)) <= 4]
    known: defaultdict[str, set[str]] = defaultdict(set)
    for county in {row.code[:6] for row in rows}:
        known[county] = set()
    for code, name, _ in load_lists().villages:
        if code[:6] in known:
            known[code[:6]].update((core_of(name), name))
    return [_invent(row, halves, known[row.code[:6]], rng) for row in rows]


def _invent(row: Row, halves: list[str], known: set[str], rng: random.Random) -> PlaceCase:
    stem = ""
    while not stem or stem in known:
        one, two = rng.choice(halves), rng.choice(halves)
        stem = one[: (len(one) + 1) // 2] + two[(len(two) + 1) // 2 :]
    name = stem + rng.choice(("村", "社区", "村村民委员会", "社区居委会"))
    made_up = row._replace(name=name)
    form = rng.choice(("official", "short", "clipped", "county", "town", "townless"))
    printed = FORMS[form](made_up, rng)
    text, context = _write(made_up, printed)
    return PlaceCase("invented", text, context, None, frozenset(), frozenset(), row.path, name)


def _find_namesakes(rows: list[Row]) -> dict[tuple[str, int], list[Row]]:
    """All rows of the country and the year that are printed like one of these."""
    lists = load_lists()
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for row in rows:
        wanted[short_name(row.name)].add(row.snapshot)
    heads = {short[:2] for short in wanted}
    found: defaultdict[tuple[str, int], list[Row]] = defaultdict(list)
    for code, name, seen in lists.villages:
        if name[:2] not in heads and name[1] not in _COMMITTEE_STARTS:
            continue
        short = short_name(name)
        for snapshot in wanted.get(short, ()):
            if seen >> snapshot & 1:
                found[short, snapshot].append(lists.row(code, name, snapshot))
    return found


def _print(
    form: str, row: Row, namesakes: dict[tuple[str, int], list[Row]], rng: random.Random
) -> PlaceCase:
    printed = FORMS[form](row, rng)
    text, context = _write(row, printed)
    same = [n for n in namesakes[short_name(row.name), row.snapshot] if _fits(n, row, printed)]
    alike = [n for n in same if n.name == printed.village]
    if len(alike) == 1 and row in alike:
        right = {row.code}
    else:
        right = {row.code} if len(same) == 1 else set()
    if form == "traditional":
        text = _to_traditional().convert(text)
    on = None if row.snapshot == LAST else SNAPSHOTS[row.snapshot]
    shared = frozenset(n.code for n in same)
    return PlaceCase(form, text, context, on, frozenset(right), shared, row.path, row.name)


@cache
def _to_traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


def _write(row: Row, printed: _Printed) -> tuple[str, str]:
    parts = (*(name for _, name in printed.levels), printed.village)
    return printed.separator.join(parts), "/".join(str(row.path[n]) for n in printed.context)


def _fits(other: Row, row: Row, printed: _Printed) -> bool:
    """Whether what is printed names another row's path as well."""
    for level in printed.context:
        if other.path[level] != row.path[level]:
            return False
    for level, name in printed.levels:
        above = other.path[level]
        if above is None or name not in forms_of(above, level):
            return False
    return True


def count_verdicts(judged: Iterable[tuple[PlaceCase, Verdict]]) -> dict[str, Counter[Verdict]]:
    """Count the verdicts of each form."""
    found: defaultdict[str, Counter[Verdict]] = defaultdict(Counter)
    for case, verdict in judged:
        found[case.form][verdict] += 1
    return dict(found)
