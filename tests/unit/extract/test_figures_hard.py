"""Hard sentences, labelled by someone who had not seen the rules: recall and precision by class."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from extract.figure_lexicon import load_lexicon
from extract.figure_records import Figure
from extract.figure_text import fold_figures
from extract.figures import find_figures

_FILE = Path(__file__).parents[2] / "cases" / "figures_hard.jsonl"
RECALL_FLOOR, PRECISION_FLOOR = 0.97, 0.99
CLASS_FLOOR = 0.9
_ALIKE = Decimal("0.0001")


@dataclass(frozen=True)
class Sentence:
    """A sentence with its labelled figures."""

    name: str
    text: str
    figures: tuple[dict[str, Any], ...]


@dataclass
class Score:
    """What was wanted, found, and found with value, unit and comparator right."""

    wanted: int = 0
    found: int = 0
    right: int = 0

    def add(self, other: "Score") -> None:
        """Add the counts of another score."""
        self.wanted += other.wanted
        self.found += other.found
        self.right += other.right

    @property
    def recall(self) -> float:
        """Right ones among the wanted."""
        return self.right / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        """Right ones among the found."""
        return self.right / self.found if self.found else 1.0


def read_sentences() -> Iterator[Sentence]:
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Sentence(row["class"], row["text"], tuple(row["figures"]))


def fold_unit(unit: str | None) -> str | None:
    if unit is None:
        return None
    folded = fold_figures(unit)
    known = load_lexicon().units.get(folded) or load_lexicon().units.get(f"个{folded}")
    return known.base if known else folded


def read_value(wanted: object) -> Decimal:
    first, _, second = str(wanted).partition(":")
    return Decimal(first) / Decimal(second or 1)


def is_alike(value: Decimal | None, wanted: object) -> bool:
    if str(wanted).count(":") > 1:
        return value is None  # 5:3:2 has no single value
    if value is None or wanted is None:
        return value is wanted
    number = read_value(wanted)
    return abs(value - number) <= _ALIKE * max(1, abs(number))


def is_right(figure: Figure, wanted: dict[str, Any]) -> bool:
    units = [fold_unit(unit) for unit in (wanted["unit"], *wanted.get("unit_accept", ()))]
    signs = (wanted["comparator"], *wanted.get("comparator_accept", ()))
    if fold_unit(figure.unit) not in units:
        return False
    if wanted["low"] is not None:
        signs = ("=", "~", *signs)
        bounds = is_alike(figure.low, wanted["low"]) and is_alike(figure.high, wanted["high"])
        return bounds and figure.comparator in signs
    values = (wanted["value"], *wanted.get("value_accept", ()))
    return figure.comparator in signs and any(is_alike(figure.value, one) for one in values)


def overlaps(figure: Figure, wanted: dict[str, Any]) -> bool:
    end = wanted["start"] + len(wanted["surface"])
    return figure.start < end and figure.end > wanted["start"]


def score_sentence(sentence: Sentence, misses: list[str]) -> Score:
    """Compare one sentence; figures on optional labels count neither way."""
    left = [one for one in find_figures(sentence.text) if one.role == "figure"]
    score = Score()
    for wanted in sentence.figures:
        near = [one for one in left if overlaps(one, wanted)]
        right = [one for one in near if is_right(one, wanted)]
        if wanted.get("optional"):
            left = [one for one in left if one not in near]
            continue
        score.wanted += 1
        score.found += bool(near)
        score.right += bool(right)
        for one in (right or near)[:1]:
            left.remove(one)
        if not right:
            got = [(one.surface, _print(one), one.unit, one.comparator) for one in near]
            misses.append(f"{sentence.name}: {wanted['surface']} in {sentence.text} got {got}")
    score.found += len(left)
    misses += [
        f"{sentence.name}: false {one.surface} {_print(one)} {one.unit} in {sentence.text}"
        for one in left
    ]
    return score


def _print(figure: Figure) -> str:
    return str(figure.value) if figure.low is None else f"{figure.low}..{figure.high}"


def score_all() -> tuple[dict[str, Score], list[str]]:
    """Score every sentence by class; the misses come as printable lines."""
    scores: dict[str, Score] = {}
    misses: list[str] = []
    for sentence in read_sentences():
        scores.setdefault(sentence.name, Score()).add(score_sentence(sentence, misses))
    return scores, misses


def test_recall_and_precision_on_hard_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    scores, misses = score_all()
    total = Score()
    for score in scores.values():
        total.add(score)
    lines = [
        f"{name:16} recall {one.recall:.3f} precision {one.precision:.3f} of {one.wanted}"
        for name, one in sorted(scores.items())
    ]
    print("\n".join([*misses, *lines, f"all recall {total.recall:.4f} {total.precision:.4f}"]))
    assert total.recall >= RECALL_FLOOR
    assert total.precision >= PRECISION_FLOOR
    low = [name for name, one in scores.items() if min(one.recall, one.precision) < CLASS_FLOOR]
    assert not low


def test_what_is_no_figure_is_not_read_as_one() -> None:
    false = Counter[str]()
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for one in find_figures(row["text"]):
            inside = any(one.start < end and one.end > start for start, end in row["not_spans"])
            if one.role == "figure" and inside:
                false[f"{row['text']} {one.surface}"] += 1
    assert not false
