from datetime import UTC, datetime
from decimal import Decimal

import pytest

from datasets.privacy import Pseudonymizer
from datasets.rows import (
    Origin,
    announcement_row,
    comment_row,
    document_row,
    figure_row,
    page_rows,
    thread_row,
    total_stated,
    unit_row,
)
from datasets.schema import column_names, to_arrow
from extract.figure_records import Figure
from extract.listing_records import Announcement, Group, Parts, StatedCount, Unit
from extract.records import Attachment, Author, Comment, Document, PageRecords, Thread

NAMES = Pseudonymizer(bytes(32))
FORUM = Origin("xishu_bbs", "f1", 2, True, datetime(2022, 4, 6, tzinfo=UTC))
URL = "http://bbs.example.cn/thread-660821-1-1.html"


def document(**values: object) -> Document:
    return Document("d1", "from_page", URL, "ab", "thread", "名单", "全文", **values)


def announcement(
    scope: str = "full", area: str | None = None, *counts: StatedCount
) -> Announcement:
    return Announcement(
        announcement_id="a1",
        batch_id="b1",
        doc_id="d1",
        programme="四川省城乡社区治理试点",
        programme_raw="城乡社区治理试点",
        batch=3,
        batch_raw="第三批",
        year=2022,
        year_raw="2022",
        date=None,
        authority=("四川省民政厅", "四川省财政厅"),
        level="provincial",
        status="selected",
        scope=scope,
        scope_area=area,
        stated_counts=counts,
        found_counts=(("county", 3), ("town", 4)),
    )


def unit(**values: object) -> Unit:
    given = {
        "unit_id": "u1",
        "announcement_id": "a1",
        "batch_id": "b1",
        "doc_id": "d1",
        "order": 1,
        "name_raw": "平武县古城镇古城社区",
        "name_full": "绵阳市平武县古城镇古城社区",
        "parts": Parts("四川省", "绵阳市", "平武县", "古城镇", "古城社区"),
        "inherited": ("province", "city"),
        "kind": "community",
        "category_path": ("承担试点工作任务的社区", "便民服务型"),
        "list_title": None,
        "group": None,
        "remark": None,
        "award": None,
        "programme": "四川省城乡社区治理试点",
        "batch": 3,
        "status": "selected",
        "src": "body",
        "span_start": 0,
        "span_end": 10,
    }
    return Unit(**(given | values))


def comment(author: str | None = "西蜀散人") -> Comment:
    return Comment("c1", "t1", "d1", 2, "9", author, None, None, "上榜了")


def count(of: str, n: int, scope: str | None = None) -> StatedCount:
    return StatedCount(of, n, scope, 0, 1)


def test_lists_are_joined() -> None:
    row = document_row(
        document(
            authors=(Author("沈禾", "记者"), Author("赵晓霞", "通讯员")),
            tags=("海宁市", "社区"),
            attachments=(Attachment("http://a.cn/1.docx", "附件"),),
        ),
        FORUM,
    )
    assert row["authors"] == "沈禾 / 赵晓霞"
    assert row["author_roles"] == "记者 / 通讯员"
    assert row["tags"] == "海宁市 / 社区"
    assert row["attachments"] == "http://a.cn/1.docx"
    assert row["breadcrumb"] == ""


def test_the_source_is_that_of_the_archive() -> None:
    assert document_row(document(), FORUM)["source_id"] == "xishu_bbs"


def test_a_unit_is_flattened() -> None:
    row = unit_row(unit(group=Group("绵阳市(5个)", 5, 4)), FORUM)
    assert (row["city"], row["village"], row["unit_org"]) == ("绵阳市", "古城社区", None)
    assert row["category_path"] == "承担试点工作任务的社区 / 便民服务型"
    assert row["category"] == "便民服务型"
    assert (row["group_label"], row["group_stated"], row["group_found"]) == ("绵阳市(5个)", 5, 4)


