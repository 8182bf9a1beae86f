"""What the last round of a source says beside those before it."""

from contextlib import closing
from pathlib import Path

import pytest

from crawler.frontier import Frontier
from crawler.health import check_health

NOW = 1_714_500_000.0
GOOD = {"responses/2xx": 40, "listed": 20}


def end_rounds(data: Path, *rounds: tuple[str, dict[str, int]]) -> None:
    for number, (ended, counts) in enumerate(rounds):
        with closing(Frontier(data, "demo_site")) as queue:
            queue.begin(f"run{number}", NOW + number * 86_400)
            queue.end(ended, NOW + number * 86_400 + 60, counts)
            queue.commit({}, "")


@pytest.mark.parametrize(
    ("ended", "counts", "codes"),
    [
        ("finished", GOOD, []),
        ("finished", {"responses/304": 3}, []),
        ("finished", {"failures/timeout": 2}, ["source_silent"]),
        ("quiet_hours", {}, []),
        ("finished", {"responses/2xx": 1, "listed": 0}, ["listing_empty"]),
        ("finished", GOOD | {"responses/5xx": 60}, ["status_storm"]),
        ("finished", GOOD | {"responses/4xx": 30, "failures/timeout": 30}, ["status_storm"]),
        ("finished", GOOD | {"responses/5xx": 3}, []),
    ],
)
def test_last_round_is_held_against_those_before(
    tmp_path: Path, ended: str, counts: dict[str, int], codes: list[str]
) -> None:
    end_rounds(tmp_path, ("finished", GOOD), (ended, counts))
    assert [issue.code for issue in check_health(tmp_path, "demo_site")] == codes


def test_first_round_without_pages_is_no_silence(tmp_path: Path) -> None:
    end_rounds(tmp_path, ("finished", {"failures/dns": 1}))
    assert check_health(tmp_path, "demo_site") == []


def test_missing_pages_are_errors_and_a_storm_is_not_silent(tmp_path: Path) -> None:
    end_rounds(tmp_path, ("finished", GOOD), ("finished", {"failures/timeout": 50}))
    issues = {issue.code: issue for issue in check_health(tmp_path, "demo_site")}
    assert set(issues) == {"source_silent", "status_storm"}
    assert issues["source_silent"].is_error
    assert issues["status_storm"].message == "50 of 50 requests gave no page"
