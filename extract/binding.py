"""Which announcement of a page an entry belongs to, and what status it has there."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extract.announcement import Candidate, default_status, read_status
from extract.body import Body
from extract.entries import Entry
from extract.listing_records import Status
from extract.outline import is_list_title
from extract.page_context import PageContext
from extract.programme import (
    core_of,
    find_batches,
    find_mentions,
    is_same_core,
    level_mark,
    names_only_programme,
    printed_core_of,
)
from normalize.width import fold_width

_SENTENCE = re.compile(r"[^。!?！？;；\n]+")
_CHOSEN = re.compile(r"命名|认定|确定|确认|入选|列为|评为|获评|授予|上榜|当选")
AFTERWARDS = frozenset(("reconfirmed", "withdrawn", "downgraded"))
"""Statuses that units of earlier batches get."""
_CLAUSES = 2
"""Of what a sentence tells, the clauses beside the name; the rest may speak of other units."""
_LEAD_BLOCKS = 2
"""Blocks of prose above a list that may say what it lists."""


@dataclass(frozen=True, slots=True)
class Bound:
    """An entry with its announcement."""

    entry: Entry
    """The entry."""
    candidate: Candidate
    """Programme and batch it was chosen for."""
    status: Status
    """What it has become."""


class Binder:
    """Binds the entries of one page; each text is read once.

    The words nearest to an entry decide: its headings from the inside out, the title of its list,
    the sentence that lists it, the prose above the list; what none of them says, the page says.
    """

    def __init__(self, body: Body, page: PageContext, candidates: Sequence[Candidate]) -> None:
        self._body = body
        self._page = page
        self._candidates = candidates
        announced = [c for c in candidates if c.is_announced]
        self._first = (announced or list(candidates))[0]
        self._pool = [
            c for c in candidates if c.is_announced or c.batch is not None or _is_national(c)
        ]
        self._titles = [
            number
            for number, block in enumerate(body.blocks)
            if is_list_title(block.text) or names_only_programme(block.text)
        ]
        self._starts = [block.start for block in body.blocks]
        self._statuses: dict[str, Status | None] = {}
        self._named: dict[str, Candidate | None] = {}
        self._defaults: dict[int, Status] = {}
        self._whole: dict[str, Candidate] = {}
        self._leads: dict[int, int] = {}
        self._answers: dict[tuple[tuple[str, ...], ...], tuple[Candidate, Status]] = {}
        self._batches: dict[tuple[str, int], Candidate] = {}

    def bind(self, entries: Sequence[Entry]) -> list[Bound]:
        """Bind entries, given in text order."""
        listing = {self._block_of(entry.start) for entry in entries}
        bound = []
        for entry in entries:
            headings, above = self._headings(entry), self._above(entry, listing)
            words = (headings, entry.told, above)
            if words not in self._answers:
                self._answers[words] = self._answer(headings, entry.told, above)
            bound.append(Bound(entry, *self._answers[words]))
        return bound

    def _answer(
        self, headings: tuple[str, ...], told: tuple[str, ...], above: tuple[str, ...]
    ) -> tuple[Candidate, Status]:
        """Announcement and status that the words around an entry tell, the nearest first."""
        evidence = (*headings, *told, *above)
        candidate = next((c for text in evidence if (c := self._name(text))), self._first)
        # What stands right above a list of lines; earlier prose tells how it came about.
        lead = () if told else tuple(reversed(_SENTENCE.findall("".join(above[1:2]))))
        said = (*headings, *told[:_CLAUSES], *lead)
        status = next((s for text in said if (s := self._said(text, candidate))), None)
        if status in AFTERWARDS and not any(find_batches(text) for text in said):
            candidate = self._without_batch(candidate)
        else:
            candidate = self._with_batch(candidate, headings)
        return candidate, status or self._default(candidate)

    def _said(self, text: str, candidate: Candidate) -> Status | None:
        """Status that a text tells; what it calls chosen is selected where nothing is proposed."""
        status = self._status(text)
        if status is None and _CHOSEN.search(text):
            proposed = "proposed" in {self._default(candidate), self._status(self._page.title)}
            return None if proposed else "selected"
        return status

    def _with_batch(self, candidate: Candidate, headings: Sequence[str]) -> Candidate:
        """The batch that a heading tells of a programme that the page names without one."""
        if candidate.batch is not None:
            return candidate
        for text in headings:
            for number, printed, *_ in find_batches(fold_width(text)):
                key = (candidate.core, number)
                mentions = tuple(
                    replace(m, batch=number, batch_raw=printed) for m in candidate.mentions
                )
                self._batches.setdefault(key, replace(candidate, batch=number, mentions=mentions))
                return self._batches[key]
        return candidate

    def _without_batch(self, candidate: Candidate) -> Candidate:
        """The programme itself: units of many batches are checked again or struck off together."""
        if candidate.batch is None:
            return candidate
        if candidate.core not in self._whole:
            self._whole[candidate.core] = replace(candidate, batch=None)
        return self._whole[candidate.core]

    def _headings(self, entry: Entry) -> tuple[str, ...]:
        printed = [heading.printed for heading in reversed(entry.outline.headings)]
        return (*printed, entry.outline.list_title or "")

    def _above(self, entry: Entry, listing: set[int]) -> tuple[str, ...]:
        """Title and prose above the list that an entry stands in, nearest first."""
        index = self._block_of(entry.start)
        above = bisect_right(self._titles, index) - 1
        titles = (self._body.blocks[self._titles[above]].text if above >= 0 else "",)
        if entry.told:
            return titles
        if index not in self._leads:
            # Each entry of a list looks up from the one before it.
            before = index - 1
            self._leads[index] = self._leads.get(before, before) if before in listing else before
        index = self._leads[index]
        blocks = self._body.blocks[max(0, index - _LEAD_BLOCKS + 1) : index + 1]
        return (*titles, *(block.text for block in reversed(blocks)))

    def _block_of(self, position: int) -> int:
        return max(0, bisect_right(self._starts, position) - 1)

    def _status(self, text: str) -> Status | None:
        if text not in self._statuses:
            self._statuses[text] = read_status(text)
        return self._statuses[text]

    def _default(self, candidate: Candidate) -> Status:
        key = id(candidate)
        if key not in self._defaults:
            self._defaults[key] = default_status(candidate, self._body, self._page)
        return self._defaults[key]

    def _name(self, text: str) -> Candidate | None:
        """The candidate that a text names: by programme and batch, or by its batch alone."""
        if text not in self._named:
            self._named[text] = self._find_named(text)
        return self._named[text]

    def _find_named(self, text: str) -> Candidate | None:
        if len(self._pool) < 2:
            return None
        for mention in find_mentions(text, "list_title"):
            core, printed = core_of(mention.programme), printed_core_of(mention.programme)
            same = [c for c in self._pool if is_same_core(c.core, core)]
            if mention.batch is not None:
                same = [c for c in same if c.batch == mention.batch]
            # 重点村 is batch 4 and 重点镇 batch 2 of one programme.
            same.sort(
                key=lambda c: printed not in {printed_core_of(m.programme) for m in c.mentions}
            )
            if same:
                return same[0]
        batches = {number for number, *_ in find_batches(fold_width(text))}
        same = [c for c in self._pool if c.batch in batches]
        return same[0] if len(batches) == len(same) == 1 else None


def _is_national(candidate: Candidate) -> bool:
    """Whether something speaks for a programme that bears its level: 中国美丽休闲乡村."""
    marks = {level_mark(mention.programme) for mention in candidate.mentions}
    return candidate.weight > 0 and "national" in marks
