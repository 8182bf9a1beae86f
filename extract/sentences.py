"""Units that a sentence lists: 我市嘉善县、海盐县澉浦镇…成功入选."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extract.body import Body
from extract.entries import Entry, read_unit
from extract.listing_records import Parts
from extract.outline import Outline
from extract.unit_names import UnitName
from normalize.vocabulary import SELECTION_VERB
from normalize.width import fold_width

_SENTENCE = re.compile(r"[^。!?;\n]+")
_SEPARATOR = re.compile(r"[、,]|以及|及|和|与")
_LEAD = re.compile(r"^.*?(?:其中|我[省市区县州]的?|包括|分别[为是]|名单为|有|是|为|:|将|推荐的?)")
_TAIL = re.compile(
    rf"(?:等?(?:\d+个?[一-龥()、]{{0,12}})?(?:均|都|也|分别|双双)?(?:{SELECTION_VERB.pattern}).*|等)$"
)
_EXEMPLAR = re.compile(r"等(\d+)个?")
_LISTING = re.compile(rf"{SELECTION_VERB.pattern}|分别[为是]|名单如下|包括|名单为")
_NEGATIVE = re.compile(r"未(?:能)?(?:入选|获评|上榜)|没有入选|落选|去年|此前|曾")
_LONGEST_SENTENCE = 4000


@dataclass(frozen=True, slots=True)
class _Named:
    printed: str
    start: int
    end: int
    name: UnitName


def find_sentence_entries(body: Body, context: Parts) -> list[Entry]:
    """Find the units that sentences list as selected, each once, in text order.

    Sentences that deny a selection or speak of earlier ones are left out, and so are exemplars:
    in 温江区等41个区 the name only stands for forty others, unless as many are named.

    >>> from extract.body import join_lines
    >>> from extract.lines import read_text_lines
    >>> text = "其中,我市嘉善县、海盐县澉浦镇成功入选。去年,海宁市已入选。"
    >>> body = join_lines(read_text_lines(text).lines)
    >>> entries = find_sentence_entries(body, Parts(province="浙江省", city="嘉兴市"))
    >>> [entry.name.full for entry in entries]
    ['嘉兴市嘉善县', '嘉兴市海盐县澉浦镇']
    """
    folded = fold_width(body.text)
    found: dict[str, Entry] = {}
    for match in _SENTENCE.finditer(folded):
        sentence = match.group()
        if len(sentence) > _LONGEST_SENTENCE or not _LISTING.search(sentence):
            continue
        if _NEGATIVE.search(sentence):
            continue
        for named in _list_of(sentence, context):
            start, end = match.start() + named.start, match.start() + named.end
            entry = Entry(
                body.text[start:end], start, end, named.name, Outline(), None, None, "body"
            )
            found.setdefault(named.name.full, entry)
    return sorted(found.values(), key=lambda entry: entry.start)


def _list_of(sentence: str, context: Parts) -> list[_Named]:
    """The longest run of neighbouring pieces that are all units."""
    runs: list[list[_Named]] = [[]]
    for start, end in _pieces(sentence):
        named = _read_piece(sentence, start, end, _context_after(runs[-1], context))
        if named is None:
            runs.append([])
        else:
            runs[-1].append(named)
            if _closes(sentence, named.end):
                runs.append([])
    longest = max(runs, key=len)
    if not longest:
        return []
    following = sentence[longest[-1].end :]
    exemplar = _EXEMPLAR.match(following)
    if exemplar and int(exemplar.group(1)) != len(longest):
        return []
    told = SELECTION_VERB.search(following) or _LEAD.match(sentence[: longest[0].start])
    return longest if told else []


def _pieces(sentence: str) -> Iterator[tuple[int, int]]:
    cursor = 0
    for separator in _SEPARATOR.finditer(sentence):
        if separator.group() in "及和与" and not _may_separate(sentence, separator):
            continue
        if separator.start() > cursor:
            yield cursor, separator.start()
        cursor = separator.end()
    if cursor < len(sentence):
        yield cursor, len(sentence)


def _may_separate(sentence: str, separator: re.Match[str]) -> bool:
    """和 stands in names as well (和平区, 和顺县): it separates only behind the end of a unit."""
    before = sentence[max(0, separator.start() - 2) : separator.start()]
    return before.endswith(tuple("县区市旗镇乡村道场校馆司")) or before.endswith("社区")


def _read_piece(sentence: str, start: int, end: int, context: Parts) -> _Named | None:
    """Read one piece, cutting the words that lead into the list or close it."""
    text = sentence[start:end]
    tail = _TAIL.search(text)
    if tail:
        text = text[: tail.start()]
    for lead in (0, *_lead_ends(text)):
        candidate = text[lead:].strip()
        if not candidate:
            continue
        name = read_unit(candidate, context)
        if name is not None and _is_sure(name, context):
            offset = start + sentence[start:].index(candidate, lead)
            return _Named(candidate, offset, offset + len(candidate), name)
    return None


def _is_sure(name: UnitName, context: Parts) -> bool:
    """In prose a unit must be known, or lie below a known place, and not be the area itself."""
    if name.kind in {"prefecture", "county"}:
        return name.place.status == "ok" and name.parts != context
    return bool(name.place.steps)


def _lead_ends(text: str) -> Iterator[int]:
    """Ends of lead words, outermost first: ……其中|我市|嘉善县."""
    cursor = 0
    while match := _LEAD.match(text[cursor:]):
        cursor += match.end()
        yield cursor


def _closes(sentence: str, end: int) -> bool:
    return sentence.startswith("等", end)


def _context_after(run: list[_Named], context: Parts) -> Parts:
    """Short names behind a full one lie in the same county."""
    if not run:
        return context
    parts = run[-1].name.parts
    if parts.county is None:
        return context
    return Parts(province=parts.province, city=parts.city, county=parts.county)
