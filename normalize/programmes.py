"""The canon of programmes: one name for each, whatever a page prints."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from normalize.vocabulary import province_of
from normalize.width import fold_width

_NATIONAL = ("全国", "中国", "国家", "中华")
_PROVINCE = "{province}"
_LEVEL_WORD = re.compile(r"^(?:省级|全省|我省|市级|全市|我市|自治区级|全区|县级|区级|全县)的?")
_BRACKETS = re.compile(r"\([^()]*\)")
_LOOSE = re.compile(r"[\s“”\"'‘’「」『』《》〈〉·、,]+")
_END = re.compile(r"(?:(?:创建)?(?:名单|单位|称号|荣誉称号|对象)|创建|名录)$")


def name_programme(printed: str, province: str | None) -> str:
    """Name a programme as its canon does, or as printed with its province in front.

    Level words (省级, 全省) give way to the province; national programmes keep their name. The
    canon is `data/programmes.toml`, kept by hand.

    >>> name_programme("省级社区治理与服务创新实验区", "浙江省")
    '浙江省社区治理和服务创新实验区'
    >>> name_programme("全国民主法治示范社区", "四川省")
    '全国民主法治示范村(社区)'
    >>> name_programme("五星达标村", None)
    '五星达标村'
    """
    area, stem = _split_area(fold_width(printed), province)
    known = _load_canon().get(fold_programme(stem))
    if known is None:
        return area + stem
    # A name with a prefecture in front (常州市绿色社区) is that prefecture's own programme.
    return known.replace(_PROVINCE, area) if known.startswith(_PROVINCE) else known


def stem_of_canon(printed: str) -> str:
    """Canonical name of a programme without a province; unknown names stay as printed.

    >>> stem_of_canon("省级社区治理与服务创新实验区")
    '社区治理和服务创新实验区'
    """
    stem = _split_area(fold_width(printed), None)[1]
    known = _load_canon().get(fold_programme(stem))
    return stem if known is None else known.removeprefix(_PROVINCE)


def fold_programme(name: str) -> str:
    """Fold a programme's name to what its spellings share.

    >>> fold_programme("全国“一村一品”示范村镇(第十批)名单")
    '全国一村一品示范村镇'
    """
    bare = _LOOSE.sub("", _BRACKETS.sub("", fold_width(name)))
    return _END.sub("", bare) or bare


def _split_area(printed: str, province: str | None) -> tuple[str, str]:
    """Area and stem of a programme's name; a national name is all stem."""
    if printed.startswith(_NATIONAL):
        return "", printed
    named = province_of(printed)
    if named is None:
        return province or "", _LEVEL_WORD.sub("", printed)
    short = next(cut for cut in range(len(printed), 0, -1) if named.startswith(printed[:cut]))
    return named, _LEVEL_WORD.sub("", printed[short:])


@cache
def _load_canon() -> Mapping[str, str]:
    """Canonical name by folded name; the province of a name is left open."""
    text = (files("normalize") / "data" / "programmes.toml").read_text("utf-8")
    canon: dict[str, str] = {}
    for programme in tomllib.loads(text)["programme"]:
        name: str = programme["name"]
        for spelling in (name.removeprefix(_PROVINCE), *programme["aliases"]):
            known = canon.setdefault(fold_programme(spelling), name)
            if known != name:
                raise ValueError(f"{spelling} is an alias of both {known} and {name}")
    return canon
