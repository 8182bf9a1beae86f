"""What a page is parsed into: frozen records whose every value keeps its raw form and its span.

Spans are code points, end exclusive. Spans of a document's own rows (announcements, units,
figures) point into `Document.text`, or into `Document.title` where `field` says so; spans of
mentions in a comment point into `Comment.text`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from extract.figure_records import Figure
from extract.listing_records import Announcement, Unit

EXTRACTOR_VERSION = "0.1.0"
"""Version of the extraction rules, written beside every row."""

PageType = Literal["article", "announcement", "thread", "list", "shell", "error", "attachment"]
Precision = Literal["second", "minute", "hour", "day", "month", "year"]
Severity = Literal["info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Author:
    """A person a byline names, or the account that signs where it names none."""

    name: str
    """Name without its role. Example: `沈禾`"""
    role: str
    """Role as printed, `账号` for an account, or the empty string. Example: `记者`"""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a page links to."""

    url: str
    """Absolute address. Example: `http://mzt.example.cn/files/list.docx`"""
    text: str
    """Text of the link. Example: `附件:试点单位名单.docx`"""


@dataclass(frozen=True, slots=True)
class Document:
    """One content version of one page."""

    doc_id: str
    """Row id over address and payload digest. Example: `9f86d081884c7d65`"""
    source_id: str
    """Id of the source declaration. Example: `sichuan_mzt_notices`"""
    url: str
    """Canonical address of the page. Example: `http://mzt.example.cn/notice/3.html`"""
    payload_digest: str
    """SHA-256 of the bytes as fetched, in hex. Example: `2c26b46b…`"""
    page_type: PageType
    """What kind of page this is; anything but an article, announcement or thread yields no rows.
    Example: `thread`"""
    title: str
    """Title without the site's suffix, in Simplified script. Example: `关于公布试点单位的通知`"""
    text: str
    """Body text in Simplified script, one line per block. Floor 1 only for threads.
    Example: `各市(州)民政局:\\n现将…`"""
    title_raw: str | None = None
    """Title as printed, when it differs. Example: `關(guān)於公布試點單位的通知`"""
    text_original: str | None = None
    """Body text as printed, when repair or script conversion changed it.
    Example: `各市(州)民政局`"""
    published_at: datetime | None = None
    """Printed publish time at +08:00, filled up with zeros. Example: `2022-04-06T11:15:00+08:00`"""
    published_precision: Precision | None = None
    """How far the printed time goes. Example: `minute`"""
    published_raw: str | None = None
    """Publish time as printed. Example: `2022-4-6 11:15`"""
    site: str | None = None
    """Name of the site the page stands on. Example: `浙江在线`"""
    source: str | None = None
    """来源: who first published the text, as the page says. Example: `嘉兴日报`"""
    source_raw: str | None = None
    """来源 with its label as printed. Example: `来源: 嘉兴日报`"""
    authors: tuple[Author, ...] = ()
    """People named in the byline; usernames of forums are never here."""
    editor: str | None = None
    """编辑 or 责任编辑. Example: `钱多米`"""
    views: int | None = None
    """Page views as printed. Example: `45520`"""
    breadcrumb: tuple[str, ...] = ()
    """Column path, outermost first. Example: `浙江在线 / 城市频道 / 嘉兴`"""
    tags: tuple[str, ...] = ()
    """Tags printed with the page. Example: `海宁市 / 社区`"""
    attachments: tuple[Attachment, ...] = ()
    """Files the body links to."""
    next_part: str | None = None
    """Address of the next page of the same article, where a site cuts it into several.
    Example: `http://mzt.example.cn/notice/3_2.html`"""
    encoding: str = "utf-8"
    """Encoding the bytes were read with. Example: `gb18030`"""
    script: str = "Hans"
    """Script of the printed text: Hans, Hant-TW, Hant-HK, Hant-CN (a mainland page run through a
    converter), Hant where nothing tells the region, mixed or none. Example: `Hant-CN`"""
    repairs: int = 0
    """Number of places where damaged text was restored. Example: `412`"""
    flags: tuple[str, ...] = ()
    """Remarks on the page: list_in_image, list_in_attachment, article_repeated,
    corrupted_repaired, encoding_contradicted, text_lossy, page_truncated, figures_truncated.
    Example: `article_repeated`"""
    keywords: tuple[str, ...] | None = None
    """Words that tell what title and text are about, the weightiest first; missing unless they
    were asked for. Example: `食堂 / 三台县 / 社区`"""
    extractor: str = EXTRACTOR_VERSION
    """Version of the extraction rules. Example: `0.1.0`"""


