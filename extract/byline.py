"""Read the people a page names as its authors and editors, with their roles."""

import re
from collections.abc import Iterable, Iterator

from extract.records import Author

_ROLE = (
    r"(?:本报|本网|本刊|全媒体|融媒体?|见习|实习|特约|首席|高级|资深|驻站|专栏|签约)*"
    r"(?:记者站?|通讯员|实习生|撰稿人?|评论员|作者|主笔)"
)
_ROLE_AT = re.compile(_ROLE)
_LABELLED = re.compile(
    r"(?:(?:^|[\s（(【\[丨/︱|■])(?P<role>撰\s*稿|采\s*写|撰\s*文|执\s*笔|文|记\s*者|通\s*讯\s*员)\s*[:：︱|丨/／—–]+"
    r"|(?P<author>作\s*者)\s*[:：︱|丨/／—–]+|(?<=[\s|｜])(?P<bare>作者)(?=[\u4e00-\u9fff]{2,4}(?:\s|$)))"
    r"\s*(?P<names>[^。，；;\n）)】\]]{2,60})"
)
_BRACKETED = re.compile(r"[（(【\[](?P<inner>[^（()）【】\[\]]{2,60})[）)】\]]")
_LINE = re.compile(r"^[\s■◆●▲□☆★—-]*(?:文\s*[/／|丨])?(?P<inner>[^，。；：:？！]{2,60})$")
_ALONE = re.compile(r"[（(](?P<name>[\u4e00-\u9fff]{2,3})[）)]")
_NAME = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf]{2,4}(?:·[\u4e00-\u9fff]{2,6})?")
_SPACED = re.compile(
    r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])[ \u3000]+([\u4e00-\u9fff])(?![\u4e00-\u9fff])"
)
_SPLIT = re.compile(r"[\s、，,;；&/／|丨＆和·•]+")
_STOP = re.compile(
    r"(?:摄影?|图|文|整合|整理|综合|报道|编辑|编译|供稿|实习|电|讯|来源|摄制|校对|责编|发自.*|.*报道|编|文图|图文|图/文)"
)
_PHOTO = re.compile(r"(?:摄|供图|(?<![文/／])图|绘)\s*[）)]?$")
_NEWSWIRE = re.compile(r"^(?:本报讯|本网讯|.{0,8}讯$)")
_OFFICE = re.compile(
    r"局|厅|委|办公室|办$|政府|中心|公司|集团|学校|大学|学院|医院|协会|部$|处$|科$|站$|网$|报$|社$|编辑部|小组|频道|客户端|新闻|来源"
)
_EDITOR = re.compile(
    r"(?:责任编辑|责\s*编|值班编辑|编\s*辑|网络编辑)\s*[:：/／丨︱|｜]?\s*"
    r"(?P<name>(?:[A-Za-z]+\d+|[A-Za-z\u4e00-\u9fff·]{2,12})"
    r"(?:[、，, ][\u4e00-\u9fff]{2,4}(?=$|[\s】\])）_]))?)"
)
_EDITOR_FIRST = re.compile(r"[\[【(（]?" + _EDITOR.pattern)
_EDITOR_LABEL = re.compile(r"(?:责任编辑|责\s*编|编\s*辑)\s*[:：]")
_NEXT_LABEL = re.compile(
    r"\s*(?:(?:文章|信息|稿件|新闻)?来\s*源|文章录入|更新|责任编辑|责编|编辑|发布|时间|日期|浏览|阅读|点击|审核|校对|人气|评论|分享|字号|打印|摄影|摄).*$"
)
_NOBODY = frozenset(
    "佚名 未知 匿名 不详 本站 网络 管理员 站长 全文完 未完 待续 无名 转载 "
    "原创 系统 暂无 文章 下同 上接".split()
)
_ACCOUNTS = frozenset("admin administrator webmaster editor root test system null none".split())
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{2,20}")
_BY = re.compile(r"(?:^|\s)[Bb]y\s+(?P<name>[A-Za-z\u4e00-\u9fff][\w.-]{1,20})\s*$")
_ROLE_COLON = re.compile(rf"({_ROLE})\s*[:：]\s*")
_LONGEST_BYLINE = 60
ACCOUNT = "账号"
"""Role of an outlet or account that signs a page where no person is named."""
_OFFICE_NAME = re.compile(
    r"(?:[局厅委办]|政府|中心|街道|办事处|管委会|委员会|人大|政协|法院|检察院|协会)(?:网站)?$"
)


def is_byline(text: str) -> bool:
    """Tell whether a whole line only names its authors.

    >>> is_byline("■天府早报记者周小禾实习生何青青"), is_byline("记者从民政局获悉")
    (True, False)
    """
    if len(text) > _LONGEST_BYLINE:
        return False
    return next(_read_line(text), None) is not None


