"""Answers that no decent server gives, by name, each with what a crawl has to say of it."""

import gzip
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from loopback_site import LoopbackHandler

HTML = {"Content-Type": "text/html; charset=utf-8"}
DONE = "done"
"""Stands for a page that is no failure."""
_BOMB = bytes(80_000_000)  # more than DOWNLOAD_MAXSIZE
_GZIP_BOMB, _ZLIB_BOMB = gzip.compress(_BOMB, 1), zlib.compress(_BOMB, 1)

Respond = Callable[[LoopbackHandler], None]


@dataclass(frozen=True)
class Hostile:
    """An answer, and the reason that the queue gives afterwards, or `done`."""

    reason: str
    respond: Respond


def head(*lines: str, status: str = "200 OK") -> bytes:
    """Status line and header, as printed."""
    every = (f"HTTP/1.1 {status}", "Content-Type: text/html", *lines)
    return "".join(f"{line}\r\n" for line in every).encode("latin-1") + b"\r\n"


def once(sent: bytes) -> Respond:
    """Send some bytes and hang up."""

    def respond(handler: LoopbackHandler) -> None:
        handler.wfile.write(sent)
        handler.close_connection = True

    return respond


def forever(first: bytes, piece: bytes, pause: float = 0.05) -> Respond:
    """Send some bytes, then a piece again and again."""

    def respond(handler: LoopbackHandler) -> None:
        handler.wfile.write(first)
        while not handler.server.closing.wait(pause):
            handler.wfile.write(piece)

    return respond


