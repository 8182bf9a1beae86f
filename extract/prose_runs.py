"""Runs of names in a sentence: neighbouring pieces that are all units."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.listing_records import Parts
from extract.prose_pieces import NamedPiece, Piece, cut_pieces, read_piece
from extract.unit_names import split_name

_HEADING_END = 8
"""Characters behind a name that still head a group: 三台县3个:."""
_COUNT_END = re.compile(
    r"(?:\(?(?:共|有|共有)?[\d一二两三四五六七八九十]{1,4}[个家名处]?[一-龥]{0,4}\)?|有|为|是)$"
)
_HEADING_LEAD = re.compile(r"^.*(?:其中|分别[是为])")


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring names of a sentence."""

    named: tuple[NamedPiece, ...]
    """The names of the run."""
    before: str
    """Text of the sentence between the run before and this one."""
    after: str
    """Text from the run's end to the next run, or the sentence's end."""


def find_runs(sentence: str, context: Parts) -> list[Run]:
    """Find the runs of a folded sentence, in text order.

    `context` holds the levels that short names inherit; a place before a colon heads the names up
    to the next semicolon.

    >>> text = "其中嘉善县、海盐县澉浦镇入选,桐乡市获评"
    >>> [[named.printed for named in run.named] for run in find_runs(text, Parts(city="嘉兴市"))]
    [['嘉善县', '海盐县澉浦镇'], ['桐乡市']]
    """
    return _RunReader(sentence, context).read()


class _RunReader:
    """Reads a sentence piece by piece; a run ends where a piece is no name, or has words behind."""

    def __init__(self, sentence: str, context: Parts) -> None:
        self._sentence = sentence
        self._context = context
        self._base = context
        self._named: list[NamedPiece] = []
        self._closed = True
        self._runs: list[tuple[NamedPiece, ...]] = []

    def read(self) -> list[Run]:
        for piece in cut_pieces(self._sentence):
            found = self._read_piece(piece)
            if piece.mark == ":":
                found = self._read_heading(piece, found)
            if found is None:
                self._end_run()
            else:
                self._add(found, piece)
            if piece.mark == ";":
                self._base = self._context
        self._end_run()
        return list(self._with_words())

    def _read_piece(self, piece: Piece) -> NamedPiece | None:
        starts = self._closed or not self._named
        above = _context_after(self._named, self._base)
        found = read_piece(self._sentence, piece, above, starts)
        if found is not None and found.is_bare and found.name.parts.unit:
            # 黄山学院 behind a street of 屯溪区 does not lie in that street.
            return read_piece(self._sentence, piece, self._base, starts)
        return found

    def _read_heading(self, piece: Piece, found: NamedPiece | None) -> NamedPiece | None:
        """Take the place before a colon as the context of what follows; other names stay names."""
        if found is None:
            self._base = _heading_context(self._sentence, piece, self._context) or self._base
            return None
        if found.after < piece.end - _HEADING_END:
            return found
        self._base = found.name.parts
        return None

    def _add(self, found: NamedPiece, piece: Piece) -> None:
        leads = found.start > piece.start and not self._named
        if self._closed or leads:
            self._end_run()
        self._named.append(found)
        self._closed = found.after < piece.end or piece.mark == ";"

    def _end_run(self) -> None:
        if self._named:
            self._runs.append(tuple(self._named))
        self._named = []
        self._closed = True

    def _with_words(self) -> Iterator[Run]:
        cursor = 0
        ends = [names[0].start for names in self._runs[1:]] + [len(self._sentence)]
        for names, following in zip(self._runs, ends, strict=False):
            end = names[-1].after
            before = self._sentence[cursor : names[0].start]
            yield Run(names, before, self._sentence[end:following])
            cursor = end


def _heading_context(sentence: str, piece: Piece, context: Parts) -> Parts | None:
    """The place that heads a group: 三台县(3个): or 其中三台县有."""
    head = _COUNT_END.sub("", sentence[piece.start : piece.end])
    place = split_name(_HEADING_LEAD.sub("", head), context)
    known = place is not None and place.place.status == "ok"
    return place.parts if place is not None and known and place.parts.village is None else None


def _context_after(run: Sequence[NamedPiece], context: Parts) -> Parts:
    """Levels that a short name inherits from the one before it.

    It lies in the same county, and in the same town only when the name before lies below one: in
    东华街道、凤凰社区 the street is a unit of its own.
    """
    if not run:
        return context
    parts = run[-1].name.parts
    if parts.county is None and parts.city is None:
        return context
    below_town = parts.village is not None or parts.unit is not None
    return Parts(
        province=parts.province,
        city=parts.city,
        county=parts.county,
        town=parts.town if below_town else None,
    )
