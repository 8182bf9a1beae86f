"""The steps from printed lines to clean lines: repair, one code point per character, script."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from normalize.repair import repair
from normalize.script import Script, simplify
from normalize.trace import Trace
from normalize.width import unify

_SURE = 0.9


@dataclass(frozen=True, slots=True)
class CleanLines:
    """Clean lines, one for each line given, and what was done to the page."""

    lines: tuple[str, ...]
    """The clean lines, in Simplified script."""
    script: Script
    """Script of the printed page."""
    repairs: int = 0
    """Number of places that were mended."""
    lost: int = 0
    """Number of damaged places that were left, or that hold a character which is gone."""
    doubtful: tuple[tuple[str, str], ...] = ()
    """What was printed and what was made of it, where the repair is not sure."""
    trace: Trace = field(default_factory=Trace)
    """Edits from the printed lines to the clean ones, both joined with line feeds."""


def clean_lines(printed: Sequence[str]) -> CleanLines:
    """Clean all lines of one page together, because damage shows on the page, not on a line.

    Takes lines without line breaks and returns as many. Radicals become ideographs before the
    script is converted, since only ideographs have a Simplified form.

    >>> clean = clean_lines(["城鄉(xiāng)", "社區(qū)治理"])
    >>> clean.lines
    ('城乡', '社区治理')
    >>> clean.trace.to_printed(4, 5)
    (11, 12)
    """
    text = "\n".join(line.replace("\n", " ") for line in printed)
    repaired = repair(text)
    unified = unify(repaired.text)
    simplified = simplify(unified.text)
    return CleanLines(
        lines=tuple(simplified.text.split("\n")) if printed else (),
        script=simplified.script,
        repairs=len(repaired.edits),
        lost=repaired.lost,
        doubtful=tuple((e.old, e.new) for e in repaired.edits if e.confidence < _SURE),
        trace=Trace().then(repaired.edits).then(unified.edits).then(simplified.edits),
    )
