"""Units that sentences list: 我市嘉善县、海盐县澉浦镇等2地入选第二批实验区.

A sentence is cut into pieces; neighbouring pieces that are names form a run. A run counts when the
words beside it tell of a choice: a verb behind it (入选, 被命名为), a lead in front of it (分别是,
名单为, 命名). What follows the verb is the category of the run.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from extract.body import Block, Body
from extract.entries import Entry
from extract.listing_records import Parts
from extract.outline import Heading, Outline, read_heading, read_numbering
from extract.prose_judgement import Judgement, judge_list, read_label_before
from extract.prose_pieces import NamedPiece
from extract.prose_runs import Run, find_runs
from normalize.width import fold_width

_SENTENCE = re.compile(r"[^。!?\n]+")
_CLAUSE = re.compile(r"[,;。!?]")
# Without one of these signs no words beside a name can tell of a choice; most list lines have none.
_MAY_TELL = re.compile(
    r"[入上获评选列奖第荣摘夺通过结继合是为有即:→>]|包括|包含|涵盖|如下|名单|公布|命名|确定|认定|同意|授予|表彰|撤销|取消|保留|批准|将|对"
)
_LONGEST_SENTENCE = 4000
_LONGEST_HEADING = 30
_CATEGORY_RANK = 1
# Between two runs of one list stand its marks, or one name that could not be read.
_JOINED = re.compile(r"[,;、 ]*|、[^,;、]{2,20}、")


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
            if len(sentence) > _LONGEST_SENTENCE or not _MAY_TELL.search(sentence):
                previous = sentence
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
    alone = len({judgement.words for _, judgement in told_runs}) == 1
    for run, judgement in told_runs:
        told = (*judgement.words, sentence, previous) if alone else judgement.words
        for named in run.named:
            yield named, judgement.what, told


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


def _told_runs(sentence: str, previous: str, context: Parts) -> Iterator[tuple[Run, Judgement]]:
    """Runs of a sentence that tell of a choice, with what is said of them."""
    runs = find_runs(sentence, context)
    known = [run for run in runs if not all(named.is_bare for named in run.named)]
    total = sum(len(run.named) for run in known) if ";" in sentence else 0
    joined: list[Run] = []
    carried = False
    for run in runs:
        joined.append(run)
        if run is not runs[-1] and _JOINED.fullmatch(run.after):
            continue
        judgement = judge_list(joined, total, previous, carried)
        carried = judgement is not None and (carried or judgement.by_lead)
        if judgement is not None:
            for each in joined:
                what = read_label_before(each.before) or judgement.what
                yield each, replace(judgement, what=what)
        joined = []
