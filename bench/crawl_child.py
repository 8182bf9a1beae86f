"""One crawl in a process of its own, so that its CPU time and memory can be told and it can die.

crawl_child.py ours DATA PORT PAGES      our crawler with everything on
crawl_child.py queue DATA COUNT          a queue of so many requests, filled and half emptied
crawl_child.py plain PORT PAGES [quiet]  a Scrapy spider that fetches the same pages
"""

import json
import logging
import resource
import sys
import time
from pathlib import Path
from typing import ClassVar

import scrapy
from crawl_site import Site
from scrapy.crawler import CrawlerProcess

from crawler.addresses import address_key
from crawler.frontier import NEVER, Frontier
from crawler.leases import Outcome, Wanted
from crawler.reactor import crawl_here
from extract.source import CrawlRules, Source


def declare(port: int, pages: int) -> Source:
    rules = CrawlRules(
        "listing",
        (f"http://127.0.0.1:{port}/list/0.html",),
        item_pattern=r"/item/\d+\.html$",
        next_links="//a[contains(., '下一页')]",
        max_pages=pages,
        max_requests=10 * pages,
        delay=0.0,
        loopback_ports=(port,),
    )
    return Source("bench_site", "试站", "试站", "news", rules)


def crawl_ours(data: Path, port: int, pages: int) -> dict[str, object]:
    (summary,) = crawl_here([declare(port, pages)], data, lambda _: None)
    return {"ended": summary.ended, "responses": summary.responses, "failures": summary.failures}


def fill_queue(data: Path, count: int) -> dict[str, object]:
    """Queue requests in listings of 100, then hand out and finish half of them."""
    frontier = Frontier(data, "bench_site")
    frontier.begin("0f3c", time.time())
    wish = json.dumps({"callback": "parse_item", "cb_kwargs": {}})
    for first in range(0, count, 100):
        urls = [f"http://mzt.example.cn/item/{n}.html" for n in range(first, first + 100)]
        frontier.add([Wanted(url, address_key(url), "item", wish) for url in urls], time.time())
        frontier.commit({}, "")
    for _ in range(count // 2):
        (leased,) = frontier.lease(time.time(), 1)
        frontier.finish(leased, Outcome("done", time.time(), NEVER))
        frontier.commit({}, "")
    assert frontier.has_pending()
    frontier.close()
    return {}


class PlainSpider(scrapy.Spider):
    name = "plain"
    addresses: ClassVar[list[str]] = []

    async def start(self):  # type: ignore[no-untyped-def]
        for address in self.addresses:
            yield scrapy.Request(address)

    def parse(self, response):  # type: ignore[no-untyped-def]
        pass


def crawl_plain(port: int, pages: int, quiet: bool) -> dict[str, object]:
    site = Site(pages)
    names = [f"/list/{n}.html" for n in range(site.listings)]
    names += [f"/item/{n}.html" for n in range(site.items)]

    settings: dict[str, object] = {"LOG_LEVEL": "INFO"} if quiet else {}
    process = CrawlerProcess(settings)
    process.crawl(PlainSpider, addresses=[f"http://127.0.0.1:{port}{name}" for name in names])
    process.start()
    return {}


def main() -> None:
    begin = time.process_time()
    if sys.argv[1] == "ours":
        told = crawl_ours(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    elif sys.argv[1] == "queue":
        told = fill_queue(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        told = crawl_plain(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:] == ["quiet"])
    told["cpu"] = time.process_time() - begin
    told["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    logging.shutdown()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
