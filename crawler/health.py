"""Signs that a source has changed or died, read from its last rounds of visits."""

from pathlib import Path

from crawler.status import RoundStatus, open_readable, queue_path, read_rounds
from extract.source_issue import SourceIssue

_STORM_SHARE = 0.5
_STORM_LEAST = 5


def check_health(data: Path, source_id: str) -> list[SourceIssue]:
    """Compare the last round of a source with those before it.

    Takes the data folder and the id of a source; a source that was never crawled has no issues.

    >>> check_health(Path("/nowhere"), "demo_site")
    []
    """
    rounds = read_rounds(data, source_id)
    if not rounds:
        return []
    issues = [
        SourceIssue(source_id, code, "error", message)
        for code, message in _check_rounds(rounds[0], rounds[1:])
    ]
    with open_readable(queue_path(data, source_id)) as database:
        changed = database.execute(
            "SELECT url FROM requests WHERE layout_round = (SELECT max(id) FROM rounds)"
        ).fetchall()
    issues += [
        SourceIssue(
            source_id,
            "layout_changed",
            "warning",
            "the links of a listing stand elsewhere on the page than before; look whether "
            "item_links and next_links still find them",
            url,
        )
        for (url,) in changed
    ]
    return issues


def _check_rounds(last: RoundStatus, before: list[RoundStatus]) -> list[tuple[str, str]]:
    found = []
    ended_early = last.ended in {None, "quiet_hours", "asked_to_wait", "shutdown"}
    if last.pages == 0 and not ended_early and any(one.pages for one in before):
        found.append(("source_silent", "it gave pages before and gives none now"))
    # Without the count no listing was read: the site said that all are unchanged.
    if last.counts.get("listed") == 0 and any(one.counts.get("listed") for one in before):
        found.append(("listing_empty", "its listings linked items before and link none now"))
    errors = sum(last.counts.get(f"responses/{kind}", 0) for kind in ("4xx", "5xx"))
    bad = errors + sum(last.failures.values())
    if bad >= _STORM_LEAST and bad > _STORM_SHARE * (bad + last.pages):
        found.append(("status_storm", f"{bad} of {bad + last.pages} requests gave no page"))
    return found
