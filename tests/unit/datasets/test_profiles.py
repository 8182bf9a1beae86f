import hmac
from hashlib import sha256
from pathlib import Path

import pytest

from datasets.export_rows import ExportRows, Selected, find_foreign_keys, open_rows, sort_names
from datasets.profiles import Profile, list_given, mask_key
from datasets.read import Snapshot
from datasets.schema import column_names, load_tables
from small_snapshot import BATCH, small_rows, write_snapshot

KEY = b"k" * 32
LEFT_OUT = {
    "comments": "doc_id floor post_no author_id posted_raw text text_original quoted_post_no "
    "quoted_text keywords",
    "threads": "author_id",
    "mentions": "doc_id surface span_start span_end",
    "documents": "published_raw source_raw authors author_roles editor keywords text text_original",
    "units": "",
    "places": "",
}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return write_snapshot(tmp_path_factory.mktemp("data"), small_rows())


def read(rows: ExportRows, table: str) -> list[dict[str, object]]:
    return [row for batch in rows.batches(table, 7) for row in batch.to_pylist()]


def select(snapshot: Snapshot, profile: Profile, batch: str | None = None) -> Selected:
    return Selected(snapshot, sort_names([]), profile, batch, KEY)


@pytest.mark.parametrize("table", LEFT_OUT)
def test_the_public_profile_leaves_out(table: str) -> None:
    given = [item.column.name for item in list_given(table, "public")]
    assert [n for n in column_names(table) if n not in given] == LEFT_OUT[table].split()


@pytest.mark.parametrize("table", list(load_tables()))
def test_what_is_withheld_are_columns_and_never_the_key(table: str) -> None:
    declared = load_tables()[table]
    rules = [rule.partition(":") for rule in declared.withheld]
    assert {name for name, _, _ in rules} <= set(column_names(table))
    assert {form for _, _, form in rules} <= {"", "day", "alias"}
    assert declared.key not in [name for name, _, form in rules if form != "alias"]


@pytest.mark.parametrize("table", list(load_tables()))
def test_the_full_profile_gives_the_rows_as_they_are(snapshot: Snapshot, table: str) -> None:
    with open_rows(select(snapshot, "full")) as rows:
        expected = snapshot.table(table).to_pylist()
        assert sorted(read(rows, table), key=repr) == sorted(expected, key=repr)
        assert rows.count(table) == len(expected)


def test_aliases_are_hmacs_and_join(snapshot: Snapshot) -> None:
    with open_rows(select(snapshot, "public")) as rows:
        mention = read(rows, "mentions")[0]
        comments = {row["comment_id"] for row in read(rows, "comments")}
        keys = find_foreign_keys(rows, "mentions")
    expected = hmac.new(KEY, b"public export\0c2", sha256).hexdigest()[:16]
    assert mention["comment_id"] == expected
    assert expected in comments
    assert ("comment_id", "comments", "comment_id") in keys


def test_long_keys_are_hashed_first_as_in_the_standard() -> None:
    assert mask_key(b"k" * 65) == mask_key(sha256(b"k" * 65).digest())


def test_the_order_of_public_replies_does_not_tell_the_floor(snapshot: Snapshot) -> None:
    with open_rows(select(snapshot, "public")) as rows:
        aliases = [str(row["comment_id"]) for row in read(rows, "comments")]
    assert aliases == sorted(aliases)
    by_floor = [hmac.new(KEY, f"public export\0c{n}".encode(), sha256).hexdigest()[:16]
                for n in range(2, 40)]  # fmt: skip
    assert sorted(by_floor) == aliases != by_floor


def test_public_times_of_posts_are_days_in_china(snapshot: Snapshot) -> None:
    with open_rows(select(snapshot, "public")) as rows:
        days = {
            str(row["posted_at"]) for name in ("threads", "comments") for row in read(rows, name)
        }
    assert days == {"2022-04-06 00:00:00+08:00"}


def test_nothing_of_a_reply_is_in_a_public_export(snapshot: Snapshot) -> None:
    with open_rows(select(snapshot, "public")) as rows:
        said = repr({name: read(rows, name) for name in load_tables()})
    for secret in ("我们", "h2", "'c2'", "20:31", "'m1'", "沈禾", "少了", KEY.decode()):
        assert secret not in said
    assert "古城社区" in said


def test_a_batch_brings_all_that_belongs_to_it(snapshot: Snapshot) -> None:
    with open_rows(select(snapshot, "full", BATCH)) as rows:
        found = {name: rows.count(name) for name in load_tables()}
        places = {row["code"] for row in read(rows, "places")}
        keys = {name: find_foreign_keys(rows, name) for name in load_tables()}
    assert found["units"] == 2
    assert found["announcements"] == 1
    assert found["documents"] == found["fetches"] == 2  # that of the list, that of the thread
    assert found["comments"] == 38
    assert places == {"51", "5107", "510727"}
    assert ("doc_id", "documents", "doc_id") in keys["comments"]
    assert ("run_id", "runs", "run_id") in keys["fetches"]


def test_a_batch_without_replies_has_none(snapshot: Snapshot) -> None:
    with open_rows(select(snapshot, "full", "b2")) as rows:
        assert [rows.count(name) for name in ("units", "threads", "comments")] == [1, 0, 0]


def test_a_key_that_does_not_hold_is_not_declared(tmp_path: Path) -> None:
    rows = {"units": [{"unit_id": "u1", "doc_id": "gone"}]}
    with open_rows(select(write_snapshot(tmp_path, rows), "full")) as opened:
        assert ("doc_id", "documents", "doc_id") not in find_foreign_keys(opened, "units")


def test_no_variable_of_the_key_stands_in_a_query(snapshot: Snapshot) -> None:
    with open_rows(select(snapshot, "public")) as rows:
        assert KEY.decode() not in rows.relation("comments").sql_query()
        assert KEY.hex() not in rows.relation("comments").sql_query()
    assert KEY.decode() not in repr(select(snapshot, "public"))
