"""What a programme's name says of comparing its lists: ranks, alternating regions, days."""

import re
from datetime import date
from typing import Literal

import pandas as pd

from datasets.batches import Batch, list_batches

Rank = Literal["pilot", "demonstration"]

_DEMONSTRATION = re.compile("示范")
_PILOT = re.compile("试点|[实试]验[区县]|培育|创建")
_ALTERNATING = re.compile("金卓越社[區区]")
"""Programmes that visit the regions by turns: 衛生福利部's takes south and north year by year."""


def read_ranks(first: Batch, second: Batch) -> tuple[Rank, Rank] | None:
    """Tell what units of two programmes are, where one makes pilots and the other demonstrations.

    >>> make = lambda name: Batch("", name, 1, (), (), (), "", None, (), "full", ())
    >>> read_ranks(make("四川省城乡社区治理试点"), make("四川省城乡基层治理示范社区"))
    ('pilot', 'demonstration')
    """
    ranks = _read_rank(first.programme), _read_rank(second.programme)
    if ranks[0] is None or ranks[1] is None or ranks[0] == ranks[1]:
        return None
    return ranks[0], ranks[1]


def _read_rank(programme: str) -> Rank | None:
    if _DEMONSTRATION.search(programme):
        return "demonstration"
    return "pilot" if _PILOT.search(programme) else None


def alternates(batch: Batch) -> bool:
    """Tell whether the programme visits the regions by turns, so that neighbours share no area.

    >>> alternates(Batch("", "金卓越社區選拔", None, (), (), (), "", None, (), "full", ()))
    True
    """
    return _ALTERNATING.search(batch.programme) is not None


def read_day(batch: Batch) -> date | None:
    """Give the end of the last year a batch was announced in, None when no year is known.

    >>> read_day(Batch("", "", 1, (2021, 2022), (), (), "", None, (), "full", ()))
    datetime.date(2022, 12, 31)
    """
    return date(max(batch.years), 12, 31) if batch.years else None


Stage = tuple[Batch, pd.DataFrame]
"""A batch as its proposed or its decided announcements tell it, and its rows."""


def split_stages(
    batch_id: str, announcements: pd.DataFrame, units: pd.DataFrame
) -> tuple[Stage, Stage] | None:
    """Split a batch into its proposed (公示) and its decided list; None unless there are both.

    Takes the tables `announcements` and `units`, of any batches.

    >>> none = pd.DataFrame(columns=["batch_id", "status"])
    >>> split_stages("b1946ac92492d234", none, none) is None
    True
    """
    stages: list[Stage] = []
    for decided in (False, True):
        told, rows = (
            table[(table["batch_id"] == batch_id) & ((table["status"] != "proposed") == decided)]
            for table in (announcements, units)
        )
        rows = rows if "duplicate_of" not in rows else rows[rows["duplicate_of"].isna()]
        if told.empty or rows.empty:
            return None
        stages.append((list_batches(told, rows)[0], rows))
    return stages[0], stages[1]
