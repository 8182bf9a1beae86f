"""Which announcement of a page an entry belongs to, and what status it has there."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from extract.announcement import Candidate, PageContext, default_status, read_status
from extract.body import Body
from extract.entries import Entry
from extract.listing_records import Status
from extract.outline import is_list_title
from extract.programme import (
    core_of,
    find_batches,
    find_mentions,
    is_same_core,
    names_only_programme,
    printed_core_of,
)
from normalize.width import fold_width

_SENTENCE = re.compile(r"[^。!?！？;；\n]+")
_CHOSEN = re.compile(r"命名|认定|确定|确认|入选|列为|评为|获评|授予|上榜|当选")
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
        self._pool = [c for c in candidates if c.is_announced or c.batch is not None]
        self._titles = [
            number
            for number, block in enumerate(body.blocks)
            if is_list_title(block.text) or names_only_programme(block.text)
        ]
        self._starts = [block.start for block in body.blocks]
        self._statuses: dict[str, Status | None] = {}
        self._named: dict[str, Candidate | None] = {}
        self._defaults: dict[int, Status] = {}

    def bind(self, entries: Sequence[Entry]) -> list[Bound]:
        """Bind entries, given in text order."""
        listing = {self._block_of(entry.start) for entry in entries}
        bound = []
        for entry in entries:
            evidence = (*self._headings(entry), *entry.told, *self._above(entry, listing))
            candidate = next((c for text in evidence if (c := self._name(text))), self._first)
            said = (*self._headings(entry), *entry.told[:_CLAUSES])
            said = (*said, *self._last_above(entry, listing))
            status = next((s for text in said if (s := self._status(text))), None)
            if status is None and entry.told and _CHOSEN.search(entry.told[0]):
                status = self._chosen(candidate)
            bound.append(Bound(entry, candidate, status or self._default(candidate)))
        return bound

    def _chosen(self, candidate: Candidate) -> Status | None:
        """Status of units that a clause calls chosen, on a page that also tells of others."""
        default = self._default(candidate)
        titled = self._status(self._page.title)
        return "selected" if titled is None and default != "proposed" else None

    def _headings(self, entry: Entry) -> tuple[str, ...]:
        printed = [heading.printed for heading in reversed(entry.outline.headings)]
        return (*printed, entry.outline.list_title or "")

    def _above(self, entry: Entry, listing: set[int]) -> tuple[str, ...]:
        """Title and prose above the list that an entry stands in, nearest first."""
        index = self._block_of(entry.start)
        above = bisect_right(self._titles, index) - 1
        titles = (self._body.blocks[self._titles[above]].text,) if above >= 0 else ()
        if entry.told:
            return titles
        while index in listing:
            index -= 1
        blocks = self._body.blocks[max(0, index - _LEAD_BLOCKS + 1) : index + 1]
        return (*titles, *(block.text for block in reversed(blocks)))

    def _last_above(self, entry: Entry, listing: set[int]) -> tuple[str, ...]:
        """The sentences right above a list, the nearest first."""
        if entry.told:
            return ()
        above = self._above(entry, listing)[-_LEAD_BLOCKS:][:1]
        return tuple(part for text in above for part in reversed(_SENTENCE.findall(text)))

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
