"""Which listed units a reply speaks of."""

import re
from collections import defaultdict
from collections.abc import Sequence

from extract.listing_records import PART_LEVELS, Unit
from extract.records import Comment, Mention
from normalize.ids import make_id
from normalize.width import fold_width

_SHORTEST_BARE = {"community": 4, "village": 3}
"""Characters of a bare last level: 东社区 is too common a name, 石牛镇 is not."""
_BARE_CONFIDENCE = 0.7


def link_mentions(comments: Sequence[Comment], units: Sequence[Unit]) -> tuple[Mention, ...]:
    """Find the listed units that comments name, in full or by the end of their name.

    The longest form wins at each place. A form that fits several units is left open, so that
    古城社区 alone is no mention where two towns list one. Comments are only read, they never make
    a unit.

    >>> link_mentions([], [])
    ()
    """
    forms = _forms(units)
    if not forms:
        return ()
    pattern = re.compile("|".join(map(re.escape, sorted(forms, key=len, reverse=True))))
    return tuple(
        mention
        for comment in comments
        for match in pattern.finditer(fold_width(comment.text))
        for mention in [_mention(comment, match, forms[match.group()])]
        if mention is not None
    )


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
        confidence=confidence,
    )
