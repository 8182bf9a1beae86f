"""Units that sentences list: 我市嘉善县、海盐县澉浦镇等2地入选第二批实验区.

A sentence is cut into pieces; neighbouring pieces that are names form a run. A run counts when the
words beside it tell of a choice: a verb behind it (入选, 被命名为), a lead in front of it (分别是,
名单为, 命名). What follows the verb is the category of the run.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extract.body import Block, Body
from extract.entries import Entry
from extract.listing_records import Parts
from extract.outline import Heading, Outline, read_heading, read_numbering
from extract.prose_pieces import NamedPiece, Piece, cut_pieces, read_piece
from extract.unit_names import split_name
from normalize.vocabulary import PROGRAMME_NOUN, SELECTION_VERB
from normalize.width import fold_width

_SENTENCE = re.compile(r"[^。!?\n]+")
_SEMICOLON = re.compile(r"[;;]")
_CLAUSE = re.compile(r"[,;。!?]")
_LONGEST_SENTENCE = 4000
_LONGEST_HEADING = 30
_CATEGORY_RANK = 1
_TALLY = (
    r"(?:等)?(?:在内的?)?(?:共|共计|这)*(?P<n>[\d一二两三四五六七八九十百]{1,4})"
    r"(?:个|家|名|处|所|支)?(?P<of>[一-龥]{0,10}?(?:\([^()]{1,12}\))?[一-龥、]{0,6}?)"
)
_CLOSE = re.compile(
    rf"^[)\"”]*(?:{_TALLY})?等?(?:单位|地区|地方|地|村|社区)?,?(?:也|均|都|全部|分别|双双|一并|同时|成功|顺利|正式|一举|榜上有名|,)*"
    rf"(?:(?P<verb>{SELECTION_VERB.pattern})(?:为|成为|了)*|进入|由.{{2,24}}?(?:降|转|升|调整|更名)为|予以|(?P<ended>撤销|取消|摘牌|收回))"
    r"(?P<what>[^,;。]{0,60})"
)
# Between two runs of one list stand its marks, or one name that could not be read.
_JOINED = re.compile(r"[,;、 ]*|、[^,;、]{2,20}、")
_SHARE = re.compile(r"^(?:共|有|共有)*[\d两二三四五六七八九十百]{1,4}(?:个|家|地|村|社区|处)")
_EXEMPLAR = re.compile(rf"^[)\"”]*等(?:在内的?)?(?:{_TALLY})")
_MADE = re.compile(rf"^(?:{_TALLY})?[^,;]{{0,12}}?(?:作)?为(?P<what>[^,;。]{{2,60}})")
_LISTING_LEAD = re.compile(
    r"(?:分别|依次|具体)?(?:是|为|有|包括|包含|涵盖|涉及|即|如下|名单|公布)[:,]?$|[:→>]$"
)
_CHOOSING_LEAD = re.compile(
    r"(?:命名|确定|认定|同意|授予|表彰|撤销|取消|保留|公布|批准|确认|评定|列入|推荐|评选|选定|将|对|拟)(?:了)?$"
)
_CHOICE = re.compile(
    rf"{SELECTION_VERB.pattern}|名单|命名|认定|确定|公布|授予|撤销|摘牌|公示|推荐|入围|上榜|[\d一二两三四五六七八九十]个"
)
_NEGATIVE = re.compile(
    r"未(?:能)?(?:入选|获评|上榜|通过)|没有入选|落选|去年|此前|在此之前|早在|曾|先后|前[两二三四五]批|上一?批|往年|早些年"
    r"|已(?:成功|正式|先后|有)?(?:入选|获评|获批|被|获)|之前(?:已|,)"
)
_BEFORE_LABEL = re.compile(
    r"(?P<label>[^,;:、]{2,30}?)(?:名单)?"
    r"(?:(?:\(?(?:共|共计)?[\d一二两三四五六七八九十百]{1,4}[个家名处]\)?)[,:]?(?:分别|依次|具体)?(?:是|为|有|包括|即)?:?"
    r"|[,:]?(?:分别|依次|具体)(?:是|为|有)?:?|(?:是|为|有|包括|即):?|:)$"
)
_LABEL_LEAD = re.compile(
    r"^.*?(?:其中|[我全本][省市区县州]的?|共有|入选的?|获评的?|上榜的?|获|和|以及|及|,|记者|公布的?|确定的?)"
)


@dataclass(frozen=True, slots=True)
class _Run:
    named: tuple[NamedPiece, ...]
    """The names of the run."""
    before: str
    """Text of the sentence between the run before and this one."""
    after: str
    """Text from the run's end to the next run, or the sentence's end."""


def find_prose_entries(body: Body, context: Parts) -> list[Entry]:
    """Find the units that sentences list as chosen, each once, in text order.

    Sentences that deny a choice or speak of earlier ones are left out, and so are exemplars:
    in 温江区等41个区 the name only stands for forty others, unless as many are named.

    >>> from extract.body import join_lines
    >>> from extract.lines import read_text_lines
    >>> text = "其中,我市嘉善县、海盐县澉浦镇成功入选。去年,海宁市已入选。"
    >>> body = join_lines(read_text_lines(text).lines)
    >>> entries = find_prose_entries(body, Parts(province="浙江省", city="嘉兴市"))
    >>> [entry.name.full for entry in entries]
    ['嘉兴市嘉善县', '嘉兴市海盐县澉浦镇']
    """
    found: dict[str, Entry] = {}
    outline = Outline()
    previous = ""
    last_levels: set[str] = set()
    for block in body.blocks:
        folded = fold_width(block.text)
        outline = _outline_at(folded, outline)
        for match in _SENTENCE.finditer(folded):
            sentence = match.group()
            if len(sentence) > _LONGEST_SENTENCE:
                continue
            for named, what, told in _told_names(sentence, previous, context):
                if named.is_bare and named.printed in last_levels:
                    # 大地村 for a unit named in full before.
                    continue
                last_levels.add(named.name.parts.village or "")
                entry = _entry(block, match.start(), named, _outline_of(outline, what), told)
                known = found.setdefault(entry.name.full, entry)
                if entry.outline.path and not known.outline.path:
                    found[entry.name.full] = replace(known, outline=entry.outline)
            previous = sentence
    return _settle_categories(sorted(found.values(), key=lambda entry: entry.start))


def _outline_at(folded: str, outline: Outline) -> Outline:
    """The outline below a line: a short numbered line is a heading (一、撤销称号)."""
    numbering = read_numbering(folded)
    if numbering is None or len(folded) > _LONGEST_HEADING or _CLAUSE.search(folded):
        return outline
    return outline.under(read_heading(folded[numbering.length :], numbering.rank))


def _outline_of(outline: Outline, what: str) -> Outline:
    """Headings above a sentence say what its units are; without any the sentence does."""
    if outline.path or not what:
        return outline
    return outline.under(Heading(_CATEGORY_RANK, what, what, None))


def _told_names(
    sentence: str, previous: str, context: Parts
) -> Iterator[tuple[NamedPiece, str, tuple[str, ...]]]:
    """Names that a sentence tells of, with what they have become and the words that say so."""
    told_runs = list(_told_runs(sentence, previous, context))
    alone = len({what for _, what in told_runs}) == 1
    for run, what in told_runs:
        told: tuple[str, ...] = (
            _SEMICOLON.split(run.after)[0],
            _SEMICOLON.split(run.before)[-1],
        )
        if alone:
            told = (*told, sentence, previous)
        for named in run.named:
            yield named, what, told


def _entry(
    block: Block, offset: int, named: NamedPiece, outline: Outline, told: tuple[str, ...]
) -> Entry:
    start, end = offset + named.start, offset + named.end
    return Entry(
        block.text[start:end],
        block.start + start,
        block.start + end,
        named.name,
        outline,
        None,
        named.remark,
        "body",
        told,
    )


def _settle_categories(entries: list[Entry]) -> list[Entry]:
    """One category for all is none: it is what the announcement itself is called."""
    if len({entry.outline.path for entry in entries}) > 1:
        return entries
    return [replace(entry, outline=Outline()) for entry in entries]


def _told_runs(sentence: str, previous: str, context: Parts) -> Iterator[tuple[_Run, str]]:
    """Runs of a sentence that tell of a choice, with what their units have become."""
    runs = list(_find_runs(sentence, context))
    total = sum(len(run.named) for run in runs)
    pending: list[_Run] = []
    carried = False
    for run in runs:
        pending.append(run)
        joined = run is not runs[-1] and _JOINED.fullmatch(run.after)
        if joined:
            continue
        what = _judge(pending, total, previous)
        if what is None and carried and (made := _MADE.match(pending[-1].after)):
            # 命名A为甲;B为乙: the verb stands once for all.
            what = _clean_label(made["what"])
        carried = what is not None and bool(carried or _CHOOSING_LEAD.search(pending[0].before))
        if what is not None:
            yield from ((each, _label_before(each) or what) for each in pending)
        pending = []


def _judge(runs: Sequence[_Run], total: int, previous: str) -> str | None:
    """What the units of joined runs have become, an empty text if unsaid; None if nothing is."""
    before, after = runs[0].before, runs[-1].after
    named = sum(len(run.named) for run in runs)
    if _NEGATIVE.search(before) or _NEGATIVE.match(after.lstrip(",")):
        return None
    bare = [piece for run in runs for piece in run.named if piece.is_bare]
    # 荆州3个村 speaks of an area, not of a unit.
    if named == 1 and (bare or _SHARE.match(after)):
        return None
    exemplar = _EXEMPLAR.match(after)
    if exemplar and _number(exemplar["n"]) not in {named, total}:
        return None
    closing = _CLOSE.match(after)
    if closing:
        return _clean_label(closing["what"])
    if _CHOOSING_LEAD.search(before):
        made = _MADE.match(after)
        return _clean_label(made["what"]) if made else ""
    if _LISTING_LEAD.search(before) and (_CHOICE.search(before) or _CHOICE.search(previous)):
        return ""
    return None


def _find_runs(sentence: str, context: Parts) -> Iterator[_Run]:
    named: list[NamedPiece] = []
    begin = cursor = 0
    base = context
    closed = True
    pieces = list(cut_pieces(sentence))
    spans: list[tuple[int, tuple[NamedPiece, ...]]] = []
    for piece in pieces:
        above = _context_after(named, base)
        found = read_piece(sentence, piece, above, closed or not named)
        if found is not None and piece.mark == ":" and found.after >= piece.end - 8:
            # 三台县: and 三台县3个: head a group.
            found, base = None, found.name.parts
        elif found is None and piece.mark == ":":
            base = _heading_context(sentence, piece, context) or base
        if found is None:
            if named:
                spans.append((begin, tuple(named)))
            named, closed = [], True
            continue
        begins = found.start > piece.start
        if named and (closed or begins):
            spans.append((begin, tuple(named)))
            named = []
        if not named:
            begin = found.start
        named.append(found)
        closed = found.after < piece.end or piece.mark == ";"
        if piece.mark == ";":
            base = context
    if named:
        spans.append((begin, tuple(named)))
    for number, (start, names) in enumerate(spans):
        end = spans[number + 1][0] if number + 1 < len(spans) else len(sentence)
        yield _Run(names, sentence[cursor:start], sentence[names[-1].after : end])
        cursor = names[-1].after


def _heading_context(sentence: str, piece: Piece, context: Parts) -> Parts | None:
    """The place that heads a group: 三台县(3个): or 其中三台县有."""
    head = re.sub(
        r"(?:\(?(?:共|有|共有)?[\d一二两三四五六七八九十]{1,4}[个家名处]?[一-龥]{0,4}\)?|有|为|是)$",
        "",
        sentence[piece.start : piece.end],
    )
    head = re.sub(r"^.*(?:其中|分别[是为])", "", head)
    place = split_name(head, context)
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


def _label_before(run: _Run) -> str:
    """The category that a lead names: 示范镇有, 名村5个:."""
    match = _BEFORE_LABEL.search(run.before)
    if match is None:
        return ""
    label = match["label"]
    while lead := _LABEL_LEAD.match(label):
        label = label[lead.end() :]
    is_category = PROGRAMME_NOUN.search(label) and not SELECTION_VERB.search(label)
    return _clean_label(label) if is_category else ""


_LABEL_TRIM = re.compile(
    r"^(?:为|成为|了|第[一二三四五六七八九十\d]+批次?的?|首批|(?:19|20)\d{2}年?度?)+|(?:名单|称号|的?行列|,.*)$"
)


def _clean_label(text: str) -> str:
    label = text.strip(" :,、").strip('“”"「」『』') if text.count("“") != 1 else text.strip()
    while (shorter := _LABEL_TRIM.sub("", label)) != label:
        label = shorter.strip()
    return label if len(label) > 1 else ""


def _number(text: str) -> int:
    from normalize.numerals import read_numeral

    try:
        return int(read_numeral(text))
    except ValueError:
        return -1
