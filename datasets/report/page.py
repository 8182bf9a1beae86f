"""One self-contained HTML file from a report view: no outside reference, nothing left unescaped."""

import secrets
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from datasets.batches import Batch
from datasets.report.labels import load_labels
from datasets.report.links import safe_link
from datasets.report.templates import load_template
from datasets.report.view import Lang, ProgrammeLine, ReportView

MAX_ISSUES = 200
"""Issues that are listed; the number of the others is told."""


def write_report(view: ReportView) -> str:
    """Write a report as one HTML document in the language of the view.

    All data is escaped text; the only script and style are the packaged ones, let in by a nonce
    that is new in every report, so that no text of a page can know it.

    >>> tables = (("units", 21),)
    >>> page = write_report(ReportView("en", "20220406T1115Z", tables, (), (), (), (), (), ()))
    >>> page.startswith("<!doctype html>"), "http://" in page
    (True, False)
    """
    words = load_labels(view.lang)

    def tell(prefix: str, key: str) -> str:
        # Vocabularies grow: a value without a word is shown as it is.
        return words.get(f"{prefix}.{key}", key)

    return load_template("report.html").render(
        view=view,
        words=words,
        tell=tell,
        number=lambda batch: number_batch(batch, view.lang),
        number_missing=lambda line: number_missing(line, view.lang),
        link=safe_link,
        max_issues=MAX_ISSUES,
        nonce=secrets.token_urlsafe(18),
        style=_read_asset("report.css"),
        script=_read_asset("report.js"),
    )


def number_batch(batch: Batch, lang: Lang) -> str:
    """Name a batch within its programme: by number, else by year.

    >>> third = Batch("b1946ac92492d234", "四川省城乡社区治理试点", 3, (2022,), ("selected",), (),
    ...               "", None, (), "full", ())
    >>> number_batch(third, "zh"), number_batch(third, "en")
    ('第3批', 'batch 3')
    """
    words = load_labels(lang)
    if batch.batch is not None:
        return words["numbered"].format(batch.batch)
    return words["yearly"].format(max(batch.years)) if batch.years else ""


def number_missing(line: ProgrammeLine, lang: Lang) -> str:
    """Name a stretch of missing batches by their numbers or years.

    >>> number_missing(ProgrammeLine(None, (2, 4)), "zh")
    '第2–4批'
    >>> number_missing(ProgrammeLine(None, (2021, 2021), by_year=True), "en")
    '2021'
    """
    first, last = line.missing
    numbers = str(first) if first == last else f"{first}–{last}"
    return load_labels(lang)["yearly" if line.by_year else "numbered"].format(numbers)


@cache
def _read_asset(name: str) -> Markup:
    # Our own packaged files: markup by intention, data never comes this way.
    return Markup(files("datasets.report").joinpath(name).read_text("utf-8"))  # noqa: S704
