"""Runs one resolver of places on names from standard input, in a process that does nothing else.

Started by place_peers.py with the Python of the project or of the peers: one argument, the method;
in come two lists as JSON, names that are resolved without the clock and names that count, each a
row of text, context path and ISO day; out goes JSON of one `Run`.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Answer = dict[str, Any]
WARM_UP = "江苏省南京市玄武区梅园新村街道大行宫社区"


def ours() -> Callable[[str, str, str], Answer]:
    from datetime import date

    from normalize.places import resolve

    def answer(text: str, context: str, day: str) -> Answer:
        place = resolve(text, context, date.fromisoformat(day) if day else None)
        return {"status": place.status, "code": place.code, "candidates": place.candidates}

    return answer


def jionlp() -> Callable[[str, str, str], Answer]:
    import jionlp as package

    def answer(text: str, context: str, _: str) -> Answer:
        found = package.parse_location(context.replace("/", "") + text, town_village=True)
        return {level: found.get(level) for level in LEVELS}

    return answer


LEVELS = ("province", "city", "county", "town", "village")


def cpca() -> Callable[[str, str, str], Answer]:
    import cpca as package

    def answer(text: str, context: str, _: str) -> Answer:
        return {"code": package.transform([context.replace("/", "") + text])["adcode"][0]}

    return answer


def cpca_at_once(names: list[list[str]]) -> float:
    """Seconds of one call for all names, which is how this package is quick."""
    import cpca as package

    start = time.process_time()
    package.transform([context.replace("/", "") + text for text, context, _ in names])
    return time.process_time() - start


def memory(what: str) -> float:
    """MB of this process: VmRSS now, VmHWM at most."""
    rows = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(row.split()[1]) / 1024 for row in rows if row.startswith(what))


def main() -> None:
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # a peer greets on standard output
    first, names = json.load(sys.stdin)
    before = memory("VmRSS")
    start = time.perf_counter()
    answer = {"ours": ours, "jionlp": jionlp, "cpca": cpca}[sys.argv[1]]()
    answer(WARM_UP, "", "")
    load = time.perf_counter() - start
    for name in first:
        answer(*name)
    start = time.process_time()
    answers = [answer(*name) for name in names]
    seconds = time.process_time() - start
    if sys.argv[1] == "cpca":
        seconds = min(seconds, cpca_at_once(names))
    json.dump({"load": load, "seconds": seconds, "answers": answers, "before": before,
               "resident": memory("VmRSS"), "most": memory("VmHWM")}, output)  # fmt: skip
    output.flush()


if __name__ == "__main__":
    main()
