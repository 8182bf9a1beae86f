"""Renders the pages of the demo sites: path -> reply, the same bytes every time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from gongshi.demo.content import SECTION_NUMBERS, Batch, load_programme, load_thread
from gongshi.demo.docx import write_docx

SITES = ("demo_province_notices", "demo_local_news", "demo_forum")
"""Source ids of the demo, in the order in which they are served."""

NOTICES_PER_PAGE = 3
CITY = "绵阳市"
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FLOOR_NAMES = {1: "楼主", 2: "沙发", 3: "板凳", 4: "地板"}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a demo site answers to one path."""

    body: bytes
    """Bytes of the page."""
    media_type: str
    """Content-Type header. Example: `text/html; charset=utf-8`"""
    modified: datetime
    """Time of the last change, Beijing time."""


@dataclass(frozen=True, slots=True)
class Item:
    """An article as a listing shows it and its template needs it."""

    path: str
    """Path on the site."""
    title: str
    """Title of the article."""
    published: datetime
    """Publish time, Beijing time."""
    template: str
    """Template of the page."""
    values: dict[str, Any]
    """What else the template prints."""


def render_sites() -> dict[str, dict[str, Reply]]:
    """Render all pages of the three sites, keyed by source id and by `page_key`.

    >>> sites = render_sites()
    >>> sites["demo_local_news"]["/local/20220406/1001.html"].media_type
    'text/html'
    >>> len(sites["demo_forum"])
    6
    """
    return dict(zip(SITES, (_render_province(), _render_news(), _render_forum()), strict=True))


def page_key(target: str) -> str:
    """Bring the path and query of a request to the form that the pages are keyed by.

    Parameters are sorted; `extra` and the number of a first page say nothing, as in Discuz!.

    >>> page_key("/forum.php?tid=7&mod=viewthread&extra=page%3D1&page=1")
    '/forum.php?mod=viewthread&tid=7'
    """
    parts = urlsplit(target)
    query = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query)
        if name != "extra" and (name, value) != ("page", "1")
    )
    return parts.path + (f"?{urlencode(query)}" if query else "")


def render_source(source_id: str, port: int) -> str:
    """Render the TOML declaration of a demo site that listens on a port.

    >>> "http://127.0.0.1:8123/notices/" in render_source("demo_province_notices", 8123)
    True
    """
    template = _environment("sources").get_template(f"{source_id}.toml.j2")
    return template.render(port=port)


