"""Read 来源, the medium or office that first published a text, from the lines around it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_LABEL = re.compile(
    r"(?:信息|文章|稿件|新闻|本文|资料|内容|文稿|图文)?(?:来\s*源|稿\s*源|出\s*处|转载自|转自|摘自)(?:于|自)?\s*[:：]?\s*"
    r"|综合(?:整理)?(?:自)?\s*[:：]\s*"
)
_NEXT = re.compile(
    r"\s*(?:[|｜\t;；】\]）]|(?:作\s*者|记\s*者|通\s*讯\s*员|责任?编|编\s*辑|发\s*布\s*(?:[时日于人者单机:：\d]|\s)|时\s*间|日\s*期|更新|最后|浏览|阅读|点击|访问|"
    r"人气|字\s*[号体]|打印|举报|分享|评论|收藏|条评论|参与|查看|(?<!方)微博|(?<!方)微信(?!公众号)|关注|审核|供稿|主题|分类|栏目|标签|[【\[（(]|https?:|www\.|"
    r"(?:19|20)\d\d\s*[-/年.]|\d{1,2}[-/月]\d{1,2}).*)$"
)
_PARTS = re.compile(r"[\s\u3000|｜/／·⋅,，丨>()（）\[\]【】]+")
_MEDIUM = re.compile(
    r"(?:[网报社台刊厅局委办处]|日报|晚报|早报|商报|时报|都市报|新闻|观察|在线|频道|客户端|周刊|杂志|政府|发布|中心|"
    r"传媒|融媒体?|头条|财经|快讯|电视台|广播|号外|微信公众号|公众号|红网|网站|资讯|青年|娱乐|科技|文学|评论|号|视频|中文站|办事处|街道|法院|检察院)$|"
    r"^(?:新华|央视|人民|中国|澎湃|界面|网易|腾讯|新浪|搜狐|凤凰|南方|北京|上海|四川)"
)
_COLUMN = re.compile(r"(?:新闻|财经|科技|娱乐|文学|评论|视频|观察|青年|频道|资讯)$")
_NOT_MEDIUM = re.compile(
    r"^(?:原创|转载|首页|正文|分享|评论|收藏|举报|打印|关注|登录|注册|微博|微信|字号|[大中小]|[A-Z][+-]?|发布于|发表于|发布|发表|"
    r"时间|日期|阅读|浏览|点击|来源|作者|编辑|记者|昨天|前天|今天|刚刚|\d.*|企鹅号|头条号|百家号|搜狐号|网易号|大鱼号|"
    r"(?:发布|更新|成文|生成|公开|发文|印发|实施|有效)(?:时间|日期|期)|发布者|责任编辑|更多|"
    r"(?:[Pp]osted|[Pp]ublished|[Uu]pdated|[Bb]y|[Oo]n|[Aa]t|[Ii]n|AM|PM|am|pm)|主动公开|索\s*引\s*号|文\s*号|"
    r"订阅|客户端|星期[一二三四五六日])[:：]?$"
)
_OUTLET = re.compile(
    r"^(?:[■●◆☆★—\s]*|作者\s*[:：]\s*)"
    r"(?:《(?P<quoted>[^《》]{2,12})》(?:杂志|周刊)?|(?P<bare>(?!本)[\u4e00-\u9fff]{1,8}"
    r"(?:[报刊网]|新闻|电视台|融媒体中心)))\s*(?:全媒体|融媒体?|首席|见习|特约)*(?:记者|通讯员)(?!证|会|节|站)"
)
_NOT_NAME = re.compile(
    r"[:：。！？，]|https?|www\.|\.(?:com|cn|net|org)|^发自|领域|创作者|记者|编辑|作者|阅读|浏览|次$|评论|人气|字号|^\W+$|分享|跟贴"
)
_DAMAGED = re.compile(r"\?|[\u0100-\u017f\u01cd-\u01dc]|[\ufffd]")
_NAME_BEHIND = re.compile(r"[\u4e00-\u9fff]{4,12}|[A-Za-z]{3,12}")
_LONGEST = 40
_LONGEST_BESIDE = 60
_LONGEST_SIGN = 12


@dataclass(frozen=True, slots=True)
class Origin:
    """来源 of a text."""

    name: str
    """Medium or office. Example: `嘉兴日报`"""
    raw: str
    """The words as printed, with their label. Example: `来源: 嘉兴日报`"""


@dataclass(frozen=True, slots=True)
class HeadLine:
    """One line above an article."""

    text: str
    """Clean text of the line."""
    date: str
    """Date printed in it, or the empty string. Example: `2022-03-10`"""
    linked: bool = False
    """Whether the line is mostly a link, as names of media often are."""
    apart: str = ""
    """The line with a blank between its inline elements; empty where it has none."""
    alone: bool = False
    """Whether it stands right below the title, where accounts sign."""


def read_origin(text: str) -> Origin | None:
    """Read 来源 behind a label; None when there is no label or nothing behind it.

    >>> read_origin("2019-03-27 08:24 来源: 嘉兴日报 记者 沈禾")
    Origin(name='嘉兴日报', raw='来源: 嘉兴日报')
    """
    for label in _LABEL.finditer(text):
        if re.search(r"[图片料的影频]$", text[: label.start()]):
            continue
        name = _clean(text[label.end() :])
        if name:
            return Origin(
                name, text[label.start() : label.end()] + _printed_value(text, label.end())
            )
    return None


def find_origin(head: Sequence[HeadLine], tail: Iterable[str]) -> Origin | None:
    """Find 来源 on a page: behind a label, beside the date, alone on a line; then in the tail.

    >>> find_origin([HeadLine("绵阳日报 2022-03-10", "2022-03-10")], []).name
    '绵阳日报'
    """
    for index, line in enumerate(head):
        if len(line.text) > 200:
            continue
        found = read_origin(line.text)
        if found:
            return found
        # The label may stand alone, its value on the next line.
        if index + 1 < len(head) and _LABEL.fullmatch(line.text.strip(" 　|【[(（")):
            name = _clean(head[index + 1].text)
            if name:
                return Origin(name, f"{line.text.strip()} {name}")
    return _find_beside(head) or _find_in_tail(tail)


def _printed_value(text: str, start: int) -> str:
    return _NEXT.sub("", text[start : start + 200]).rstrip(" 　】]")


def _find_in_tail(tail: Iterable[str]) -> Origin | None:
    for text in tail:
        if len(text) <= 120:
            found = read_origin(text)
            if found and not re.search(r"[图资]片?来源", text):
                return found
    return None


def _find_beside(head: Sequence[HeadLine]) -> Origin | None:
    dated = [index for index, line in enumerate(head) if line.date]
    for index in dated:
        before, after = _split_at_date(head[index])
        if len(before) + len(after) > _LONGEST_BESIDE:
            continue
        parts = [*_PARTS.split(before), *_PARTS.split(after)]
        if found := _pick(parts, only_media=True):
            return Origin(found, found)
    near = sorted({i + step for i in dated for step in (1, -1, 2)} - set(dated))
    alone = [head[i] for i in near if 0 < i < len(head) and len(head[i].text) <= 20]
    signing = [line.text.strip() for line in alone if line.alone]
    found = _pick((line.text.strip() for line in alone), only_media=True)
    found = found or _find_outlet(head)
    for index in dated if not found else ():
        before, after = _split_at_date(head[index])
        if len(before) + len(after) <= _LONGEST_BESIDE:
            found = found or _pick(_PARTS.split(before)) or _pick_behind(after)
    found = found or _pick(line.text.strip() for line in alone if line.linked)
    found = found or _pick(name for name in signing if len(name) <= _LONGEST_SIGN)
    return Origin(found, found) if found else None


def _split_at_date(line: HeadLine) -> tuple[str, str]:
    before, _, after = (line.apart if line.date in line.apart else line.text).partition(line.date)
    return before, after


def _find_outlet(head: Sequence[HeadLine]) -> str | None:
    """Read the paper in 《中国企业家》记者 or 川南周刊记者."""
    for line in head:
        found = _OUTLET.match(line.text) if len(line.text) <= _LONGEST_BESIDE else None
        if found:
            return found["quoted"] or found["bare"]
    return None


def _pick_behind(after: str) -> str | None:
    """Take the one name behind a date; two or three characters are a person's."""
    parts = [part for part in _PARTS.split(after) if not _NOT_NAME.search(part)]
    parts = [part for part in parts if len(part) >= 2 and not _NOT_MEDIUM.match(part)]
    return parts[0] if len(parts) == 1 and _NAME_BEHIND.fullmatch(parts[0]) else None


def _pick(parts: Iterable[str], only_media: bool = False) -> str | None:
    fit = [p for p in parts if 2 <= len(p) <= 20 and not _NOT_MEDIUM.match(p)]
    fit = [p for p in fit if not _NOT_NAME.search(p)]
    media = [p for p in fit if _MEDIUM.search(p)]
    if media:
        # 新闻 and 科技 name columns as well: a paper beside them is the medium.
        return next((p for p in media if not _COLUMN.search(p)), media[0])
    # Without a telling word, what stands right before the date is the medium.
    return fit[-1] if fit and not only_media else None


def _clean(text: str) -> str:
    name = _NEXT.sub("", text[:200]).strip(" 　:：-—·,，。;；<>《》*#、")
    name = re.split(r"[\u3000\t|｜】\]]|\s{2,}", name)[0].strip()
    name = " ".join(part for part in name.split() if not _DAMAGED.search(part)) or name
    if not 2 <= len(name) <= _LONGEST or re.search(r"[。？！]", name):
        return ""
    if re.match(r"^(?:于?网络|互联网|未知|本站|[\d\W_]+)$", name) and name not in {
        "本站",
        "网络",
        "互联网",
    }:
        return ""
    return "" if _NOT_MEDIUM.match(name) else name
