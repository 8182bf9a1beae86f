"""Sites whose certificate or encryption is not in order give a reason and no page."""

import ipaddress
import ssl
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from crawler.run import crawl
from loopback_site import LoopbackHandler, LoopbackServer, serving
from trial_crawl import make_source

KEY = ec.generate_private_key(ec.SECP256R1())
NOW = datetime.now(UTC)


class Handler(LoopbackHandler):
    def respond(self) -> None:
        self.answer(200, {"Content-Type": "text/html"}, b"<p>fine")


def make_certificate(host: str, path: Path, days: int = 9) -> Path:
    """Sign a certificate for an IP address with its own key, and write both."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "site")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))])
    builder = x509.CertificateBuilder(name, name, KEY.public_key(), x509.random_serial_number())
    certificate = (
        builder.not_valid_before(NOW - timedelta(days=30))
        .not_valid_after(NOW + timedelta(days=days))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(KEY, hashes.SHA256())
    )
    key = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(key + certificate.public_bytes(Encoding.PEM))
    return path


def make_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_only_a_trusted_certificate_of_the_host_gives_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts = {"trusted": "127.0.0.1", "other_host": "127.0.0.2", "unknown": "127.0.0.1"}
    paths = {name: make_certificate(host, tmp_path / name) for name, host in hosts.items()}
    paths["expired"] = make_certificate("127.0.0.1", tmp_path / "expired", days=-1)
    authorities = tmp_path / "authorities"
    authorities.write_bytes(
        b"".join(path.read_bytes() for name, path in paths.items() if name != "unknown")
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(authorities))
    monkeypatch.setenv("GONGSHI_TIMEOUT", "2")
    with ExitStack() as stack:
        sites = {
            name: stack.enter_context(serving(LoopbackServer(Handler, make_context(path))))
            for name, path in paths.items()
        }
        sites["plain"] = stack.enter_context(serving(LoopbackServer(Handler)))
        sites["plain"].scheme = "https"
        sources = [
            make_source(site, name, ["/"], obey_robots=False) for name, site in sites.items()
        ]
        summaries = {one.source_id: one for one in crawl(sources, tmp_path / "data")}
    assert summaries["trusted"].responses == {"2xx": 1}
    assert {name: summary.failures for name, summary in summaries.items()} == {
        "trusted": {},
        "other_host": {"tls": 1},
        "unknown": {"tls": 1},
        "expired": {"tls": 1},
        "plain": {"tls": 1},
    }
    assert sites["unknown"].seen == []
