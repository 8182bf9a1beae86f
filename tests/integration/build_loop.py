"""A process that builds for ever over pages that change and is killed on its way.

It kills itself right before its n-th change of the data folder when it is given an n: at the same
place on a fast machine and on a slow one. Otherwise somebody else ends it at any moment.

All pages of a generation come in one WARC file that appears at once, so every snapshot must hold
one generation only: `PAGES` current pages with as many units each as `units_of` says.
"""

import os
import signal
import sys
from hashlib import sha256
from pathlib import Path

from crawler.archive import HttpAnswer, WarcWriter
from datasets.build import BuildOptions, build
from extract.listing_records import Parts, Unit
from extract.page import FindFile, Page
from extract.records import Document, PageRecords
from extract.source import Source
from normalize.ids import make_id

PAGES = 4
KEPT = 3
CHANGES = frozenset(
    ("os.link", "os.symlink", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod")
)
HTML = ((b"Content-Type", b"text/html"),)


def units_of(generation: int) -> int:
    return 1 + generation % 7


def parse(page: Page, source: Source | None, files: FindFile) -> PageRecords:
    generation = int(page.body)
    digest = sha256(page.body).hexdigest()
    doc_id = make_id(page.url, digest)
    document = Document(doc_id, "demo", page.url, digest, "announcement", str(generation), "名单")
    units = tuple(
        Unit(
            unit_id=make_id(doc_id, order),
            announcement_id="",
            # Many batches give many parts, most of which change from one generation to the next.
            batch_id=make_id(page.url, order),
            doc_id=doc_id,
            order=order,
            name_raw="古城社区",
            name_full=f"古城社区{page.url}{order}",
            parts=Parts(),
            inherited=(),
            kind="community",
            category_path=(),
            list_title=None,
            group=None,
            remark=str(generation),
            award=None,
            programme="四川省城乡社区治理试点",
            batch=3,
            status="selected",
            src="body",
            span_start=0,
            span_end=4,
        )
        for order in range(units_of(generation))
    )
    return PageRecords(document, units=units)


def next_generation(data: Path) -> None:
    folder = data / "warc" / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    files = sorted(folder.glob("*.warc.gz"))
    generation = 1 + int(files[-1].name.partition(".")[0] if files else 0)
    with WarcWriter(data / "aside", "demo", "crawl") as writer:
        for number in range(PAGES):
            url = f"http://a.example.cn/{number}"
            writer.write_response(HttpAnswer(url, 200, HTML, str(generation).encode()))
    writer.path.rename(folder / f"{generation:06d}.warc.gz")
    for old in files[:-KEPT]:
        old.unlink()


def build_once(data: Path) -> None:
    options = BuildOptions(
        accept=True, key_file=data.parent / "key", parse=parse, link=lambda comments, units: ()
    )
    build(data, {}, options)


def count_changes(data: Path, last: int | None = None) -> list[str]:
    """Note every step that changes the data folder from now on; die by SIGKILL before the last.

    Steps are those of the interpreter's audit: files opened for writing, links, renames, removals.
    """
    seen: list[str] = []
    beginning = str(data)

    def note(event: str, given: tuple[object, ...]) -> None:
        if event == "open":
            flags = given[2] if len(given) > 2 and isinstance(given[2], int) else 0
            if not flags & (os.O_WRONLY | os.O_RDWR):
                return
        elif event not in CHANGES:
            return
        if any(str(value).startswith(beginning) for value in given[:2]):
            seen.append(event)
            if len(seen) == last:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(note)
    return seen


def build_for_ever(data: Path, last: int | None) -> None:
    count_changes(data, last)
    while True:
        next_generation(data)
        build_once(data)


def main(data: Path) -> None:
    """For each line with an n (0 for none) start a loop; print its process id, then its exit code.

    The loops are forks, which have loaded all modules: only the building takes time.
    """
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            build_for_ever(data, int(line) or None)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
