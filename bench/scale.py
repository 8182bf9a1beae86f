"""What it costs to parse pages in one process, in a pool of processes, and on a Dask cluster.

.venv/bin/python bench/scale.py                # 2,000 pages, some minutes
.venv/bin/python bench/scale.py --pages 500
"""

import argparse
import hashlib
import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from dask_cluster import run_engine  # noqa: E402
from datasets.engines import Engine, local_engine, parse_here  # noqa: E402
from datasets.index import Entry, index_archive  # noqa: E402
from datasets.pages import PageReader  # noqa: E402
from warc_bytes import Warc  # noqa: E402

WORKERS = 2
PER_FILE = 500


def write_pages(data: Path, pages: int) -> list[Entry]:
    """Archive the golden pages again and again, each time at addresses of their own."""
    bodies = [path.read_bytes() for path in sorted((ROOT / "tests" / "pages").glob("*/*/page.*"))]
    for first in range(0, pages, PER_FILE):
        warc = Warc()
        for number in range(first, min(first + PER_FILE, pages)):
            url = f"http://example.cn/{number}.html"
            warc.response(url, bodies[number % len(bodies)], Content_Type="text/html")
        warc.save(data / "warc" / "demo" / f"{first:06d}.warc.gz")
    return index_archive(data, {}, lambda *_: None).entries


def used_seconds() -> float:
    """Seconds of the processor of this process and of all that it has started, alive or dead."""
    dead = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = time.process_time() + dead.ru_utime + dead.ru_stime
    for process in psutil.Process().children(recursive=True):
        used += sum(process.cpu_times()[:4])  # its own and those of its dead children
    return used


def measure(engine: Engine, entries: list[Entry], reader: PageReader) -> tuple[float, float, str]:
    """Seconds of the processor and of the clock, and a digest of all that was parsed."""
    cpu, clock = used_seconds(), time.perf_counter()
    pages = {entry.fetch_id: page for entry, page in engine(entries, reader)}
    taken = used_seconds() - cpu, time.perf_counter() - clock
    assert len(pages) == len(entries)
    digest = hashlib.sha256(repr(sorted(pages.items())).encode()).hexdigest()
    return *taken, digest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    number = parser.parse_args().pages
    with TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        entries = write_pages(data, number)
        reader = PageReader(data)
        rows = [("here", measure(parse_here, entries, reader))]
        rows.append((f"pool of {WORKERS}", measure(local_engine(WORKERS), entries, reader)))
        before = used_seconds()
        with run_engine(data, WORKERS) as (_, engine):
            started = used_seconds() - before
            rows.append((f"dask, {WORKERS} workers", measure(engine, entries, reader)))
    (base, base_clock, digest) = rows[0][1]
    print(f"{number} pages, starting the Dask cluster took {started:.1f} s of CPU besides")
    print(f"{'':16}{'CPU s':>8}{'x here':>8}{'clock s':>9}{'x here':>8}  same records")
    for name, (cpu, clock, made) in rows:
        same = "yes" if made == digest else "NO"
        print(f"{name:16}{cpu:8.1f}{cpu / base:8.2f}{clock:9.1f}{clock / base_clock:8.2f}  {same}")


if __name__ == "__main__":
    main()
