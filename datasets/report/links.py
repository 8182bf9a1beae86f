"""Which addresses of hostile pages a written page may link to."""

import re

_WEB_ADDRESS = re.compile(r"https?://[^\s\"'<>\\^`{|}\x00-\x1f\x7f]+", re.IGNORECASE)


def safe_link(url: str | None) -> str | None:
    """Give an address back when a report may link to it: http and https only, nothing odd in it.

    >>> safe_link("http://mzt.example.cn/notice/3.html"), safe_link("javascript:alert(1)")
    ('http://mzt.example.cn/notice/3.html', None)
    """
    return url if url and _WEB_ADDRESS.fullmatch(url) else None
