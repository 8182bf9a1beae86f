"""Defence of spreadsheets: texts that they would run as formulas become plain texts."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

# What programs skip before a formula: controls, blanks of all kinds, marks without width.
_SKIPPED = (
    r"\x00-\x20\x7f\x{85}\x{a0}\x{ad}\x{1680}\x{180e}\x{2000}-\x{200f}\x{2028}-\x{202f}"
    r"\x{205f}-\x{206f}\x{3000}\x{feff}"
)
# = + - @ as in OWASP's "CSV Injection", full-width and small ones, which IMEs and programs fold to
# them, and the minus sign.
_STARTS = r"=+\-@＝＋－＠﹦﹢﹣﹫−"

# The apostrophes in front are those of an earlier defence: to take one away gives the text back.
DANGEROUS = rf"^'*(?:[\t\r\x00]|[{_SKIPPED}]*[{_STARTS}])"
"""RE2 pattern of texts that a spreadsheet may take for a formula."""

PLAIN_NUMBER = r"^[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?\z"
"""RE2 pattern of texts that start like a formula and are only a number."""


def find_dangerous(texts: pa.Array) -> pa.Array:
    """Tell for each text, or null, whether a spreadsheet may take it for a formula.

    Takes strings and gives booleans.

    >>> find_dangerous(pa.array(["=1+1", "　＝1", "-12.5", "古城社区", None])).to_pylist()
    [True, True, False, False, None]
    """
    starts = pc.match_substring_regex(texts, DANGEROUS)
    return pc.and_not(starts, pc.match_substring_regex(texts, PLAIN_NUMBER))


def defuse(texts: pa.Array) -> pa.Array:
    """Put an apostrophe before each text that a spreadsheet may take for a formula.

    Takes and gives strings; nulls stay. A text that was defused is dangerous still, so to take one
    apostrophe from every dangerous text gives all texts back.

    >>> defuse(pa.array(["=1+1", "@名单", "-12.5", "it's"])).to_pylist()
    ["'=1+1", "'@名单", '-12.5', "it's"]
    """
    dangerous = find_dangerous(texts)
    if not pc.any(dangerous).as_py():
        return texts
    return pc.if_else(dangerous, pc.binary_join_element_wise("'", texts, ""), texts)


def defuse_texts(texts: Sequence[str | None]) -> list[str | None]:
    """Defuse texts of Python, the header for example.

    >>> defuse_texts(["+86", "=HYPERLINK(A1)", None])
    ['+86', "'=HYPERLINK(A1)", None]
    """
    defused: list[str | None] = defuse(pa.array(texts, pa.string())).to_pylist()
    return defused
