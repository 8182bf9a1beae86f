"""Recorded pages on disk: a folder per case, with the page, its header and what is expected of it.

The shape is that of the golden pages: `<source_id>/<case>/` with `page.html` or `page.txt`,
`page.json` and `expected.json`.
"""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from extract.page import Page
from normalize.errors import GongshiError

_CASE = re.compile(r"[a-z0-9][a-z0-9_]{0,63}")
_HEAD = "page.json"
_EXPECTED = "expected.json"
_ENDINGS = {"text/plain": ".txt"}
_FIELDS = frozenset({"url", "media_type", "charset", "fetched_at"})


def find_case(into: Path, source_id: str, case: str) -> Path:
    """Give the folder of a case; raises GongshiError for a name that is none.

    >>> find_case(Path("tests/pages"), "demo_site", "page_1").as_posix()
    'tests/pages/demo_site/page_1'
    """
    if not _CASE.fullmatch(case):
        raise GongshiError(f"'{case}' is no name of a case: use lower snake case, such as 'page_1'")
    return into / source_id / case


def write_recorded(folder: Path, page: Page) -> Path:
    """Write a page and its header into a new folder, and give the path of the page.

    Raises GongshiError when the folder is there already, OSError when it cannot be written.

    >>> from datetime import UTC
    >>> from tempfile import TemporaryDirectory
    >>> page = Page(b"<p>", "http://a.cn/1", "text/html", "gbk", datetime(2024, 5, 1, tzinfo=UTC))
    >>> with TemporaryDirectory() as into:
    ...     read_recorded(write_recorded(Path(into) / "page_1", page)) == page
    True
    """
    refuse_recorded(folder)
    folder.mkdir(parents=True)
    path = folder / f"page{_ENDINGS.get(page.media_type or '', '.html')}"
    path.write_bytes(page.body)
    head = {
        "url": page.url,
        "media_type": page.media_type,
        "charset": page.charset,
        "fetched_at": page.fetched_at.isoformat(),
    }
    _write_text(folder / _HEAD, json.dumps(head, ensure_ascii=False, indent=2))
    return path


def refuse_recorded(folder: Path) -> None:
    """Raise GongshiError when a case is there already: nobody's page is overwritten.

    >>> refuse_recorded(Path("/nowhere"))
    """
    if folder.exists():
        raise GongshiError(
            f"'{folder}' is there already: name another case with --case, or write what is "
            "expected of this one with --accept"
        )


def read_recorded(path: Path) -> Page | None:
    """Read a page with the header that was recorded beside it, None for a page without one.

    Raises OSError when a file cannot be read.

    >>> read_recorded(Path("/nowhere/page.html")) is None
    True
    """
    head = path.with_name(_HEAD)
    if path.stem != "page" or not head.is_file():
        return None
    try:
        said = json.loads(head.read_text(encoding="utf-8"))
        if not isinstance(said, dict) or said.keys() != _FIELDS:
            return None  # of somebody else, who calls his files so
        fetched_at = datetime.fromisoformat(said["fetched_at"])
    except (ValueError, TypeError):
        return None
    return Page(path.read_bytes(), said["url"], said["media_type"], said["charset"], fetched_at)


def read_case(folder: Path) -> Page:
    """Read the recorded page of a case; raises GongshiError when there is none.

    >>> read_case(Path("/nowhere"))
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: '/nowhere' holds no recorded page: record one first, ...
    """
    pages = (path for path in sorted(folder.glob("page.*")) if path.name != _HEAD)
    page = next((page for path in pages if (page := read_recorded(path))), None)
    if page is None:
        raise GongshiError(f"'{folder}' holds no recorded page: record one first, with its address")
    return page


def write_expected(folder: Path, expected: dict[str, Any]) -> Path:
    """Write what is expected of a case, one record per line; raises GongshiError when it is there.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = write_expected(Path(folder), {"units": [{"kind": "town"}], "issue_codes": []})
    ...     print(path.read_text(), end="")
    {
      "units": [
        {"kind": "town"}
      ],
      "issue_codes": []
    }
    """
    path = folder / _EXPECTED
    if path.exists():
        raise GongshiError(
            f"'{path}' is there already: change it by hand, or remove it to have it written anew"
        )
    sections = (f'  "{name}": {_format_section(value)}' for name, value in expected.items())
    _write_text(path, "{\n" + ",\n".join(sections) + "\n}")
    return path


def _format_section(value: Any) -> str:
    if isinstance(value, dict):
        lines = [f"{_in_json(name)}: {_in_json(field)}" for name, field in value.items()]
        return "{\n    " + ",\n    ".join(lines) + "\n  }"
    if value and isinstance(value[0], dict):
        return "[\n    " + ",\n    ".join(map(_in_json, value)) + "\n  ]"
    return _in_json(value)


def _in_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="utf-8")
