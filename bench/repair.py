"""Measures the text repair beside its peers on clean, damaged and bad text, in one table.

Examples:
  python bench/repair.py                      all of it, a quarter of an hour
  python bench/repair.py --quick              a first impression in two minutes
  python bench/repair.py --sizes 100 3000     other sizes of the sites' tables of readings
  python bench/repair.py --text hans_reviews --seed 7
"""

import argparse
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import opencc
from judging import MB, Damaged, Tally, damage, judge, methods, mix, pages_of, read_lines

# judging has put the folder of the generator on the path.
from badinput import bad_texts  # isort: skip
from corruption import corrupt, make_corruption, to_traditional  # isort: skip
from texts import DEFAULT_CACHE
from timing import Timed, time_cold

from normalize.repair import repair

SURE = 0.99


@dataclass(frozen=True)
class Table:
    """Columns on the terminal, where Chinese characters take two places."""

    widths: tuple[int, ...]
    left: int
    """How many columns stand to the left; the others hold numbers."""

    def row(self, *cells: object) -> None:
        every = (*cells, *[""] * (len(self.widths) - len(cells)))
        pairs = enumerate(zip(every, self.widths, strict=True))
        line = " ".join(self._pad(cell, width, n < self.left) for n, (cell, width) in pairs)
        print(line.rstrip(), flush=True)

    def _pad(self, cell: object, width: int, left: bool) -> str:
        text = f"{cell:.3g}" if isinstance(cell, float) else str(cell)
        wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
        blanks = " " * (width - len(text) - wide)
        return text + blanks if left else blanks + text


MAIN = Table((28, 16, 6, 7, 7, 8, 7, 9, 8, 7), 2)
HEADS = ("text", "method", "MB", "edits", "lines", "damaged", "lines*", "damaged*", "MB/s", "x t2s")
CONFIDENCE = Table((28, 16, 8, 8, 8, 8), 2)
SIZES = Table((36, 8, 8, 8, 8), 1)


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}" if whole else "-"


def clean_rows(cache: Path, options: argparse.Namespace) -> None:
    print("\nClean text, page by page: the repair should make no edit")
    t2s = opencc.OpenCC("t2s").convert
    sums: dict[str, list[float]] = {}
    for name in sorted(path.stem for path in (cache / "texts").glob("*.txt")):
        say(f"clean: {name}")
        pages = pages_of(read_lines(cache, name, options.clean_mb), options.page)
        size = sum(len(page.encode()) for page in pages) / MB
        timed = time_cold(lambda p=pages: [len(repair(page).edits) for page in p], options.runs)
        other = time_cold(lambda p=pages: [len(t2s(page)) for page in p], options.runs)
        if timed.result is None or other.result is None:
            MAIN.row(name, "repair", size, "failed")
            continue
        edits = timed.result
        MAIN.row(name, "repair", size, sum(edits), *[""] * 4, *_speeds(size, timed, other))
        show_edits([page for page, count in zip(pages, edits, strict=True) if count], options.show)
        kind = "textbooks" if name.startswith("textbook") else "without textbooks"
        for key in (kind, "all"):
            parts = (size, sum(edits), timed.seconds, other.seconds)
            sums[key] = [a + b for a, b in zip(sums.get(key, [0.0] * 4), parts, strict=True)]
    for key, (size, count, seconds, other_seconds) in sums.items():
        speeds = size / seconds, other_seconds / seconds
        MAIN.row(f"clean: {key}", "repair", size, int(count), *[""] * 4, *speeds)


def _speeds(size: float, timed: Timed[Any], other: Timed[Any]) -> tuple[float, float]:
    """MB/s, and how many times as fast as the other one."""
    return size / timed.seconds, other.seconds / timed.seconds


def show_edits(pages: list[str], most: int) -> None:
    for page in pages[:most]:
        edit = repair(page).edits[0]
        near = page[max(0, edit.start - 20) : edit.end + 20].replace("\n", "/")
        say(f"  {edit.old!r} -> {edit.new!r} ({edit.kind}) in {near}")


def damaged_rows(text: Damaged, options: argparse.Namespace) -> Tally | None:
    """Print a row per method; hand back the repair's lines."""
    base, repaired = 0.0, None
    size = text.size / MB
    for method in methods():
        if text.name.endswith("mixed") and method.name in ("ftfy", "zhconv"):
            continue  # slow, and they mend none of the damaged lines on the unmixed pages
        say(f"damaged: {text.name}, {method.name}")
        timed = time_cold(lambda m=method: [m.convert(p) for p in text.pages], options.runs)
        if timed.result is None:
            MAIN.row(text.name, method.name, size, "failed")
            continue
        tally = judge(text, method, timed.result)
        speed = size / timed.seconds
        base = base or speed  # plain OpenCC comes first
        cells: list[object] = []
        for way in (0, 1):
            cells.append(share(tally.exact[way], tally.lines))
            cells.append(share(tally.mended[way], tally.damaged[way]))
        edits = sum(edits for _, edits, _ in timed.result)
        MAIN.row(text.name, method.name, size, edits or "", *cells, speed, speed / base)
        if tally.by_confidence:
            repaired = tally
    alone = time_cold(lambda: [len(repair(p).edits) for p in text.pages], options.runs)
    if alone.result is not None:
        speed = size / alone.seconds
        MAIN.row(text.name, "repair alone", size, "", *[""] * 4, speed, speed / base)
    return repaired


