from listing_rows import TablesInMemory, at, fill_row, make_announcement

from datasets.report.load import load_report_view
from datasets.report.page import write_report

NEWS, FORUM = "demo_local_news", "demo_forum"


def fetch(source, page, day, reason=None, **values):
    url = f"http://{source.replace('_', '-')}.example.cn/{page}"
    values = {"fetched_at": at(day), "url": url, "reason": reason} | values
    number = f"{source}{page}{day}"
    return fill_row("fetches", fetch_id=number, source_id=source, **values)


def document(source, number, doc_id=None):
    place = {"source_id": source, "url": f"http://a.example.cn/{number}"}
    moments = {"first_seen": at(6), "last_seen": at(6)}
    return fill_row("documents", doc_id=doc_id or f"{source}{number}", **place, **moments)


def issue(number, code="source_silent", **values):
    values = {"source_id": FORUM, "severity": "error", "message": "gives none now"} | values
    return fill_row("issues", issue_id=str(number), code=code, **values)


def load(pending=None, batch_ids=None, **tables):
    view = load_report_view(TablesInMemory(tables), "zh", batch_ids, pending)
    return {source.source_id: source for source in view.sources}


def test_an_address_fails_when_it_gave_nothing_the_last_time():
    fetches = [
        fetch(NEWS, "a", 4, "timeout"),
        fetch(NEWS, "a", 5),
        fetch(NEWS, "b", 4),
        fetch(NEWS, "b", 6, "timeout"),
        fetch(NEWS, "c", 3, "http_404"),
        fetch(NEWS, "d", 3, "timeout"),
    ]
    news = load(fetches=fetches)[NEWS]
    assert (news.requests, news.last_visit.day) == (6, 6)
    assert (news.failing, news.failures) == (3, (("timeout", 2), ("http_404", 1)))


def test_redirects_and_missing_robots_files_are_no_failures():
    fetches = [fetch(NEWS, "a", 4, "http_301"), fetch(NEWS, "robots.txt", 4, "http_404")]
    assert (load(fetches=fetches)[NEWS].requests, load(fetches=fetches)[NEWS].failures) == (1, ())


def test_versions_of_one_page_are_one_page():
    documents = [document(NEWS, 1, "first"), document(NEWS, 1, "second"), document(NEWS, 2)]
    news = load(documents=documents)[NEWS]
    assert (news.pages, news.requests, news.last_visit) == (2, 0, None)


def test_queues_are_shown_when_they_were_read():
    fetches = [fetch(NEWS, "a", 4), fetch(FORUM, "a", 4)]
    sources = load({FORUM: 31, "never_crawled": 2}, fetches=fetches)
    assert {source.source_id: source.pending for source in sources.values()} == {
        FORUM: 31,
        NEWS: None,
        "never_crawled": 2,
    }


def test_issues_of_a_source_are_those_of_no_document_once_per_code():
    issues = [
        issue(1),
        issue(2, "layout_changed", message="the first listing"),
        issue(3, "layout_changed", message="another listing"),
        issue(4, "count_mismatch", doc_id="page3"),
        issue(5, "warc_torn", source_id=NEWS),
    ]
    sources = load(fetches=[fetch(FORUM, "a", 4)], issues=issues)
    found = [(one.code, one.message, one.count) for one in sources[FORUM].findings]
    assert found == [
        ("source_silent", "gives none now", 1),
        ("layout_changed", "the first listing", 2),
    ]


def test_a_report_of_some_batches_shows_the_sources_of_their_pages():
    row = make_announcement(3, doc_id="page3")
    documents = [document(NEWS, 3, "page3"), document(NEWS, 4), document(FORUM, 5)]
    fetches = [fetch(NEWS, "a", 4), fetch(FORUM, "a", 4)]
    sources = load(
        batch_ids={row["batch_id"]}, announcements=[row], documents=documents, fetches=fetches
    )
    assert [(source.source_id, source.pages) for source in sources.values()] == [(NEWS, 2)]


def test_the_page_tells_failures_and_findings_and_praises_only_what_gave_pages():
    tables = TablesInMemory(
        {
            "fetches": [
                fetch(FORUM, "a", 4, "timeout"),
                fetch(NEWS, "b", 5),
                fetch("mute", "c", 5),
            ],
            "documents": [document(NEWS, 1)],
            "issues": [issue(1)],
        }
    )
    page = write_report(load_report_view(tables, "en", pending={FORUM: 7}))
    table = page[page.index('class="health"') :]
    forum, news, mute = (
        next(row for row in table.split("<tr>") if f"<code>{source}</code>" in row)
        for source in (FORUM, NEWS, "mute")
    )
    assert '<b class="odd">1</b><small> · timeout 1</small>' in forum
    assert "gives none now" in forum
    assert "nothing odd" in news
    assert "nothing odd" not in forum + mute
    # Among all issues, what is of no page names its source.
    issues = page[page.index('class="issues"') :]
    assert f"gives none now</td><td>{FORUM}</td>" in issues


def test_checks_are_called_by_words_beside_their_codes():
    tables = TablesInMemory({"issues": [issue(1), issue(2, "check_of_tomorrow")]})
    page = write_report(load_report_view(tables, "zh", pending={FORUM: 7}))
    assert "来源不再有网页 <code>source_silent</code>" in page
    assert "<td><code>check_of_tomorrow</code></td>" in page
