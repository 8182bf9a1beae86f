from pathlib import Path
from typing import Any

import pytest

from datasets.quality import check_tables
from datasets.read import Snapshot, open_snapshot
from datasets.schema import get_table, load_tables
from datasets.store import commit, write_parts, writer_lock

Rows = list[dict[str, Any]]


def units(n: int, source: str = "sichuan_mzt_notices", start: int = 0) -> Rows:
    empty = {"string": "", "int": 0, "float": 0.0, "bool": False}
    blank = {c.name: None if c.nullable else empty[c.kind] for c in get_table("units").columns}
    return [blank | {"unit_id": f"{start + i:016x}", "source_id": source} for i in range(n)]


def tables(unit_rows: Rows) -> dict[str, Rows]:
    return {name: unit_rows if name == "units" else [] for name in load_tables()}


@pytest.fixture
def previous(tmp_path: Path) -> Snapshot:
    rows = tables(units(10) + units(2, "zhili_reposts", start=10))
    with writer_lock(tmp_path):
        parts = [p for t in load_tables().values() for p in write_parts(tmp_path, t, rows[t.name])]
        commit(tmp_path, parts, {})
    return open_snapshot(tmp_path)


def test_growth_is_fine(previous: Snapshot) -> None:
    rows = units(20) + units(2, "zhili_reposts", start=20)
    assert check_tables(tables(rows), previous) == ()


def test_a_drop_by_more_than_three_tenths_is_found(previous: Snapshot) -> None:
    kept = units(2, "zhili_reposts", start=10)
    assert check_tables(tables(units(7) + kept), previous) == ()
    (finding,) = check_tables(tables(units(6) + kept), previous)
    assert (finding.check, finding.table) == ("row_drop", "units")
    assert finding.message == "units: 12 rows before, 8 now"


def test_a_source_that_has_gone_silent_is_found(previous: Snapshot) -> None:
    (finding,) = check_tables(tables(units(12)), previous)
    assert finding.check == "source_silent"
    assert finding.message == "source zhili_reposts: 2 units before, none now"


def test_a_repeated_key_is_found_without_a_previous_snapshot() -> None:
    (finding,) = check_tables(tables(units(3) + units(2)), None)
    assert finding.check == "duplicate_key"
    assert "0000000000000000 stands in 2 rows, and 1 more" in finding.message


def test_fewer_issues_are_good_news(previous: Snapshot) -> None:
    manifest = {
        "resources": [
            resource | {"rows": 50 if resource["name"] == "issues" else resource["rows"]}
            for resource in previous.manifest["resources"]
        ]
    }
    before = Snapshot(previous.id, previous.path, manifest)
    rows = units(10) + units(2, "zhili_reposts", start=10)
    assert check_tables(tables(rows), before) == ()
