import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from listing_rows import (
    MIANYANG,
    PROGRAMME,
    TablesInMemory,
    at,
    fill_row,
    make_announcement,
    make_frame,
    make_unit,
)

from datasets.batches import list_batches, read_coverage
from datasets.read import open_snapshot
from datasets.report.batch_views import MAX_BARS
from datasets.report.charts import BUCKETS, count_bars, draw_timeline
from datasets.report.labels import load_labels
from datasets.report.links import safe_link
from datasets.report.load import load_report_view
from datasets.report.page import MAX_ISSUES, write_report
from datasets.report.thread_views import cut_pieces
from datasets.schema import load_tables
from datasets.store import commit, write_parts, writer_lock

PAGE_URL = "http://bbs.example.cn/thread-660821-1-1.html"
WARC = "warc/xishu_bbs/xishu_bbs-20220406T111500000-0f3c9a1b2d4e5f60.warc.gz"


def make_tables(**tables):
    units = [
        make_unit(f"绵阳市/{path}", order=order, category_path="试点 / 便民服务型", span_start=9)
        for order, path in enumerate(MIANYANG, 1)
    ]
    excerpt = {"scope": "local_excerpt", "scope_area": "绵阳市"}
    page = {"doc_id": "page3", "url": PAGE_URL, "first_seen": at(6), "last_seen": at(6)}
    defaults = {
        "units": units,
        "announcements": [
            make_announcement(stated="社区 150 / 街道 38", stated_total=188, **excerpt)
        ],
        "documents": [fill_row("documents", title="名单", fetch_id="f3", **page)],
        "fetches": [
            fill_row("fetches", fetch_id="f3", fetched_at=at(6), warc_file=WARC, warc_offset=1024)
        ],
    }
    return TablesInMemory(defaults | tables)


def render(tables, lang="zh"):
    return write_report(load_report_view(tables, lang))


class TextReader(HTMLParser):
    """Collects the text of the elements of one kind."""

    def __init__(self, tag):
        super().__init__()
        self.tag, self.texts, self.inside = tag, [], False

    def handle_starttag(self, tag, attrs):
        if tag == self.tag:
            self.texts.append("")
            self.inside = True
        elif tag in {"td", "th", "tr", "table"}:
            self.inside = False

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != self.tag

    def handle_data(self, data):
        if self.inside:
            self.texts[-1] += data.strip()


def read_texts(page, tag):
    reader = TextReader(tag)
    reader.feed(page)
    return reader.texts


def test_every_unit_stands_in_the_report_with_its_provenance():
    page = render(make_tables())
    assert "绵阳市平武县古城镇古城社区" in read_texts(page, "th")
    assert page.count(f'<a href="{PAGE_URL}" rel="noopener noreferrer nofollow">S1</a> 9–') == 21
    assert f"{WARC} @1024 +0" in page


def test_the_report_refers_to_nothing_outside_but_by_links():
    page = render(make_tables())
    assert not re.findall(r"<(?:link|img|iframe|object|base|form)\b", page)
    assert not re.findall(r"\b(?:src|style|on\w+)=", page)
    assert not re.findall(r"@import|url\(", page)


def test_script_and_style_carry_the_nonce_of_the_policy_and_it_is_new_each_time():
    tables = make_tables()
    pages = [render(tables), render(tables)]
    for page in pages:
        (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
        nonces = re.findall(r'<(?:script|style) nonce="([^"]+)"', page)
        assert len(nonces) == 2
        assert all(f"'nonce-{nonce}'" in policy for nonce in nonces)
        assert "default-src 'none'" in policy
    assert pages[0] != pages[1]


def test_three_hundred_units_stay_under_150_kilobytes():
    units = [
        make_unit(f"绵阳市/三台县/潼川镇/草堂{n}号社区", order=n, category_path="试点 / 便民服务型")
        for n in range(300)
    ]
    assert len(render(make_tables(units=units)).encode()) < 150_000


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "公布数与实得数"), ("en", "Stated against found")]
)
def test_labels_follow_the_language(lang, words):
    assert words in render(make_tables(), lang)


def test_both_languages_fill_the_same_places_of_a_label():
    zh, en = load_labels("zh"), load_labels("en")
    assert {key: zh[key].count("{}") for key in zh} == {key: en[key].count("{}") for key in en}


def test_an_empty_snapshot_gives_a_report():
    assert "没有待查问题" in render(TablesInMemory({}))