@dataclass(frozen=True, slots=True)
class Thread:
    """What one page says of the thread it belongs to."""

    thread_id: str
    """Row id over site and thread number."""
    source_id: str
    """Id of the source declaration."""
    doc_id: str
    """Document of this page."""
    url: str
    """Address of the thread's first page."""
    title: str
    """Title of the thread."""
    page: int
    """Page number within the thread, from 1."""
    thread_no: str | None = None
    """Number the forum gives the thread. Example: `660821`"""
    board: str | None = None
    """Board the thread stands in. Example: `西蜀论坛`"""
    author: str | None = None
    """Username of the opening post; leaves the program only as a keyed hash."""
    posted_at: datetime | None = None
    """Time of the opening post."""
    views_stated: int | None = None
    """查看 as printed."""
    replies_stated: int | None = None
    """回复 as printed."""
    pages_stated: int | None = None
    """Number of pages as printed."""
    flags: tuple[str, ...] = ()
    """locked, deleted."""


@dataclass(frozen=True, slots=True)
class Comment:
    """One reply in a thread; the opening post is the document."""

    comment_id: str
    """Row id over site, thread and post number."""
    thread_id: str
    """Thread the reply stands in."""
    doc_id: str
    """Document of the page it was read from."""
    floor: int | None
    """Floor, the opening post being 1. Example: `3`"""
    post_no: str | None
    """Number the forum gives the post. Example: `9123456`"""
    author: str | None
    """Username; None for 匿名; leaves the program only as a keyed hash."""
    posted_at: datetime | None
    """Time of the post at +08:00."""
    posted_raw: str | None
    """Time as printed. Example: `2022-4-6 12:45`"""
    text: str
    """Text in Simplified script without quotes, signature and edit notes."""
    text_original: str | None = None
    """Text as printed, when it differs."""
    quoted_post_no: str | None = None
    """Post number of the quoted post."""
    quoted_text: str | None = None
    """Text of the quote."""
    flags: tuple[str, ...] = ()
    """anonymous, deleted, locked, reply_to_see, edited; remark for a 点评 below a post."""
    keywords: tuple[str, ...] | None = None
    """Words that tell what the text is about, the weightiest first; missing unless they were asked
    for. Example: `古城社区 / 助餐点`"""


@dataclass(frozen=True, slots=True)
class Mention:
    """A listed unit or another place that a comment speaks of."""

    mention_id: str
    """Row id over comment and span."""
    doc_id: str
    """Document the comment was read from."""
    comment_id: str
    """Comment that mentions the unit."""
    surface: str
    """Words as printed. Example: `平武县古城镇古城社区`"""
    span_start: int
    """Start in the comment's text."""
    span_end: int
    """End in the comment's text."""
    name_full: str
    """Full name of the unit meant. Example: `绵阳市平武县古城镇古城社区`"""
    unit_id: str | None = None
    """Listed unit that is meant; missing for other places."""
    kind: Literal["listed_unit", "place"] = "listed_unit"
    """listed_unit for a unit of the thread's own list, place for any other place.
    Example: `listed_unit`"""
    place_code: str | None = None
    """Division code of what is meant, 6, 9 or 12 digits. Example: `510727`"""
    confidence: float = 1.0
    """How sure the rules are, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Issue:
    """Something a person should look at, with where it is."""

    issue_id: str
    """Row id."""
    doc_id: str
    """Document concerned."""
    code: str
    """Short name of the check. Example: `count_mismatch`"""
    severity: Severity
    """info, warning or error."""
    message: str
    """One sentence that says what is wrong. Example: `社区: stated 150, found 149`"""
    span_start: int | None = None
    """Start in the document's text."""
    span_end: int | None = None
    """End in the document's text."""


@dataclass(frozen=True, slots=True)
class PageRecords:
    """Everything one page yields."""

    document: Document
    """The page itself."""
    thread: Thread | None = None
    """The thread it belongs to, when it is a page of one."""
    announcements: tuple[Announcement, ...] = ()
    """Announcements on the page."""
    units: tuple[Unit, ...] = ()
    """Listed units."""
    figures: tuple[Figure, ...] = ()
    """Figures of title and text."""
    comments: tuple[Comment, ...] = ()
    """Replies on the page."""
    mentions: tuple[Mention, ...] = ()
    """Listed units that replies speak of."""
    issues: tuple[Issue, ...] = ()
    """What a person should look at."""
