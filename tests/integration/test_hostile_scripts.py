"""Pages whose scripts ask for what they must not have, or never end."""

import socket
from pathlib import Path

import pytest
from script_site import (
    PAGE,
    Server,
    crawl_site,
    needs_chromium,
    read_archived,
    read_failures,
    serve,
)

pytestmark = needs_chromium
site = pytest.fixture(serve, name="site")
other_site = pytest.fixture(serve, name="other_site")


def put_script(site: Server, path: str, script: str) -> None:
    site.put(path, PAGE % script)


def test_scripts_reach_only_what_the_source_may(
    site: Server, other_site: Server, tmp_path: Path
) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /secret/\n")
    site.put("/moved", "", 302, Location=other_site.url + "/moved")
    forbidden = {
        "http://169.254.169.254/latest/": "refused_private_address",
        f"{other_site.url}/x": "refused_private_address",
        f"http://localhost:{other_site.server_port}/x": "offsite",
        "http://cdn.example.cn/a.js": "offsite",
        "/secret/x": "robots",
        "/moved": "refused_private_address",
    }
    fetches = "".join(f"fetch('{url}').catch(() => 0);" for url in forbidden)
    put_script(site, "/reach", fetches)
    summary = crawl_site(site, tmp_path, "/reach")
    assert read_failures(summary, site) == forbidden
    assert other_site.seen == []
    assert site.seen == ["/robots.txt", "/reach", "/app.js", "/moved"]
    (page,) = (one for one in read_archived(summary, site) if one.path == "/reach")
    assert page.mark is not None
    assert page.mark.endswith("requests=7; failed=6")


def test_no_way_leads_past_the_checks(site: Server, other_site: Server, tmp_path: Path) -> None:
    away = other_site.url
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.setblocking(False)
        port = listener.getsockname()[1]
        put_script(
            site,
            "/ways",
            f"""for (const way of [
              () => new WebSocket('{away.replace("http", "ws")}/socket'),
              () => new EventSource('{away}/events'),
              () => navigator.sendBeacon('{away}/beacon', 'x'),
              () => new Worker(URL.createObjectURL(new Blob(["fetch('{away}/worker')"]))),
              () => new Image().src = '{away}/image',
              () => document.body.insertAdjacentHTML('beforeend',
                "<iframe src='{away}/frame'></iframe><link rel=preconnect href='{away}'>" +
                "<link rel=prefetch href='{away}/prefetch'><video src='{away}/film'></video>"),
              () => new WebTransport('https://127.0.0.1:{port}/transport'),
              () => {{
                const servers = [{{urls: 'stun:127.0.0.1:{port}'}}];
                const peer = new RTCPeerConnection({{iceServers: servers}});
                peer.createDataChannel('x');
                peer.createOffer().then(offer => peer.setLocalDescription(offer));
              }},
              () => window.open('{away}/window'),
            ]) try {{ way() }} catch {{}}
            setTimeout(() => fetch('/late'), 300)""",
        )
        summary = crawl_site(site, tmp_path, "/ways")
        assert "/late" in site.seen
        assert other_site.seen == []
        with pytest.raises(BlockingIOError):
            listener.recv(1)
    assert summary.responses == {"2xx": 1}


def test_pages_that_lead_away_are_refused_with_a_reason(site: Server, tmp_path: Path) -> None:
    leads = {
        "/away": "location = 'http://169.254.169.254/'",
        "/offsite": "location = 'http://other.example.cn/'",
        "/blank": "location = 'about:blank'",
        "/blob": "location = URL.createObjectURL(new Blob(['x'], {type: 'text/html'}))",
        "/form": "document.body.innerHTML = '<form method=post action=/x></form>';"
        "document.forms[0].submit()",
    }
    for path, script in leads.items():
        put_script(site, path, script)
    summary = crawl_site(site, tmp_path, *leads)
    assert read_failures(summary, site) == {
        "http://169.254.169.254/": "refused_private_address",
        "http://other.example.cn/": "offsite",
        "/blank": "refused_scheme",
        "/blob": "refused_scheme",
        "/form": "refused_method",
    }
    assert "/x" not in site.seen


