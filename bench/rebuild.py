"""Measures what a build costs when pages were parsed by the build before.

The pages are the golden pages of the tests but for threads, each many times with a number of its
own: hundreds of copies of one thread would be one large thread. All builds are runs of the command,
with one process per core: the first, one with nothing new, one with a hundredth of new pages, and
one that parses everything anew.

Example:
  python bench/rebuild.py --pages 2000
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from itertools import cycle
from pathlib import Path

PAGES = Path(__file__).parents[1] / "tests" / "pages"
LARGEST = 300_000
"""Bytes of the pages that are taken: a few are large on purpose."""


def write_pages(folder: Path, numbers: range) -> None:
    folder.mkdir()
    found = [
        path
        for path in sorted(PAGES.rglob("page.html"))
        if path.stat().st_size < LARGEST
        and '"thread"' not in path.with_name("expected.json").read_text("utf-8")
    ]
    for number, path in zip(numbers, cycle(found), strict=False):
        (folder / f"{number}.html").write_bytes(path.read_bytes() + b"<!-- %d -->" % number)


def run(*arguments: str | Path) -> tuple[float, float]:
    """Seconds of the clock and of all processors that the command takes."""
    clock, before = time.perf_counter(), os.times()
    subprocess.run(
        [sys.executable, "-m", "gongshi", *map(str, arguments)],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    after = os.times()
    spent = after.children_user + after.children_system
    return time.perf_counter() - clock, spent - before.children_user - before.children_system


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=2000)
    pages: int = parser.parse_args().pages
    with tempfile.TemporaryDirectory() as scratch:
        folder, data = Path(scratch), Path(scratch) / "data"
        new = max(1, pages // 100)
        write_pages(folder / "first", range(pages))
        write_pages(folder / "new", range(pages, pages + new))
        build = ("build", "--data", data, "--accept")
        taken = {
            "first build": run("ingest", folder / "first", "--data", data),
            "nothing new": run(*build),
            f"{new} new pages": run("ingest", folder / "new", "--data", data),
            "all parsed anew": run(*build, "--reparse"),
        }
    whole = taken["all parsed anew"]
    print(f"{'':18}{'seconds':>9}{'CPU s':>8}{'of all parsed anew':>22}")
    for name, (clock, processor) in taken.items():
        share = f"{clock / whole[0]:.0%}, CPU {processor / whole[1]:.0%}"
        print(f"{name:18}{clock:9.1f}{processor:8.1f}{share:>22}")
    print(f"{pages} pages, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