def test_a_unit_without_headings_has_no_category_and_no_group() -> None:
    row = unit_row(unit(category_path=()), FORUM)
    assert (row["category"], row["category_path"], row["group_stated"]) == (None, "", None)


def test_an_announcement_tells_stated_and_found() -> None:
    row = announcement_row(
        announcement("full", None, count("区(市、县)", 41), count("街道", 38)), FORUM
    )
    assert row["stated"] == "区(市、县) 41 / 街道 38"
    assert row["stated_total"] == 79
    assert (row["found"], row["found_total"]) == ("county 3 / town 4", 7)
    assert row["authority"] == "四川省民政厅 / 四川省财政厅"


@pytest.mark.parametrize(
    ("scope", "area", "counts", "total"),
    [
        ("full", None, [], None),
        ("full", None, [count("社区", 20), count("社区", 20, "province")], 20),
        ("full", None, [count("单位", 28), count("街道", 8), count("社区", 20)], 28),
        (
            "local_excerpt",
            "绵阳市",
            [count("社区", 150, "province"), count("社区", 5, "绵阳市")],
            150,
        ),
        ("local_excerpt", "绵阳市", [count("社区", 5, "绵阳市")], 5),
        ("local_excerpt", "绵阳市", [count("社区", 150, "province")], 150),
    ],
)
def test_the_stated_total_is_that_of_the_whole_list_where_it_is_stated(
    scope: str, area: str | None, counts: list[StatedCount], total: int | None
) -> None:
    assert total_stated(announcement(scope, area, *counts)) == total


def test_a_decimal_is_a_float_and_its_exact_text() -> None:
    row = figure_row(Figure(0, 4, "6.7亿", Decimal("6.7E+8"), low=Decimal("0.1")), FORUM)
    assert (row["value"], row["value_raw"], row["low"]) == (6.7e8, "670000000", 0.1)
    assert figure_row(Figure(0, 1, "3", None), FORUM)["value_raw"] is None


def test_numbers_no_column_can_hold_are_left_out() -> None:
    assert document_row(document(views=10**30), FORUM)["views"] is None
    assert figure_row(Figure(0, 1, "3", Decimal("1E+999")), FORUM)["value"] is None


def test_usernames_never_reach_a_row() -> None:
    thread = Thread("t1", "", "d1", URL, "名单", 1, author="西蜀散人")
    rows = page_rows(PageRecords(document(), thread, comments=(comment(),)), FORUM, NAMES)
    assert "西蜀散人" not in str(rows)
    (opener,), (reply,) = rows["threads"], rows["comments"]
    assert opener["author_id"] == reply["author_id"]
    assert len(reply["author_id"]) == 16


def test_an_anonymous_reply_has_no_author() -> None:
    assert comment_row(comment(author=None), FORUM, NAMES, URL)["author_id"] is None


def test_saved_pages_share_the_names_of_their_source() -> None:
    one = comment_row(comment(), FORUM, NAMES, "file:///1.html")
    two = comment_row(comment(), FORUM, NAMES, "file:///2.html")
    other = comment_row(comment(), Origin("other_bbs"), NAMES, "file:///1.html")
    assert one["author_id"] == two["author_id"] != other["author_id"]


def test_a_thread_without_its_first_page_has_no_document() -> None:
    second = Thread("t1", "", "d1", URL, "名单", 2)
    assert thread_row(second, FORUM, NAMES, (3, 1))["doc_id"] is None


def test_all_rows_of_a_page_fit_the_tables() -> None:
    records = PageRecords(
        document(),
        Thread("t1", "", "d1", URL, "名单", 1),
        (announcement(),),
        (unit(),),
        (Figure(0, 1, "3", Decimal(3), figure_id="f1", doc_id="d1"),),
        (comment(),),
    )
    for table, rows in page_rows(records, FORUM, NAMES).items():
        assert to_arrow(table, rows).num_rows == len(rows)
        for row in rows:
            assert set(column_names(table)) <= set(row)
