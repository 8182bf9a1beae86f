"""The declarations of all tables; columns that equal a record field take their words from it."""

from datasets.place_table import PLACES
from datasets.schema import Table, own, take
from extract.figure_records import Figure
from extract.listing_records import Announcement, Group, Parts, Unit
from extract.records import Comment, Document, Issue, Mention, Thread

EXTRACTOR = take(Document, "extractor")
PAYLOAD_DIGEST = "SHA-256 of the payload as it was sent, in hex."
WARC_FILE = own(
    "warc_file",
    "string",
    "WARC file that holds the record, relative to the data folder.",
    "warc/xishu_bbs/xishu_bbs-20220406T111500000-0f3c9a1b2d4e5f60.warc.gz",
)

BATCH = "9b871512327c09ce"
SPAN = {"span_start": "210", "span_end": "223", "confidence": "0.9"}
THREAD = {
    "thread_id": "4fc82b26aecb47d2",
    "url": "http://bbs.example.cn/thread-660821-1-1.html",
    "title": "大家怎么看第三批社区治理试点名单",
    "posted_at": "2022-04-06T12:31:00+08:00",
    "views_stated": "1830",
    "replies_stated": "41",
    "pages_stated": "3",
    "flags": "locked",
}
REPLY = {
    "comment_id": "4b227777d4dd1fc6",
    "thread_id": THREAD["thread_id"],
    "posted_at": "2022-04-06T12:45:00+08:00",
    "text": "我们古城社区上榜了",
    "text_original": "我們古城社區上榜了",
    "quoted_post_no": "9123401",
    "quoted_text": "名单里有没有平武县的?",
    "flags": "edited",
}
MENTION = {"mention_id": "ef2d127de37b942b", "comment_id": REPLY["comment_id"]}
SOURCE_ID = take(Document, "source_id")

RUNS = Table(
    "runs",
    "One crawl or ingest that wrote one WARC file.",
    "run_id",
    ("started_at",),
    (),
    (
        own("run_id", "string", "Row id over source, start and process.", "0f3c9a1b2d4e5f60"),
        own("kind", "string", "crawl, ingest, or foreign for WARC files from elsewhere.", "crawl"),
        *SOURCE_ID,
        own("started_at", "time?", "When the run began.", "2022-04-06T11:15:00+08:00"),
        own("software", "string?", "Program that wrote the file.", "gongshi/0.1.0"),
        WARC_FILE,
        own("fetches", "int", "Rows of `fetches` that the file gives.", "312"),
    ),
    ("warc_file",),
)

FETCHES = Table(
    "fetches",
    "One request, with its answer or the reason why there is none.",
    "fetch_id",
    ("fetched_at", "url"),
    ("source_id", "fetched_at:month"),
    (
        own("fetch_id", "string", "Row id over WARC file and offset.", "5feceb66ffc86f38"),
        own("run_id", "string", "Run that made the request.", "0f3c9a1b2d4e5f60"),
        *SOURCE_ID,
        own("url", "string", "Address asked for.", "http://mzt.example.cn/notice/3.html"),
        own("status", "int", "HTTP status; 0 when there was no response.", "200"),
        own("reason", "string?", "Why there was no response; null when all is well.", "timeout"),
        own("fetched_at", "time", "When the answer came.", "2022-04-06T11:15:00+08:00"),
        own("media_type", "string?", "Media type from the header.", "text/html"),
        own("charset", "string?", "Charset from the header.", "gb2312"),
        own("payload_digest", "string?", PAYLOAD_DIGEST, "2c26b46b…"),
        own("payload_size", "int", "Bytes of the payload as it was sent.", "48211"),
        WARC_FILE,
        own("warc_offset", "int", "First byte of the record in the file.", "1024"),
        own("warc_length", "int", "Bytes of the compressed record.", "9120"),
        own("doc_id", "string?", "Document the fetch gave.", "9f86d081884c7d65"),
    ),
    ("warc_file", "warc_offset", "warc_length"),
)