def page(body: bytes, **headers: str) -> Respond:
    """Send a whole page; `Content_Encoding` is `Content-Encoding`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.answer(200, HTML | named, body)


def redirect(target: str) -> Respond:
    """Send a redirect whose target is printed as it is."""
    return once(head(f"Location: {target}", "Content-Length: 0", status="302 Found"))


def _count_up(handler: LoopbackHandler) -> str:
    path, _, number = handler.path.partition("?")
    return f"{path}?{int(number or 0) + 1}"


CHUNKED = head("Transfer-Encoding: chunked")
QUICK = {
    # The length is wrong.
    "length_too_long": Hostile("truncated", once(head("Content-Length: 99") + b"short")),
    "length_too_short": Hostile(DONE, once(head("Content-Length: 4") + b"much longer")),
    "length_negative": Hostile("bad_response", once(head("Content-Length: -5") + b"hello")),
    "length_signed": Hostile("bad_response", once(head("Content-Length: +5") + b"hello")),
    "length_a_word": Hostile("bad_response", once(head("Content-Length: five") + b"hello")),
    "length_twice": Hostile(
        "bad_response", once(head("Content-Length: 5", "Content-Length: 9") + b"hello")
    ),
    "length_twice_the_same": Hostile(
        DONE, once(head("Content-Length: 5", "Content-Length: 5") + b"hello")
    ),
    "length_beyond_all": Hostile("too_large", once(head("Content-Length: 99999999999999999999"))),
    "length_and_chunks": Hostile(
        DONE,
        once(head("Content-Length: 3", "Transfer-Encoding: chunked") + b"2\r\nok\r\n0\r\n\r\n"),
    ),
    # So are the chunks.
    "chunk_of_no_number": Hostile("truncated", once(CHUNKED + b"zz\r\nx\r\n")),
    "chunk_negative": Hostile("truncated", once(CHUNKED + b"-5\r\nx\r\n")),
    "chunk_cut": Hostile("truncated", once(CHUNKED + b"5\r\nab")),
    "chunk_huge": Hostile("truncated", once(CHUNKED + b"ffffffffffffffff\r\nx")),
    "chunk_size_without_end": Hostile("truncated", once(CHUNKED + b"1;" + b"x" * 200_000)),
    "transfer_unknown": Hostile("bad_response", once(head("Transfer-Encoding: gzip") + b"ab")),
    # The header is odd.
    "header_of_a_megabyte": Hostile(
        "connection_lost", once(head(f"X-A: {'x' * 1_000_000}", "Content-Length: 0"))
    ),
    "header_of_many_lines": Hostile(
        DONE, once(head(*(f"X-{n}: {n}" for n in range(5000)), "Content-Length: 0"))
    ),
    "header_with_nul": Hostile(DONE, once(head("X-A: a\0\x7f\xff", "Content-Length: 0"))),
    "status_endless": Hostile("connection_lost", once(b"HTTP/1.1 200 " + b"x" * 200_000)),
    "status_missing": Hostile("connection_lost", once(b"<p>hello")),
    "status_a_word": Hostile("bad_response", once(head(status="abc"))),
    "status_600": Hostile("http_600", once(head("Content-Length: 0", status="600 Odd"))),
    "status_0": Hostile("http_0", once(head("Content-Length: 0", status="000 Odd"))),
    "empty_lines_without_end": Hostile("bad_response", forever(b"", b"\r\n" * 100)),
    "nothing": Hostile("connection_lost", once(b"")),
    # What is packed does not unpack.
    "bomb_gzip": Hostile("too_large", page(_GZIP_BOMB, Content_Encoding="gzip")),
    "bomb_deflate": Hostile("too_large", page(_ZLIB_BOMB, Content_Encoding="deflate")),
    "bomb_in_a_bomb": Hostile(
        "too_large", page(gzip.compress(_GZIP_BOMB), Content_Encoding="gzip, gzip")
    ),
    "gzip_cut": Hostile(DONE, page(gzip.compress(bytes(range(256)))[:-9], Content_Encoding="gzip")),
    "gzip_cut_early": Hostile(
        "bad_encoding", page(gzip.compress(b"<p>")[:8], Content_Encoding="gzip")
    ),
    "gzip_of_no_gzip": Hostile("bad_encoding", page(b"<p>plain", Content_Encoding="gzip")),
    "brotli_of_no_brotli": Hostile("bad_encoding", page(b"<p>plain", Content_Encoding="br")),
    "encoding_unknown": Hostile(DONE, page(b"<p>plain", Content_Encoding="rot13")),
    # Going round and round.
    "redirect_to_itself": Hostile("redirect_loop", lambda h: h.answer(302, {"Location": h.path})),
    "redirect_without_end": Hostile(
        "redirect_loop", lambda h: h.answer(302, {"Location": _count_up(h)})
    ),
    "refresh_to_itself": Hostile(
        "redirect_loop", page(b"<meta http-equiv=refresh content='0;url=/refresh_to_itself'>")
    ),
    "refresh_without_end": Hostile(
        "redirect_loop",
        lambda h: h.answer(
            200, HTML, f"<meta http-equiv=refresh content='0;url={_count_up(h)}'>".encode()
        ),
    ),
    # The page is too much.
    "deep_page": Hostile(DONE, page(b"<div>" * 100_000 + b"<a href='/hidden.pdf'>x</a>")),
    "attribute_without_end": Hostile(DONE, page(b"<a href='" + b"x" * 1_000_000)),
}
"""Answers that are over at once."""

SLOW = {
    "body_without_end": forever(head(), b"x" * 65536),
    "body_that_drips": forever(head(), b"x"),
    "chunks_without_end": forever(CHUNKED, b"10000\r\n" + b"x" * 65536 + b"\r\n"),
    "chunks_that_drip": forever(CHUNKED, b"1\r\nx\r\n"),
    "header_without_end": forever(b"HTTP/1.1 200 OK\r\n", b"X-A: aaaaaaaaaaaa\r\n" * 100),
    "header_that_drips": forever(b"HTTP/1.1 200 OK\r\n", b"X-A: a\r\n"),
}
"""Answers that never end: a timeout each."""

TARGETS = {
    "file:///etc/{}": "http_302",
    "data:text/html,{}": "http_302",
    "ftp://127.0.0.1/{}": "http_302",
    "javascript:alert({})": "refused_address",
    "http://[::1/{}": "refused_address",
    "http://127.0.0.1:99999/{}": "refused_address",
    "http://127.0.0.1:port/{}": "refused_address",
    "http://127.0.0.1:1/{}": "refused_private_address",
    "http://127.1/{}": "refused_private_address",
    "http://0/{}": "refused_private_address",
    "http://0.0.0.0/{}": "refused_private_address",
    "http://0x7f000001/{}": "refused_private_address",
    "http://0x7f.1/{}": "refused_private_address",
    "http://017700000001/{}": "refused_private_address",
    "http://2130706433/{}": "refused_private_address",
    "http://127.0.0.1.:1/{}": "refused_private_address",
    "http:\\\\127.0.0.1\\{}": "refused_private_address",
    "http://10.0.0.1/{}": "refused_private_address",
    "http://172.16.0.1/{}": "refused_private_address",
    "http://192.168.1.1/{}": "refused_private_address",
    "http://100.64.0.1/{}": "refused_private_address",
    "http://169.254.169.254/{}": "refused_private_address",
    "http://224.0.0.1/{}": "refused_private_address",
    "http://255.255.255.255/{}": "refused_private_address",
    "http://[::1]/{}": "refused_private_address",
    "http://[::]/{}": "refused_private_address",
    "http://[::ffff:127.0.0.1]/{}": "refused_private_address",
    "http://[64:ff9b::7f00:1]/{}": "refused_private_address",
    "http://[2002:7f00:1::]/{}": "refused_private_address",
    "http://[fe80::1]/{}": "refused_private_address",
    "http://[fe80::1%25eth0]/{}": "refused_private_address",
    "http://[fc00::1]/{}": "refused_private_address",
    "http://me@127.0.0.1/{}": "refused_userinfo",
    "http://localhost/{}": "offsite",
    "http://%31%32%37.0.0.1/{}": "offsite",
    f"http://{'a' * 64}.cn/{{}}": "dns",
    "http://a..cn/{}": "dns",
}
"""Where redirects lead that must not be followed, and what becomes of them."""
