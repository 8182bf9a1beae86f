"""How near an extractor's answers come to the truth about pages."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from article_pages import Labelled

from normalize.script import to_simplified

Answer = dict[str, Any]
"""title, published, authors (one string), source, text; None or "" where nothing was found."""

GRAM = 4
QUIET = 200
"""Characters from which an answer on a page without article is no silence."""
_ANSWERED_BY = {
    "body": "text", "good": "text", "loud": "text", "title": "title", "day": "published",
    "time": "published", "source": "source", "author": "authors", "author_false": "authors",
}  # fmt: skip
_MARKS = re.compile("[\\s\u200b\u200c\u200d\ufeff|•·\\-—_*#]+")
_BLANKS = re.compile(r"\s+")
_TIME = re.compile(
    r"(?P<year>(?:19|20)\d\d)\D{1,3}(?P<month>\d{1,2})\D{1,3}(?P<day>\d{1,2})"
    r"(?:\D{0,4}(?P<clock>\d{1,2}:\d\d(?::\d\d)?))?"
)


@dataclass(frozen=True)
class Scores:
    """Means over pages, 0 to 1; None where no page has the truth or the method gives no answer."""

    body: float | None
    """F1 of the body, each page alike."""
    good: float | None
    """Pages whose F1 is .9 or more."""
    title: float | None
    day: float | None
    time: float | None
    """Of the pages that print a time, those where it is right as far as it is printed."""
    source: float | None
    author: float | None
    """Of the pages that name authors, those of which one is found."""
    author_false: float | None
    """Of all pages whose authors are known, those with another name instead."""
    loud: float | None
    """Of the pages that hold no article, those on which one is found."""


def score(pages: Sequence[Labelled], answers: Sequence[Answer]) -> Scores:
    """Score the answers on all pages."""
    pairs = list(zip(pages, answers, strict=True))
    articles = [(page, answer) for page, answer in pairs if page.is_article]
    bodies = [
        score_body(page.text, page.optional, answer.get("text") or "")
        for page, answer in articles
        if page.text is not None
    ]
    dated = [(p.published, read_time(a.get("published"))) for p, a in articles if p.published]
    authors = [_judge_author(page, answer) for page, answer in articles if page.authors is not None]
    others = [answer for page, answer in pairs if not page.is_article]
    made = Scores(
        _mean(bodies),
        _mean(value >= 0.9 for value in bodies),
        _mean(_has_title(page, answer) for page, answer in articles if page.title),
        _mean(read_time(truth)[:10] == found[:10] for truth, found in dated),
        _mean(found.startswith(read_time(truth)) for truth, found in dated if ":" in truth),
        _mean(_has_source(page, answer) for page, answer in articles if page.source),
        _mean(found for found, _, named in authors if named),
        _mean(other for _, other, _ in authors),
        _mean(len(_bare(answer.get("text"))) >= QUIET for answer in others),
    )
    given = set().union(*answers)
    unknown = [name for name, key in _ANSWERED_BY.items() if key not in given]
    return replace(made, **dict.fromkeys(unknown))


def score_body(truth: str, optional: Iterable[str], found: str) -> float:
    """Give F1 of the pieces of four characters that two texts share.

    Blanks, dashes and marks of lists do not count, nor do script and width. Optional pieces are
    taken out of what was found.
    """
    right, text = _bare(truth), _bare(found)
    for piece in map(_bare, optional):
        if piece and piece not in right:
            text = text.replace(piece, "", 1)
    ours, theirs = _grams(right), _grams(text)
    shared = (ours & theirs).total()
    return 2 * shared / (ours.total() + theirs.total()) if shared else 0.0


def read_time(value: object) -> str:
    """Print a time as `2022-04-06 11:15:00`, as far as it goes.

    >>> read_time("2022年4月6日 9:05")
    '2022-04-06 09:05'
    """
    found = _TIME.search(str(value or ""))
    if not found:
        return ""
    day = f"{found['year']}-{int(found['month']):02d}-{int(found['day']):02d}"
    if not found["clock"]:
        return day
    hour, _, rest = found["clock"].partition(":")
    return f"{day} {int(hour):02d}:{rest}"


def _has_title(page: Labelled, answer: Answer) -> bool:
    found = _plain(answer.get("title"))
    return bool(found) and found in map(_plain, page.title or ())


def _has_source(page: Labelled, answer: Answer) -> bool:
    found = _plain(answer.get("source"))
    names = map(_plain, page.source or ())
    return any(name in found or (len(found) > 1 and found in name) for name in names)


def _judge_author(page: Labelled, answer: Answer) -> tuple[bool, bool, bool]:
    """Whether an author was found, whether somebody else was, whether the page names any."""
    found, names = _plain(answer.get("authors")), list(map(_plain, page.authors or ()))
    hit = any(name in found for name in names)
    right = hit or any(name in found for name in map(_plain, page.source or ()))
    return hit, bool(found) and not right, bool(names)


def _grams(text: str) -> Counter[str]:
    if len(text) < GRAM:
        return Counter([text] if text else [])
    return Counter(text[at : at + GRAM] for at in range(len(text) - GRAM + 1))


def _bare(text: str | None) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", to_simplified(text or "")))


def _plain(text: str | None) -> str:
    return _BLANKS.sub("", unicodedata.normalize("NFKC", to_simplified(text or "")))


def _mean(values: Iterable[float]) -> float | None:
    numbers = list(values)
    return sum(numbers) / len(numbers) if numbers else None