DOCUMENTS = Table(
    "documents",
    "One content version of one page.",
    "doc_id",
    ("url", "version"),
    ("source_id", "first_seen:month"),
    (
        *take(Document, "doc_id source_id url"),
        own("version", "int", "Number of the content version of this address, from 1.", "1"),
        own("is_current", "bool", "Whether this is the version that was seen last.", "true"),
        *take(Document, "page_type title title_raw published_at published_precision"),
        *take(Document, "published_raw site source source_raw"),
        own("authors", "string", "People named in the byline.", "沈禾 / 赵晓霞"),
        own("author_roles", "string", "Their roles, in the same order.", "记者 / 通讯员"),
        *take(Document, "editor views breadcrumb tags keywords"),
        own(
            "attachments",
            "string",
            "Addresses of the files the body links to.",
            "http://mzt.example.cn/files/list.docx",
        ),
        *take(Document, "text text_original encoding script repairs flags next_part"),
        own("part", "int", "Number of this page among those of its article, from 1.", "2"),
        own(
            "part_of",
            "string?",
            "Document that is the first page of the same article; null on the first itself.",
            "9f86d081884c7d65",
        ),
        own(
            "duplicate_of",
            "string?",
            "Document with the same text to read instead: official before news before forum.",
            "9f86d081884c7d65",
        ),
        own("first_seen", "time", "First fetch of this version.", "2022-04-06T11:15:00+08:00"),
        own("last_seen", "time", "Last fetch that showed it.", "2022-05-01T03:00:00+08:00"),
        own("fetch_id", "string", "First fetch of this version.", "5feceb66ffc86f38"),
        *take(Document, "payload_digest extractor"),
    ),
    (
        *("published_at:day", "published_raw", "source_raw", "authors", "author_roles", "editor"),
        *("text", "text_original", "keywords"),
    ),
)

ANNOUNCEMENTS = Table(
    "announcements",
    "One programme, batch and status in one page.",
    "announcement_id",
    ("programme", "batch", "doc_id", "span_start"),
    ("source_id",),
    (
        *take(Announcement, "announcement_id batch_id", batch_id=BATCH),
        *take(Announcement, "doc_id programme programme_raw batch batch_raw year year_raw"),
        *take(Announcement, "date", date="2022-04-06T00:00:00+08:00"),
        *take(Announcement, "authority doc_no level status term scope scope_area"),
        own("stated", "string", "Counts the page states.", "区(市、县) 41 / 街道 38"),
        own(
            "stated_total",
            "int?",
            "Sum of the counts stated for the whole list, else for the local part; null if none.",
            "79",
        ),
        own("found", "string", "Rows found per kind of unit.", "county 3 / town 4"),
        own("found_total", "int", "Rows found.", "7"),
        *take(Announcement, "complete", complete="true"),
        *take(Announcement, "span_start span_end confidence", **SPAN),
        *EXTRACTOR,
    ),
)

UNITS = Table(
    "units",
    "One listed unit: a county, street, town, community, village or organisation.",
    "unit_id",
    ("city", "county", "town", "order"),
    ("batch_id",),
    (
        *take(Unit, "unit_id announcement_id batch_id doc_id", batch_id=BATCH),
        *SOURCE_ID,
        *take(Unit, "order programme batch", programme="四川省城乡社区治理试点", batch="3"),
        *take(Unit, "status name_full"),
        *take(Parts, "province city county town village sub unit>unit_org"),
        *take(Unit, "name_raw inherited kind category_path"),
        own("category", "string?", "Last heading of `category_path`.", "便民服务型"),
        *take(Unit, "list_title"),
        *take(Group, "label>group_label? stated>group_stated? found>group_found?"),
        *take(Unit, "remark award src span_start span_end", src="body", **SPAN),
        *take(Unit, "place_code place_status"),
        own(
            "duplicate_of",
            "string?",
            "Row of the same unit, batch, status and category in a better source; null for the "
            "row to count.",
            "7d793037a0760186",
        ),
        *take(Unit, "flags confidence", **SPAN),
        *EXTRACTOR,
    ),
)

