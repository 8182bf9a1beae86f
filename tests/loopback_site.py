"""A web site on 127.0.0.1 for tests: a handler that answers, and a server that ends cleanly."""

import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar

_BODYLESS = (204, 304)

S = TypeVar("S", bound="LoopbackServer")


class LoopbackHandler(BaseHTTPRequestHandler):
    """Notes the path of every request and says nothing of it; `respond` is for the test to add."""

    protocol_version = "HTTP/1.1"
    server: "LoopbackServer"

    def do_GET(self) -> None:
        self.server.seen.append(self.path)
        self.respond()

    def respond(self) -> None:
        """Answer the request with `answer`, or with bytes of its own to `wfile`."""
        self.answer(404)

    def answer(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        """Send a whole response, with the length of its body."""
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status not in _BODYLESS:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class LoopbackServer(ThreadingHTTPServer):
    """Listens on a free port of 127.0.0.1; `seen` are the paths that were asked for, in order."""

    daemon_threads = True

    def __init__(self, handler: type[LoopbackHandler], tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.seen: list[str] = []
        self.closing = threading.Event()
        self.scheme = "https" if tls else "http"
        if tls is not None:
            self.socket = tls.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )

    @property
    def url(self) -> str:
        """Address of the site, without a slash at its end."""
        return f"{self.scheme}://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that hangs up."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextmanager
def serving(server: S) -> Iterator[S]:
    """Serve in a thread; `closing` is set at the end, for handlers that wait."""
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
