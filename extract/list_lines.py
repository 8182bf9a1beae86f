"""The lines of a body as lists use them: one stretch of text each, without numbers and noise."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extract.body import Block, Body
from extract.lines import Line
from extract.outline import Numbering, read_numbering
from normalize.vocabulary import AUTHORITY
from normalize.width import fold_width

# 上海市:松江区 山东省:诸城市 are two groups on one line.
_NEXT_GROUP = re.compile(
    r"(?<=\S)\s+(?=[一-龥]{2,12}(?:\(\d{1,4}[个家]?\))?:\S|[①-⑳]|\(\d{1,3}\)[一-龥]|\d{1,3}[、.．][一-龥])"
)
# 湖北省。秭归县: on damaged pages the colon of a group has become another mark.
_LOST_COLON = re.compile(r"^(?P<area>[一-龥]{2,8}(?:省|自治区|市|自治州|兵团))[。?](?=[一-龥])")
# Copy protection: a blank and a few random signs at the end of a line.
_NOISE = re.compile(
    r"\s(?=[!-~]{5,12}$)(?=[^\s]*[^\w\s.,()-])[!-~]{5,12}$|\s(?=[A-Za-z0-9_*]{6,10}$)\S+$"
)
_DATE_LINE = re.compile(
    r"^\(?(?:19|20|二〇|二○|二0)[\d〇○一二三四五六七八九零]{2}年.{1,4}月.{1,4}日\)?$"
)
_ISSUER = re.compile(
    rf"(?:{AUTHORITY})|[一-龥]{{2,30}}(?:委员会|办公室|办公厅|领导小组|政府|联合会|总队|[部厅局委办院])"
)
_MOST_SIGNERS = 12
_LONGEST_SIGNATURE = 60


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line of a body, or a group that shares its line with others."""

    text: str
    """Folded text, of the same length as the printed one."""
    printed: str
    """Text as it stands in the body."""
    start: int
    """Start in the body's text."""
    line: Line
    """The line with its markup."""
    numbering: Numbering | None
    """The number it begins with."""
    is_signature: bool = False
    """Whether it belongs to the block of issuers above a date."""

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table."""
        return self.line.kind == "table_row"

    @property
    def offset(self) -> int:
        """Characters of the number."""
        return self.numbering.length if self.numbering else 0


def cut_list_lines(body: Body) -> list[ListLine]:
    """Cut a body into the lines that lists are read from.

    >>> from extract.body import join_lines
    >>> from extract.lines import read_text_lines
    >>> body = join_lines(read_text_lines("上海市：松江区 山东省：诸城市").lines)
    >>> [line.printed for line in cut_list_lines(body)]
    ['上海市：松江区', '山东省：诸城市']
    """
    signatures = _find_signatures(body)
    lines: list[ListLine] = []
    for number, block in enumerate(body.blocks):
        folded = fold_width(block.text)
        for start, end in _cut_groups(block, folded):
            text = _LOST_COLON.sub(r"\g<area>:", folded[start:end])
            lines.append(
                ListLine(
                    text,
                    block.text[start:end],
                    block.start + start,
                    block.line,
                    read_numbering(text),
                    number in signatures,
                )
            )
    return lines


def _cut_groups(block: Block, folded: str) -> Iterator[tuple[int, int]]:
    """Spans of the groups of a line, mostly one, without the noise behind them."""
    if block.line.kind == "table_row":
        yield 0, len(folded)
        return
    noise = _NOISE.search(folded)
    end = noise.start() if noise else len(folded)
    cursor = 0
    for gap in _NEXT_GROUP.finditer(folded, 0, end):
        yield cursor, gap.start()
        cursor = gap.end()
    yield cursor, end


def _find_signatures(body: Body) -> frozenset[int]:
    """Numbers of the blocks that sign: names of offices right above a date, and the date.

    GB/T 9704 puts the issuers above the date at the end of a document.
    """
    found: set[int] = set()
    for number, block in enumerate(body.blocks):
        if len(block.text) > 24 or not _DATE_LINE.match(fold_width(block.text).replace(" ", "")):
            continue
        found.add(number)
        for above in range(number - 1, max(-1, number - 1 - _MOST_SIGNERS), -1):
            if not _is_signer(body.blocks[above]):
                break
            found.add(above)
    return frozenset(found)


def _is_signer(block: Block) -> bool:
    if block.line.kind == "table_row" or len(block.text) > _LONGEST_SIGNATURE:
        return False
    offices = re.split(r"[\s、,]+", fold_width(block.text).strip())
    return all(_ISSUER.fullmatch(office) for office in offices if office)
