"""A draft of what is expected of a recorded page: what was found on it, for a person to judge."""

from collections.abc import Mapping
from typing import Any

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "document": ("page_type", "title", "published_at", "published_precision", "source"),
    "thread": (
        "title",
        "page",
        "thread_no",
        "board",
        "views_stated",
        "replies_stated",
        "pages_stated",
    ),
    "announcements": (
        "programme",
        "batch",
        "year",
        "authority",
        "level",
        "status",
        "scope",
        "scope_area",
    ),
    "units": ("name_full", "kind", "category_path", "batch", "status"),
    "comments": ("floor", "post_no", "posted_at", "text"),
    "mentions": ("surface", "name_full"),
}
"""Fields of each section that a reader of the page can judge; authors of posts stay on the page."""


def draft_expected(page: Mapping[str, Any]) -> dict[str, Any]:
    """Pick from the records of a page, as `gongshi.pages.to_json` gives them, what is to be judged.

    >>> lists = dict.fromkeys(("announcements", "units", "comments", "mentions", "issues"), ())
    >>> document = {"title": "公示", "authors": []}
    >>> draft = draft_expected({"document": document, "thread": None, **lists})
    >>> draft["document"], draft["units"], draft["issue_codes"]
    ({'title': '公示', 'authors': []}, [], [])
    """
    draft: dict[str, Any] = {
        name: _pick(page[name], fields)
        for name, fields in _FIELDS.items()
        if page[name] is not None
    }
    draft["document"]["authors"] = _pick(page["document"]["authors"], ("name", "role"))
    for record, found in zip(draft["announcements"], page["announcements"], strict=True):
        record["stated_counts"] = [[count["of"], count["n"]] for count in found["stated_counts"]]
    severe = {issue["code"] for issue in page["issues"] if issue["severity"] != "info"}
    return {**draft, "issue_codes": sorted(severe)}


def _pick(found: Any, fields: tuple[str, ...]) -> Any:
    if isinstance(found, Mapping):
        return {name: found[name] for name in fields if name in found}
    return [_pick(record, fields) for record in found]
