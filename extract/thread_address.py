"""What the address of a thread page tells: host, thread, page, and where the thread begins."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlencode, urlsplit, urlunsplit

_NUMBER = re.compile("[0-9]{1,12}")
_REWRITTEN = re.compile(
    r"(?P<head>.*thread-)(?P<tid>[0-9]{1,12})-(?P<page>[0-9]{1,6})(?P<tail>-.*)"
)
_DASHED = re.compile(
    r"(?:^|[-/?])tid-(?P<tid>[0-9]{1,12})(?P<rest>(?:-[a-z]{1,12}-[0-9a-z]{1,12}){0,9})"
    r"(?P<end>\.html?|$)"
)
_SIMPLE = re.compile(r"t(?P<tid>[0-9]{1,12})(?:_(?P<page>[0-9]{1,6}))?\.html?")
_PAIR = re.compile("-([a-z]{1,12})-([0-9a-z]{1,12})")
_SHORTENED = ("fpage", "page", "uid", "ordertype", "ds", "toread")
"""What an address says of one view of a thread rather than of the thread."""


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
    newest_first: bool = False
    """Whether the address asks for the newest post first."""

    @property
    def is_last(self) -> bool:
        """Whether no further page is known to follow.

        >>> read_thread_address("http://bbs.example.cn/thread-7-2-1.html").is_last
        True
        """
        return self.pages is None or (self.page or 1) >= self.pages


def read_thread_address(url: str) -> ThreadAddress:
    """Read the address of a thread page of Discuz! or phpwind in any of its forms.

    Takes dynamic (`?mod=viewthread&tid=7`, `read.php?tid=7`), rewritten (`thread-7-2-1.html`),
    dashed (`read-htm-tid-7-page-2.html`, `read.php?tid-7-page-2.html`) and archiver
    (`archiver/?tid-7.html&page=2`, `simple/?t7_2.html`) addresses; never raises.

    >>> address = read_thread_address("http://bbs.example.cn/thread-7-2-1.html")
    >>> address.thread_no, address.page, address.first_page
    ('7', 2, 'http://bbs.example.cn/thread-7-1-1.html')
    >>> address = read_thread_address("http://bbs.example.cn/archiver/?tid-7.html&page=2")
    >>> address.page, address.first_page
    (2, 'http://bbs.example.cn/archiver/?tid-7.html')
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        query = parse_qs(parts.query)
    except ValueError:
        return ThreadAddress("", None, None, False, url)
    rewritten = _REWRITTEN.fullmatch(parts.path)
    if rewritten:
        path = f"{rewritten['head']}{rewritten['tid']}-1{rewritten['tail']}"
        first = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
        page = int(rewritten["page"])
        return ThreadAddress(host, rewritten["tid"], page, "authorid" in query, first)
    return _read_dashed(parts, host, query) or _read_dynamic(parts, host, query, url)


def _read_dashed(
    parts: SplitResult, host: str, query: dict[str, list[str]]
) -> ThreadAddress | None:
    in_query = _DASHED.search(parts.query)
    found = in_query or _DASHED.search(parts.path)
    simple = None if found else _SIMPLE.match(parts.query)
    if simple:
        page = int(simple["page"] or 1)
        start = urlunsplit(parts._replace(query=f"t{simple['tid']}.html", fragment=""))
        return ThreadAddress(host, simple["tid"], page, False, start)
    if found is None:
        return None
    said = dict(_PAIR.findall(found["rest"]))
    kept = "".join(f"-{key}-{value}" for key, value in said.items() if key not in _SHORTENED)
    dashed = found.string[: found.end("tid")] + kept + found["end"]
    first = parts._replace(fragment="", query=dashed if in_query else "")
    first = first if in_query else first._replace(path=dashed)
    page_no = said.get("page") or _number(query, "page") or "1"
    return ThreadAddress(
        host=host,
        thread_no=found["tid"],
        page=int(page_no) if _NUMBER.fullmatch(page_no) else None,
        one_author="uid" in said,
        first_page=urlunsplit(first),
        newest_first=said.get("ordertype") == "desc",
    )


def _read_dynamic(
    parts: SplitResult, host: str, query: dict[str, list[str]], url: str
) -> ThreadAddress:
    is_phpwind = parts.path.endswith("read.php") or query.get("c") == ["read"]
    one_author = "authorid" in query or (is_phpwind and "uid" in query)
    thread_no = _number(query, "tid") or _number(query, "ptid")
    if thread_no is None:
        return ThreadAddress(host, None, None, one_author, url)
    said: dict[str, str] = {key: query[key][0] for key in ("m", "c", "a") if key in query}
    kept: dict[str, str] = said if is_phpwind else {"mod": "viewthread"}
    asked = urlencode({**kept, "tid": thread_no})
    printed_page = _number(query, "page")
    return ThreadAddress(
        host=host,
        thread_no=thread_no,
        page=int(printed_page) if printed_page else None,
        one_author=one_author,
        first_page=urlunsplit((parts.scheme, parts.netloc, parts.path, asked, "")),
        newest_first=query.get("ordertype", [""])[0] in {"1", "desc"} or query.get("desc") == ["1"],
    )


def _number(query: dict[str, list[str]], key: str) -> str | None:
    value = query.get(key, [""])[0]
    return value if _NUMBER.fullmatch(value) else None
