from pathlib import Path

import pytest
from scrapy.http import Headers

from crawler import settings
from crawler.browser import browser_settings, check_browser, find_chromium, needs_browser
from crawler.loader import spider_settings
from extract.source import EXAMPLE, CrawlRules, Source, read_source
from normalize.errors import GongshiError

WITH_BROWSER = EXAMPLE + "browser = true\nconcurrency = 2\n"


@pytest.fixture
def source() -> Source:
    return read_source("script_site", WITH_BROWSER)


def test_a_source_without_browser_knows_nothing_of_it() -> None:
    given = spider_settings(read_source("plain_site", EXAMPLE))
    assert not [name for name in given if name.startswith(("PLAYWRIGHT", "DOWNLOAD_HANDLERS"))]


def test_closed_schemes_stay_closed(source: Source) -> None:
    handlers = spider_settings(source)["DOWNLOAD_HANDLERS"]
    assert settings.DOWNLOAD_HANDLERS.items() <= handlers.items()
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}


def test_the_browser_has_no_network_of_its_own(source: Source) -> None:
    options = browser_settings(source)["PLAYWRIGHT_LAUNCH_OPTIONS"]
    given = dict(argument.split("=", 1) for argument in options["args"])
    assert given["--host-resolver-rules"] == "MAP * ~NOTFOUND"
    assert given["--proxy-server"] == "http://nowhere.invalid:1"
    assert given["--proxy-bypass-list"] == "<-loopback>"
    assert given["--webrtc-ip-handling-policy"] == "disable_non_proxied_udp"


def test_no_more_pages_are_open_than_requests_are_allowed(source: Source) -> None:
    assert browser_settings(source)["PLAYWRIGHT_MAX_CONTEXTS"] == 2


@pytest.mark.parametrize(
    ("kind", "wanted"), [("listing", True), ("item", True), ("attachment", False)]
)
def test_attachments_need_no_browser(source: Source, kind: str, wanted: bool) -> None:
    assert needs_browser(source.crawl, kind) is wanted
    assert not needs_browser(CrawlRules("single", ()), kind)


def test_missing_chromium_is_told_with_its_remedy(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("scrapy_playwright")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_chromium() is None
    with pytest.raises(GongshiError, match=r"source 'script_site'.*apt install chromium"):
        check_browser(source)


def test_missing_package_is_told_with_its_remedy(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(GongshiError, match=r"pip install -e '\.\[browser\]'"):
        check_browser(source)


def test_headers_of_a_rendered_page_speak_of_the_rendered_page() -> None:
    rendering = pytest.importorskip("crawler.rendering")
    sent = Headers(
        {
            "Content-Type": "text/html; charset=gb2312",
            "Content-Encoding": "gzip",
            "ETag": '"1"',
            "Last-Modified": "Sun, 22 Nov 2026 13:14:35 GMT",
            "Server": "x",
        }
    )
    kept = rendering.rendered_headers(sent, "chromium/1; requests=0; failed=0")
    assert dict(kept.to_unicode_dict()) == {
        "Content-Type": "text/html; charset=utf-8",
        "Server": "x",
        "X-Gongshi-Rendered": "chromium/1; requests=0; failed=0",
    }
    assert sent["ETag"] == b'"1"'


def test_browser_settings_need_no_installed_package(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # `scrapy list` reads all sources; one that cannot be crawled here must not hide the others.
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browser_settings(source)["PLAYWRIGHT_LAUNCH_OPTIONS"]["executable_path"] is None
