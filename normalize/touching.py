"""Edits that touch, joined: one edit for a run of changed characters."""

from collections.abc import Sequence
from itertools import groupby
from operator import eq, itemgetter

from normalize.trace import Edit

_START, _END = itemgetter(0), itemgetter(1)


def join_touching(edits: Sequence[Edit]) -> list[Edit]:
    """Join edits of one kind and one confidence that follow each other without a gap.

    Takes edits in text order. Runs in time linear in the text they replace.

    >>> join_touching([Edit(0, 1, "區", "区", "script"), Edit(1, 2, "縣", "县", "script")])
    [Edit(start=0, end=2, old='區縣', new='区县', kind='script', confidence=1.0)]
    """
    met = map(eq, map(_START, edits[1:]), map(_END, edits))
    later = [i for i, touches in enumerate(met, 1) if touches and edits[i][4:] == edits[i - 1][4:]]
    joined: list[Edit] = []
    cursor = 0
    # Of the indices of edits that touch the one before, those of one run count up in step.
    for _, run in groupby(enumerate(later), key=lambda pair: pair[1] - pair[0]):
        indices = [index for _, index in run]
        first, last = indices[0] - 1, indices[-1]
        joined += [*edits[cursor:first], _join(edits[first : last + 1])]
        cursor = last + 1
    return [*joined, *edits[cursor:]]


def _join(run: Sequence[Edit]) -> Edit:
    old, new = "".join(edit.old for edit in run), "".join(edit.new for edit in run)
    return run[0]._replace(end=run[-1].end, old=old, new=new)