@cache
def _environment(folder: str) -> Environment:
    return Environment(
        loader=PackageLoader("gongshi.demo", folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _render(template: str, **values: Any) -> str:
    return _environment("pages").get_template(template).render(numbers=SECTION_NUMBERS, **values)


def _render_item(item: Item, media_type: str, encoding: str) -> Reply:
    text = _render(item.template, title=item.title, published=item.published, **item.values)
    return Reply(text.encode(encoding), media_type, item.published)


def _render_province() -> dict[str, Reply]:
    html = "text/html; charset=utf-8"
    items = _list_notices()
    pages = {item.path: _render_item(item, html, "utf-8") for item in items}
    newest = items[0].published
    starts = range(0, len(items), NOTICES_PER_PAGE)
    for page, start in enumerate(starts, 1):
        text = _render(
            "province/list.html.j2",
            title="通知公告",
            items=items[start : start + NOTICES_PER_PAGE],
            page=page,
            pages=len(starts),
        )
        path = "/notices/" if page == 1 else f"/notices/index_{page}.html"
        pages[path] = Reply(text.encode("utf-8"), html, newest)
    for batch in load_programme().batches:
        if batch.attachment:
            body = write_docx(_list_lines(batch))
            pages[batch.attachment] = Reply(body, DOCX_TYPE, batch.published)
    return {**pages, "/": pages["/notices/"], "/robots.txt": _robots("/admin/", newest)}


def _list_notices() -> list[Item]:
    """List the articles of the province's site, the newest first."""
    programme = load_programme()
    office = {"office": "办公室", "views": 512}
    items = [
        Item(
            "/notices/2022/0330_9.html",
            "关于清明节期间服务安排的通知",
            datetime(2022, 3, 30, 9, 0),
            "province/holiday.html.j2",
            office,
        ),
        Item(
            "/notices/2021/0520_12.html",
            "关于举办社会工作者业务培训的通知",
            datetime(2021, 5, 20, 15, 30),
            "province/training.html.j2",
            office,
        ),
    ]
    for batch in programme.batches:
        title = f"{programme.authority}关于公布{batch.printed}{programme.name}单位名单的通知"
        values = {
            "batch": batch,
            "programme": programme,
            "office": "基层治理处",
            "views": batch.views,
        }
        items.append(Item(batch.path, title, batch.published, "province/batch.html.j2", values))
    return sorted(items, key=lambda item: item.published, reverse=True)


def _list_lines(batch: Batch) -> list[str]:
    lines = [f"{batch.printed}{load_programme().name}单位名单"]
    for number, section in zip(SECTION_NUMBERS, batch.sections, strict=False):
        lines.append(f"{number}、{section.heading}({section.found}个)")
        for sub_number, category in zip(SECTION_NUMBERS, section.categories, strict=False):
            if category.heading:
                lines.append(f"({sub_number}){category.heading}({category.stated}个)")
            lines.extend(category.units)
    return lines


def _render_news() -> dict[str, Reply]:
    # Old sites of this kind send no charset and call their GBK gb2312 in the page.
    html, encoding = "text/html", "gbk"
    items = _list_news()
    pages = {}
    for item in items:
        item.values["related"] = [other for other in items if other is not item]
        pages[item.path] = _render_item(item, html, encoding)
    listing = _render("news/list.html.j2", title="本地", items=items)
    newest = items[0].published
    pages["/local/"] = Reply(listing.encode(encoding), html, newest)
    return {**pages, "/": pages["/local/"], "/robots.txt": _robots("/search/", newest)}


def _list_news() -> list[Item]:
    """List the articles of the news site, the newest first."""
    batch = load_programme().batches[-1]
    counties, _, villages = (
        [name.removeprefix(CITY) for category in section.categories for name in category.units]
        for section in batch.within(CITY)
    )
    return [
        Item(
            "/local/20220412/1002.html",
            "潼川镇的食堂开饭了:我市社区服务用房一年新增3.6万平方米",
            datetime(2022, 4, 12, 7, 30, 5),
            "news/figures.html.j2",
            {"reporter": "谷小满", "contributor": None, "editor": "时佳音"},
        ),
        Item(
            "/local/20220406/1001.html",
            "我市19个单位入选第二批省级社区综合服务试点",
            datetime(2022, 4, 6, 8, 15, 40),
            "news/listed.html.j2",
            {
                "reporter": "周小禾",
                "contributor": "何一帆",
                "editor": "时佳音",
                "whole": batch.sections,
                "counties": counties,
                "communities": villages,
            },
        ),
    ]


def _render_forum() -> dict[str, Reply]:
    html = "text/html; charset=utf-8"
    thread = load_thread()
    batch = load_programme().batches[-1]
    names = dict.fromkeys(post.author for post in thread.posts if post.author)
    shared = {
        "thread": thread,
        "uids": {name: 301 + index for index, name in enumerate(names)},
        "link": lambda page: (
            f"forum.php?mod=viewthread&tid={thread.tid}&extra=page%3D1"
            + (f"&page={page}" if page > 1 else "")
        ),
        "stamp": _stamp,
        "said_at": lambda posted: _said_at(posted, thread.seen),
        "floor_names": {post.floor: FLOOR_NAMES.get(post.floor) for post in thread.posts},
        "whole": batch.sections,
        "local": batch.within(CITY),
    }
    board = _render("forum/board.html.j2", page_title=thread.board, mod="forumdisplay", **shared)
    board_reply = Reply(board.encode("utf-8"), html, thread.posts[-1].posted)
    pages = {
        "/": board_reply,
        page_key(f"/forum.php?mod=forumdisplay&fid={thread.fid}"): board_reply,
    }
    for number, posts in enumerate(thread.pages, 1):
        text = _render(
            "forum/thread.html.j2",
            page_title=f"{thread.title} - {thread.board}",
            mod="viewthread",
            page=number,
            posts=posts,
            **shared,
        )
        path = page_key(f"/forum.php?mod=viewthread&tid={thread.tid}&page={number}")
        pages[path] = Reply(text.encode("utf-8"), html, posts[-1].posted)
    return {**pages, "/robots.txt": _robots("/home.php", thread.posts[0].posted)}


def _stamp(time: datetime) -> str:
    """Print a time as Discuz! does, without leading zeros in the date: `2022-4-6 12:45:10`."""
    return f"{time.year}-{time.month}-{time.day} {time:%H:%M:%S}"


def _said_at(posted: datetime, seen: datetime) -> str:
    """Print a recent time in Discuz!'s words: `前天 12:45`."""
    days = (seen.date() - posted.date()) // timedelta(days=1)
    if days:
        return f"{'昨天' if days == 1 else '前天'}\N{NO-BREAK SPACE}{posted:%H:%M}"
    hours = (seen - posted) // timedelta(hours=1)
    return f"{hours}\N{NO-BREAK SPACE}小时前" if hours else "半小时前"


def _robots(closed: str, modified: datetime) -> Reply:
    text = f"User-agent: *\nDisallow: {closed}\n"
    return Reply(text.encode("ascii"), "text/plain; charset=utf-8", modified)
