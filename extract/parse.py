"""The single entry: one page in, all its records out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

from lxml.html import HtmlElement

from extract.article import find_article
from extract.article_parts import find_next_part, names_next_part
from extract.attached import AttachedText, place_units, read_linked
from extract.attachment_links import keep_file_lines, read_post_links
from extract.body import Body, join_lines
from extract.checks import find_issues
from extract.comments import link_mentions
from extract.figure_records import Figure
from extract.figures import NounMethod, find_figures
from extract.lines import PageLines
from extract.metadata import Metadata, MetadataOptions, read_metadata
from extract.origin import find_origin
from extract.page import MAX_PAGE_BYTES, FindFile, Page
from extract.page_context import PageContext
from extract.page_images import shows_list_in_image
from extract.page_lines import read_page_lines
from extract.records import Document, Issue, PageRecords, PageType
from extract.source import Source
from extract.thread import ThreadPage, read_thread
from extract.units import Listing, read_listing
from normalize.encoding import Decoded
from normalize.ids import make_id
from normalize.places import find_numeral_names

UNDECLARED_SOURCE = "ingest"
"""Source id of saved pages that belong to no declared source."""

MAX_FIGURE_CHARS = 200_000
"""Characters of a text that figures are looked for in; longer texts are flagged."""

_READ_TYPES = frozenset(("article", "announcement", "thread"))


@dataclass(frozen=True, slots=True)
class _Read:
    """A page after decoding: what every reader needs."""

    page: Page
    source: Source | None
    decoded: Decoded
    root: HtmlElement | None
    lines: PageLines
    doc_id: str
    digest: str
    nouns: NounMethod


def parse_page(
    page: Page,
    source: Source | None,
    find_file: FindFile | None = None,
    nouns: NounMethod = "rule",
) -> PageRecords:
    """Parse one page into its records: document, thread, announcements, units, figures, comments.

    Takes the bytes as fetched and the declaration of the source they belong to, if any. Files that
    the page links to are read where `find_file` has them; their text follows the page's. `nouns`
    full looks for measured nouns by segmentation where the light rule fails: slow. The same
    page gives the same records, ids included. Usernames are plain here: what leaves the program
    passes through `datasets.privacy` first.

    >>> from datetime import UTC, datetime
    >>> page = Page("短".encode(), "file:///1.txt", "text/plain", None, datetime.now(UTC))
    >>> parse_page(page, None).document.page_type
    'shell'
    """
    read = _read(page, source, nouns)
    thread = read_thread(page, read.root, read.lines, source, read.doc_id)
    if thread is not None:
        return _parse_thread(read, thread, find_file)
    return _parse_article(read, find_file)


def parse_document(page: Page, source: Source | None = None) -> Document:
    """Parse one page into its document alone: body, title, time, 来源, authors.

    The same document as `parse_page` gives but for the page type announcement, which only its
    units tell; several times as fast, since no units, figures or comments are read.

    >>> from datetime import UTC, datetime
    >>> page = Page("短".encode(), "file:///1.txt", "text/plain", None, datetime.now(UTC))
    >>> parse_document(page).page_type
    'shell'
    """
    read = _read(page, source)
    thread = read_thread(page, read.root, read.lines, source, read.doc_id)
    return (
        _document_of_article(read, None).document
        if thread is None
        else _document_of_thread(read, thread, None).document
    )


def _read(page: Page, source: Source | None, nouns: NounMethod = "rule") -> _Read:
    read = read_page_lines(page, source)
    digest = sha256(page.body).hexdigest()
    doc_id = make_id("document", page.url, digest)
    return _Read(page, source, read.decoded, read.root, read.lines, doc_id, digest, nouns)


@dataclass(frozen=True, slots=True)
class _ReadArticle:
    """The text of a page, of a thread its opening post, with the text of its files."""

    document: Document
    body: Body
    """Lines of the page, then those of its files."""
    attached: AttachedText
    own: int
    """Number of lines that are the page's own."""

    @property
    def starts(self) -> list[int]:
        """Where the lines of the files begin in the body."""
        return [block.start for block in self.body.blocks[self.own :]]


def _document_of_thread(
    read: _Read, thread: ThreadPage, find_file: FindFile | None
) -> _ReadArticle:
    links = read_post_links(thread.opening, thread.attachments, read.root, read.page.url)
    attached = read_linked(links, find_file)
    body = join_lines((*thread.opening, *attached.lines))
    origin = find_origin((), [line.text for line in thread.opening])
    posted = thread.opening_posted
    document = replace(
        _document(read, body, "thread", (*thread.flags, *attached.flags)),
        title=thread.title,
        title_raw=thread.title_raw,
        published_at=posted.value if posted else None,
        published_precision=posted.precision if posted else None,
        published_raw=posted.raw if posted else None,
        site=read.source.site if read.source else None,
        source=origin.name if origin else None,
        source_raw=origin.raw if origin else None,
        views=thread.thread.views_stated,
        attachments=links,
    )
    return _ReadArticle(document, body, attached, len(thread.opening))


def _parse_thread(read: _Read, thread: ThreadPage, find_file: FindFile | None) -> PageRecords:
    post = _document_of_thread(read, thread, find_file)
    document, clean = post.document, read.lines.clean
    listing = read_listing(post.body, _context(document, read), read.doc_id, "post1")
    units = place_units(listing.units, post.starts, post.attached)
    issues = find_issues(document, listing.announcements, units, clean)
    return PageRecords(
        document=document,
        thread=thread.thread,
        announcements=listing.announcements,
        units=units,
        figures=_figures(document, read.nouns),
        comments=thread.comments,
        mentions=link_mentions(thread.comments, units),
        issues=(*issues, *_file_issues(read, post.attached)),
    )


