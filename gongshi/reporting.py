"""Writing the HTML report: the tables of a snapshot, and what waits in the queues of the crawls."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from crawler.status import read_queues
from datasets.batch_lists import load_batches
from datasets.batches import select_batch
from datasets.read import open_snapshot
from datasets.report.load import load_report_view
from datasets.report.page import write_report
from gongshi.terminal import say
from normalize.errors import GongshiError


def write_report_file(
    data: Path, specs: Sequence[str], lang: str, output: Path | None = None
) -> Path:
    """Write the HTML report of all batches, or of the named ones, and return its path.

    Raises GongshiError when there are no tables, and for a name that means no batch or several.

    >>> write_report_file(Path("nowhere"), (), "zh")
    Traceback (most recent call last):
    ...
    normalize.errors.GongshiError: data folder 'nowhere' has no tables yet: ...
    """
    snapshot = open_snapshot(data)
    chosen = None
    if specs:
        batches = load_batches(snapshot)
        chosen = [select_batch(spec, batches).batch_id for spec in specs]
    language: Literal["zh", "en"] = "en" if lang == "en" else "zh"
    html = write_report(load_report_view(snapshot, language, chosen, read_pending(data)))
    path = output or data / "reports" / "report.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(html, encoding="utf-8")
    part.replace(path)
    return path


def read_pending(data: Path) -> Mapping[str, int]:
    """Count the addresses that wait in the queue of each source, by source id.

    A queue that cannot be read is told and shown as unknown: the tables are worth a report.

    >>> read_pending(Path("nowhere"))
    {}
    """
    try:
        return {queue.source_id: queue.pending + queue.leased for queue in read_queues(data)}
    except GongshiError as error:
        say(f"gongshi: {error}")
        return {}
