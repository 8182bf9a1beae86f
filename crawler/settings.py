"""Scrapy's settings for every source, each with its reason; sources add theirs in the loader."""

import os
from pathlib import Path

from crawler.version import own_version
from normalize.errors import GongshiError


def _read_seconds(name: str, default: float) -> float:
    printed = os.environ.get(name, "")
    try:
        seconds = float(printed or default)
    except ValueError:
        seconds = 0
    if not 0 < seconds < float("inf"):
        raise GongshiError(f"{name} is '{printed}'; give a number of seconds, such as 30")
    return seconds


def _read_hours(name: str) -> float | None:
    printed = os.environ.get(name)
    if not printed:
        return None
    try:
        hours = float(printed)
    except ValueError:
        hours = -1
    if not 0 <= hours < float("inf"):
        raise GongshiError(f"{name} is '{printed}'; give a number of hours, such as 12, or 0")
    return hours


BOT_NAME = "gongshi"
SPIDER_LOADER_CLASS = "crawler.loader.SourceSpiderLoader"  # a spider is a TOML file
COMMANDS_MODULE = "crawler.commands"  # says in a sentence why a crawl cannot start

GONGSHI_DATA = Path(os.environ.get("GONGSHI_DATA", "data"))  # text with `-s` and under scrapyd
GONGSHI_MAX_FAILURES = 10  # addresses in a row; a dead site must not take days to be given up

GONGSHI_WARC_SIZE = 1024**3  # a new archive file begins behind a record that reaches it
GONGSHI_LONGEST_HOLD = 300  # seconds of Retry-After that a run waits; longer ones end it
GONGSHI_BACKOFF = 5.0  # seconds after 429 and 503 without Retry-After, doubled each time
GONGSHI_REVISIT_HOURS = _read_hours("GONGSHI_REVISIT_HOURS")  # for every source; 0: all pages now

# The queue survives the process: docs/decisions/0007.
SCHEDULER = "crawler.scheduler.FrontierScheduler"

# Who we are. A site that is bothered must be able to tell somebody.
_contact = " ".join(os.environ.get("GONGSHI_CONTACT", "").split())
USER_AGENT = f"gongshi/{own_version()}" + (f" (+{_contact})" if _contact else "")
ROBOTSTXT_USER_AGENT = "gongshi"  # the name a robots.txt can address, without version and contact
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",  # some sites send an English version otherwise
}
COOKIES_ENABLED = False  # public pages need none, and a session would make fetches differ

# How politely. Delay and concurrency are the source's own.
ROBOTSTXT_OBEY = True
AUTOTHROTTLE_ENABLED = True  # a slow site is asked more slowly
AUTOTHROTTLE_START_DELAY = 0  # the source's delay is the start and the floor
AUTOTHROTTLE_MAX_DELAY = 60
RETRY_TIMES = 2
RETRY_PRIORITY_ADJUST = 1  # at once: by default a dead site is found out after its last page only
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # a failure is in the archive and the summary

# Bounds. Nothing a site does may keep a run busy for ever.
DOWNLOAD_TIMEOUT = _read_seconds("GONGSHI_TIMEOUT", 30)
DNS_TIMEOUT = 20
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024  # also of the unpacked body; scanned annexes reach 40 MB
DOWNLOAD_WARNSIZE = 0  # the size is in the archive
REDIRECT_MAX_TIMES = 5
METAREFRESH_MAXDELAY = 10  # slower ones are pages with a countdown, not redirects
DEPTH_LIMIT = 0  # pages are bounded per source: max_pages, max_requests
CLOSESPIDER_TIMEOUT = 12 * 3600

# Safety.
DOWNLOAD_VERIFY_CERTIFICATES = True  # off by default in Scrapy
TELNETCONSOLE_ENABLED = False  # opens a port
REMOTE_CONTROL_ENABLED = False  # opens a door into the process
HTTPPROXY_ENABLED = False  # a proxy resolves names itself, out of the guard's sight
TWISTED_DNS_RESOLVER = "crawler.guard.PublicResolver"
DOWNLOAD_HANDLERS = {"file": None, "data": None, "ftp": None, "s3": None}  # http and https only

# Speed. Scrapy starts 100 tasks per response by default, which costs a third of its CPU time.
CONCURRENT_ITEMS = 4
WARN_ON_GENERATOR_RETURN_VALUE = False  # reads the source of a callback for every page

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # drops without a record
    "crawler.guard.AddressGuard": 50,  # before robots.txt of a forbidden host is asked
    "crawler.limits.RunLimits": 60,  # sees what is final: above retries and redirects
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.polite.RobotsRules": 100,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,  # no source has a login
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,  # counts what nobody reads
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "crawler.polite.PatientRetry": 550,
    "crawler.recording.FailureRecorder": 545,  # above the retries
    "crawler.recording.ResponseRecorder": 895,  # below HttpCompression: bytes as sent
}
SPIDER_MIDDLEWARES = {
    "crawler.scheduler.Acknowledge": 10,  # nearest to the engine: sees what is final
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    # The queue knows who led to an address, which traps there are and what may be kept.
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}
EXTENSIONS = {
    "crawler.recording.RunArchive": 0,
    "crawler.polite.CrawlDelay": 500,  # after AutoThrottle, whose delay it corrects
}

LOG_LEVEL = "INFO"
LOGSTATS_INTERVAL = 0  # progress is told by the command
