"""The steps from printed lines to clean lines: repair, then script, then invisible characters."""

from collections.abc import Sequence
from dataclasses import dataclass

from normalize.repair import repair
from normalize.script import Script, detect_script, to_simplified
from normalize.width import drop_invisible


@dataclass(frozen=True, slots=True)
class CleanLines:
    """Clean lines, one for each line given, and what was done to the page."""

    lines: tuple[str, ...]
    """The clean lines, in Simplified script."""
    script: Script
    """Script of the printed page."""
    repairs: int
    """Number of places that were mended."""
    lost: int
    """Number of damaged places that were left."""


def clean_lines(printed: Sequence[str]) -> CleanLines:
    """Clean all lines of one page together, because damage shows on the page, not on a line.

    Takes lines without line breaks and returns as many.

    >>> clean_lines(["城鄉(xiāng)", "社區(qū)治理"]).lines
    ('城乡', '社区治理')
    """
    text = "\n".join(line.replace("\n", " ") for line in printed)
    repaired = repair(text)
    script = detect_script(repaired.text)
    clean = to_simplified(repaired.text) if script in {"Hant", "mixed"} else repaired.text
    lines = tuple(drop_invisible(clean).split("\n")) if printed else ()
    return CleanLines(lines, script, len(repaired.edits), repaired.lost)