def confidence_rows(tallies: list[tuple[str, Tally]]) -> None:
    print("\nConfidence: of the lines with it, how many are right (in %)")
    CONFIDENCE.row("text", "confidence", "of all", "right", "right*", "lines")
    groups = {name: tally.by_confidence for name, tally in tallies}
    for name, tally in tallies:
        group = "all mixed" if name.endswith("mixed") else "all damaged"
        groups[group] = groups.get(group, []) + tally.by_confidence
    for name, lines in groups.items():
        for low, high in ((SURE, 1.01), (0.9, SURE), (0.5, 0.9), (0.0, 0.5)):
            taken = [line for line in lines if low <= line[0] < high]
            rights = [share(sum(line[way] for line in taken), len(taken)) for way in (1, 2)]
            label = f">= {low}" if high > 1 else f"{low} to {high}"
            CONFIDENCE.row(name, label, share(len(taken), len(lines)), *rights, len(taken))


def size_rows(texts: list[tuple[str, str]], runs: int, limit: float) -> None:
    """Print how long whole texts take, each as one page."""
    SIZES.row("text", "MB", "edits", "seconds", "MB/s")
    for name, text in texts:
        say(f"timing: {name}")
        timed = time_cold(lambda text=text: len(repair(text).edits), runs, limit)
        size = len(text.encode("utf-8", "surrogatepass")) / MB
        if timed.result is None:
            SIZES.row(name, size, "-", f"> {limit:.0f}" if timed.seconds >= limit else "failed")
        else:
            SIZES.row(name, size, timed.result, timed.seconds, size / timed.seconds)


def linear_texts(cache: Path, options: argparse.Namespace) -> list[tuple[str, str]]:
    lines = read_lines(cache, "hans_news", 1000)
    site = make_corruption(options.sizes[0], options.seed)
    broken = corrupt("\n".join(lines), site)
    traditional = to_traditional("\n".join(lines))
    found = []
    for name, text in (("clean Traditional", traditional), ("damaged", broken)):
        for mb in (0.25, 0.5, 1) if options.quick else (1, 2, 4):
            part = text.encode()[: int(mb * MB)].decode(errors="ignore")
            found.append((f"{name}, one page of {mb} MB", part))
    return found


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE, help="default: %(default)s")
    parser.add_argument("--text", nargs="+", default=["hans_news", "hans_reviews"],
                        help="corpora that are damaged; default: %(default)s")  # fmt: skip
    parser.add_argument("--sizes", nargs="+", type=int, default=[300, 1000],
                        help="characters in the sites' tables; default: %(default)s")  # fmt: skip
    parser.add_argument("--mb", type=float, default=1.0, help="clean text to damage, in MB")
    parser.add_argument("--clean-mb", type=float, default=100, help="of each clean text, in MB")
    parser.add_argument("--page", type=int, default=1500, help="characters of a page")
    parser.add_argument("--seed", type=int, default=1, help="of the sites' tables")
    parser.add_argument("--closing", default="", help="tag behind each line, such as </p>")
    parser.add_argument("--runs", type=int, default=3, help="best of so many")
    parser.add_argument("--limit", type=float, default=120, help="seconds for one bad text")
    parser.add_argument("--show", type=int, default=0, help="edits on clean text shown per corpus")
    parser.add_argument("--quick", action="store_true", help="a tenth of the text, one run")
    options = parser.parse_args()
    if options.quick:
        options.mb, options.clean_mb, options.runs = options.mb / 10, 0.3, 1
    return options


def warm_up(cache: Path) -> None:
    """Load all dictionaries, with a text and a table that are not measured."""
    lines = read_lines(cache, "hans_manuals", 0.01)
    page = corrupt("\n".join(lines), make_corruption(200, 999))
    for method in methods():
        method.convert(page)


def main() -> None:
    options = read_options()
    sys.path.append(str(options.cache / "peers"))  # behind the project's own packages
    warm_up(options.cache)
    print("Repair beside its peers; one process, best of", options.runs, "cold runs")
    print("lines, damaged: % exact; with *: losses of the script conversion forgiven")
    MAIN.row(*HEADS)
    clean_rows(options.cache, options)
    tallies = []
    for text in options.text:
        for size in options.sizes:
            print(f"\nDamaged text: {text}, a table of {size} characters; mixed with clean lines")
            whole = damage(options.cache, options, text, size)
            for pages in (whole, mix(whole)):
                tally = damaged_rows(pages, options)
                if tally:
                    tallies.append((pages.name, tally))
    confidence_rows(tallies)
    print("\nTime grows with the text")
    size_rows(linear_texts(options.cache, options), options.runs, options.limit)
    print("\nBad input")
    site = make_corruption(options.sizes[0], options.seed)
    lines = read_lines(options.cache, "hans_news", 1000)
    scale = 0.1 if options.quick else 1.0
    size_rows(bad_texts(lines, site, scale), 1, options.limit)


if __name__ == "__main__":
    main()
