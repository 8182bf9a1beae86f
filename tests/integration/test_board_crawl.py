"""A board of Discuz!, whose addresses say more than which page is meant, crawled twice."""

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from datasets.build import BuildOptions, build
from datasets.read import open_snapshot
from extract.source import Source
from loopback_site import LoopbackHandler, LoopbackServer, serving
from trial_crawl import crawl_one, make_source, read_records

PER_PAGE = 3


class Board(LoopbackServer):
    """Threads of one board, the one with the newest reply first."""

    def __init__(self) -> None:
        super().__init__(Forum)
        self.replies = {tid: tid % 5 for tid in range(1, 9)}
        self.order = list(self.replies)
        self.visits = 0

    def list_page(self, page: int) -> str:
        shown = self.order[(page - 1) * PER_PAGE : page * PER_PAGE]
        rows = "".join(
            f"<tbody><tr><th><a class='s xst' href='forum.php?mod=viewthread&amp;tid={tid}&amp;"
            f"extra=page%3D{page}'>三台县潼川镇的名单 {tid}</a></th></tr></tbody>"
            for tid in shown
        )
        more = page * PER_PAGE < len(self.order)
        return f"<table id=threadlisttableid>{rows}</table>" + self.page_bar(
            "mod=forumdisplay&amp;fid=2", page, more
        )

    def thread_page(self, tid: int, page: int, extra: str) -> str:
        floors = range(1, self.replies[tid] + 2)[(page - 1) * PER_PAGE : page * PER_PAGE]
        self.visits += 1
        posts = "".join(
            f"<div id='post_{tid}{floor}'><table id='pid{tid}{floor}'><tr><td class='pls'><div"
            f" class='authi'><a class='xw1'>乡亲{floor}</a></div></td><td class='plc'>"
            f"<em id='authorposton{tid}{floor}'>发表于 2022-4-6 12:{floor:02}</em>"
            f"<a id='postnum{tid}{floor}'><em>{floor}</em><sup>#</sup></a>"
            f"<div class='t_f' id='postmessage_{tid}{floor}'>第{floor}楼:我们潼川镇也上榜了。"
            f"{self.file_link(tid) if floor == 1 else ''}</div></td></tr></table></div>"
            for floor in floors
        )
        more = page * PER_PAGE < self.replies[tid] + 1
        head = f"<h1 class='ts'><span id='thread_subject'>三台县潼川镇的名单 {tid}</span></h1>"
        bar = self.page_bar(f"mod=viewthread&amp;tid={tid}&amp;extra={quote(extra)}", page, more)
        return f"{head}<div id='postlist'>{posts}</div>{bar}"

    def file_link(self, tid: int) -> str:
        told = f"{tid}|{self.visits:08x}|{1_714_500_000 + self.visits}|0|{tid}"
        aid = quote(b64encode(told.encode()).decode())
        return f"<a href='forum.php?mod=attachment&amp;aid={aid}'>名单{tid}.csv</a>"

    def page_bar(self, query: str, page: int, more: bool) -> str:
        following = f"<a href='forum.php?{query}&amp;page={page + 1}' class='nxt'>下一页</a>"
        return f"<div class='pg'><strong>{page}</strong>{following if more else ''}</div>"


class Forum(LoopbackHandler):
    server: Board

    def respond(self) -> None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        page = int(asked.get("page", 1))
        match asked.get("mod"):
            case "forumdisplay":
                body = self.server.list_page(page)
            case "viewthread":
                body = self.server.thread_page(int(asked["tid"]), page, asked.get("extra", ""))
            case "attachment":
                self.answer(200, {"Content-Type": "application/octet-stream"}, "社区,潼川".encode())
                return
            case _:
                self.answer(404)
                return
        html = f"<html><head><title>西蜀论坛</title></head><body id='nv_forum'>{body}</body></html>"
        self.answer(200, {"Content-Type": "text/html; charset=utf-8"}, html.encode())


@pytest.fixture
def board() -> Iterator[Board]:
    with serving(Board()) as server:
        yield server


def make_board_source(board: Board) -> Source:
    return make_source(
        board,
        "my_board",
        ["/forum.php?mod=forumdisplay&fid=2"],
        pattern="thread",
        item_pattern="mod=viewthread&",
        item_links="//a[contains(@class, 'xst')]",
        next_links="//div[@class='pg']/a[@class='nxt']",
    )


def thread_visits(board: Board) -> Counter[str]:
    asked = [path for path in board.seen if "mod=viewthread" in path]
    board.seen.clear()
    return Counter(parse_qs(urlsplit(path).query)["tid"][0] for path in asked)


def test_a_thread_that_moves_on_in_its_list_stays_one_thread(board: Board, tmp_path: Path) -> None:
    source = make_board_source(board)
    crawl_one(source, tmp_path)
    pages = {str(tid): 1 + count // PER_PAGE for tid, count in board.replies.items()}
    assert thread_visits(board) == pages
    board.order.reverse()
    crawl_one(source, tmp_path)
    assert thread_visits(board) == {}


def test_every_post_and_file_becomes_rows(board: Board, tmp_path: Path) -> None:
    source = make_board_source(board)
    summary = crawl_one(source, tmp_path)
    files = [url for _, url, _ in read_records(summary) if "mod=attachment" in url]
    assert len(files) == len(board.replies)
    build(tmp_path, {source.id: source}, BuildOptions(key_file=tmp_path.parent / "key"))
    snapshot = open_snapshot(tmp_path)
    threads = snapshot.pandas("threads")
    assert dict(zip(threads["thread_no"].astype(int), threads["replies_found"], strict=True)) == (
        board.replies
    )
    assert len(snapshot.pandas("comments")) == sum(board.replies.values())
