"""Measures the figure rules on the hard sentences and on news, beside peers that are installed.

Peers are taken where they can be imported (`--peers FOLDER` adds a folder of packages) and are
skipped with a line where not: cn2an with a pattern, JioNLP's money parser, Recognizers-Text.

Examples:
  python bench/figures.py                      the table, about a minute
  python bench/figures.py --show               also what the rules miss
  python bench/figures.py --peers ~/peers      with the packages of that folder
"""

import argparse
import importlib
import logging
import re
import sys
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "unit" / "extract"))

from test_figures_hard import (
    Score,
    Sentence,
    is_right,
    overlaps,
    read_sentences,
    score_all,
)
from texts import DEFAULT_CACHE
from timing import time_cold

from extract.figure_records import Figure
from extract.figures import find_figures

Finder = Callable[[str], Iterable[Figure]]
"""Finds figures; a peer's results are put into the same record."""

IDLE_LOOP = 0.015
"""Seconds that 300,000 writes to a dict take on an idle machine: what speeds are scaled to."""
_CHARACTERS = 100_000
_PLAIN = re.compile(r"[0-9一二两三四五六七八九十百千万亿]+")
_NUMBER = re.compile(r"[0-9.]+[百千万亿]*|[零〇一二两三四五六七八九十百千万亿点]+")
_UNIT = re.compile(
    r"(?:平方米|公里|个月|小时|分钟|人次|美元|港元|[元%人个户名岁亩米吨斤家件倍年])?"
)


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def load_peer(name: str) -> Any:
    """Import a peer; None, and a line on stderr, when it is not installed or does not start."""
    try:
        return importlib.import_module(name)
    except Exception as error:
        say(f"{name} is skipped: {type(error).__name__}: {error}")
        return None


def find_by_cn2an() -> Finder | None:
    """A pattern of numerals and units, each read by cn2an."""
    cn2an = load_peer("cn2an")
    if cn2an is None:
        return None

    def find(text: str) -> Iterable[Figure]:
        for found in _NUMBER.finditer(text):
            try:
                value = Decimal(str(cn2an.cn2an(found.group(), "smart")))
            except (ValueError, InvalidOperation, KeyError, TypeError, IndexError):
                continue
            unit = _UNIT.match(text, found.end())
            printed = unit.group() if unit else ""
            if printed:
                yield Figure(*found.span(), found.group(), value, unit=printed)

    return find


def find_by_jionlp() -> Finder | None:
    """JioNLP's finder of money."""
    jionlp = load_peer("jionlp")
    if jionlp is None:
        return None

    def find(text: str) -> Iterable[Figure]:
        try:
            pieces = jionlp.ner.extract_money(text)
        except Exception:
            return
        for piece in pieces:
            try:
                value = Decimal(str(piece["detail"]["num"]))
            except (TypeError, KeyError, InvalidOperation):
                continue
            start, end = piece["offset"]
            yield Figure(start, end, piece["text"], value, unit=str(piece["detail"]["case"]))

    return find


def find_by_recognizers() -> Finder | None:
    """Microsoft's recognizers of numbers with units, for Chinese."""
    units = load_peer("recognizers_number_with_unit")
    if units is None:
        return None
    culture = importlib.import_module("recognizers_text").Culture.Chinese
    models = (units.recognize_currency, units.recognize_dimension, units.recognize_age)

    def find(text: str) -> Iterable[Figure]:
        for recognize in models:
            for one in recognize(text, culture):
                try:
                    value = Decimal(str(one.resolution["value"]))
                except (InvalidOperation, KeyError, TypeError):
                    continue
                unit = str(one.resolution.get("unit", ""))
                yield Figure(one.start, one.end + 1, one.text, value, unit=unit)

    return find


def score_peer(find: Finder, sentences: Iterable[Sentence]) -> Score:
    """Score as the tests do: value, unit and comparator must be right."""
    total = Score()
    for sentence in sentences:
        left = list(find(sentence.text))
        for wanted in sentence.figures:
            near = [one for one in left if overlaps(one, wanted)]
            if wanted.get("optional"):
                left = [one for one in left if one not in near]
                continue
            right = [one for one in near if is_right(one, wanted)]
            total.add(Score(1, bool(near), bool(right)))
            for one in (right or near)[:1]:
                left.remove(one)
        total.found += len(left)
    return total


def fill_dict() -> int:
    """Do the work that speeds are scaled by."""
    filled = {}
    for number in range(300_000):
        filled[number] = number
    return len(filled)


def read_news(cache: Path) -> str:
    """News of `bench/texts.py`; sentences of the hard set where these were not gathered."""
    path = cache / "texts" / "hans_news.txt"
    if path.exists():
        return path.read_text(encoding="utf-8")[:_CHARACTERS]
    say(f"{path} is missing, run bench/texts.py: the hard sentences stand in for news")
    joined = "\n".join(sentence.text for sentence in read_sentences())
    return (joined * 10)[:_CHARACTERS]


def print_speeds(text: str, peers: dict[str, Finder], runs: int) -> None:
    """Print MB/s as measured, scaled to an idle machine, and as a ratio to jieba."""
    import jieba

    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    find_figures(text[:1000])
    work: dict[str, Callable[[], object]] = {
        "figures, no nouns": lambda: len(find_figures(text, nouns=None)),
        "figures, nouns by rule": lambda: len(find_figures(text)),
        "one plain pattern": lambda: len(_PLAIN.findall(text)),
        "jieba.cut": lambda: len(jieba.lcut(text)),
    }
    for name, find in peers.items():
        work[name] = lambda find=find: sum(1 for _ in find(text))  # type: ignore[misc]
    seconds = {name: time_cold(run, runs).seconds for name, run in work.items()}
    loop = time_cold(fill_dict, runs).seconds
    size = len(text.encode()) / 1e6
    print(f"\n{'speed on ' + format(size, '.2f') + ' MB':28} MB/s  scaled  x jieba")
    for name, spent in seconds.items():
        speed = size / max(spent, 1e-9)
        ratio = seconds["jieba.cut"] / max(spent, 1e-9)
        print(f"{name:28}{speed:6.2f}{speed * loop / IDLE_LOOP:8.2f}{ratio:9.2f}")
    print(f"scaled by a loop of {loop:.4f} s that takes {IDLE_LOOP} s on an idle machine")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--show", action="store_true", help="print what the rules miss")
    parser.add_argument("--peers", type=Path, action="append", default=[], help="a folder")
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    sys.path.extend(str(folder.expanduser()) for folder in options.peers)
    sentences = list(read_sentences())
    scores, misses = score_all()
    if options.show:
        print("\n".join(misses))
    total = Score()
    for score in scores.values():
        total.add(score)
    found = {
        "cn2an and a pattern": find_by_cn2an(),
        "JioNLP money": find_by_jionlp(),
        "Recognizers-Text": find_by_recognizers(),
    }
    peers = {name: find for name, find in found.items() if find}
    print(f"{'hard set, ' + str(len(sentences)) + ' sentences':28}recall  precision")
    for name, score in {
        "figures": total,
        **{name: score_peer(find, sentences) for name, find in peers.items()},
    }.items():
        print(f"{name:28}{score.recall:6.3f}{score.precision:11.3f}")
    print_speeds(read_news(options.cache), peers, options.runs)


if __name__ == "__main__":
    main()
