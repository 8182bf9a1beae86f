"""Whether a page holds a whole list, the local part of one, or only speaks of it."""

from collections.abc import Sequence

from extract.announcement import Draft
from extract.listing_records import Parts, Scope

_LEVELS = ("province", "city", "county")


def find_scope(draft: Draft, units: Sequence[Parts], implied: Parts) -> tuple[Scope, str | None]:
    """Find the scope of an announcement, and the area of a local part.

    Takes the units' levels and those that the page implies. A list is local when all its units lie
    in one area below that of its programme: one province of a national list, or one city of a
    provincial one where the page is about that city or states more units than it names.

    >>> from extract.announcement import draft_announcement, find_candidates
    >>> from extract.body import Body
    >>> from extract.page_context import PageContext
    >>> body, page = Body("", "", ()), PageContext("公布第六批中国传统村落", None, None, None, None)
    >>> draft = draft_announcement(find_candidates(body, page)[0], "selected", body, page)
    >>> find_scope(draft, [Parts(province="四川省", county="合江县")], Parts())
    ('local_excerpt', '四川省')
    """
    if not units:
        return "mention", None
    common = _common_levels(units, implied)
    if draft.level == "national" and common.province:
        return "local_excerpt", _name_area(common, implied) or common.province
    if draft.level in {"provincial", "corps"} and common.city:
        whole = sum(count.n for count in draft.stated if count.field == "text")
        if implied.city is not None or whole > len(units):
            return "local_excerpt", _name_area(common, implied)
    return "full", None


def _common_levels(units: Sequence[Parts], implied: Parts) -> Parts:
    """The levels that all units share, from the province down to the county."""
    shared: dict[str, str] = {}
    for level in _LEVELS:
        values = {getattr(parts, level) for parts in units}
        value = values.pop() if len(values) == 1 else None
        value = value or (getattr(implied, level) if values <= {None} else None)
        if not value:
            break
        shared[level] = value
    return Parts(**shared)


def _name_area(common: Parts, implied: Parts) -> str | None:
    if common.city is None:
        return None
    return common.city + (common.county or "" if implied.county else "")
