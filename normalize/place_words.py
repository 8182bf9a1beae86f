"""Whether a place name in running text is a name there, or a piece of other words."""

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from normalize.words import load_words

_LONGEST_WORD = 4
_BEFORE, _BEHIND = 5, 4
"""Characters beside a name that are looked at: more than a word on each side."""
_TAKEN_ENDS = {
    "市": "场",
    "区": "域别间块",
    "乡": "镇土亲情下间里音愁",
    "镇": "压定静痛",
    "旗": "帜袍",
    "道": "路",
}
"""Characters that take the last one of a name to themselves: 北京市场, 江北区域."""

_ROAD = ("路", "大街", "大道", "街")
_SIDES = "东南西北中"


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """Names of divisions that running text uses for other things, too; see the data file."""

    everyday: frozenset[str]
    """Counties whose names without their type are words. Example: `和平`"""
    weak_cities: frozenset[str]
    """Cities whose names without 市 need another division beside them. Example: `日照`"""
    common_nouns: frozenset[str]
    """Names that every city could have. Example: `开发区`"""


@cache
def load_place_words() -> PlaceWords:
    """Load the words from `data/place_words.toml`.

    >>> "开发区" in load_place_words().common_nouns
    True
    """
    packed = resources.files("normalize") / "data" / "place_words.toml"
    words = tomllib.loads(packed.read_text(encoding="utf-8"))
    return PlaceWords(**{name: frozenset(text.split()) for name, text in words.items()})


def ends_in_another_word(text: str, start: int, end: int) -> bool:
    """Tell whether the type character of a name belongs to what follows it.

    >>> ends_in_another_word("北京市场", 0, 3), ends_in_another_word("北京市区", 0, 3)
    (True, False)
    """
    following = text[end : end + 1]
    if text[start:end].endswith("乡") and following == "村":
        return text[end + 1 : end + 2] not in {"民", "委"}
    return bool(following) and following in _TAKEN_ENDS.get(text[end - 1], "")


def begins_a_road(text: str, end: int) -> bool:
    """Tell whether a road named after a place stands here: 南京路, 北京东路.

    >>> begins_a_road("南京东路", 2), begins_a_road("南京东部", 2)
    (True, False)
    """
    return text.startswith(_ROAD, end + (text[end : end + 1] in _SIDES and end < len(text)))


def stands_alone(text: str, span: tuple[int, int], rarity: float, behind: int = _BEHIND) -> bool:
    """Tell whether a name is a word of its own, by the likeliest chain of words around it.

    `rarity` is the log probability of the name where jieba's dictionary does not know better,
    `behind` the number of characters behind it that may take its last one to themselves.

    >>> stands_alone("记者到达州市采访", (3, 6), -13.0), stands_alone("湘西山区", (1, 4), -13.0)
    (True, False)
    """
    start, end = span
    low, high = max(0, start - _BEFORE), min(len(text), end + behind)
    return _stands_alone(text[low:high], start - low, end - low, rarity)


@lru_cache(maxsize=16384)
def _stands_alone(text: str, start: int, end: int, rarity: float) -> bool:
    short = end - start == 2
    if not (short or _is_crossed(text, start) or _is_crossed(text, end)):
        return True
    model = load_words()
    # 和县 and 任县 are words of the dictionary, at a share that prose about other things belies.
    named_short = short and text[end - 1] in "县区镇乡"
    own = rarity if named_short else max(model.words.get(text[start:end], rarity), rarity)
    apart = model.score(text[:start]) + own + model.score(text[end:])
    return apart >= model.score(text) - 1e-9


def _is_crossed(text: str, at: int) -> bool:
    """Whether a word begins before a position and ends behind it."""
    words = load_words().words
    for begin in range(max(0, at - _LONGEST_WORD + 1), at):
        for end in range(at + 1, min(len(text), begin + _LONGEST_WORD) + 1):
            if text[begin:end] in words:
                return True
    return False


def is_word(text: str, rarity: float) -> bool:
    """Tell whether a text is a word of jieba's dictionary that is more common than `rarity`.

    >>> is_word("建设", -12.0), is_word("柳荫", -12.0)
    (True, False)
    """
    return load_words().words.get(text, rarity) > rarity
