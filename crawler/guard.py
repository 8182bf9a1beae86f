"""Which addresses a crawl may visit: public hosts of its source, on every hop."""

import socket
from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http.request import NO_CALLBACK
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from extract.source import Source

_NAT64 = ip_network("64:ff9b::/96")
_LOOPBACK = IPv4Address("127.0.0.1")


class RefusedError(IgnoreRequest):
    """A request that is not sent; `reason` is the word that goes into the archive.

    >>> RefusedError("offsite", "b.cn is no host of the source").reason
    'offsite'
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class PostponedError(RefusedError):
    """A request that is not sent in this run; it stays in the queue and no record is made of it.

    >>> PostponedError("max_requests", "the budget is spent").reason
    'max_requests'
    """


def check_address(url: str, source: Source) -> None:
    """Check the address of a request as far as its text tells, without asking DNS.

    Takes the address and the source that wants it. Raises RefusedError for another scheme than
    http and https, for a user name in the address, for an address of a private network in any
    notation, and for a host that is not the source's. 127.0.0.1 is allowed on the ports the
    source names, for tests and the demo.

    >>> from extract.source import EXAMPLE, read_source
    >>> check_address("http://0x7f.1/", read_source("demo_site", EXAMPLE))
    Traceback (most recent call last):
    ...
    crawler.guard.RefusedError: 127.0.0.1 is not a public address
    """
    check_public(url, source.crawl.loopback_ports)
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host not in {name.lower().rstrip(".") for name in source.hosts}:
        raise RefusedError("offsite", f"{host} is no host of source '{source.id}'")


def check_public(url: str, loopback_ports: Collection[int] = ()) -> None:
    """Check that an address is http(s), has no user name and names no private network.

    Raises RefusedError.

    >>> check_public("http://127.0.0.1:8080/", loopback_ports=(8080,))
    >>> check_public("http://[::1]/")
    Traceback (most recent call last):
    ...
    crawler.guard.RefusedError: ::1 is not a public address
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise RefusedError("refused_address", f"not an address: {error}") from error
    if parts.scheme not in {"http", "https"}:
        raise RefusedError("refused_scheme", f"scheme '{parts.scheme}' is not http or https")
    if not host:
        raise RefusedError("refused_address", "the address names no host")
    if "@" in parts.netloc:
        raise RefusedError("refused_userinfo", "the address carries a user name")
    if host == str(_LOOPBACK) and port in loopback_ports:
        return
    literal = read_ip(host)
    if literal is not None and not is_public(literal):
        raise RefusedError("refused_private_address", f"{literal} is not a public address")


def read_ip(host: str) -> IPv4Address | IPv6Address | None:
    """Read a host as an IP address in any notation a resolver understands; None for a name.

    >>> read_ip("2130706433"), read_ip("0x7f.1"), read_ip("mzt.example.cn")
    (IPv4Address('127.0.0.1'), IPv4Address('127.0.0.1'), None)
    """
    host = host.rstrip(".")
    try:
        return ip_address(host)
    except ValueError:
        pass
    try:
        # The C library also takes octal, hexadecimal and shortened forms.
        return IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address belongs to the public internet, also when IPv6 wraps an IPv4 address.

    >>> is_public(ip_address("::ffff:10.0.0.1")), is_public(ip_address("8.8.8.8"))
    (False, True)
    """
    if isinstance(address, IPv6Address):
        wrapped = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            wrapped.append(IPv4Address(int(address) & 0xFFFFFFFF))
        if not all(is_public(inner) for inner in wrapped if inner is not None):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def is_robots_request(request: Request) -> bool:
    """Whether Scrapy asks for robots.txt, rather than a spider for a page.

    >>> is_robots_request(Request("http://a.cn/robots.txt", callback=NO_CALLBACK))
    True
    """
    return request.callback is NO_CALLBACK


class AddressGuard:
    """Downloader middleware that checks every request, those of redirects among them."""

    def __init__(self, source: Source) -> None:
        self._source = source

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Take the source from the spider; without one there is nothing to hold to."""
        source = getattr(crawler.spider, "source", None)
        if not isinstance(source, Source):
            raise NotConfigured("the spider has no source")
        return cls(source)

    def process_request(self, request: Request) -> None:
        """Raise RefusedError when the request must not be sent."""
        if is_robots_request(request):
            # RFC 9309: a redirect of robots.txt is followed across hosts.
            check_public(request.url, self._source.crawl.loopback_ports)
        else:
            check_address(request.url, self._source)


class PublicResolver(CachingThreadedResolver):
    """Resolver that gives no address of a private network for a name.

    The address that is checked is the one that is connected to, so a name cannot change between
    the check and the visit. Literals pass: their text was checked, with the source's own ports.
    """

    refused: ClassVar[dict[str, str]] = {}
    """Names that were refused and their address: Twisted drops the reason of a failed lookup, and
    there is one resolver per process."""

    def getHostByName(self, name: str, timeout: Any = ()) -> "Deferred[str]":  # noqa: N802
        """Resolve a name; fails with DNSLookupError when its address is not public."""
        found: Deferred[str] = super().getHostByName(name, timeout)
        try:
            ip_address(name)
        except ValueError:
            return found.addCallback(self._check, name)
        return found

    def _check(self, address: str, name: str) -> str:
        if is_public(ip_address(address)):
            return address
        self.refused[name] = address
        raise DNSLookupError(f"{name} resolves to {address}, which is not a public address")
