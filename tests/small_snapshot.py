"""A small data folder of made-up rows, for tests of what is made from tables."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from datasets.read import Snapshot, open_snapshot
from datasets.schema import get_table, load_tables
from datasets.store import commit, write_parts, writer_lock

MOMENT = datetime(2022, 4, 6, 12, 31, 9, tzinfo=UTC)
BLANK = {"string": "", "int": 0, "float": 0.0, "bool": False, "time": MOMENT}
CODES = ("51", "5107", "510727", "33")
BATCH = "9b871512327c09ce"

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def fill_row(table: str, **values: Any) -> dict[str, Any]:
    """A row of a table: the given values, else nulls and blanks."""
    columns = get_table(table).columns
    blank = {c.name: None if c.nullable else BLANK[c.kind] for c in columns}
    return {"first_seen": MOMENT, "source_id": "demo", **blank, **values}


def write_snapshot(data: Path, rows: Rows) -> Snapshot:
    """Commit rows of some tables, and the others empty."""
    with writer_lock(data):
        parts = [
            part
            for name, table in load_tables().items()
            for part in write_parts(data, table, [fill_row(name, **r) for r in rows.get(name, ())])
        ]
        commit(data, parts, {})
    return open_snapshot(data)


def small_rows() -> dict[str, list[dict[str, Any]]]:
    """Two batches, a thread of four replies, and a mention of a unit."""
    return {
        "runs": [{"run_id": "r1", "warc_file": "warc/a.warc.gz"}],
        "fetches": [
            {"fetch_id": f"f{n}", "run_id": "r1", "doc_id": f"d{n}", "url": f"http://a.cn/{n}"}
            for n in (1, 2, 3)
        ],
        "documents": [
            {
                "doc_id": f"d{n}",
                "fetch_id": f"f{n}",
                "text": "=名单" * n,
                "authors": "沈禾",
                "published_at": MOMENT,
            }
            for n in (1, 2, 3)
        ],
        "announcements": [
            {"announcement_id": "a1", "batch_id": BATCH, "doc_id": "d1", "programme": "社区试点"},
            {"announcement_id": "a2", "batch_id": "b2", "doc_id": "d2", "programme": "社区试点"},
        ],
        "units": [
            _unit("u1", "a1", '=HYPERLINK("http://a.cn")', batch_id=BATCH, batch=3),
            _unit("u2", "a1", "古城社区", batch_id=BATCH, remark="-12.5", place_code="510727"),
            _unit("u3", "a2", "草堂社区", batch_id="b2", doc_id="d2", remark="\t@SUM(1)"),
        ],
        "figures": [{"figure_id": "g1", "doc_id": "d1", "value": -5.5, "sentence": "少了5.5。"}],
        "threads": [{"thread_id": "t1", "doc_id": "d3", "author_id": "h1", "posted_at": MOMENT}],
        "comments": [
            {
                "comment_id": f"c{n}",
                "thread_id": "t1",
                "doc_id": "d3",
                "floor": n,
                "author_id": f"h{n}",
                "posted_at": MOMENT,
                "posted_raw": "2022-4-6 20:31",
                "text": f"我们古城社区上榜了 {n}",
            }
            for n in range(2, 40)
        ],
        "mentions": [
            {
                "mention_id": "m1",
                "comment_id": "c2",
                "thread_id": "t1",
                "doc_id": "d3",
                "unit_id": "u2",
                "surface": "古城社区",
                "span_start": 2,
            }
        ],
        "places": [
            {"place_id": f"p{code}", "code": code} for code in ("51", "5107", "510727", "33")
        ],
    }


def _unit(unit_id: str, announcement_id: str, name: str, **values: Any) -> dict[str, Any]:
    common = {"doc_id": "d1", "programme": "社区试点", "status": "selected", "kind": "community"}
    given = {"unit_id": unit_id, "announcement_id": announcement_id, "name_full": name}
    return {**common, **given, "city": "绵阳市", **values}