FIGURES = Table(
    "figures",
    "One number in a title or text, with its unit, bounds and meaning.",
    "figure_id",
    ("doc_id", "field", "start"),
    ("source_id", "first_seen:month"),
    (
        own("figure_id", "string", "Row id over document, field and span.", "6b86b273ff34fce1"),
        *take(Figure, "doc_id field start end surface", start="210", end="214"),
        own("value", "float?", "Value in base units; null for a range.", "670000000"),
        own("value_raw", "string?", "The same value as an exact decimal.", "670000000"),
        own("low", "float?", "Lower end of a range.", "3000"),
        own("high", "float?", "Upper end of a range.", "5000"),
        *take(Figure, "comparator marker unit_raw unit currency", comparator=">"),
        *take(Figure, "kind role measured", kind="money", role="figure"),
        *take(
            Figure,
            "measured_method scope time per modality",
            measured_method="rule",
            modality="actual",
        ),
        *take(Figure, "rule sentence", rule="multiplier", sentence="总投资超过6.7亿元。"),
        *take(Figure, "duplicate_of", duplicate_of="6b86b273ff34fce1"),
        *EXTRACTOR,
    ),
    ("sentence",),
)

AUTHOR_ID = own(
    "author_id",
    "string?",
    "Keyed hash of site and username; null for 匿名. The texts themselves can re-identify people.",
    "d4735e3a265e16ee",
)

THREADS = Table(
    "threads",
    "One forum thread, all of its fetched pages taken together.",
    "thread_id",
    ("posted_at", "url"),
    ("source_id",),
    (
        *take(Thread, "thread_id source_id", **THREAD),
        own(
            "doc_id",
            "string?",
            "Document of page 1, null when it was not fetched.",
            "9f86d081884c7d65",
        ),
        *take(Thread, "url title board thread_no", **THREAD),
        AUTHOR_ID,
        *take(Thread, "posted_at views_stated replies_stated", **THREAD),
        own("replies_found", "int", "Rows of `comments` of the thread.", "38"),
        *take(Thread, "pages_stated", **THREAD),
        own("pages_found", "int", "Pages of the thread that were read.", "2"),
        *take(Thread, "flags", **THREAD),
        *EXTRACTOR,
    ),
    ("author_id", "posted_at:day"),
)

COMMENTS = Table(
    "comments",
    "One reply in a thread, once, as it was seen last.",
    "comment_id",
    ("thread_id", "floor", "posted_at"),
    ("source_id", "posted_at:month"),
    (
        *take(Comment, "comment_id thread_id doc_id", **REPLY),
        *SOURCE_ID,
        *take(Comment, "floor post_no"),
        AUTHOR_ID,
        *take(Comment, "posted_at posted_raw text text_original", **REPLY),
        *take(Comment, "quoted_post_no quoted_text flags keywords", **REPLY),
        *EXTRACTOR,
    ),
    # An id over thread and post number would lead everybody to the post, and so to its author.
    (
        *("comment_id:alias", "doc_id", "floor", "post_no", "author_id", "posted_at:day"),
        *("posted_raw", "text", "text_original", "quoted_post_no", "quoted_text", "keywords"),
    ),
)

MENTIONS = Table(
    "mentions",
    "One listed unit or other place that a reply speaks of.",
    "mention_id",
    ("thread_id", "comment_id", "span_start"),
    ("source_id",),
    (
        *take(Mention, "mention_id doc_id comment_id", **MENTION),
        *take(Comment, "thread_id", **REPLY),
        *take(Mention, "unit_id surface span_start span_end", **SPAN),
        *take(Mention, "name_full kind place_code confidence", kind="listed_unit", **SPAN),
        *EXTRACTOR,
    ),
    (
        *("mention_id:alias", "doc_id", "comment_id:alias"),
        *("surface", "span_start", "span_end"),
    ),
)

ISSUES = Table(
    "issues",
    "One thing a person should look at, with where it is.",
    "issue_id",
    ("severity", "code", "url", "span_start"),
    ("source_id",),
    (
        *take(Issue, "issue_id", issue_id="e7f6c011776e8db7"),
        *SOURCE_ID,
        *take(Issue, "doc_id? code severity message"),
        own("url", "string?", "Page or file concerned.", "http://mzt.example.cn/notice/3.html"),
        *take(Issue, "span_start span_end", **SPAN),
        *EXTRACTOR,
    ),
    ("message", "span_start", "span_end"),
)

TABLES = (
    RUNS,
    FETCHES,
    DOCUMENTS,
    ANNOUNCEMENTS,
    UNITS,
    FIGURES,
    THREADS,
    COMMENTS,
    MENTIONS,
    ISSUES,
    PLACES,
)
