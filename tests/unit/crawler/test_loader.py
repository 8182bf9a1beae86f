"""Source files become declarations and spiders, and broken ones are refused in a sentence."""

from pathlib import Path

import pytest

from crawler.loader import make_spider, read_sources
from normalize.errors import GongshiError

GOOD = """
name = "绵阳市民政局 公示"
site = "绵阳市民政局"
kind = "government"
[crawl]
pattern = "listing"
start_urls = ["http://mzj.my.example.cn/gs/"]
"""


def write(folder: Path, name: str, text: str = GOOD) -> None:
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def test_files_are_read_in_the_order_of_their_ids(tmp_path: Path) -> None:
    for name in ("zitong_notices", "anzhou_notices", "_draft"):
        write(tmp_path, name)
    assert list(read_sources(tmp_path).sources) == ["anzhou_notices", "zitong_notices"]


def test_folder_of_the_environment_is_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "own_source_of_mine")
    monkeypatch.setenv("GONGSHI_SOURCES", str(tmp_path))
    assert "own_source_of_mine" in read_sources().sources


def test_same_id_in_two_folders_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packaged, own = tmp_path / "packaged", tmp_path / "own"
    for folder in (packaged, own):
        folder.mkdir()
        write(folder, "twice_here")
    monkeypatch.setattr("crawler.loader._PACKAGED", packaged)
    monkeypatch.setenv("GONGSHI_SOURCES", str(own))
    declared = read_sources()
    assert "'twice_here' is declared twice" in declared.problems["twice_here"]
    assert declared.sources == {}


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(GongshiError, match="does not exist"):
        read_sources(tmp_path / "nowhere")


def test_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gbk_file.toml").write_bytes(GOOD.encode("gbk"))
    problem = read_sources(tmp_path).problems["gbk_file"]
    assert "'gbk_file': the file cannot be read: it is not UTF-8" in problem


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("delais = 3", "unknown key crawl.delais; did you mean 'delay'"),
        ("item_pattern = '('", "crawl.item_pattern is not a regular expression"),
        ("attachment_pattern = '['", "crawl.attachment_pattern is not a regular expression"),
        ("item_links = '//a['", "crawl.item_links is not an XPath"),
        ("next_links = '//a['", "crawl.next_links is not an XPath"),
        ("[parse]\nbody = '//div['", "parse.body is not an XPath"),
        ("[parse]\ndrop = ['//p', '//a[']", "parse.drop is not an XPath"),
        ("concurrency = 0", "crawl.concurrency is 0; the least is 1"),
        ("delay = -1", "crawl.delay is -1.0; the least is 0"),
        ("allowed_hosts = ['A.cn']", "crawl.allowed_hosts has 'A.cn'"),
        ("allowed_hosts = ['a.cn:80']", "crawl.allowed_hosts has 'a.cn:80'"),
        ("allowed_hosts = ['a.cn']", "which would be refused"),
    ],
)
def test_rule_that_cannot_work_is_refused(tmp_path: Path, line: str, message: str) -> None:
    write(tmp_path, "some_source", GOOD + line)
    write(tmp_path, "good_source")
    declared = read_sources(tmp_path)
    assert declared.problems["some_source"].startswith("source 'some_source': ")
    assert message in declared.problems["some_source"]
    assert list(declared.sources) == ["good_source"]


@pytest.mark.parametrize("url", ["ftp://a.cn/", "http://10.1.2.3/", "http://me@a.cn/", "公示"])
def test_start_address_that_would_be_refused_is_told_at_once(tmp_path: Path, url: str) -> None:
    write(tmp_path, "some_source", GOOD.replace("http://mzj.my.example.cn/gs/", url))
    assert "which would be refused" in read_sources(tmp_path).problems["some_source"]


def test_source_that_is_only_taken_in_needs_no_start_address(tmp_path: Path) -> None:
    write(tmp_path, "saved_pages", GOOD.replace('"http://mzj.my.example.cn/gs/"', ""))
    assert read_sources(tmp_path).sources["saved_pages"].crawl.start_urls == ()


def test_spider_carries_the_rules_of_its_source(tmp_path: Path) -> None:
    write(tmp_path, "some_source", GOOD + "delay = 7\nconcurrency = 3\nobey_robots = false")
    spider = make_spider(read_sources(tmp_path).sources["some_source"])
    assert spider.name == "some_source"
    assert spider.custom_settings is not None
    assert spider.custom_settings["DOWNLOAD_DELAY"] == 7.0
    assert spider.custom_settings["CONCURRENT_REQUESTS_PER_DOMAIN"] == 3
    assert spider.custom_settings["ROBOTSTXT_OBEY"] is False


def test_template_with_every_key_uncommented_is_a_valid_source(tmp_path: Path) -> None:
    template = Path("crawler/sources/_template.toml")
    text = (Path(__file__).parents[3] / template).read_text(encoding="utf-8")
    lines = [
        line.removeprefix("# ") if line.startswith("# ") and " = " in line else line
        for line in text.splitlines()
    ]
    write(tmp_path, "from_template", "\n".join(lines))
    source = read_sources(tmp_path).sources["from_template"]
    assert source.crawl.item_pattern is not None
    assert source.parse.body == "//div[@id='zoom']"