def test_a_value_without_label_is_shown_as_it_is():
    page = render(make_tables(units=[make_unit("绵阳市/三台县", kind="lighthouse")]))
    assert "lighthouse" in page


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://mzt.example.cn/a?b=1&c=%20", True),
        ("HTTP://MZT.EXAMPLE.CN/", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("file:///etc/hosts", False),
        (" http://mzt.example.cn/", False),
        ('http://mzt.example.cn/"onclick="', False),
        ("http://mzt.example.cn/\njavascript:alert(1)", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(url, kept):
    assert safe_link(url) == (url if kept else None)


def read_lines(stated, units, **announcement):
    frame = make_frame("units", units)
    row = make_announcement(stated=stated, stated_total=1, **announcement)
    (batch,) = list_batches(make_frame("announcements", [row]), frame)
    return [(line.of, line.stated, line.found) for line in read_coverage(batch)]


def test_stated_counts_meet_the_kinds_they_speak_of():
    units = [make_unit("绵阳市/三台县"), make_unit("绵阳市/三台县/潼川镇")]
    lines = read_lines("区(市、县) 41 / 街道(乡镇) 38 / 社区 150 / 试验点 3", units)
    assert lines == [
        ("区(市、县)", 41, 1),
        ("街道(乡镇)", 38, 1),
        ("社区", 150, 0),
        ("试验点", 3, None),
    ]


def test_a_lone_count_in_other_words_speaks_of_all_rows():
    assert read_lines("实验区 18", [make_unit("绵阳市/三台县")]) == [("实验区", 18, 1)]


def test_a_mere_mention_is_not_told_as_nothing_found():
    assert read_lines("社区 150", [], scope="mention") == [("社区", 150, None)]


def test_bars_beyond_the_limit_are_summed_up():
    bars = count_bars("甲甲甲乙乙丙丁", 3, "其他")
    assert [(bar.label, bar.value) for bar in bars] == [("甲", 3), ("乙", 2), ("其他", 2)]
    assert max(bar.percent for bar in count_bars("甲甲乙丙丁戊", 2, "其他")) == 100


def test_bars_count_cities_only_when_there_are_several():
    (one,) = load_report_view(make_tables(), "zh").batches
    assert {bar.label for bar in one.places} == {"梓潼县", "三台县", "平武县"}
    units = [make_unit(f"第{n}市/三台县") for n in range(20)]
    (many,) = load_report_view(make_tables(units=units), "zh").batches
    assert (many.place_level, len(many.places)) == ("city", MAX_BARS)


@pytest.mark.parametrize(
    ("programme", "gone"), [("四川省历史文化名村", "absent"), ("四川省城乡社区治理试点", "dropped")]
)
def test_absence_from_the_next_batch_means_what_the_programme_says(programme, gone):
    units = [make_unit("绵阳市/三台县", 2), make_unit("绵阳市/平武县", 3)]
    rows = [make_announcement(3, programme=programme), make_announcement(2, programme=programme)]
    (view,) = load_report_view(make_tables(units=units, announcements=rows), "zh").diffs
    assert view.diff.counts == {"added": 1, gone: 1}
    assert view.groups[0].by_place == (("绵阳市平武县", ("绵阳市平武县",)),)


def test_lists_by_year_replace_one_another():
    names = {2020: "三台县", 2021: "平武县"}
    units, rows = [], []
    for year in (2020, 2021):
        own = {"batch_id": f"year{year}", "doc_id": f"page{year}"}
        units.append(make_unit(f"绵阳市/{names[year]}", None, **own))
        rows.append(make_announcement(None, year=year, **own))
    (view,) = load_report_view(make_tables(units=units, announcements=rows), "zh").diffs
    assert view.diff.counts == {"added": 1, "dropped": 1}


def test_the_proposed_list_is_compared_with_the_decided_one():
    units = [
        make_unit("绵阳市/三台县", status="proposed", doc_id="public"),
        make_unit("绵阳市/平武县", status="proposed", doc_id="public"),
        make_unit("绵阳市/三台县"),
    ]
    rows = [make_announcement(status="proposed", doc_id="public"), make_announcement()]
    tables = make_tables(units=units, announcements=rows)
    (view,) = load_report_view(tables, "zh").diffs
    assert (view.by_status, view.diff.counts) == (True, {"dropped": 1, "status_changed": 1})


def test_the_newest_list_comes_first_and_mere_mentions_last():
    rows = [make_announcement(1), make_announcement(2), make_announcement(3, scope="mention")]
    units = [make_unit("绵阳市/三台县", 1), make_unit("绵阳市/三台县", 2)]
    view = load_report_view(make_tables(units=units, announcements=rows), "zh")
    assert [item.batch.batch for item in view.batches] == [2, 1, 3]


def test_a_report_may_be_of_some_batches_only():
    rows = [make_announcement(2), make_announcement(3)]
    tables = make_tables(announcements=rows, issues=[make_issue(n) for n in (2, 3)])
    view = load_report_view(tables, "zh", batch_ids={rows[1]["batch_id"]})
    assert [item.batch.label for item in view.batches] == [f"{PROGRAMME}#3"]
    assert [issue.message for issue in view.issues] == ["issue 3"]


def make_issue(number, severity="warning"):
    return fill_row(
        "issues",
        issue_id=str(number),
        doc_id=f"page{number}",
        code="count_mismatch",
        severity=severity,
        message=f"issue {number}",
    )


def test_errors_come_before_warnings_and_the_overflow_is_counted():
    issues = [make_issue(n) for n in range(MAX_ISSUES + 4)] + [make_issue(999, "error")]
    page = render(make_tables(issues=issues))
    assert page.index("issue 999") < page.index("issue 1<")
    assert "另有 5 项未列出" in page


def make_thread():
    comments = [
        fill_row(
            "comments",
            comment_id=f"c{floor}",
            thread_id="t1",
            floor=floor,
            author_id="d4735e3a265e16ee",
            posted_at=at(6, 12, floor),
            text="恭喜古城社区入选" if floor == 3 else "已阅",
        )
        for floor in (2, 3, 4)
    ]
    mention = fill_row(
        "mentions",
        mention_id="m1",
        comment_id="c3",
        unit_id="u1",
        span_start=2,
        span_end=6,
        name_full="绵阳市平武县古城镇古城社区",
    )
    thread = fill_row("threads", thread_id="t1", doc_id="page3", title="入选名单", url=PAGE_URL)
    return {"threads": [thread], "comments": comments, "mentions": [mention]}


def test_comments_that_name_units_are_shown_without_their_authors():
    page = render(make_tables(**make_thread()))
    assert "恭喜<mark>古城社区</mark>入选" in page
    assert "3楼 · 2022-04-06 12:03 → 绵阳市平武县古城镇古城社区" in page
    assert "已阅" not in page
    assert "d4735e3a265e16ee" not in page


def test_the_timeline_holds_every_reply():
    (thread,) = load_report_view(make_tables(**make_thread()), "zh").threads
    assert (thread.found, len(thread.bars), len(thread.comments)) == (3, 3, 1)
    assert [bar.mention_height for bar in thread.bars] == [0, 100, 0]


def test_replies_of_one_moment_are_one_bar():
    bars, peak = draw_timeline([(at(6), False)] * 5)
    assert (len(bars), peak) == (1, 5)


def test_the_last_reply_stays_inside_the_chart():
    bars, _ = draw_timeline([(at(6), False), (at(9), False)])
    assert bars[-1].x + bars[-1].width <= 100
    assert bars[-1].x == round(100 / BUCKETS * (BUCKETS - 1), 2)


def test_overlapping_mentions_are_cut_without_loss():
    pieces = cut_pieces("潼川镇古城社区", [(0, 5), (3, 7)])
    assert "".join(text for text, _ in pieces) == "潼川镇古城社区"
    assert pieces == (("潼川镇古城", True), ("社区", True))


def test_long_replies_are_shortened_around_the_unit():
    pieces = cut_pieces("好" * 1000 + "古城社区", [(1000, 1004)])
    assert len(pieces[0][0]) < 250
    assert pieces[1] == ("古城社区", True)


def test_a_snapshot_on_disk_gives_the_same_report(tmp_path):
    tables = make_tables(issues=[make_issue(3)], **make_thread())
    # Rows bring along what decides their part.
    place = {"source_id": "xishu_bbs", "first_seen": at(6)}
    rows = {name: [place | row for row in own] for name, own in tables.tables.items()}
    with writer_lock(tmp_path):
        parts = [
            part
            for name, table in load_tables().items()
            for part in write_parts(tmp_path, table, rows.get(name, []))
        ]
        commit(tmp_path, parts, {})
    snapshot = open_snapshot(tmp_path)
    view = load_report_view(snapshot, "zh")
    assert view == replace(load_report_view(tables, "zh"), snapshot_id=snapshot.id)
