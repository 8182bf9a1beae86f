"""Speed, memory and start of the resolver of places, each in a fresh process, beside its peers."""

import json
import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# The generator of printed names is what the tests use; bench and tests share it.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from place_forms import PlaceCase
from place_lists import short_name, town_forms

HERE = Path(__file__).resolve().parent
_COLD = """
from time import perf_counter as clock, process_time as processor
starts = clock(), processor()
from normalize.places import resolve
print(clock() - starts[0], processor() - starts[1])
resolve("四川省绵阳市三台县潼川镇草堂社区")
print(clock() - starts[0], processor() - starts[1])
"""
_ARROW = """
from time import perf_counter as clock, process_time as processor
starts = clock(), processor()
import pyarrow.parquet
print(clock() - starts[0], processor() - starts[1])
"""


@dataclass(frozen=True)
class Run:
    """What one method did in a process of its own."""

    answers: list[dict[str, Any]]
    seconds: float
    """Of the processor, for all names but one that comes before."""
    load: float
    """Seconds of the clock from nothing to the first answer."""
    before: float
    resident: float
    most: float
    """Memory in MB: at the start, at the end, at most."""


@dataclass(frozen=True)
class Start:
    """Seconds in a fresh process, of the clock and of the processor, each the best of some."""

    imported: tuple[float, ...]
    answered: tuple[float, ...]
    """Import and first village."""
    arrow: tuple[float, ...]
    """pyarrow.parquet alone, which is a part of it."""


@dataclass(frozen=True)
class Names:
    """Names to resolve, in this order."""

    cases: Sequence[PlaceCase]
    before: Sequence[PlaceCase] = ()
    """Names that are resolved first, without the clock, to load what is loaded."""


def run_method(method: str, names: Names, python: Path | None = None) -> Run:
    """Resolve names with `ours`, `jionlp` or `cpca`."""
    rows = [
        [(c.text, c.context, c.on.isoformat() if c.on else "") for c in cases]
        for cases in (names.before, names.cases)
    ]
    command = [str(python or sys.executable), str(HERE / "place_child.py"), method]
    done = subprocess.run(
        command, input=json.dumps(rows).encode(), stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    return Run(**json.loads(done.stdout))


def measure_start(runs: int) -> Start:
    """Start afresh some times; the interpreter's own start is not in it."""
    cold = [_python(_COLD) for _ in range(runs)]
    arrow = [_python(_ARROW) for _ in range(runs)]
    best = [min(column) for column in zip(*cold, strict=True)]
    return Start(
        tuple(best[:2]), tuple(best[2:]), tuple(min(column) for column in zip(*arrow, strict=True))
    )


def _python(code: str) -> list[float]:
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=True)
    return [float(cell) for cell in done.stdout.split()]


def install_peers(cache: Path) -> Path:
    """Put the peers into an environment of their own; hand back its Python."""
    folder = cache / "place-peers"
    python = folder / "bin" / "python"
    wanted = HERE / "requirements-places.txt"
    installed = folder / "installed.txt"
    if installed.exists() and installed.read_bytes() == wanted.read_bytes():
        return python
    cache.mkdir(parents=True, exist_ok=True)
    print("installing the peers", file=sys.stderr, flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-deps", "-r", str(wanted)], check=True)
    installed.write_bytes(wanted.read_bytes())
    return python


def one_of_each(cases: Sequence[PlaceCase]) -> Names:
    """Set one village of each prefecture apart, to load the prefectures."""
    first: dict[str, frozenset[str]] = {}
    for case in cases:
        first.setdefault(min(case.shared)[:4], case.shared)
    apart = set(first.values())
    rest = [case for case in cases if case.shared not in apart]
    return Names(rest, [case for case in cases if case.shared in apart])


def sample(cases: Sequence[PlaceCase], number: int, seed: int) -> list[PlaceCase]:
    """Draw names, all forms alike, in random order."""
    by_form: dict[str, list[PlaceCase]] = {}
    for case in cases:
        by_form.setdefault(case.form, []).append(case)
    rng = random.Random(seed)
    taken = [c for found in by_form.values() for c in rng.sample(found, number // len(by_form))]
    rng.shuffle(taken)
    return taken


def finds_county(case: PlaceCase, answer: dict[str, Any]) -> bool:
    """Whether the answer is right down to the county, by code or by name."""
    if "code" in answer:
        code = answer["code"] or ""
        return any(code[:6] == right[:6] for right in case.shared)
    province, city, county = case.path[:3]
    named = answer["city"] == city if city else True
    # 东莞市 and its like have no county.
    return bool(answer["province"] == province and named and answer["county"] in (county, city))


def finds_village(case: PlaceCase, answer: dict[str, Any]) -> bool:
    """Whether the whole path is right."""
    if not finds_county(case, answer):
        return False
    if "code" in answer:
        return answer.get("status") in ("ok", "approx") and answer["code"] in case.shared
    town, village = answer["town"] or "", answer["village"] or ""
    same_town = bool({*town_forms(town)} & {*town_forms(str(case.path[3]))})
    return same_town and short_name(village) == short_name(case.village)
