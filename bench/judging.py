"""Damages text as sites do, runs the repair and its peers on it, and compares their lines."""

import argparse
import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

import opencc

# The generator of the corruption is what the tests use; bench and tests share it.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from corruption import Corruption, corrupt, make_corruption, to_traditional
from normalize.repair import repair
from normalize.script import to_simplified

MB = 1_000_000
TURNS = 3  # paragraphs of a mixed page before the next kind
_BRACKETS = re.compile(r"([一-龥])\([a-zāáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜüɡɑ]{1,7}\)")

Outcome = tuple[str, int, list[float]]
"""Text of a page, number of edits, confidence of each line."""


@dataclass(frozen=True)
class Method:
    """One way to get clean Simplified text from a printed page."""

    name: str
    convert: Callable[[str], Outcome]
    script: Callable[[str], str]
    """The script conversion within it."""


@dataclass(frozen=True)
class Damaged:
    """Corrupted pages and what they were before."""

    name: str
    pages: list[str]
    truths: list[str]
    traditional: list[str]

    @property
    def size(self) -> int:
        return sum(len(page.encode()) for page in self.pages)


@dataclass
class Tally:
    """Lines of one method, counted twice: against the original, and against what is left of the
    original when it is turned Traditional and back without any damage.
    """

    lines: int = 0
    exact: list[int] = field(default_factory=lambda: [0, 0])
    damaged: list[int] = field(default_factory=lambda: [0, 0])
    mended: list[int] = field(default_factory=lambda: [0, 0])
    by_confidence: list[tuple[float, bool, bool]] = field(default_factory=list)


def pages_of(lines: Sequence[str], size: int) -> list[str]:
    """Join lines to pages: at blank lines where the text has some, else at about `size`."""
    if "" in lines:
        return "\n".join(lines).split("\n\n")
    pages: list[list[str]] = [[]]
    count = 0
    for line in lines:
        if count > size:
            pages.append([])
            count = 0
        pages[-1].append(line)
        count += len(line) + 1
    return ["\n".join(page) for page in pages]


def read_lines(cache: Path, name: str, most: float) -> list[str]:
    """Read a corpus up to `most` MB."""
    path = cache / "texts" / f"{name}.txt"
    if not path.exists():
        sys.exit(f"{path} is missing: run bench/texts.py first")
    lines = path.read_text(encoding="utf-8").split("\n")
    sizes = accumulate(len(line.encode()) + 1 for line in lines)
    return [line for line, size in zip(lines, sizes, strict=True) if size <= most * MB]


def run_repair(page: str) -> Outcome:
    done = repair(page)
    starts = [0, *(match.end() for match in re.finditer("\n", page))]
    confidences = [1.0] * len(starts)
    for edit in done.edits:
        # An edit may reach over the end of a line; it counts for each line it touches.
        last = max(edit.start, edit.end - 1)
        for line in range(bisect_right(starts, edit.start) - 1, bisect_right(starts, last)):
            confidences[line] = min(confidences[line], edit.confidence)
    return to_simplified(done.text), len(done.edits), confidences


def methods() -> Iterator[Method]:
    """The repair and what else there is."""
    t2s = opencc.OpenCC("t2s").convert
    yield Method("OpenCC t2s", lambda page: (t2s(page), 0, []), t2s)
    yield Method("repair + script", run_repair, to_simplified)
    yield Method("brackets + t2s", lambda page: (t2s(_BRACKETS.sub(r"\1", page)), 0, []), t2s)
    try:
        import ftfy

        yield Method("ftfy", lambda page: (ftfy.fix_text(page), 0, []), str)
    except ImportError:
        print("ftfy is not there: run bench/texts.py", file=sys.stderr)
    try:
        import zhconv

        def zh_hans(page: str) -> str:
            return str(zhconv.convert(page, "zh-hans"))

        yield Method("zhconv", lambda page: (zh_hans(page), 0, []), zh_hans)
    except ImportError:
        print("zhconv is not there: run bench/texts.py", file=sys.stderr)


def damage(cache: Path, options: argparse.Namespace, text: str, size: int) -> Damaged:
    """Corrupt a text as one site would and cut it into pages."""
    lines, left_out = [], 0
    for line in read_lines(cache, text, options.mb):
        try:
            to_traditional(line).encode("gbk")
            lines.append(line)
        except UnicodeEncodeError:
            left_out += 1  # no site of the time could have printed it
    if left_out:
        print(f"{text}: {left_out} lines are outside GBK and left out", file=sys.stderr)
    truths = pages_of(lines, options.page)
    traditional = [to_traditional(page) for page in truths]
    site = make_corruption(size, options.seed, closing=options.closing)
    broken = _corrupt_pages(truths, site)
    return Damaged(f"{text}, {size}", broken, truths, traditional)


def mix(text: Damaged) -> Damaged:
    """Undo the damage of every other few paragraphs, in Simplified and Traditional by turns."""
    pages = []
    for page, truth, traditional in zip(text.pages, text.truths, text.traditional, strict=True):
        kinds = [side.split("\n") for side in (truth, page, traditional, page)]
        lines = range(len(kinds[0]))
        pages.append("\n".join(kinds[number // TURNS % 4][number] for number in lines))
    return Damaged(f"{text.name}, mixed", pages, text.truths, text.traditional)


def _corrupt_pages(pages: list[str], site: Corruption) -> list[str]:
    lines = iter(corrupt("\n".join(pages), site).split("\n"))
    return ["\n".join(next(lines) for _ in page.split("\n")) for page in pages]


def judge(text: Damaged, method: Method, outcomes: list[Outcome]) -> Tally:
    """Compare a method's lines with both truths."""
    tally = Tally()
    t2s = opencc.OpenCC("t2s").convert
    for number, (made, _, confidences) in enumerate(outcomes):
        truth = text.truths[number].split("\n")
        back = method.script(text.traditional[number]).split("\n")
        bare = t2s(_BRACKETS.sub(r"\1", text.pages[number])).split("\n")
        lossy = t2s(text.traditional[number]).split("\n")
        lines = made.split("\n") if made.count("\n") + 1 == len(truth) else [""] * len(truth)
        tally.lines += len(truth)
        for at, line in enumerate(lines):
            right = (line == truth[at], line in (truth[at], back[at]))
            hurt = (bare[at] != truth[at], bare[at] not in (truth[at], lossy[at]))
            for way in (0, 1):
                tally.exact[way] += right[way]
                tally.damaged[way] += hurt[way]
                tally.mended[way] += hurt[way] and right[way]
            if confidences:
                tally.by_confidence.append((confidences[at], *right))
    return tally
