"""The egg that `scrapyd-deploy` builds from a checkout, run by a real scrapyd on this machine."""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.frontier import Frontier
from gongshi.schedule import write_scrapyd
from loopback_site import LoopbackHandler, LoopbackServer, serving

ROOT = Path(__file__).parents[2]
NEEDED = ("pyproject.toml", "setup.py", "scrapy.cfg", "README.md")
PACKAGES = ("crawler", "datasets", "extract", "gongshi", "normalize")
OTHERS = re.compile(r"GONGSHI_|SCRAPY|.*_PROXY$", re.IGNORECASE)  # would change what runs
VERSION = "7.6.5"  # not that of the checkout: tells that the egg is what runs
PAGES = {
    # No encoding is named: telling it takes a data file of the egg.
    "/list/": "<a href='/list/1.html?城=绵阳'>示范社区公示</a><a href='/a.pdf'>附件</a>".encode(
        "gbk"
    ),
    "/list/1.html": "<p>绵阳市涪城区</p>".encode("gbk"),
    "/a.pdf": b"%PDF-1.4 \x00\xff",
}
SOURCE = """
name = "试站 公示"
site = "试站"
kind = "government"
[crawl]
pattern = "listing"
start_urls = ["http://127.0.0.1:{port}/list/"]
item_pattern = '/list/\\d\\.html'
loopback_ports = [{port}]
delay = 0
"""
SCRAPYD = """
[scrapyd]
bind_address = 127.0.0.1
http_port = {port}
poll_interval = 0.1
max_proc = 1
"""


class Handler(LoopbackHandler):
    server: "Site"

    def respond(self) -> None:
        self.server.agents.add(self.headers["User-Agent"])
        body = PAGES.get(self.path.split("?")[0])
        kind = "application/pdf" if "pdf" in self.path else "text/html"
        self.answer(200 if body else 404, {"Content-Type": kind}, body or b"")


class Site(LoopbackServer):
    def __init__(self) -> None:
        super().__init__(Handler)
        self.agents: set[str] = set()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as site:
        yield site


@dataclass
class Scrapyd:
    folder: Path
    url: str
    env: dict[str, str]

    def ask(self, path: str, form: bytes | None = None) -> dict[str, Any]:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(self.url + path, form, timeout=20) as answer:
            found: dict[str, Any] = json.load(answer)
        assert found["status"] == "ok", found
        return found

    def run(self, call: str) -> str:
        """Do what a printed curl call says and give the log of the job once it has ended."""
        address, *options = shlex.split(call.removeprefix("curl "))
        fields = [word.partition("=")[::2] for word in options if not word.startswith("-")]
        path = address.removeprefix("http://localhost:6800/")
        job = self.ask(path, urlencode(fields).encode())["jobid"]
        deadline = time.monotonic() + 60
        while job not in [one["id"] for one in self.ask("listjobs.json")["finished"]]:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        (log,) = self.folder.glob(f"logs/*/*/{job}.log")
        return log.read_text(encoding="utf-8")


@pytest.fixture
def scrapyd(site: Site, tmp_path: Path) -> Iterator[Scrapyd]:
    pytest.importorskip("scrapyd", reason="scrapyd is not installed")
    pytest.importorskip("scrapyd_client", reason="scrapyd-client is not installed")
    folder, sources = tmp_path / "scrapyd", tmp_path / "sources"
    for one in (folder, sources):
        one.mkdir()
    port = find_port()
    (folder / "scrapyd.conf").write_text(SCRAPYD.format(port=port))
    (sources / "egg_notices.toml").write_text(
        SOURCE.format(port=site.server_port), encoding="utf-8"
    )
    env = {name: value for name, value in os.environ.items() if not OTHERS.match(name)}
    env |= {"GONGSHI_SOURCES": str(sources), "HOME": str(tmp_path)}
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "scrapyd"],
            cwd=folder,
            env=env,
            stdout=out,
            stderr=out,
            start_new_session=True,  # its jobs can be ended with it
        )
    try:
        wait_for_port(port, process, folder / "out")
        yield Scrapyd(folder, f"http://127.0.0.1:{port}/", env)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def find_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_port(port: int, process: subprocess.Popen[bytes], out: Path) -> None:
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(out.read_text())


def deploy(scrapyd: Scrapyd, checkout: Path) -> None:
    """Run `scrapyd-deploy` in a copy of the checkout, whose version is another one."""
    checkout.mkdir()
    for name in NEEDED:
        shutil.copy(ROOT / name, checkout)
    for name in PACKAGES:
        shutil.copytree(ROOT / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
    project, config = checkout / "pyproject.toml", checkout / "scrapy.cfg"
    text = project.read_text(encoding="utf-8")
    project.write_text(re.sub(r'(?m)^version = ".*"$', f'version = "{VERSION}"', text), "utf-8")
    config.write_text(config.read_text().replace("http://localhost:6800/", scrapyd.url))
    done = subprocess.run(
        [sys.executable, "-m", "scrapyd_client.deploy"],
        cwd=checkout,
        env=scrapyd.env,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode() + done.stdout.decode()
    assert b'"status": "ok"' in done.stdout


def read_warc(path: Path) -> dict[str, bytes]:
    """Bodies of the archived responses, and `warcinfo`."""
    with path.open("rb") as stream:
        return {
            record.rec_headers.get_header("WARC-Target-URI") or record.rec_type: (
                record.content_stream().read()
            )
            for record in ArchiveIterator(stream)
        }


@pytest.mark.slow
def test_egg_is_built_deployed_and_crawls(scrapyd: Scrapyd, site: Site, tmp_path: Path) -> None:
    deploy(scrapyd, tmp_path / "checkout")
    spiders = scrapyd.ask("listspiders.json?project=gongshi")["spiders"]
    assert {"egg_notices", "sichuan_mzt_notices"} <= set(spiders)

    data = tmp_path / "my data & more"
    log = scrapyd.run(write_scrapyd(["egg_notices"], data).splitlines()[-1])
    (warc,) = data.glob("warc/egg_notices/*.warc.gz")
    bodies = read_warc(warc)
    archived = {path: body for path, body in bodies.items() if path.startswith(site.url)}
    expected = {path: PAGES[path] for path in ("/list/", "/a.pdf")}
    expected |= {"/list/1.html?%B3%C7=%C3%E0%D1%F4": PAGES["/list/1.html"], "/robots.txt": b""}
    assert archived == {site.url + path: body for path, body in expected.items()}, log
    assert site.agents == {f"gongshi/{VERSION}"}
    assert f"software: gongshi/{VERSION}".encode() in bodies["warcinfo"]

    with closing(Frontier(data, "egg_notices")):
        (tmp_path / "link").symlink_to(data)
        log = scrapyd.run(write_scrapyd(["egg_notices"], Path("~/link")).splitlines()[-1])
    assert f"'egg_notices' is being crawled by process {os.getpid()}" in log
    assert "Traceback" not in log
    assert len(list(data.glob("warc/egg_notices/*"))) == 1
