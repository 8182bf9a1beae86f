"""The record of a number in a text."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit, bounds and meaning, or a number that is something else (`role`)."""

    start: int
    """Start of the number in the text given."""
    end: int
    """End of the number, its multiplier included and its unit excluded."""
    surface: str
    """Number as printed. Example: `6.7亿`"""
    value: Decimal | None
    """Value in base units; None for a range. Example: `670000000`"""
    low: Decimal | None = None
    """Lower end of a range."""
    high: Decimal | None = None
    """Upper end of a range."""
    comparator: str = "="
    """`=` `~` `>` `<` `>=` `<=`. Example: `>`"""
    marker: str | None = None
    """Word that gave the comparator. Example: `超过`"""
    unit_raw: str | None = None
    """Unit as printed. Example: `元`"""
    unit: str | None = None
    """Base unit. Example: `元`"""
    currency: str | None = None
    """ISO code of the currency. Example: `CNY`"""
    kind: str = "count"
    """money, count, percent, area, length, duration, age, weight, ratio, multiple."""
    role: str = "figure"
    """`figure`, or what the number is instead: date, ordinal, label, identifier, index, name,
    score or word."""
    measured: str | None = None
    """What is counted. Example: `社区`"""
    measured_method: str | None = None
    """How the noun was found: rule, segmentation or header (of a table)."""
    scope: str | None = None
    """What part it speaks of. Example: `第一批`"""
    time: str | None = None
    """Time it speaks of. Example: `2020`"""
    per: str | None = None
    """What the number is given for each of. Example: `每年`"""
    modality: str = "actual"
    """actual, plan or target."""
    rule: str = ""
    """Rule that found it."""
    sentence: str = ""
    """Sentence it stands in."""
    field: Literal["title", "text"] = "text"
    """Which of the document's two texts the span points into."""
    figure_id: str = ""
    """Row id, given when the figure is put into a document."""
    doc_id: str = ""
    """Document the figure stands in."""
    duplicate_of: str | None = None
    """Figure id of the first printing of the same statement on the page."""
