"""Measures what words and keywords cost: speed on text, and time beside the parsing of pages.

Examples:
  python bench/article_keywords.py                  text of the cache, our own golden pages
  python bench/article_keywords.py --pages FOLDER   labelled pages, as for article.py
  python bench/article_keywords.py --text FILE      another text, a paragraph per line
"""

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from article_pages import golden_pages, read_folder
from timing import time_cold

from extract.keywords import add_keywords, find_keywords, segment
from extract.page import Page
from extract.parse import parse_document, parse_page
from extract.records import PageRecords
from normalize.places import scan

DEFAULT_TEXT = Path("~/.cache/gongshi-bench/texts/hans_news.txt").expanduser()
PAGE = 1500
MB = 1e6


def load() -> None:
    """Load what is loaded once and tell how long it takes."""
    steps: list[tuple[str, Callable[[], object]]] = [
        ("places", lambda: scan("记者到达州市采访，在绵阳市三台县潼川镇草堂社区")),
        ("jieba and idf", lambda: find_keywords("三台县的食堂")),
    ]
    for name, step in steps:
        start = time.process_time()
        step()
        print(f"load {name:<16} {time.process_time() - start:8.2f} s, once per process")


def jieba_alone() -> Callable[[str], list[str]]:
    """jieba as it comes, with a dictionary of its own."""
    import jieba

    tokenizer = jieba.Tokenizer()
    with (Path(jieba.__file__).parent / "dict.txt").open("rb") as file:
        tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(file)
    tokenizer.initialized = True
    return lambda page: list(tokenizer.cut(page))


def text_rows(path: Path, most: float, runs: int) -> None:
    """Speed on pages of some 1,500 characters."""
    pages = list(cut_pages(path, most))
    size = sum(len(page.encode()) for page in pages) / MB
    print(f"\n{path.name}, {size:.2f} MB in {len(pages)} pages")
    for name, work in (("jieba.cut", jieba_alone()), ("segment", segment),
                       ("find_keywords", find_keywords)):  # fmt: skip
        took = time_cold(lambda w=work: [bool(w(page)) for page in pages], runs).seconds
        print(f"{name:<21} {size / took:8.2f} MB/s {1000 * took / len(pages):8.1f} ms per page")


def cut_pages(path: Path, most: float) -> Iterator[str]:
    """Paragraphs joined to pages, from the beginning of the text."""
    page, size = "", 0
    for line in path.read_text(encoding="utf-8").splitlines():
        page += line + "\n"
        if len(page) >= PAGE:
            size += len(page.encode())
            yield page
            page = ""
        if size > most * MB:
            return


def page_rows(folder: Path | None, runs: int) -> None:
    """What keywords cost beside the parsing of the same pages."""
    labelled = read_folder(folder) if folder else golden_pages()
    pages = [Page(p.body, p.url, "text/html", p.charset, p.fetched) for p in labelled]
    records: list[PageRecords] = [parse_page(page, None) for page in pages]
    texts = [r.document.text for r in records] + [c.text for r in records for c in r.comments]
    size = sum(len(text.encode()) for text in texts) / MB
    print(f"\n{len(pages)} pages, {size:.2f} MB of text, {len(texts) - len(pages)} comments")
    base = 0.0
    rows: list[tuple[str, Callable[[Any], object], list[Any]]] = [
        ("parse_page", lambda page: parse_page(page, None), pages),
        ("parse_document", parse_document, pages),
        ("add_keywords", add_keywords, records),
    ]
    for name, work, given in rows:
        took = time_cold(lambda w=work, g=given: [bool(w(item)) for item in g], runs).seconds
        base = base or took
        print(f"{name:<21} {1000 * took / len(pages):8.1f} ms per page {took / base:8.2f} x")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--text", type=Path, default=DEFAULT_TEXT, help="default: %(default)s")
    parser.add_argument("--text-mb", type=float, default=0.4, help="of the text, from its start")
    parser.add_argument("--pages", type=Path, help="labelled folder [default: our golden pages]")
    parser.add_argument("--runs", type=int, default=2, help="timed runs, the best counts")
    options = parser.parse_args()
    load()
    if options.text.exists():
        text_rows(options.text, options.text_mb, options.runs)
    page_rows(options.pages, options.runs)


if __name__ == "__main__":
    main()
