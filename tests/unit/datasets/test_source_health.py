"""What the pages of a source used to give and no longer do."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from conftest import Run
from datasets.schema import Row, get_table
from datasets.source_health import find_missing_fields, source_issue_row
from extract.source_issue import SourceIssue
from small_snapshot import fill_row, write_snapshot

FIRST = datetime(2022, 4, 6, tzinfo=UTC)


def make_tables(*runs: Sequence[str | None], page_type: str = "article") -> dict[str, list[Row]]:
    """Documents of one source, run by run, each with this 来源; every third one lists a unit."""
    tables: dict[str, list[Row]] = {"fetches": [], "documents": [], "units": [], "comments": []}
    numbers = count()
    for run, sources in enumerate(runs):
        for source in sources:
            n = next(numbers)
            tables["fetches"].append(fill_row("fetches", fetch_id=f"f{n}", run_id=f"r{run}"))
            document = {"doc_id": f"d{n}", "fetch_id": f"f{n}", "source": source, "text": "公示"}
            seen = FIRST + timedelta(days=run, seconds=n)
            tables["documents"].append(
                fill_row("documents", **document, page_type=page_type) | {"first_seen": seen}
            )
            if n % 3 == 0:
                tables["units"].append(fill_row("units", doc_id=f"d{n}"))
    return tables


PRINTED, MISSING = "嘉兴日报", None


@pytest.mark.parametrize(
    ("runs", "told"),
    [
        ([[PRINTED] * 30, [MISSING] * 5], "30 of 30 pages gave them before, none of the newest 5"),
        # Run by run one page, as of a source that publishes rarely.
        ([[PRINTED] * 30, *[[MISSING]] * 3], "none of the newest 3"),
        ([[PRINTED] * 15, [MISSING] * 5, [PRINTED], [MISSING] * 9], "16 of 21"),
        # What few pages gave is missed after many without it.
        ([[PRINTED, MISSING, MISSING] * 10, [MISSING] * 5], None),
        ([[PRINTED, MISSING, MISSING] * 10, [MISSING] * 20], "10 of 30"),
        ([[PRINTED] * 30, [MISSING] * 5, [PRINTED]], None),
        ([[PRINTED] * 10, [MISSING] * 10], None),  # too little was known
        ([[PRINTED] * 30 + [MISSING] * 30], None),  # a first run goes back in time
        ([[MISSING] * 30, [MISSING] * 30], None),
    ],
)
def test_a_value_that_new_pages_lack(runs: list[list[str | None]], told: str | None) -> None:
    found = [i for i in find_missing_fields(make_tables(*runs)) if i.column == "source"]
    assert len(found) == (told is not None)
    if told:
        assert told in found[0].message
        assert (found[0].code, found[0].severity) == ("field_missing", "error")


def test_rows_that_new_pages_no_longer_give() -> None:
    tables = make_tables([PRINTED] * 30, [PRINTED] * 20)
    tables["units"] = [row for row in tables["units"] if int(row["doc_id"][1:]) < 30]
    (issue,) = find_missing_fields(tables)
    assert issue.column == "units"
    assert issue.message.startswith("rows of units: 10 of 30 pages gave them before, none of")


def test_attachments_and_lists_are_no_pages_to_judge_by() -> None:
    tables = make_tables([PRINTED] * 30, [MISSING] * 30, page_type="attachment")
    assert find_missing_fields(tables) == []


def test_each_issue_has_an_id_of_its_own() -> None:
    issues = [
        SourceIssue("demo_site", "field_missing", "error", "a", column="source"),
        SourceIssue("demo_site", "field_missing", "error", "b", column="authors"),
        SourceIssue("demo_site", "layout_changed", "warning", "c", "http://a.cn/1"),
        SourceIssue("demo_site", "layout_changed", "warning", "c", "http://a.cn/2"),
    ]
    rows = [source_issue_row(issue) for issue in issues]
    assert len({row["issue_id"] for row in rows}) == len(issues)
    assert {column.name for column in get_table("issues").columns} <= set(rows[0])


def test_status_tells_it_and_ends_with_3(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = source_issue_row(SourceIssue("demo", "field_missing", "error", "text is gone"))
    write_snapshot(tmp_path, {"issues": [row]})
    assert run("status", "--data", tmp_path) == 3
    assert "text is gone" in capsys.readouterr().out
