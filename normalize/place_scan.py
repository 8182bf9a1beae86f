"""The places that running text names: news prose, and what citizens write in forums."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from normalize.division_lists import snapshot_of
from normalize.gazetteer import load_gazetteer
from normalize.place_anchors import Anchor, find_anchors, load_forms
from normalize.place_resolver import Place, context_code
from normalize.place_routes import Step
from normalize.place_villages import Head, Reading, find_village_spans, resolve_again
from normalize.script import to_simplified
from normalize.width import fold_width

_WINDOW = 200
"""Characters behind a place in which what is named next may lie in it."""
_MOST_RECENT = 6
_PARENT_DIGITS = {9: 6, 6: 4}
_COUNTY_DIGITS, _TOWN_DIGITS = 6, 9
_MOST_AREAS = 4


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that a text names."""

    start: int
    """Where it begins in the text that was given, in code points. Example: `2`"""
    end: int
    """Where it ends."""
    raw: str
    """The name as printed. Example: `潼川鎮草堂社區`"""
    place: Place
    """What it was resolved to; `ambiguous` where several places of the name fit."""


def scan(text: str, context: str = "", on: date | None = None) -> tuple[Mention, ...]:
    """Find the places that a running text names, in text order, none overlapping another.

    `context` is the area the text is about, such as `四川省/绵阳市`, or a code; `on` the day it was
    written. A name is a place where it holds its type (潼川镇, 凉山州) or is the short form of a
    province or city that no other word takes part in; the short form of a county needs a division
    beside it or a context that it lies in. What is named next within 200 characters may lie in a
    place named before. Communities without a known area are left out. Takes Traditional script and
    full-width forms, time grows with the length. Never raises.

    >>> [(m.raw, m.place.code) for m in scan("三台縣潼川鎮草堂、蟠龍和解放街社區的居民都說好")]
    [('三台縣潼川鎮草堂', '510722101011'), ('蟠龍', '510722101010'), ('解放街社區', '510722101004')]
    >>> scan("他夸下海口，要维护和平；各街道、本社区都通过了")
    ()
    """
    folded = to_simplified(fold_width(text))
    area = context_code(context)
    reader = _Reader(folded, area, on)
    for anchor in find_anchors(folded, area):
        reader.read(anchor)
    reading = Reading(folded, reader.heads, reader.areas_of_villages, area, on)
    spans = find_village_spans(reading)
    villages = {(s.start, s.end): s.place for s in spans if s.place.status != "none"}
    places = sorted((reader.places | villages).items(), key=lambda row: row[0])
    mentions = (Mention(start, end, text[start:end], place) for (start, end), place in places)
    return tuple(_drop_covered(mentions))


class _Reader:
    """Resolves the anchors of a text one after the other, each in the areas named before it."""

    def __init__(self, text: str, area: str, on: date | None) -> None:
        self._text, self._area, self._on = text, area, on
        self._mask = snapshot_of(on)
        self._gazetteer = load_gazetteer()
        self._ends: list[int] = []
        self._made: dict[tuple[str, str], Place] = {}
        self.heads: list[Head] = []
        self.places: dict[tuple[int, int], Place] = {}

    def read(self, anchor: Anchor) -> None:
        """Resolve the next anchor and keep it, where it is a place."""
        if self._join(anchor):
            return
        area, place = self._resolve(anchor)
        codes = place.candidates if place.code is None else (place.code,)
        if codes:
            self.places[anchor.start, anchor.end] = place
            self.heads.append(Head(anchor.start, anchor.end, codes, area))
            self._ends.append(anchor.end)

    def _join(self, anchor: Anchor) -> bool:
        """Read a town on with the county directly before it, though no list has it there.

        崂山区中韩镇 is what became 中韩街道, not a 中韩镇 elsewhere.
        """
        before = self.heads[-1] if self.heads and self.heads[-1].end == anchor.start else None
        towns = all(len(code) == _TOWN_DIGITS for code in anchor.codes)
        if before is None or len(before.codes) > 1 or not towns:
            return False
        county = before.codes[0]
        place = resolve_again(
            self._text[before.start : anchor.end], before.area or self._area, self._on
        )
        if len(county) < _COUNTY_DIGITS or not (place.code or "").startswith(county):
            return False
        del self.places[before.start, before.end]
        self.places[before.start, anchor.end] = place
        self.heads[-1] = Head(before.start, anchor.end, (place.code or "",), before.area)
        self._ends[-1] = anchor.end
        return True

    def _resolve(self, anchor: Anchor) -> tuple[str, Place]:
        """Resolve a name, in the first area where it is one division if it is not anyway."""
        code = self._settle(anchor.codes)
        if code is not None:
            return "", self._make_place(anchor, code)
        for area in self._areas_near(anchor.start):
            inside = [c for c in anchor.codes if c.startswith(area) and c != area]
            code = self._settle(inside)
            if code is not None:
                return area, self._make_place(anchor, code)
        return "", resolve_again(self._text[anchor.start : anchor.end], self._area, self._on)

    def _settle(self, codes: Sequence[str]) -> str | None:
        """Take the one division, or the one of several that stands in the lists of the day."""
        if len(codes) == 1:
            return codes[0]
        standing = [code for code in codes if self._gazetteer[code].seen & self._mask]
        return standing[0] if len(standing) == 1 else None

    def _make_place(self, anchor: Anchor, code: str) -> Place:
        """Make what `resolve` gives for a chain of names that are all known."""
        raw = self._text[anchor.start : anchor.end]
        if (raw, code) in self._made:
            return self._made[raw, code]
        forms = load_forms()
        steps = []
        for start, end in zip(anchor.parts, (*anchor.parts[1:], anchor.end), strict=True):
            form = self._text[start:end]
            above = next((c for c in forms.codes(form) if code.startswith(c)), None)
            if above is not None:
                steps.append(Step(form, self._gazetteer[above]))
        other = not self._gazetteer[code].seen & self._mask
        place = Place("ok", code, tuple(steps), "", (), ("other_year",) if other else ())
        self._made[raw, code] = place
        return place

    def areas_of_villages(self, at: int) -> tuple[str, ...]:
        """Give the areas that a village named at a position may lie in, the nearest first."""
        areas = self._areas_near(at)
        fit = [a for a in areas if len(a) >= _COUNTY_DIGITS or (len(a) == 4 and a == self._area)]
        return tuple(fit[:_MOST_AREAS])

    def _areas_near(self, at: int) -> list[str]:
        """Give the areas a position speaks of: inside the context, the context, then others."""
        near: dict[str, None] = {}
        place = bisect_right(self._ends, at)
        for head in reversed(self.heads[max(0, place - _MOST_RECENT) : place]):
            if head.end >= at - _WINDOW and len(head.codes) == 1:
                code = head.codes[0]
                near |= dict.fromkeys((code, code[: _PARENT_DIGITS.get(len(code), len(code))]))
        inside = [area for area in near if area.startswith(self._area) and area != self._area]
        context = [self._area] if self._area else []
        return [*inside, *context, *(area for area in near if area not in {*inside, *context})]


def _drop_covered(mentions: Iterable[Mention]) -> Iterator[Mention]:
    """Leave out divisions that are a part of the name of a village."""
    last: Mention | None = None
    for mention in mentions:
        if last is not None and mention.start < last.end:
            last = max(last, mention, key=lambda m: m.end - m.start)
            continue
        if last is not None:
            yield last
        last = mention
    if last is not None:
        yield last
