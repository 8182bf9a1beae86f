"""What a figure's sentence says around it: the time, the part, per what, and fact or plan."""

import re

_PER_BEFORE = re.compile(
    r"(?:每(?:个?(?:年|月|天|日|周|季度|半年|小时|分钟|人|户|村|社区|镇|街道|县|名|家|次|场|届|平方米|公里|亩|吨|个|位|所))){1,3}"
)
_PER_AVERAGE = re.compile(r"均(?<=(?P<each>[人户年月日村亩周家校场])均)")
_PER_AFTER = re.compile(
    r"\s?/\s?(年|月|天|日|人|户|平方米|㎡|亩|小时|次|吨|公里|周|分钟|升|度)|每(平方米|亩|吨|人|户|公里|平方公里)(?=[，。、;\s])"
)
# Patterns begin with a set of characters: the engine skips to these many times faster.
_TARGET = re.compile(
    r"[力目争确](?:(?<=力)争|(?<=目)标|(?<=争)取|(?<=确)保)"
    r"|到(?:20\d\d年|“?十[三四五六五]”?)(?:[底末初])?[^，。]{0,6}?(?:实现|达到|建成|超过|完成|基本|全面|全市|全省|覆盖)"
    r"|年(?:后(?:覆盖|实现|达到|建成)|(?<=[两三四五\d]年)(?:覆盖|实现|达到))"
)
_PLAN = re.compile(
    r"[计规拟预打即将](?:(?<=计)划(?!生育)|(?<=规)划[建新]|(?<=拟)(?=[新建投选将再定用在招引评])|(?<=预)[计期]|(?<=打)算|(?<=即)将"
    r"|(?<=将)(?=(?:会|要|达|新|建|再|投|有|在|于|超|实|完|对|从|分|选|持续|陆续|启|开|安|增|评|为|继|全|通过|以|突)))"
)
_RANGE = re.compile(r"从?((?:19|20)\d{2})年?\s?[至到~-]\s?((?:19|20)\d{2})年")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?", re.ASCII)
_RELATIVE = re.compile(
    r"[今去前明后当本全上下目截昨](?:(?<=今)(?:年(?:以来)?|日|天)|(?<=[去前明后当全])年|(?<=本)(?:年度|月)"
    r"|(?<=[上下])半年|(?<=上)月|(?<=目)前|(?<=截)至目前|(?<=昨)[日天])"
)
_TIME_SIGN = re.compile("[年月天日前]")
_SCOPE = re.compile(
    r"(?:首|第[一二三四五六七八九十\d]{1,3})[批期届轮](?:[试示]点(?:项目|示范|任务|单位)?)?|[全我本](?:[省市县区国州镇乡村]|街道|社区|系统)"
)
_SCOPE_SIGN = re.compile("[首第全我本]")
_PLACE_END = re.compile(r"(?:[省市州县区镇乡村]|街道|社区)的?$")
_PLACE_ENDS = frozenset("省市州县区镇乡村道的")
_PLACE_RUN = re.compile(r"[\u4e00-\u9fff]+$")
_PLACE_REACH = 24
_NO_PLACE = re.compile(r"[在与和及从由对以有等于共将经达个每余为各全我本该的]")


def find_per(head: str, tail: str) -> str | None:
    """Give what a figure is given for each of, from its clause before and behind it.

    >>> find_per("每年选取", "个"), find_per("人均", ""), find_per("", "/月")
    ('每年', '每人', '每月')
    """
    if tail and tail[0] in "/每 " and (found := _PER_AFTER.match(tail)):
        return f"每{found.group(1) or found.group(2)}"
    last = None
    if "每" in head:
        for found in _PER_BEFORE.finditer(head):
            last = found.group()
    if last is None and "均" in head and (average := _PER_AVERAGE.search(head)):
        last = f"每{average['each']}"
    return last


def find_modality(head: str, comparator: str, periodic: bool) -> str:
    """Tell actual, plan and target apart by the words of the sentence before the figure.

    `periodic` says that the figure repeats over years to come.

    >>> find_modality("力争到2025年建成", "=", False), find_modality("已建成", "=", False)
    ('target', 'actual')
    """
    if comparator != "<" and _TARGET.search(head):
        return "target"
    if periodic or _PLAN.search(head):
        return "plan"
    return "actual"


def find_time(head: str) -> str | None:
    """Give the last time named before the figure: ISO for dates, the word for relative times.

    >>> find_time("从2020年至2022年,每年"), find_time("2017年3月"), find_time("今年")
    ('2020/2022', '2017-03', '今年')
    """
    found: tuple[int, str] | None = None
    if not _TIME_SIGN.search(head):
        return None
    dated = "年" in head
    for match in _YEAR.finditer(head) if dated else ():
        parts = [match[1], *(part.zfill(2) for part in match.groups()[1:] if part)]
        found = (match.start(), "-".join(parts))
    for match in _RANGE.finditer(head) if dated else ():
        if found is None or match.end() >= found[0]:
            found = (match.end(), f"{match[1]}/{match[2]}")
    for match in _RELATIVE.finditer(head):
        if found is None or match.start() > found[0]:
            found = (match.start(), match.group())
    return found[1] if found else None


def find_scope(head: str) -> str | None:
    """Give the part that a figure speaks of: 第一批试点, 全市, or the place right before it.

    >>> find_scope("目前,第一批试点项目产生了"), find_scope("顺庆区东南街道的")
    ('第一批试点项目', '顺庆区东南街道')
    """
    place = _find_place(head) if head[-1:] in _PLACE_ENDS else None
    if place:
        return place
    last = None
    if _SCOPE_SIGN.search(head):
        for found in _SCOPE.finditer(head):
            last = found.group()
    return last


def _find_place(head: str) -> str | None:
    """Give the name with 省, 市, 县 … that ends where the figure starts."""
    window = head[-_PLACE_REACH:]
    ending = _PLACE_END.search(window)
    if ending is None:
        return None
    run = _PLACE_RUN.search(window.removesuffix("的"))
    name = _NO_PLACE.split(run.group())[-1] if run else ""
    return name if len(name) >= 3 else None
