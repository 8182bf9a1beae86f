"""Feeds damaged golden pages to the parser: no exception, bounded time per byte, bounded memory.

    .venv/bin/python bench/fuzz.py                   # 20,000 mutants
    .venv/bin/python bench/fuzz.py --count 2000 --seed 7 --save FOLDER

Prints one line for each kind of failure and a summary; a mutant is named by seed and number, and
`--save` writes the bytes of those that failed. The exit code is 1 where anything failed.
"""

import argparse
import random
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from extract.page import Page  # noqa: E402
from extract.parse import parse_document, parse_page  # noqa: E402
from layout_pages import load_layout_pages  # noqa: E402
from page_mutants import mutate  # noqa: E402

NOW = datetime(2024, 3, 18, 2, tzinfo=UTC)
WHOLE_EVERY = 4
"""Every fourth mutant is read for units, figures and comments as well."""
SECONDS, SECONDS_PER_BYTE = 3.0, 1e-4
"""CPU time allowed per mutant."""
HANGS = 60
"""Seconds after which a mutant is given up."""
MEGABYTES = 400
"""Memory that all mutants together may add."""


@dataclass
class Tally:
    """What came of the mutants."""

    failures: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, int, int] = (0.0, 0, 0)
    bytes_read: int = 0
    seconds: float = 0.0


def load_pages() -> list[Page]:
    golden = [
        Page(path.read_bytes(), "http://a.cn/thread-1-1-1.html", "text/html", None, NOW)
        for path in sorted((ROOT / "tests" / "pages").glob("*/*/page.html"))
    ]
    return [page.page for page in load_layout_pages()] + golden


def make_mutants(seed: int, count: int) -> Iterator[tuple[int, Page]]:
    """Each mutant has a generator of its own, so that one can be made again alone."""
    pages = load_pages()
    bodies = [page.body for page in pages]
    for number in range(count):
        rng = random.Random(f"{seed}/{number}")
        page = rng.choice(pages)
        yield number, replace(page, body=mutate(page.body, rng, bodies))


def read_mutant(number: int, page: Page, tally: Tally) -> str | None:
    """Read one mutant; tell what went wrong."""
    parse = parse_page if number % WHOLE_EVERY == 0 else parse_document
    started = time.process_time()
    signal.alarm(HANGS)
    try:
        records = parse(page, None)
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {Path(frame.filename).name}:{frame.lineno}: {error}"[
            :200
        ]
    finally:
        signal.alarm(0)
        took = time.process_time() - started
        tally.seconds += took
        tally.bytes_read += len(page.body)
        tally.slowest = max(tally.slowest, (took, len(page.body), number))
    document = getattr(records, "document", records)
    tally.types[document.page_type] += 1
    if took > SECONDS + SECONDS_PER_BYTE * len(page.body):
        return f"slow: {took:.1f} s for {len(page.body):,} bytes"
    return None


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--count", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--save", type=Path)
    chosen = options.parse_args()
    signal.signal(signal.SIGALRM, _give_up)
    tally = Tally()
    for page in load_pages():
        parse_page(page, None)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number, page in make_mutants(chosen.seed, chosen.count):
        failure = read_mutant(number, page, tally)
        if failure:
            tally.failures[failure.split(":")[0]] += 1
            print(f"{chosen.seed}/{number}: {failure}", flush=True)
            if chosen.save:
                chosen.save.mkdir(parents=True, exist_ok=True)
                (chosen.save / f"{chosen.seed}-{number}.html").write_bytes(page.body)
    added = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    took, size, number = tally.slowest
    print(f"{chosen.count:,} mutants, {tally.bytes_read / 1e6:.0f} MB in {tally.seconds:.0f} s CPU")
    print(
        f"slowest {took:.2f} s for {size:,} bytes ({chosen.seed}/{number}); +{added:.0f} MB memory"
    )
    print("page types:", dict(tally.types.most_common()))
    print("failures:", dict(tally.failures) or "none")
    return int(bool(tally.failures) or added > MEGABYTES)


def _give_up(_signal: int, _frame: object) -> None:
    raise TimeoutError(f"no end after {HANGS} s")


if __name__ == "__main__":
    sys.exit(main())
