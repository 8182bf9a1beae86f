"""Measures the article extractor beside its peers on labelled pages, in one table.

Examples:
  python bench/article.py                          our own golden pages
  python bench/article.py --pages FOLDER           pages of yours; article_pages.py has the format
  python bench/article.py --only ours lxml --show 20   while tuning: what ours gets wrong
"""

import argparse
import base64
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from article_pages import Labelled, golden_pages, read_folder
from article_scores import Answer, score, score_body

from extract.page import Page, decode_page

HERE = Path(__file__).resolve().parent
DEFAULT_CACHE = Path("~/.cache/gongshi-bench").expanduser()
EXTRACTORS = ("ours", "trafilatura", "readability", "gne", "newspaper4k", "resiliparse")
PARSERS = ("lxml", "lexbor")
METHODS = (*EXTRACTORS, *PARSERS)
OURS = ("ours", "lxml")
"""Methods that run in the project's own environment."""
HEADS = ("method", "F1", ">=.9", "title", "day", "time", "source", "author", "false", "loud",
         "failed", "x lxml", "pages/s")  # fmt: skip


@dataclass(frozen=True)
class Run:
    """What one method did in a process of its own."""

    answers: list[Answer | None]
    """None where it failed or took longer than a minute."""
    seconds: float
    """Of the processor, for all pages."""
    parse_seconds: float
    """What lxml took to parse the same pages, each right before."""


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def row(*cells: object) -> None:
    shown = ["-" if cell is None else f"{cell:.3f}" if isinstance(cell, float) else str(cell)
             for cell in cells]  # fmt: skip
    print(f"{shown[0]:<12}", *(f"{cell:>7}" for cell in shown[1:]), flush=True)


def install_peers(cache: Path) -> Path:
    """Put the peers into an environment of their own; hand back its Python."""
    folder = cache / "article-peers"
    python = folder / "bin" / "python"
    wanted = HERE / "requirements-articles.txt"
    installed = folder / "installed.txt"
    if installed.exists() and installed.read_bytes() == wanted.read_bytes():
        return python
    cache.mkdir(parents=True, exist_ok=True)
    say("installing the peers")
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-deps", "-r", str(wanted)], check=True)
    installed.write_bytes(wanted.read_bytes())
    return python


def run_method(method: str, pages: Sequence[Labelled], passes: int, python: str) -> Run:
    """Run one method over all pages; peers get them decoded as our extractor decodes them."""
    given = [
        {
            "body": base64.b64encode(page.body).decode(),
            "text": decode(page),
            "url": page.url,
            "charset": page.charset,
            "fetched": page.fetched.isoformat(),
        }
        for page in pages
    ]
    command = [python, str(HERE / "article_child.py"), method, str(passes)]
    done = subprocess.run(
        command, input=json.dumps(given).encode(), stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    return Run(**json.loads(done.stdout))


def decode(page: Labelled) -> str:
    """Text of a page; what lxml refuses in a decoded page is taken out."""
    fetched = Page(page.body, page.url, "text/html", page.charset, page.fetched)
    text = decode_page(fetched).text.replace("\x00", "")
    head, mark, rest = text.partition("?>")
    return rest if mark and head.lstrip("\ufeff \t\r\n").startswith("<?xml") else text


def show_failures(pages: Sequence[Labelled], answers: Sequence[Answer], most: int) -> None:
    """Tell what our extractor got wrong, a line per page and field, the first `most`."""
    lines = []
    for page, answer in zip(pages, answers, strict=True):
        alone = score([page], [answer])
        wants = (("title", page.title), ("day", page.published), ("time", page.published),
                 ("source", page.source), ("author", page.authors))  # fmt: skip
        if alone.body is not None and alone.body < 0.97:
            body = score_body(page.text or "", page.optional, answer.get("text") or "")
            lines.append(f"{page.name}: body {body:.3f}")
        for field, wanted in wants:
            if getattr(alone, field) == 0:
                key = {"day": "published", "time": "published", "author": "authors"}
                found = answer.get(key.get(field, field))
                lines.append(f"{page.name}: {field} {wanted!r}, found {found!r}")
        if alone.author_false:
            lines.append(f"{page.name}: author {page.authors!r}, found {answer['authors']!r}")
        if alone.loud:
            lines.append(f"{page.name}: an article on a page of type {page.type}")
    for line in lines[:most]:
        say(f"  {line}")


def table(pages: Sequence[Labelled], options: argparse.Namespace) -> None:
    """Run the chosen methods and print their rows."""
    peers = not set(options.only) <= set(OURS)
    python = install_peers(options.cache) if peers else Path(sys.executable)
    size = sum(len(page.body) for page in pages) / 1e6
    articles = [page for page in pages if page.is_article]
    clocks = sum(":" in (page.published or "") for page in articles)
    print(f"{len(pages)} pages, {len(articles)} articles, {size:.1f} MB; with a body "
          f"{sum(page.text is not None for page in articles)}, a clock time {clocks}, a source "
          f"{sum(bool(page.source) for page in articles)}, authors "
          f"{sum(bool(page.authors) for page in articles)}")  # fmt: skip
    row(*HEADS)
    for method in options.only:
        say(method)
        own = method in OURS
        run = run_method(method, pages, options.passes, sys.executable if own else str(python))
        answers = [answer or {} for answer in run.answers]
        scores = astuple(score(pages, answers))
        failed = sum(answer is None for answer in run.answers)
        row(method, *scores, failed, f"{run.seconds / run.parse_seconds:.2f}",
            f"{len(pages) / run.seconds:.1f}")  # fmt: skip
        if method == "ours":
            show_failures(pages, answers, options.show)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=Path, help="labelled folder [default: our golden pages]")
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE, help="default: %(default)s")
    parser.add_argument("--only", nargs="+", choices=METHODS, default=METHODS, help="methods")
    parser.add_argument("--passes", type=int, default=3, help="timed passes, the best counts")
    parser.add_argument("--show", type=int, default=0, help="failures of ours that are shown")
    return parser.parse_args()


def main() -> None:
    options = read_options()
    table(read_folder(options.pages) if options.pages else golden_pages(), options)


if __name__ == "__main__":
    main()
