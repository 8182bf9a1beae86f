"""Tables for reports in a browser: a plain set with everything in it, and one that is hostile."""

from datetime import UTC, datetime
from functools import cache

from datasets.report.load import load_report_view
from datasets.report.page import write_report
from datasets.schema import get_table, to_arrow
from small_snapshot import fill_row

WHEN = datetime(2022, 4, 6, tzinfo=UTC)
# Columns that decide how rows are joined or read; everything else may be hostile.
JOINS = ("batch_id", "doc_id", "thread_id", "comment_id", "unit_id", "fetch_id")
PROGRAMME = "四川省城乡社区治理试点"
UNITS = {
    1: ("绵阳市三台县", "绵阳市平武县", "绵阳市梓潼县长卿镇"),
    4: ("绵阳市三台县潼川镇", "绵阳市平武县龙安镇", "绵阳市梓潼县石牛镇", "绵阳市三台县"),
}
SOURCE = "xishu_bbs"
SILENT = "it gave pages before and gives none now"


class Tables:
    """Stands in for a snapshot."""

    def __init__(self, id, rows):
        self.id = id
        self.tables = rows

    def rows(self, name):
        return len(self.tables.get(name, ()))

    def pandas(self, name, columns=None):
        frame = to_arrow(name, self.tables.get(name, [])).to_pandas()
        return frame if columns is None else frame[list(columns)]


@cache
def write_plain_report(lang="zh"):
    """Two batches with a gap between them, a thread, a source that fails and one that is fine."""
    waiting = {SOURCE: 31, "demo_news": 0}
    return write_report(
        load_report_view(Tables("20220406T111500Z", plain_rows()), lang, None, waiting)
    )


def plain_rows():
    notes = ("备注甲", "")
    return {
        "units": [
            fill_row(
                "units",
                **{"unit_id": f"u{batch}{order}", "batch_id": f"b{batch}", "doc_id": f"d{batch}"},
                **{"order": order, "status": "selected", "kind": "town", "name_full": name},
                **{"city": name[:3], "county": name[3:6], "category_path": "试点 / 便民服务型"},
                **{"span_start": 100 - order, "span_end": 120, "remark": notes[order % 2]},
            )
            for batch, names in UNITS.items()
            for order, name in enumerate(names, 1)
        ],
        "announcements": [
            fill_row(
                "announcements",
                **{"announcement_id": f"a{batch}", "batch_id": f"b{batch}", "doc_id": f"d{batch}"},
                **{"programme": PROGRAMME, "batch": batch, "year": 2018 + batch, "scope": "full"},
                **{"status": "selected", "authority": "四川省民政厅", "stated": "街道(乡镇) 4"},
                stated_total=4,
            )
            for batch in UNITS
        ],
        "documents": [
            fill_row("documents", doc_id=f"d{batch}", url=url(batch), title="名单", fetch_id="f0")
            | {"source_id": "demo_news"}
            for batch in UNITS
        ],
        "fetches": [
            fill_row("fetches", fetch_id=f"f{n}", url=url(n), reason=reason, fetched_at=WHEN)
            | {"source_id": SOURCE if reason else "demo_news"}
            for n, reason in enumerate((None, None, "timeout", "http_404"))
        ],
        "threads": [fill_row("threads", thread_id="t1", url=url(9), title="入选名单", doc_id="d1")],
        "comments": [
            fill_row("comments", comment_id="c1", thread_id="t1", floor=3, text="恭喜三台县入选")
            | {"posted_at": WHEN}
        ],
        "mentions": [
            fill_row("mentions", comment_id="c1", thread_id="t1", unit_id="u11")
            | {"span_start": 2, "span_end": 5, "name_full": UNITS[1][0]}
        ],
        "issues": [
            fill_row("issues", issue_id="i1", doc_id="d1", code="count_mismatch", message="缺 1 行")
            | {"severity": "warning"},
            fill_row("issues", issue_id="i2", source_id=SOURCE, code="source_silent")
            | {"severity": "error", "message": SILENT},
        ],
    }


def url(number):
    return f"http://mzt.example.cn/notice/{number}.html"


def write_hostile_report(payload):
    """The payload is every text of every table, and the id of the snapshot and of the queue."""
    batch = {"batch": 1, "scope": "full", "stated": f"{payload} 41"}
    second = {"batch_id": "fedcba9876543210", "batch": 4}
    rows = {
        table: [poison(table, payload)]
        for table in ("documents", "threads", "comments", "mentions", "figures", "runs")
    }
    rows |= {
        "units": [
            poison("units", payload),
            poison("units", payload, **second, name_full=f"{payload} 2", status="proposed"),
            poison("units", payload, **second, unit_id="another"),
        ],
        "announcements": [
            poison("announcements", payload, **batch),
            poison("announcements", payload, **second, status="proposed"),
            poison("announcements", payload, **second),
        ],
        "fetches": [poison("fetches", payload), poison("fetches", payload, url=f"{payload} 2")],
        "issues": [poison("issues", payload), poison("issues", payload, doc_id=None)],
    }
    return write_report(load_report_view(Tables(payload, rows), "zh", None, {payload: 3}))


def poison(table, payload, **values):
    """A row whose every text is the payload."""
    fill = {"string": payload, "int": 1, "float": 1.0, "bool": True, "time": WHEN}
    row = {column.name: fill[column.kind] for column in get_table(table).columns}
    row |= {key: "0123456789abcdef" for key in JOINS if key in row}
    return row | ({"duplicate_of": None} if "duplicate_of" in row else {}) | values