def _document_of_article(read: _Read, find_file: FindFile | None) -> _ReadArticle:
    rules = read.source.parse if read.source else None
    site = read.source.site if read.source else None
    article = find_article(read.lines, read.root, rules)
    article = keep_file_lines(article, read.lines.lines, read.root)
    options = MetadataOptions(read.page.url, read.page.fetched_at, rules, site)
    metadata = read_metadata(read.lines, article, read.root, options)
    attached = read_linked(metadata.attachments, find_file)
    body = join_lines((*article.lines, *attached.lines))
    flags = (*article.flags, *attached.flags)
    document = _describe(_document(read, body, article.page_type, flags), metadata)
    if read.root is not None and article.lines and names_next_part(read.decoded.text):
        following = find_next_part(read.root, read.page.url)
        document = replace(document, next_part=following)
    return _ReadArticle(document, body, attached, len(article.lines))


def _parse_article(read: _Read, find_file: FindFile | None) -> PageRecords:
    article = _document_of_article(read, find_file)
    document, clean = article.document, read.lines.clean
    problems = _file_issues(read, article.attached)
    if document.page_type not in _READ_TYPES:
        return PageRecords(document, issues=(*find_issues(document, (), (), clean), *problems))
    listing = read_listing(article.body, _context(document, read), read.doc_id)
    units = place_units(listing.units, article.starts, article.attached)
    document = _judge(document, listing, article)
    return PageRecords(
        document=document,
        announcements=listing.announcements,
        units=units,
        figures=_figures(document, read.nouns),
        issues=(*find_issues(document, listing.announcements, units, clean), *problems),
    )


def _file_issues(read: _Read, attached: AttachedText) -> tuple[Issue, ...]:
    """Tell what of the files could not be read."""
    return tuple(
        Issue(make_id("issue", read.doc_id, code, message), read.doc_id, code, "warning", message)
        for code, message in attached.problems
    )


def _describe(document: Document, metadata: Metadata) -> Document:
    published = metadata.published
    return replace(
        document,
        title=metadata.title,
        title_raw=metadata.title_raw,
        published_at=published.value if published else None,
        published_precision=published.precision if published else None,
        published_raw=published.raw if published else None,
        site=metadata.site,
        source=metadata.source,
        source_raw=metadata.source_raw,
        authors=metadata.authors,
        editor=metadata.editor,
        views=metadata.views,
        breadcrumb=metadata.breadcrumb,
        tags=metadata.tags,
        attachments=metadata.attachments,
    )


def _document(read: _Read, body: Body, page_type: PageType, flags: Sequence[str]) -> Document:
    """A document with what the page itself says; title and times are filled in by its reader."""
    clean, decoded = read.lines.clean, read.decoded
    seen = {
        "corrupted_repaired": clean.repairs > 0,
        "encoding_contradicted": decoded.contradicted,
        "text_lossy": decoded.lossy > 0,
        "page_truncated": len(read.page.body) > MAX_PAGE_BYTES,
        "figures_truncated": len(body.text) > MAX_FIGURE_CHARS,
    }
    return Document(
        doc_id=read.doc_id,
        source_id=read.source.id if read.source else UNDECLARED_SOURCE,
        url=read.page.url,
        payload_digest=read.digest,
        page_type=page_type,
        title="",
        text=body.text,
        text_original=body.printed if body.printed != body.text else None,
        encoding=decoded.encoding,
        script=clean.script,
        repairs=clean.repairs,
        flags=tuple(dict.fromkeys([*flags, *(flag for flag, is_so in seen.items() if is_so)])),
    )


def _context(document: Document, read: _Read) -> PageContext:
    return PageContext(
        title=document.title,
        published_at=document.published_at,
        published_raw=document.published_raw,
        site=document.site,
        area=read.source.area if read.source else None,
        source=document.source,
    )


def _judge(document: Document, listing: Listing, article: _ReadArticle) -> Document:
    """Call a page that lists units an announcement, and say where a missing list stands."""
    flags = document.flags
    unread = document.attachments and not article.attached.lines
    lines = [block.line for block in article.body.blocks[: article.own]]
    if listing.announcements and not listing.units and unread:
        flags = (*flags, "list_in_attachment")
    elif listing.announcements and not listing.units and shows_list_in_image(lines, document.title):
        flags = (*flags, "list_in_image")
    page_type: PageType = "announcement" if listing.units else document.page_type
    return replace(document, page_type=page_type, flags=flags)


def _figures(document: Document, nouns: NounMethod) -> tuple[Figure, ...]:
    """Figures of title and text with their ids; a repeated sentence counts once."""
    first: dict[tuple[str, int, str], str] = {}
    figures = []
    texts: tuple[tuple[Literal["title", "text"], str], ...] = (
        ("title", document.title),
        ("text", document.text),
    )
    for field, whole in texts:
        text = whole[:MAX_FIGURE_CHARS]
        for figure in find_figures(text, places=find_numeral_names(text), nouns=nouns):
            figure_id = make_id("figure", document.doc_id, field, figure.start, figure.surface)
            sentence_start = text.rfind(figure.sentence, 0, figure.start + len(figure.sentence))
            statement = (figure.sentence, figure.start - sentence_start, figure.surface)
            earlier = first.setdefault(statement, figure_id)
            figures.append(
                replace(
                    figure,
                    field=field,
                    figure_id=figure_id,
                    doc_id=document.doc_id,
                    duplicate_of=earlier if earlier != figure_id else None,
                )
            )
    return tuple(figures)
