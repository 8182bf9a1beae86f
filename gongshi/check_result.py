"""What a check of the installation or of a data folder found."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "note", "problem"]
"""Fine, worth knowing, or broken."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found; what is broken, a check raises as GongshiError."""

    message: str
    """What was found and, unless it is fine, how to mend it."""
    verdict: Verdict = "ok"
    """How bad that is."""
