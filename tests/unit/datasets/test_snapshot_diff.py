"""Snapshots against snapshots: rows by key and content, and pages that were edited."""

from datetime import datetime, timedelta

import pytest
from listing_rows import ZONE, fill_row, make_unit

from datasets.inline_text import mark_edits
from datasets.read import open_snapshot
from datasets.schema import load_tables
from datasets.snapshot_diff import diff_snapshots, open_pair
from datasets.snapshot_text import write_text
from datasets.store import commit, write_parts, writer_lock
from normalize.errors import GongshiError

SEEN = datetime(2022, 4, 6, 12, tzinfo=ZONE)


PAGE = {
    "url": "http://mzt.example.cn/notice/3.html",
    "source_id": "demo",
    "version": 1,
    "is_current": True,
    "title": "试点名单",
    "text": "现公布第三批试点。\n联系电话略。",
    "first_seen": SEEN,
    "last_seen": SEEN,
}


def document(doc_id, **values):
    return fill_row("documents", doc_id=doc_id, **(PAGE | values))


def publish(data, **tables):
    with writer_lock(data):
        parts = [
            part
            for name, table in load_tables().items()
            for part in write_parts(data, table, tables.get(name, []))
        ]
        return commit(data, parts, {}).snapshot


def compare(data):
    return diff_snapshots(*open_pair(data, "previous", "latest"))


def by_name(diff):
    return {table.table: table for table in diff.tables}


def test_rows_are_told_by_key_and_content(tmp_path):
    old = [make_unit("绵阳市/三台县"), make_unit("绵阳市/平武县"), make_unit("绵阳市/梓潼县")]
    publish(tmp_path, units=old)
    new = [old[0], old[1] | {"remark": "复核"}, make_unit("绵阳市/盐亭县")]
    publish(tmp_path, units=new)
    diff = compare(tmp_path)
    table = by_name(diff)["units"]
    assert table.counts == {"added": 1, "removed": 1, "changed": 1}
    assert table.columns == {"remark": 1}
    assert {(r["change"], r["key"], r["columns"]) for r in table.rows.to_pylist()} == {
        ("added", new[2]["unit_id"], ""),
        ("removed", old[2]["unit_id"], ""),
        ("changed", old[1]["unit_id"], "remark"),
    }
    assert diff.differs
    assert "units" in write_text(diff)


def test_parts_of_the_same_file_are_not_opened(tmp_path):
    units = [make_unit("绵阳市/三台县", batch) for batch in (1, 2)]
    publish(tmp_path, units=units)
    publish(tmp_path, units=[units[0], units[1] | {"remark": "复核"}])
    table = by_name(compare(tmp_path))["units"]
    assert (table.parts_same, table.parts_read) == (1, 2)


def test_a_snapshot_against_itself_does_not_differ(tmp_path):
    publish(tmp_path, units=[make_unit("绵阳市/三台县")])
    diff = diff_snapshots(*open_pair(tmp_path, "latest", "latest"))
    assert not diff.differs
    assert write_text(diff).endswith("nothing changed\n")


def test_a_page_that_was_only_seen_again_is_touched(tmp_path):
    publish(tmp_path, documents=[document("one")])
    publish(tmp_path, documents=[document("one", last_seen=SEEN + timedelta(1))])
    diff = compare(tmp_path)
    assert by_name(diff)["documents"].counts == {"touched": 1}
    assert (diff.differs, diff.edits) == (False, ())


def test_a_page_edited_after_publication_is_shown_inline(tmp_path):
    old = document("one", published_at=SEEN)
    publish(tmp_path, documents=[old])
    new = document("two", version=2, text=old["text"].replace("第三批", "第四批"),
                   published_at=SEEN, first_seen=SEEN + timedelta(1))  # fmt: skip
    publish(tmp_path, documents=[old | {"is_current": False}, new])
    diff = compare(tmp_path)
    assert by_name(diff)["documents"].counts == {"added": 1, "touched": 1}
    (edit,) = diff.edits
    assert (edit.cause, edit.version, edit.published_at) == ("edited", 2, SEEN)
    assert "第[-三-]{+四+}批" in edit.changes
    assert "edited after they were published (1)" in write_text(diff)
    (row,) = [row for row in diff.iter_dicts() if row["key"] == "two"]
    assert (row["cause"], row["table"]) == ("edited", "documents")


def test_a_page_read_anew_is_no_edit_of_the_page(tmp_path):
    publish(tmp_path, documents=[document("one")])
    publish(tmp_path, documents=[document("one", text="现公布第三批试点。")])
    (edit,) = compare(tmp_path).edits
    assert edit.cause == "reread"


def test_an_unknown_or_missing_snapshot_is_told(tmp_path):
    snapshot = publish(tmp_path, units=[make_unit("绵阳市/三台县")])
    with pytest.raises(GongshiError, match="no snapshot before"):
        open_pair(tmp_path, "previous", "latest")
    with pytest.raises(GongshiError, match="does not exist"):
        open_pair(tmp_path, "2001", "latest")
    assert open_pair(tmp_path, snapshot[:12], "latest")[0].id == open_snapshot(tmp_path).id


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("", "", ""),
        ("一样", "一样", ""),
        ("", "新", "{+新+}"),
        ("旧", "", "[-旧-]"),
        ("共41个县", "共44个县", "共[-41-]{+44+}个县"),
        # one letter between two changes would only be in the way
        ("甲乙丙", "丁乙戊", "[-甲乙丙-]{+丁乙戊+}"),
        ("甲" * 30 + "三", "甲" * 30 + "四", "…" + "甲" * 10 + "[-三-]{+四+}"),
    ],
)
def test_edits_are_marked_inline(old, new, shown):
    assert mark_edits(old, new) == shown


def test_edits_are_cut_to_a_length():
    shown = mark_edits("甲" * 9000, "乙" * 9000)
    assert len(shown) < 500
    lines = mark_edits("\n".join(map(str, range(5000))), "\n".join(map(str, range(1, 9000, 2))))
    assert len(lines) < 800
    assert lines.endswith("…")
