"""The unit 社区 behind 社群, the word that converters to Taiwan's usage put in its place."""

import re
from functools import cache

from normalize.script_region import load_script_words

_CERTAIN = 0.98
_LIKELY = 0.85
# s2twp lets a 社区 stand now and then, where it cuts the words otherwise.
_RARELY = 10


def find_communities(simplified: str) -> list[tuple[int, float]]:
    """Find each 社群 that stands for 社区: the position of 群 and how sure that is.

    Takes a text in Simplified script from a page that a converter made Traditional. 社群 is a unit
    of administration where offices, numbers or names of units stand beside it (0.98); on a page
    with such a place and hardly any 社区 it is one wherever it is not said of people or media
    (0.85), for OpenCC's s2twp turns nearly every 社区 into 社群.

    >>> find_communities("城乡社群治理，社群媒体")
    [(3, 0.98)]
    >>> find_communities("社群媒体"), find_communities("某街道3个社群，建好社群")
    ([], [(6, 0.98), (11, 0.85)])
    """
    anywhere, *telling = _patterns()
    possible = {match.end() - 1 for match in anywhere.finditer(simplified)}
    found = {match.end() - 1 for pattern in telling for match in pattern.finditer(simplified)}
    certain = found & possible
    converted = simplified.count("社区") * _RARELY < simplified.count("社群")
    chosen = possible if certain and converted else certain
    return [(at, _CERTAIN if at in certain else _LIKELY) for at in sorted(chosen)]


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Patterns that end with 社群: where it may be a unit, then where it is one."""
    words = {name: row.split() for name, row in load_script_words()["community"].items()}
    behind = "".join(f"(?<!{re.escape(word)})" for word in words["not_preceded_by"])
    before = "|".join(f"(?<={re.escape(word)})" for word in words["preceded_by"])
    return (
        re.compile(f"{behind}社群(?!{'|'.join(map(re.escape, words['not_followed_by']))})"),
        re.compile(f"社群(?={'|'.join(map(re.escape, words['followed_by']))})"),
        re.compile(f"(?:{before})社群"),
        re.compile("[0-9〇一二三四五六七八九十百千万两余多]个[一-鿿]{0,6}社群"),
        re.compile("(?:街道|办事处|[镇乡])[一-鿿]{1,8}社群(?![一-鿿])"),
    )
