"""Which listed units and which other places a reply speaks of."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from extract.listing_records import PART_LEVELS, Unit
from extract.records import Comment, Mention
from normalize.gazetteer import load_gazetteer
from normalize.ids import make_id
from normalize.places import Place, scan
from normalize.width import fold_width

_SHORTEST_BARE = {"community": 4, "village": 3}
"""Characters of a bare last level: 东社区 is too common a name, 石牛镇 is not."""
_BARE_CONFIDENCE = 0.7
_PLACE_CONFIDENCE = 0.9
# The lists of villages name their committees: 红军桥社区居民委员会, 桃源村村委会.
_COMMITTEE = re.compile(r"(?:居民委员会|居委会|村民委员会|村委会)$")
_LONGEST_COMMENT = 20_000
"""Characters of a comment that places are looked for in."""


def link_mentions(comments: Sequence[Comment], units: Sequence[Unit]) -> tuple[Mention, ...]:
    """Find the listed units that comments name, and the other places they speak of.

    A listed unit is named in full or by the end of its name; the longest form wins at each place.
    A form that fits several units is left open, so that 古城社区 alone is no mention where two
    towns list one. Other places are taken where the gazetteer is sure; a name without its county
    is read in the area of the list. Comments are only read, they never make a unit.

    >>> said = "我在三台县潼川镇"
    >>> comment = Comment("c" * 16, "t" * 16, "0" * 16, 2, None, None, None, None, said)
    >>> [(m.surface, m.kind, m.place_code) for m in link_mentions([comment], [])]
    [('三台县潼川镇', 'place', '510722101')]
    """
    forms = _forms(units)
    longest = sorted(forms, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest))) if forms else None
    area = _area_of(units)
    mentions: list[Mention] = []
    for comment in comments:
        listed = [
            mention
            for match in (pattern.finditer(fold_width(comment.text)) if pattern else ())
            for mention in [_mention(comment, match, forms[match.group()])]
            if mention is not None
        ]
        mentions += [*listed, *_find_places(comment, listed, area)]
    return tuple(mentions)


def _area_of(units: Sequence[Unit]) -> str:
    """The area that all listed units share, as a path for the gazetteer."""
    path: list[str] = []
    for level in ("province", "city"):
        values = {getattr(unit.parts, level) for unit in units}
        value = values.pop() if len(values) == 1 else None
        if value is None:
            break
        path.append(value)
    return "/".join(path)


def _find_places(comment: Comment, listed: Sequence[Mention], area: str) -> Iterator[Mention]:
    """Places that a comment speaks of beside the listed units."""
    for found in scan(comment.text[:_LONGEST_COMMENT], area):
        code = found.place.code
        if code is None or found.place.status != "ok":
            continue
        if any(m.span_start < found.end and found.start < m.span_end for m in listed):
            continue
        yield Mention(
            mention_id=make_id("mention", comment.comment_id, found.start, found.raw),
            doc_id=comment.doc_id,
            comment_id=comment.comment_id,
            surface=found.raw,
            span_start=found.start,
            span_end=found.end,
            name_full=_name_of(found.place),
            kind="place",
            place_code=code,
            confidence=_PLACE_CONFIDENCE,
        )


def _name_of(place: Place) -> str:
    """Name of a place from the city down, as units are named."""
    divisions = load_gazetteer().path(place.code or "")
    below = [division.name for division in divisions if division.level != "province"]
    village = _COMMITTEE.sub("", place.village or "")
    return "".join(below) + village or "".join(division.name for division in divisions)


def _forms(units: Sequence[Unit]) -> dict[str, list[tuple[Unit, float]]]:
    """Endings of each unit's name, from the full path to its last level alone."""
    forms: defaultdict[str, list[tuple[Unit, float]]] = defaultdict(list)
    for unit in units:
        levels = [value for level in PART_LEVELS if (value := getattr(unit.parts, level))]
        for start in range(len(levels)):
            form = fold_width("".join(levels[start:]))
            bare = start == len(levels) - 1 and len(levels) > 1
            if not bare or len(form) >= _SHORTEST_BARE.get(unit.kind, 3):
                forms[form].append((unit, _BARE_CONFIDENCE if bare else 1.0))
    return forms


def _mention(
    comment: Comment, match: re.Match[str], meant: Sequence[tuple[Unit, float]]
) -> Mention | None:
    names = {unit.name_full for unit, _ in meant}
    if len(names) > 1:
        return None
    unit, confidence = meant[0]
    return Mention(
        mention_id=make_id("mention", comment.comment_id, match.start(), match.group()),
        doc_id=comment.doc_id,
        comment_id=comment.comment_id,
        surface=comment.text[match.start() : match.end()],
        span_start=match.start(),
        span_end=match.end(),
        name_full=unit.name_full,
        unit_id=unit.unit_id,
        place_code=unit.place_code,
        confidence=confidence,
    )
