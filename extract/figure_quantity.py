"""A number with its unit, before its sentence is looked at."""

from dataclasses import dataclass

from extract.figure_lexicon import Unit
from extract.figure_numbers import Amount


@dataclass(slots=True)
class Quantity:
    """A number with its unit, before its sentence is looked at."""

    start: int
    """Start of the number."""
    end: int
    """End of the number, its multiplier included."""
    amount: Amount
    """Value or bounds in base units."""
    unit: Unit | None
    """Unit; None when none is printed."""
    unit_end: int
    """End of the unit as printed, where the noun may follow."""
    rule: str
    """Rule that read it."""
