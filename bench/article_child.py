"""Runs one extractor on pages from standard input, in a process that does nothing else.

Started by article.py with the Python of the project or of the peers: two arguments, the method and
the number of timed passes; in comes a list of pages as JSON, out goes JSON of the answers and of
seconds of the processor. Every timed page is parsed by lxml right before it.
"""

import base64
import json
import logging
import os
import signal
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

Answer = dict[str, Any]
Page = dict[str, Any]
LIMIT = 60
"""Seconds that one page may take."""


def ours() -> Callable[[Page], Answer]:
    from datetime import datetime

    from extract.page import Page as Fetched
    from extract.parse import parse_document

    digits = {"year": 4, "month": 7, "day": 10, "hour": 13, "minute": 16, "second": 19}

    def run(page: Page) -> Answer:
        when = datetime.fromisoformat(page["fetched"])
        fetched = Fetched(page["body"], page["url"], "text/html", page["charset"], when)
        found = parse_document(fetched)
        time = found.published_at
        return {
            "title": found.title,
            "published": str(time)[: digits[found.published_precision or "day"]] if time else None,
            "authors": " ".join(author.name for author in found.authors),
            "source": found.source,
            "text": found.text,
        }

    return run


def trafilatura() -> Callable[[Page], Answer]:
    from trafilatura import bare_extraction

    def run(page: Page) -> Answer:
        found = bare_extraction(
            page["text"], url=page["url"], with_metadata=True, include_comments=False
        )
        if found is None:
            return {}
        return {
            "title": found.title,
            "published": found.date,
            "authors": found.author,
            "source": found.sitename,
            "text": found.text,
        }

    return run


def readability() -> Callable[[Page], Answer]:
    import lxml.html
    from readability import Document

    def run(page: Page) -> Answer:
        found = Document(page["text"])
        body = lxml.html.fromstring(found.summary(html_partial=True))
        return {"title": found.short_title(), "text": body.text_content()}

    return run


def gne() -> Callable[[Page], Answer]:
    from gne import GeneralNewsExtractor

    def run(page: Page) -> Answer:
        found = GeneralNewsExtractor().extract(page["text"])
        return {
            "title": found["title"],
            "published": found["publish_time"],
            "authors": found["author"],
            "text": found["content"],
        }

    return run


def newspaper4k() -> Callable[[Page], Answer]:
    import newspaper

    settings = newspaper.Config()
    settings.language = "zh"
    settings.fetch_images = False
    settings.memorize_articles = False

    def run(page: Page) -> Answer:
        found = newspaper.Article(page["url"], config=settings, language="zh")
        found.download(input_html=page["text"])
        found.parse()
        return {
            "title": found.title,
            "published": str(found.publish_date or ""),
            "authors": " ".join(found.authors),
            "text": found.text,
        }

    return run


def resiliparse() -> Callable[[Page], Answer]:
    from resiliparse.extract.html2text import extract_plain_text

    def run(page: Page) -> Answer:
        return {"text": extract_plain_text(page["text"], main_content=True, alt_texts=False,
                                           links=False, comments=False)}  # fmt: skip

    return run


def lxml() -> Callable[[Page], Answer]:
    from lxml.html import document_fromstring

    def run(page: Page) -> Answer:
        document_fromstring(page["text"])
        return {}

    return run


def lexbor() -> Callable[[Page], Answer]:
    from selectolax.lexbor import LexborHTMLParser

    def run(page: Page) -> Answer:
        assert LexborHTMLParser(page["text"]).root is not None
        return {}

    return run


METHODS = {
    method.__name__: method
    for method in (ours, trafilatura, readability, gne, newspaper4k, resiliparse, lxml, lexbor)
}


class TooLongError(Exception):
    """A page takes longer than the limit."""


def stop(*_: object) -> None:
    raise TooLongError


def try_page(run: Callable[[Page], Answer], page: Page) -> Answer | None:
    """Answer of a method, None when it fails or takes too long."""
    signal.alarm(LIMIT)
    try:
        return run(page)
    except Exception:  # a peer may raise whatever it likes
        return None
    finally:
        signal.alarm(0)


def measure(run: Callable[[Page], Answer], pages: list[Page], passes: int) -> tuple[float, float]:
    """Seconds of the method and of lxml on all pages, each the best of the passes."""
    parse = lxml()
    best = best_parse = float("inf")
    for _ in range(passes):
        took = took_parse = 0.0
        for page in pages:
            start = time.process_time()
            try_page(parse, page)
            middle = time.process_time()
            try_page(run, page)
            took += time.process_time() - middle
            took_parse += middle - start
        best, best_parse = min(best, took), min(best_parse, took_parse)
    return best, best_parse


def main() -> None:
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # a peer may print
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, stop)
    pages = json.load(sys.stdin)
    for page in pages:
        page["body"] = base64.b64decode(page["body"])
    run = METHODS[sys.argv[1]]()
    answers = [try_page(run, page) for page in pages]
    seconds, parse_seconds = measure(run, pages, int(sys.argv[2]))
    made = {"answers": answers, "seconds": seconds, "parse_seconds": parse_seconds}
    json.dump(made, output, default=str, ensure_ascii=True)
    output.flush()


if __name__ == "__main__":
    main()
