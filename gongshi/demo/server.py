"""A web server on 127.0.0.1 for pages that are held in memory, with validators and no log."""

from collections.abc import Mapping
from datetime import UTC, timedelta, timezone
from email.utils import format_datetime
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from gongshi.demo.render import Reply, page_key

BEIJING = timezone(timedelta(hours=8))
NOT_FOUND = "<!DOCTYPE html><html><head><title>404</title></head><body>页面不存在</body></html>"


class DemoServer(ThreadingHTTPServer):
    """One demo site on a free port of 127.0.0.1.

    >>> with DemoServer({}) as server:
    ...     server.port > 0
    True
    """

    daemon_threads = True

    def __init__(self, pages: Mapping[str, Reply]) -> None:
        super().__init__(("127.0.0.1", 0), DemoHandler)
        self.pages = pages

    @property
    def port(self) -> int:
        """Port the site listens on."""
        return int(self.server_address[1])


class DemoHandler(BaseHTTPRequestHandler):
    """Answers GET and HEAD: 200, 304 for a known validator, 404 for everything else."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # header and body are two writes
    server: DemoServer

    def do_GET(self) -> None:
        """Send the page, or 304 when the client holds it already."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Send the headers of the page."""
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent: the demo shares its terminal with the crawl."""

    def _answer(self, with_body: bool) -> None:
        reply = self.server.pages.get(page_key(self.path))
        if reply is None:
            headers = {"Content-Type": "text/html; charset=utf-8"}
            self._send(HTTPStatus.NOT_FOUND, headers, NOT_FOUND.encode("utf-8"), with_body)
            return
        headers = {
            "Content-Type": reply.media_type,
            "ETag": f'"{sha256(reply.body).hexdigest()[:16]}"',
            "Last-Modified": _http_date(reply),
        }
        if self._is_known(headers):
            self._send(HTTPStatus.NOT_MODIFIED, headers, b"", with_body)
        else:
            self._send(HTTPStatus.OK, headers, reply.body, with_body)

    def _is_known(self, headers: Mapping[str, str]) -> bool:
        # RFC 9110, 13.1.3: If-Modified-Since counts only where If-None-Match is absent.
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return headers["ETag"] in (tag.strip().removeprefix("W/") for tag in tags.split(","))
        return self.headers.get("If-Modified-Since") == headers["Last-Modified"]

    def _send(
        self, status: HTTPStatus, headers: Mapping[str, str], body: bytes, with_body: bool
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)


def _http_date(reply: Reply) -> str:
    modified = reply.modified.replace(tzinfo=BEIJING)
    return format_datetime(modified.astimezone(UTC), usegmt=True)
