"""WARC files made by hand, so that tests decide about every byte."""

import gzip
from pathlib import Path

PAGE = "<p>潼川镇草堂社区</p>".encode() * 40


class Warc:
    """A WARC file under construction, one gzip member per record."""

    def __init__(self, zipped: bool = True) -> None:
        self.content = b""
        self.zipped = zipped

    def info(self, **fields: str) -> "Warc":
        lines = [f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items()]
        return self.add("warcinfo", None, "".join(lines).encode(), "application/warc-fields")

    def response(
        self, url: str, body: bytes = PAGE, status: str = "200 OK", **headers: str
    ) -> "Warc":
        date = headers.pop("date", "2022-04-06T03:15:00.123456Z")
        head = {"Content-Type": "text/html; charset=gb2312"}
        head |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        block = f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body
        return self.add("response", url, block, "application/http; msgtype=response", date)

    def add(
        self,
        kind: str,
        url: str | None,
        block: bytes,
        content_type: str,
        date: str = "2022-04-06T03:15:00.123456Z",
        **headers: str,
    ) -> "Warc":
        named = {
            "WARC-Type": kind,
            "WARC-Record-ID": "<urn:uuid:00000000-0000-0000-0000-000000000000>",
            "WARC-Date": date,
            "Content-Type": content_type,
            "Content-Length": str(len(block)),
        }
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        if url:
            named["WARC-Target-URI"] = url
        lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        record = f"WARC/1.1\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"
        self.content += gzip.compress(record, mtime=0) if self.zipped else record
        return self

    def save(self, path: Path, cut: int = 0, tail: bytes = b"") -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.content[: len(self.content) - cut] + tail)
        return path
