"""Measures the resolver of place names on villages as they are printed, beside its peers.

Examples:
  python bench/places.py                             all of it, ten minutes
  python bench/places.py --only forms --show 20      the verdicts, and what failed of each form
  python bench/places.py --only forms --number 300   a first impression in some seconds
  python bench/places.py --only start speed          without the peers
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

# The generator of printed names is what the tests use; bench and tests share it.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from place_peers import (
    Names,
    Run,
    finds_county,
    finds_village,
    install_peers,
    measure_start,
    one_of_each,
    run_method,
    sample,
)
from texts import DEFAULT_CACHE

from normalize.places import resolve
from place_forms import (
    FORMS,
    PASSED,
    PlaceCase,
    Verdict,
    count_verdicts,
    draw_cases,
    draw_invented,
    judge,
)

VERDICTS: tuple[Verdict, ...] = (
    "right", "open", "approx", "needless", "guess", "wrong_ok", "wrong",
)  # fmt: skip
HEADS = ("right", "open", "approx", "passed", "needless", "guess", "wrong ok", "wrong")
WORST_FIRST = ("wrong_ok", "guess", "wrong", "needless")
PARTS = ("forms", "start", "speed", "peers")
ONE_PROVINCE = "51"


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}" if whole else "-"


def row(name: str, *cells: object) -> None:
    print(f"{name:28}" + "".join(f"{cell!s:>10}" for cell in cells), flush=True)


def form_row(form: str, counted: Counter[Verdict]) -> None:
    whole = counted.total()
    passed = sum(counted[verdict] for verdict in PASSED)
    cells = [share(counted[verdict], whole) for verdict in VERDICTS]
    row(form, *cells[:3], share(passed, whole), *cells[3:], whole)


def show(case: PlaceCase, verdict: Verdict) -> None:
    got = resolve(case.text, case.context, case.on)
    wanted = ",".join(sorted(case.right or case.shared)) or "not ok"
    codes = got.code or ",".join(got.candidates[:6])
    print(f"  {case.form} {verdict}: {case.text} | {case.context or '-'} | {case.on or 'latest'}")
    print(f"      wanted {wanted} {case.village}; got {got.status} {codes} rest {got.rest or '-'}")


def judge_all(cases: Iterable[PlaceCase]) -> list[tuple[PlaceCase, Verdict]]:
    """Resolve prefecture by prefecture, so that none is loaded twice."""
    ordered = sorted(cases, key=lambda case: [str(name) for name in case.path])
    return [(case, judge(case, resolve(case.text, case.context, case.on))) for case in ordered]


def form_rows(cases: Sequence[PlaceCase], options: argparse.Namespace) -> None:
    """Print the verdicts on every form, and on villages that do not exist."""
    print(f"\n{len(cases)} names, {len(cases) // len(FORMS)} villages in eight forms (in %)")
    row("form", *HEADS, "names")
    judged = judge_all(cases)
    counts = count_verdicts(judged)
    for form in FORMS:
        form_row(form, counts[form])
    form_row("all", sum(counts.values(), Counter()))
    for name, latest in (("villages of 2023", True), ("of earlier lists only", False)):
        form_row(name, Counter(v for case, v in judged if (case.on is None) == latest))
    made_up = judge_all(draw_invented(options.invented, options.seed))
    ok = sum(verdict == "wrong_ok" for _, verdict in made_up)
    print(f"invented villages: ok {ok} of {len(made_up)}, {share(ok, len(made_up))} %")
    bad = [pair for pair in judged if pair[1] not in PASSED]
    bad += [pair for pair in made_up if pair[1] == "wrong_ok"]
    bad.sort(key=lambda pair: WORST_FIRST.index(pair[1]))
    shown: Counter[str] = Counter()
    for case, verdict in bad:
        shown[case.form] += 1
        if shown[case.form] <= options.show:
            show(case, verdict)


def start_rows() -> None:
    """Print the cold start: import and the first village, in fresh processes."""
    start = measure_start(5)
    print("\nCold start (seconds, best of 5 fresh processes)")
    row("", "clock", "processor")
    for name, seconds in (
        ("import", start.imported),
        ("import and first village", start.answered),
        ("pyarrow.parquet, part of it", start.arrow),
    ):
        row(name, *(f"{part:.3f}" for part in seconds))


def speed_rows(cases: Sequence[PlaceCase], seed: int) -> None:
    """Print names per second and memory, with every village new to the process."""
    print("\nSpeed and memory, each in a fresh process (seconds of the processor, MB)")
    row("names", "number", "names/s", "at start", "resident", "at most")
    shuffled = list(cases)
    random.Random(seed).shuffle(shuffled)
    province = [c for c in shuffled if min(c.shared).startswith(ONE_PROVINCE)]
    by_place = sorted(cases, key=lambda case: min(case.shared))
    for name, names in (
        ("one province, loaded", one_of_each(province)),
        ("one province, shuffled", Names(province)),
        ("country, by prefecture", Names(by_place)),
        ("country, shuffled", Names(shuffled[: len(shuffled) // 8])),
    ):
        run = run_method("ours", names)
        memory = [f"{mb:.0f}" for mb in (run.before, run.resident, run.most)]
        row(name, len(names.cases), f"{len(names.cases) / run.seconds:.0f}", *memory)


def peer_rows(cases: Sequence[PlaceCase], options: argparse.Namespace) -> None:
    """Print speed and accuracy beside the peers, who get the context in front of the name."""
    python = install_peers(options.cache)
    print("\nPeers on the same names of 2023 (in %; county: right down to it, village: to the end)")
    row("method", "number", "names/s", "x JioNLP", "county", "village", "load s", "resident")
    latest = [case for case in cases if case.on is None and len(case.shared) == 1]
    province = [case for case in latest if min(case.shared).startswith(ONE_PROVINCE)]
    names = sample(latest, options.peer_names, options.seed)
    runs = peer_runs("country", Names(names), python)
    peer_runs("province, loaded", one_of_each(province), python)
    print()
    row("form", *(f"{m} {w}" for m in ("ours", "JioNLP") for w in ("cty", "vil")), "cpca cty")
    for form in FORMS:
        chosen = [n for n, case in enumerate(names) if case.form == form]
        cells = []
        for method, finds in (("ours", finds_county), ("ours", finds_village),
                              ("jionlp", finds_county), ("jionlp", finds_village),
                              ("cpca", finds_county)):  # fmt: skip
            found = sum(finds(names[n], runs[method].answers[n]) for n in chosen)
            cells.append(share(found, len(chosen)))
        row(form, *cells)


def peer_runs(label: str, names: Names, python: Path) -> dict[str, Run]:
    """Run all methods on the same names and print a row of each."""
    runs: dict[str, Run] = {}
    number = len(names.cases)
    for method in ("jionlp", "cpca", "ours"):
        say(f"peers: {label}, {method}")
        runs[method] = run = run_method(method, names, None if method == "ours" else python)
        pairs = list(zip(names.cases, run.answers, strict=True))
        county = sum(finds_county(*pair) for pair in pairs)
        village = sum(finds_village(*pair) for pair in pairs)
        times = runs["jionlp"].seconds / run.seconds
        row(f"{method} ({label})", number, f"{number / run.seconds:.0f}", f"{times:.1f}",
            share(county, number), share(village, number) if method != "cpca" else "-",
            f"{run.load:.2f}", f"{run.resident:.0f}")  # fmt: skip
    return runs


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE, help="default: %(default)s")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="parts of it")
    parser.add_argument("--number", type=int, default=3000, help="villages drawn")
    parser.add_argument("--invented", type=int, default=2000, help="villages made up")
    parser.add_argument("--peer-names", type=int, default=1600, help="names the peers get")
    parser.add_argument("--seed", type=int, default=1, help="of all that is drawn")
    parser.add_argument("--show", type=int, default=0, help="failures shown of each form")
    return parser.parse_args()


def main() -> None:
    options = read_options()
    print(f"Places as they are printed; seed {options.seed}")
    start = time.perf_counter()
    cases = draw_cases(options.number, options.seed)
    say(f"drawn in {time.perf_counter() - start:.0f} s")
    if "start" in options.only:
        start_rows()
    if "speed" in options.only:
        speed_rows(cases, options.seed)
    if "peers" in options.only:
        peer_rows(cases, options)
    if "forms" in options.only:
        form_rows(cases, options)


if __name__ == "__main__":
    main()
