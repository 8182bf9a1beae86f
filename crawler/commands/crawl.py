"""`scrapy crawl`, which scrapyd runs too: it says in a sentence why a source is not crawled."""

import argparse
import logging

from scrapy.commands import crawl
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import UsageError

from normalize.errors import GongshiError

logger = logging.getLogger(__name__)


class Command(crawl.Command):
    """Scrapy's command, except that a GongshiError is logged without its traceback.

    Such an error says, for one, which process crawls the source already. The exit code is 1, as
    with every crawl that cannot start.

    >>> Command().short_desc()
    'Run a spider of the current project, by name'
    """

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl the source of the given id; raises UsageError unless there is exactly one."""
        if len(args) != 1:
            raise UsageError("name one source, as in: scrapy crawl sichuan_mzt_notices")
        process = self.crawler_process
        assert isinstance(process, AsyncCrawlerProcess)  # as always with the default reactor
        task = process.crawl(args[0], **opts.spargs)
        process.start()
        error = task.exception() if task.done() and not task.cancelled() else None
        if isinstance(error, GongshiError):
            logger.error(str(error))
        elif error is not None:
            logger.error("the crawl of %s failed", args[0], exc_info=error)
        self.exitcode = int(process.bootstrap_failed)
