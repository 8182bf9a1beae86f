"""What a crawl costs and loses: CPU against plain Scrapy, 20 kills, a refresh, a long queue.

    .venv/bin/python bench/crawl.py [--pages 3000] [--kills 20] [--only cpu,kill,refresh,memory]

Everything happens on 127.0.0.1. Ratios are taken within one run, since machines differ.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import median

from crawl_site import Control, Site, serve

from datasets.archive import list_warcs, read_fetches

CHILD = Path(__file__).with_name("crawl_child.py")
REFRESH_PAGES, CHANGED = 1575, 30
QUEUED = 50_000


def run_child(*arguments: object, **environment: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, str(CHILD), *map(str, arguments)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def measure_cpu(pages: int, turns: int) -> None:
    """Take turns, so that a busy neighbour slows both."""
    cpu: dict[str, list[float]] = {"ours": [], "plain": [], "quiet": []}
    with serve(pages) as site, tempfile.TemporaryDirectory() as folder:
        for turn in range(turns):
            data = Path(folder) / str(turn)
            cpu["plain"].append(run_child("plain", site.port, pages)["cpu"])
            cpu["ours"].append(run_child("ours", data, site.port, pages)["cpu"])
            cpu["quiet"].append(run_child("plain", site.port, pages, "quiet")["cpu"])
    for name, text in (("plain", "plain Scrapy"), ("quiet", "the same, LOG_LEVEL INFO")):
        ratio = median(o / p for o, p in zip(cpu["ours"], cpu[name], strict=True))
        print(f"cpu: {median(cpu[name]) / pages * 1000:.2f} ms a page by {text}; ours {ratio:.2f}x")
    print(f"cpu: {median(cpu['ours']) / pages * 1000:.2f} ms a page by ours (bar 1.30x)")


def kill_crawls(pages: int, kills: int, seed: int) -> None:
    """Kill a crawl after random numbers of requests, then let it end; compare site and archive."""
    chance = random.Random(seed)
    with serve(pages) as site, tempfile.TemporaryDirectory() as folder:
        for target in sorted(chance.sample(range(2, pages), kills)):
            _kill_at(site, Path(folder), pages, target, chance)
        told = run_child("ours", folder, site.port, pages)
        requests, _ = site.take()
        report_kills(Path(folder), pages, kills, requests)
        print(f"kill: the last run ended '{told['ended']}'")


def _kill_at(site: Control, data: Path, pages: int, target: int, chance: random.Random) -> None:
    command = [sys.executable, str(CHILD), "ours", str(data), str(site.port), str(pages)]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while site.total() < target and child.poll() is None:
        time.sleep(0.01)
    time.sleep(chance.random() * 0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()


def report_kills(data: Path, pages: int, kills: int, requests: Counter[str]) -> None:
    site = Site(pages)
    wanted = {f"/list/{n}.html" for n in range(site.listings)}
    wanted |= {f"/item/{n}.html" for n in range(site.items)}
    del requests["/robots.txt"]
    rows = Counter(
        "/" + fetch.url.split("/", 3)[3]
        for path in list_warcs(data)
        for fetch in read_fetches(path)
        if not fetch.url.endswith("/robots.txt")
    )
    again = requests.total() - len(requests)
    doubled = sum(count > 1 for count in rows.values())
    print(
        f"kill: {kills} kills, {pages} pages: {len(wanted - rows.keys())} lost, {doubled} doubled, "
        f"{again} fetched again = {again / pages:.2%} (bar 0, 0, 2 %)"
    )


def measure_refresh() -> None:
    """Crawl a site, change some of its pages and crawl it again."""
    with serve(REFRESH_PAGES) as site, tempfile.TemporaryDirectory() as folder:
        run_child("ours", folder, site.port, REFRESH_PAGES)
        _, first_bytes = site.take()
        changed = random.Random(2).sample(range(Site(REFRESH_PAGES).items), CHANGED)
        site.change(changed)
        seen = set(list_warcs(Path(folder)))
        told = run_child("ours", folder, site.port, REFRESH_PAGES, GONGSHI_REVISIT_HOURS="0")
        requests, sent = site.take()
        (new,) = set(list_warcs(Path(folder))) - seen
        found = {f.url.rpartition("/")[2] for f in read_fetches(new) if f.kind == "response"}
        all_seen = sum(f"{number}.html" in found for number in changed)
        print(
            f"refresh: {REFRESH_PAGES} pages, all due: {all_seen} of {CHANGED} changes seen, "
            f"{requests.total()} requests, {sent / first_bytes:.2%} of the bytes (bar 5 %), "
            f"{told['cpu']:.1f} s of CPU"
        )
        run_child("ours", folder, site.port, REFRESH_PAGES, GONGSHI_REVISIT_HOURS="12")
        requests, sent = site.take()
        print(f"refresh: nothing due: {requests.total()} requests, {sent / first_bytes:.2%}")


def measure_memory() -> None:
    for queued in (1000, QUEUED):
        with tempfile.TemporaryDirectory() as folder:
            told = run_child("queue", folder, queued)
        print(
            f"memory: {told['memory']:.0f} MB with {queued} queued requests, "
            f"{told['cpu']:.1f} s (bar 200 MB)"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--turns", type=int, default=3, help="turns of the CPU measurement")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="cpu,kill,refresh,memory")
    options = parser.parse_args()
    chosen = options.only.split(",")
    if "cpu" in chosen:
        measure_cpu(options.pages, options.turns)
    if "kill" in chosen:
        kill_crawls(options.pages, options.kills, options.seed)
    if "refresh" in chosen:
        measure_refresh()
    if "memory" in chosen:
        measure_memory()


if __name__ == "__main__":
    main()
