"""Headings of a list: numbering, counts in brackets, list titles and the path they form."""

import re
from dataclasses import dataclass, replace

from normalize.width import fold_width

_HAN_NUMBER = "[一二三四五六七八九十百]{1,4}"
# Ranks follow the order of official documents (GB/T 9704): 一、 (一) 1. (1) ①
_NUMBERINGS = (
    (re.compile(rf"^第{_HAN_NUMBER}[部章节类]分?[、:\s]*"), 0),
    (re.compile(rf"^{_HAN_NUMBER}[、.]\s*"), 1),
    (re.compile(rf"^\({_HAN_NUMBER}\)[、.]?\s*"), 2),
    (re.compile(r"^\d{1,4}[、.。](?!\d)\s*"), 3),
    (re.compile(r"^\(\d{1,4}\)[、.]?\s*"), 4),
    (re.compile(r"^[①-⑳]\s*"), 5),
    # Bullets, arrows, ticks and emoji: whatever is neither word, bracket nor quote.
    (re.compile(r"^[^\w\s()\[\]<>{}“”‘’\"'「」『』《》〈〉【】〔〕,.、。:;!?]{1,3}\s*"), 6),
)
_COUNT = re.compile(
    r"\((?:共|全省|全市|全国)?(?:计)?(\d{1,5})(?:个|家|处|名|村|社区|户)?[^()\d]{0,6}\)$"
)
_LIST_TITLE_END = re.compile(r"(?:名单|名录|一览表|汇总表)(?:\([^()]{1,20}\))?[::]?$")
_LONGEST_HEADING = 60
_SENTENCE_MARKS = re.compile(r"[。!?;]")


@dataclass(frozen=True, slots=True)
class Numbering:
    """The number a line begins with."""

    rank: int
    """Depth in the order of official documents, from 0."""
    length: int
    """Characters it takes, blanks included."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading above units."""

    rank: int
    """Depth; deeper headings have higher ranks."""
    label: str
    """Text without numbering, count and colon. Example: `便民服务型`"""
    printed: str
    """Text as it stands. Example: `(一)便民服务型(5个)`"""
    stated: int | None
    """Count in the heading. Example: `5`"""


@dataclass(frozen=True, slots=True)
class Outline:
    """The headings in force at a line, outermost first."""

    headings: tuple[Heading, ...] = ()
    """Numbered headings, one per rank."""
    list_title: str | None = None
    """The title of the list, as it stands."""

    @property
    def path(self) -> tuple[str, ...]:
        """Labels of the headings in force."""
        return tuple(heading.label for heading in self.headings)

    def under(self, heading: Heading) -> "Outline":
        """The outline below a new heading, which ends those of its rank and deeper.

        >>> outline = Outline().under(Heading(1, "社区", "一、社区", None))
        >>> outline.under(Heading(2, "服务型", "(一)服务型", None)).path
        ('社区', '服务型')
        """
        above = tuple(h for h in self.headings if h.rank < heading.rank)
        return replace(self, headings=(*above, heading))

    def titled(self, title: str) -> "Outline":
        """The outline below a new list title, which ends all headings."""
        return Outline((), title)


def read_numbering(text: str) -> Numbering | None:
    """Read the number a line begins with, None when it begins with none.

    Takes folded text (ASCII brackets and digits).

    >>> read_numbering("(一)便民服务型")
    Numbering(rank=2, length=3)
    >>> read_numbering("三台县") is None
    True
    """
    for pattern, rank in _NUMBERINGS:
        match = pattern.match(text)
        if match:
            return Numbering(rank, match.end())
    return None


def read_heading(text: str, rank: int) -> Heading:
    """Read a heading's label and count from a line whose numbering is already cut off.

    >>> read_heading("便民服务型(5个):", 2)
    Heading(rank=2, label='便民服务型', printed='便民服务型(5个):', stated=5)
    """
    label = text.strip().rstrip(":： ?？。").strip()
    count = _COUNT.search(fold_width(label))
    if count:
        return Heading(rank, label[: count.start()].strip(), text, int(count.group(1)))
    return Heading(rank, label, text, None)


def is_list_title(text: str) -> bool:
    """Tell whether a line is the title of a list.

    >>> is_list_title("城乡社区治理试点区(市、县)名单"), is_list_title("哪些地方入选试点名单?")
    (True, False)
    """
    folded = fold_width(text).strip()
    return (
        len(folded) <= _LONGEST_HEADING
        and _SENTENCE_MARKS.search(folded) is None
        and _LIST_TITLE_END.search(folded) is not None
    )
