"""Geometry of the report's charts: bars by label and replies over time."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from datasets.report.view import Bar, TimelineBar

BUCKETS = 48
"""Stretches a timeline is cut into."""


def count_bars(labels: Iterable[str], limit: int, rest: str) -> tuple[Bar, ...]:
    """Count labels as bars, longest first; what is beyond ``limit`` bars goes into one of ``rest``.

    >>> [(bar.label, bar.value, bar.percent) for bar in count_bars("三三平", 8, "其他")]
    [('三', 2, 100.0), ('平', 1, 50.0)]
    """
    counts = Counter(labels).most_common()
    shown = counts if len(counts) <= limit else counts[: limit - 1]
    longest = shown[0][1] if shown else 1
    bars = [Bar(label, count, round(100 * count / longest, 1)) for label, count in shown]
    if len(shown) < len(counts):
        count = sum(count for _, count in counts[limit - 1 :])
        # The rest may outgrow the first bar: it is cut at the edge, its number says the truth.
        bars.append(Bar(rest, count, min(100.0, round(100 * count / longest, 1))))
    return tuple(bars)


def draw_timeline(replies: Sequence[tuple[datetime, bool]]) -> tuple[tuple[TimelineBar, ...], int]:
    """Draw replies over time as stacked bars of equal stretches of time.

    ``replies`` are times with whether the reply speaks of a listed unit. Gives the bars in
    hundredths of the chart and the number of replies under the highest.

    >>> bars, peak = draw_timeline([(datetime(2022, 4, 6), False), (datetime(2022, 4, 7), True)])
    >>> peak, [(bar.x, bar.mention_height) for bar in bars]
    (1, [(0.0, 0.0), (97.92, 100.0)])
    """
    if not replies:
        return (), 0
    times = [time for time, _ in replies]
    first, last = min(times), max(times)
    stretch = (last - first).total_seconds() or 1.0
    totals: Counter[int] = Counter()
    mentions: Counter[int] = Counter()
    for time, is_mention in replies:
        bucket = min(BUCKETS - 1, int((time - first).total_seconds() / stretch * BUCKETS))
        totals[bucket] += 1
        mentions[bucket] += is_mention
    peak = max(totals.values())
    width = 100 / BUCKETS
    bars = [
        TimelineBar(
            x=round(bucket * width, 2),
            width=round(width * 0.8, 2),
            height=round(100 * totals[bucket] / peak, 1),
            mention_height=round(100 * mentions[bucket] / peak, 1),
        )
        for bucket in sorted(totals)
    ]
    return tuple(bars), peak
