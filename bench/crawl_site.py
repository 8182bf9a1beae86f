"""A site of thousands of pages on 127.0.0.1 that costs little, counts requests and answers 304."""

import asyncio
import json
import multiprocessing
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from multiprocessing.connection import Connection

PER_LISTING = 50
_WORDS = "社区治理和服务创新试点单位名单公示经审核现将有关情况予以公布" * 40


@dataclass
class Site:
    """Pages made on the fly: `/list/N.html` with 50 links each, `/item/N.html` behind them."""

    pages: int
    changed: set[int] = field(default_factory=set)
    requests: Counter[str] = field(default_factory=Counter)
    sent: int = 0

    @property
    def listings(self) -> int:
        return -(-self.pages // (PER_LISTING + 1))

    @property
    def items(self) -> int:
        return self.pages - self.listings

    def page(self, path: str) -> bytes | None:
        kind, _, name = path.strip("/").partition("/")
        if not name.removesuffix(".html").isdigit():
            return None
        number = int(name.removesuffix(".html"))
        if kind == "list" and number < self.listings:
            return self._listing(number).encode()
        if kind == "item" and number < self.items:
            return self._item(number).encode()
        return None

    def _listing(self, number: int) -> str:
        first = number * PER_LISTING
        rows = "".join(
            f"<li><a href='/item/{n}.html'>第{n}号公示</a><span>2024-05-01</span></li>"
            for n in range(first, min(first + PER_LISTING, self.items))
        )
        following = f"<a href='/list/{number + 1}.html'>下一页</a>"
        more = following if number + 1 < self.listings else ""
        return f"<html><body><ul class='news'>{rows}</ul><div class='pages'>{more}</div></body>"

    def _item(self, number: int) -> str:
        state = "更正" if number in self.changed else "公示"
        navigation = "".join(f"<li><a href='/nav/{n}.html'>栏目{n}</a></li>" for n in range(30))
        text = "".join(f"<p>第{number}号{state}{n}:{_WORDS[n : n + 120]}</p>" for n in range(20))
        return (
            f"<html><head><title>{state}{number}</title></head><body><ul>{navigation}</ul>"
            f"<div id='zoom'>{text}</div></body></html>"
        )

    def answer(self, request: bytes) -> bytes:
        head = request.decode("latin-1")
        path = head.split(" ", 2)[1]
        self.requests[path] += 1
        body = self.page(path)
        if body is None:
            return self._count(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        tag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
        if f"if-none-match: {tag}" in head.lower():
            return self._count(f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n".encode())
        lines = (
            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
            f"ETag: {tag}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return self._count(lines.encode() + body)

    def _count(self, answer: bytes) -> bytes:
        self.sent += len(answer)
        return answer


class _Protocol(asyncio.Protocol):
    def __init__(self, site: Site) -> None:
        self._site = site
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            request, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            self._transport.write(self._site.answer(request))


class Control:
    """Speaks with the process of the site."""

    def __init__(self, pipe: Connection, port: int) -> None:
        self._pipe = pipe
        self.port = port

    def take(self) -> tuple[Counter[str], int]:
        """Requests by path and bytes sent since the last call."""
        self._pipe.send("take")
        return self._pipe.recv()  # type: ignore[no-any-return]

    def total(self) -> int:
        """Requests so far, since the last `take`."""
        self._pipe.send("total")
        return self._pipe.recv()  # type: ignore[no-any-return]

    def change(self, items: list[int]) -> None:
        """Let items have another text from now on."""
        self._pipe.send(json.dumps(items))
        self._pipe.recv()


async def _serve(pages: int, pipe: Connection) -> None:
    site = Site(pages)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Protocol(site), "127.0.0.1", 0)
    ended = asyncio.Event()

    def obey() -> None:
        try:
            order = pipe.recv()
        except EOFError:
            ended.set()
            return
        if order == "take":
            pipe.send((site.requests, site.sent))
            site.requests, site.sent = Counter(), 0
        elif order == "total":
            pipe.send(site.requests.total())
        else:
            site.changed |= set(json.loads(order))
            pipe.send(None)

    loop.add_reader(pipe.fileno(), obey)
    pipe.send(server.sockets[0].getsockname()[1])
    await ended.wait()
    server.close()


def _run(pages: int, pipe: Connection) -> None:
    asyncio.run(_serve(pages, pipe))


@contextmanager
def serve(pages: int) -> Iterator[Control]:
    """Serve a site of so many pages in a process of its own."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_run, args=(pages, theirs))
    process.start()
    theirs.close()
    try:
        yield Control(ours, ours.recv())
    finally:
        ours.close()
        process.join(5)
        process.terminate()
