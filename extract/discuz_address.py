"""Addresses of Discuz! say more than which page is meant: where one came from and when.

The forms are those of Discuz! X: `extra=page%3D2` and the last number of `thread-7-1-2.html` name
the page of the list that led to a thread; `aid` of a file holds its number, a digest of it with the
time of the visit, that time, the visitor and the thread, in Base64 (its function `aidencode`).
"""

import re
from base64 import b64decode
from collections.abc import Sequence
from urllib.parse import unquote

_VIEWS = frozenset(("mod=viewthread", "mod=forumdisplay"))
_WAY_THERE = frozenset(("extra", "highlight", "fromuid"))
_FILE = "mod=attachment"
_REWRITTEN = re.compile(r"(/thread-[0-9]{1,12}-[0-9]{1,6})-[0-9]{1,6}(\.html?)$")
_FILE_NO = re.compile(rb"([0-9]{1,12})\|[0-9a-f]{8}\|[0-9]{9,11}\|")
_LONGEST_FILE_NO = 200


def forget_way(path: str, parameters: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Take from an address of Discuz! what does not change the page; others stay as they are.

    Takes and gives the path and the parameters of the query, each as `name=value`.

    >>> forget_way("/forum.php", ["mod=viewthread", "tid=7", "extra=page%3D2", "page=1"])
    ('/forum.php', ['mod=viewthread', 'tid=7'])
    >>> forget_way("/thread-7-1-2.html", [])
    ('/thread-7-1-1.html', [])
    """
    path = _REWRITTEN.sub(r"\1-1\2", path)
    if not _VIEWS.isdisjoint(parameters):
        named = [(parameter.partition("=")[0], parameter) for parameter in parameters]
        return path, [p for name, p in named if name not in _WAY_THERE and p != "page=1"]
    if _FILE in parameters:
        return path, [_with_file_no(parameter) for parameter in parameters]
    return path, parameters


def _with_file_no(parameter: str) -> str:
    name, _, value = parameter.partition("=")
    if name != "aid" or len(value) > _LONGEST_FILE_NO:
        return parameter
    try:
        found = _FILE_NO.match(b64decode(unquote(value) + "==="))
    except ValueError:
        return parameter
    return f"aid={found[1].decode()}" if found else parameter
