"""Which addresses mean the same page, and which are traps that never end."""

import re
from collections.abc import Collection
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import urlsplit

from extract.discuz_address import forget_way

_VISIT_PARAMETERS = frozenset(
    {
        "phpsessid",
        "jsessionid",
        "sessionid",
        "session_id",
        "sessid",
        "asp.net_sessionid",
        "zenid",
        "cfid",
        "cftoken",
        "spm",
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "utm_term",
        "utm_content",
    }
)
# `sid` is a session in Discuz! (sid=a1B2c3) and a section elsewhere (sid=12): only letters mixed
# with digits are a session.
_SESSION_VALUE = re.compile(r"(?=[^&]*\d)(?=[^&]*[A-Za-z])[A-Za-z0-9]{6,40}")
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#]*", re.IGNORECASE)
_ESCAPE = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
# Only below a folder that says so: /2345/11 may be page 11 of thread 2345.
_CALENDAR_PATH = re.compile(
    r"/(?:calendar|rili|archives?|events?|date)/(?:[^/]+/)?(\d{4})(?=[/-]|$)", re.IGNORECASE
)
_CALENDAR_QUERY = re.compile(
    r"(?:^|&)(?:y|year|yr|date|ym|cal\w*)=(\d{4})(?:\D|\d{2}(?:\d{2})?(?:\D|$)|$)",
    re.IGNORECASE,
)
_LONGEST = 2000
_DEEPEST = 20
_REPEATED = 3
_OLDEST_YEAR = 1900


def canonical_address(url: str, ignored: Collection[str] = ()) -> str:
    """Write an address so that addresses of the same page are equal; it need not work any more.

    Takes an absolute address and the names of parameters that do not change the page of its
    source. Host, default port, escapes and the order of parameters are made uniform; session ids,
    parameters of visitor statistics, what Discuz! says of the visit and the fragment are dropped.

    >>> canonical_address("HTTP://A.cn:80/t.php;jsessionid=9A?b=2&PHPSESSID=8f&a=1#p")
    'http://a.cn/t.php?a=1&b=2'
    >>> canonical_address("http://a.cn/?sid=a1B2c3&tid=7"), canonical_address("http://a.cn/?sid=12")
    ('http://a.cn/?tid=7', 'http://a.cn/?sid=12')
    """
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    host = parts.netloc.lower().removesuffix(_DEFAULT_PORTS.get(scheme, ""))
    path = parts.path or "/"
    if ";" in path:
        path = _PATH_SESSION.sub("", path)
    query = parts.query
    if query or "/thread-" in path:
        path, counting = forget_way(path, [p for p in query.split("&") if _counts(p, ignored)])
        query = "&".join(sorted(counting))
    text = f"{scheme}://{host}{path}" + (f"?{query}" if query else "")
    return _ESCAPE.sub(lambda escape: escape[0].upper(), text) if "%" in text else text


def _counts(parameter: str, ignored: Collection[str]) -> bool:
    name, _, value = parameter.partition("=")
    lower = name.lower()
    if not parameter or lower in _VISIT_PARAMETERS or name in ignored:
        return False
    if lower.startswith("aspsessionid"):
        return False
    return not (lower == "sid" and _SESSION_VALUE.fullmatch(value))


def address_key(url: str, ignored: Collection[str] = ()) -> bytes:
    """Digest of an address that is equal for addresses of the same page: 16 bytes.

    >>> address_key("http://a.cn") == address_key("http://A.cn:80/#top")
    True
    """
    canonical = canonical_address(url, ignored).encode("utf-8", "surrogatepass")
    return blake2b(canonical, digest_size=16).digest()


def find_trap(url: str, today: date) -> str | None:
    """Name the trap that an address is part of, None for a plain one.

    Traps are addresses that programs make without end: too long or too deep, the same piece of
    path over and over, or a page of a calendar more than a year ahead or before 1900.

    >>> day = date(2024, 5, 1)
    >>> find_trap("http://a.cn/a/b/a/b/a/b/1.html", day), find_trap("http://a.cn/?year=2031", day)
    ('trap_repeated_path', 'trap_calendar')
    >>> find_trap("http://a.cn/2024/05/t20240501_1.html", day) is None
    True
    """
    if len(url) > _LONGEST:
        return "trap_long_address"
    parts = urlsplit(url)
    folders = parts.path.split("/")[1:]
    if len(folders) > _DEEPEST:
        return "trap_deep_path"
    if len(folders) > _REPEATED and _is_repeated(folders):
        return "trap_repeated_path"
    years = _CALENDAR_PATH.findall(parts.path)
    if parts.query:
        years += _CALENDAR_QUERY.findall(parts.query)
    if any(not _OLDEST_YEAR <= int(year) <= today.year + 1 for year in years):
        return "trap_calendar"
    return None


def _is_repeated(folders: list[str]) -> bool:
    """Whether one to three folders follow each other at least three times."""
    for width in (1, 2, 3):
        same = 0
        for here, before in zip(folders[width:], folders, strict=False):
            same = same + 1 if here and here == before else 0
            if same >= width * (_REPEATED - 1):
                return True
    return False


@lru_cache(maxsize=64)
def layout_hash(skeleton: str) -> str:
    """Short digest of the layout around the links of a listing.

    >>> layout_hash("div.list/ul") == layout_hash("div.list/ul")
    True
    """
    return blake2b(skeleton.encode("utf-8", "replace"), digest_size=6).hexdigest()
