"""No request leaves for a private network, however its address is written."""

import pytest
from scrapy import Request
from scrapy.http.request import NO_CALLBACK
from twisted.internet import defer
from twisted.internet.error import DNSLookupError

from crawler.guard import AddressGuard, PublicResolver, RefusedError, check_address, check_public
from extract.source import CrawlRules, Source


def make_source(**rules: object) -> Source:
    given = {"pattern": "single", "start_urls": ("http://mzt.example.cn/",), **rules}
    return Source("demo_site", "试", "试", "news", CrawlRules(**given))  # type: ignore[arg-type]


def refusal(url: str, ports: tuple[int, ...] = ()) -> str | None:
    try:
        check_public(url, ports)
    except RefusedError as error:
        return error.reason
    return None


@pytest.mark.parametrize(
    "host",
    [
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "169.254.169.254",
        "100.100.100.200",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "[ff02::1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::a00:1]",
        "[2002:a00:1::]",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "127.0.0.1.",
    ],
)
def test_private_address_is_refused(host: str) -> None:
    assert refusal(f"http://{host}/") == "refused_private_address"


@pytest.mark.parametrize("host", ["8.8.8.8", "[2400:3200::1]", "mzt.sc.gov.cn", "134744072"])
def test_public_address_passes(host: str) -> None:
    assert refusal(f"https://{host}/") is None


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a.cn/", "data:,x", "gopher://a.cn/"])
def test_other_scheme_is_refused(url: str) -> None:
    assert refusal(url) == "refused_scheme"


@pytest.mark.parametrize("url", ["http://me@a.cn/", "http://a.cn:80@b.cn/", "http://@a.cn/"])
def test_user_name_is_refused(url: str) -> None:
    assert refusal(url) == "refused_userinfo"


@pytest.mark.parametrize("url", ["http:///x", "http://[::1/", "http://a.cn:port/"])
def test_broken_address_is_refused(url: str) -> None:
    assert refusal(url) == "refused_address"


def test_loopback_is_open_on_named_ports_only() -> None:
    assert refusal("http://127.0.0.1:8001/", (8001,)) is None
    assert refusal("http://127.0.0.1:8002/", (8001,)) == "refused_private_address"
    assert refusal("http://127.0.0.1/", (8001,)) == "refused_private_address"
    assert refusal("http://[::1]:8001/", (8001,)) == "refused_private_address"
    assert refusal("http://10.0.0.1:8001/", (8001,)) == "refused_private_address"


def test_only_hosts_of_the_source_are_visited() -> None:
    source = make_source(allowed_hosts=("a.cn", "files.a.cn"))
    check_address("http://files.a.cn/1.pdf", source)
    check_address("http://A.CN./", source)
    for url in ("http://b.cn/", "http://www.a.cn/", "http://a.cn.b.cn/"):
        with pytest.raises(RefusedError) as caught:
            check_address(url, source)
        assert caught.value.reason == "offsite"


def test_robots_may_be_elsewhere_but_not_in_a_private_network() -> None:
    guard = AddressGuard(make_source())
    guard.process_request(Request("http://www.a.cn/robots.txt", callback=NO_CALLBACK))
    with pytest.raises(RefusedError):
        guard.process_request(Request("http://10.0.0.1/robots.txt", callback=NO_CALLBACK))


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    found: dict[str, str] = {}
    monkeypatch.setattr(PublicResolver, "refused", {})
    monkeypatch.setattr(
        "crawler.guard.CachingThreadedResolver.getHostByName",
        lambda self, name, timeout=(): defer.succeed(found[name]),
    )
    return found


def resolve(name: str) -> object:
    outcome: list[object] = []
    PublicResolver(None, 0, 1.0).getHostByName(name).addBoth(outcome.append)  # type: ignore[arg-type]
    return outcome[0]


def test_name_of_a_public_address_is_resolved(answers: dict[str, str]) -> None:
    answers["a.cn"] = "8.8.8.8"
    assert resolve("a.cn") == "8.8.8.8"


@pytest.mark.parametrize("name", ["inner.example.cn", "2130706433"])
def test_name_of_a_private_address_is_refused(answers: dict[str, str], name: str) -> None:
    answers[name] = "127.0.0.1"
    assert resolve(name).check(DNSLookupError)  # type: ignore[attr-defined]
    assert PublicResolver.refused == {name: "127.0.0.1"}


def test_literal_was_checked_before_and_passes_the_resolver(answers: dict[str, str]) -> None:
    answers["127.0.0.1"] = "127.0.0.1"
    assert resolve("127.0.0.1") == "127.0.0.1"
