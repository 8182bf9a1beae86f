"""Rows per level of places over the batches of a programme, beside what the batches state."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from datasets.batches import Batch, read_coverage
from datasets.report.view import Cell, ProgrammeLine, Spread
from extract.unit_kinds import kinds_of

LEVELS = ("county", "town", "settlement", "body")
"""Levels from the top down; the last one is of units that are no places."""

_LEVEL_OF: Mapping[str, str] = MappingProxyType(
    {
        # Announcements count prefectures and counties in one (区县), and so does a level.
        **dict.fromkeys(("prefecture", "county", "corps_division", "corps_regiment"), "county"),
        **dict.fromkeys(("street", "town", "township"), "town"),
        **dict.fromkeys(("community", "village", "natural_village"), "settlement"),
        **dict.fromkeys(("tw_community", "corps_company"), "settlement"),
    }
)


def level_of(kind: str) -> str:
    """Give the level of a kind of unit.

    >>> level_of("street"), level_of("museum")
    ('town', 'body')
    """
    return _LEVEL_OF.get(kind, "body")


def spread_levels(lines: Sequence[ProgrammeLine]) -> tuple[Spread, ...]:
    """Count the rows of every level that occurs, batch by batch, beside the stated counts.

    >>> spread_levels([ProgrammeLine(None, (2, 2))])
    ()
    """
    spreads = [
        Spread(level, tuple(_count_level(line.batch, level) for line in lines)) for level in LEVELS
    ]
    return scale_spreads(
        [spread for spread in spreads if any(cell.found or cell.stated for cell in spread.cells)]
    )


def _count_level(batch: Batch | None, level: str) -> Cell:
    if batch is None:
        return Cell(None)
    found = sum(count for kind, count in batch.found if level_of(kind) == level)
    return Cell(None if batch.scope == "mention" else found, read_stated(batch, level))


def read_stated(batch: Batch, level: str) -> int | None:
    """Add up what a batch states for a level; None where that is not clear.

    It is not clear when two counts speak of one kind of unit (村(社区) 22 beside 社区 12), or when
    the list has a kind at this level that no count speaks of.

    >>> third = Batch("b1946ac92492d234", "四川省城乡社区治理试点", 3, (2022,), ("selected",), (),
    ...               "区(市、县) 41 / 社区 150", 191, (("community", 14),), "full", ())
    >>> read_stated(third, "settlement"), read_stated(third, "town")
    (150, None)
    """
    total = 0
    spoken: Counter[str] = Counter()
    for share in read_coverage(batch):
        kinds = kinds_of(share.of) or frozenset()
        if {level_of(kind) for kind in kinds} == {level}:
            total += share.stated
            spoken.update(kinds)
    found = {kind for kind, _ in batch.found if level_of(kind) == level}
    return total if spoken and max(spoken.values()) == 1 and found <= spoken.keys() else None


def scale_spreads(spreads: Sequence[Spread]) -> tuple[Spread, ...]:
    """Give every cell its length beside the largest of all.

    >>> scale_spreads([Spread("town", (Cell(4), Cell(1)))])[0].cells[1].percent
    25.0
    """
    longest = max((cell.found or 0 for spread in spreads for cell in spread.cells), default=0) or 1
    return tuple(
        replace(
            spread,
            cells=tuple(
                replace(cell, percent=round(100 * (cell.found or 0) / longest, 1))
                for cell in spread.cells
            ),
        )
        for spread in spreads
    )
