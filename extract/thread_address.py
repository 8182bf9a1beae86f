"""What the address of a thread page tells: host, thread, page, and where the thread begins."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

_NUMBER = re.compile("[0-9]{1,12}")
_REWRITTEN = re.compile(
    r"(?P<head>.*thread-)(?P<tid>[0-9]{1,12})-(?P<page>[0-9]{1,6})(?P<tail>-.*)"
)
_ARCHIVED = re.compile(r"tid-(?P<tid>[0-9]{1,12})(?:-page-(?P<page>[0-9]{1,6}))?\.html")


@dataclass(frozen=True, slots=True)
class ThreadAddress:
    """The parts of a thread page's address."""

    host: str
    """Host name, empty for a saved file."""
    thread_no: str | None
    """Number of the thread."""
    page: int | None
    """Page number, None when the address gives none."""
    one_author: bool
    """Whether the page shows the posts of one author only."""
    first_page: str
    """Address of the thread's first page, without filters; the address itself when unknown."""
    pages: int | None = None
    """Number of pages, which only the page itself can tell."""

    @property
    def is_last(self) -> bool:
        """Whether no further page is known to follow.

        >>> read_thread_address("http://bbs.example.cn/thread-7-2-1.html").is_last
        True
        """
        return self.pages is None or (self.page or 1) >= self.pages


def read_thread_address(url: str) -> ThreadAddress:
    """Read the address of a Discuz! thread page in any of its forms.

    Takes dynamic (`?mod=viewthread&tid=7`), rewritten (`thread-7-2-1.html`) and archiver
    (`?tid-7-page-2.html`) addresses; never raises.

    >>> address = read_thread_address("http://bbs.example.cn/thread-7-2-1.html")
    >>> address.thread_no, address.page, address.first_page
    ('7', 2, 'http://bbs.example.cn/thread-7-1-1.html')
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        query = parse_qs(parts.query)
    except ValueError:
        return ThreadAddress("", None, None, False, url)
    one_author = "authorid" in query
    rewritten = _REWRITTEN.fullmatch(parts.path)
    if rewritten:
        path = f"{rewritten['head']}{rewritten['tid']}-1{rewritten['tail']}"
        first = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
        return ThreadAddress(host, rewritten["tid"], int(rewritten["page"]), one_author, first)
    archived = _ARCHIVED.search(parts.query) or _ARCHIVED.search(parts.path)
    if archived:
        page = int(archived["page"] or 1)
        first = url.replace(archived.group(), f"tid-{archived['tid']}.html")
        return ThreadAddress(host, archived["tid"], page, one_author, first)
    thread_no = _number(query, "tid") or _number(query, "ptid")
    if thread_no is None:
        return ThreadAddress(host, None, None, one_author, url)
    kept = urlencode({"mod": "viewthread", "tid": thread_no})
    first = urlunsplit((parts.scheme, parts.netloc, parts.path, kept, ""))
    printed_page = _number(query, "page")
    return ThreadAddress(
        host, thread_no, int(printed_page) if printed_page else None, one_author, first
    )


def _number(query: dict[str, list[str]], key: str) -> str | None:
    value = query.get(key, [""])[0]
    return value if _NUMBER.fullmatch(value) else None
