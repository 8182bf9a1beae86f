"""Cases in JSON files: a text, what should come of it, and whether that is reached today.

`pass` must come out as wanted, `stay` must come out as it went in, `fail` is a known failure: it
must differ from what is wanted, is counted in the summary, and breaks the run on the day it comes
out right, so that it is promoted.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest

_FOLDER = Path(__file__).parent / "cases"
KNOWN_FAILURES: list[str] = []


@dataclass(frozen=True)
class Case:
    """One case of a file."""

    name: str
    text: str
    expect: Literal["pass", "fail", "stay"]
    why: str
    want: str = ""
    options: dict[str, str] = field(default_factory=dict)

    def check(self, actual: str) -> None:
        """Compare what came out with what the case expects."""
        wanted = self.text if self.expect == "stay" else self.want
        if self.expect != "fail":
            assert actual == wanted, self.why
            return
        KNOWN_FAILURES.append(f"{self.name}: {self.why}")
        assert actual != wanted, f"{self.name} comes out right now: expect pass"


def cases(file: str) -> pytest.MarkDecorator:
    """Parametrize a test's argument `case` with the cases of `tests/cases/<file>.json`."""
    rows = json.loads((_FOLDER / f"{file}.json").read_text(encoding="utf-8"))
    found = [Case(**{**row, "name": f"{file}/{row['name']}"}) for row in rows]
    return pytest.mark.parametrize("case", found, ids=[case.name for case in found])