def read_authors(head: Iterable[str], body: Iterable[str]) -> tuple[Author, ...]:
    """Read the authors from the lines of a page's head and from lines of its body.

    >>> read_authors(["来源: 嘉兴日报 记者 沈禾 通讯员 陆小满"], [])
    (Author(name='沈禾', role='记者'), Author(name='陆小满', role='通讯员'))
    """
    found: dict[str, Author] = {}
    for text in head:
        for author in _read_head(text):
            found.setdefault(author.name, author)
    for text in body:
        alone = _ALONE.fullmatch(text)
        if alone and not _OFFICE.search(alone["name"]) and alone["name"] not in _NOBODY:
            found.setdefault(alone["name"], Author(alone["name"], ""))
        for author in (*_read_line(text), *_read_brackets(text)):
            found.setdefault(author.name, author)
    return tuple(found.values())


def is_office(name: str) -> bool:
    """Tell whether a name is that of an authority.

    >>> is_office("浙江省民政厅"), is_office("嘉兴日报")
    (True, False)
    """
    return _OFFICE_NAME.search(name) is not None


def read_editor(lines: Iterable[str]) -> str | None:
    """Read 编辑 or 责任编辑.

    >>> read_editor(["标签:社区", "[责任编辑:钱多米]"])
    '钱多米'
    """
    for text in lines:
        if len(text) > 160:
            continue
        label = _EDITOR_LABEL.search(text)
        found = _EDITOR.search(text) if label else _EDITOR_FIRST.match(text)
        if found and not re.match(r"部|来源|时间|审核", found["name"]):
            return found["name"]
    return None


def _read_head(text: str) -> Iterator[Author]:
    if len(text) > 200 or _PHOTO.search(text):
        return
    labelled = list(_read_labelled(text))
    if labelled:
        yield from labelled
        return
    yield from _read_roles(text)
    signed = _BY.search(text) if len(text) <= _LONGEST_BYLINE else None
    if signed and signed["name"].lower() not in _ACCOUNTS:
        yield Author(signed["name"], "")


def _read_line(text: str) -> Iterator[Author]:
    if len(text) > _LONGEST_BYLINE or _PHOTO.search(text):
        return
    bare = text.strip().strip("【】[]（）()")
    labelled = list(_read_labelled(bare))
    if labelled and _LABELLED.match(bare):
        yield from labelled
        return
    line = _LINE.match(_ROLE_COLON.sub(r"\1 ", bare))
    if line and not re.search(
        r"记者(?:从|在|于|了解|获悉|采访|看到|发现|来到|说|问|会|节|招待|走)", bare
    ):
        named = list(_read_roles(line["inner"]))
        rest = _ROLE_AT.split(line["inner"])
        # What stands before the first role is a paper at most, and names fill the rest.
        if named and len(rest[0]) <= 14 and _covers(line["inner"], named):
            yield from named


def _covers(text: str, named: list[Author]) -> bool:
    behind = text[_first_role(text) :]
    used = sum(len(author.name) for author in named)
    left = len(re.sub(_ROLE, "", re.sub(r"[\s、，,&/／]", "", behind))) - used
    return left <= 4


def _first_role(text: str) -> int:
    found = _ROLE_AT.search(text)
    return found.start() if found else len(text)


def _read_brackets(text: str) -> Iterator[Author]:
    """Read `(记者苏小秋)` where bylines stand: near the beginning or the end of a paragraph."""
    for found in _BRACKETED.finditer(text):
        if found.start() > 30 and found.end() < len(text) - 2:
            continue
        inner = found["inner"]
        if _PHOTO.search(inner) or _PHOTO.match(text[found.end() :]):
            continue
        yield from (list(_read_labelled(inner)) or _read_roles(inner))


def _read_labelled(text: str) -> Iterator[Author]:
    for found in _LABELLED.finditer(" " + text):
        role = re.sub(r"\s", "", found["role"] or "作者")
        names = _NEXT_LABEL.sub("", found["names"])
        roles = list(_read_roles(names))
        if roles:
            yield from roles
            continue
        if role == "作者" and _LATIN.fullmatch(names.strip()):
            if names.strip().lower() not in _ACCOUNTS:
                yield Author(names.strip(), role)
            continue
        for name in _split_names(names):
            yield Author(name, role)


def _read_roles(text: str) -> Iterator[Author]:
    # Labels end a byline only behind it: 时间 and 来源 often stand before it on the same line.
    text = _NEXT_LABEL.sub("", text[_first_role(text) :])
    roles = list(_ROLE_AT.finditer(text))
    for index, role in enumerate(roles):
        end = roles[index + 1].start() if index + 1 < len(roles) else len(text)
        names = re.split(r"[。，；：:（(]|\s{3,}", text[role.end() : end].lstrip(":：︱|丨/ 　"))[0]
        for name in _split_names(names):
            yield Author(name, re.sub(r"^(?:本报|本网|本刊)", "", role[0]))


def _split_names(text: str) -> Iterator[str]:
    joined = _SPACED.sub(r"\1\2", text.strip())
    for part in _SPLIT.split(joined):
        if not part:
            continue
        if _STOP.fullmatch(part):
            return
        if part in _NOBODY:
            continue
        if not _NAME.fullmatch(part) or _OFFICE.search(part) or _NEWSWIRE.match(part):
            return
        yield part