def test_pages_that_lead_to_files_stay_what_they_are(site: Server, tmp_path: Path) -> None:
    put_script(site, "/file", "location = 'file:///etc/passwd'")
    put_script(site, "/data", "location = 'data:text/html,other'")
    summary = crawl_site(site, tmp_path, "/file", "/data")
    pages = [one for one in read_archived(summary, site) if one.mark]
    assert [one.path for one in pages] == ["/file", "/data"]
    assert all(b"location = " in one.body and b"root:" not in one.body for one in pages)


def test_a_redirect_by_script_is_followed_on_the_site(site: Server, tmp_path: Path) -> None:
    put_script(site, "/here", "location = '/item/1.html'")
    summary = crawl_site(site, tmp_path, "/here")
    assert summary.responses == {"2xx": 2, "3xx": 1}  # with the attachment
    assert summary.failures == {}


@pytest.mark.slow
def test_a_page_that_loads_itself_again_is_given_up(site: Server, tmp_path: Path) -> None:
    put_script(site, "/again", "location.reload()")
    summary = crawl_site(site, tmp_path, "/again")
    assert summary.responses == {"3xx": 6}
    assert summary.failures == {"redirect_loop": 1}


def test_dialogs_windows_and_downloads_come_to_nothing(site: Server, tmp_path: Path) -> None:
    put_script(
        site,
        "/noise",
        """for (let n = 0; n < 5; n++) { alert(n); confirm(n); prompt(n) }
        for (let n = 0; n < 100; n++) window.open('/window')
        for (const address of ['/files/a.pdf', 'data:application/zip,x']) {
          const link = document.createElement('a')
          link.href = address; link.download = 'x'
          document.body.append(link); link.click()
        }""",
    )
    summary = crawl_site(site, tmp_path, "/noise", attachment_pattern="none")
    assert summary.responses == {"2xx": 1}
    assert site.seen == ["/robots.txt", "/noise", "/app.js"]


def test_scripts_without_end_are_given_up(
    site: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGSHI_TIMEOUT", "2")
    put_script(site, "/loop", "while (true) {}")
    summary = crawl_site(site, tmp_path, "/loop")
    assert (summary.failures, summary.ended) == ({"timeout": 1}, "finished")
    assert site.seen.count("/loop") == 3


def test_a_page_that_asks_without_end_is_read_as_it_is(site: Server, tmp_path: Path) -> None:
    put_script(
        site,
        "/many",
        "for (let n = 0; n < 500; n++) fetch('/tick?' + n).catch(() => 0);"
        "document.body.append('written')",
    )
    summary = crawl_site(site, tmp_path, "/many")
    assert read_failures(summary, site) == {"/tick?199": "too_many_requests"}
    assert 0 < sum(path.startswith("/tick") for path in site.seen) <= 199
    assert b"written" in read_archived(summary, site)[-1].body


def test_a_page_that_grows_too_large_is_refused(site: Server, tmp_path: Path) -> None:
    put_script(
        site,
        "/large",
        "const text = 'x'.repeat(1 << 20);"
        "for (let n = 0; n < 100; n++) document.body.append(document.createComment(text))",
    )
    summary = crawl_site(site, tmp_path, "/large")
    assert read_failures(summary, site) == {"/large": "too_large"}


@pytest.mark.slow
def test_a_page_that_eats_memory_is_given_up(site: Server, tmp_path: Path) -> None:
    put_script(site, "/eater", "const all = []; while (true) all.push(new Array(1e5).fill(1.5))")
    summary = crawl_site(site, tmp_path, "/eater")
    assert read_failures(summary, site) == {"/eater": "render_failed"}
